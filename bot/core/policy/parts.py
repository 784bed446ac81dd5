"""The parts of policy files: conditions, statements, duties, roles and time limits.

Every class is frozen. `bot/core/policy/model.py` puts them together.
"""

from datetime import date
from enum import Enum

import msgspec

from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Exit, Level


class PolicyPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a policy file. Unknown keys are errors."""


class Source(msgspec.Struct, frozen=True):
    """Where a statement comes from: a document's title and a section."""

    document: str
    section: str


class Nation(str, Enum):
    """Whose bank holidays count."""

    england = "england"
    wales = "wales"
    scotland = "scotland"
    northern_ireland = "northern_ireland"


class Unit(str, Enum):
    """The unit of a limit. `unspecified`: the document wants it in time, and gives no time."""

    hour = "hour"
    calendar_day = "calendar_day"
    working_day = "working_day"
    working_week = "working_week"
    same_working_day = "same_working_day"
    without_delay = "without_delay"
    unspecified = "unspecified"


class Party(str, Enum):
    """The side that a limit binds or a contact belongs to.

    `both` is for limits alone: once a file is loaded it stands as one for each side.
    """

    raiser = "raiser"
    receiver = "receiver"
    partnership = "partnership"
    both = "both"


class Anchor(str, Enum):
    """The event that is day 0 of a limit.

    `decision` is the decision to go on to a stage, taken as today. `settled` is the day on which a
    stage settled it, `ended` that on which it ended, settled or not, `other_limit` the last day of
    another limit ("a further 5 days").
    """

    concern = "concern"
    decision = "decision"
    settled = "settled"
    ended = "ended"
    stage_start = "stage_start"
    earlier_stage_start = "earlier_stage_start"
    escalation_start = "escalation_start"
    other_limit = "other_limit"


CLOSING = frozenset({Anchor.settled, Anchor.ended})
"""Days that come only when a stage is over."""


class Status(str, Enum):
    """A file's approval: only a signed file speaks for the partnership."""

    draft = "draft"
    fact_checked = "fact_checked"
    signed = "signed"


class Owed(str, Enum):
    """What is to have come by the end of a limit."""

    answer = "answer"
    acknowledgement = "acknowledgement"
    conversation = "conversation"
    meeting = "meeting"
    decision = "decision"
    recommendation = "recommendation"
    view = "view"


TOGETHER = frozenset({Owed.conversation, Owed.meeting})
"""What both sides have to be at."""


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
    """When a statement holds. Every filled list must match; an empty list matches everything."""

    my_agency: tuple[Agency, ...] = ()
    their_agency: tuple[Agency, ...] = ()
    not_my_agency: tuple[Agency, ...] = ()
    not_their_agency: tuple[Agency, ...] = ()
    child_status: tuple[ChildStatus, ...] = ()
    disagreement: tuple[Disagreement, ...] = ()
    area: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()


ALWAYS = Applies()


class Quoted(PolicyPart, frozen=True, kw_only=True):
    """A part that comes from a passage of the document. `quote` holds that passage, word for word.

    Keepers see the quote beside our own words; practitioners never do.
    """

    source: str
    quote: str | None = None


class Statement(Quoted, frozen=True, kw_only=True):
    """Something the policy says, in our words."""

    what: str


class Principle(Statement, frozen=True, kw_only=True):
    """What the policy asks of everybody.

    `challenge`: it encourages somebody who hesitates. `duty`: it stands in all advice by stages.
    `covers`: it says which disagreements the policy is for.
    """

    challenge: bool = False
    duty: bool = False
    covers: bool = False


class Condition(Statement, frozen=True, kw_only=True):
    """A statement that may hold only for some facts.

    At a stage it says what must hold before: `only_if` ends the sentence on going on to it ("if
    they agree"); `first` is what has to be done before, in words that follow "to".
    """

    applies: Applies = ALWAYS
    only_if: str | None = None
    first: str | None = None


class Duty(Statement, frozen=True, kw_only=True):
    """Something to do at a stage, at the moments in `when`. `party` says which sides do it."""

    when: tuple[Moment, ...] = (Moment.raised,)
    applies: Applies = ALWAYS
    party: tuple[Party, ...] = (Party.raiser, Party.receiver)


class Notification(Duty, frozen=True, kw_only=True):
    """Somebody to notify. `address` is null unless the policy gives an address.

    `until_done`: whoever comes to a later stage is still told of it. `level` is the
    rung of a colleague: whoever stands on it, or above, need not tell themselves. `copied`: they
    get a copy of the message to the other agency. Own colleagues do not: they are told apart.
    """

    who: str
    address: str | None = None
    until_done: bool = False
    level: Level | None = None
    copied: bool = False
    party: tuple[Party, ...] = (Party.raiser,)


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
    party: tuple[Party, ...] = (Party.raiser,)


class FormAnywhere(Form, frozen=True, kw_only=True):
    """A form of the whole policy: for every stage, or for `from_stage` and those after it."""

    from_stage: int | None = None


