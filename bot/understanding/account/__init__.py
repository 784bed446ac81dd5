"""Understand an account: the agencies, the steps tried, the dates and the places."""
