"""Dates that a message names, counted from a given day.

A day that is certain comes out as a date. One that is not ("about two weeks ago") comes out as a
range to be settled with the practitioner. One that cannot be ("31 February") comes out with why.
Numeric dates are read day first, as in the United Kingdom.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.understanding.text import normal

_DAYS = {
    "mon": 0,
    "monday": 0,
    "tue": 1,
    "tues": 1,
    "tuesday": 1,
    "wed": 2,
    "weds": 2,
    "wednesday": 2,
    "wensday": 2,
    "wednsday": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "thursday": 3,
    "fri": 4,
    "friday": 4,
    "sat": 5,
    "saturday": 5,
    "sun": 6,
    "sunday": 6,
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february febuary",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "couple of": 2,
    "a couple of": 2,
    "fourteen": 14,
}
_VAGUE_NUMBERS = {"few": (2, 5), "a few": (2, 5), "several": (3, 7)}
_ORDINAL_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
            "twenty-first",
            "twenty-second",
            "twenty-third",
            "twenty-fourth",
            "twenty-fifth",
            "twenty-sixth",
            "twenty-seventh",
            "twenty-eighth",
            "twenty-ninth",
            "thirtieth",
            "thirty-first",
        ],
        start=1,
    )
}
_ABOUT = r"(?P<about>(?:about|around|roughly|approx(?:imately)?|maybe|nearly|almost|over|at least|more than|some)\s+)?"
_DAY = r"(?:" + "|".join(sorted(_DAYS, key=len, reverse=True)) + r")"
_MONTH = r"(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")"
_COUNT = (
    r"(?:a\s+couple\s+of|couple\s+of|a\s+few|few|several|\d{1,3}|"
    + "|".join(w for w in sorted(_NUMBERS, key=len, reverse=True) if " " not in w)
    + r")"
)
_PATTERN = re.compile(
    rf"""
    \b(?P<iso>(?P<iso_y>20\d\d)-(?P<iso_m>\d\d?)-(?P<iso_d>\d\d?))\b
  | (?<![\d./-])(?P<num>(?P<num_d>\d\d?)(?P<sep>[/.-])(?P<num_m>\d\d?)(?:(?P=sep)(?P<num_y>20\d\d|\d\d))?)(?![\d/]|\.\d|-\d)
  | \b(?P<dm>(?:(?:{_DAY})\s*,?\s+)?(?:the\s+)?(?P<dm_d>\d\d?)(?:\s*(?:st|nd|rd|th))?\s+(?:of\s+)?(?P<dm_m>{_MONTH})\b\.?(?:,?\s+(?P<dm_y>20\d\d)\b)?)
  | \b(?P<wm>(?:the\s+)?(?P<wm_d>{"|".join(sorted(_ORDINAL_WORDS, key=len, reverse=True))})\s+of\s+(?P<wm_m>{_MONTH})\b)
  | \b(?P<md>(?P<md_m>{_MONTH})\.?\s+(?:the\s+)?(?P<md_d>\d\d?)(?:st|nd|rd|th)?\b(?![:\d])(?:,?\s+(?P<md_y>20\d\d)\b)?)
  | \b(?P<dnth>(?:{_DAY})\s+(?:the\s+)?(?P<dnth_d>\d\d?)(?:st|nd|rd|th)\b)
  | \b(?P<nth>(?:on|since|by|from|the)\s+(?:the\s+)?(?P<nth_d>\d\d?)(?:st|nd|rd|th)\b(?!\s+(?:time|referral|attempt|request|year|week|day|month|call|e-?mail|one|stage|meeting|conference|birthday|worker|social|of|contact|strat|chaser|visit|occasion|incident|child|report)))
  | \b(?P<wkday>(?P<mod>last|this|on|since|next|this\s+past|past|by|from|until|till|coming|every|each)\s+(?P<mod_day>{_DAY})(?:s\b)?(?P<weekof>\s+(?:last\s+week|week(?:\s+before)?(?:\s+last)?|gone|just\s+gone))?)\b
  | \b(?P<bare>(?P<bare_day>{_DAY})(?P<bare_of>\s+(?:last\s+week|before\s+last|week|gone|just\s+gone))?)\b
  | \b(?P<rel>day\s+before\s+yesterday|yesterday|last\s+night|today|this\s+morning|this\s+afternoon|this\s+evening|tonight|tomorrow|just\s+now|an?\s+hour\s+ago|(?:\d+|two|three|four|few)\s+hours?\s+ago|earlier\s+on|earlier\s+today)\b
  | \b(?P<aweek>(?P<aw_n>a|one|two|three|\d)\s+weeks?\s+(?:ago\s+)?(?:last\s+|on\s+)?(?P<aw_day>{_DAY}))\b
  | \b(?P<ago>{_ABOUT}(?P<ago_n>{_COUNT})\s+(?:(?P<ago_working>working|school)\s+)?(?P<ago_u>day|week|fortnight|month|year)s?\s+(?:ago|back|since))\b
  | \b(?P<span>last\s+(?:week|month|term|half\s+term)|earlier\s+this\s+(?:week|month|term)|(?:the\s+)?week\s+before\s+last|the\s+other\s+day|recently|(?:at\s+)?the\s+weekend|last\s+weekend|over\s+the\s+weekend|at\s+the\s+start\s+of\s+the\s+week|(?:the\s+)?(?:start|beginning|end|middle)\s+of\s+{_MONTH}|(?:early|mid|late)[\s-]{_MONTH}|in\s+{_MONTH}(?!\s+\d)|(?:a\s+)?fortnight\s+ago)\b
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class DateRange:
    """A day that the words leave open, both ends included."""

    heard: str
    earliest: date
    latest: date


