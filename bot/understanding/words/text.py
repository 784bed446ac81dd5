"""Normalise text for the rules, and split it into sentences and clauses."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from html import unescape
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_known: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("known", default=None)

LONGEST = 4000
"""How many characters are read, in case a channel fails to refuse longer messages."""

FEWEST_QUOTED, MOST_QUOTED = 7, 16
"""Words of the person's own that are quoted back, as far as their clause has them."""
_AROUND = " \t\"'“”.,:;!?()-"

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
_WORD = re.compile(r"\S+")
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


@contextmanager
def one_message() -> Iterator[None]:
    """Work out once within this what is asked of each of its texts; after it, nothing is kept."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once_a_message(work: Callable[P, T]) -> Callable[P, T]:
    """Remember what `work` made of each text, for as long as its message is read.

    Nothing that it is given may change.
    """

    @wraps(work)
    def remembered(*given: P.args, **named: P.kwargs) -> T:
        known = _known.get()
        if known is None or named:
            return work(*given, **named)
        key = (work, *given)
        if key not in known:
            known[key] = work(*given, **named)
        found: T = known[key]
        return found

    return remembered


@once_a_message
def clean(text: str) -> str:
    """Return the text as somebody would read it aloud.

    That is without tags, marks of formatting, and control, invisible and direction characters; with
    words whole that a line's end, a layout or foreign letters tear apart.
    """
    text = unicodedata.normalize("NFKC", unescape(text[: LONGEST * 2])).translate(_QUOTES)
    text = text.translate({ord(ch): seen for ch in set(text) if (seen := _seen(ch)) != ch})
    text = _whole_words(_with_stages(_unmarked(_TAG.sub(" ", text))))
    return _BLANKS.sub(" ", _joined_lines(text)).strip()[:LONGEST]


def _seen(character: str) -> str:
    """Return a character as it is read aloud: nothing of one that cannot be seen."""
    if character in _SPACES:
        return " "
    visible = character == "\n" or unicodedata.category(character) not in _INVISIBLE
    return character if visible else ""


def _unmarked(text: str) -> str:
    """Remove the marks of formatting: "**hit**", "_hit_", "> hit", "# hit"."""
    text = _LINE_MARK.sub("", text)
    return _EMPHASIS.sub("", _UNDERSCORE.sub(" ", text))


def _with_stages(text: str) -> str:
    """Write out a stage or an escalation that somebody made a verb of: "s2'd us", "esc'd to me"."""
    text = _STAGE.sub(r"\g<before> stage \g<number>", text)
    text = _STAGED_BY.sub(r"\g<was> challenged at stage \g<number>", text)
    return _ESCALATED.sub("escalated", _STAGED.sub(r"raised stage \g<number> with", text))


def _whole_words(text: str) -> str:
    """Put words together that are spelt out, cut at a line's end, or mixed with other letters."""
    text = _CUT.sub("", _SPELT.sub(lambda found: _GAPS.sub("", found.group()), text))
    if not text.isascii():
        text = _MIXED.sub(lambda found: found.group().translate(_LIKE_LATIN), text)
    return _FIGURE_INSIDE.sub(lambda found: found.group().translate(_LIKE_LETTERS), text)


def _joined_lines(text: str) -> str:
    """Join lines that a narrow layout broke: one or two words each, or in mid-sentence."""
    text = _NARROW.sub(lambda found: found.group().replace("\n", " "), text)
    return _WRAPPED.sub(" ", text)


