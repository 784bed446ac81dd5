"""Masking: what identifies a person is replaced before anything is stored."""

import re
from collections.abc import Collection
from functools import lru_cache

import msgspec

from bot import clock
from bot.privacy.masking import patterns
from bot.privacy.masking.addresses import addresses, postcodes
from bot.privacy.masking.birth_dates import births
from bot.privacy.masking.lexicon import lexicon, word_lines
from bot.privacy.masking.names import People
from bot.privacy.masking.patterns import PLACEHOLDER, PLACEHOLDERS, MaskSpan
from bot.privacy.masking.reader import reader
from bot.privacy.masking.tokens import Token, tokenise

# Masking can bring a further name to light; texts are settled after one or two rounds.
ROUNDS = 8
_ADDRESS_OF_PAGE = re.compile(r"(?:https?://|www\.)\S{1,300}", re.IGNORECASE)
_TOGETHER = re.compile(r"\[name\](?:[ \t]+\[name\])+")


class MaskedText(msgspec.Struct, frozen=True):
    """A text as it may be stored, and the kinds of thing that were taken out of it.

    `kinds` are keys of PLACEHOLDERS, each once, in the order in which they stand in the text.
    """

    text: str
    kinds: tuple[str, ...]


@lru_cache(maxsize=1)
def allowed_by_default() -> frozenset[str]:
    """What policies publish, in lower case: it belongs to a partnership, not to a person."""
    return frozenset(line.strip().lower() for line in word_lines("allowed"))


def mask(text: str, allow: Collection[str] | None = None) -> MaskedText:
    """Replace what identifies a person by placeholders such as "[name]".

    `allow` holds e-mail addresses and telephone numbers that stay, as published; by default
    those of the policies. Masking a masked text changes nothing.
    """
    kept = allowed_by_default() if allow is None else {one.lower() for one in allow}
    kinds: dict[str, None] = {}
    for round_ in range(ROUNDS):
        spans = _shapes(text, kept)
        text = _replaced(text, spans, kinds)
        names = _names(text, last=round_ == ROUNDS - 1)
        text = _replaced(text, names, kinds)
        if not spans and not names:
            break
    return MaskedText(text=text, kinds=tuple(kinds))


def _shapes(text: str, allow: Collection[str]) -> list[MaskSpan]:
    words = lexicon()
    found: list[MaskSpan] = [
        MaskSpan(hit.start(), hit.end(), "") for hit in PLACEHOLDER.finditer(text)
    ]
    found += patterns.emails(text)
    found = [
        MaskSpan(s.start, s.end, "") if text[s.start : s.end].lower() in allow else s for s in found
    ]
    found += patterns.links(text)
    found += (
        handle
        for handle in patterns.handles(text)
        if (base := text[handle.start + 1 : handle.end].lower()) not in words.places
        and not words.is_ordinary(base)
    )
    found += (
        MaskSpan(s.start, s.end, "") if text[s.start : s.end].strip().lower() in allow else s
        for s in births(text, today=clock.today())
    )
    found += patterns.numbers(text)
    found += postcodes(text)
    found += addresses(text, is_place=lambda word: word.lower() in words.places)
    return [span for span in patterns.without_overlaps(found) if span.kind]


def _names(text: str, *, last: bool) -> list[MaskSpan]:
    words = lexicon()
    people = People(tokenise(text, words.phrases, untouchable(text)), words)
    found = people.find() or _read(text, people.unsettled(), last=last)
    return [MaskSpan(token.start, _end(token, text), "name") for token in found]


def _end(token: Token, text: str) -> int:
    """Where the name ends; the full stop of an initial before a name ("J. Smith") belongs to it."""
    dotted = len(token.base) == 1 and text[token.end : token.end + 2] == ". "
    return token.end + dotted


def _read(text: str, unsettled: list[Token], *, last: bool) -> list[Token]:
    """Words that no list knows and that the second reader takes for a person.

    In the last round all of them, so that nothing is left for a masking of the masked text.
    """
    read = reader()
    if read is None or not unsettled:
        return []
    if last:
        return unsettled
    stretches = read(text)
    return [
        token
        for token in unsettled
        if any(start < token.end and token.start < end for start, end in stretches)
    ]


def untouchable(text: str) -> list[tuple[int, int]]:
    """Addresses of e-mail and of pages, inside which no name is looked for."""
    emails = [(found.start, found.end) for found in patterns.emails(text)]
    return emails + [hit.span() for hit in _ADDRESS_OF_PAGE.finditer(text)]


def _replaced(text: str, spans: list[MaskSpan], kinds: dict[str, None]) -> str:
    parts, last = [], 0
    for span in spans:
        parts += [text[last : span.start], PLACEHOLDERS[span.kind]]
        kinds.setdefault(span.kind)
        last = span.end
    return _TOGETHER.sub("[name]", "".join([*parts, text[last:]]))
