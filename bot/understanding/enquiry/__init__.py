"""Understand enquiries: questions put to the guide."""
