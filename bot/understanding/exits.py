"""Find the other procedure that fits better, such as that for an allegation."""

from collections.abc import Mapping

from bot.core.vocabulary import Exit
from bot.understanding.account.own_side import OwnSide
from bot.understanding.account.whole import Whole
from bot.understanding.danger.red_flags import PASSED_ON
from bot.understanding.danger.signs import Signs
from bot.understanding.enquiry.colleagues import (
    find_accused,
    tells_of_a_childs_act,
    tells_of_fgm,
    tells_only_of_a_talk,
)
from bot.understanding.model.ranker import DANGER

EXITS = tuple(way.value for way in Exit)
SURE_OF_EXIT = 0.35
"""Least share of an exit among the intents that are not danger."""
SMALLEST = 1e-6
TELLS = "inform"
"""The intent of whoever tells anything at all."""
ASKED_WHOM = 0.15
"""Least share of an allegation, the likeliest of all, of somebody who asks whom to tell."""


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
    if find_accused(text) and not tells_of_fgm(text):
        return Exit.allegation
    best = max(EXITS, key=lambda way: shares.get(way, 0.0))
    if best == Exit.allegation and (
        tells_of_fgm(text)
        or tells_only_of_a_talk(text)
        or tells_of_a_childs_act(text)
        or any(flag.by_relative or flag.family in PASSED_ON for flag in signs.flags.found)
    ):
        return None
    # Of a reply it is known what it answers; an account that names no other agency may be of one.
    between = whole.theirs or (own_side and own_side.alone)
    if whole.agencies.is_introduction or (best == Exit.own_agency and between):
        return None
    sure = SURE_OF_EXIT * (1 - shares.get(DANGER, 0.0))
    return best if shares.get(best, 0.0) >= max(sure, SMALLEST) else None


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
