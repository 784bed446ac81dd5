"""The guide's own safety guidance, used where a policy is silent.

It is data, in `policies/guidance/standing.yml`.
"""

from pathlib import Path
from typing import Annotated

import msgspec
import yaml

from bot.core.handbook.sources import GuideCall, GuideProcedure, GuideStatement
from bot.core.policy.model import ALWAYS, Applies, PolicyPart, Source
from bot.core.vocabulary import URGENT_ROUTES, Exit, Harm, Level, Route, Word


class UrgentRule(GuideStatement, frozen=True, kw_only=True):
    """What to do today, and the rule in a few words.

    `allegation` is what is said where the person who would be told may be the one it is about.
    """

    rule: str
    allegation: str | None = None


class Chain(Word):
    """Whose people a rung of the urgent ladder belongs to."""

    own = "own"
    theirs = "theirs"
    police = "police"
    social_care = "social_care"
    partnership = "partnership"
    door = "door"


class Rung(GuideCall, frozen=True, kw_only=True):
    """Somebody to turn to today: how to reach them, why, what to say and what to note.

    `first` marks those to tell before anybody has refused. `lead` and `manager` say what somebody
    on one's own side is called. `level` is their place in their organisation: a policy's own role
    there takes the place of `role`, unless it is `fixed`. `asked`: only where the police are asked.
    `day_off` is the role on a day that is not a working day; `working_days`: only on working days.
    `alone` is how to reach them once somebody on one's own side, through whom `do` may go, did not
    answer or would not act. `backs`: whoever stands beside the next one up once that service did
    not act. `calm` is what to say while nobody has refused. `exits`: only where one of these other
    procedures fits; `not_exits`: not there. `head_accused`: only if the head is accused, or only if
    not; `conflict`: if whoever would be told is close to whoever it is about; `lado_early`: in
    either case. None for both. `harms`: only where one of these is told of; `not_harms`: not there.
    """

    chain: Chain
    role: str
    why: str
    say: str
    note: str
    calm: str | None = None
    day_off: str | None = None
    alone: str | None = None
    working_days: bool = False
    backs: Chain | None = None
    address: str | None = None
    level: Level = Level.practitioner
    first: bool = False
    lead: bool = False
    manager: bool = False
    fixed: bool = False
    asked: bool = False
    routes: tuple[Route, ...] = URGENT_ROUTES
    exits: tuple[Exit, ...] = ()
    not_exits: tuple[Exit, ...] = ()
    head_accused: bool | None = None
    conflict: bool | None = None
    harms: tuple[Harm, ...] = ()
    not_harms: tuple[Harm, ...] = ()
    lado_early: bool | None = None
    applies: Applies = ALWAYS


class Advised(GuideStatement, frozen=True, kw_only=True):
    """What to do, and what is said in its place to somebody on the rung of leads and managers."""

    lead: str | None = None

    def to(self, level: Level | None) -> str:
        """Return what is said to somebody on a rung."""
        return self.lead if self.lead and leads(level) else self.what


def leads(level: Level | None) -> bool:
    """Say whether somebody stands on the rung of safeguarding leads and managers, or above it."""
    return level is not None and level.rank >= Level.line_manager.rank


class Encouragement(PolicyPart, frozen=True, kw_only=True):
    """The guide's own words for somebody who hesitates to challenge.

    `danger` is for a child in danger, `permission` for while no policy is chosen.
    """

    danger: GuideStatement
    permission: tuple[GuideStatement, ...]
    backing: tuple[Advised, ...]
    own_manager: tuple[Advised, ...]
    nobody_there: tuple[Advised, ...]


class SafetyGuidance(PolicyPart, frozen=True, kw_only=True):
    """The safety guidance, in the shape of its file."""

    document: str
    emergency: UrgentRule
    same_day: UrgentRule
    ladder: Annotated[tuple[Rung, ...], msgspec.Meta(min_length=1)]
    urgent_records: tuple[GuideStatement, ...]
    unsure: GuideStatement
    becomes_urgent: GuideStatement
    same_organisation: GuideStatement
    no_area: GuideStatement
    confidence: Encouragement
    answering: tuple[GuideStatement, ...]
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
