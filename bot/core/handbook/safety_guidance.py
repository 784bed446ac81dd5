"""The guide's own standing guidance and sentences, for where a policy is silent.

Both are data: `policies/guidance/*.yml` and `data/responses/*.yml`.
"""

from pathlib import Path

import msgspec
import yaml

from bot.core.handbook.guidance import Answers, load_answers
from bot.core.handbook.wording import Phrases, load_sentences
from bot.core.policy.model import OtherProcedure, Party, PolicyPart, Source, Statement
from bot.core.vocabulary import Exit, Route


class UrgentRule(Statement, frozen=True, kw_only=True):
    """What to do today, and the rule in a few words."""

    rule: str


class UrgentContact(PolicyPart, frozen=True, kw_only=True):
    """Somebody to ring today."""

    role: str
    source: str
    address: str | None = None
    party: Party = Party.receiver
    routes: tuple[Route, ...] = (Route.emergency, Route.same_day)


class Encouragement(PolicyPart, frozen=True, kw_only=True):
    """What the guide says by itself to somebody who hesitates to challenge.

    `danger` is for a child in danger, `permission` for while no policy is chosen.
    """

    danger: Statement
    permission: tuple[Statement, ...]
    backing: tuple[Statement, ...]
    own_manager: tuple[Statement, ...]


class SafetyGuidance(PolicyPart, frozen=True, kw_only=True):
    """The standing guidance, as its file holds it."""

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
    exits: tuple[OtherProcedure, ...]

    def cite(self, section: str) -> Source:
        """Return the source for a section of the standing guidance."""
        return Source(self.document, section)

    def exit(self, name: Exit) -> OtherProcedure:
        """Return what the standing guidance says about an exit."""
        return next(procedure for procedure in self.exits if procedure.exit is name)


class Handbook(msgspec.Struct, frozen=True):
    """What is needed beside the policy: the standing guidance, the sentences, the short answers."""

    safety_guidance: SafetyGuidance
    phrases: Phrases
    answers: Answers


def load_handbook(root: Path) -> Handbook:
    """Read the standing guidance and every sentence below the project's `root`.

    Raises OSError when a file is missing, msgspec.ValidationError or PolicyError when its shape is
    wrong.
    """
    guidance = yaml.load(
        (root / "policies/guidance/standing.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    answers = load_answers(root / "policies/guidance/answers.yml")
    return Handbook(
        msgspec.convert(guidance, SafetyGuidance),
        Phrases(load_sentences(root / "data/responses")),
        answers,
    )