class Role(Quoted, frozen=True, kw_only=True):
    """Who acts at a stage. Without `agencies` the role is for every agency not listed.

    With `when` it acts at that moment alone, in place of the stage's other roles: whoever is
    addressed once the stage has ended without agreement. `post` is the post alone, in words that
    fit whoever reads: "line manager". `asked_to` marks whoever the policy says acts at the stage,
    other than the agency it is raised with: the message goes to them and asks for this, in words
    that follow "Could you".
    """

    role: str
    post: str | None = None
    agencies: tuple[Agency, ...] = ()
    party: tuple[Party, ...] = (Party.raiser, Party.receiver)
    address: str | None = None
    asked_to: str | None = None
    applies: Applies = ALWAYS
    when: tuple[Moment, ...] = ()


class LimitReading(PolicyPart, frozen=True, kw_only=True):
    """One way to understand what a limit is counted from.

    `stage` names the earlier stage for `earlier_stage_start`; for `escalation_start` the lowest
    stage whose steps count as the start. `limit` is the `what` of the limit that `other_limit`
    follows, at this stage or at the earlier one in `stage`.
    """

    counted_from: Anchor
    stage: int | None = None
    limit: str | None = None
    because: str | None = None


class Limit(Quoted, frozen=True, kw_only=True):
    """A time limit. With several `readings` the earliest date is used and each is shown.

    `amount` is null for `same_working_day`, `without_delay` and `unspecified`. `or_sooner` is the
    policy's own condition for acting earlier, in our words. `applies` narrows it: to a priority, or
    to a branch. `shared`: a time for both sides together, which obliges neither to answer the
    other; `who` is then whoever goes on when it has passed. `owed` is what the other side waits
    for, `written`: it has to be in writing.
    """

    what: str
    who: Party
    unit: Unit
    readings: tuple[LimitReading, ...]
    shared: bool = False
    owed: Owed = Owed.answer
    written: bool = False
    amount: int | None = None
    strength: Strength = Strength.must
    or_sooner: str | None = None
    applies: Applies = ALWAYS

    @property
    def has_end(self) -> bool:
        """Whether the document says how long it is, so that a date can be counted."""
        return self.unit is not Unit.unspecified


class Cap(Limit, frozen=True, kw_only=True):
    """A limit over several stages together. It runs at each of them, beside their own.

    Once it has passed, no stage that begins afterwards is late because of it.
    """

    stages: tuple[int, ...]


class MustFollow(Statement, frozen=True, kw_only=True):
    """Stages that must come before this stage."""

    stages: tuple[int, ...]
    applies: Applies = ALWAYS


class OtherProcedure(Statement, frozen=True, kw_only=True):
    """Another procedure: for an exit, or for `kinds` of disagreement the policy excludes.

    `covered`: this policy's own stages handle it after all.
    """

    exit: Exit | None = None
    kinds: tuple[Disagreement, ...] = ()
    covered: bool = False


class Excluded(Statement, frozen=True, kw_only=True):
    """Where people of an excluded area go. `policy` is the id of the policy that is for them."""

    policy: str | None = None


class Area(Quoted, frozen=True, kw_only=True):
    """A member partnership of a policy that has several, with the places that name it.

    `excluded` marks an area that readers would expect but the policy does not cover, and says
    where to go instead.
    """

    id: str
    name: str
    places: tuple[str, ...]
    excluded: Excluded | None = None


class OpenCases(str, Enum):
    """Which version a case goes by that was open when the new one began."""

    old = "old"
    new = "new"


class Replaces(Statement, frozen=True, kw_only=True):
    """What a version changes for practitioners against the one before.

    `open_cases` is null where the policy does not say which version an open case goes by.
    """

    open_cases: OpenCases | None = None


class Priority(Statement, frozen=True, kw_only=True):
    """A priority or track that the agencies agree on; limits can depend on it."""

    id: str
    name: str


class OwnArea(Statement, frozen=True, kw_only=True):
    """An area of disagreement that the policy itself lists.

    `kinds` are those that its words name. `read_as` are kinds that the guide counts under it
    although the policy does not name them: shown as the guide's own reading.
    """

    kinds: tuple[Disagreement, ...] = ()
    read_as: tuple[Disagreement, ...] = ()

    @property
    def all_kinds(self) -> tuple[Disagreement, ...]:
        """The kinds that the policy names, and those that the guide counts under it."""
        return (*self.kinds, *self.read_as)


class Document(PolicyPart, frozen=True, kw_only=True):
    """The published text. A date it does not give is null and listed in `not_stated`.

    `retired` is the day from which it no longer holds, whatever holds then. `address` is the web
    page it was taken from and `looked_at` the day on which that was done.
    """

    title: str
    effective_from: date | None = None
    reviewed: date | None = None
    next_review: date | None = None
    retired: date | None = None
    dated: str | None = None
    address: str | None = None
    looked_at: date | None = None


class SignOff(PolicyPart, frozen=True, kw_only=True):
    """Who approved a file, by role and never by name, and when.

    `digest` is of the content that was approved (bot/core/policy/signing.py).
    """

    role: str
    day: date
    digest: str | None = None
