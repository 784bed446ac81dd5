"""What the partnership learns: one row an escalation, counted and never traced to anybody."""
