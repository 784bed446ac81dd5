"""The signs that the decision about danger is made from, each a number by its name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot.core.vocabulary import Risk
from bot.understanding.account.confidence import find_pushback, find_worry
from bot.understanding.account.gazetteer import Gazetteer
from bot.understanding.account.places import without_places
from bot.understanding.danger.context import figures_removed, without_safe_now
from bot.understanding.danger.harms import is_held_or_leaving
from bot.understanding.danger.red_flags import SET_ASIDE, Flags, find_flags
from bot.understanding.danger.risk import stated_risk
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "context")
AROUND = ("asked", "long_ago", "dealt_with", "calm", "goes_on")
"""What the words around may say, anywhere in the text. Patterns of `words/context.yml`."""
AT_ONCE = "time_at_once"
TIMES = (
    AT_ONCE, "time_tonight", "time_today", "time_ahead", "time_behind", "going_on",
    "in_hand",
)  # fmt: skip
"""When it may be, by the words anywhere in the text."""
COMES_LATER = "comes_later"
"""What is feared comes on a later day. A pattern of `words/context.yml`."""
SOONER = {AT_ONCE, "time_tonight", "going_on"}
"""What says that something is going on, or is to be today: then not all comes later."""
PLACEHOLDER = re.compile(r"\[[a-z ]+\]")
FEW, BRIEF, MANY = 6, 14, 25
"""A text with fewer words than FEW says little, and one of at most BRIEF is a sentence or two; with
MANY or more it tells a story."""
INJURY = "injury"
"""The family for marks that were seen: on a child in safe hands they are for today, not for 999."""
NEGLECT = "neglect"
"""The family for a child without an adult's care: found and taken home, it is for today."""
SAID_PLAINLY = "plain_danger"
"""The family for people who say outright that a child is in danger. Nothing gainsays it."""


@dataclass(frozen=True)
class Signs:
    """What the rules find in a text: its flags, the risk it states, and every sign by name."""

    flags: Flags
    stated: Risk | None
    by_name: Mapping[str, float]
    at_once: bool = False
    """Whether words that mean nothing but this moment ("right now", "as I type") are anywhere, or
    a girl who is to be married cannot get out."""
    seen_safe: bool = False
    """Whether all that is told is an injury on a child who is with a professional, and safe, that
    the police have the child in their own hands, or that a child out alone was taken home."""
    only_graded: bool = False
    """Whether the rules hear no more than the grade of a risk that is for today: "at immediate
    risk"."""

    @property
    def said_plainly(self) -> bool:
        """Whether somebody says outright that a child is in danger."""
        return any(flag.family == SAID_PLAINLY for flag in self.flags.urgent)

    @property
    def said_now(self) -> bool:
        """Whether somebody says outright that it happens now, should there be danger."""
        return self.at_once or any(flag.danger_now for flag in self.flags.urgent)


def find_signs(text: str, today: date, places: Gazetteer | None = None) -> Signs:
    """Return the signs of a masked text."""
    flags, stated = find_flags(text, today, places), stated_risk(text)
    names = set(_signs(text, flags, stated, places))
    if _hesitates(text):
        names.add("hesitates")
    plain = figures_removed(normal(text))
    at_once = bool(_words("this_moment").search(without_safe_now(plain)))
    at_once = at_once or is_held_or_leaving(text, flags)
    others = {flag.family for flag in flags.urgent} - {INJURY}
    seen_safe = not others and _is_seen_safe(plain)
    seen_safe = seen_safe or (others <= {SAID_PLAINLY, "grave"} and _is_held_by_police(plain))
    seen_safe = seen_safe or (others <= {NEGLECT} and _is_brought_home(plain))
    graded = stated is Risk.immediate_harm and not at_once
    only_graded = graded and not find_flags(without_grade(text), today, places).urgent
    by_name = dict.fromkeys(sorted(names), 1.0)
    return Signs(flags, stated, by_name, at_once, seen_safe, only_graded)


def without_grade(text: str) -> str:
    """Return a text without the grade of a risk that is for the same day."""
    return _words("grade").sub(" ", normal(text))


