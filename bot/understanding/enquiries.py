"""Questions to the guide: whether a message is one, what it asks and what it names.

A question is told from an account ("they closed it again, what do I do now?"): an account says
what was done or said about this child, and is taken as answers. Rules over word sheets name the
topic; where they name none, the trained ranker of topics does (`ranker.py`). What stands beside
the question is its `rest`: that alone may fill an answer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.core.enquiry_search import vocabulary, words_of
from bot.core.enquiry_topics import Enquiry, Topic, Which
from bot.core.guidance import Answers, key, sides
from bot.core.policy import Policy
from bot.core.vocabulary import Agency, Exit, Level
from bot.understanding.agencies import find_agencies
from bot.understanding.patterns import pattern, sheet
from bot.understanding.places import Gazetteer, find_place, without_places
from bot.understanding.ranker import NO_TOPIC
from bot.understanding.slips import Known, known_words, mended
from bot.understanding.text import normal, sentences

SHEETS = ("enquiry", "enquiry_topics")
_words = partial(pattern, "enquiry")
_topics = partial(pattern, "enquiry_topics")
RULED = tuple(Topic(name) for name in sheet("enquiry_topics") if not name.startswith("not_"))
"""Topics that rules find, in the order of trying."""
SURE_OF_TOPIC = 0.35
"""Least share of a topic among all, and among the messages that ask nothing."""
SURE_AGAINST_RULE = 0.6
"""Least share with which the ranker outdoes a rule that is WEAK."""
SURE_WITH_MARK = 0.6
SURE_WITHOUT_OPENER = 0.92
"""Least share for a sentence that does not begin as a question does, with and without its mark."""
ASKS_SOMETHING = 0.88
"""Least share of all topics together for a question that no single one stands out for."""
WEAK = (Topic.about, Topic.kinds, Topic.stage, Topic.stages)
"""Topics whose rules match what other topics mention as well."""
FEWEST, MANY = 3, 14
"""Words of a sentence that may be a question though it does not begin as one."""
MOST_WORDS = 40
"""A longer sentence tells a story, however it begins."""
OWN_POSITION = (Topic.manager_wont, Topic.permission)
"""Topics for which what is told before the question is part of it: "I'm new, can I?"."""
_SUBJECT = re.compile(r"[\w&-]+")
SHORTEST = 3
"""Words of a term that, with a question mark, is a question by itself."""
LONGEST_NAME = 6
"""Words of the longest name that is looked for."""
NUMBERS = {
    word: number
    for number, words in enumerate(
        (("one",), ("two", "second", "2nd"), ("three", "third", "3rd"), ("four", "fourth", "4th"),
         ("five", "fifth", "5th")), 1
    )
    for word in words
}  # fmt: skip


@dataclass(frozen=True)
class Lexicon:
    """What the policies and the guidance name: places, terms, and the words of their statements."""

    places: Gazetteer
    terms: frozenset[str]
    words: frozenset[str]
    slips: Known


def lexicon(places: Gazetteer, policies: Mapping[str, Policy], answers: Answers) -> Lexicon:
    """Return the lexicon of the policies and the guide's own guidance."""
    for name in SHEETS:
        # Patterns are compiled at their first use: here, and not in somebody's first message.
        for pattern_name in sheet(name):
            pattern(name, pattern_name)
    terms = frozenset(key(name) for term in answers.terms for name in term.names)
    words = {word for policy in policies.values() for word in vocabulary(policy)}
    words.update(word for term in terms for word in term.split())
    return Lexicon(places, terms, frozenset(words), known_words(words))


@dataclass(frozen=True)
class _Asked:
    """A sentence with a question in it. In `plain`, as long, the names of places are "here"."""

    sentence: str
    plain: str
    told: slice
    question: slice
    opened: bool = True

    @property
    def text(self) -> str:
        """The question as the rules read it."""
        return self.plain[self.question]

    @property
    def whole(self) -> str:
        """The sentence from its first word that tells something."""
        return self.plain[self.told.start :]

    @property
    def before(self) -> str:
        """What the sentence tells before the question, as it was typed."""
        return self.sentence[self.told].strip(" ,-")


