"""Files to keep or send: forms, records, calendar, e-mail. No clock, no Rasa, no decisions.

Every file is made of what it is given alone: the same case on the same day gives the same bytes.
"""
