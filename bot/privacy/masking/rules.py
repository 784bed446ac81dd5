"""The rules that make a word a name, in order; the first that holds decides."""

from collections.abc import Callable

from bot.privacy.masking import context, cue_rules, cue_words, harm_rules, initial_rules
from bot.privacy.masking.word_kinds import WordKinds

Rule = Callable[[WordKinds, int], bool]

_SHORTEST = 3
_SHORTEST_SHOUTED = 4


def listed(kinds: WordKinds, index: int) -> bool:
    """A word that is only ever a name, unless a hospital, school or place has it."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if token.base in kinds.words.people_first:
        named = tokens.base(index + 1) in cue_words.NOT_OWNED
        placed = tokens.base(index - 1) in cue_words.PLACE_ONLY or context.is_moved_to(
            tokens, index
        )
        return not named and (token.possessive or not placed)
    return kinds.sure(token) and not context.is_institution(tokens, index)


def speaks(kinds: WordKinds, index: int) -> bool:
    """Before "said", "told", "lives", or "and his mum"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    after, before = tokens.base(index + 1), tokens.base(index - 1)
    if before in cue_words.DETERMINERS or kinds.only_place(token):
        return False
    if after in cue_words.SAYING:
        if kinds.doubtful(token):
            return token.capital or token.base != "hope" or before not in {"i", "we", "they"}
        first = kinds.first_too(token) and token.base not in cue_words.NOT_FIRST
        return first or kinds.strange_capital(token)
    # "Will has" makes sense only if Will is a person.
    if token.base == "will" and after in cue_words.COPULAS:
        return after not in {"did", "need", "needs", "get"}
    if after in {"and", "&"} and tokens.base(index + 2) in {"his", "her", "their"}:
        return _begins_clause(kinds, index) and (
            kinds.doubtful(token) or kinds.strange_capital(token)
        )
    return False


def begins(kinds: WordKinds, index: int) -> bool:
    """With a capital letter at the start of a sentence, before a verb that needs a person."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not token.capital or not tokens.cased or not tokens.starts_sentence(index):
        return False
    after = tokens.base(index + 1)
    if kinds.unknown(token):
        return after in cue_words.FINITE and not kinds.slip(token.base)
    # "Dawn, the team manager"
    if tokens.at(index + 1).text == "," and tokens.base(index + 2) in cue_words.APPOSITION:
        return kinds.doubtful(token)
    if kinds.doubtful(token) and token.base not in cue_words.ABSTRACT:
        acts = after in cue_words.ACTING or after.endswith("ed")
        plain = token.base not in cue_words.THINGS | cue_words.AWARDED
        return after in cue_words.COPULAS or (acts and plain)
    first = kinds.first_too(token) and token.base not in cue_words.NOT_FIRST
    being = after in cue_words.COPULAS and tokens.base(index + 2) in cue_words.BEING
    return being and (first or kinds.doubtful(token))


def short_subject(kinds: WordKinds, index: int) -> bool:
    """A short name that is also a short word, as a subject: "Mo was there", "Cos told me"."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    after = tokens.base(index + 1)
    if not token.capital or not tokens.cased or token.base not in cue_words.SHORT_NAMES:
        return False
    return after in cue_words.SAYING_OR_BEING or after.endswith("ed")


def is_somewhere(kinds: WordKinds, index: int) -> bool:
    """In lower case: "jade was crying", "olive has", where a clause begins."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if token.capital or not kinds.doubtful(token) or not _begins_clause(kinds, index):
        return False
    if tokens.base(index + 1) not in cue_words.COPULAS:
        return False
    if token.base not in cue_words.ABSTRACT | cue_words.THINGS | cue_words.AWARDED:
        return True
    second = tokens.base(index + 2)
    return token.base == "grace" and (second in cue_words.BEING or second.endswith("ing"))


def _begins_clause(kinds: WordKinds, index: int) -> bool:
    before = kinds.tokens.at(index - 1)
    return before.kind != "word" or before.base in cue_words.CLAUSE_STARTS


def capital(kinds: WordKinds, index: int) -> bool:
    """A capital letter inside a sentence, on a word that is on no list of other things."""
    tokens, token, before = kinds.tokens, kinds.tokens.at(index), kinds.tokens.at(index - 1)
    if not kinds.clear_capital(index) or context.is_institution(tokens, index):
        return False
    placed = context.in_place(tokens, index, place=kinds.place(token))
    if kinds.unknown(token):
        initial = len(before.base) == 1 and before.capital and before.base not in {"a", "i"}
        return initial or not (placed or kinds.slip(token.base))
    if placed:
        return False
    if kinds.doubtful(token):
        return before.base not in cue_words.BEFORE_A_THING and not _in_a_heading(kinds, index - 1)
    return token.base in kinds.words.first_places and tokens.base(index + 1) in cue_words.FINITE


def _in_a_heading(kinds: WordKinds, index: int) -> bool:
    """Whether the word there is capitalised as part of a title or office."""
    token = kinds.tokens.at(index)
    if token.kind != "word" or token.is_name or not kinds.clear_capital(index):
        return False
    return token.base not in cue_words.SOMEBODY


def strange(kinds: WordKinds, index: int) -> bool:
    """In an English text, a word that is not English and is not formed like English."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    shortest = _SHORTEST_SHOUTED if token.shouted else _SHORTEST
    if len(token.base) < shortest or (token.shouted and not tokens.shouting):
        return False
    placed = tokens.base(index - 1) in cue_words.PLACE_ONLY and not token.possessive
    if placed or context.is_institution(tokens, index):
        return False
    if tokens.base(index + 1) in cue_words.NOT_OWNED:
        return False
    if token.base.startswith(cue_words.ENGLISH_STARTS) or token.base.endswith(
        cue_words.ENGLISH_ENDS
    ):
        return False
    return kinds.mostly_english() and kinds.strange(token)


def rare_capital(kinds: WordKinds, index: int) -> bool:
    """A rare English word with a capital letter inside a sentence, alone or beside a name."""
    tokens, token = kinds.tokens, kinds.tokens.at(index)
    if not kinds.clear_capital(index) or not kinds.rare_english(token):
        return False
    if kinds.stays(token) or kinds.place(token) or token.base in cue_words.INSTITUTIONS:
        return False
    after = tokens.at(index + 1)
    if tokens.at(index - 1).capital or (after.capital and not after.is_name):
        return False
    if token.base.endswith(cue_words.ENGLISH_ENDS):
        return False
    return not context.in_place(tokens, index, place=False)


RULES: tuple[Rule, ...] = (
    listed,
    cue_rules.announced,
    cue_rules.titled,
    cue_rules.with_particle,
    cue_rules.particle,
    cue_rules.forename,
    cue_rules.of_the_family,
    cue_rules.owner,
    cue_rules.aside,
    cue_rules.possessive,
    cue_rules.introduced,
    cue_rules.with_age,
    cue_rules.surname,
    cue_rules.before_surname,
    cue_rules.joined,
    cue_rules.pair,
    initial_rules.initials,
    cue_rules.greeted,
    cue_rules.met,
    harm_rules.is_hurt,
    harm_rules.is_struck,
    speaks,
    short_subject,
    begins,
    is_somewhere,
    capital,
    strange,
    rare_capital,
)
