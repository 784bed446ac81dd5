"""The guide's own texts: safety guidance, general answers and their topics."""
