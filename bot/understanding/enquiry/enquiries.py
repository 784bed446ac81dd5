"""Recognise enquiries: whether a message puts a question to the guide, and what it asks.

An account says what was done or said about this child and is taken as answers, even with a
question in it ("they closed it again, what do I do now?"). Rules over word sheets find the topic;
if they find none, the trained ranker of topics does (`ranker.py`). Only the text beside the
question, its `rest`, may fill an answer.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache, partial

from bot.core.enquiry.somebody import TOLD
from bot.core.handbook.guidance import normalised, terms_asked
from bot.core.handbook.topics import (
    APPROVES,
    AWAY,
    DECIDES,
    IN_WRITING,
    INFORMATION,
    OF_A_CALL,
    Enquiry,
    Topic,
)
from bot.core.vocabulary import Side
from bot.understanding.account.agencies import Agencies, find_agencies
from bot.understanding.account.places import find_place
from bot.understanding.account.position import is_asked_to_act, own_title, said_side
from bot.understanding.enquiry import details
from bot.understanding.enquiry.details import TermLexicon
from bot.understanding.enquiry.sentences import (
    QuestionSentence,
    may_be_question,
    questions_by_sentence,
    whole_as_question,
)
from bot.understanding.model.ranker import NO_TOPIC
from bot.understanding.words.patterns import pattern, sheet
from bot.understanding.words.text import normal, sentences

_words = partial(pattern, "enquiry")
_topics = partial(pattern, "enquiry_topics")
Topics = Sequence[tuple[str, float]]
"""Every topic with its share, by the trained ranker, the likeliest first."""
WEAK = (Topic.about, Topic.kinds, Topic.stage, Topic.stages)
"""Topics whose rules also match words that other topics mention."""
OWN_POSITION = (Topic.manager_wont, Topic.permission)
"""Topics of which the words before the question are a part: "I'm new, can I?"."""
CASES = {
    (Topic.contacts, "who_decides"): DECIDES,
    (Topic.contacts, "who_approves"): APPROVES,
    (Topic.contacts, "is_away"): AWAY,
    (Topic.law, "of_sharing"): INFORMATION,
    (Topic.records, "of_a_call"): OF_A_CALL,
    (Topic.refusal, "in_writing"): IN_WRITING,
}
"""The one case of a topic that a question asks about, by the words for it in the sheet."""
HEAR_OF_IT = {
    "conference_chair": "told_late",
    "reviewing_officer": "told_late",
    "partnership": "told_by_form",
    "partner_representative": "told_to_arrange",
}
"""Posts whose part in an escalation is to be told of it, and the words in which they tell of that.

What they tell is of other agencies.
"""
MOST_BEFORE = 12
"""With more words before the question, a sentence tells a story."""
HOW_IT_STANDS = 6
"""So many words before a question may say how it stands, and leave a question of it."""
SURE_OF_TOPIC = 0.35
"""Least share of a topic among all, and among the messages that ask nothing."""
SURE_OF_ASKED = 0.25
"""The same if it is nearly certain that something is asked."""
NOT_TOLD = 0.1
"""If NO_TOPIC has at most this share, it is nearly certain that something is asked."""
MAY_NAME = 0.15
"""Least share of `about` for a name that is only known as a word of the policies."""
SURE_AGAINST_RULE = 0.6
"""Least share with which the ranker overrules a WEAK rule."""
SURE_WITH_MARK = 0.6
SURE_WITHOUT_OPENER = 0.92
"""Least share for a sentence that does not begin like a question, with and without its mark."""


def compile_patterns() -> None:
    """Compile every pattern now, and not during somebody's first message."""
    for name in sheet("enquiry"):
        _words(name)
    _rules()


