"""What a request at the desk is answered with, and how one is read."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from bot.clock import LONDON
from bot.keepers.desk.fields import wording
from bot.keepers.desk.store import Author
from bot.keepers.people import Keeper

AT = "/keepers/drafts"
Sent = Mapping[str, Sequence[str]]


class NotTaken(Exception):
    """Something cannot be done. `name` is that of the sentence that says why."""

    def __init__(self, name: str, status: int = 400) -> None:
        super().__init__(name)
        self.name = name
        self.status = status

    @property
    def words(self) -> str:
        """The sentence for the keeper."""
        return str(wording()["problems"][self.name])


class Page(msgspec.Struct, frozen=True):
    """A whole page and its status."""

    html: str
    status: int = 200


class GoTo(msgspec.Struct, frozen=True):
    """Where a keeper goes on after something was done."""

    address: str


def one(sent: Sent, name: str) -> str:
    """Return the first value of a name, without blanks around it."""
    values = sent.get(name) or ("",)
    return values[0].strip()


def path_of(key: str) -> str:
    """Return the path of a key in a problem: "stages.2.title" for "stages[2].title"."""
    return re.sub(r"\[(\d+)\]", r".\1", key)


def version_in(sent: Sent) -> int:
    """Return the version that a form was filled in on."""
    given = one(sent, "version")
    if not given.isascii() or not given.isdigit():
        raise NotTaken("moved")
    return int(given)


def author_of(keeper: Keeper) -> Author:
    """Return who a change is kept under."""
    return Author(keeper.name, keeper.post)


def when_of(seconds: float) -> str:
    """Return a moment as people read it."""
    return f"{datetime.fromtimestamp(seconds, LONDON):%-d %B %Y, %H:%M}"


def shortened(text: str, width: int = 120) -> str:
    """Return a text that fits into a line."""
    return text if len(text) <= width else f"{text[: width - 1]}…"
