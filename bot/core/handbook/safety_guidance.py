"""The guide's own safety guidance, used where a policy is silent.

It is data, in `policies/guidance/standing.yml`.
"""

from pathlib import Path

import msgspec
import yaml

from bot.core.handbook.sources import GuideProcedure, GuideStatement
from bot.core.policy.model import Party, PolicyPart, Source
from bot.core.vocabulary import URGENT_ROUTES, Exit, Route


class UrgentRule(GuideStatement, frozen=True, kw_only=True):
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

    danger: GuideStatement
    permission: tuple[GuideStatement, ...]
    backing: tuple[GuideStatement, ...]
    own_manager: tuple[GuideStatement, ...]


class SafetyGuidance(PolicyPart, frozen=True, kw_only=True):
    """The safety guidance, in the shape of its file."""

    document: str
    emergency: UrgentRule
    same_day: UrgentRule
    urgent_contacts: tuple[UrgentContact, ...]
    urgent_records: tuple[GuideStatement, ...]
    unsure: GuideStatement
    becomes_urgent: GuideStatement
    same_organisation: GuideStatement
    no_area: GuideStatement
    confidence: Encouragement
    exits: tuple[GuideProcedure, ...]

    def cite(self, section: str) -> Source:
        """Return the source for a section of the safety guidance."""
        return Source(self.document, section)

    def exit(self, name: Exit) -> GuideProcedure:
        """Return what the safety guidance says about an exit."""
        return next(procedure for procedure in self.exits if procedure.exit is name)


def load_safety_guidance(path: Path) -> SafetyGuidance:
    """Read the safety guidance. Raises OSError or msgspec.ValidationError."""
    plain = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return msgspec.convert(plain, SafetyGuidance)
