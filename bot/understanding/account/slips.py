"""Slips of the finger: the known word that is one letter away from what was typed."""

from collections.abc import Iterable, Iterator, Mapping

SHORTEST = 5
"""Letters of the shortest word that is mended: shorter ones are too often another word."""

Known = Mapping[str, str]
"""Each known word, and what is left of it without one letter, with the word."""


def known_words(words: Iterable[str]) -> Known:
    """Return the words in the form in which they are looked up."""
    listed = sorted({word for word in words if len(word) >= SHORTEST})
    known = {left: word for word in reversed(listed) for left in _without_one(word)}
    return {**known, **{word: word for word in listed}}


def mended(word: str, known: Known) -> str:
    """Return the known word that a word is a slip of, or the word itself."""
    if len(word) < SHORTEST:
        return word
    if word in known:
        return known[word]
    return next((known[left] for left in _without_one(word) if left in known), word)


def _without_one(word: str) -> Iterator[str]:
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
