"""Rules based on neighbouring words: "called", "mum", "Mrs", another name, an age, "'s school"."""

import re

from bot.privacy.masking import context, cue_words
from bot.privacy.masking.tokens import Token
from bot.privacy.masking.word_kinds import WordKinds

_PARTICLE = re.compile(r"[do]['’][^\W\d_]{3,}")
# Single letters that are words, or are typed for words ("u", "r", "k", "y").
_WORDS_OF_ONE_LETTER = "aiukry"
# Particles that are English words at the start of a sentence.
_CAPITALS_TOO = frozenset(
    ("La", "Le", "El", "Al", "Ben", "Van", "Den", "Ten", "St", "O", "E", "Y", "Mac")
)
_SHORTEST = 3


def announced(kinds: WordKinds, index: int) -> bool:
    """After "called", "named", "his name is"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not context.is_called(tokens, index) or kinds.only_place(token):
        return False
    if kinds.sure(token) or kinds.unknown(token):
        return True
    clear = kinds.clear_capital(index)
    if tokens.base(index - 1) in cue_words.WHOM:
        return clear and not kinds.stays(token)
    child = tokens.base(index - 1) in cue_words.CALLED and tokens.base(index - 2) in cue_words.KIN
    if child and (kinds.rare(token) or kinds.doubtful(token) or clear):
        return True
    if kinds.doubtful(token):
        noun = token.base not in cue_words.AUXILIARY
        return noun or token.capital or context.verb_follows(tokens, index)
    return clear and (kinds.first_too(token) or token.base in kinds.words.first_places)


def titled(kinds: WordKinds, index: int) -> bool:
    """After a title: any word except a grammatical one."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not context.is_titled(tokens, index) or (token.shouted and kinds.stays(token)):
        return False
    if _rank_and_place(kinds, index):
        return False
    if kinds.sure(token) or kinds.doubtful(token) or kinds.unknown(token):
        return True
    if token.base in cue_words.AFTER_NAME or kinds.stays(token):
        return False
    if token.capital and token.base not in cue_words.SOMEBODY:
        return True
    common = kinds.common(token) and context.verb_follows(tokens, index)
    return common or tokens.base(index - 1) in {"mr", "mrs"}


def of_the_family(kinds: WordKinds, index: int) -> bool:
    """After "mum", "brother", "pupil", "social worker"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    before = tokens.at(index - 2 if tokens.at(index - 1).text in {":", "("} else index - 1)
    kin = before.base in cue_words.KIN and not before.possessive
    if not (kin or before.base in cue_words.ROLES) or kinds.only_place(token):
        return False
    verb = context.verb_follows(tokens, index)
    if kinds.unknown(token):
        capital = token.capital and tokens.cased
        return capital or (not kinds.slip(token.base) and (kin or verb))
    clear = kinds.clear_capital(index)
    if kinds.doubtful(token):
        noun = kin and token.base not in cue_words.AUXILIARY
        return clear or verb or (noun and tokens.at(index - 1).kind == "word")
    office = kinds.stays(token) or token.base in cue_words.SOMEBODY
    return (
        kinds.common(token) and clear and not office and not context.is_institution(tokens, index)
    )


def aside(kinds: WordKinds, index: int) -> bool:
    """Between commas or brackets after a person: "the boyfriend, rich, has"."""
    tokens, token, before = kinds.tokens, kinds.tokens.at(index), kinds.tokens.at(index - 1)
    opened = before.text in {",", "("} and tokens.at(index + 1).text in {",", ")"}
    if not opened or tokens.base(index - 2) not in cue_words.SOMEBODY or kinds.stays(token):
        return False
    return kinds.doubtful(token) or kinds.unknown(token) or token.base in kinds.words.first_too


def possessive(kinds: WordKinds, index: int) -> bool:
    """A first name that is also an everyday word, with "'s": "mark's mark", not "the bill's"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not token.possessive or tokens.base(index - 1) in cue_words.DETERMINERS | cue_words.OWNED:
        return False
    known = kinds.doubtful(token) or token.base in kinds.words.first_too
    return (
        known
        and token.base
        not in cue_words.MONTHS
        | cue_words.SEASONS
        | cue_words.KIN
        | cue_words.TITLES
        | cue_words.DAYS
    )


