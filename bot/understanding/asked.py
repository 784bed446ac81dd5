"""What a message asks the guide, where it may also tell of another procedure or of harm."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from msgspec.structs import replace

from bot.core.handbook.topics import ABOUT_THE_GUIDE, Enquiry, Topic
from bot.core.vocabulary import ABOUT_RAISING, Exit
from bot.understanding.account.own_side import OwnSide
from bot.understanding.account.places import find_place
from bot.understanding.account.whole import read_whole
from bot.understanding.danger.signs import Signs
from bot.understanding.enquiry.colleagues import (
    asks_about_somebody,
    asks_of_fgm,
    asks_only_of_fgm,
    asks_what_is_said_of_allegations,
    asks_whom_to_tell,
    find_accused,
    whom_it_is_about,
)
from bot.understanding.enquiry.details import TermLexicon
from bot.understanding.enquiry.enquiries import by_rule, find_enquiry
from bot.understanding.exits import exit_told, find_exit
from bot.understanding.hesitation import hesitates
from bot.understanding.trained import Trained

WHOM_AND_WHEN = frozenset(
    {
        Topic.notify,
        Topic.contacts,
        Topic.next,
        Topic.out_of_hours,
        Topic.limits,
        Topic.counted,
        Topic.urgent,
    }
)
"""Topics of questions that the stages answer. Of an allegation they would send people wrong."""
WITHOUT_STAGES = frozenset({Exit.allegation, Exit.whistleblowing})
"""Other procedures whose answer to these questions is their own."""
ANSWERED_WITH_OWN_SIDE = {
    Topic.contacts,
    Topic.manager_wont,
    Topic.next,
    Topic.permission,
    Topic.unknown,
}
"""Topics that what to do without one's own manager answers: "my manager says no, who do I ask?"."""

ANSWERED_WITH_ALLEGATIONS = {Topic.manager_wont, Topic.reporting, Topic.unknown}
"""Topics that whom to tell answers, where a question names somebody who is accused."""


LESS_THAN_SCOPE = ABOUT_THE_GUIDE | {Topic.remaining, Topic.refusal}
"""Topics that "is this worth escalating?" and "what if I leave it?" only sound like."""
WHAT_TO_SAY = re.compile(
    r"\b(?:what|how) (?:do|should|can|could|would) (?:i|we) "
    r"(?:say|reply|respond|answer|come back)\b",
    re.IGNORECASE,
)
"""Asks for words; beside a reply that is named they are for an answer to it."""


def gives_way_to_scope(topic: Topic, text: str) -> bool:
    """Say whether whether to raise it at all is the better answer to a question of this topic."""
    guessed = topic is Topic.permission and by_rule(text) is not topic
    return guessed or topic in LESS_THAN_SCOPE


def way_told(
    text: str, today: date, trained: Trained, signs: Signs, own_side: OwnSide | None
) -> str | None:
    """Return the other procedure that the whole message is about."""
    whole = read_whole(text, today, trained.answers)
    return find_exit(text, dict(trained.intents), whole, signs, own_side)


def asked_of_guide(
    text: str,
    trained: Trained,
    lexicon: TermLexicon,
    feared: tuple[str | None, str | None],
    own_side: OwnSide | None,
    way: Callable[[], str | None],
) -> Enquiry | None:
    """Return the question that a message puts to the guide, unless it is first of all another."""
    enquiry = find_enquiry(text, lexicon, trained.topics)
    if enquiry is None or (own_side and enquiry.topic in ANSWERED_WITH_OWN_SIDE):
        return None
    if feared[0] in ABOUT_RAISING and gives_way_to_scope(enquiry.topic, text):
        return None
    if feared[1] and WHAT_TO_SAY.search(text):
        return None
    if hesitates(dict(trained.intents), *feared, enquiry, trained.topics):
        return None
    elsewhere = {*WITHOUT_STAGES, Exit.complaint} if enquiry.topic is Topic.next else WITHOUT_STAGES
    if enquiry.topic in WHOM_AND_WHEN and way() in elsewhere:
        # "There is an allegation against the head, who do I tell?" is first of all an allegation.
        return None
    return _where_they_are(enquiry, lexicon) if enquiry.topic is Topic.permission else enquiry


def _where_they_are(enquiry: Enquiry, lexicon: TermLexicon) -> Enquiry:
    """Return the question of the place that is told beside it: "in a school in Kent, can I?"."""
    where = find_place(enquiry.rest, lexicon.places)
    if enquiry.partnerships or enquiry.outside_place or not where.partnerships:
        return enquiry
    return replace(enquiry, partnerships=where.partnerships, area=where.area)


def whom_to_tell(
    text: str, shares: Mapping[str, float], way: Callable[[], str | None], enquiry: Enquiry | None
) -> tuple[Enquiry | None, Exit | None]:
    """Return the question whom to tell about FGM or a colleague, else the one that was found.

    Beside a colleague's behaviour the message tells of another procedure as well.
    """
    about = whom_it_is_about(text)
    if asks_of_fgm(text):
        rest = "" if asks_only_of_fgm(text) else text
        return Enquiry(topic=Topic.reporting, words="fgm", rest=rest), None
    if asks_whom_to_tell(text):
        told = exit_told(shares, way())
        if told is Exit.allegation:
            return Enquiry(topic=Topic.allegation, words=about, exit=told, rest=text), told
    elif about and asks_about_somebody(text):
        named = Exit.allegation if find_accused(text) else None
        return Enquiry(topic=Topic.allegation, words=about, exit=named), None
    if enquiry and _asks_of_allegations(text, enquiry):
        rest = enquiry.rest
        return Enquiry(topic=Topic.allegation, words=about, exit=Exit.allegation, rest=rest), None
    return enquiry, None


def _asks_of_allegations(text: str, enquiry: Enquiry) -> bool:
    """Say whether a question is of somebody who works with children and is accused.

    "What does KCSIE say about allegations against the head", "must I report a TA who hit a child".
    """
    if enquiry.topic is Topic.about:
        return asks_what_is_said_of_allegations(text)
    return enquiry.topic in ANSWERED_WITH_ALLEGATIONS and bool(find_accused(text))


def asks_about_harm_now(signs: Signs) -> bool:
    """Say whether a question names harm at this moment, though as a subject: 999 comes first."""
    return signs.at_once and bool(signs.flags.set_aside) and "asked" in signs.by_name
