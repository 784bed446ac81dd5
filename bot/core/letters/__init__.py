"""Drafts: their text, their recipients and their open gaps."""
