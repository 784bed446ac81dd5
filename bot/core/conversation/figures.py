"""The row that the partnership's figures keep of an escalation: nothing about the child.

Every value is a word of a closed list, an id of a policy, a month or a
count of working days: no text, no name, no token and no exact day.
"""

import msgspec

from bot.core.vocabulary import Agency, Disagreement, Exit, Level, Route, Word


class AnswerTiming(Word):
    """Whether the other agency answered within the limit at the highest stage."""

    in_time = "in_time"
    late = "late"
    waiting = "waiting"
    overdue = "overdue"
    no_limit = "no_limit"
    not_known = "not_known"


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
    """What the practitioner took from the guide: wording for the phone, a draft, a form."""

    wording = "wording"
    draft = "draft"
    form = "form"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An escalation, as it was when the guide last saw it.

    `month` is the month of the first advice, as "2026-11". `version` is the day on which the policy
    takes effect (an ISO text), "" if it does not say. `stage` and `level` are the highest stage
    tried, None before the first; `days` maps each level tried to the working days spent there.
    None means "not known" or "does not apply". `settled` is the level that settled it.
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
