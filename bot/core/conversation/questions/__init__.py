"""The questions: one record each, and the order in which they are asked."""
