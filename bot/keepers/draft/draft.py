"""What reading a published text gives: its sections, and proposals for a policy file.

A proposal is never the policy. A person reads the passage beside it and accepts, changes or strikes
it. Nothing is filled in: what was not found stands in `unread`, and is never called "not stated".
"""

from enum import Enum
from typing import Any

import msgspec


class Kind(str, Enum):
    """What a proposal is about."""

    stage = "stage"
    limit = "limit"
    role = "role"
    contact = "contact"
    form = "form"
    notification = "notification"
    condition = "condition"
    record = "record"
    exclusion = "exclusion"
    principle = "principle"
    date = "date"
    name = "name"


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A section of the text. `number` is empty where the text gives none."""

    number: str = ""
    heading: str = ""
    text: str = ""

    @property
    def source(self) -> str:
        """How a statement names this section."""
        return " ".join(part for part in (self.number, self.heading) if part) or "whole document"


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One statement for the policy file.

    `id` stays the same when the same text is read again. `path` is where it goes in the policy
    file, in the file's own keys and places in lists counted from 0, such as
    `stages.2.to_answer.0`; `value` is what stands there, as plain data. `source` is the section's
    number and heading, and `quote` the passage, word for word as in the text.
    """

    id: str
    path: str
    kind: Kind
    value: Any
    source: str
    quote: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """All that was read from one published text.

    `digest` is the SHA-256 of the text. `unread` are the paths of keys that a policy file needs and
    for which nothing was found. `troubles` are sentences for the person who goes on by hand.
    """

    filename: str
    digest: str
    title: str
    sections: tuple[Section, ...]
    proposals: tuple[Proposal, ...]
    unread: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


class UnreadableText(Exception):
    """The file cannot be read. Its message is a sentence for a business manager."""
