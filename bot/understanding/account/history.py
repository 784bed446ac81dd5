"""Find the steps already tried (level, day and outcome) and the child's plans.

A step is filled only if its level, day and outcome are all there. "Spoke to the social worker on
Monday and her manager on Thursday, still no reply" holds two steps: going on to the manager means
that the first was unresolved.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from bot.core.vocabulary import ChildStatus, Level, Outcome
from bot.understanding.account.dates import Dates
from bot.understanding.words.patterns import pattern, sheet
from bot.understanding.words.text import Span, normal, sentences, span_at

_words = partial(pattern, "history")
_SOMEBODY_ELSE = re.compile(r"\b(?:i|ive|we|weve)\b")
AN_ANSWER = 6
"""A text of at most this many words is read as an answer."""
SAME_PHRASE = 25
"""Characters within which "still waiting" belongs to "no reply"."""


@cache
def _level() -> re.Pattern[str]:
    """The pattern for all levels, the highest first: "team manager" before "team"."""
    words = sheet("history")
    return re.compile(
        "|".join(
            f"(?P<{level}>\\b(?:{words[f'level_{level}'].expression()})\\b)"
            for level in reversed(Level)
        )
    )


@dataclass(frozen=True)
class ReadStep:
    """A step tried with the other agency: its level, day and outcome."""

    level: Level
    on: date
    outcome: Outcome


@dataclass(frozen=True)
class History:
    """`steps` are complete steps, oldest first; `levels` and `outcomes` are all that are mentioned.

    `not_done`: the practitioner says that they have not done the next step yet.
    """

    steps: tuple[ReadStep, ...]
    levels: tuple[Level, ...]
    outcomes: tuple[Outcome, ...]
    child_status: tuple[ChildStatus, ...]
    not_done: bool = False


@dataclass(frozen=True)
class _Met:
    level: Level
    at: Span
    wrote: bool


def find_history(text: str, dates: Dates, today: date) -> History:
    """Return the steps tried. `dates` are those that `find_dates` found in the text."""
    words = normal(text)
    parts = list(sentences(words))
    if not parts:
        return History((), (), (), ())
    met = _met(words, parts)
    outcomes = _outcomes(words)
    days = [
        (found.start, found.on)
        for found in dates.found
        if found.on is not None and found.on <= today
    ]
    return History(
        steps=_steps(met, outcomes, _paired(met, days, parts)),
        levels=_named(words) or tuple(dict.fromkeys(item.level for item in met)),
        outcomes=tuple(dict.fromkeys(outcome for _, outcome in outcomes)),
        child_status=child_statuses(words),
        not_done=bool(_words("not_done").search(words)),
    )


def _named(words: str) -> tuple[Level, ...]:
    """The levels that a short answer names: "line managers".

    In a longer text a manager may be the practitioner's own, or only talked about. There a level
    counts if somebody was spoken or written to.
    """
    if len(words.split()) > AN_ANSWER:
        return ()
    found = (Level(match.lastgroup) for match in _level().finditer(words))
    named = tuple(dict.fromkeys(found))
    return named if set(named) - {Level.practitioner} else ()


def _met(words: str, parts: list[Span]) -> list[_Met]:
    """The people of the other agency who were spoken or written to, in order of mention."""
    found: dict[Level, _Met] = {}
    for part in parts:
        contact = _words("contact").search(words, part.start, part.end)
        if not contact:
            continue
        own = False
        for match in _level().finditer(words, part.start, part.end):
            level = Level(match.lastgroup)
            if _own(words, part, match.start()):
                own = True
                continue
            verb = _verb_before(words, part, match.start())
            if verb is None:
                continue
            if match.group() == "them" and Level.practitioner in found:
                continue
            found.setdefault(
                level,
                _Met(level, Span(match.start(), match.end()), bool(_words("wrote").search(verb))),
            )
        if not (found or own) and not re.search(r"\brefer", words[part.start : part.end]):
            verb_at = Span(contact.start(), contact.end())
            found[Level.practitioner] = _Met(
                Level.practitioner, verb_at, bool(_words("wrote").search(contact.group()))
            )
    return sorted(found.values(), key=lambda item: item.at.start)


def _own(words: str, part: Span, position: int) -> bool:
    """Say whether the person belongs to the practitioner's own agency: "my manager"."""
    before = words[max(part.start, position - 30) : position]
    return bool(_words("own").search(before) or re.search(r"\b(?:im|i am)\s+$", before))


def _verb_before(words: str, part: Span, position: int) -> str | None:
    """The contact verb that a mention belongs to: before it, or just after ("SW rang")."""
    verbs = list(_words("contact").finditer(words, part.start, position))
    if verbs:
        return verbs[-1].group()
    after = _words("contact").search(words, position, min(part.end, position + 60))
    # In "The SW closed it, I rang her manager", somebody else rang.
    if after is None or _SOMEBODY_ELSE.search(words, position, after.start()):
        return None
    return after.group()


def _outcomes(words: str) -> list[tuple[int, Outcome]]:
    found = []
    for outcome in (Outcome.no_response, Outcome.unresolved, Outcome.awaiting, Outcome.resolved):
        for match in _words(f"outcome_{outcome}").finditer(words):
            negated = _words("not").search(words, max(0, match.start() - 25), match.start())
            if outcome is Outcome.resolved and negated:
                found.append((match.start(), Outcome.unresolved))
                continue
            if outcome is Outcome.awaiting and any(
                abs(match.start() - at) < SAME_PHRASE and kind is Outcome.no_response
                for at, kind in found
            ):
                continue
            found.append((match.start(), outcome))
    return sorted(found)


def _paired(met: list[_Met], days: list[tuple[int, date]], parts: list[Span]) -> dict[Level, date]:
    """Pair people with days: in order if there are as many of each, else by nearness."""
    if met and len(met) == len(days):
        return {item.level: on for item, (_, on) in zip(met, days, strict=True)}
    paired: dict[Level, date] = {}
    free = list(days)
    for item in met:
        near = [
            (abs(at - item.at.start), at, on)
            for at, on in free
            if span_at(parts, at) == span_at(parts, item.at.start)
            or len(parts) == 1
            or len(days) == 1
        ]
        if near:
            _, at, on = min(near)
            paired[item.level] = on
            free.remove((at, on))
    return paired


def _steps(
    met: list[_Met], outcomes: list[tuple[int, Outcome]], days: dict[Level, date]
) -> tuple[ReadStep, ...]:
    steps = []
    for index, item in enumerate(met):
        on = days.get(item.level)
        if on is None:
            continue
        later = met[index + 1 :]
        until = later[0].at.start if later else 1 << 30
        said = [outcome for at, outcome in outcomes if item.at.start < at < until]
        if not said and not later:
            said = [outcome for _, outcome in outcomes][-1:]
        outcome = said[-1] if said else None
        if outcome is None and any(other.level.rank > item.level.rank for other in later):
            outcome = Outcome.no_response if item.wrote else Outcome.unresolved
        if outcome is not None:
            steps.append(ReadStep(item.level, on, outcome))
    return tuple(sorted(steps, key=lambda step: (step.on, step.level.rank)))


def child_statuses(words: str) -> tuple[ChildStatus, ...]:
    """The plans that the child has now, not those that are wanted or have ended."""
    return tuple(
        status for status in ChildStatus if _held(words, _words(f"status_{status}").finditer(words))
    )


def _held(words: str, matches: Iterable[re.Match[str]]) -> bool:
    return any(
        not _words("not_status").search(words, max(0, match.start() - 45), match.start())
        for match in matches
    )
