"""An account with what the rules make of it, clause by clause.

Words stand for themselves; a person or agency stands for whose it is and on which rung, and a date
for whether it has been. So what was learned of "my matron rang their head of service on Tuesday"
holds for every other pair of titles on those rungs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from bot.core.vocabulary import Level, Outcome
from bot.understanding.account.agencies import Agencies
from bot.understanding.account.clauses import Clause, Days, account_clauses
from bot.understanding.account.contacts import Frame
from bot.understanding.account.dates import FoundDate
from bot.understanding.account.history import History
from bot.understanding.account.outcomes import NO_ANSWER, Answers
from bot.understanding.account.party import NO_PARTY, End, spoke_themselves
from bot.understanding.account.roles import Mention
from bot.understanding.words.patterns import pattern

_words = partial(pattern, "history")
SHORT = {
    "w": "with",
    "n": "and",
    "yest": "yesterday",
    "spk": "spoke",
    "msg": "message",
    "pls": "please",
}
"""Short forms, which weigh as much as the words that they stand for."""
TOKEN = re.compile(r"[a-z0-9&']+")
NONE = "none"


@dataclass(frozen=True)
class RuledAccount:
    """An account with what the rules make of it, from which its traits are taken."""

    words: str
    today: date
    dates: tuple[FoundDate, ...]
    agencies: Agencies
    theirs: str | None
    history: History
    answers: Answers
    side: str | None
    level: str | None
    wish: str | None
    titled: Level | None = None
    """The rung of a title that they give themselves, other than a lead's."""

    @cached_property
    def mine(self) -> str | None:
        """The agency that the rules take for the practitioner's own."""
        return self.agencies.mine.value if self.agencies.mine else None

    @cached_property
    def clauses(self) -> tuple["RuledClause", ...]:
        """The clauses, each with what stands in it."""
        return tuple(self._part(clause) for clause in account_clauses(self.words, list(self.dates)))

    @cached_property
    def days(self) -> Days:
        """The days that are named."""
        return Days(self.words, self.dates, self.today)

    def _part(self, clause: Clause) -> "RuledClause":
        start, end = clause.at.start, clause.at.end
        frame = next((one for one in self.history.contacts.frames if one.at.start == start), None)
        refers = frame is None and _words("referral").search(self.words, start, end)
        return RuledClause(
            clause,
            tuple(one for one in self.agencies.mentions if start <= one.start < end),
            tuple(day for day in self.dates if start <= day.start < end),
            frame,
            tuple(outcome for at, outcome in self.history.told if start <= at < end),
            tuple(self.tokens(start, end)),
            bool(_words("planned").search(self.words, start, end)),
            bool(refers and not _words("spoke").search(self.words, start, end))
            or bool(pattern("party", "to_be_written").search(self.words, start, end)),
            self.history.contacts.ends[start],
            spoke_themselves(self.words, clause.at, self.agencies),
        )

    def tokens(self, start: int, end: int) -> list[str]:
        """The words of a stretch, with what stands for people, agencies and dates."""
        found: list[str] = []
        at = start
        for begin, until, name in self._stand_ins:
            if not start <= begin < end or begin < at:
                continue
            found += [*_tokens(self.words, at, begin), name]
            at = until
        return found + _tokens(self.words, min(at, end), end)

    @cached_property
    def _stand_ins(self) -> list[tuple[int, int, str]]:
        people = [(one.start, one.end, f"@{self.whose(one)}.{one.rung}") for one in self.mentions]
        days = [
            (day.start, day.end, "@ahead" if self.is_ahead(day) else "@day") for day in self.dates
        ]
        return sorted(people + days)

    def answer(self, part: "RuledClause") -> tuple[str, float]:
        """Return what the ranker of outcomes hears in a clause, with its share."""
        words = self.words[part.clause.at.start : part.clause.at.end].strip()
        return self.answers.get(words, (NO_ANSWER, 0.0))

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Every person and agency that is mentioned."""
        return self.agencies.mentions

    def whose(self, one: Mention) -> str:
        """Say whose side the rules take somebody for."""
        return "ours" if one in self.agencies.own else "theirs"

    def is_ahead(self, day: FoundDate) -> bool:
        """Say whether a day is still to come."""
        return day.on is not None and day.on > self.today


@dataclass(frozen=True)
class RuledClause:
    """A clause with what stands in it."""

    clause: Clause
    mentions: tuple[Mention, ...]
    dates: tuple[FoundDate, ...]
    frame: Frame | None
    outcomes: tuple[Outcome, ...]
    tokens: tuple[str, ...]
    is_planned: bool
    only_refers: bool
    """Whether a referral is told of, or a letter to be written, and no talk."""
    other_end: End
    by_writer: bool
    """Whether whoever writes was in the talk, and nobody else of their side is named."""

    @property
    def is_no_talk(self) -> bool:
        """Whether nobody has been challenged: a referral, or a call from a grandad."""
        return self.only_refers or self.other_end in NO_PARTY


def _tokens(words: str, start: int, end: int) -> list[str]:
    return [SHORT.get(token, token) for token in TOKEN.findall(words, start, end)]


def grams(tokens: Sequence[str], longest: int, prefix: str = "") -> Iterator[str]:
    """Yield every stretch of up to so many tokens."""
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + longest, len(tokens)) + 1):
            yield prefix + " ".join(tokens[start:end])