def asks(text: str) -> bool:
    """Say whether a message may hold a question: cheap, and rather too often than too seldom."""
    parts = list(_parts(normal(text), None))
    alone = len(parts) == 1 and FEWEST <= len(parts[0][0].split()) <= MANY
    return alone or any(asked for _, asked in parts)


def find_enquiry(
    text: str, known: Lexicon, topics: Sequence[tuple[str, float]] = ()
) -> Enquiry | None:
    """Return the question that a message puts to the guide, or None.

    `topics` is every topic with its share, by the trained ranker, for the whole message.
    """
    parts = list(_parts(normal(text), known.places))
    told = [sentence for sentence, asked in parts if asked is None]
    if any(map(_words("account").search, told)):
        return None
    for _, asked in parts:
        found = _topic(asked, known, topics) if asked else None
        if asked is None or found is None:
            continue
        before = [] if _belongs(asked, found) else [asked.before]
        if any(map(_words("account").search, [*before, *_aside(asked)])):
            return None
        return _enquiry(found, asked, known, rest=". ".join([*told, *before]))
    return _unopened(text, parts, known, topics) if len(parts) == 1 else None


def _unopened(
    text: str,
    parts: list[tuple[str, _Asked | None]],
    known: Lexicon,
    topics: Sequence[tuple[str, float]],
) -> Enquiry | None:
    """Return a question that begins like none, where the ranker is surer than elsewhere."""
    ((sentence, asked),) = parts
    plain = without_places(sentence, known.places)
    bar = SURE_WITH_MARK if "?" in text else SURE_WITHOUT_OPENER
    if not topics or topics[0][0] == NO_TOPIC or topics[0][1] < bar or (asked and asked.opened):
        return None
    if not FEWEST <= len(plain.split()) <= MANY or _words("stage_alone").search(plain):
        return None
    if any(_words(one).search(plain) for one in ("elsewhere", "unsure")):
        return None
    whole = _Asked(sentence, plain, slice(0, 0), slice(0, None))
    return _enquiry(Topic(topics[0][0]), whole, known, rest="")


def _belongs(asked: _Asked, topic: Topic) -> bool:
    """Say whether what stands before a question is part of it: "I'm new, can I?"."""
    own = topic in OWN_POSITION and _words("own_position").search(asked.before)
    told_apart = _words("account").search(asked.before) or _ruled(asked.text)
    return not asked.before or bool(own) or not told_apart


def _parts(words: str, places: Gazetteer | None) -> Iterator[tuple[str, _Asked | None]]:
    """Yield each sentence, with the question in it where there is one."""
    for span in sentences(words):
        sentence = words[span.start : span.end].strip()
        marked = words[span.end :].lstrip(" .!")[:1] == "?"
        yield sentence, _question(sentence, places, marked=marked)


def _question(sentence: str, places: Gazetteer | None, *, marked: bool) -> _Asked | None:
    """Find the question in a sentence: at its beginning, after a lead, or later on."""
    plain = without_places(sentence, places) if places else sentence
    lead = _words("lead").match(plain)
    start = lead.end() if lead else 0
    text = plain[start:]
    if not text or len(text.split()) > MOST_WORDS or _words("telling").search(text):
        return None
    whole = _Asked(sentence, plain, slice(start, start), slice(start, None))
    opened = _words("opener").search(text) or (marked and _words("marked_opener").search(text))
    if opened or _words("terse").search(text):
        return whole
    later = _words("asked_later").search(text)
    if later and not _words("telling").search(text[later.end() :]):
        told = slice(start, start + later.start())
        unsure = _words("unsure").search(plain[told])
        return None if unsure else _Asked(sentence, plain, told, slice(start + later.end(), None))
    short = len(text.split()) <= SHORTEST and not _words("answers_too").search(text)
    if marked and (short or _words("marked").search(text)):
        return replace(whole, opened=False)
    return None


def _aside(asked: _Asked) -> list[str]:
    """Return what is told in the question itself, after a comma, unless it is only supposed."""
    if _words("hypothetical").search(asked.text):
        return []
    return asked.text.split(",")[1:]


