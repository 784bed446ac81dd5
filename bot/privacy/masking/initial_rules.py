"""Rules about initials: two or three capitals, one letter, "A.M. (7)", "jb said"."""

import re

from bot.privacy.masking import context, cue_words
from bot.privacy.masking.tokens import MaskTokens
from bot.privacy.masking.word_kinds import WordKinds

_SHORT_INITIALS = re.compile(r"[A-Z]{2,3}")
_HYPHENED = re.compile(r"[A-Z](?:-[A-Z]){1,2}")
_PAIR = 2
_LONGEST_INITIALS = 3


def initials(kinds: WordKinds, index: int) -> bool:
    """Initials: two capitals that are not an abbreviation, or letters beside a child."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    bare = token.text[: token.end - token.start]
    if _HYPHENED.fullmatch(bare):
        return tokens.cased
    if len(bare) == 1:
        return bare not in "Ii" and _one_letter(kinds, index)
    coded = tokens.at(index + 1).kind == "number" and tokens.at(index + 1).start == token.end
    if (
        coded
        or token.base in cue_words.NOT_PUPILS | cue_words.SHORT_FORMS
        or len(bare) > _LONGEST_INITIALS
    ):
        return False
    if bare.islower():
        return _two_small(kinds, index)
    if not _SHORT_INITIALS.fullmatch(bare) or tokens.shouting:
        return False
    if context.child_follows(tokens, index):
        return len(bare) == _PAIR or not kinds.short_form(token)
    if len(bare) == _PAIR and token.possessive and context.owns(tokens, index):
        return True
    announced_ = context.is_called(tokens, index) or tokens.base(index - 1) in cue_words.INITIALS
    if kinds.short_form(token) or kinds.place(token):
        told = announced_ and bool(cue_words.INITIALS & _bases_before(tokens, index))
        return told or _another_person(tokens, index)
    if len(bare) == _PAIR:
        between = tokens.at(index - 1).kind == tokens.at(index + 1).kind == "number"
        return announced_ or not between
    announced_ = announced_ or tokens.base(index - 1) in cue_words.KIN
    return announced_ or context.child_before(tokens, index) or context.owns(tokens, index)


def _bases_before(tokens: MaskTokens, index: int) -> set[str]:
    return {tokens.base(index - back) for back in range(1, 4)}


def _another_person(tokens: MaskTokens, index: int) -> bool:
    """Whether two capitals that may be an abbreviation act as a person does, beside initials.

    "[name] says CD hit him": the second pair is a child as well.
    """
    bare = tokens.at(index).text[: tokens.at(index).end - tokens.at(index).start]
    others = any(one.is_name for one in tokens.all)
    if len(bare) != _PAIR or not others or tokens.base(index - 1) in cue_words.DETERMINERS:
        return False
    related = tokens.at(index + 1).text == "(" and tokens.base(index + 2) in cue_words.KIN
    acts = cue_words.SAYING_OR_BEING | {"and", "&"}
    return related or (tokens.base(index + 1) in acts and tokens.base(index) not in cue_words.ROLES)


def dotted_person(tokens: MaskTokens, index: int) -> bool:
    """Whether dotted letters that may be a time of day are a child's: "A.M. (7)"."""
    if not tokens.at(index).text.isupper() or tokens.at(index - 1).kind == "number":
        return False
    child = tokens.base(index - 1) in cue_words.KIN
    return child or context.child_follows(tokens, index)


def _one_letter(kinds: WordKinds, index: int) -> bool:
    """One letter: with a full stop inside a sentence, after "unborn", before an age or "'s"."""
    tokens, token, after = kinds.tokens, kinds.tokens.at(index), kinds.tokens.at(index + 1)
    if context.owns(tokens, index) and token.possessive:
        return token.text[0].isupper()
    listed_ = after.text == "." and tokens.at(index + 2).text == ","
    several = listed_ and tokens.at(index + 4).text == "."  # "T., V. and Y."
    labelled = tokens.base(index - 1) in cue_words.LABELLED and not several
    labelled = labelled or (after.kind == "number" and after.start == token.end)
    if not token.text[0].isupper() or labelled:
        return False
    if token.base != "a" and context.child_follows(tokens, index):
        return True
    kin = tokens.base(index - 1) in cue_words.KIN and not tokens.at(index - 1).possessive
    if kin and token.base != "a":
        return True
    if after.text == "." and after.start == token.end:
        then, link = tokens.at(index + 2), tokens.base(index - 1)
        inside = then.text in {",", ";"} or (then.kind == "word" and then.text[0].islower())
        return tokens.cased and inside and tokens.at(index - 1).kind != "number" and link != "no"
    return kin and context.verb_follows(tokens, index)


def _two_small(kinds: WordKinds, index: int) -> bool:
    """Two or three small letters that are on no list, beside a child or a verb of people."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not kinds.unlisted(token) or tokens.base(index - 1) in cue_words.DETERMINERS:
        return False
    child = context.child_follows(tokens, index) or context.child_before(tokens, index)
    if child or context.owns(tokens, index) or context.is_called(tokens, index):
        return True
    if len(token.base) > _PAIR:
        return False
    before = tokens.base(index - 1) in cue_words.KIN | cue_words.SPOKEN_TO
    return before or token.possessive or tokens.base(index + 1) in cue_words.SAYING_OR_BEING
