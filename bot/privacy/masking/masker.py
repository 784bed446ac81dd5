"""Masking: replace whatever identifies a person, before anything is stored."""

import re
from bisect import bisect_right
from collections.abc import Collection
from functools import lru_cache

import msgspec

from bot import clock
from bot.gazetteer.england import town_in_county
from bot.privacy.masking import patterns
from bot.privacy.masking.addresses import find_addresses, find_postcodes, named_houses
from bot.privacy.masking.birth_dates import find_birth_dates
from bot.privacy.masking.lexicon import as_phrase, name_lexicon, word_lines
from bot.privacy.masking.names import NameFinder
from bot.privacy.masking.patterns import PLACEHOLDER, PLACEHOLDERS, MaskSpan
from bot.privacy.masking.postcodes_said import find_postcodes_said
from bot.privacy.masking.reader import name_reader
from bot.privacy.masking.spelt_out import find_spelt_out
from bot.privacy.masking.tokens import Token, tokenise

# Masking one thing can reveal another name; nearly every text settles in one or two rounds.
ROUNDS = 8
READINGS = 2
"""How often the second reader may read one text: nothing else here takes as long."""
SHORT = 600
"""Letters of a text that the second reader reads whole."""
_SENTENCE_END = re.compile(r"[.!?]+\s+|\n+")
_ADDRESS_OF_PAGE = re.compile(r"(?:https?://|www\.)\S{1,300}", re.IGNORECASE)
_TOGETHER = re.compile(r"\[name\](?:[ \t]+\[name\])+")


class MaskedText(msgspec.Struct, frozen=True):
    """A text that may be stored, and the kinds of thing that were masked in it.

    `kinds` are keys of PLACEHOLDERS, without repetition, in the order of the text.
    """

    text: str
    kinds: tuple[str, ...]


@lru_cache(maxsize=1)
def allowed_by_default() -> frozenset[str]:
    """Contacts that policies publish, in lower case: a partnership's, not a person's."""
    return frozenset(line.strip().lower() for line in word_lines("allowed"))


def mask(text: str, allow: Collection[str] | None = None) -> MaskedText:
    """Replace whatever identifies a person with placeholders such as "[name]".

    `allow` holds e-mail addresses and telephone numbers that stay, by default those that the
    policies publish. Masking a masked text changes nothing.
    """
    kept = allowed_by_default() if allow is None else {contact.lower() for contact in allow}
    kinds: dict[str, None] = {}
    readings = READINGS
    if _only_says_where(text):
        return MaskedText(text=text, kinds=())
    for round_ in range(ROUNDS):
        spans = _find_identifiers(text, kept)
        text = _replaced(text, spans, kinds)
        people = _people(text)
        found = people.find()
        unsettled = [] if found else people.unsettled()
        if unsettled:
            found = _names_by_reader(text, unsettled, last=not readings or round_ == ROUNDS - 1)
            readings -= 1
        names = [MaskSpan(token.start, _end(token, text), "name") for token in found]
        text = _replaced(text, names, kinds)
        if not spans and not names:
            break
    return MaskedText(text=text, kinds=tuple(kinds))


def _only_says_where(text: str) -> bool:
    """Say whether a text is a town with its county behind it, and the town no given name."""
    words = name_lexicon()
    town = town_in_county(text)
    return town is not None and not any(
        part in (words.first | words.first_places | words.doubtful | words.first_too)
        for part in as_phrase(town)
    )


def _find_identifiers(text: str, allow: Collection[str]) -> list[MaskSpan]:
    words = name_lexicon()
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
        for s in find_birth_dates(text, today=clock.today())
    )
    found += find_postcodes_said(text)
    found += find_spelt_out(text)
    found += patterns.numbers(text)
    found += find_postcodes(text)
    found += find_addresses(
        text,
        is_place=lambda word: word.lower() in words.places,
        is_ordinary=lambda word: words.is_ordinary(word.lower()),
    )
    return [span for span in patterns.without_overlaps(found) if span.kind]


def _people(text: str) -> NameFinder:
    words = name_lexicon()
    return NameFinder(tokenise(text, words.phrases, protected_spans(text)), words)


def _end(token: Token, text: str) -> int:
    """Where the name ends; it includes the full stop of an initial ("J. Smith")."""
    dotted = len(token.base) == 1 and text[token.end : token.end + 2] == ". "
    return token.end + dotted


def _names_by_reader(text: str, unsettled: list[Token], *, last: bool) -> list[Token]:
    """Words on no list that the second reader takes for a person.

    At last, all words on no list: masking the masked text must find nothing more.
    """
    read = name_reader()
    if read is None:
        return []
    if last:
        return unsettled
    stretches = [
        (start + place, end + place)
        for place, part in _parts_with(text, unsettled)
        for start, end in read(part)
    ]
    return [
        token
        for token in unsettled
        if any(start < token.end and token.start < end for start, end in stretches)
    ]


def _parts_with(text: str, words: list[Token]) -> list[tuple[int, str]]:
    """Return the stretches of a text that say what the words are, each with its place.

    That is their sentence with those before and after, or the whole of a short text: reading all of
    a long one takes longer than anything else here.
    """
    if len(text) <= SHORT:
        return [(0, text)]
    ends = [0, *(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]
    read = {
        near
        for word in words
        for at in [bisect_right(ends, word.start) - 1]
        for near in (at - 1, at, at + 1)
        if 0 <= near < len(ends) - 1
    }
    # Sentences that follow each other are read together.
    starts = sorted(at for at in read if at - 1 not in read)
    stops = sorted(at + 1 for at in read if at + 1 not in read)
    return [
        (ends[start], text[ends[start] : ends[stop]])
        for start, stop in zip(starts, stops, strict=True)
    ]


def protected_spans(text: str) -> list[tuple[int, int]]:
    """E-mail and page addresses and named homes, in which no names are looked for."""
    emails = [(found.start, found.end) for found in patterns.emails(text)]
    return emails + [*named_houses(text)] + [hit.span() for hit in _ADDRESS_OF_PAGE.finditer(text)]


def _replaced(text: str, spans: list[MaskSpan], kinds: dict[str, None]) -> str:
    parts, last = [], 0
    for span in spans:
        parts += [text[last : span.start], PLACEHOLDERS[span.kind]]
        kinds.setdefault(span.kind)
        last = span.end
    return _TOGETHER.sub("[name]", "".join([*parts, text[last:]]))
