"""An account as it is read on a Sunday."""

from datetime import date

from bot.understanding.account.whole import Whole, read_whole

SUNDAY = date(2026, 11, 29)


def whole(text: str) -> Whole:
    """What an account tells on a Sunday, with no ranker of outcomes."""
    return read_whole(text, SUNDAY, {})
