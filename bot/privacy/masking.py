"""Masking: what identifies a person is replaced before anything is stored."""

import re
from collections.abc import Collection
from functools import lru_cache

import msgspec

from bot import clock
from bot.privacy import patterns
from bot.privacy.lexicon import NAMES, lexicon
from bot.privacy.patterns import PLACEHOLDER, PLACEHOLDERS, Span
from bot.privacy.people import People
from bot.privacy.tokens import tokenise

# Masking can bring a further name to light; texts are settled after one or two rounds.
ROUNDS = 8
_TOGETHER = re.compile(r"\[name\](?:[ \t]+\[name\])+")


class Masked(msgspec.Struct, frozen=True):
    """A text as it may be stored, and the kinds of thing that were taken out of it.

    `kinds` are keys of PLACEHOLDERS, each once, in the order in which they stand in the text.
    """

    text: str
    kinds: tuple[str, ...]


@lru_cache(maxsize=1)
def allowed_by_default() -> frozenset[str]:
    """Addresses that policies publish, in lower case: they belong to a partnership, not a person."""
    lines = (NAMES / "allowed.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line and not line.startswith("#"))


def mask(text: str, allow: Collection[str] | None = None) -> Masked:
    """Replace what identifies a person by placeholders such as "[name]".

    `allow` holds e-mail addresses and telephone numbers that stay, as published; by default
    those of the policies. Masking a masked text changes nothing.
    """
    kept = allowed_by_default() if allow is None else {one.lower() for one in allow}
    kinds: dict[str, None] = {}
    for _ in range(ROUNDS):
        spans = _shapes(text, kept)
        text = _replaced(text, spans, kinds)
        names = _names(text)
        text = _replaced(text, names, kinds)
        if not spans and not names:
            break
    return Masked(text=_TOGETHER.sub("[name]", text), kinds=tuple(kinds))


def _shapes(text: str, allow: Collection[str]) -> list[Span]:
    words = lexicon()
    found: list[Span] = [Span(hit.start(), hit.end(), "") for hit in PLACEHOLDER.finditer(text)]
    found += patterns.emails(text)
    found = [
        Span(s.start, s.end, "") if text[s.start : s.end].lower() in allow else s for s in found
    ]
    found += patterns.links(text)
    found += (
        handle
        for handle in patterns.handles(text)
        if (base := text[handle.start + 1 : handle.end].lower()) not in words.places
        and not words.is_ordinary(base)
    )
    found += (
        Span(s.start, s.end, "") if text[s.start : s.end].strip().lower() in allow else s
        for s in patterns.births(text, today=clock.today())
    )
    found += patterns.numbers(text)
    found += patterns.postcodes(text)
    found += patterns.addresses(text, is_place=lambda word: word.lower() in words.places)
    return [span for span in patterns.without_overlaps(found) if span.kind]


def _names(text: str) -> list[Span]:
    tokens = tokenise(text, _phrases(text))
    People(tokens, lexicon()).find()
    return [
        Span(token.start, token.end, "name")
        for token in tokens.all
        if token.is_name and token.kind != "mask"
    ]


@lru_cache(maxsize=1)
def _phrase_pattern() -> re.Pattern[str]:
    lines = (NAMES / "phrases.txt").read_text(encoding="utf-8").splitlines()
    phrases = sorted((line for line in lines if line and not line.startswith("#")), key=len)
    each = "|".join(re.escape(phrase).replace("'", "['’]?") for phrase in reversed(phrases))
    return re.compile(rf"(?<!\w)(?:{each}|https?://\S{{1,300}}|www\.\S{{1,300}})(?!\w)", re.IGNORECASE)


def _phrases(text: str) -> list[tuple[int, int]]:
    emails = [(s.start, s.end) for s in patterns.emails(text)]
    return [hit.span() for hit in _phrase_pattern().finditer(text)] + emails


def _replaced(text: str, spans: list[Span], kinds: dict[str, None]) -> str:
    parts, last = [], 0
    for span in spans:
        parts += [text[last : span.start], PLACEHOLDERS[span.kind]]
        kinds.setdefault(span.kind)
        last = span.end
    return _TOGETHER.sub("[name]", "".join([*parts, text[last:]]))
