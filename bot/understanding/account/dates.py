"""Find the dates that a message names, relative to a given day.

A certain day becomes a date, an uncertain day ("about two weeks ago") a range to be settled with
the practitioner, and an impossible day ("31 February") an error with its reason. Numeric dates are
read day first, as in the United Kingdom.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.understanding.account.date_words import (
    DAYS,
    MONTHS,
    NUMBERS,
    ORDINAL_WORDS,
    VAGUE_NUMBERS,
    date_pattern,
)
from bot.understanding.words.text import normal


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


def find_dates(text: str, today: date) -> Dates:
    """Return every date in a text. Future dates are reported as they are."""
    found = tuple(
        item for match in date_pattern().finditer(normal(text)) if (item := _read(match, today))
    )
    return Dates(
        dates=tuple(dict.fromkeys(item.on for item in found if item.on)),
        ranges=tuple(item.range for item in found if item.range),
        bad=tuple(item.bad for item in found if item.bad),
        found=found,
    )


def _read(match: re.Match[str], today: date) -> FoundDate | None:
    groups = {key: value for key, value in match.groupdict().items() if value is not None}
    kind = next(key for key in _READERS if key in groups)
    result = _READERS[kind](groups, today)
    if result is None:
        return None
    heard = match.group().strip()
    at = (match.start(), match.end(), heard)
    if isinstance(result, date):
        return FoundDate(*at, on=result)
    if isinstance(result, str):
        return FoundDate(*at, bad=BadDate(heard, result))
    return FoundDate(*at, range=DateRange(heard, *result))


_Result = date | str | tuple[date, date] | None


def _calendar(day: int, month: int, year: int | None, today: date) -> _Result:
    """A calendar date. Without a year it is the latest that is not far in the future."""
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    wanted = year if year is not None else today.year
    longest = monthrange(wanted, month)[1]
    if not 1 <= day <= (29 if month == 2 and year is None else longest):
        return f"{date(2000, month, 1):%B} has {longest} days" if day > 0 else "there is no day 0"
    if year is not None:
        return date(year, month, day)
    if day > longest:
        return f"{date(2000, month, 1):%B} {wanted} has {longest} days"
    here = date(wanted, month, day)
    far_ahead = here > today + timedelta(days=120)
    if far_ahead and day <= monthrange(wanted - 1, month)[1]:
        return date(wanted - 1, month, day)
    return here


def _year(text: str | None) -> int | None:
    return None if text is None else int(text) if len(text) == 4 else 2000 + int(text)


def _iso(groups: dict[str, str], today: date) -> _Result:
    return _calendar(int(groups["iso_d"]), int(groups["iso_m"]), int(groups["iso_y"]), today)


def _numeric(groups: dict[str, str], today: date) -> _Result:
    day, month, year = int(groups["num_d"]), int(groups["num_m"]), _year(groups.get("num_y"))
    if groups["sep"] != "/" and year is None:
        return None  # "level 2.3", "2-3 times": a date needs a stroke or a year
    if (day, month) in ((24, 7), (50, 50)) and year is None:
        return None
    if month > 12 and day <= 12 and year is not None:
        return _calendar(month, day, year, today)  # It can only be month first.
    if year is None and (month > 12 or day > 31):
        return None  # "16/17" is an age or a school year
    return _calendar(day, month, year, today)


def _day_month(groups: dict[str, str], today: date) -> _Result:
    return _calendar(int(groups["dm_d"]), MONTHS[groups["dm_m"]], _year(groups.get("dm_y")), today)


def _word_month(groups: dict[str, str], today: date) -> _Result:
    return _calendar(ORDINAL_WORDS[groups["wm_d"]], MONTHS[groups["wm_m"]], None, today)


def _month_day(groups: dict[str, str], today: date) -> _Result:
    if groups["md_m"] == "may" and groups["md"].endswith(groups["md_d"]):
        return None  # "he may 3 times a week"
    return _calendar(int(groups["md_d"]), MONTHS[groups["md_m"]], _year(groups.get("md_y")), today)


def _nth(groups: dict[str, str], today: date) -> _Result:
    """A bare day of the month: the latest that is not after today."""
    day = int(groups.get("nth_d") or groups["dnth_d"])
    if not 1 <= day <= 31:
        return f"no month has {day} days"
    month = today.replace(day=1)
    for _ in range(3):
        if day <= monthrange(month.year, month.month)[1]:
            here = month.replace(day=day)
            if here <= today:
                return here
        month -= relativedelta(months=1)
    return None


def _before(today: date, weekday: int) -> date:
    """The latest such weekday before today."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def _weekday(groups: dict[str, str], today: date) -> _Result:
    modifier = " ".join(groups["mod"].split())
    if modifier in ("every", "each"):
        return None
    weekday = DAYS[groups["mod_day"]]
    after = " ".join((groups.get("weekof") or "").split())
    if modifier in ("next", "coming", "by", "until", "till"):
        ahead = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
        return (
            ahead
            if modifier != "next"
            else (today + timedelta(days=1), ahead + timedelta(7))
            if (ahead - today).days < 0
            else ahead
        )
    if after == "week":
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 8)
    if after == "last week":
        return _monday(today) + timedelta(days=weekday - 7)
    if modifier == "this" and weekday >= today.weekday():
        return today + timedelta(days=weekday - today.weekday())
    return _before(today, weekday)


