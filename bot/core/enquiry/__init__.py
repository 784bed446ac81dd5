"""Answers enquiries from the policies and the handbook."""
