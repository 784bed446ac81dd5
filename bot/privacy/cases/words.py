"""Codes of words, which can be read out on the telephone.

A code is 13 short words behind the prefix EG:

    EG-river-couch-tilt-noble-…

Twelve are drawn at random (131 bits); the last is a check word. There are 2029 words because 2029
is prime: one check word then catches every wrong word and every swap of two. No word begins with
the same four letters as another. The list is that of BIP 39, without what nobody would want to read
beside a child; its licence is in words.licence.txt.
"""

import re
import secrets
from collections.abc import Iterator
from functools import cache
from pathlib import Path

WORDS = 13
FEWEST = 11
"""So many different words of the list among 13 were meant as a code: no sentence has them."""
FEWEST_NAMED = 6
"""Behind the prefix so many are enough."""
LISTED = Path(__file__).with_name("words.txt")

_TOKEN = re.compile(r"[A-Za-z]+")
_JOIN = re.compile(r"[\s\-\u2010-\u2015\u2212_.·:/,]{1,3}")
_PREFIX = "eg"


@cache
def _numbers() -> dict[str, int]:
    listed = LISTED.read_text(encoding="utf-8").split()
    return {word: number for number, word in enumerate(listed)}


def new_words() -> str:
    """A new code: 13 words joined by dashes, without the prefix."""
    listed = list(_numbers())
    return with_check_word([secrets.choice(listed) for _ in range(WORDS - 1)])


def with_check_word(drawn: list[str]) -> str:
    """Join twelve words and their check word."""
    return "-".join([*drawn, list(_numbers())[_weighted_sum(drawn)]])


def is_code_of_words(code: str) -> bool:
    """Whether these are 13 words of the list that agree with their check word."""
    words = code.split("-")
    return len(words) == WORDS and set(words) <= _numbers().keys() and not _off(words)


def _weighted_sum(words: list[str]) -> int:
    """The checksum of twelve words: the number of the check word, whose own weight is -1."""
    numbers = _numbers()
    total = sum(weight * numbers[word] for weight, word in enumerate(words, 1))
    return total % len(numbers)


def _off(words: list[str]) -> int:
    return (_weighted_sum(words[:-1]) - _numbers()[words[-1]]) % len(_numbers())


def find_words(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Every code of words in a text, right or mistyped (None), with where it stands."""
    tokens = list(_TOKEN.finditer(text))
    if len(tokens) < FEWEST_NAMED:
        return
    runs = [_run(tokens, at, text) for at in range(len(tokens))]
    # "My code is …": words of the sentence may be on the list, so that whole codes go first.
    whole = {at: code for at, code in enumerate(map(_whole, runs)) if code is not None}
    taken = {number for at, (length, _) in whole.items() for number in range(at, at + length)}
    at = 0
    while at < len(tokens):
        found: tuple[int, str | None] | None = whole.get(at)
        if found is None and at not in taken:
            free = [token for number, token in enumerate(runs[at], at) if number not in taken]
            found = _slip(free)
        if found is None:
            at += 1
            continue
        length, code = found
        end = at + length
        while code is None and end < len(tokens) and _goes_on(tokens[end - 1], tokens[end], text):
            end += 1
        yield tokens[at].start(), tokens[end - 1].end(), code
        at = end


def _goes_on(last: re.Match[str], token: re.Match[str], text: str) -> bool:
    """Whether a mistyped code goes on: with a listed word, or after a dash with part of one."""
    between = text[last.end() : token.start()]
    if not _JOIN.fullmatch(between):
        return False
    word = token.group().lower()
    return word in _numbers() or (
        between == "-" and any(one.startswith(word) for one in _numbers())
    )


def _run(tokens: list[re.Match[str]], at: int, text: str) -> list[re.Match[str]]:
    """The tokens from `at` that may form one code, with the prefix if it stands before them."""
    named = tokens[at].group().lower() == _PREFIX
    run = [tokens[at]]
    for token in tokens[at + 1 : at + WORDS + named]:
        if not _JOIN.fullmatch(text, run[-1].end(), token.start()):
            break
        run.append(token)
    return run


def _whole(run: list[re.Match[str]]) -> tuple[int, str] | None:
    words = [token.group().lower() for token in run]
    named = words[0] == _PREFIX
    code = "-".join(words[named : WORDS + named])
    return (WORDS + named, code) if is_code_of_words(code) else None


def _slip(run: list[re.Match[str]]) -> tuple[int, None] | None:
    """A mistyped code: most of the words are there. It is not kept either."""
    listed = [token.group().lower() in _numbers() for token in run]
    named = run[0].group().lower() == _PREFIX
    if not (named or listed[0]):
        return None
    known = {token.group().lower(): number for number, token in enumerate(run) if listed[number]}
    # The last word of the list ends it: what follows is the sentence.
    enough = FEWEST_NAMED if named else FEWEST
    return (max(known.values()) + 1, None) if len(known) >= enough else None