def _bare_weekday(groups: dict[str, str], today: date) -> _Result:
    name = groups["bare_day"]
    after = " ".join((groups.get("bare_of") or "").split())
    if name in ("sat", "sun", "wed", "mon") and not after and name in ("sat", "sun", "wed"):
        return None  # "she sat", "the sun", "newly wed"
    if after == "last week":
        return _monday(today) + timedelta(days=DAYS[name] - 7)
    if after == "before last":
        return _before(today, DAYS[name]) - timedelta(days=7)
    if after == "week":
        return today + timedelta(days=(DAYS[name] - today.weekday() - 1) % 7 + 8)
    return _before(today, DAYS[name])


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _relative(groups: dict[str, str], today: date) -> _Result:
    words = " ".join(groups["rel"].split())
    if words == "day before yesterday":
        return today - timedelta(days=2)
    if words in ("yesterday", "last night"):
        return today - timedelta(days=1)
    if words == "tomorrow":
        return today + timedelta(days=1)
    return today


def _back(today: date, amount: int, unit: str) -> date:
    if unit == "year":
        return today - relativedelta(years=amount)
    if unit == "month":
        return today - relativedelta(months=amount)
    return today - timedelta(days=amount * {"day": 1, "week": 7, "fortnight": 14}[unit])


def _ago(groups: dict[str, str], today: date) -> _Result:
    count, unit = " ".join(groups["ago_n"].split()), groups["ago_u"]
    low, high = VAGUE_NUMBERS.get(count) or (_number(count), _number(count))
    exact = count not in VAGUE_NUMBERS and "couple" not in count and "about" not in groups
    if unit == "day" and exact and "ago_working" not in groups:
        return _back(today, low, unit)
    if unit == "week" and exact and low == 1:
        return today - timedelta(days=7)
    slack = {"day": 1, "week": 3, "fortnight": 4, "month": 15, "year": 90}[unit]
    if "ago_working" in groups:
        high, slack = high + 2 * (high // 5 + 1), 1
    return (
        _back(today, high, unit) - timedelta(days=slack),
        min(_back(today, low, unit) + timedelta(days=slack), today),
    )


def _number(words: str) -> int:
    return int(words) if words.isdigit() else NUMBERS[words]


def _weeks_ago_on(groups: dict[str, str], today: date) -> _Result:
    """Two weeks ago on Monday: the Monday of that week."""
    weekday = DAYS[groups["aw_day"]]
    return _before(today, weekday) - timedelta(
        days=7 * (_number(groups["aw_n"])) - 7 * (weekday > today.weekday())
    )


def _span(groups: dict[str, str], today: date) -> _Result:
    words = " ".join(groups["span"].replace("-", " ").split())
    monday = _monday(today)
    if "weekend" in words:
        sunday = _before(today, 6) if today.weekday() != 6 else today
        return sunday - timedelta(days=1), sunday
    if words == "last week":
        return monday - timedelta(days=7), monday - timedelta(days=1)
    if words.endswith("week before last"):
        return monday - timedelta(days=14), monday - timedelta(days=8)
    if words == "earlier this week" or "start of the week" in words:
        return monday, today
    if words.endswith("fortnight ago"):
        return today - timedelta(days=16), today - timedelta(days=12)
    if words in ("the other day", "recently"):
        return today - timedelta(days=14 if words == "recently" else 7), today
    if words == "last month":
        first = today.replace(day=1) - relativedelta(months=1)
        return first, today.replace(day=1) - timedelta(days=1)
    if words == "earlier this month":
        return today.replace(day=1), today
    month = MONTHS.get(words.split()[-1])
    if month is None:
        return today - timedelta(days=120), today  # a term: too wide to be a day, still a range
    return _part_of_month(words, month, today)


def _part_of_month(words: str, month: int, today: date) -> tuple[date, date] | None:
    year = today.year if month <= today.month else today.year - 1
    last = monthrange(year, month)[1]
    low, high = 1, last
    if re.search(r"\b(start|beginning|early)\b", words):
        high = 10
    elif re.search(r"\b(end|late)\b", words):
        low = 21
    elif re.search(r"\bmid", words):
        low, high = 11, 20
    earliest, latest = date(year, month, low), date(year, month, high)
    return (earliest, min(latest, today)) if earliest <= today else None


_READERS = {
    "iso": _iso,
    "num": _numeric,
    "dm": _day_month,
    "wm": _word_month,
    "md": _month_day,
    "dnth": _nth,
    "nth": _nth,
    "wkday": _weekday,
    "bare": _bare_weekday,
    "rel": _relative,
    "ago": _ago,
    "aweek": _weeks_ago_on,
    "span": _span,
}
