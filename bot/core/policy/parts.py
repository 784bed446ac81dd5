"""What policy files are made of: conditions, statements, duties, posts and time limits.

Every class is frozen. `bot/core/policy/model.py` puts them together.
"""

from datetime import date
from enum import Enum

import msgspec

from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Exit


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
    escalation_start = "escalation_start"


class Status(str, Enum):
    """How far a file has come: only a signed one is the partnership's own word."""

    draft = "draft"
    fact_checked = "fact_checked"
    signed = "signed"


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
    disagreement: tuple[Disagreement, ...] = ()
    area: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()


ALWAYS = Applies()


class Statement(PolicyPart, frozen=True, kw_only=True):
    """Something the policy says, in our words."""

    what: str
    source: str


class Principle(Statement, frozen=True, kw_only=True):
    """What the policy asks of everybody. `challenge` marks one for somebody who hesitates."""

    challenge: bool = False


class Condition(Statement, frozen=True, kw_only=True):
    """A statement that may hold for some facts only."""

    applies: Applies = ALWAYS


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


class FormAnywhere(Form, frozen=True, kw_only=True):
    """A form of the whole policy: for every stage, or for `from_stage` and those after it."""

    from_stage: int | None = None


class Role(PolicyPart, frozen=True, kw_only=True):
    """Who acts at a stage. Without `agencies` it is the role for every agency not listed."""

    role: str
    source: str
    agencies: tuple[Agency, ...] = ()
    party: tuple[Party, ...] = (Party.raiser, Party.receiver)
    address: str | None = None
    applies: Applies = ALWAYS


class LimitReading(PolicyPart, frozen=True, kw_only=True):
    """One way to understand what a limit is counted from.

    `stage` names the earlier stage for `earlier_stage_start`; for `escalation_start` the lowest
    stage whose steps count as the start. A reading that `lapses` is left out when its date had
    already passed on the day the stage began.
    """

    counted_from: Anchor
    stage: int | None = None
    lapses: bool = False
    because: str | None = None


class Limit(PolicyPart, frozen=True, kw_only=True):
    """A time limit. With several `readings` the earliest date is used and each is shown.

    `amount` is null for `same_working_day` and `without_delay`. `or_sooner` is the policy's own
    condition for acting earlier, in our words. `applies` narrows it: to a priority, or to a branch.
    """

    what: str
    who: Party
    unit: Unit
    readings: tuple[LimitReading, ...]
    source: str
    amount: int | None = None
    strength: Strength = Strength.must
    or_sooner: str | None = None
    applies: Applies = ALWAYS


class Cap(Limit, frozen=True, kw_only=True):
    """A limit over several stages together. It runs at each of them, beside their own."""

    stages: tuple[int, ...]


class MustFollow(PolicyPart, frozen=True, kw_only=True):
    """Stages without which this one may not begin."""

    stages: tuple[int, ...]
    what: str
    source: str
    applies: Applies = ALWAYS


class OtherProcedure(PolicyPart, frozen=True, kw_only=True):
    """Where something else goes: one of the exits, or `kinds` of disagreement the policy excludes.

    `covered` says that this policy's own stages take it.
    """

    what: str
    source: str
    exit: Exit | None = None
    kinds: tuple[Disagreement, ...] = ()
    covered: bool = False


class Area(PolicyPart, frozen=True, kw_only=True):
    """A member partnership of a policy that has several, with the places that name it.

    `excluded` is for one that readers would expect and that the policy is not for: where it goes.
    """

    id: str
    name: str
    places: tuple[str, ...]
    source: str
    excluded: Statement | None = None


class Priority(Statement, frozen=True, kw_only=True):
    """A priority or track that the agencies agree on and that limits depend on."""

    id: str
    name: str


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


class SignOff(PolicyPart, frozen=True, kw_only=True):
    """Who stands behind a file, by role and never by name, and since when."""

    role: str
    day: date
