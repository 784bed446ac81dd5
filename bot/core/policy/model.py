"""The shape of a partnership's escalation policy: one file in `policies/`.

Every class is frozen. A `source` is always the section of the policy's own document that the
statement comes from; `Policy.cite` joins it to the document's title.
"""

from datetime import date
from hashlib import sha256

import msgspec

from bot.core.policy.parts import (
    ALWAYS,
    CLOSING,
    TOGETHER,
    Anchor,
    Applies,
    Area,
    Cap,
    Condition,
    Document,
    Duty,
    Form,
    FormAnywhere,
    Limit,
    LimitReading,
    Moment,
    MustFollow,
    Nation,
    Notification,
    OpenCases,
    OtherProcedure,
    Owed,
    OwnArea,
    Party,
    PolicyPart,
    Principle,
    Priority,
    Quoted,
    Replaces,
    Role,
    SignOff,
    Source,
    Statement,
    Status,
    Strength,
    Unit,
)
from bot.core.vocabulary import URGENT_ROUTES, ChildStatus, Disagreement, Level, Route

__all__ = [
    "ALWAYS",
    "CLOSING",
    "TOGETHER",
    "Anchor",
    "Applies",
    "Area",
    "Cap",
    "Condition",
    "Document",
    "Duty",
    "Form",
    "FormAnywhere",
    "Limit",
    "LimitReading",
    "Moment",
    "MustFollow",
    "Nation",
    "Notification",
    "OfferedPolicy",
    "OpenCases",
    "OtherProcedure",
    "Owed",
    "OwnArea",
    "Party",
    "Policy",
    "PolicyPart",
    "Principle",
    "Priority",
    "Quoted",
    "Replaces",
    "Role",
    "SignOff",
    "Source",
    "Stage",
    "Statement",
    "Status",
    "Strength",
    "Trigger",
    "Unit",
    "Urgent",
]


AND_NUMBER = ":"
"""Stands between level and number in a rung such as "line_manager:3"."""


def level_of(rung: str) -> Level:
    """Return the level of a rung. Raises ValueError for any other text."""
    return Level(rung.partition(AND_NUMBER)[0])


def height_of(rung: str) -> tuple[int, int]:
    """Return what sorts rungs from the lowest to the highest."""
    number = rung.partition(AND_NUMBER)[2]
    return level_of(rung).rank, int(number) if number.isdigit() else 0


FINGERPRINT = 12
"""Characters of a policy's fingerprint: enough to tell two versions of one file apart."""


class Stage(Statement, frozen=True, kw_only=True):
    """A stage. `label` is the policy's own ("Stage 2"); `number` orders the stages.

    Limits: `to_begin` binds the raiser to start this stage in time, counted from the decision;
    `to_answer` runs while the stage is waiting; `to_close` begins when it is resolved. `may_skip`
    says that the policy lets people leave the stage out, and when. `decides` says who settles it
    here. `ends`: the policy ends here with a record, so nobody owes an answer. `not_read` are
    passages that nobody has read yet: they are not the same as `not_stated`.
    """

    number: int
    label: str
    title: str
    level: Level
    roles: tuple[Role, ...]
    decides: tuple[Statement, ...] = ()
    ends: bool = False
    to_begin: tuple[Limit, ...] = ()
    to_answer: tuple[Limit, ...] = ()
    to_close: tuple[Limit, ...] = ()
    instead: tuple[str, ...] = ()
    must_follow: MustFollow | None = None
    may_skip: Condition | None = None
    conditions: tuple[Condition, ...] = ()
    guidance: tuple[Duty, ...] = ()
    notify: tuple[Notification, ...] = ()
    records: tuple[Duty, ...] = ()
    forms: tuple[Form, ...] = ()
    not_stated: tuple[Duty, ...] = ()
    not_read: tuple[Statement, ...] = ()


class Urgent(Statement, frozen=True, kw_only=True):
    """The policy's own rule for a child at immediate risk. Always due today."""

    rule: str
    routes: tuple[Route, ...] = URGENT_ROUTES
    notify: tuple[Notification, ...] = ()


class Trigger(Statement, frozen=True, kw_only=True):
    """Facts that the policy treats as urgent although `risk` alone does not show them.

    `question` asks about them in conversation.
    """

    question: str


