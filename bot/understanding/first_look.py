"""A first look at a message, by rules alone: whether it tells of danger.

It decides only who is answered first. What is said follows from the whole reading.
"""

from datetime import date

from bot.core.vocabulary import URGENT_RISKS
from bot.understanding.danger.red_flags import find_danger
from bot.understanding.danger.risk import stated_risk


def tells_of_danger(text: str, today: date) -> bool:
    """Say whether a red flag is in the text, or a grave risk is stated."""
    return stated_risk(text) in URGENT_RISKS or find_danger(text, today) is not None
