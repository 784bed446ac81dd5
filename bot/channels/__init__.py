"""How messages come in and go out; no decision about a case is taken here."""
