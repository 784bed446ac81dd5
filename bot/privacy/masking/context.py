"""The context of a word: what shows that it is somebody's name."""

import re

from bot.privacy.masking import cue_words
from bot.privacy.masking.tokens import MaskTokens, Token

# How many signs may stand between "name" and the name: `name: "`.
_SIGNS = 3
_DAY, _YEAR = re.compile(r"0?[1-9]|[12]\d|3[01]"), re.compile(r"(?:19|20)\d\d")
_OLDEST_CHILD = 18
_LAST_YEAR = 13
_OPENING = set(":-\"'“‘(")


def in_place(tokens: MaskTokens, index: int, *, place: bool) -> bool:
    """Whether its context makes it a place or an institution. `place`: a list says it is one."""
    after, second = tokens.at(index + 1), tokens.base(index + 2)
    if after.base in cue_words.NOT_OWNED:
        return True
    if second in cue_words.PUBLIC_BODIES:
        return place and after.kind != "sign"
    return tokens.base(index - 1) in cue_words.PLACE_BEFORE and after.base not in cue_words.SAYING


def is_moved_to(tokens: MaskTokens, index: int) -> bool:
    """Whether somebody "moved to" or "came from" there."""
    way = tokens.base(index - 1) in {"to", "from", "via"}
    return way and tokens.base(index - 2) in cue_words.MOVING


def gives_its_name(tokens: MaskTokens, index: int) -> bool:
    """Whether a ward, school, trust or protocol has this name: "Herbert Protocol"."""
    ahead = index + 1
    token = tokens.at(index)
    if token.base in cue_words.SYSTEMS and tokens.base(index - 1) in cue_words.BEFORE_A_SYSTEM:
        return True
    if tokens.base(index - 1) == "operation":
        return tokens.at(index - 1).capital or not tokens.cased
    if token.possessive or is_titled(tokens, index):
        return False
    if not token.capital:
        return tokens.base(index + 1) in cue_words.NAMED_AFTER_SMALL - {"ward"}
    while tokens.at(ahead).capital and tokens.base(ahead) not in cue_words.NAMED_AFTER:
        ahead += 1
        if ahead > index + _SIGNS:
            return False
    noun = tokens.at(ahead)
    if noun.possessive or tokens.at(ahead - 1).possessive:
        return False
    if noun.capital:
        return not tokens.shouting and noun.base in cue_words.NAMED_AFTER - {"ward"}
    return ahead == index + 1 and noun.base in cue_words.NAMED_AFTER_SMALL


def is_institution(tokens: MaskTokens, index: int) -> bool:
    """Whether a hospital or school is named after it ("St Mary's")."""
    token, after = tokens.at(index), tokens.base(index + 1)
    before = tokens.base(index - 2 if tokens.at(index - 1).text == "." else index - 1)
    if before in {"st", "saint", "sts"} and not tokens.at(index - 1).is_name:
        return True
    royal = before in {"queen", "king", "princess", "prince", "royal"} and token.capital
    patron = token.base in cue_words.PATRONS or token.base.rstrip("s") in cue_words.PATRONS
    if not (royal or patron):
        return False
    if royal and tokens.base(index + 2) in cue_words.INSTITUTIONS:
        return True
    return after in cue_words.NOT_OWNED or after in cue_words.SCHOOLS


def is_a_verb(tokens: MaskTokens, index: int) -> bool:
    """Whether a first word is a verb with its object or subject after it: "Will the …"."""
    after = tokens.base(index + 1)
    return (
        tokens.starts_sentence(index)
        and tokens.base(index) in cue_words.VERBS_TOO
        and not tokens.at(index).possessive
        and after in cue_words.AFTER_A_VERB
    )


def is_no_name(tokens: MaskTokens, index: int) -> bool:
    """Whether it is no name in lower case: "dad will hit him", "baby grey and floppy"."""
    token, before = tokens.at(index), tokens.at(index - 1)
    if token.base not in cue_words.FUTURE | cue_words.COLOURS or token.capital or before.is_name:
        return False
    after = tokens.base(index + 1)
    if token.base in cue_words.FUTURE:
        people = cue_words.KIN | {"he", "she", "they", "who", "it"}
        return before.base in people and after in cue_words.SAME_IN_THE_PAST
    if before.base in cue_words.TITLES:
        return False
    beside = cue_words.KIN | cue_words.BESIDE_A_COLOUR
    does = after in cue_words.BEING_DONE | cue_words.HARMED
    begins = before.kind != "word" and after in cue_words.BESIDE_A_COLOUR | {","}
    return not does and (before.base in beside or begins)


def child_follows(tokens: MaskTokens, index: int) -> bool:
    """Whether an age or a class follows: "X (7)", "X aged 7", "X in year 4"."""
    one, two, three = (tokens.at(index + step) for step in (1, 2, 3))
    if one.base in cue_words.AGE_WORDS:
        return True
    if one.text in {"(", ",", "-", "–"}:
        return (
            two.base in cue_words.AGE_WORDS
            or _class(two, three)
            or _age_in_brackets(one, two, three)
        )
    if one.text.isdecimal() and _age(one) and tokens.starts_sentence(index):
        return two.text == "," or two.kind == "none" or two.base in cue_words.SAYING_OR_BEING
    inside = one.base in {"in", "from", "of"} or one.text == "("
    if inside and _named_class(two, three):
        return True
    if one.base in {"in", "from", "of"} and two.base in cue_words.CLASS_WORDS:
        return _class(two, three) or two.base in {"reception", "nursery"} or three.base == "r"
    if one.base in {"is", "was", "turns", "turned", "just"}:
        return _age(two) and tokens.base(index + 3) not in cue_words.OTHER_UNITS
    return one.base != "set" and _class(one, two)