class Policy(PolicyPart, frozen=True, kw_only=True):
    """A whole policy. `names` and `places` are how practitioners call it and where it applies.

    `fallback` marks guidance that gives way to the local partnership's policy. `own_manager` is
    what it says of a manager who will not take it up, and that it does not say, where it does not.
    `extends` names a policy that this one adds to; the lists named in `instead`, here or at a
    stage, stand in place of those of that policy. `documents` are the other documents that sources
    may name, by the word that such a source begins with. `replaces` tells what changed against the
    version before. `caps` and `forms` stand at their stages once the file is loaded.
    """

    id: str
    name: str
    short_name: str
    nation: Nation
    document: Document
    partnership: str
    names: tuple[str, ...]
    places: tuple[str, ...]
    stages: tuple[Stage, ...]
    own_areas: tuple[OwnArea, ...]
    status: Status = Status.draft
    fact_checked: SignOff | None = None
    signed: SignOff | None = None
    extends: str | None = None
    instead: tuple[str, ...] = ()
    documents: dict[str, str] = msgspec.field(default_factory=dict)
    replaces: Replaces | None = None
    contact: str | None = None
    contact_source: str | None = None
    fallback: Statement | None = None
    areas: tuple[Area, ...] = ()
    priorities: tuple[Priority, ...] = ()
    caps: tuple[Cap, ...] = ()
    forms: tuple[FormAnywhere, ...] = ()
    urgent: tuple[Urgent, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    other_procedures: tuple[OtherProcedure, ...] = ()
    principles: tuple[Principle, ...] = ()
    support: tuple[Statement, ...] = ()
    own_manager: tuple[Statement, ...] = ()
    more_help: tuple[Statement, ...] = ()
    every_stage: tuple[Duty, ...] = ()
    when_resolved: tuple[Duty, ...] = ()
    remaining: tuple[Statement, ...] = ()
    learning: tuple[Statement, ...] = ()
    not_stated: tuple[Statement, ...] = ()
    not_read: tuple[Statement, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A short text that changes with any change of the policy's file."""
        own = {name: getattr(self, name) for name in Policy.__struct_fields__}
        return sha256(msgspec.json.encode(own)).hexdigest()[:FINGERPRINT]

    def cite(self, section: str) -> Source:
        """Return the source for a section of this policy's document, or of another it names."""
        if self.documents:
            word, colon, rest = section.partition(": ")
            if colon and word in self.documents:
                return Source(self.documents[word], rest)
        return Source(self.document.title, section)

    def member_areas(self) -> list[Area]:
        """Return the areas that the policy covers."""
        return [area for area in self.areas if not area.excluded]

    def excluded_kinds(self) -> set[Disagreement]:
        """Return the disagreements that the policy sends elsewhere."""
        return {
            kind
            for procedure in self.other_procedures
            if not procedure.covered
            for kind in procedure.kinds
        }

    def child_statuses(self) -> list[ChildStatus]:
        """Return the child's statuses that change something, in the vocabulary's order."""
        named = {
            status
            for stage in self.stages
            for duties in (stage.notify, stage.guidance, stage.records, stage.forms, stage.roles)
            for duty in duties
            for status in duty.applies.child_status
        }
        named |= {
            status
            for stage in self.stages
            for parts in (stage.to_begin, stage.to_answer, stage.to_close, stage.conditions)
            for part in (*parts, stage.must_follow, stage.may_skip)
            if part
            for status in part.applies.child_status
        }
        return [status for status in ChildStatus if status in named]

    def stage(self, number: int) -> Stage:
        """Return the stage with that number. Raises KeyError for an unknown number."""
        for stage in self.stages:
            if stage.number == number:
                return stage
        raise KeyError(number)

    def stage_for(self, level: Level, number: int | None = None) -> Stage:
        """Return the stage of that number if it is at the level, else the level's first stage.

        A level without a stage belongs to the nearest level below it.
        """
        # Asked hundreds of times in a turn: one way through the few stages.
        found = self.stages[0]
        for stage in self.stages:
            if stage.level is level and stage.number == number:
                return stage
            if stage.level is not found.level and stage.level.rank <= level.rank:
                found = stage
        return found

    def rung(self, stage: Stage) -> str:
        """Return a stage's level, with its number where several stages share the level."""
        several = len(self.stages_at(stage.level)) > 1
        return f"{stage.level}{AND_NUMBER}{stage.number}" if several else str(stage.level)

    def stage_on(self, rung: str) -> Stage:
        """Return the stage on a rung; of another policy's rung only the level counts."""
        number = rung.partition(AND_NUMBER)[2]
        return self.stage_for(level_of(rung), int(number) if number.isdigit() else None)

    def stages_at(self, level: Level) -> list[Stage]:
        """Return the stages at a level: more than one where the policy has several rungs there."""
        return [stage for stage in self.stages if stage.level is level]

    def following(self, stage: Stage) -> Stage | None:
        """Return the next stage, or None after the last."""
        index = self.stages.index(stage)
        return self.stages[index + 1] if index + 1 < len(self.stages) else None


class OfferedPolicy(Policy, frozen=True, kw_only=True):
    """A version of a policy as it is offered on a day, beside its other versions.

    `before` is the version that cases still open go by, where the policy keeps them to it.
    `unsigned_since` is the day on which a later version began that nobody has signed. `coming_on`
    is the day on which the next version begins, and `coming` what it changes.
    """

    before: Policy | None = None
    unsigned_since: date | None = None
    coming_on: date | None = None
    coming: Replaces | None = None
