"""Facts, policies, triage, stages, deadlines and advice: pure Python, no Rasa, no clock."""
