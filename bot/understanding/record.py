"""What a message was read as: the record that the conversation works from."""

from typing import Any

import msgspec

from bot.core.handbook.topics import Enquiry
from bot.core.vocabulary import CallTo, Harm
from bot.understanding.account.own_side import OwnSide
from bot.understanding.alarm import RedFlag
from bot.understanding.danger.found_call import FoundCall
from bot.understanding.danger.people import PutRight


class Ranked(msgspec.Struct, frozen=True):
    """A kind of disagreement with its share among the 13."""

    name: str
    confidence: float


class Range(msgspec.Struct, frozen=True):
    """Words for an uncertain day, from the earliest to the latest it can be, as ISO dates."""

    heard: str
    earliest: str
    latest: str


class Bad(msgspec.Struct, frozen=True):
    """Words for an impossible date, with the reason."""

    heard: str
    why: str


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The understanding of a message. Ids are those of the closed lists and the policies.

    With an `enquiry`, everything but danger is read only from the text beside the question.
    """

    urgent: bool
    urgent_because: str | None
    flags: tuple[RedFlag, ...]
    disagreement: tuple[Ranked, ...]
    exit: str | None

    partnership: str | None
    area: str | None
    outside_place: str | None
    outside_authority: str | None = None
    outside_partnership: str | None = None
    outside_nation: str | None = None
    unclear_place: str | None = None
    place_among: tuple[str, ...] = ()
    says_only_where: bool = False
    """It names a place and says nothing else."""

    dates: tuple[str, ...]
    date_ranges: tuple[Range, ...]
    bad_dates: tuple[Bad, ...]
    agencies: tuple[str, ...]
    introduces: bool = False
    """It says no more than what somebody is."""
    is_name_alone: bool = False
    """It is an agency's name and nothing else."""
    levels: tuple[str, ...]
    own_talks: tuple[str, ...] = ()
    """The rungs of the steps on which whoever writes spoke to the other side themselves."""
    outcomes: tuple[str, ...]
    child_status: tuple[str, ...]
    not_done: bool = False
    nothing_new: bool = False
    nobody_asked: bool = False
    """Nobody of the other side was spoken to at all."""
    facts: dict[str, Any]
    """Only facts that the text settles: not the kind of disagreement, which is confirmed first."""

    side: str | None = None
    infers_side: bool = False
    """No words say which side they are on: it is made of who rang whom."""
    level: str | None = None
    """Where the person stands."""
    states_level: bool = False
    takes_over: bool = False
    title: str | None = None
    """What they call themselves."""
    written_to_me: bool = False
    """A challenge came to them in person."""
    passed_over: bool = False
    """It was taken past them: "they have gone over my head"."""
    wish: dict[str, Any] | None = None
    """The rung they want to go to, a `stage` or a `level`, or `up`: whichever comes next."""
    raised: tuple[dict[str, Any], ...] = ()
    """The stages that they say were raised, each by its `number`."""

    objects: bool = False
    """They say that something the guide understood is wrong."""
    reverses: bool = False
    """It is the other way round."""
    deletes: str | None = None
    """What they want deleted: a case, or only part of an answer."""
    own_side: OwnSide | None = None
    """Their own manager or lead will not take it up, or cannot be asked."""
    corrects: bool = False
    corrected: tuple[str, ...] = ()
    answered_on: str | None = None
    """The day on which the other side came back to them, as an ISO date."""
    taken_back: dict[str, tuple[str, ...]] = {}
    rung_was: str | None = None
    """The rung of whoever a correction says it was."""
    in_writing: bool = False
    nobody_spoke: bool = False
    """How it was instead of a talk."""

    draft: dict[str, str] = {}
    """The draft that the words name."""
    enquiry: Enquiry | None = None
    about_whom: str | None = None
    """Whom a worry about a colleague is about, where that changes who is told."""
    accuses: bool = False
    kept_out: CallTo | None = None
    """Who on their own side is close to whoever it is about."""
    not_lead: bool = False
    """Whether somebody else is their safeguarding lead, whatever their rung."""
    worry: str | None = None
    pushback: str | None = None
    """The fear, and the expected reply, that somebody who hesitates names."""
    request: str | None = None
    """What the words alone ask for."""

    harms: tuple[Harm, ...] = ()
    """What is told of a child that changes who is told today."""
    calls: tuple[FoundCall, ...] = ()
    only_help: bool = False
    """It tells that help is on its way, and no more."""
    elsewhere: bool = False
    """Whoever was sent went to the wrong place."""
    they_hold: bool = False
    """The police have somebody: the child, or whoever is feared."""
    call_was: PutRight | None = None
    """Whom a call that was told before was really to."""
    asks: str | None = None
    asks_about: CallTo | None = None
    """What somebody asks for in the middle of an emergency, and about whom."""

    cases: str | None = None
    """Another child or dispute is begun, two are kept apart, or one's cases are asked for.

    With "same" it names a brother or sister whom the same dispute is about.
    With "each" what was tried is told of two children apart, and no step is kept.
    """
    children: tuple[str, ...] = ()
    which_child: str | None = None
    """The one that a message names and says no more."""
    child_in_danger: str | None = None
    """The one that its danger is told of."""

    replies: dict[str, tuple[str, float]] = {}
    """For whoever knows which question is open."""
    is_bare_reply: bool = False
    """It is a yes, a no, an "I have read it" or an "I've done it", and nothing else."""