def find_enquiry(text: str, known: TermLexicon, topics: Topics = ()) -> Enquiry | None:
    """Return the question that a message puts to the guide, or None."""
    own_part = _told_of(text, known) or _asked_to_act(text) or _law_alone(text)
    if own_part is not None:
        return own_part
    found = list(questions_by_sentence(normal(text), known.places))
    told = [sentence for sentence, asked in found if asked is None]
    asks = any(asked and asked.asks for _, asked in found)
    if any(map(_tells, told)) and not asks:
        return None
    for _, asked in found:
        topic = _topic(asked, known, topics) if asked else None
        if asked is None or topic is None:
            continue
        # "I'm a student in a school in Kent, can I?" tells who asks, and is no account of a case.
        belongs = _belongs(asked, topic)
        before = [] if belongs else [asked.before]
        who = [asked.before] if belongs and topic is Topic.permission else []
        words = len(asked.before.split())
        # "She still says no, can I do it myself?": how it stands, and no account of a case.
        stands = topic is Topic.skip and len(found) == 1 and words <= HOW_IT_STANDS
        tells = any(map(_tells, [*([] if stands else before), *asked.aside]))
        if words > MOST_BEFORE or tells:
            return None
        return _enquiry(topic, asked, known, rest=". ".join([*told, *before, *who]))
    if len(found) == 1 and not (found[0][1] and found[0][1].opened):
        return _unopened(found[0][0], known, topics, marked="?" in text)
    return None


def _told_of(text: str, known: TermLexicon) -> Enquiry | None:
    """Return the question of somebody who was told or received a form: "what do I do with this?".

    How it reached them is no account of a case of theirs.
    """
    words = normal(text)
    role = next((name for name in TOLD if _words(f"told_{name}").search(words)), None)
    if role is None or pattern("exits", "dispute_of_a_reviewing_officer").search(words):
        return None
    hears = role in HEAR_OF_IT and _words(HEAR_OF_IT[role]).search(words)
    if not (hears or _words("with_this").search(words)):
        return None
    where = find_place(words, known.places)
    return Enquiry(topic=Topic.told, words=role, partnerships=where.partnerships, area=where.area)


def _law_alone(text: str) -> Enquiry | None:
    """Return the question of somebody who types no more than "the law?" or "legal duty"."""
    return Enquiry(topic=Topic.law) if _words("law_alone").search(normal(text)) else None


def _asked_to_act(text: str) -> Enquiry | None:
    """Return the question of somebody to whom it has come: "she escalated to me, what do I do?".

    All the rest of the message is an account.
    """
    words = normal(text)
    for part in sentences(words):
        asked = _words("with_this").search(words, part.start, part.end)
        if asked is None:
            continue
        rest = f"{words[: asked.start()]}{words[asked.end() :]}"
        # "Do I have to answer?" alone may be of the guide's own questions.
        told = rest if "answer" in asked.group() else text
        agencies = find_agencies(told)
        if is_asked_to_act(told, agencies) or _has_staff_in_it(agencies):
            return Enquiry(topic=Topic.next, rest=rest.strip(" ,;-"))
    # By when they must answer is asked of the day that the account tells.
    if _words("own_time").search(words) and said_side(text, find_agencies(text)) is Side.receiver:
        return Enquiry(topic=Topic.limits, rest=text) if _tells(words) else None
    return None


def _has_staff_in_it(agencies: Agencies) -> bool:
    """Say whether somebody with a title tells of their own staff: "our DSL's talked with hers"."""
    own = own_title(agencies)
    return own is not None and any(
        one.is_ours and one.is_person and one.level.rank < own.rank for one in agencies.mentions
    )


def _tells(text: str) -> bool:
    return bool(_words("account").search(text))


def _belongs(asked: QuestionSentence, topic: Topic) -> bool:
    """Say whether the words before a question are part of it: "I'm new, can I?"."""
    own = topic in OWN_POSITION and _words("own_position").search(asked.before)
    apart = _tells(asked.before) or _ruled(asked.text)
    return not asked.before or bool(own) or not apart


def _unopened(sentence: str, known: TermLexicon, topics: Topics, *, marked: bool) -> Enquiry | None:
    """Return a question that does not begin like one, if the ranker is especially sure."""
    bar = SURE_WITH_MARK if marked else SURE_WITHOUT_OPENER
    if not topics or topics[0][0] == NO_TOPIC or topics[0][1] < bar:
        return None
    if not may_be_question(sentence, marked=marked):
        return None
    asked = whole_as_question(sentence, known.places)
    against = ("elsewhere", "unsure", "stage_alone")
    if any(_words(name).search(asked.plain) for name in against):
        return None
    return _enquiry(Topic(topics[0][0]), asked, known, rest="")


