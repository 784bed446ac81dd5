"""The word sheets of understanding, and tools for plain text."""
