"""Understand a message: danger, kind of disagreement, place, dates, agencies, steps taken."""
