"""The Escalation Guide: what to do when another agency is not doing enough for a child."""
