"""Which message somebody asks for: its kind, its purpose, its tone and its length."""

from collections.abc import Mapping

import msgspec

from bot.core.letters.text import Tone
from bot.core.vocabulary import Word

LONGER = "longer"
"""The value that stands for a long draft."""


class Kind(Word):
    """By phone or in writing; also the folder of the letter files."""

    call = "call"
    email = "email"


class Purpose(Word):
    """The purpose of a message. `counterpart`: the next message to the other agency.

    From `acknowledge` on they are for the side that it was raised with. `answer` is their answer,
    whoever is asked for it, and whatever fits otherwise.
    """

    counterpart = "counterpart"
    manager = "manager"
    partnership = "partnership"
    chase = "chase"
    outcome = "outcome"
    acknowledge = "acknowledge"
    agree = "agree"
    partly = "partly"
    hold = "hold"
    more = "more"
    meeting = "meeting"
    answer = "answer"


class DraftRequest(msgspec.Struct, frozen=True):
    """The message that somebody asks for. Without a tone it is collaborative."""

    kind: Kind
    purpose: Purpose = Purpose.counterpart
    tone: Tone | None = None
    longer: bool = False

    def __str__(self) -> str:
        """Return the request as a button's value: "email.manager.firm"."""
        length = LONGER if self.longer else None
        return ".".join(map(str, filter(None, (self.kind, self.purpose, self.tone, length))))


def parse_request(text: str) -> DraftRequest:
    """Parse the `str` of a DraftRequest. Raises ValueError for any other text."""
    kind, purpose, *more = text.split(".")
    longer = more[-1:] == [LONGER]
    tone = more[:-1] if longer else more
    return DraftRequest(Kind(kind), Purpose(purpose), Tone(*tone) if tone else None, longer)


def request_in_words(
    kind: Kind, told: Mapping[str, str], last: DraftRequest | None
) -> DraftRequest:
    """Return the request that typed words make.

    `told` holds what the words name, by the fields of DraftRequest; `last` is the last message
    shown. Words with only a tone or a length are about that message.
    """
    tone = Tone(told["tone"]) if "tone" in told else None
    longer = _longer(told)
    if last and "purpose" not in told and (tone or "length" in told):
        longer = longer if "length" in told else last.longer
        how = Kind(told.get("kind", last.kind))
        return DraftRequest(how, last.purpose, tone or last.tone, longer)
    purpose = Purpose(told.get("purpose", Purpose.counterpart))
    return DraftRequest(Kind(told.get("kind", kind)), purpose, tone, longer)


def asks_for_less_than_there_is(told: Mapping[str, str], last: DraftRequest | None) -> bool:
    """Say whether typed words ask for a shorter message than the last, which is the shortest."""
    return last is not None and set(told) == {"length"} and not (last.longer or _longer(told))


def _longer(told: Mapping[str, str]) -> bool:
    return told.get("length") == LONGER
