"""Rules based on harm: whoever is hurt by the family is a child, however short the name.

"Lo was kicked by mum", "D got slapped", "mum hit ty": a short name is often a short word or an
abbreviation as well, and only what is done to it tells which.
"""

from bot.privacy.masking import context, cue_words
from bot.privacy.masking.tokens import MaskTokens, Token
from bot.privacy.masking.word_kinds import WordKinds

_SHORT = 3
# Words between the child and what was done: "had just been", "keeps getting".
_BETWEEN = cue_words.BEING_DONE | {"just", "also", "always", "again", "badly", "being", "allegedly"}
_MOST_BETWEEN = 4


def is_hurt(kinds: WordKinds, index: int) -> bool:
    """Before what was done to somebody: "Lo was kicked", "Ty burnt by mum's boyfriend"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    done = index + 1
    while tokens.base(done) in _BETWEEN and done <= index + _MOST_BETWEEN:
        done += 1
    if tokens.base(done) not in cue_words.HARMED or tokens.base(index - 1) in cue_words.DETERMINERS:
        return False
    by = tokens.base(done + 1) == "by"
    if done == index + 1 and not by:
        return False
    if _is_professional(kinds, token):
        # "TM was shaken by her grandma": a colleague is not hit by relatives of their own.
        whose = tokens.base(done + 2) in {"his", "her", "their"}
        return by and whose and tokens.base(done + 3) in cue_words.KIN and token.shouted
    return _can_be_a_child(kinds, token) or token.text == "A"


def is_struck(kinds: WordKinds, index: int) -> bool:
    """After what was done: "mum hit ty", "he burnt E with a lighter", "bitten by Lo"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if tokens.base(index - 1) == "by" and tokens.base(index - 2) in cue_words.HARMED:
        return _can_be_a_child(kinds, token) and not _is_professional(kinds, token)
    if tokens.base(index - 1) not in cue_words.HARMED or not _has_a_doer(tokens, index - 2):
        return False
    if not context.ends(tokens, index) and tokens.base(index + 1) not in cue_words.AFTER_NAME:
        return False
    return _can_be_a_child(kinds, token) and not _is_professional(kinds, token)


def _has_a_doer(tokens: MaskTokens, index: int) -> bool:
    while tokens.base(index) in {"has", "had", "just", "always", "then", "also", "keeps"}:
        index -= 1
    doer = tokens.at(index)
    return doer.base in cue_words.KIN | {"he", "she", "they", "who"} or doer.is_name


def _is_professional(kinds: WordKinds, token: Token) -> bool:
    """Whether it may be a role or a team: "SW was hit by dad at the visit"."""
    roles = cue_words.NOT_PUPILS | cue_words.ROLES | cue_words.RANKS | cue_words.TITLES
    if token.base in roles | cue_words.WORKERS:
        return True
    return (
        kinds.stays(token)
        and (token.shouted or len(token.base) >= _SHORT)
        and token.base not in cue_words.SHORT_NAMES
    )


def _can_be_a_child(kinds: WordKinds, token: Token) -> bool:
    """Whether it is a first name that is a word too, or a few letters that are no word."""
    base = token.base
    if base in cue_words.KIN | cue_words.NOT_FIRST:
        return False
    if base in cue_words.SHORT_NAMES:
        return True
    if kinds.doubtful(token):
        return token.capital or base not in cue_words.ABSTRACT | cue_words.THINGS
    if len(base) == 1:
        return token.text.isupper() and base not in "ia"
    short = len(base) <= _SHORT and base not in kinds.words.frequent
    return kinds.first_too(token) or short
