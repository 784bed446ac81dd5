"""Rules by the words beside: "called", "mum", "Mrs", another name, an age, "'s school"."""

import re

from bot.privacy import around, cues
from bot.privacy.kinds import Kinds
from bot.privacy.tokens import Token

_SHORT_INITIALS = re.compile(r"[A-Z]{1,3}")
# One letter that is a word by itself, or typed for one ("u", "r", "k", "y").
_WORDS_OF_ONE_LETTER = "aiukry"
_SHORTEST = 3


def announced(kinds: Kinds, index: int) -> bool:
    """After "called", "named", "his name is"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not around.is_called(tokens, index) or kinds.only_place(token):
        return False
    if kinds.sure(token) or kinds.unknown(token):
        return True
    clear = kinds.clear_capital(index)
    if tokens.base(index - 1) in cues.WHOM:
        return clear and not kinds.stays(token)
    child = tokens.base(index - 1) in cues.CALLED and tokens.base(index - 2) in cues.KIN
    if child and (kinds.rare(token) or kinds.doubtful(token) or clear):
        return True
    if kinds.doubtful(token):
        noun = token.base not in cues.AUXILIARY
        return noun or token.capital or around.verb_follows(tokens, index)
    return clear and (kinds.first_too(token) or token.base in kinds.words.first_places)


def titled(kinds: Kinds, index: int) -> bool:
    """After a title: any word that is not one of grammar."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not around.is_titled(tokens, index) or (token.shouted and kinds.stays(token)):
        return False
    if kinds.sure(token) or kinds.doubtful(token) or kinds.unknown(token):
        return True
    if token.base in cues.AFTER_NAME or kinds.stays(token):
        return False
    if token.capital and token.base not in cues.ROLES | cues.KIN:
        return True
    common = kinds.common(token) and around.verb_follows(tokens, index)
    return common or tokens.base(index - 1) in {"mr", "mrs"}


def of_the_family(kinds: Kinds, index: int) -> bool:
    """After "mum", "brother", "pupil", "social worker"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    before = tokens.at(index - 2 if tokens.at(index - 1).text in {":", "("} else index - 1)
    kin = before.base in cues.KIN and not before.possessive
    if not (kin or before.base in cues.ROLES) or kinds.only_place(token):
        return False
    verb = around.verb_follows(tokens, index)
    if kinds.unknown(token):
        capital = token.capital and tokens.cased
        return capital or (not kinds.slip(token.base) and (kin or verb))
    clear = kinds.clear_capital(index)
    if kinds.doubtful(token):
        return clear or verb
    office = kinds.stays(token) or token.base in cues.ROLES | cues.KIN
    return kinds.common(token) and clear and not office and not around.is_institution(tokens, index)


def owner(kinds: Kinds, index: int) -> bool:
    """Before "'s mum", "'s school"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not around.owns(tokens, index) or kinds.place(token):
        return False
    owned = tokens.base(index + 1)
    if kinds.unknown(token):
        return token.possessive or token.capital or not kinds.slip(token.base)
    if kinds.doubtful(token) or (kinds.first_too(token) and token.base not in cues.KIN):
        return token.base not in cues.MONTHS or owned not in cues.OF_MONTHS
    stem = token.base.removesuffix("s")
    if stem == token.base:
        return False
    if stem in kinds.words.first_places:
        return owned in cues.OWNED
    free = not token.possessive and tokens.base(index - 1) not in cues.DETERMINERS
    return free and stem in kinds.words.doubtful and owned in cues.KIN


