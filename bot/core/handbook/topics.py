"""What people ask the guide on the way: the topics it knows, and the shape of an enquiry.

`bot/understanding/enquiry/enquiries.py` finds them, `bot/core/enquiry/answer.py` answers them. A
question is only answered: nothing in it fills or changes what the conversation holds.
"""

import msgspec

from bot.core.vocabulary import Agency, Exit, Level, Word


class Topic(Word):
    """What a question is about. Those up to `about` are answered from the policies first."""

    next = "next"
    stage = "stage"
    stages = "stages"
    limits = "limits"
    counted = "counted"
    contacts = "contacts"
    forms = "forms"
    send = "send"
    notify = "notify"
    records = "records"
    skip = "skip"
    urgent = "urgent"
    out_of_hours = "out_of_hours"
    remaining = "remaining"
    permission = "permission"
    principles = "principles"
    relationship = "relationship"
    manager_wont = "manager_wont"
    refusal = "refusal"
    consent = "consent"
    document = "document"
    partnership = "partnership"
    other_procedure = "other_procedure"
    kinds = "kinds"
    members = "members"
    learning = "learning"
    told = "told"
    about = "about"
    which_policy = "which_policy"
    allegation = "allegation"
    reporting = "reporting"
    law = "law"
    confidentiality = "confidentiality"
    guide = "guide"
    harm = "harm"
    unsure = "unsure"
    answering = "answering"
    unknown = "unknown"


ABOUT_THE_GUIDE = frozenset(
    {
        Topic.allegation,
        Topic.reporting,
        Topic.law,
        Topic.confidentiality,
        Topic.guide,
        Topic.harm,
        Topic.unsure,
        Topic.answering,
        Topic.unknown,
    }
)
"""Topics that only the guide answers."""
ABOUT_A_QUESTION = frozenset({Topic.guide, Topic.harm, Topic.unsure, Topic.answering})
"""What people ask about the first question before they answer it."""


INFORMATION = "information"
"""What `law` asks about where it is sharing what is known."""
DECIDES = "decides"
"""What `contacts` asks where it is who settles it at a stage."""
APPROVES = "approves"
"""What `contacts` asks where it is who lets it go to a stage."""
AWAY = "away"
"""What `contacts` asks where whoever would answer is on leave or off sick."""
OF_A_CALL = "call"
"""What `records` asks where it is whether a call may be recorded."""
IN_WRITING = "writing"
"""What `refusal` asks where it is whether something has to be in writing."""
OF_THE_GUIDE_FIRST = frozenset({AWAY, OF_A_CALL, IN_WRITING})
"""Cases in which what the guide says is the answer: what policies say of it stands below."""


class Which(Word):
    """A stage that is named by its place and not by its number, or every stage."""

    first = "first"
    present = "present"
    next = "next"
    last = "last"
    every = "every"


class Enquiry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question as the guide understood it. Only what the question names is filled.

    `stage` is the policy's own number, `words` what `about`, `law` and `reporting` ask about, whose
    time in `limits`, who asks in `told`, one case of `contacts`, `records` or `refusal` (see
    above); in `allegation` it is whom it is about (`head`, `lead`, `me`), or `conflict` where
    whoever would be told is close to them. `exit` is the procedure asked about, in `allegation`
    where the question itself names one. `partnerships` and `area` are ids, `outside_place` is a
    place that no policy covers, with its `outside_nation` if that is not England.
    `rest` is the part of the message beside the question; only that part can answer the open
    question.
    """

    topic: Topic
    stage: int | None = None
    which: Which | None = None
    level: Level | None = None
    agency: Agency | None = None
    exit: Exit | None = None
    words: str | None = None
    partnerships: tuple[str, ...] = ()
    area: str | None = None
    outside_place: str | None = None
    outside_nation: str | None = None
    rest: str = ""