_SPACES = frozenset("\t\r\x0b\x0c\u2028\u2029")
_STAGE_VERB = r"(?:s|stg|stage)[ -]?(?P<number>[1-5])[ -]?(?:'d|d|ed)\b"
_STAGE = re.compile(
    r"\b(?P<before>an?|the|at|under|raised|invoked|began|formal|their)\s+"
    r"(?:s|stg)[ -]?(?P<number>[1-5])\b(?!\s*\d)",
    re.IGNORECASE,
)
"""A stage as a short form, where it can be no section of an Act: "did a s1 on us"."""
_STAGED = re.compile(rf"\b{_STAGE_VERB}", re.IGNORECASE)
_STAGED_BY = re.compile(
    rf"\b(?P<was>been|was|were|got|being|get)\s+(?:just\s+)?{_STAGE_VERB}(?!\s+(?:me|us|my|our|it)\b)",
    re.IGNORECASE,
)
_ESCALATED = re.compile(r"\besc(?:'d|d|alted|ltd)\b", re.IGNORECASE)
_LINE_MARK = re.compile(r"^[ ]*(?:(?:>|#{1,6}(?=\s)|[*\u2022](?=\s))[ ]*)+", re.MULTILINE)
_EMPHASIS = re.compile(r"\*{2,}|~{2,}|(?<!\w)[*_~]+|[*_~]+(?!\w)")
_UNDERSCORE = re.compile(r"(?<=[^\W_])_+(?=[^\W_])")
_SPELT = re.compile(r"(?<!\w)(?:[^\W\d_][ .\-*]){2,}[^\W\d_](?!\w)")
"""A word with something between all its letters: "h.i.t.s"."""
_GAPS = re.compile(r"[ .\-*]")
_CUT = re.compile(r"(?<=[a-z])-[ ]*\n[ ]*(?=[a-z])")
_NARROW = re.compile(r"(?:^[^\W_][^\s.!?:]*(?:[ ][^\s.!?:]+)?[ ]*\n){3,}", re.MULTILINE)
_WRAPPED = re.compile(r"(?<=[a-z,])[ ]*\n[ ]*(?=[a-z])")
_MIXED = re.compile(r"\w*[a-z]\w*", re.IGNORECASE)
_LIKE_LATIN = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u03bf\u03b9\u03b1",
    "aeopcyxisjoia",
)
"""Cyrillic and Greek letters that look like Latin ones, inside a word with Latin letters."""
_FIGURE_INSIDE = re.compile(r"(?<=[a-z])[01345](?=[a-z])", re.IGNORECASE)
_LIKE_LETTERS = str.maketrans("01345", "oieas")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@once_a_message
def normal(text: str) -> str:
    """Return the text in the form that every rule is written for.

    That is lower case, without apostrophes ("don't" is "dont"), with accents, single blanks, and
    new lines, since they end a sentence.
    """
    return cased(text).casefold()


def cased(text: str) -> str:
    """Return the normal text with its capitals, which distinguish places from common words."""
    return _APOSTROPHE.sub("", clean(text))


def starts_of(text: str, word: str) -> set[int]:
    """Return where a word typed with an apostrophe starts in the normal text: "we'd" is "wed"."""
    typed = clean(text).casefold()
    removed = [mark.start() for mark in _APOSTROPHE.finditer(typed)]
    found = re.finditer(rf"\b{re.escape(word)}\b", typed)
    return {one.start() - sum(at < one.start() for at in removed) for one in found}


def sentences(text: str) -> Iterator[Span]:
    """Yield the non-empty sentences of a normal text, in order."""
    yield from _cut(text, 0, len(text), _SENTENCE)


def clauses(text: str, sentence: Span) -> Iterator[Span]:
    """Yield the clauses of a sentence, split at commas, brackets and words such as "but"."""
    yield from _cut(text, sentence.start, sentence.end, _CLAUSE)


def quoted(text: str, start: int, end: int) -> str:
    """Return the person's own words at `start` to `end` of the normal text: whole words, as typed.

    Few words are given those around them in their clause, so that somebody knows them again.

    >>> quoted("Mum knows where she lives, I'm told.", 4, 20)
    'Mum knows where she lives'
    """
    plain = normal(text)
    typed = clean(text).split()
    places = [word.span() for word in _WORD.finditer(plain)]
    if len(typed) != len(places):  # Never so far: then the words are quoted as they are read.
        return plain[start:end]
    inside = [at for at, (begin, stop) in enumerate(places) if begin < end and stop > start]
    first, last = inside[0], inside[-1]
    sentence = span_at(list(sentences(plain)) or [Span(0, len(plain))], start)
    clause = span_at(list(clauses(plain, sentence)) or [sentence], start)
    while last - first + 1 < FEWEST_QUOTED:
        before = first > 0 and places[first - 1][0] >= clause.start
        after = last + 1 < len(places) and places[last + 1][0] < clause.end
        if not (before or after):
            break
        first, last = (first - 1, last) if before else (first, last + 1)
    words = " ".join(typed[first : min(last, first + MOST_QUOTED - 1) + 1])
    return words.strip(_AROUND) + (" …" if last - first >= MOST_QUOTED else "")


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
