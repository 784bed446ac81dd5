"""Normalise text for the rules, and split it into sentences and clauses."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 4000
"""How many characters are read, in case a channel fails to refuse longer messages."""

_QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u02bc": "'",
        "`": "'",
        "\u00b4": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": " - ",
        "\u2014": " - ",
        "\u2026": "... ",
    }
)
_TAG = re.compile(r"<[^<>]{0,300}>")
_BLANKS = re.compile(r"[^\S\n]+")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s)")
_SENTENCE = re.compile(r"[.!?;]+(?=\s|$)|\n+|(?<=[a-z])\.(?=[a-z]{2,})")
_CLAUSE = re.compile(
    r",|:|\s-+\s|\(|\)|\b(?:but|although|though|however|because|cos|coz|whereas|yet|and then"
    r"|so that|even though|while|despite|until)\b"
)


@dataclass(frozen=True)
class Span:
    """A stretch of a normal text: `text[start:end]`."""

    start: int
    end: int


def clean(text: str) -> str:
    """Return the text without tags and without control, invisible and direction characters."""
    text = unicodedata.normalize("NFKC", text[: LONGEST * 2]).translate(_QUOTES)
    text = "".join(
        " " if ch in "\t\r\x0b\x0c\u2028\u2029" else ch
        for ch in text
        if ch in "\n\t\r\x0b\x0c\u2028\u2029" or unicodedata.category(ch) not in _INVISIBLE
    )
    return _BLANKS.sub(" ", _TAG.sub(" ", text)).strip()[:LONGEST]


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def normal(text: str) -> str:
    """Return the text in the form that every rule is written for.

    That is lower case, without apostrophes ("don't" is "dont"), with accents, single blanks, and
    new lines, since they end a sentence.
    """
    return cased(text).casefold()


def cased(text: str) -> str:
    """Return the normal text with its capitals, which distinguish places from common words."""
    return _APOSTROPHE.sub("", clean(text))


def sentences(text: str) -> Iterator[Span]:
    """Yield the non-empty sentences of a normal text, in order."""
    yield from _cut(text, 0, len(text), _SENTENCE)


def clauses(text: str, sentence: Span) -> Iterator[Span]:
    """Yield the clauses of a sentence, split at commas, brackets and words such as "but"."""
    yield from _cut(text, sentence.start, sentence.end, _CLAUSE)


def span_at(spans: list[Span], position: int) -> Span:
    """Return the span at a position, or the last span before it."""
    held = spans[0]
    for span in spans:
        if span.start > position:
            break
        held = span
    return held


def _cut(text: str, start: int, end: int, at: re.Pattern[str]) -> Iterator[Span]:
    begin = start
    for found in at.finditer(text, start, end):
        if text[begin : found.start()].strip():
            yield Span(begin, found.start())
        begin = found.end()
    if text[begin:end].strip():
        yield Span(begin, end)
