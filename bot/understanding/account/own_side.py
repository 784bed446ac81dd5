"""Find that somebody's own manager or lead will not take it up, or that nobody can be asked.

Read clause by clause. Who is meant is read from the roles that the text names; what is said of them
is an open class, learned from `data/nlu/own_side.yml`. There a title stands as "manager" or "lead",
so that what was learned of one holds for every other.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec
from msgspec.structs import replace

from bot.core.vocabulary import Agency, Worry
from bot.understanding.account.agencies import Agencies
from bot.understanding.account.dates import Dates
from bot.understanding.account.roles import (
    SAFEGUARDING_LEAD,
    Mention,
    find_mentions,
    is_shared_title,
)
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import Span, clauses, normal, sentences

REFUSED = "refused"
WORRIES = {REFUSED: Worry.own_manager, "away": Worry.nobody_there}
"""What is learned of a clause, and the worry that it is (`bot/letters/confidence.yml`)."""
SURE, SURE_OF_OURS, SURELY = 0.4, 0.55, 0.8
"""The least share of what is learned of a clause: in a reply, of somebody who is "my" or "our" with
other matter beside them, and where the clause does not say whose side it is about."""
PRACTITIONER, ORGANISATION = "practitioner", "organisation"
A_REPLY = 18
"""Of at most so many words the conversation says whose side is meant, where the words do not."""
SHORTEST_PLURAL = 5
ALONE = 16
"""Of at most so many words nothing else is told: an account may be of one agency alone."""
NOTHING = "none"
STANDS_FOR = {SAFEGUARDING_LEAD: "lead"}
THEIRS = frozenset({"their", "her", "his", "that", "another", "your"})
NOBODY = re.compile(
    r"\b(?:no\s?body|no\s?one|any\s?body|any\s?one|alone|on (?:my|our) own|only one)\b"
)
"""Says of one's own side that there is nobody, where no role is named."""
GOES_ON = re.compile(
    r"^(?:and\s+|but\s+|so\s+|cos\s+|because\s+)?(?:she|he|they|shes|hes|theyre)\b"
)
"""Begins a clause about whoever the clause before it was about."""
Answers = Mapping[str, tuple[str, float]]
"""What the ranker of one's own side says of each clause, with its share."""


class OwnSide(msgspec.Struct, frozen=True):
    """What is told of one's own side: the worry, and the title of whoever it is about.

    With `is_told` the words say that they are on one's own side; else only the conversation can
    say it, by the `agency` of that title, None for one that many agencies use. `surely`: only of
    one's own side is such a thing said. `alone`: it is all that is told. `on` is the day, if it
    is told.
    """

    worry: Worry
    who: str | None = None
    agency: Agency | None = None
    is_told: bool = True
    surely: bool = False
    alone: bool = False
    on: date | None = None


def own_side_clauses(text: str) -> tuple[str, ...]:
    """Return the clauses of a text as the ranker of one's own side is to rank them."""
    words = normal(text)
    mentions = find_mentions(words)
    return tuple(dict.fromkeys(_worded(words, at, mentions) for at in _clauses(words)))


def worded(line: str) -> str:
    """Return a clause to learn from, as `own_side_clauses` words it."""
    words = normal(line)
    return _worded(words, Span(0, len(words)), find_mentions(words))


def find_own_side(text: str, agencies: Agencies, dates: Dates, answers: Answers) -> OwnSide | None:
    """Return what a text tells of one's own side, or None."""
    words = normal(text)
    count = len(words.split())
    in_reply = count <= A_REPLY
    for at, one in _told_of(words, agencies):
        said, share = answers.get(_worded(words, at, agencies.mentions), (NOTHING, 0.0))
        ours = one is not None and one.is_ours
        enough = SURE if in_reply else SURE_OF_OURS if ours else SURELY
        if said not in WORRIES or share < enough or _is_no_refusal(words, at, one):
            continue
        if _supports(words, at, away=said != REFUSED):
            continue
        days = [day.on for day in dates.found if at.start <= day.start < at.end]
        told = OwnSide(
            worry=WORRIES[said],
            surely=share >= SURELY,
            alone=count <= ALONE,
            # "On leave till Monday" names the day of their return.
            on=days[0] if len(days) == 1 and said == REFUSED else None,
        )
        if one is None:
            if told.surely and NOBODY.search(words[at.start : at.end]):
                return told
            continue
        if pattern("own_side", "between").search(words, 0, one.start):
            continue
        if not ours and pattern("own_side", "refuses_a_stage").match(words, one.end):
            continue
        if one.owner in THEIRS or (one.rung == PRACTITIONER and not told.surely):
            continue
        is_told = _is_ours(words, one, agencies, away=said != REFUSED)
        is_told = is_told and (one.is_ours or not _said_of_theirs_too(words, at, one, agencies))
        if is_told or in_reply:
            agency = None if is_shared_title(one.word) else one.agency
            return replace(told, who=_title(one), agency=agency, is_told=is_told)
    return None


