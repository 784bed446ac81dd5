"""The contacts that an account tells of, as frames."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.vocabulary import Agency, Level
from bot.understanding.account.party import End
from bot.understanding.words.text import Span


@dataclass(frozen=True)
class Frame:
    """A contact with the other side. `at` is its clause; `on` is None where no day is told."""

    at: Span
    level: Level
    on: date | None
    wrote: bool
    agency: Agency | None = None
    answer: bool = False
    """Whether all that is told is their answer: "the head of service turned it down"."""
    by_writer: bool = False
    """Whether whoever writes had it themselves."""


@dataclass(frozen=True)
class Contacts:
    """The contacts that a text tells of, in order, and who is at the other end of each clause.

    `received`: the other side brought the challenge to the practitioner. `nobody_asked`: they say
    that nobody of it was spoken to at all, whatever else sounds like a contact.
    """

    frames: tuple[Frame, ...] = ()
    received: bool = False
    nobody_asked: bool = False
    ends: Mapping[int, End] = field(default_factory=dict)
