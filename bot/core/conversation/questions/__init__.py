"""The questions: a record for each, and the order in which to ask them."""