def _topic(asked: QuestionSentence, known: TermLexicon, topics: Topics) -> Topic | None:
    """Return the topic of a question: by a known term, by the rules, or by the ranker."""
    subject = details.subject(asked, known)
    # "And" parts two terms, and stands in the name of an Act.
    named = (normalised(subject), *terms_asked(subject)) if subject else ()
    if subject and (named[0] in known.terms or all(side in known.terms for side in named[1:])):
        return Topic.about
    if details.own_name(asked, known):
        return Topic.about
    if _words("elsewhere").search(asked.whole):
        return None
    ruled = _ruled(asked.text) or _ruled(asked.whole)
    may_name = dict(topics).get(str(Topic.about), 1.0) >= MAY_NAME
    if ruled is None and may_name and subject and details.names_something(subject, asked, known):
        ruled = Topic.about
    ranked = _ranked(topics) if asked.opened else None
    sure = bool(topics) and topics[0][1] >= SURE_AGAINST_RULE
    weak = ruled in WEAK and not _words("stage_exists").search(asked.text)
    topic = ranked if ranked and (ruled is None or (weak and sure)) else ruled
    if topic is Topic.contacts and _out_of_hours(normal(f"{asked.before} {asked.typed}")):
        # "It's the weekend, who do I ring?": whoever is there now, not the managers of the stages.
        return Topic.out_of_hours
    return topic


def _out_of_hours(text: str) -> bool:
    says, takes_back = _topics("out_of_hours"), _topics("not_out_of_hours")
    return bool(says.search(text)) and not takes_back.search(text)


def by_rule(text: str) -> Topic | None:
    """Return the topic that a rule finds in a text."""
    return _ruled(normal(text))


@lru_cache(maxsize=8)
def _ruled(text: str) -> Topic | None:
    """Return the first topic that a rule finds. Cached, since each message needs it repeatedly."""
    for topic, says, takes_back in _rules():
        if says.search(text) and not (takes_back and takes_back.search(text)):
            return topic
    return None


@cache
def _rules() -> tuple[tuple[Topic, re.Pattern[str], re.Pattern[str] | None], ...]:
    """Return each topic in the order of trying, with its pattern and the pattern against it."""
    names = sheet("enquiry_topics")
    return tuple(
        (Topic(name), _topics(name), _topics(f"not_{name}") if f"not_{name}" in names else None)
        for name in names
        if not name.startswith("not_")
    )


def _ranked(topics: Topics) -> Topic | None:
    """Return the topic that the ranker is sure of, or `unknown` if only a question is certain."""
    if not topics:
        return None
    best, share = topics[0]
    surely_asks = dict(topics).get(NO_TOPIC, 0.0) <= NOT_TOLD
    if best != NO_TOPIC and share >= (SURE_OF_ASKED if surely_asks else SURE_OF_TOPIC):
        return Topic(best)
    return Topic.unknown if surely_asks else None


def _enquiry(
    topic: Topic, asked: QuestionSentence, known: TermLexicon, rest: str
) -> Enquiry | None:
    """Return the question with all that it names.

    None if it asks for all stages without naming a policy: the intent `stages` shows them.
    """
    where = find_place(asked.typed, known.places)
    number, which = details.stage_number(asked), details.which_stage(asked)
    if topic is Topic.stage and number is None and which is None:
        topic = Topic.stages
    if topic is Topic.stages and not where.partnerships:
        return None
    subject = details.words_to_look_up(asked, known) if topic is Topic.about else None
    if topic is Topic.reporting:
        subject = details.term_named(asked, known)
    if topic is Topic.limits:
        subject = details.whose_time(asked)
    subject = next(
        (case for of, case in CASES.items() if of[0] is topic and _words(of[1]).search(asked.text)),
        subject,
    )
    if topic is Topic.about and not subject:
        topic = Topic.unknown
    staged = topic in {Topic.contacts, Topic.stage}
    placed = number is not None or which is not None
    return Enquiry(
        topic=topic,
        stage=number,
        which=which if number is None else None,
        level=details.level(asked) if staged and not placed else None,
        agency=details.agency(asked) if staged else None,
        exit=details.procedure(asked) if topic is Topic.other_procedure else None,
        words=subject,
        partnerships=where.partnerships,
        area=where.area,
        outside_place=where.outside_place,
        outside_nation=where.nation,
        rest=rest,
    )