def _hesitates(text: str) -> bool:
    """Say whether somebody tells of their own worry, or of a reply that they expect.

    What the other side has said, and a worry that only its words could name, is an account:
    "they say it is no threshold" stands beside real danger too.
    """
    words = normal(text)
    if _words("expected").search(words) and find_pushback(text) is not None:
        return True
    return bool(_words("first_person").search(words)) and find_worry(text) is not None


def _signs(text: str, flags: Flags, stated: Risk | None, places: Gazetteer | None) -> Iterator[str]:
    urgent = flags.urgent
    yield from (f"rule {flag.sign}" for flag in urgent)
    yield from (f"rule {flag.when}" for flag in urgent)
    if urgent:
        yield "rule"
    if len({flag.sign for flag in urgent}) > 1:
        yield "rules"
    yield from (f"set aside {reason}" for reason in SET_ASIDE if reason in flags.set_aside)
    if flags.set_aside and not urgent:
        yield "set aside only"
    if stated:
        yield f"stated {stated}"
    plain = normal(text)
    words = figures_removed(plain)
    if words != plain:
        yield "figure of speech"
    yield from (name for name in AROUND if _words(name).search(words))
    if not urgent and _words("asked_first").search(words):
        yield "asked"
    yield from _times(words)
    only_calls = _says_only_of_calls(words, places) or _says_only_of_colleague(words)
    if only_calls or _only_identifies(text, words):
        yield "only of calls"
    yield from _shape(text, words)


def _times(words: str) -> Iterator[str]:
    """Yield when it may be, by the words anywhere in the text."""
    moment = without_safe_now(words)
    told = [name for name in TIMES if _words(name).search(moment if name == AT_ONCE else words)]
    yield from told
    if _words(COMES_LATER).search(words) and not SOONER.intersection(told):
        yield COMES_LATER


def _shape(text: str, words: str) -> Iterator[str]:
    """Yield whether a text asks, is short or long, and has something masked."""
    if "?" in text:
        yield "question"
    count = len(words.split())
    if count < FEW:
        yield "few words"
    if count <= BRIEF:
        yield "short"
    if PLACEHOLDER.search(text):
        yield "masked"
    if "[case code]" in text:
        yield "case code"
    elif count >= MANY:
        yield "many words"


def _only_identifies(text: str, words: str) -> bool:
    """Say whether a text says only who or where somebody is, and that was masked."""
    return bool(PLACEHOLDER.search(text)) and _says_only(words, "of_records", "beside_records")


def _is_seen_safe(words: str) -> bool:
    """Say whether an injury was seen on a child who is in safe hands, with nobody on the way."""
    told = all(_words(name).search(words) for name in ("seen_injury", "safe_hands", "said_safe"))
    return told and not _words("not_yet_safe").search(words)


def _is_held_by_police(words: str) -> bool:
    """Say whether the police have a child in their own hands, with nobody on the way to them."""
    return bool(_words("police_hold").search(words)) and not _words("not_yet_safe").search(words)


def _is_brought_home(words: str) -> bool:
    """Say whether a child who was out alone was found and taken home, with no new danger there."""
    return bool(_words("brought_home").search(words)) and not _words("not_yet_safe").search(words)


def _says_only_of_calls(words: str, places: Gazetteer | None) -> bool:
    """Say whether each word is one of news of a call or of a pregnancy, or a small word beside.

    Where an office is says no more: "who's on call tonight in hackney". "He rang and is at it
    again" does.
    """
    if _words("of_acts").search(words):
        return False
    plain = without_places(words, places, instead="") if places else words
    return _says_only(plain, "of_calls", "small_words")


def _says_only_of_colleague(words: str) -> bool:
    """Say whether a text says only that a colleague cannot be asked: "he's ill, my dsl cant come".

    Who "he" is has to be said: a child may be unable to come too.
    """
    named = _words("a_colleague").search(words)
    return bool(named) and _says_only(words, "of_colleague", "beside_colleague")


def _says_only(words: str, what: str, beside: str) -> bool:
    """Say whether there is something of a pattern, and nothing but what may stand beside it."""
    rest, found = _words(what).subn(" ", words)
    return bool(found) and not re.search(r"\w", _words(beside).sub(" ", rest))
