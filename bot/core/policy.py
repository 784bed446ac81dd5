"""The shape of a partnership's escalation policy, as one file in `policies/` holds it.

Every class is frozen. A `source` is always the section of the policy's own document that the
statement comes from; `Policy.cite` joins it to the document's title.
"""

from datetime import date
from enum import Enum

import msgspec

from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Exit, Level, Route


class PolicyPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A piece of a policy file. A key that the class does not name is an error."""


class Source(msgspec.Struct, frozen=True):
    """Where a statement comes from: a document's title and the section in it."""

    document: str
    section: str


class Nation(str, Enum):
    """Whose bank holidays count."""

    england = "england"
    wales = "wales"
    scotland = "scotland"
    northern_ireland = "northern_ireland"


class Unit(str, Enum):
    """What a limit is counted in."""

    hour = "hour"
    calendar_day = "calendar_day"
    working_day = "working_day"
    working_week = "working_week"
    same_working_day = "same_working_day"
    without_delay = "without_delay"


class Party(str, Enum):
    """Who a limit binds, or whose contact it is."""

    raiser = "raiser"
    receiver = "receiver"
    partnership = "partnership"


class Anchor(str, Enum):
    """The event that is day 0 of a limit."""

    concern = "concern"
    decision = "decision"
    stage_start = "stage_start"
    earlier_stage_start = "earlier_stage_start"


class Strength(str, Enum):
    """Whether the policy requires the limit or gives it as a guide."""

    must = "must"
    guide = "guide"


class Moment(str, Enum):
    """When a duty at a stage falls due."""

    raised = "raised"
    unresolved = "unresolved"
    resolved = "resolved"


class Applies(PolicyPart, frozen=True, kw_only=True):
    """When a statement holds. An empty list does not narrow it; all that are filled must hold."""

    my_agency: tuple[Agency, ...] = ()
    their_agency: tuple[Agency, ...] = ()
    not_my_agency: tuple[Agency, ...] = ()
    not_their_agency: tuple[Agency, ...] = ()
    child_status: tuple[ChildStatus, ...] = ()
    area: tuple[str, ...] = ()


ALWAYS = Applies()


class Statement(PolicyPart, frozen=True, kw_only=True):
    """Something the policy says, in our words."""

    what: str
    source: str


class Principle(Statement, frozen=True, kw_only=True):
    """What the policy asks of everybody. `challenge` marks one for somebody who hesitates."""

    challenge: bool = False


class Duty(Statement, frozen=True, kw_only=True):
    """Something to do at a stage, at one or several moments of it."""

    when: tuple[Moment, ...] = (Moment.raised,)
    applies: Applies = ALWAYS


class Notification(Duty, frozen=True, kw_only=True):
    """Somebody to tell. `address` is one that the policy gives, else null."""

    who: str
    address: str | None = None


class Form(Duty, frozen=True, kw_only=True):
    """A form or set message that the policy asks for.

    A `message` is the e-mail itself. `template` names the file in `bot/documents/forms` that lays a
    form out.
    """

    id: str
    name: str
    send_to: str
    address: str | None = None
    message: bool = False
    template: str | None = None


class Role(PolicyPart, frozen=True, kw_only=True):
    """Who acts at a stage. Without `agencies` it is the role for every agency not listed."""

    role: str
    source: str
    agencies: tuple[Agency, ...] = ()
    party: tuple[Party, ...] = (Party.raiser, Party.receiver)
    address: str | None = None
    applies: Applies = ALWAYS


class Reading(PolicyPart, frozen=True, kw_only=True):
    """One way to understand what a limit is counted from.

    `stage` names the earlier stage for `earlier_stage_start`. A reading that `lapses` is left out
    when its date had already passed on the day the stage began.
    """

    counted_from: Anchor
    stage: int | None = None
    lapses: bool = False
    because: str | None = None


class Limit(PolicyPart, frozen=True, kw_only=True):
    """A time limit. With several `readings` the earliest date is used and each is shown.

    `amount` is null for `same_working_day` and `without_delay`. `or_sooner` is the policy's own
    condition for acting earlier, in our words.
    """

    what: str
    who: Party
    unit: Unit
    readings: tuple[Reading, ...]
    source: str
    amount: int | None = None
    strength: Strength = Strength.must
    or_sooner: str | None = None


