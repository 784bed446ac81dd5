"""The stages of a text as they are read: rungs, and the passages that they are made of."""

import re

import msgspec

from bot.core.vocabulary import Level
from bot.keepers.draft.sides import Sides

EITHER = re.compile(
    r"\beither (?:side|agency|organisation|service|party|one|of them|head|manager|officer|director|"
    r"senior|executive|partner)\b|\bon either side\b|"
    r"\b(?:an?|any) [\w ]{3,30} (?:may|can) (?:ask|refer|request|appeal)\b",
    re.IGNORECASE,
)
"""How a text says that the one side or the other does it."""


class Passage(msgspec.Struct, frozen=True):
    """A sentence of the text, word for word, and the section it stands in."""

    text: str
    source: str
    listed: bool = False
    behind: str = ""
    """What introduces the list that an item stands in."""
    goes_on: bool = False
    """Whether it stands behind another sentence of its paragraph."""
    who: str = ""
    """Who acts, in the row of a table or the lines of a form that it stands in."""
    does: str = ""
    """What is done, there."""
    column: str = ""
    """The heading of the column that it stands in, in a table."""


class Rung(msgspec.Struct, frozen=True):
    """One stage as the text has it. `aside` are its passages in flowcharts and appendices.

    `heading` is its title, without the label; `whole_heading` is as the text has it. `summed_up` is
    its row in a table that only sums the stages up.
    """

    number: int
    label: str
    heading: str
    whole_heading: str
    source: str
    passages: tuple[Passage, ...]
    aside: tuple[Passage, ...] = ()
    level: Level = Level.practitioner
    summed_up: tuple[Passage, ...] = ()
    sides: Sides = Sides()
    days_work: bool = False
    """Whether the text says that its days are working days."""

    @property
    def either(self) -> bool:
        """Whether either side may take it here."""
        return any(EITHER.search(passage.text) for passage in self.passages)


class Ladder(msgspec.Struct, frozen=True):
    """The rungs, the passages that belong to none, and what a keeper has to know."""

    rungs: tuple[Rung, ...]
    rest: tuple[Passage, ...]
    aside: tuple[Passage, ...]
    troubles: tuple[str, ...] = ()
    about: tuple[int | None, ...] = ()
    """For each passage of the rest the number of the stage that it is about, or None."""

    @property
    def everything(self) -> list[Passage]:
        """Every passage of the text."""
        own = [passage for rung in self.rungs for passage in rung.passages]
        return [*self.rest, *self.aside, *own]
