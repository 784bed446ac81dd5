"""Find what a question names: a stage, a level, an agency, a procedure, a person or a term."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.core.enquiry.names import all_names
from bot.core.enquiry.search import COMMON, policy_words, words_of
from bot.core.handbook.guidance import Answers, normalised
from bot.core.handbook.topics import Which
from bot.core.policy.model import Policy
from bot.core.vocabulary import Agency, Exit, Level
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.gazetteer import Gazetteer
from bot.understanding.account.slips import Known, correct_slip, known_words
from bot.understanding.enquiry.sentences import QuestionSentence
from bot.understanding.words.patterns import pattern

_words = partial(pattern, "enquiry")
_WORD = re.compile(r"[\w&-]+")
_LEFT_OUT = re.compile(r"\[([^\]]+)\]")
"""What stands for something that was masked: nothing can be looked up by it."""
LONGEST_NAME = 6
"""The most words of a name that is looked for."""
NAMED_BARELY = (Agency.health, Agency.education, Agency.police, Agency.childrens_social_care)
"""Agencies whose bare name is too vague in an account, but enough in "contact in health"."""
NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
}


@dataclass(frozen=True)
class TermLexicon:
    """Everything the policies and the guidance name: places, terms, and words of statements.

    `names` are the policies' own names of partnerships and posts.
    """

    places: Gazetteer
    terms: frozenset[str]
    names: frozenset[str]
    words: frozenset[str]
    slips: Known


def term_lexicon(
    places: Gazetteer, policies: Mapping[str, Policy], answers: Answers
) -> TermLexicon:
    """Return the lexicon of the policies and the guide's own guidance."""
    terms = frozenset(normalised(name) for term in answers.terms for name in term.names)
    words = {word for policy in policies.values() for word in policy_words(policy)}
    words.update(word for term in terms for word in term.split())
    names = all_names(policies.values(), answers)
    return TermLexicon(places, terms, names, frozenset(words), known_words(words | COMMON))


def stage_number(asked: QuestionSentence) -> int | None:
    """Return the number of the stage named in the question, or else before it."""
    for text in (asked.text, asked.whole):
        found = _words("stage_number").search(text) or _words("stage_ordinal").search(text)
        if found:
            said = found.group(1)
            return int(said) if said.isdigit() else NUMBERS[said]
    return None


def which_stage(asked: QuestionSentence) -> Which | None:
    """Return the stage named by its position: "the last stage"."""
    return next((which for which in Which if _words(f"which_{which}").search(asked.text)), None)


def level(asked: QuestionSentence) -> Level | None:
    """Return the level named: "the line manager stage"."""
    return next((named for named in Level if _words(f"level_{named}").search(asked.text)), None)


def procedure(asked: QuestionSentence) -> Exit | None:
    """Return the other procedure named."""
    return next((named for named in Exit if _words(f"exit_{named}").search(asked.text)), None)


def agency(asked: QuestionSentence) -> Agency | None:
    """Return the agency in which somebody is looked for: "in the police", "police contact"."""
    at = _words("at_agency").search(asked.text)
    if at is None:
        return None
    where = asked.typed[at.start() :]
    mentioned = find_agencies(where).mentioned
    if mentioned:
        return mentioned[0]
    return next((bare for bare in NAMED_BARELY if _words(f"agency_{bare}").search(where)), None)


def subject(asked: QuestionSentence, known: TermLexicon) -> str | None:
    """Return what a question such as "what is a …" asks about, with typing errors corrected."""
    named = own_name(asked, known) or _to_reach(asked, known)
    if named:
        return named
    for text in (asked.text, asked.typed):
        head = _words("about_head").match(text)
        words = _WORD.findall(_without_tail(text[head.end() :] if head else text))
        if words and words != ["here"]:
            return " ".join(correct_slip(word, known.slips) for word in words)
    return None


def whose_time(asked: QuestionSentence) -> str | None:
    """Return the post or body whose time is asked for: "how long does the commissioner have"."""
    found = _words("whose_time").search(asked.text)
    return found.group(1) if found else None


def _without_tail(text: str) -> str:
    tail = _words("about_tail").search(text)
    return text[: tail.start() if tail else None]


def own_name(asked: QuestionSentence, known: TermLexicon) -> str | None:
    """Return the policies' own name that a question asks about; a bare name is only a place."""
    head = _words("about_head").match(asked.typed)
    rest = asked.typed[head.end() if head else 0 :]
    what = _without_tail(rest)
    return what.strip() if (head or what != rest) and normalised(what) in known.names else None


def _to_reach(asked: QuestionSentence, known: TermLexicon) -> str | None:
    """Return the term whose number or address is asked for: "how do I ring the LADO?"."""
    found = _words("to_reach").search(asked.text)
    whom = next((one for one in found.groups() if one), "") if found else ""
    if not whom or _words("to_reach_elsewhere").search(whom):
        return None
    said = normalised(whom)
    return next((name for name in (said, said.removesuffix("s")) if name in known.terms), None)


def term_named(asked: QuestionSentence, known: TermLexicon) -> str | None:
    """Return the longest term that the question names anywhere."""
    words = _WORD.findall(normalised(asked.text))
    names = (
        " ".join(words[begin : begin + length])
        for length in range(LONGEST_NAME, 0, -1)
        for begin in range(len(words) - length + 1)
    )
    return next((name for name in names if name in known.terms), None)


def words_to_look_up(asked: QuestionSentence, known: TermLexicon) -> str | None:
    """Return what to look up: the subject, or those of its words that the policies use."""
    found = subject(asked, known)
    if found in _LEFT_OUT.findall(asked.typed):
        return None
    if found is None or _words("about_head").match(asked.text) or len(found.split()) == 1:
        return found
    if normalised(found) in known.terms | known.names:
        return found
    names = [word for word in found.split() if set(words_of(word)) & known.words]
    return " ".join(names) or None


def names_something(what: str, asked: QuestionSentence, known: TermLexicon) -> bool:
    """Say whether a question such as "who is the …" asks about a word of the policies."""
    words = words_of(what)
    named = _words("about_head").search(asked.text) and not _words("not_subject").search(what)
    if not named or asked.before or not words:
        return False
    return len(words) <= LONGEST_NAME and words[-1] in known.words
