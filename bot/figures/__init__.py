"""The partnership's figures: one row per escalation, counted and traceable to nobody."""
