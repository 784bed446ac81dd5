"""Whom a phrase names: one side, both, the partnership, or nobody."""

import re

import msgspec

from bot.core.policy.model import Party
from bot.keepers.draft.rungs import Rung
from bot.keepers.draft.words import words

TOGETHER = re.compile(
    r"(?:both|each|either|neither|all|the two|between them)\b|.*\b(?:each|both)$", re.IGNORECASE
)
MANY = re.compile(r"\b\w+(?:s|people|staff)\b(?=$|\s+(?:of|in|from|for|with|at|on|who|will)\b)")
OWN = re.compile(r"(?:his or her|her or his|his/her|their|its|his|her)\b", re.IGNORECASE)
"""How a phrase begins that is somebody's own: "his or her supervisor"."""


class Bound(msgspec.Struct, frozen=True):
    """Whom a limit binds. `shared`: both sides have the time together."""

    party: Party
    shared: bool = False


RAISER, RECEIVER = Bound(Party.raiser), Bound(Party.receiver)
PARTNERSHIP, BOTH = Bound(Party.partnership), Bound(Party.raiser, shared=True)


def has(name: str, text: str) -> re.Match[str] | None:
    """Return where a text has words of a list that says whom a time binds."""
    return words().pattern(*words().bound[name]).search(text)


class Said(msgspec.Struct, frozen=True):
    """A time in its sentence: `start` and `end` are its places there.

    `lead` is the clause before it, with it; `after` what follows; `before` the sentence before.
    `who` acts, and what it `does`, by the row of a table that it stands in.
    """

    sentence: str
    start: int
    end: int
    lead: str
    after: str
    before: str = ""
    who: str = ""
    does: str = ""

    @property
    def rest(self) -> str:
        """What follows, as far as its sentence goes."""
        return re.split(r"[.;]", self.after)[0]


ONE_SIDE = {Party.raiser: RAISER, Party.receiver: RECEIVER}


def one_side(rung: Rung, phrase: str) -> Bound | None:
    """Return the one side that a phrase names, or None."""
    party = rung.sides.of(phrase)
    return ONE_SIDE.get(party) if party else None


def side(rung: Rung, phrase: str) -> Bound | None:
    """Return the side that a phrase names: one, both, the partnership, or none."""
    if not phrase:
        return None
    if TOGETHER.match(phrase) or has("both", phrase):
        return BOTH
    if "@" in phrase:
        # "Send it to escalations@vale.example, who will pass it on": that is the partnership's own.
        return PARTNERSHIP
    halves = {rung.sides.of(half) for half in re.split(r"\s+(?:and|or)\s+", phrase)}
    if {Party.raiser, Party.receiver} <= halves:
        return BOTH
    party = rung.sides.of(phrase)
    body = has("bodies", phrase)
    if body and (party is None or rung.sides.of(phrase[: body.start()]) is None):
        return PARTNERSHIP
    if party:
        return RAISER if party is Party.raiser else RECEIVER
    if has("sides", phrase) or MANY.search(phrase.partition(",")[0]):
        return BOTH
    return None


def side_named(rung: Rung, phrase: str) -> Party | None:
    """Return the one side, or the partnership, that a phrase names, or None."""
    found = side(rung, phrase)
    return None if found is None or found.shared else found.party


def owner(rung: Rung, phrase: str, text: str) -> Bound | None:
    """Return the side of "his or her supervisor": of whoever the text names before."""
    own = OWN.search(phrase)
    if own is None:
        return None
    before = text[: text.find(phrase) + own.start()]
    return side(rung, before) if rung.sides.of(before) else None
