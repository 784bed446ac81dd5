"""The row that the partnership's figures keep of an escalation: nothing about the child.

Every value is a word of a closed list, an id of a policy, a month or a
count of working days: no text, no name, no token and no exact day.
"""

import msgspec

from bot.core.vocabulary import Agency, Disagreement, Exit, Level, Route, Side, Word


class AnswerTiming(Word):
    """How the other agency's answer stands against the limit of a stage that has one."""

    in_time = "in_time"
    late = "late"
    waiting = "waiting"
    overdue = "overdue"
    not_known = "not_known"


class Decision(Word):
    """What came of it: whether the decision that was challenged changed."""

    changed = "changed"
    changed_in_part = "changed_in_part"
    not_changed = "not_changed"


class Helped(Word):
    """What helped to settle the disagreement."""

    talking = "talking"
    manager = "manager"
    evidence = "evidence"
    meeting = "meeting"
    policy = "policy"
    new_information = "new_information"
    something_else = "something_else"


class Learned(Word):
    """What caused the disagreement.

    Source: Pan-Dorset, section 9; Pan-Bedfordshire, section 3 (thresholds, roles, communication).
    """

    joint_working = "joint_working"
    misunderstanding = "misunderstanding"
    competing_priorities = "competing_priorities"
    capacity = "capacity"
    thresholds = "thresholds"
    roles = "roles"
    communication = "communication"
    something_else = "something_else"


class Taken(Word):
    """What the practitioner took from the guide: wording for the phone, a draft, the files."""

    wording = "wording"
    draft = "draft"
    files = "files"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An escalation, as it was when the guide last saw it.

    `month` is the month of the first advice, as "2026-11". `version` is the day on which the policy
    takes effect (an ISO text), "" if it does not say. `side` is the side of whoever told the guide;
    `raiser` is the agency that escalates, whoever told. `urgent` stays true once the child was in
    danger, and the stage is kept beside it. `stage` and `level` are the highest stage tried, None
    before the first; `days` maps each level tried to the working days spent there, and `answered`
    each level whose stage has a limit to how the answer stands against it. None means "not known"
    or "does not apply". `settled` is the level that settled it.
    """

    month: str
    policy: str
    version: str = ""
    area: str | None = None
    route: Route
    exit: Exit | None = None
    side: Side = Side.raiser
    urgent: bool = False
    disagreement: Disagreement | None = None
    raiser: Agency | None = None
    receiver: Agency | None = None
    stage: int | None = None
    level: Level | None = None
    days: dict[Level, int] = {}
    answered: dict[Level, AnswerTiming] = {}
    settled: Level | None = None
    decision: Decision | None = None
    helped: Helped | None = None
    learned: Learned | None = None
    wording: bool = False
    draft: bool = False
    files: bool = False
    understood: bool = True
