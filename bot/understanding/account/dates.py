"""Find the dates that a message names, relative to a given day.

A certain day becomes a date, an uncertain day ("about two weeks ago") a range to be settled with
the practitioner, and an impossible day ("31 February") an error with its reason. Numeric dates are
read day first, as in the United Kingdom.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.understanding.account.date_readers import READERS, on_that_weekday, shifted
from bot.understanding.account.date_words import (
    date_pattern,
    shift_pattern,
    week_of_pattern,
    whole_words,
)
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal, once_a_message, sentences, span_at, starts_of

ONE_WEEK = 7
AHEAD_NEAR = 80
"""How many characters before a weekday say that what is told lies ahead."""
WEEKDAYS = {"wkday", "bare"}
"""Kinds of a weekday that stands alone."""
CALENDAR = {"iso", "num", "dm", "wm", "md"}
"""Kinds that name a day and its month."""
_BESIDE = re.compile(r"\s*[,(]?\s*(?:the\s+)?")
_OR = re.compile(r"\s*(?:,?\s*or\s+(?:maybe\s+|possibly\s+|was\s+it\s+|on\s+)*|/\s*|,?\s*maybe\s+)")
_VERB_BEFORE = re.compile(
    r"\b(?:i|we|he|she|they|who|and|just|being|was|were|been|had|mum|dad|mother|father|newly|the"
    r"|a|in|it)\s+$"
)


@dataclass(frozen=True)
class DateRange:
    """An uncertain day, from the earliest to the latest it can be."""

    heard: str
    earliest: date
    latest: date


@dataclass(frozen=True)
class BadDate:
    """An impossible date, with the reason in plain words."""

    heard: str
    why: str


@dataclass(frozen=True)
class FoundDate:
    """A date expression: exactly one of `on`, `range` and `bad` is set.

    `start` and `end` are positions in `normal(text)`.
    """

    start: int
    end: int
    heard: str
    kind: str
    on: date | None = None
    range: DateRange | None = None
    bad: BadDate | None = None


@dataclass(frozen=True)
class Dates:
    """All dates in a text, in order of mention, without repetition."""

    dates: tuple[date, ...]
    ranges: tuple[DateRange, ...]
    bad: tuple[BadDate, ...]
    found: tuple[FoundDate, ...]


@once_a_message
def find_dates(text: str, today: date) -> Dates:
    """Return every date in a text. Future dates are reported as they are."""
    words = normal(text)
    we_had = starts_of(text, "we'd")
    found = [
        item
        for match in date_pattern().finditer(words)
        if match.start() not in we_had and (item := _read(match, words, today))
    ]
    found = _one_of_two(_weeks_of(_shifted(_beside_its_date(found, words), words), words), words)
    found = _within_named_weeks(found, words, today)
    return Dates(
        dates=tuple(dict.fromkeys(item.on for item in found if item.on)),
        ranges=tuple(item.range for item in found if item.range),
        bad=tuple(item.bad for item in found if item.bad),
        found=tuple(found),
    )


def _beside_its_date(found: Sequence[FoundDate], words: str) -> list[FoundDate]:
    """Leave out a weekday that only stands beside its date: "on Monday (16/11)"."""
    kept: list[FoundDate] = []
    for item in found:
        day = kept.pop() if kept and _stands_beside(kept[-1], item, words) else None
        kept.append(_as_said(day, item, words) if day and day.on else item)
    return kept


def _stands_beside(day: FoundDate, item: FoundDate, words: str) -> bool:
    named = day.kind in WEEKDAYS and item.kind in CALENDAR and day.on and item.on
    return bool(named and _BESIDE.fullmatch(words, day.end, item.start))


def _as_said(day: FoundDate, item: FoundDate, words: str) -> FoundDate:
    heard = words[day.start : item.end]
    read = on_that_weekday(item.on, day.on.weekday()) if item.on and day.on else None
    if isinstance(read, tuple):
        return FoundDate(day.start, item.end, heard, item.kind, range=DateRange(heard, *read))
    return replace(item, start=day.start, heard=heard)


def _shifted(found: Sequence[FoundDate], words: str) -> list[FoundDate]:
    """Count from a date: "a week before last Friday", "the day after 3 November"."""
    moved = []
    for item in found:
        before = shift_pattern().search(words, 0, item.start)
        if before and item.on:
            start, on = before.start(), shifted(item.on, _groups(before))
            heard = words[start : item.end].strip()
            moved.append(replace(item, start=start, heard=heard, on=on))
        else:
            moved.append(item)
    return moved


def _weeks_of(found: Sequence[FoundDate], words: str) -> list[FoundDate]:
    """Make a week of the date that names it: "w/c 16 November", "the week of the 9th"."""
    weeks = []
    for item in found:
        before = week_of_pattern().search(words, 0, item.start) if item.on else None
        if before is None or item.on is None or item.kind in WEEKDAYS:
            weeks.append(item)
            continue
        monday = item.on - timedelta(days=item.on.weekday())
        heard = words[before.start() : item.end]
        week = DateRange(heard, monday, monday + timedelta(days=ONE_WEEK - 1))
        weeks.append(FoundDate(before.start(), item.end, heard, "week", range=week))
    return weeks


def _one_of_two(found: Sequence[FoundDate], words: str) -> list[FoundDate]:
    """Make one range of two days that somebody is unsure between: "last Tues or Weds"."""
    kept: list[FoundDate] = []
    for item in found:
        last = kept[-1] if kept else None
        if last and last.on and item.on and _OR.fullmatch(words, last.end, item.start):
            heard = words[last.start : item.end]
            either = DateRange(heard, min(last.on, item.on), max(last.on, item.on))
            kept[-1] = FoundDate(last.start, item.end, heard, "two", range=either)
        else:
            kept.append(item)
    return kept


_LATER = re.compile(r"\b(?:then|after\s+that|afterwards|later)\b")
"""Between a week and a weekday: two things happened. \"Last week, then on Wednesday\"."""


