"""The answers so far, the next question, and what a message changes."""
