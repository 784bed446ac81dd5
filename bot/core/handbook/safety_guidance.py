"""The guide's own safety guidance, used where a policy is silent.

It is data, in `policies/guidance/standing.yml`.
"""

from pathlib import Path

import msgspec
import yaml

from bot.core.policy.model import OtherProcedure, Party, PolicyPart, Source, Statement
from bot.core.vocabulary import URGENT_ROUTES, Exit, Route


class UrgentRule(Statement, frozen=True, kw_only=True):
    """What to do today, and the rule in a few words."""

    rule: str


class UrgentContact(PolicyPart, frozen=True, kw_only=True):
    """A role to ring today."""

    role: str
    source: str
    address: str | None = None
    party: Party = Party.receiver
    routes: tuple[Route, ...] = URGENT_ROUTES


class Encouragement(PolicyPart, frozen=True, kw_only=True):
    """The guide's own words for somebody who hesitates to challenge.

    `danger` is for a child in danger, `permission` for while no policy is chosen.
    """

    danger: Statement
    permission: tuple[Statement, ...]
    backing: tuple[Statement, ...]
    own_manager: tuple[Statement, ...]


class SafetyGuidance(PolicyPart, frozen=True, kw_only=True):
    """The safety guidance, in the shape of its file."""

    document: str
    emergency: UrgentRule
    same_day: UrgentRule
    urgent_contacts: tuple[UrgentContact, ...]
    urgent_records: tuple[Statement, ...]
    unsure: Statement
    becomes_urgent: Statement
    same_organisation: Statement
    no_area: Statement
    confidence: Encouragement
    answering: tuple[Statement, ...]
    exits: tuple[OtherProcedure, ...]

    def cite(self, section: str) -> Source:
        """Return the source for a section of the safety guidance."""
        return Source(self.document, section)

    def exit(self, name: Exit) -> OtherProcedure:
        """Return what the safety guidance says about an exit."""
        return next(procedure for procedure in self.exits if procedure.exit is name)


def load_safety_guidance(path: Path) -> SafetyGuidance:
    """Read the safety guidance. Raises OSError or msgspec.ValidationError."""
    plain = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return msgspec.convert(plain, SafetyGuidance)
