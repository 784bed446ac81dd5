"""Files to keep or send: forms, records, calendar, e-mail. No clock, no Rasa, no decisions.

A file depends on its input alone: the same case on the same day gives the same bytes.
"""
