"""The answers so far, the next question, and the changes a message makes."""