@dataclass(frozen=True)
class BadDate:
    """Words that look like a date and name no day, with the reason in plain words."""

    heard: str
    why: str


@dataclass(frozen=True)
class FoundDate:
    """One date expression: exactly one of `on`, `range` and `bad` is filled.

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
    """All that a text says about days, in order of mention, each day once."""

    dates: tuple[date, ...]
    ranges: tuple[DateRange, ...]
    bad: tuple[BadDate, ...]
    found: tuple[FoundDate, ...]


def find_dates(text: str, today: date) -> Dates:
    """Return every day that a text names. Days in the future are reported as they are."""
    found = tuple(
        item for match in _PATTERN.finditer(normal(text)) if (item := _read(match, today))
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
    """A day of the calendar. Without a year it is the latest one that is not far ahead."""
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
        return _calendar(month, day, year, today)  # month first, and it can be nothing else
    if year is None and (month > 12 or day > 31):
        return None  # "16/17" is an age or a school year
    return _calendar(day, month, year, today)


def _day_month(groups: dict[str, str], today: date) -> _Result:
    return _calendar(int(groups["dm_d"]), _MONTHS[groups["dm_m"]], _year(groups.get("dm_y")), today)


def _word_month(groups: dict[str, str], today: date) -> _Result:
    return _calendar(_ORDINAL_WORDS[groups["wm_d"]], _MONTHS[groups["wm_m"]], None, today)


def _month_day(groups: dict[str, str], today: date) -> _Result:
    if groups["md_m"] == "may" and groups["md"].endswith(groups["md_d"]):
        return None  # "he may 3 times a week"
    return _calendar(int(groups["md_d"]), _MONTHS[groups["md_m"]], _year(groups.get("md_y")), today)


def _nth(groups: dict[str, str], today: date) -> _Result:
    """A bare day of the month: the latest one not after today."""
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
    weekday = _DAYS[groups["mod_day"]]
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
        return _monday(today) + timedelta(days=_DAYS[name] - 7)
    if after == "before last":
        return _before(today, _DAYS[name]) - timedelta(days=7)
    if after == "week":
        return today + timedelta(days=(_DAYS[name] - today.weekday() - 1) % 7 + 8)
    return _before(today, _DAYS[name])


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
    low, high = _VAGUE_NUMBERS.get(count) or (_number(count), _number(count))
    exact = count not in _VAGUE_NUMBERS and "couple" not in count and "about" not in groups
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
    return int(words) if words.isdigit() else _NUMBERS[words]


def _weeks_ago_on(groups: dict[str, str], today: date) -> _Result:
    """ "Two weeks ago on Monday": the Monday of that week back."""
    weekday = _DAYS[groups["aw_day"]]
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
    month = _MONTHS.get(words.split()[-1])
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