def introduced(kinds: WordKinds, index: int) -> bool:
    """Before somebody's role: "bill the caretaker", where a clause begins."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    someone = tokens.base(index + 2) in cue_words.SOMEBODY
    first = kinds.doubtful(token) or token.base in kinds.words.first_too
    begins = tokens.starts_sentence(index) or tokens.base(index - 1) in cue_words.CLAUSE_STARTS
    first = first and token.base not in cue_words.SAYING
    return someone and first and begins and tokens.base(index + 1) == "the"


def owner(kinds: WordKinds, index: int) -> bool:
    """Before "'s mum", "'s school"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not context.owns(tokens, index) or kinds.place(token):
        return False
    owned = tokens.base(index + 1)
    if kinds.unknown(token):
        return token.possessive or token.capital or not kinds.slip(token.base)
    if kinds.doubtful(token) or (kinds.first_too(token) and token.base not in cue_words.KIN):
        return token.base not in cue_words.MONTHS or owned not in cue_words.OF_MONTHS
    stem = token.base.removesuffix("s")
    if stem == token.base:
        return False
    if stem in kinds.words.first_places:
        return owned in cue_words.OWNED
    free = not token.possessive and tokens.base(index - 1) not in cue_words.DETERMINERS
    return free and stem in kinds.words.doubtful and owned in cue_words.KIN


def with_age(kinds: WordKinds, index: int) -> bool:
    """Before an age or a class."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not context.child_follows(tokens, index) or kinds.only_place(token):
        return False
    if kinds.unknown(token) or kinds.doubtful(token):
        return tokens.base(index - 1) not in cue_words.DETERMINERS | {"at"}
    return kinds.common(token) and kinds.clear_capital(index) and token.base not in cue_words.MONTHS


def surname(kinds: WordKinds, index: int) -> bool:
    """Right after a name."""
    tokens, token, before = kinds.tokens, kinds.tokens.at(index), kinds.tokens.at(index - 1)
    saint = before.text == "." and tokens.base(index - 2) == "st" and tokens.at(index - 2).is_name
    if saint and token.capital:
        return True
    apart = before.kind == "word" and token.start - before.end > 2  # noqa: PLR2004 - blanks
    if not before.is_name or before.possessive or apart or kinds.stays(token):
        return False
    if len(token.base) == 1:
        capital = token.capital and token.base not in {"i", "a"}
        verb = context.verb_follows(tokens, index) and token.base not in _WORDS_OF_ONE_LETTER
        return capital or verb
    if token.base == "st" and tokens.at(index + 1).text == "." and tokens.at(index + 2).capital:
        return True
    doubtful = kinds.doubtful(token) or kinds.common(token)
    if doubtful and context.is_called(tokens, index - 1) and context.ends(tokens, index):
        return True
    if doubtful and before.base in cue_words.PARTICLES | cue_words.JOINED_PARTICLES:
        return True
    if tokens.cased and token.capital:
        listed_ = token.base in kinds.words.surnames or kinds.place(token)
        return doubtful or listed_ or kinds.unknown(token) or _rings(kinds, index)
    if kinds.unknown(token):
        return context.verb_follows(tokens, index) and not kinds.slip(token.base)
    said = tokens.base(index + 1) in cue_words.SAYING_OR_BEING
    return doubtful and said and token.base not in cue_words.FINITE | cue_words.AFTER_NAME


def _rings(kinds: WordKinds, index: int) -> bool:
    """Whether any word is a surname here: "Mark Down rang", but not "Mark School rang"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    others = cue_words.SOMEBODY | cue_words.INSTITUTIONS | cue_words.DAYS
    whole = tokens.at(index - 1).capital or tokens.at(index - 1).kind == "mask"
    return (
        whole
        and token.base not in others | cue_words.HINGES
        and (tokens.base(index + 1) in cue_words.SAYING)
    )


def before_surname(kinds: WordKinds, index: int) -> bool:
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
    if token.base in cue_words.MONTHS and before.base in cue_words.DETERMINERS | {"by", "on"}:
        return False
    particle = token.base in cue_words.PARTICLES
    between = before.is_name and not before.possessive
    if between and (particle or (kinds.common(token) and token.base not in cue_words.HINGES)):
        return True
    if not token.capital or not tokens.cased:
        return False
    if kinds.unknown(token) or kinds.doubtful(token) or (particle and len(token.base) >= _SHORTEST):
        return True
    return _forename(kinds, token, clear=kinds.clear_capital(index))


def _forename(kinds: WordKinds, token: Token, *, clear: bool) -> bool:
    """Whether a word with a capital letter before a name can be the first of the two."""
    if token.base in cue_words.HINGES:
        return False
    if kinds.rare_english(token):
        return not kinds.place(token) and not kinds.stays(token)
    if token.base in kinds.words.first_places or kinds.first_too(token):
        return clear
    return clear and kinds.rare(token) and not kinds.place(token)


