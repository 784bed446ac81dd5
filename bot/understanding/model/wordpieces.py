"""Words cut into the pieces that the sentence encoder knows (WordPiece, as BERT cuts them)."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from bot.understanding.words.concepts import in_full
from bot.understanding.words.text import clean

START, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
LONGEST_WORD = 40
"""Characters of the longest word that is cut in pieces: a longer one is no word."""
PART = 32
"""Pieces of each window of a text that is too long for one: what is in it is not drowned there."""
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
_UNBRACKETED = str.maketrans("[]", "  ")

Pieces = Mapping[str, int]
"""Every piece with its number: a word's beginning, or "##" and what may follow one."""


@cache
def known_pieces(path: Path) -> Pieces:
    """Return the pieces of a vocabulary, one a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {piece: number for number, piece in enumerate(lines)}


def plain(text: str) -> str:
    """Return the text as the encoder reads it: small letters, short forms in full, no accents.

    What masking put in ("[name]") is read as a word.
    """
    words = in_full(clean(text).lower()).translate(_UNBRACKETED)
    apart = unicodedata.normalize("NFD", words)
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")


def windows(text: str, pieces: Pieces, size: int) -> list[list[int]]:
    """Return the text as numbers of pieces, ends included: in one window if `size` is enough."""
    numbers = [number for word in _WORD.findall(plain(text)) for number in _cut(word, pieces)]
    room = (size if len(numbers) <= size - 2 else PART) - 2
    parts = [numbers[at : at + room] for at in range(0, len(numbers), room)] or [[]]
    return [[pieces[START], *part, pieces[END]] for part in parts]


def _cut(word: str, pieces: Pieces) -> list[int]:
    if len(word) > LONGEST_WORD:
        return [pieces[UNKNOWN]]
    found = list(_longest_first(word, pieces))
    return [pieces[UNKNOWN]] if None in found else [number for number in found if number]


def _longest_first(word: str, pieces: Pieces) -> Iterator[int | None]:
    """Cut the longest known piece off the front each time; None where there is none."""
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
