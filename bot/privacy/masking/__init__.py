"""What could identify a family is taken out of what is typed."""
