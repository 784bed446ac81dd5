"""Advice and case as cards that every channel shows in its own way."""
