"""The clauses of an account, and the days that they name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from bot.understanding.account.date_words import NUMBERS
from bot.understanding.account.dates import FoundDate
from bot.understanding.account.outcomes import clause_cuts
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import Span, sentences

_words = partial(pattern, "history")
_FILLER = re.compile(
    r"\b(?:on|at|in|the|of|by|via|around|about|this|last|next|again|too|also|as well|today|twice"
    r"|phone|email|call|meeting|am|pm|morning|afternoon|evening|was|that|it|a|for|instead|first"
    r"|both|times?|\d+)\b|\W"
)
_TOGETHER = re.compile(r"\W*(?:(?:and|&|then|again|also|on|the)\W+)*")
"""Between two days on which the same was done."""


@dataclass(frozen=True)
class Clause:
    """A clause of an account, and the number of its sentence."""

    at: Span
    sentence: int
    joined: str
    """The word that joins it to the clause before it."""


def account_clauses(words: str, dates: Sequence[FoundDate]) -> Iterator[Clause]:
    """Yield the clauses of a normal text. No date is cut in two."""
    taken = [(item.start, item.end) for item in dates]
    for number, sentence in enumerate(sentences(words)):
        begin, joined = sentence.start, ""
        for cut in (*clause_cuts(words, sentence.start, sentence.end), None):
            if cut and any(start < cut.end() and cut.start() < end for start, end in taken):
                continue
            end = cut.start() if cut else sentence.end
            if words[begin:end].strip():
                yield Clause(Span(begin, end), number, joined)
            joined = cut.group().strip() if cut else ""
            begin = cut.end() if cut else end


@dataclass(frozen=True)
class Days:
    """The dates of a normal text, stretch by stretch."""

    words: str
    dates: Sequence[FoundDate]
    today: date

    def undated(self, lead: str, at: Span) -> str:
        """The words before a role without the dates among them: "Friday with her manager"."""
        for item in reversed(self.dates):
            if at.start <= item.start and item.end <= at.start + len(lead):
                lead = lead[: item.start - at.start] + lead[item.end - at.start :]
        return lead

    def rest(self, start: int, end: int) -> str:
        """The words that are neither a date nor a small word beside one."""
        left = self.words[start:end]
        for item in reversed(self.dates):
            if start <= item.start < end:
                left = left[: item.start - start] + " " + left[min(item.end, end) - start :]
        left = _words("days_later").sub(" ", _words("same_day").sub(" ", left))
        return _FILLER.sub("", left)

    def is_ahead(self, at: Span) -> bool:
        """Say whether all the days in a stretch are still to come."""
        days = self.inside(at)
        return bool(days) and all(item.on and item.on > self.today for item in days)

    def inside(self, at: Span) -> list[FoundDate]:
        """Return the dates in a stretch."""
        return [item for item in self.dates if at.start <= item.start < at.end]

    def only_day(self, at: Span) -> date | None:
        """Return the day that has been, if a stretch names just one."""
        days = [item.on for item in self.inside(at) if item.on and item.on <= self.today]
        return days[0] if len(days) == 1 else None

    def first_of(self, at: Span, on: date) -> date:
        """Return the first day of those that a stretch names together: "on 9 and on 16 May"."""
        first = before = None
        for item in self.inside(at):
            if item.on is None or item.on > self.today:
                continue
            if not (before and _TOGETHER.fullmatch(self.words, before.end, item.start)):
                first = item.on
            if first and item.on == on:
                return first
            before = item
        return on

    def counted(self, at: Span, last: date) -> date | None:
        """A day counted from the last contact: "the same day", "two days later"."""
        if _words("same_day").search(self.words, at.start, at.end):
            return last
        later = _words("days_later").search(self.words, at.start, at.end)
        if later is None:
            return None
        if later["next"]:
            return min(last + timedelta(days=1), self.today)
        if later["fweek"]:
            return min(last + timedelta(days=7), self.today)
        count = int(later["n"]) if later["n"].isdigit() else NUMBERS.get(later["n"], 2)
        on = last + timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[later["u"]])
        return on if on <= self.today else None

    def counted_here(self, at: Span) -> date | None:
        """A day counted from the last one named before a stretch that names none: "that night"."""
        last = None if self.inside(at) else self._last_named(at.start)
        return self.counted(at, last) if last else None

    def of_contact(self, clause: Clause, before: Clause | None, last: date | None) -> date | None:
        """The day of a contact: in its clause, in front of it, or counted from the `last` one."""
        days = self.inside(clause.at)
        past = [item.on for item in days if item.on and item.on <= self.today]
        if past:
            return self.first_of(clause.at, past[0])
        if days:
            return None
        last = last or self._last_named(clause.at.start)
        counted = self.counted(clause.at, last) if last else None
        beside = before is not None and before.sentence == clause.sentence
        if counted or before is None or not beside:
            return counted
        return None if self.rest(before.at.start, before.at.end) else self.only_day(before.at)

    def _last_named(self, until: int) -> date | None:
        named = [item.on for item in self.dates if item.end <= until and item.on]
        return named[-1] if named and named[-1] <= self.today else None
