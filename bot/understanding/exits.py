"""Find the other procedure that fits better, such as that for an allegation."""

import re
from collections.abc import Mapping
from functools import partial

from bot.core.vocabulary import Exit
from bot.understanding.account.agencies import Agencies
from bot.understanding.account.own_side import OwnSide
from bot.understanding.account.roles import Mention
from bot.understanding.account.whole import Whole
from bot.understanding.danger.red_flags import PASSED_ON
from bot.understanding.danger.signs import Signs
from bot.understanding.enquiry.colleagues import (
    find_accused,
    names_a_colleague,
    tells_of_a_childs_act,
    tells_of_fgm,
    tells_of_misconduct,
    tells_only_of_a_talk,
)
from bot.understanding.model.ranker import DANGER
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "exits")
REVIEWING_OFFICER = re.compile(r"\b(?:iro|reviewing officer)s?\b")
EXITS = tuple(way.value for way in Exit)
OWN_AGENCY = Exit.own_agency.value
SURE_OF_EXIT = 0.35
"""Least share of an exit among the intents that are not danger."""
SMALLEST = 1e-6
INJURY = "injury"
"""The family of red flags for marks and injuries, of which nobody need be said to be the cause."""
TELLS = "inform"
"""The intent of whoever tells anything at all."""
ASKED_WHOM = 0.15
"""Least share of an allegation, the likeliest of all, of somebody who asks whom to tell."""


def is_inside_one_agency(text: str, whole: Whole) -> bool:
    """Say whether the words themselves say that both sides are of one organisation.

    "We're both children's social care", "our own MASH closed it"; and what a reviewing officer
    raises with the child's social worker stays inside one council.
    """
    mine, theirs = whole.agencies.mine, whole.theirs
    words = normal(text)
    if _words("two_bodies").search(words):
        return False
    if mine is None and theirs is not None:
        return bool(_words("one_body").search(words))
    if theirs not in {None, mine}:
        return False
    return (
        bool(_words("one_body").search(words))
        or any(_is_of_ours(words, one, whole.agencies) for one in whole.agencies.mentions)
        or _is_own_dispute(words, whole)
    )


def _is_of_ours(words: str, one: Mention, agencies: Agencies) -> bool:
    if one.agency is None:
        return False
    if _words("both_are").search(words[: one.start]):
        return True
    if one.agency is not agencies.mine or one == agencies.opening:
        return False
    here = _words("here_with_us").match(words, one.end)
    if here:
        return bool(_words("has_decided").match(words[here.end() :]))
    own = not one.is_person and _words("our_own").search(words[: one.start])
    return bool(own and _words("has_decided").match(words[one.end :]))


def _is_own_dispute(words: str, whole: Whole) -> bool:
    """Say whether a reviewing officer tells of a challenge of their own."""
    officer = any(
        one in whole.agencies.own and REVIEWING_OFFICER.search(one.word)
        for one in whole.agencies.mentions
    )
    return officer and bool(_words("dispute_of_a_reviewing_officer").search(words))


def find_exit(
    text: str,
    shares: Mapping[str, float],
    whole: Whole,
    signs: Signs,
    own_side: OwnSide | None,
) -> str | None:
    """Return the other procedure that fits, if one surely does.

    Who only says what they are asks for none. Where another agency is disagreed with, a manager who
    will not take it further makes it no disagreement inside one's own. Harm by a relative, harm
    that families arrange, FGM that a girl tells of, or a child who carries a knife is no worry
    about somebody who works with children. Whoever works with children and is said to harm one is
    meant, whatever else is told.
    """
    if (find_accused(text) or tells_of_misconduct(text)) and not tells_of_fgm(text):
        return Exit.allegation
    if whole.theirs is None and _words("family_complains").search(normal(text)):
        return Exit.complaint
    best = max(EXITS, key=lambda way: shares.get(way, 0.0))
    if best == Exit.allegation and (
        tells_of_fgm(text)
        or tells_only_of_a_talk(text)
        or tells_of_a_childs_act(text)
        or _is_nobodys_doing(text, whole, signs)
        or any(flag.by_relative or flag.family in PASSED_ON for flag in signs.flags.found)
    ):
        return None
    # Of a reply it is known what it answers; an account that names no other agency may be of one.
    apart = bool(whole.theirs or (own_side and own_side.alone))
    apart = apart or bool(_words("two_bodies").search(normal(text)))
    if whole.agencies.is_introduction or (best == Exit.own_agency and apart):
        return None
    sure = SURE_OF_EXIT * (1 - shares.get(DANGER, 0.0))
    return best if shares.get(best, 0.0) >= max(sure, SMALLEST) else None


def _is_nobodys_doing(text: str, whole: Whole, signs: Signs) -> bool:
    """Say whether a child was hurt or taken, and nobody who works with children stands by it.

    "A girl with a broken arm, social care say it's threshold": whoever writes or only says what is
    to be done is not who did it.
    """
    words = normal(text)
    if names_a_colleague(text):
        return _tells_only_a_view(words)
    if _words("stranger").search(words):
        return True
    hurt = signs.flags.urgent and all(flag.family == INJURY for flag in signs.flags.urgent)
    return bool(hurt) and all(
        one in whole.agencies.own or _words("only_says").match(words[one.end :])
        for one in whole.agencies.mentions
    )


def _tells_only_a_view(words: str) -> bool:
    """Say whether each colleague named is only thought to be wrong."""
    named = list(pattern("colleagues", "colleague").finditer(words))
    return all(_words("only_wrong").match(words[one.end() :]) for one in named)


def exit_told(shares: Mapping[str, float], found: str | None) -> Exit | None:
    """Return the other procedure of somebody who asks whom to tell of what they tell.

    "She told me what the leader did at camp, who should I tell" hints at more than it says.
    """
    if found:
        return Exit(found)
    others = (name for name in shares if name not in {DANGER, TELLS})
    best = max(others, key=shares.__getitem__, default="")
    hinted = best == Exit.allegation and shares[best] >= ASKED_WHOM
    return Exit.allegation if hinted else None
