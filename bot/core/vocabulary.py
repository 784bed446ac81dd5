"""The closed lists of the design, section 2. Every other module takes its words from here."""

from enum import Enum


class Word(str, Enum):
    """A closed list whose members are their own text."""

    __str__ = str.__str__


class Risk(Word):
    """How great the practitioner says the risk to the child is, greatest first."""

    immediate_danger = "immediate_danger"
    immediate_harm = "immediate_harm"
    unsure = "unsure"
    concern = "concern"
    no_harm = "no_harm"


URGENT_RISKS = frozenset({Risk.immediate_danger, Risk.immediate_harm, Risk.unsure})
"""Risks to act on today. Unsure counts until the safeguarding lead says otherwise."""
CALM_RISKS = frozenset(Risk) - URGENT_RISKS
"""Risks that can wait for the stages."""


class Disagreement(Word):
    """What the two agencies disagree about."""

    threshold = "threshold"
    child_protection_procedures = "child_protection_procedures"
    assessment_outcome = "assessment_outcome"
    plan_progress = "plan_progress"
    agency_response = "agency_response"
    roles_and_responsibilities = "roles_and_responsibilities"
    information_sharing = "information_sharing"
    service_provision = "service_provision"
    step_up_step_down = "step_up_step_down"
    decision_rationale = "decision_rationale"
    unilateral_decision = "unilateral_decision"
    meeting_attendance = "meeting_attendance"
    communication = "communication"


class Exit(Word):
    """Another procedure that may fit better than escalation."""

    allegation = "allegation"
    whistleblowing = "whistleblowing"
    complaint = "complaint"
    own_agency = "own_agency"
    conference_dissent = "conference_dissent"
    risk_increased = "risk_increased"


class Agency(Word):
    """The kinds of organisation that work with children."""

    childrens_social_care = "childrens_social_care"
    education = "education"
    health = "health"
    police = "police"
    early_years = "early_years"
    youth_justice = "youth_justice"
    probation = "probation"
    housing = "housing"
    adult_services = "adult_services"
    voluntary = "voluntary"
    other = "other"


class ChildStatus(Word):
    """Plans and care arrangements that change who must be told."""

    child_protection_plan = "child_protection_plan"
    looked_after = "looked_after"
    child_in_need = "child_in_need"
    early_help = "early_help"


class Child(Word):
    """Words that tell apart the children of one conversation, and name nobody."""

    older = "older"
    younger = "younger"
    baby = "baby"
    first = "first"
    second = "second"
    girl = "girl"
    boy = "boy"


class Level(Word):
    """A stage's place in any organisation, lowest first."""

    practitioner = "practitioner"
    line_manager = "line_manager"
    senior_manager = "senior_manager"
    director = "director"
    partnership = "partnership"

    @property
    def rank(self) -> int:
        """0 for the practitioner up to 4 for the partnership."""
        return RANKS[self]


RANKS = {level: rank for rank, level in enumerate(Level)}
"""Looked up many times in a turn."""


class Outcome(Word):
    """The outcome of a step."""

    awaiting = "awaiting"
    unresolved = "unresolved"
    resolved = "resolved"
    no_response = "no_response"


class Route(Word):
    """What kind of help applies, the most urgent first."""

    emergency = "emergency"
    same_day = "same_day"
    exit = "exit"
    resolved = "resolved"
    staged = "staged"


URGENT_ROUTES = (Route.emergency, Route.same_day)
"""Routes on which the stages are set aside and somebody acts today, the most urgent first."""


class Action(Word):
    """What the practitioner does next. `respond` is the receiver's: they owe an answer."""

    discuss = "discuss"
    respond = "respond"
    wait = "wait"
    escalate = "escalate"
    record = "record"
    act_now = "act_now"
    signpost = "signpost"


class Side(Word):
    """Which side of the disagreement somebody is on."""

    raiser = "raiser"
    receiver = "receiver"


class Harm(Word):
    """What is told of a child that changes who is told today, or what is not done.

    Missing, and the police may not know; FGM; forced marriage, or abuse for a family's honour;
    hurt or ill so that an ambulance is needed; hurt, and to be sent home by a hospital.
    """

    missing = "missing"
    fgm = "fgm"
    forced_marriage = "forced_marriage"
    ambulance = "ambulance"
    sent_home = "sent_home"


class CallTo(Word):
    """Whom somebody tried to get to act today."""

    police = "police"
    childrens_social_care = "childrens_social_care"
    safeguarding_lead = "safeguarding_lead"
    own_manager = "own_manager"
    their_manager = "their_manager"
    other = "other"


class CallOutcome(Word):
    """What came of a call."""

    made = "made"
    coming = "coming"
    refused = "refused"
    no_answer = "no_answer"


LEFT = "left"
"""The worry of whoever asks what comes of it if nobody does anything."""
ABOUT_RAISING = {"scope", LEFT}
"""The worries of whoever wonders whether to raise it at all."""


class Worry(Word):
    """What stands in the way on one's own side: who was asked says no, or nobody can be asked."""

    own_manager = "own_manager"
    nobody_there = "nobody_there"


SOUNDS_SO = "sounds_like_danger"
"""The family of danger that no rule names."""
