"""What is kept of an escalation for the partnership's figures: its shape, and nothing of the child.

A `Row` is one escalation. Every value is a word of a closed list, an id of a policy, a month or a
count of working days: no text, no name, no token and no exact day.
"""

import msgspec

from bot.core.vocabulary import Agency, Disagreement, Exit, Level, Route, Word


class AnswerTiming(Word):
    """How the other agency's answer at the highest stage stood against the policy's limit."""

    in_time = "in_time"
    late = "late"
    waiting = "waiting"
    overdue = "overdue"
    no_limit = "no_limit"
    not_known = "not_known"


class Helped(Word):
    """What helped to settle it."""

    talking = "talking"
    manager = "manager"
    evidence = "evidence"
    meeting = "meeting"
    policy = "policy"
    new_information = "new_information"
    something_else = "something_else"


class Learned(Word):
    """What lay behind it.

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
    """What of the guide's was taken away: wording for the phone, a draft to send, a form."""

    wording = "wording"
    draft = "draft"
    form = "form"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One escalation, as it stood when it was last looked at.

    `month` is that of the first advice, as "2026-11". `version` is the day from which the policy is
    in force (an ISO text), "" where it does not say. `stage` and `level` are the highest stage
    tried, None where nothing was; `days` maps each level tried to working days spent there. None
    is "not known" or "does not apply". `settled` is the level at which it was settled.
    """

    month: str
    policy: str
    version: str = ""
    area: str | None = None
    route: Route
    exit: Exit | None = None
    disagreement: Disagreement | None = None
    raiser: Agency | None = None
    receiver: Agency | None = None
    stage: int | None = None
    level: Level | None = None
    days: dict[Level, int] = {}
    answered: AnswerTiming = AnswerTiming.not_known
    settled: Level | None = None
    helped: Helped | None = None
    learned: Learned | None = None
    wording: bool = False
    draft: bool = False
    form: bool = False
    understood: bool = True
