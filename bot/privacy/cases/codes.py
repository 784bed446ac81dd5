"""Case codes: how they are made and shown, and how one is found in what somebody types.

A code is 28 symbols behind the prefix EG, in groups of four:

    EG-7K3Q-M9TX-4CDA-W6HJ-0PRV-E1FN-YGK5

27 are drawn at random (131 bits); the last is a check symbol. It is worked out from the others
without any secret, so that anybody could: that a code has a slip says nothing of what is stored.

The alphabet holds one of each set that look alike (0 and O, 1 and I and L, 2 and Z, 5 and S,
8 and B, V and U), and whichever of them is typed is read as that one. Its 29 symbols are a prime
number, which lets one check symbol catch every single wrong symbol and every two that changed
places.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from bot.privacy.masking.lexicon import lexicon

ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
PREFIX = "EG"
LENGTH = 28
GROUP = 4
PLACEHOLDER = "[case code]"
"""What stands for a code in a text that is kept."""

_LOOK_ALIKES = str.maketrans("OILZSBU", "011258V")
_WEIGHTS = range(1, LENGTH + 1)
_FEWEST = 4
"""Digits, and letters, that every code has, so that one reads like no sentence."""

_TOKEN = re.compile(r"[0-9A-Za-z]+")
_JOIN = re.compile(r"[\s\-\u2010-\u2015\u2212_.·:/,*]{0,3}")
_DASH = re.compile(r"[\-\u2010-\u2015\u2212_.·]{1,3}")
_MOST_IN_WORDS = 8
"""Symbols of a code that may happen to be English words."""
_LONGEST = 36
"""Symbols beyond which nothing was meant as one code."""
_ENOUGH = 20
"""Symbols of a code without its prefix that are taken for one with a slip."""
_A_PART = 8
"""The same with the prefix."""
_LONGEST_GROUP = 6
_NEARLY_ALL = LENGTH - GROUP


@dataclass(frozen=True)
class Found:
    """A stretch of a text that is a code, or that was meant as one: then `code` is None.

    `words` counts its letters that happen to be words.
    """

    start: int
    end: int
    code: str | None
    words: int = 0


def new_code() -> str:
    """A new code: 28 symbols without prefix or dashes."""
    while True:
        code = with_check("".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1)))
        if is_usable(code):
            return code


def with_check(drawn: str) -> str:
    """Add the check symbol to 27 symbols."""
    return drawn + ALPHABET[_weighed(drawn)]


def is_usable(code: str) -> bool:
    """Whether a code is given out: it reads like no sentence, and its start like no prefix."""
    digits = sum(symbol.isdigit() for symbol in code)
    return _FEWEST <= digits <= LENGTH - _FEWEST and not code.startswith(PREFIX)


def shown(code: str) -> str:
    """A code as people see it, in groups."""
    groups = (code[at : at + GROUP] for at in range(0, LENGTH, GROUP))
    return "-".join((PREFIX, *groups))


def is_code(symbols: str) -> bool:
    """Whether 28 symbols of the alphabet agree with their check symbol."""
    return len(symbols) == LENGTH and set(symbols) <= set(ALPHABET) and _weighed(symbols) == 0


def redact_codes(text: str) -> tuple[str, list[Found]]:
    """The text with a neutral word for every code in it, and what was found."""
    found = list(find(text))
    parts, last = [], 0
    for one in found:
        parts += [text[last : one.start], PLACEHOLDER]
        last = one.end
    return "".join([*parts, text[last:]]), found


def find(text: str) -> Iterator[Found]:
    """Every code in a text, whole or with a slip, in order.

    Letters may be small or capital, the groups joined by anything or nothing, the prefix left out.
    """
    tokens = list(_TOKEN.finditer(text)) if sum(map(str.isdigit, text)) > 1 else []
    runs = [_run(tokens, at, text) for at in range(len(tokens))]
    # With words before it a code may have the right sum by chance: the fewest words are right.
    whole = sorted(
        filter(None, (_whole(run, text) for run in runs)), key=lambda one: (one.words, one.start)
    )
    taken: list[Found] = []
    for found in (*whole, *(slip for run in runs if (slip := _slip(run, text)))):
        if all(found.end <= one.start or one.end <= found.start for one in taken):
            taken.append(found)
    yield from sorted(taken, key=lambda one: one.start)


def _weighed(symbols: str) -> int:
    """The sum that is 0 for a whole code. Without the last symbol it is that symbol's value.

    The last weight, 28, counts as -1 among remainders of 29.
    """
    total = sum(
        weight * ALPHABET.index(symbol) for weight, symbol in zip(_WEIGHTS, symbols, strict=False)
    )
    return total % len(ALPHABET)


_Run = list[re.Match[str]]


def _run(tokens: _Run, at: int, text: str) -> _Run:
    """The tokens from `at` that may belong to one code, by what stands between them."""
    run, length = [tokens[at]], len(tokens[at].group())
    for token in tokens[at + 1 :]:
        length += len(token.group())
        if token.group().upper() == PREFIX:
            break
        if length > _LONGEST or not _JOIN.fullmatch(text, run[-1].end(), token.start()):
            break
        run.append(token)
    return run


def _whole(run: _Run, text: str) -> Found | None:
    """A code whose check symbol is right. It does not begin with a word of the sentence."""
    first = run[0].group()
    if _is_word(first) and len(first) != GROUP and len(_dashed(run, text)) == 1:
        return None
    symbols = ""
    for count, token in enumerate(run, 1):
        symbols += token.group().upper()
        code = symbols.removeprefix(PREFIX).translate(_LOOK_ALIKES)
        if is_code(code) and _reads_like_a_code(run[:count]):
            words = sum(len(one.group()) for one in run[:count] if _is_word(one.group()))
            return Found(run[0].start(), token.end(), code, words)
    return None


def _reads_like_a_code(run: _Run) -> bool:
    """Whether it is not an ordinary sentence that happens to have the right sum."""
    words = [len(token.group()) for token in run if _is_word(token.group())]
    typed = "".join(token.group() for token in run)
    digits = sum(sign.isdigit() for sign in typed)
    if sum(words) > _MOST_IN_WORDS or max(words, default=0) > GROUP:
        return False
    return digits > 1 and len(typed) - digits >= _FEWEST


def _slip(run: _Run, text: str) -> Found | None:
    """What was meant as a code and is none: it must not be kept either, being nearly one."""
    dashed, spelt = _dashed(run, text), _spelt(run, text)
    named = run[0].group().upper().startswith(PREFIX)
    grouped = all(len(token.group()) <= _LONGEST_GROUP for token in dashed) or len(dashed) == 1
    least = _NEARLY_ALL if len(dashed) == 1 else _ENOUGH
    if grouped and (_enough(dashed, len(PREFIX) + _A_PART, 2) if named else _enough(dashed, least)):
        return Found(dashed[0].start(), dashed[-1].end(), None)
    both = sum(not one.group().isdigit() and not one.group().isalpha() for one in spelt)
    fours = sum(len(one.group()) == GROUP and not _is_word(one.group()) for one in spelt)
    if run[0].group().upper() == PREFIX:
        meant = (both > 1 or fours > GROUP) and _enough(spelt, len(PREFIX) + _A_PART + GROUP, 2)
    else:
        # Without its prefix only the groups tell.
        meant = both > 1 and fours >= GROUP and _enough(spelt, _ENOUGH, 2)
    return Found(spelt[0].start(), spelt[-1].end(), None) if meant else None


def _enough(part: _Run, least: int, fewest_digits: int = _FEWEST) -> bool:
    typed = "".join(token.group() for token in part)
    digits = sum(sign.isdigit() for sign in typed)
    return len(typed) >= least and digits >= fewest_digits and len(typed) - digits >= _FEWEST


def _dashed(run: _Run, text: str) -> _Run:
    """The first tokens of a run, joined by dashes."""
    part = run[:1]
    for token in run[1:]:
        if not _DASH.fullmatch(text, part[-1].end(), token.start()):
            break
        part.append(token)
    return part


def _spelt(run: _Run, text: str) -> _Run:
    """The groups from the prefix or the first of them on, up to the first words of a sentence."""
    named = run[0].group().upper() == PREFIX
    if not named and (_is_word(run[0].group()) or len(run[0].group()) > _LONGEST_GROUP):
        return []
    part, kept, word_between = run[:1], 1, False
    length = 0 if named else len(run[0].group())
    for token in run[1:]:
        group = token.group()
        word = _is_word(group) or len(group) > _LONGEST_GROUP
        blank = not _DASH.fullmatch(text, part[-1].end(), token.start())
        over = length >= _NEARLY_ALL and blank and (word or group.isdigit())
        if over or length >= LENGTH or (word and word_between):
            break
        part.append(token)
        length += len(group)
        word_between = word
        if not word:
            kept = len(part)
    return part[:kept]


def _is_word(token: str) -> bool:
    """Whether letters are an English word. One letter is none, so that a code may be spelt out."""
    if len(token) == 1 or not token.isalpha() or token.upper() == PREFIX:
        return False
    return lexicon().is_ordinary(token.lower())