def child_before(tokens: MaskTokens, index: int) -> bool:
    """Whether a class comes before: "yr 9, X", "5T's X"."""
    back = index - 1
    while tokens.at(back).text in {",", ":", "(", "-"} and index - back <= _SIGNS:
        back -= 1
    last, before = tokens.at(back), tokens.at(back - 1)
    return _class(before, last) or _named_class(before, last)


def _named_class(number: Token, name: Token) -> bool:
    """Whether it is a class such as "4B" or "9 Elm"."""
    if not (number.text.isdecimal() and int(number.text[:3]) <= _LAST_YEAR):
        return False
    if len(name.base) == 1:
        return name.kind == "word" and name.start == number.end
    return name.kind == "word" and name.capital and name.base not in cue_words.MONTHS


def _class(word: Token, number: Token) -> bool:
    count = number.kind == "number" or number.base in cue_words.NUMBER_WORDS | {"reception"}
    return word.base in cue_words.CLASS_WORDS and count


def _age(token: Token) -> bool:
    if token.base in cue_words.NUMBER_WORDS:
        return True
    return token.text.isdecimal() and int(token.text[:3]) <= _OLDEST_CHILD


def _age_in_brackets(sign: Token, age: Token, after: Token) -> bool:
    if age.kind != "number" or not _age(age):
        return False
    ends = (
        after.kind == "none" or after.text in {",", ".", "-", ")"} or after.base in cue_words.YEARS
    )
    return sign.text == "(" or ends


def owns(tokens: MaskTokens, index: int) -> bool:
    """Whether something that a person has follows: "X's mum", "Xs mum", "X's older brother"."""
    token, after = tokens.at(index), tokens.at(index + 1)
    if after.text in {"'", "’"}:
        after = tokens.at(index + 2)
    elif not token.possessive and not token.base.endswith("s"):
        return False
    return after.base in cue_words.OWNED | cue_words.OF_RELATIVES


def beside_name(tokens: MaskTokens, index: int, *, clear: bool) -> bool:
    """Whether "and" or a list joins it to a name. `clear`: its capital can only be a name's."""
    for step in (1, -1):
        link, other = tokens.at(index + step), tokens.at(index + 2 * step)
        if not other.is_name:
            continue
        if link.text.lower() in cue_words.CONJUNCTIONS:
            return True
        if link.text == ",":
            beyond = tokens.at(index + 3 * step).text.lower()
            joined = beyond in cue_words.CONJUNCTIONS | {","}
            return clear or joined or tokens.base(index + 1) in cue_words.CONJUNCTIONS
    return False


def verb_follows(tokens: MaskTokens, index: int) -> bool:
    """Whether a verb of people, a sign or the end follows."""
    return ends(tokens, index) or tokens.base(index + 1) in cue_words.FINITE


def ends(tokens: MaskTokens, index: int) -> bool:
    """Whether a sign, a new line or the end follows."""
    return tokens.at(index + 1).kind in {"none", "line", "sign"}


def is_called(tokens: MaskTokens, index: int) -> bool:
    """Whether the words before announce a name ("called", "his name is", "surname:")."""
    back = index - 1
    while tokens.at(back).text in _OPENING and index - back <= _SIGNS:
        back -= 1
    before, second = tokens.base(back), tokens.base(back - 1)
    if before == "name" and second in cue_words.NAMES_SAID:
        return True
    if before in cue_words.CALLED or (before in {"name", "names"} and back < index - 1):
        return True
    if before == "as":
        return second in {"known", "named"}
    if before in cue_words.WHOM:
        return second in {"call", "calls", "called", "named"} and tokens.at(index).capital
    named = second in {"name", "names", "initials", "surname"}
    return before in {"is", "was", "are", "s", "changed"} and named


def is_titled(tokens: MaskTokens, index: int) -> bool:
    """Whether a title comes before, with or without its full stop. The verb "miss" is not one."""
    back = index - 1
    if tokens.at(back).text == "." and tokens.at(back).start == tokens.at(back - 1).end:
        back -= 1
        # "Bristol DC. Spoke to her": a rank in capitals ends its sentence there.
        if tokens.at(back).shouted and tokens.base(back) in cue_words.RANKS:
            return False
    verb = tokens.base(back) == "miss" and tokens.base(back - 1) in cue_words.BEFORE_A_VERB
    return tokens.base(back) in cue_words.TITLES and not tokens.at(back).possessive and not verb


def is_dated(tokens: MaskTokens, index: int) -> bool:
    """Whether a number makes it part of a date or an ordinal: "21 Jan", "26th", "2ndary"."""
    token, before = tokens.at(index), tokens.at(index - 1)
    if token.base in cue_words.ORDINALS:
        return before.kind == "number" and before.end == token.start
    if token.base not in cue_words.MONTHS:
        return False
    back = index - 1
    while tokens.base(back) in cue_words.ORDINALS | {"of"}:
        back -= 1
    day, year = tokens.at(back), tokens.at(index + 1)
    return bool(_DAY.fullmatch(day.text) or _YEAR.fullmatch(year.text))


def greeting(tokens: MaskTokens, index: int) -> str:
    """The greeting before it, or an empty string: "Hi", "Regards," and a new line."""
    back = index - 1
    while tokens.at(back).text in {",", ":"} or tokens.at(back).kind == "line":
        back -= 1
    near = index - back <= _SIGNS and tokens.base(back) in cue_words.GREETINGS
    return tokens.base(back) if near else ""