def _within_named_weeks(found: Sequence[FoundDate], words: str, today: date) -> list[FoundDate]:
    """Look for a weekday inside the week that its sentence names.

    "It was the week before last that I rang, I think the Tuesday" names one day.
    """
    parts = list(sentences(words))
    kept = list(found)
    for item in found:
        week = item.range
        if week is None or (week.latest - week.earliest).days >= ONE_WEEK or week.latest > today:
            continue
        same = [
            (other, other.on)
            for other in found
            if other.kind in WEEKDAYS
            and other.on
            and span_at(parts, other.start) == span_at(parts, item.start)
            and not _LATER.search(words, item.end, other.start)
        ]
        if len(same) != 1:
            continue
        ((day, guessed),) = same
        on = week.earliest + timedelta(days=(guessed - week.earliest).days % ONE_WEEK)
        if on <= week.latest:
            kept[kept.index(day)] = replace(day, on=on)
            kept.remove(item)
    return kept


def _groups(match: re.Match[str]) -> dict[str, str]:
    return {key: whole_words(value) for key, value in match.groupdict().items() if value}


def _read(match: re.Match[str], words: str, today: date) -> FoundDate | None:
    groups = _groups(match)
    kind = next(key for key in READERS if key in groups)
    if _is_a_verb(groups, match, words):
        return None
    result = READERS[kind](groups, today)
    if result is None:
        return None
    heard = match.group().strip()
    at = (match.start(), match.end(), heard, kind)
    if isinstance(result, date):
        return FoundDate(*at, on=_ahead(result, kind, groups, words, match.start(), today))
    if isinstance(result, str):
        return FoundDate(*at, bad=BadDate(heard, result))
    return FoundDate(*at, range=DateRange(heard, *result))


def _ahead(
    on: date, kind: str, groups: dict[str, str], words: str, start: int, today: date
) -> date:
    """Return the next such weekday where what is told lies ahead: "they fly on Thursday"."""
    says_which = groups.get("mod") not in {None, "on"} or "weekof" in groups or "bare_of" in groups
    if kind not in WEEKDAYS or says_which or on > today:
        return on
    ahead = pattern("dates", "ahead").search(words, max(0, start - AHEAD_NEAR), start)
    return on + timedelta(days=ONE_WEEK) if ahead else on


def _is_a_verb(groups: dict[str, str], match: re.Match[str], words: str) -> bool:
    """Say whether a short weekday is another word: "she sat down", "in the sun", "newly wed"."""
    if groups.get("bare_day") not in {"sat", "sun", "wed"} or groups.get("bare_of"):
        return False
    before = _VERB_BEFORE.search(words, 0, match.start())
    after = re.compile(
        r"\s*(?:$|[.,;:!?)\n-]|(?:am|pm|and|or|re|regarding|cos|because|who|morning|afternoon|eve\w*|no|night|at)\b)"
    )
    return bool(before) or (groups["bare_day"] != "wed" and not after.match(words, match.end()))
