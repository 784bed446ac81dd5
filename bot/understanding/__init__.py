"""What a message says: danger, kind of disagreement, place, dates, agencies, steps taken."""
