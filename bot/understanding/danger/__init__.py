"""Red flags and stated risk in typed text."""
