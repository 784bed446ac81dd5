"""How messages come in and go out. Decisions about a case are made elsewhere."""
