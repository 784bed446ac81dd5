"""Who, what was tried, when and where, in typed text."""
