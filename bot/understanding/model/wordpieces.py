"""Split words into the pieces that the sentence encoder knows (WordPiece, as in BERT)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from bot.understanding.words.concepts import expand_short_forms
from bot.understanding.words.text import clean

START, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
LONGEST_WORD = 40
"""The longest word, in characters, that is split into pieces."""
PART = 32
"""Pieces per window of a text that needs several: short, so that no clause is drowned out."""
MOST_WINDOWS = 36
"""More than 4,000 characters of English fill. Only signs and single letters need more."""
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
_UNBRACKETED = str.maketrans("[]", "  ")

Window = tuple[int, ...]
"""The numbers of a window's pieces, with its end marks."""
Pieces = Mapping[str, int]
"""Every piece with its number: the start of a word, or "##" and a continuation."""


@cache
def known_pieces(path: Path) -> Pieces:
    """Return the pieces of a vocabulary file, which has one per line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {piece: number for number, piece in enumerate(lines)}


def encoder_text(text: str) -> str:
    """Return the text for the encoder: small letters, short forms in full, no accents.

    Placeholders such as "[name]" are read as words.
    """
    words = expand_short_forms(clean(text).lower()).translate(_UNBRACKETED)
    apart = unicodedata.normalize("NFD", words)
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")


def windows(text: str, pieces: Pieces, size: int) -> Counter[Window]:
    """Return the windows of a text and how often each occurs: one window if it fits `size`.

    Of more than MOST_WINDOWS different ones, those with the most letters are kept. One of signs
    alone says nothing, and is kept only if there is no other.
    """
    words = _WORD.findall(encoder_text(text))
    numbers = [(number, len(word)) for word in words for number in _cut(word, pieces)]
    room = (size if len(numbers) <= size - 2 else PART) - 2
    found: Counter[Window] = Counter()
    letters: dict[Window, int] = {}
    for at in range(0, len(numbers) or 1, room):
        part = numbers[at : at + room]
        window = (pieces[START], *(number for number, _ in part), pieces[END])
        found[window] += 1
        letters[window] = sum(length > 1 for _, length in part)
    ranked = sorted(letters, key=letters.__getitem__, reverse=True)[:MOST_WINDOWS]
    kept = {window for window in ranked if letters[window]} or {ranked[0]}
    return Counter({window: times for window, times in found.items() if window in kept})


def _cut(word: str, pieces: Pieces) -> list[int]:
    if len(word) > LONGEST_WORD:
        return [pieces[UNKNOWN]]
    found = list(_longest_first(word, pieces))
    return [pieces[UNKNOWN]] if None in found else [number for number in found if number]


def _longest_first(word: str, pieces: Pieces) -> Iterator[int | None]:
    """Yield the longest known piece at the front, repeatedly; None if there is none."""
    start = 0
    while start < len(word):
        mark = "##" if start else ""
        for end in range(len(word), start, -1):
            number = pieces.get(mark + word[start:end])
            if number is not None:
                yield number
                start = end
                break
        else:
            yield None
            return