def joined(kinds: WordKinds, index: int) -> bool:
    """Joined to a name: "X and" the name, or the name "and X"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    clear = kinds.clear_capital(index)
    if not context.beside_name(tokens, index, clear=clear) or kinds.only_place(token):
        return False
    if not kinds.doubtful(token):
        return kinds.strange_capital(token)
    return clear or token.base not in cue_words.AUXILIARY or context.verb_follows(tokens, index)


def pair(kinds: WordKinds, index: int) -> bool:
    """Two first names with capitals, each also an everyday word: "Will and May"."""
    tokens = kinds.tokens
    if not tokens.cased:
        return False
    if tokens.base(index + 1) in cue_words.CONJUNCTIONS:
        both = (tokens.at(index), tokens.at(index + 2))
    elif tokens.base(index - 1) in cue_words.CONJUNCTIONS:
        both = (tokens.at(index), tokens.at(index - 2))
    else:
        return False
    names = all(
        word.capital
        and not word.protected
        and word.base not in cue_words.NOT_FIRST - cue_words.MONTHS
        and (kinds.doubtful(word) or kinds.first_too(word))
        for word in both
    )
    return names and not all(word.base in cue_words.MONTHS | cue_words.SEASONS for word in both)


def _rank_and_place(kinds: WordKinds, index: int) -> bool:
    """Whether somebody says what they are and where, and no more: "DS Poole"."""
    tokens = kinds.tokens
    rank = first = index - 1
    while tokens.base(first - 1) in cue_words.BEFORE_A_RANK:
        first -= 1
    says_so = tokens.starts_sentence(first) and tokens.base(rank) in cue_words.RANKS
    return says_so and kinds.place(tokens.at(index)) and context.ends(tokens, index)


def with_particle(kinds: WordKinds, index: int) -> bool:
    """A surname with a particle: "d'silva", "o'rourke"."""
    base = kinds.tokens.base(index)
    return bool(_PARTICLE.fullmatch(base)) and base not in cue_words.NOT_PARTICLE


def particle(kinds: WordKinds, index: int) -> bool:
    """A particle inside a name: "Maria de los Santos", "anna de la cruz", "Ní Bhriain"."""
    tokens = kinds.tokens
    chain = cue_words.PARTICLES | cue_words.JOINED_PARTICLES
    if tokens.base(index) not in chain:
        return False
    ahead = index + 1
    while tokens.base(ahead) in chain:
        ahead += 1
    first = index
    while tokens.base(first - 1) in chain:
        first -= 1
    before, after = tokens.at(first - 1), tokens.at(ahead)
    named = before.is_name or before.base in cue_words.TITLES
    if named and not before.possessive:
        known = kinds.common(after) or kinds.doubtful(after) or kinds.unknown(after)
        return after.is_name or (known and after.base not in cue_words.HINGES)
    # "the van der Berg children", "Ní Mhurchú rang": no first name before it.
    own = tokens.at(index).capital and tokens.at(index).text not in _CAPITALS_TOO
    return after.is_name and after.capital and (own or ahead - first > 1)


def forename(kinds: WordKinds, index: int) -> bool:
    """Two capitalised everyday words before a verb of people: "Will Power rang"."""
    tokens, token, after = kinds.tokens, kinds.tokens.at(index), kinds.tokens.at(index + 1)
    if not (tokens.starts_sentence(index) and token.capital and kinds.doubtful(token)):
        return False
    then = tokens.base(index + 2)
    return after.capital and not kinds.stays(after) and then in cue_words.SAYING_OR_BEING


def greeted(kinds: WordKinds, index: int) -> bool:
    """After "Hi", "Dear", or "Regards," at the end of a letter."""
    token, greeting = kinds.tokens.at(index), context.greeting(kinds.tokens, index)
    if not greeting or kinds.only_place(token):
        return False
    if kinds.doubtful(token):
        return token.capital or context.verb_follows(kinds.tokens, index)
    if token.capital:
        return kinds.unknown(token)
    return greeting != "from" and kinds.strange(token)


def met(kinds: WordKinds, index: int) -> bool:
    """After "spoke to", "told", "worried about"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    contact = tokens.base(index - 1)
    if contact not in cue_words.CONTACT or kinds.place(token):
        return False
    if not context.ends(tokens, index) and tokens.base(index + 1) not in cue_words.AFTER_NAME:
        return False
    if kinds.doubtful(token):
        spoken = contact in cue_words.SPOKEN_TO or tokens.base(index - 2) in cue_words.SPEAKING
        return spoken and token.base not in cue_words.AUXILIARY - {"sue", "rose", "pat"}
    return contact not in {"by", "to", "and", "for"} and kinds.strange(token)
