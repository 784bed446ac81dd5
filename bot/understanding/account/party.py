"""Find who is at the other end of a contact: the other agency, one's own side, or neither.

Only a contact of one's own side with the other agency, or with somebody of it, is a step. A grandad
who rings, or a colleague who is told, is none, in whatever order it is said.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import partial

from bot.core.vocabulary import Level
from bot.understanding.account.agencies import BARE_MANAGERS, Agencies
from bot.understanding.account.clauses import Clause
from bot.understanding.account.roles import Mention, find_outsiders
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import Span, sentences

_words = partial(pattern, "party")
_US = re.compile(r"\b(?:i|ive|id|we|weve|both|me|us|myself)\b")
_ME = re.compile(r"\b(?:i|ive|id|me|myself)\b")
_SUBJECT = re.compile(r"i|ive|id|we|weve")
_PRONOUN = re.compile(r"\b(?:she|shes|he|hes|they|theyve|theyre|them|him|her|hers|theirs)\b")
_SOMEBODY = re.compile(rf"{_PRONOUN.pattern}|\b(?:my|our)\b")
_BEGINS = re.compile(
    r"\W*(?:(?:and|then|so|but|also|even|just|have|had|been|again|finally|later|first)\W+)*"
)
"""Before a verb that nobody is named for: "rang the manager", "and then told her"."""
_STOP = re.compile(r"[.;!?\n]+(?=\s|$)")


class End(Enum):
    """Who is at the other end of a contact. `nobody` is named in "rang on Monday"."""

    theirs = "theirs"
    ours = "ours"
    outside = "outside"
    pronoun = "pronoun"
    unknown = "unknown"
    nobody = "nobody"


NO_PARTY = frozenset({End.ours, End.outside, End.unknown})
"""With any of these a contact is no step."""
Somebody = tuple[int, int, End]


def other_ends(words: str, agencies: Agencies, clauses: Iterable[Clause]) -> Mapping[int, End]:
    """Return who is at the other end, for each clause by its start.

    "She" is whoever was spoken of last: after a nan rang, the nan.
    """
    people = _people(words, agencies)
    found: dict[int, End] = {}
    last = End.theirs
    for clause in clauses:
        end = _other_end(words, clause.at, people)
        found[clause.at.start] = End.outside if (end, last) == (End.pronoun, End.outside) else end
        here = [side for start, _, side in people if clause.at.start <= start < clause.at.end]
        if End.theirs in here:
            last = End.theirs
        elif end is End.outside:
            last = end
    return found


def _people(words: str, agencies: Agencies) -> list[Somebody]:
    """Return everybody in a text and whose side they are on, in order."""
    named = [(one.start, one.end, _side(words, one, agencies)) for one in agencies.mentions]
    outside = [
        (one.start, one.end, End.outside)
        for one in find_outsiders(words)
        # "Her mums social worker" is the social worker, and "the a&e sister" a nurse.
        if not any(start - 1 <= one.end and one.start <= end + 1 for start, end, _ in named)
    ]
    us = [(*found.span(), End.ours) for found in _US.finditer(words)]
    owners = {start for start, _, _ in named + outside}
    them = [
        (*found.span(), End.pronoun)
        for found in _PRONOUN.finditer(words)
        if found.group() != "her" or found.end() + 1 not in owners
    ]
    return sorted(named + outside + us + them)


def _side(words: str, one: Mention, agencies: Agencies) -> End:
    """Return whose side somebody is on: "our nurse" is ours, "our social worker" may be theirs.

    Whoever is only taken for a colleague by their trade may be anybody's.
    """
    worker = one.is_person and one.level is Level.practitioner
    if worker and one.agency not in {None, agencies.mine} and one.agency is agencies.theirs:
        return End.theirs
    manager = one.word in BARE_MANAGERS and _words("before_a_manager").search(words, 0, one.start)
    return End.ours if one.is_ours or manager else End.theirs


def _other_end(words: str, at: Span, people: list[Somebody]) -> End:
    verb = _words("contact").search(words, at.start, at.end)
    if verb is None:
        return End.nobody
    before = [side for start, end, side in people if at.start <= start and end <= verb.start()]
    objects = list(_objects(words, verb.end(), at.end, people))
    actor, to = before[-1] if before else None, objects[0] if objects else None
    if actor is End.outside:
        return End.outside
    if actor in {End.theirs, End.pronoun}:
        return End.outside if to is End.outside else actor
    if End.theirs in objects:
        return End.theirs
    if to in {End.outside, End.pronoun}:
        return to
    if to is End.ours and actor is None:
        who = _words("came").search(words, at.start, at.end)
        return _named(who) if who else End.nobody
    if to is End.ours:
        return End.ours
    return _named(_words("went").match(words[verb.start() : at.end]))


def _named(found: re.Match[str] | None) -> End:
    """Return whether somebody is named by a word that no list has: "rang the garage"."""
    return End.unknown if found and not _words("anybody").search(found["who"]) else End.nobody


def _objects(words: str, start: int, end: int, people: list[Somebody]) -> Iterator[End]:
    """Yield whose side those are on to whom something is said.

    The second only counts if it goes with the first ("mum and the social worker"), or something is
    said to them ("raised mums drinking with the social worker").
    """
    reach = _words("matter").search(words, start, end)
    until, last = (reach.start() if reach else end), start
    for begin, after, side in people:
        if not start <= begin < until:
            continue
        if side is End.ours and _SUBJECT.fullmatch(words, begin, after):
            return
        between = words[last:begin]
        if last > start and not _words("goes_on").fullmatch(between):
            if side in {End.ours, End.pronoun}:
                return
            if not _words("towards").search(between):
                continue
        yield side
        last = after


def spoke_themselves(words: str, at: Span, agencies: Agencies) -> bool:
    """Say whether whoever writes was in a contact, and nobody else of their side is named.

    "I rang her manager", "her manager rang me"; not "my team lead rang hers", nor "she rang her".
    """
    here = [one for one in agencies.mentions if at.start <= one.start < at.end]
    if any(one.is_person and one in agencies.own for one in here):
        return False
    if _ME.search(words, at.start, at.end):
        return True
    verb = _words("contact").search(words, at.start, at.end)
    if verb is None or not _BEGINS.fullmatch(words, at.start, verb.start()):
        return False
    begin = max((cut.end() for cut in _STOP.finditer(words, 0, at.start)), default=0)
    earlier = [one for one in agencies.mentions if begin <= one.start < at.start]
    return not any(one.is_person and one.is_ours for one in earlier) and not _SOMEBODY.search(
        words, begin, at.start
    )


def lower(level: Level, own: Level | None) -> Level:
    """Return the rung that both sides have reached: the lower one. `own` is None if not told."""
    return level if own is None or own.rank >= level.rank else own


def nobody_was_asked(words: str, agencies: Agencies, clauses: Iterable[Clause]) -> bool:
    """Say whether somebody says that nobody of the other side was spoken to at all.

    "Nobody has rung us back" is another matter, and so is a manager who has not been asked yet.
    """
    if any(
        _words("reached_nobody").match(words, part.start, part.end) for part in sentences(words)
    ):
        return True
    people = _people(words, agencies)
    told = list(clauses)
    return any(
        _denies_all(words, clause.at, people, agencies)
        and not _is_told_of_them(words, clause, told, people)
        for clause in told
    )


def _is_told_of_them(
    words: str, clause: Clause, clauses: Iterable[Clause], people: list[Somebody]
) -> bool:
    """Say whether somebody of theirs, with whom the sentence opens, is who has asked nobody.

    "The worker closed it off her own bat, never asked health or school."
    """
    verb = _words("denied_at_first").match(words[clause.at.start : clause.at.end])
    first = next(one for one in clauses if one.sentence == clause.sentence)
    if verb is None or first is clause:
        return False
    opens = [side for start, _, side in people if first.at.start <= start < first.at.end]
    return opens[:1] == [End.theirs]


def _denies_all(words: str, at: Span, people: list[Somebody], agencies: Agencies) -> bool:
    for verb in _words("not_yet_said").finditer(words, at.start, at.end):
        denial = _words("denied").search(words, at.start, verb.start())
        if denial is None:
            continue
        before = [side for start, end, side in people if at.start <= start and end <= verb.start()]
        if before and before[-1] is not End.ours:
            continue
        left = words[verb.end() : at.end]
        anybody = _words("anybody_of_theirs").match(left)
        to = next((one for one in agencies.mentions if verb.end() <= one.start < at.end), None)
        worker = to and to.agency and to.level is Level.practitioner and not to.is_ours
        named = worker and _words("goes_on").fullmatch(words, verb.end(), to.start) if to else None
        said = verb["alone"] or anybody or named
        rest = (
            left[anybody.end() :] if anybody else words[to.end : at.end] if named and to else left
        )
        if said and not _words("but_some").match(rest):
            return True
    return False
