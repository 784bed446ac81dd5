"""Case codes: making them, showing them, and finding them in what somebody types.

A code is 13 words, to be read out (words.py). Codes given out before were 28 symbols behind the
prefix EG, in groups of four, and open their cases as ever:

    EG-7K3Q-M9TX-4CDA-W6HJ-0PRV-E1FN-YGK5

27 are drawn at random (131 bits); the last is a check symbol. It needs no secret, so telling
somebody that a code has a typing error says nothing about what is stored.

Of symbols that look alike (0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B, V and U) the
alphabet holds only the first, and the others are read as that. It has 29 symbols because 29 is
prime: one check symbol then catches every wrong symbol and every swap of two.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.privacy.cases.words import find_words, new_words
from bot.privacy.masking.lexicon import name_lexicon

ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
PREFIX = "EG"
LENGTH = 28
GROUP = 4
CODE_PLACEHOLDER = "[case code]"
"""Replaces a code in text that is stored."""

_LOOK_ALIKES = str.maketrans("OILZSBU", "011258V")
_WEIGHTS = range(1, LENGTH + 1)
_FEWEST = 4
"""The fewest digits and the fewest letters in a code, so that no code reads like a sentence."""

_TOKEN = re.compile(r"[0-9A-Za-z]+")
_JOIN = re.compile(r"[\s\-\u2010-\u2015\u2212_.·:/,*]{0,3}")
_DASH = re.compile(r"[\-\u2010-\u2015\u2212_.·]{1,3}")
_MOST_IN_WORDS = 8
"""How many symbols of a code may happen to form English words."""
_LONGEST = 36
"""Anything longer was not meant as a code."""
_ENOUGH = 20
"""Without the prefix, so many symbols are taken for a mistyped code."""
_ENOUGH_WITH_PREFIX = 8
"""With the prefix, so many are enough."""
_LONGEST_GROUP = 6
_NEARLY_ALL = LENGTH - GROUP


@dataclass(frozen=True)
class CodeMatch:
    """A code found in a text; `code` is None where it is mistyped.

    `words` counts the letters in it that happen to form words.
    """

    start: int
    end: int
    code: str | None
    words: int = 0


def new_code() -> str:
    """A new code, without the prefix."""
    return new_words()


def with_check_symbol(drawn: str) -> str:
    """Add the check symbol to 27 symbols."""
    return drawn + ALPHABET[_weighted_sum(drawn)]


def is_usable(code: str) -> bool:
    """Whether a code of symbols was given out: not like a sentence, nor with the prefix first."""
    digits = sum(symbol.isdigit() for symbol in code)
    return _FEWEST <= digits <= LENGTH - _FEWEST and not code.startswith(PREFIX)


def format_code(code: str) -> str:
    """The code as people see it: its words, or its groups."""
    if "-" in code:
        return f"{PREFIX}-{code}"
    groups = (code[at : at + GROUP] for at in range(0, LENGTH, GROUP))
    return "-".join((PREFIX, *groups))


def is_code(symbols: str) -> bool:
    """Whether 28 symbols of the alphabet agree with their check symbol."""
    return len(symbols) == LENGTH and set(symbols) <= set(ALPHABET) and _weighted_sum(symbols) == 0


def redact_codes(text: str) -> tuple[str, list[CodeMatch]]:
    """The text with every code replaced by a placeholder, and the codes found."""
    found = list(find_codes(text))
    parts, last = [], 0
    for match in found:
        parts += [text[last : match.start], CODE_PLACEHOLDER]
        last = match.end
    return "".join([*parts, text[last:]]), found


def find_codes(text: str) -> Iterator[CodeMatch]:
    """Every code in a text, right or mistyped, in order.

    Letters may be small or capital, groups may be joined by anything, the prefix may be missing.
    """
    tokens = list(_TOKEN.finditer(text)) if sum(map(str.isdigit, text)) > 1 else []
    runs = [_run(tokens, at, text) for at in range(len(tokens))]
    # A code taken together with words before it may have the right sum by chance, so the match
    # with the fewest words wins.
    whole = sorted(
        filter(None, (_whole(run, text) for run in runs)),
        key=lambda match: (match.words, match.start),
    )
    taken = [CodeMatch(start, end, code) for start, end, code in find_words(text)]
    for found in (*whole, *(slip for run in runs if (slip := _slip(run, text)))):
        if all(found.end <= other.start or other.end <= found.start for other in taken):
            taken.append(found)
    yield from sorted(taken, key=lambda match: match.start)


def _weighted_sum(symbols: str) -> int:
    """The checksum: 0 for a right code; for the first 27 symbols, the value of the last.

    Modulo 29, the last weight, 28, counts as -1.
    """
    total = sum(
        weight * ALPHABET.index(symbol) for weight, symbol in zip(_WEIGHTS, symbols, strict=False)
    )
    return total % len(ALPHABET)


_Run = list[re.Match[str]]


def _run(tokens: _Run, at: int, text: str) -> _Run:
    """The tokens from `at` that may form one code, judged by what separates them."""
    run, length = [tokens[at]], len(tokens[at].group())
    for token in tokens[at + 1 :]:
        length += len(token.group())
        if token.group().upper() == PREFIX:
            break
        if length > _LONGEST or not _JOIN.fullmatch(text, run[-1].end(), token.start()):
            break
        run.append(token)
    return run


def _whole(run: _Run, text: str) -> CodeMatch | None:
    """A code whose check symbol is right and that does not begin with a word of the sentence."""
    first = run[0].group()
    if _is_word(first) and len(first) != GROUP and len(_dashed(run, text)) == 1:
        return None
    symbols = ""
    for count, token in enumerate(run, 1):
        symbols += token.group().upper()
        code = symbols.removeprefix(PREFIX).translate(_LOOK_ALIKES)
        if is_code(code) and _reads_like_a_code(run[:count]):
            words = sum(len(token.group()) for token in run[:count] if _is_word(token.group()))
            return CodeMatch(run[0].start(), token.end(), code, words)
    return None


def _reads_like_a_code(run: _Run) -> bool:
    """Whether this is more than an ordinary sentence that happens to have the right sum."""
    words = [len(token.group()) for token in run if _is_word(token.group())]
    typed = "".join(token.group() for token in run)
    digits = sum(sign.isdigit() for sign in typed)
    if sum(words) > _MOST_IN_WORDS or max(words, default=0) > GROUP:
        return False
    return digits > 1 and len(typed) - digits >= _FEWEST


def _slip(run: _Run, text: str) -> CodeMatch | None:
    """A mistyped code. It must not be stored either, since it nearly gives the real one away."""
    dashed, spelt = _dashed(run, text), _spelt(run, text)
    named = run[0].group().upper().startswith(PREFIX)
    grouped = all(len(token.group()) <= _LONGEST_GROUP for token in dashed) or len(dashed) == 1
    least = _NEARLY_ALL if len(dashed) == 1 else _ENOUGH
    if grouped and (
        _enough(dashed, len(PREFIX) + _ENOUGH_WITH_PREFIX, 2) if named else _enough(dashed, least)
    ):
        return CodeMatch(dashed[0].start(), dashed[-1].end(), None)
    both = sum(not token.group().isdigit() and not token.group().isalpha() for token in spelt)
    fours = sum(len(token.group()) == GROUP and not _is_word(token.group()) for token in spelt)
    if run[0].group().upper() == PREFIX:
        meant = (both > 1 or fours > GROUP) and _enough(
            spelt, len(PREFIX) + _ENOUGH_WITH_PREFIX + GROUP, 2
        )
    else:
        # Without the prefix only the groups show that a code was meant.
        meant = both > 1 and fours >= GROUP and _enough(spelt, _ENOUGH, 2)
    return CodeMatch(spelt[0].start(), spelt[-1].end(), None) if meant else None


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
    """The groups from the prefix or the first group on, up to the words of the sentence."""
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
    """Whether this is an English word. A single letter is not: a code may be spelt out."""
    if len(token) == 1 or not token.isalpha() or token.upper() == PREFIX:
        return False
    return name_lexicon().is_ordinary(token.lower())
