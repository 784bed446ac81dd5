"""Split words into the pieces that the sentence encoder knows (WordPiece, as in BERT)."""

import re
import unicodedata
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
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
_UNBRACKETED = str.maketrans("[]", "  ")

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


def windows(text: str, pieces: Pieces, size: int) -> list[list[int]]:
    """Return the piece numbers of a text with end marks, in one window if it fits `size`."""
    numbers = [
        number for word in _WORD.findall(encoder_text(text)) for number in _cut(word, pieces)
    ]
    room = (size if len(numbers) <= size - 2 else PART) - 2
    parts = [numbers[at : at + room] for at in range(0, len(numbers), room)] or [[]]
    return [[pieces[START], *part, pieces[END]] for part in parts]


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