def _told_of(words: str, agencies: Agencies) -> Iterator[tuple[Span, Mention | None]]:
    """Yield each clause with whom it is about: somebody it names, or "she" of the one before.

    A clause that only names somebody begins what they say: "Ward manager: we don't argue".
    """
    before, named_alone = None, False
    for at in _clauses(words):
        if before and at.start < before.end:
            continue  # The rest of a title: "team manager, council housing, Deal".
        here = [one for one in agencies.mentions if at.start <= one.start < at.end]
        above = [one for one in here if _may_decide(words, one)]
        said = words[at.start : at.end].strip()
        goes_on = not here and (named_alone or GOES_ON.search(said))
        one = above[0] if above else (before if goes_on else None)
        named_alone = bool(above) and said == above[0].word
        if (one or not here) and not named_alone:
            yield at, one
        before = one or (None if here else before)


def _is_no_refusal(words: str, at: Span, one: Mention | None) -> bool:
    """Say whether a clause tells what somebody has done, or asks, and no refusal.

    "It was raised by my manager", "can my boss stop me?".
    """
    said = words[at.start : at.end]
    if _words("asked").match(said):
        return True
    raised = one is not None and _words("raised_by").search(words[at.start : one.start])
    return bool(raised or pattern("history", "settled_between").search(said))


def _supports(words: str, at: Span, *, away: bool) -> bool:
    """Say whether a clause tells that they back it or take it up: "she thinks they are wrong".

    Whoever met the other side can be asked. "She backs me but won't ring" is no support.
    """
    said = words[at.start : at.end]
    if away and _words("met").search(said):
        return True
    backs = _words("supports").search(said)
    if backs is None or _words("but_no").match(words, at.end):
        return False
    beside = f"{said[: backs.start()]} | {said[backs.end() :]}"
    return not _words("not_supported").search(beside)


def _may_decide(words: str, one: Mention) -> bool:
    """Say whether somebody can say no: a person, and not the one who writes."""
    if not one.is_person:
        return False
    before = words[max(0, one.start - 90) : one.start]
    return not pattern("agencies", "mine").search(before)


def _is_ours(words: str, one: Mention, agencies: Agencies, *, away: bool) -> bool:
    """Say whether the words say that somebody is on the writer's own side.

    "DSL off sick" is said of one's own, where nobody of another agency is spoken of.
    """
    if one.is_ours or _words("own").search(words[: one.start]):
        return True
    if one.rung == PRACTITIONER:
        return False
    # "Boss says no": whose boss it is goes without saying.
    lone = away and not is_shared_title(one.word) and agencies.mine is None
    bare = not one.owner and (one.agency is None or (lone and one.agency is not agencies.theirs))
    mine = agencies.mine is not None and one.agency is agencies.mine
    return mine or bare


def _said_of_theirs_too(words: str, at: Span, one: Mention, agencies: Agencies) -> bool:
    """Say whether the clause before says the same of another agency: "sw said no, manager said no".

    Whose manager that is the words do not say.
    """
    above = [them for them in agencies.mentions if them.start < at.start]
    if not above or above[-1].agency in {None, agencies.mine} or above[-1].is_ours:
        return False
    said = words[above[-1].end : at.start].strip(" ,;.-")
    return said == words[one.end : at.end].strip(" ,;.-")


def _title(one: Mention) -> str:
    """Return somebody's title, without the "s" of "the senior partner's view"."""
    ending = "" if len(one.word) < SHORTEST_PLURAL or one.word.endswith("ss") else "s"
    return one.word.removesuffix(ending)


def _words(name: str) -> re.Pattern[str]:
    return pattern("own_side", name)


def _worded(words: str, at: Span, mentions: Sequence[Mention]) -> str:
    """Return a clause with "manager" or "lead" for every title of somebody above the worker."""
    said, end = "", at.start
    for one in mentions:
        if at.start <= one.start < at.end and one.rung not in {PRACTITIONER, ORGANISATION}:
            said += words[end : one.start] + STANDS_FOR.get(one.rung, "manager")
            end = max(end, min(one.end, at.end))
    return (said + words[end : at.end]).strip()


def _clauses(words: str) -> Iterator[Span]:
    """Yield each clause, without who is writing: "im the dsl in kent and my head says no"."""
    for sentence in sentences(words):
        for at in clauses(words, sentence):
            who = _words("who_writes").match(words, at.start, at.end)
            yield Span(who.end(), at.end) if who else at
