"""Take out of a history what only a time limit made of it: "their deadline passed yesterday"."""

from dataclasses import replace
from datetime import date

from bot.understanding.account.clauses import Days, account_clauses
from bot.understanding.account.dates import Dates
from bot.understanding.account.history import History
from bot.understanding.words.patterns import pattern


def without_limits(history: History, words: str, dates: Dates, today: date) -> History:
    """Return the history without steps on days that were only the end of a time limit.

    That a limit has run out is no talk, whoever it bound.
    """
    days = Days(words, dates.found, today)
    ended: set[date | None] = set()
    told: set[date | None] = set()
    for clause in account_clauses(words, days.dates):
        for item in days.inside(clause.at):
            lead = words[clause.at.start : item.start]
            over = pattern("history", "limit_over").search(lead)
            (ended if over else told).add(item.on)
    only = ended - told - {None}
    steps = tuple(step for step in history.steps if step.on not in only)
    if steps == history.steps:
        return history
    return replace(history, steps=steps, levels=tuple(step.level for step in steps))
