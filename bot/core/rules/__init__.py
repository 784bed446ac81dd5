"""What follows from the facts and a policy: route, stage, deadlines, duties, advice."""
