"""Taking whatever could identify a family out of typed text."""