class MustFollow(PolicyPart, frozen=True, kw_only=True):
    """Stages without which this one may not begin."""

    stages: tuple[int, ...]
    what: str
    source: str


class Stage(PolicyPart, frozen=True, kw_only=True):
    """One rung. `label` is the policy's own ("Stage 2"); `number` orders the rungs.

    Limits: `to_begin` binds the raiser to start this stage in time, counted from the decision;
    `to_answer` runs while the stage is waiting; `to_close` begins when it is resolved.
    """

    number: int
    label: str
    title: str
    level: Level
    what: str
    source: str
    roles: tuple[Role, ...]
    to_begin: tuple[Limit, ...] = ()
    to_answer: tuple[Limit, ...] = ()
    to_close: tuple[Limit, ...] = ()
    must_follow: MustFollow | None = None
    conditions: tuple[Statement, ...] = ()
    guidance: tuple[Duty, ...] = ()
    notify: tuple[Notification, ...] = ()
    records: tuple[Duty, ...] = ()
    forms: tuple[Form, ...] = ()
    not_stated: tuple[Duty, ...] = ()


class Urgent(PolicyPart, frozen=True, kw_only=True):
    """The policy's own rule for a child at immediate risk. Always due today."""

    what: str
    rule: str
    source: str
    routes: tuple[Route, ...] = (Route.emergency, Route.same_day)
    notify: tuple[Notification, ...] = ()


class Trigger(Statement, frozen=True, kw_only=True):
    """Facts that the policy treats as urgent and that `risk` alone does not show.

    `question` asks about them in conversation.
    """

    question: str


class OtherProcedure(PolicyPart, frozen=True, kw_only=True):
    """Where one of the exits goes. `covered` says that this policy's own stages take it."""

    exit: Exit
    what: str
    source: str
    covered: bool = False


class Area(PolicyPart, frozen=True, kw_only=True):
    """A member partnership of a policy that has several, with the places that name it."""

    id: str
    name: str
    places: tuple[str, ...]
    source: str


class OwnArea(PolicyPart, frozen=True, kw_only=True):
    """An area of disagreement that the policy itself lists."""

    kinds: tuple[Disagreement, ...]
    what: str
    source: str


class Document(PolicyPart, frozen=True, kw_only=True):
    """The published text. A date that it does not give is null and stands in `not_stated`."""

    title: str
    effective_from: date | None = None
    reviewed: date | None = None
    next_review: date | None = None
    dated: str | None = None


class Policy(PolicyPart, frozen=True, kw_only=True):
    """A whole policy. `names` and `places` are how practitioners call it and where it applies.

    `fallback` marks guidance that gives way to the local partnership's policy. `own_manager` is
    what it says of a manager who will not take it up, and that it does not say, where it does not.
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
    contact: str | None = None
    contact_source: str | None = None
    fallback: Statement | None = None
    areas: tuple[Area, ...] = ()
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

    def cite(self, section: str) -> Source:
        """Return the source for one section of this policy's document."""
        return Source(self.document.title, section)

    def child_statuses(self) -> list[ChildStatus]:
        """Return the child's statuses that change something, in the order of the closed list."""
        named = {
            status
            for stage in self.stages
            for duties in (stage.notify, stage.guidance, stage.records, stage.forms, stage.roles)
            for duty in duties
            for status in duty.applies.child_status
        }
        return [status for status in ChildStatus if status in named]

    def stage(self, number: int) -> Stage:
        """Return the stage of that number; KeyError when there is none."""
        for stage in self.stages:
            if stage.number == number:
                return stage
        raise KeyError(number)

    def stage_for(self, level: Level) -> Stage:
        """Return the stage a level belongs to: its own, else the nearest below it."""
        reached = [stage for stage in self.stages if stage.level.rank <= level.rank]
        return reached[-1] if reached else self.stages[0]

    def following(self, stage: Stage) -> Stage | None:
        """Return the next rung, or None after the last."""
        index = self.stages.index(stage)
        return self.stages[index + 1] if index + 1 < len(self.stages) else None