def _topic(asked: _Asked, known: Lexicon, topics: Sequence[tuple[str, float]]) -> Topic | None:
    """Return what a question is about: a term, what the rules find, what the ranker finds."""
    if _words("elsewhere").search(asked.whole):
        return None
    subject = _subject(asked, known)
    if subject and all(one in known.terms for one in sides(subject)):
        return Topic.about
    ruled = _ruled(asked.text) or _ruled(asked.whole)
    if ruled is None and subject and _names_something(subject, asked, known):
        ruled = Topic.about
    ranked = _ranked(topics) if asked.opened else None
    sure = bool(topics) and topics[0][1] >= SURE_AGAINST_RULE
    return ranked if ranked and (ruled is None or (ruled in WEAK and sure)) else ruled


def _ruled(text: str) -> Topic | None:
    return next((topic for topic in RULED if _says(topic, text)), None)


def _names_something(subject: str, asked: _Asked, known: Lexicon) -> bool:
    """Say whether a sentence such as "who is the …" asks about a word of the policies."""
    words = words_of(subject)
    named = _words("about_head").search(asked.text) and not _words("not_subject").search(subject)
    if not named or asked.before or not words:
        return False
    return len(words) <= LONGEST_NAME and words[-1] in known.words


def _says(topic: Topic, text: str) -> bool:
    taken_back = f"not_{topic}"
    return bool(_topics(str(topic)).search(text)) and not (
        taken_back in sheet("enquiry_topics") and _topics(taken_back).search(text)
    )


def _ranked(topics: Sequence[tuple[str, float]]) -> Topic | None:
    """Return the topic that the ranker is sure enough of; `unknown` where it is sure of no one."""
    if not topics:
        return None
    best, share = topics[0]
    nothing = dict(topics).get(NO_TOPIC, 0.0)
    if best != NO_TOPIC and share >= SURE_OF_TOPIC:
        return Topic(best)
    return Topic.unknown if nothing <= 1 - ASKS_SOMETHING else None


def _enquiry(topic: Topic, asked: _Asked, known: Lexicon, rest: str) -> Enquiry | None:
    """Return the question with all that it names, or None where it names too little."""
    question = asked.sentence[asked.question]
    where = find_place(question, known.places)
    number = _stage_number(asked.text) or _stage_number(asked.whole)
    which = next((one for one in Which if _words(f"which_{one}").search(asked.text)), None)
    if topic is Topic.stage and number is None and which is None:
        topic = Topic.stages
    if topic is Topic.stages and not where.partnerships:
        return None
    subject = _subject(asked, known) if topic is Topic.about else None
    if topic is Topic.about and not subject:
        topic = Topic.unknown
    staged = topic in {Topic.contacts, Topic.stage}
    return Enquiry(
        topic=topic,
        stage=number,
        which=which if number is None else None,
        level=_level(asked.text) if staged and number is None and which is None else None,
        agency=_agency(asked, question) if staged else None,
        exit=_exit(asked.text) if topic is Topic.other_procedure else None,
        words=subject,
        partnerships=where.partnerships,
        area=where.area,
        outside_place=where.outside_place,
        rest=rest,
    )


def _stage_number(text: str) -> int | None:
    found = _words("stage_number").search(text) or _words("stage_ordinal").search(text)
    if found is None:
        return None
    said = found.group(1)
    return int(said) if said.isdigit() else NUMBERS[said]


def _level(text: str) -> Level | None:
    return next((level for level in Level if _words(f"level_{level}").search(text)), None)


def _exit(text: str) -> Exit | None:
    return next((way for way in Exit if _words(f"exit_{way}").search(text)), None)


def _agency(asked: _Asked, question: str) -> Agency | None:
    """Return the agency at which somebody is looked for: "in the police", "police contact"."""
    at = _words("at_agency").search(asked.text)
    if at is None:
        return None
    mentioned = find_agencies(question[at.start() :]).mentioned
    return mentioned[0] if mentioned else None


def _subject(asked: _Asked, known: Lexicon) -> str | None:
    """Return what a question such as "what is a …" asks about, its slips mended."""
    for text in (asked.text, asked.sentence[asked.question]):
        head = _words("about_head").match(text)
        rest = text[head.end() :] if head else text
        tail = _words("about_tail").search(rest)
        words = _SUBJECT.findall(rest[: tail.start()] if tail else rest)
        if words and words != ["here"]:
            return " ".join(mended(word, known.slips) for word in words)
    return None
