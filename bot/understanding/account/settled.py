"""Find that a disagreement is settled, and by whom: "sorted between our managers on Friday"."""

from dataclasses import replace
from datetime import date

from bot.core.vocabulary import Level, Outcome
from bot.understanding.account.clauses import Days, account_clauses
from bot.understanding.account.dates import Dates
from bot.understanding.account.history import History, ReadStep, one_a_level
from bot.understanding.account.outcomes import find_outcomes
from bot.understanding.words.patterns import pattern

LEVELS = {
    "senior manager": Level.senior_manager,
    "service manager": Level.senior_manager,
    "director": Level.director,
    "practitioner": Level.practitioner,
    "worker": Level.practitioner,
}
"""The rungs of those who settle it; whoever else is named is a line manager."""

CONTRAST = {"but", "however", "although", "though"}
"""Words before what undoes a settlement: it is asked what came of it."""


def with_settled(history: History, words: str, dates: Dates, today: date) -> History:
    """Return the history in which nothing that is said to be settled stands as not settled.

    Nor does anything stand as settled where it is said last that it is not. Said with who settled
    it, it is. Else what came of it is left to be asked: the other side may have said so.
    """
    told = find_outcomes(words, {})
    if _ends_unsettled(words) and (not told or told[-1][1] is Outcome.unresolved):
        return _not_settled(history)
    if not told or told[-1][1] is not Outcome.resolved:
        return history
    days = Days(words, dates.found, today)
    undone = [*account_clauses(words, days.dates)][-1].joined in CONTRAST
    step = None if undone else _settled_between(words, days)
    if step is not None:
        steps = one_a_level([*history.steps, step])
        return replace(history, steps=steps, levels=(step.level,))
    steps = tuple(
        replace(one, outcome=None) if undone or one.outcome is Outcome.unresolved else one
        for one in history.steps[-1:]
    )
    return replace(history, steps=(*history.steps[:-1], *steps))


def _ends_unsettled(words: str) -> bool:
    """Say whether nothing is told after the words that nothing was settled, or nobody moved."""
    *_, last = [None, *pattern("history", "not_settled").finditer(words)]
    return last is not None and not pattern("history", "turned").search(words, last.end())


def _not_settled(history: History) -> History:
    """Return the history without a settlement that no word tells of: they said the reverse."""
    steps = tuple(
        replace(one, outcome=Outcome.unresolved) if one.outcome is Outcome.resolved else one
        for one in history.steps
    )
    told = [(at, one) for at, one in history.told if one is not Outcome.resolved]
    outcomes = [one for one in history.outcomes if one is not Outcome.resolved]
    return replace(
        history,
        steps=steps,
        told=type(history.told)(told),
        outcomes=type(history.outcomes)(outcomes),
    )


def _settled_between(words: str, days: Days) -> ReadStep | None:
    """Return the step at which it was settled, in the last clause that tells of it."""
    for clause in reversed([*account_clauses(words, days.dates)]):
        said = words[clause.at.start : clause.at.end]
        found = pattern("history", "settled_between").search(said)
        if found is not None:
            before = said[: found.start()]
            unsure = any(pattern("history", name).search(before) for name in ("not", "planned"))
            level = LEVELS.get(found["who"] or found["they"], Level.line_manager)
            on = days.only_day(clause.at)
            return None if unsure else ReadStep(level, on, Outcome.resolved)
    return None
