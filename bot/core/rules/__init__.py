"""Works out advice from facts and a policy: route, stage, deadlines and duties."""
