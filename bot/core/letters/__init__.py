"""What a draft says, to whom it goes, and what is not known in it."""
