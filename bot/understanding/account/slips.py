"""Correct typing errors: find the known word that is one letter away from a typed word."""

from collections.abc import Iterable, Iterator, Mapping

SHORTEST = 5
"""The shortest word that is corrected: shorter ones are too often another word."""

Known = Mapping[str, str]
"""Maps each known word, and the word without any one letter, to the word."""


def known_words(words: Iterable[str]) -> Known:
    """Return the words as a mapping for looking them up."""
    listed = sorted({word for word in words if len(word) >= SHORTEST})
    known = {left: word for word in reversed(listed) for left in _without_one(word)}
    return {**known, **{word: word for word in listed}}


def correct_slip(word: str, known: Known) -> str:
    """Return the known word that was meant, or the word itself."""
    if len(word) < SHORTEST:
        return word
    if word in known:
        return known[word]
    return next((known[left] for left in _without_one(word) if left in known), word)


def _without_one(word: str) -> Iterator[str]:
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