def with_age(kinds: Kinds, index: int) -> bool:
    """Before an age or a class."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not around.child_follows(tokens, index) or kinds.only_place(token):
        return False
    if kinds.unknown(token) or kinds.doubtful(token):
        return tokens.base(index - 1) not in cues.DETERMINERS
    return kinds.common(token) and kinds.clear_capital(index) and token.base not in cues.MONTHS


def surname(kinds: Kinds, index: int) -> bool:
    """Right after a name."""
    tokens, token, before = kinds.tokens, kinds.tokens.at(index), kinds.tokens.at(index - 1)
    apart = before.kind == "word" and token.start - before.end > 2  # noqa: PLR2004 - blanks
    if not before.is_name or before.possessive or apart or kinds.stays(token):
        return False
    if len(token.base) == 1:
        capital = token.capital and token.base not in {"i", "a"}
        verb = around.verb_follows(tokens, index) and token.base not in _WORDS_OF_ONE_LETTER
        return capital or verb
    doubtful = kinds.doubtful(token) or kinds.common(token)
    if tokens.cased and token.capital:
        listed_ = token.base in kinds.words.surnames or kinds.place(token)
        return doubtful or listed_ or kinds.unknown(token)
    if kinds.unknown(token):
        return around.verb_follows(tokens, index) and not kinds.slip(token.base)
    said = tokens.base(index + 1) in cues.SAYING | cues.COPULAS
    return doubtful and said and token.base not in cues.FINITE | cues.AFTER_NAME


def before_surname(kinds: Kinds, index: int) -> bool:
    """Right before a name: an initial, a particle, or a word with a capital letter."""
    tokens, token, after = kinds.tokens, kinds.tokens.at(index), kinds.tokens.at(index + 1)
    dotted = len(token.base) == 1 and after.text == "."
    if dotted:
        after = tokens.at(index + 2)
    if not after.is_name or token.possessive or (after.kind == "mask" and not token.capital):
        return False
    if len(token.base) == 1:
        return token.capital and (dotted or token.base not in {"i", "a"})
    before = tokens.at(index - 1)
    if token.base in cues.MONTHS and before.base in cues.DETERMINERS | {"by", "on"}:
        return False
    particle = token.base in cues.PARTICLES
    between = before.is_name and not before.possessive
    if between and (particle or (kinds.common(token) and token.base not in cues.HINGES)):
        return True
    if not token.capital or not tokens.cased:
        return False
    if kinds.unknown(token) or kinds.doubtful(token) or (particle and len(token.base) >= _SHORTEST):
        return True
    return _forename(kinds, token, clear=kinds.clear_capital(index))


def _forename(kinds: Kinds, token: Token, *, clear: bool) -> bool:
    """Whether a word with a capital letter before a name can be the first of the two."""
    if token.base in cues.HINGES:
        return False
    if kinds.rare_english(token):
        return not kinds.place(token) and not kinds.stays(token)
    if token.base in kinds.words.first_places or kinds.first_too(token):
        return clear
    return clear and kinds.rare(token) and not kinds.place(token)


def joined(kinds: Kinds, index: int) -> bool:
    """Joined to a name: "X and" the name, or the name "and X"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    clear = kinds.clear_capital(index)
    if not around.beside_name(tokens, index, clear=clear) or kinds.only_place(token):
        return False
    if not kinds.doubtful(token):
        return kinds.strange_capital(token)
    return clear or token.base not in cues.AUXILIARY or around.verb_follows(tokens, index)


def pair(kinds: Kinds, index: int) -> bool:
    """Two first names with capitals, each an everyday word: "Will and May"."""
    tokens = kinds.tokens
    if not tokens.cased:
        return False
    if tokens.base(index + 1) in cues.CONJUNCTIONS:
        both = (tokens.at(index), tokens.at(index + 2))
    elif tokens.base(index - 1) in cues.CONJUNCTIONS:
        both = (tokens.at(index), tokens.at(index - 2))
    else:
        return False
    names = all(
        one.capital
        and not one.protected
        and one.base not in cues.NOT_FIRST - cues.MONTHS
        and (kinds.doubtful(one) or kinds.first_too(one))
        for one in both
    )
    return names and not all(one.base in cues.MONTHS | cues.SEASONS for one in both)


def initials(kinds: Kinds, index: int) -> bool:
    """Initials beside a class, a child or something of a child."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    bare = token.text[: token.end - token.start]
    if not _SHORT_INITIALS.fullmatch(bare) or kinds.stays(token) or token.base in cues.SHORT_FORMS:
        return False
    child, owned = around.child_follows(tokens, index), around.owns(tokens, index)
    if len(bare) == 1:
        return (child and bare not in "AI") or (owned and token.possessive)
    if token.base in cues.FINITE | cues.AFTER_NAME:
        return False
    called = around.is_called(tokens, index)
    return child or owned or called or tokens.base(index - 1) in cues.KIN


def greeted(kinds: Kinds, index: int) -> bool:
    """After "Hi", "Dear", or "Regards," at the end of a letter."""
    token, greeting = kinds.tokens.at(index), around.greeting(kinds.tokens, index)
    if not greeting or kinds.only_place(token):
        return False
    if kinds.doubtful(token):
        return token.capital or around.verb_follows(kinds.tokens, index)
    if token.capital:
        return kinds.unknown(token)
    return greeting != "from" and kinds.strange(token)


def met(kinds: Kinds, index: int) -> bool:
    """After "spoke to", "told", "worried about"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    contact = tokens.base(index - 1)
    if contact not in cues.CONTACT or kinds.place(token):
        return False
    if not around.ends(tokens, index) and tokens.base(index + 1) not in cues.AFTER_NAME:
        return False
    if kinds.doubtful(token):
        spoken = contact in cues.SPOKEN_TO or tokens.base(index - 2) in cues.SPEAKING
        return spoken and token.base not in cues.AUXILIARY - {"sue", "rose", "pat"}
    return contact not in {"by", "to", "and", "for"} and kinds.strange(token)
