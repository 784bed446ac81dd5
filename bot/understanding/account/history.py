"""Find the steps already tried (level, day and outcome) and the child's plans.

A step may be half told: its day or its outcome is None where the text does not say. "Spoke to the
social worker on Monday and her manager on Thursday, still no reply" holds two steps, and does not
say what the social worker answered.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from bot.core.vocabulary import Agency, ChildStatus, Level, Outcome
from bot.understanding.account.agencies import Agencies
from bot.understanding.account.contacts import Contacts, Frame
from bot.understanding.account.dates import Dates
from bot.understanding.account.frames import find_contacts
from bot.understanding.account.outcomes import Answers, find_outcomes
from bot.understanding.account.roles import ORGANISATION
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "history")
NO_CONTACTS = Contacts()
AN_ANSWER = 6
"""A text of at most this many words is read as an answer."""


@dataclass(frozen=True)
class ReadStep:
    """A step tried with the other agency. The day and the outcome may not be told."""

    level: Level
    on: date | None
    outcome: Outcome | None
    by_writer: bool = field(default=False, compare=False)
    """Whether whoever writes spoke to them themselves, so that no manager of theirs has."""


@dataclass(frozen=True)
class History:
    """`steps` are oldest first; `levels` and `outcomes` are all that are mentioned.

    `not_done`: the practitioner says that they have not done the next step yet. `received`: the
    other side brought the challenge to the practitioner. `agency` is that of whoever was spoken to.
    """

    steps: tuple[ReadStep, ...]
    levels: tuple[Level, ...]
    outcomes: tuple[Outcome, ...]
    child_status: tuple[ChildStatus, ...]
    not_done: bool = False
    received: bool = False
    agency: Agency | None = None
    contacts: Contacts = NO_CONTACTS
    told: tuple[tuple[int, Outcome], ...] = ()
    """Every outcome that is told of, and where."""


def find_history(
    text: str, dates: Dates, agencies: Agencies, today: date, answers: Answers
) -> History:
    """Return the steps tried. `dates` and `agencies` are those that were found in the text."""
    words = normal(text)
    contacts = find_contacts(words, agencies, dates, today, answers)
    frames = contacts.frames
    outcomes = find_outcomes(words, answers)
    met = tuple(dict.fromkeys(frame.level for frame in frames))
    return History(
        steps=_steps(frames, outcomes),
        levels=_named(words, agencies) or met,
        outcomes=tuple(dict.fromkeys(outcome for _, outcome in outcomes)),
        child_status=child_statuses(words),
        not_done=contacts.nobody_asked or bool(_words("not_done").search(words)),
        received=contacts.received,
        agency=next((frame.agency for frame in frames if frame.agency), None),
        contacts=contacts,
        told=tuple(outcomes),
    )


def _named(words: str, agencies: Agencies) -> tuple[Level, ...]:
    """The levels that a short answer names: "line managers".

    In a longer text a manager may be the practitioner's own, or only talked about. There a level
    counts if somebody was spoken or written to.
    """
    if len(words.split()) > AN_ANSWER:
        return ()
    named = tuple(dict.fromkeys(one.level for one in agencies.mentions if one.rung != ORGANISATION))
    return named if set(named) - {Level.practitioner} else ()


def _steps(
    frames: Sequence[Frame], outcomes: Sequence[tuple[int, Outcome]]
) -> tuple[ReadStep, ...]:
    steps = []
    last = len(frames) - 1
    for index, frame in enumerate(frames):
        until = frames[index + 1].at.start if index < last else 1 << 30
        said = [outcome for at, outcome in outcomes if frame.at.start <= at < until]
        if not said and len(frames) == 1:
            # What was refused before a talk is what the talk was about.
            said = [outcome for _, outcome in outcomes if outcome is Outcome.no_response]
        outcome = said[-1] if said else None
        steps.append(ReadStep(frame.level, frame.on, outcome, frame.by_writer))
    return one_a_level(steps)


def one_a_level(told: Iterable[ReadStep]) -> tuple[ReadStep, ...]:
    """Return one step a level: its first day and its last outcome."""
    steps: dict[Level, ReadStep] = {}
    for step in told:
        known = steps.get(step.level)
        on = known.on if known and known.on else step.on
        outcome = step.outcome or (known.outcome if known else None)
        steps[step.level] = replace(step, on=on, outcome=outcome)
    return tuple(sorted(steps.values(), key=_order))


def _order(step: ReadStep) -> tuple[int, date]:
    return step.level.rank, step.on or date.min


def child_statuses(words: str) -> tuple[ChildStatus, ...]:
    """The plans that the child has now, not those that are wanted or have ended."""
    return tuple(
        status for status in ChildStatus if _held(words, _words(f"status_{status}").finditer(words))
    )


def _held(words: str, matches: Iterable[re.Match[str]]) -> bool:
    return any(
        not _words(
            "not_of_a_child" if _words("of_a_child").match(words, match.start()) else "not_status"
        ).search(words, max(0, match.start() - 45), match.start())
        for match in matches
    )
