"""Read one date expression of each kind that `words/dates.yml` names.

A certain day is a date, an uncertain one a pair of its earliest and latest day, an impossible one
the reason in words. Where words allow two days, the earlier is read.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.understanding.account.date_words import (
    DAYS,
    MONTHS,
    NUMBERS,
    ORDINAL_WORDS,
    VAGUE_NUMBERS,
)

Result = date | str | tuple[date, date] | None
NTH = ("nth_d", "ends_d", "first_d", "dnth_d")
"""The groups of a day of the month without its month."""
LONGEST_TERM = 120
"""Days within which a day of "this term" lies."""
WHICH = {
    word: number
    for number, words in enumerate(("first 1st", "second 2nd", "third 3rd", "fourth 4th"), 1)
    for word in words.split()
}


def _calendar(day: int, month: int, year: int | None, today: date) -> Result:
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


def _iso(groups: dict[str, str], today: date) -> Result:
    return _calendar(int(groups["iso_d"]), int(groups["iso_m"]), int(groups["iso_y"]), today)


def _numeric(groups: dict[str, str], today: date) -> Result:
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


def _day_month(groups: dict[str, str], today: date) -> Result:
    found = _calendar(int(groups["dm_d"]), MONTHS[groups["dm_m"]], _year(groups.get("dm_y")), today)
    name = groups.get("dm_day")
    return on_that_weekday(found, DAYS[name]) if name and isinstance(found, date) else found


def on_that_weekday(found: date, weekday: int) -> date | tuple[date, date]:
    """Return the day, or a range if it is another weekday than the one named beside it."""
    if found.weekday() == weekday:
        return found
    ahead = (weekday - found.weekday()) % 7
    other = found + timedelta(days=ahead if ahead <= 3 else ahead - 7)
    return min(found, other), max(found, other)


def _either_day(groups: dict[str, str], today: date) -> Result:
    """Two days of one month: "9/10 November"."""
    month = MONTHS[groups["either_m"]]
    first = _calendar(int(groups["either_a"]), month, None, today)
    second = _calendar(int(groups["either_b"]), month, None, today)
    if isinstance(first, date) and isinstance(second, date):
        return min(first, second), max(first, second)
    return first if isinstance(first, str) else second


def _shorthand(groups: dict[str, str], today: date) -> Result:
    """The shorthand of health records: 5/7, 2/52 and 3/12 are days, weeks and months.

    Days and weeks are counted in it, so they are certain; months are a range as in words.
    """
    unit = {"7": "day", "52": "week", "12": "month"}[groups["shorthand_u"]]
    words = {"ago_n": groups["shorthand_n"], "ago_u": unit}
    if "shorthand_about" in groups:
        return _ago({**words, "about": groups["shorthand_about"]}, today)
    return _back(today, int(words["ago_n"]), unit) if unit == "week" else _ago(words, today)


def _nth_weekday(groups: dict[str, str], today: date) -> Result:
    """The second Tuesday in November: in the latest such month that is not to come."""
    name, weekday = " ".join(groups["nthday_m"].split()), DAYS[groups["nthday_day"]]
    first = today.replace(day=1)
    if name == "last month":
        first -= relativedelta(months=1)
    elif name in MONTHS:
        first = date(today.year - (MONTHS[name] > today.month), MONTHS[name], 1)
    on = first + timedelta(days=(weekday - first.weekday()) % 7)
    if groups["nthday_n"] == "last":
        days = monthrange(first.year, first.month)[1]
        return on + timedelta(days=7 * ((days - on.day) // 7))
    return on + timedelta(days=7 * (WHICH[groups["nthday_n"]] - 1))


def _word_month(groups: dict[str, str], today: date) -> Result:
    return _calendar(ORDINAL_WORDS[groups["wm_d"]], MONTHS[groups["wm_m"]], None, today)


def _month_day(groups: dict[str, str], today: date) -> Result:
    if groups["md_m"] == "may" and groups["md"].endswith(groups["md_d"]):
        return None  # "he may 3 times a week"
    return _calendar(int(groups["md_d"]), MONTHS[groups["md_m"]], _year(groups.get("md_y")), today)


def _nth(groups: dict[str, str], today: date) -> Result:
    """A bare day of the month: the latest that is not after today."""
    day = int(next(groups[name] for name in NTH if name in groups))
    named = groups.get("dnth_day")
    if not 1 <= day <= 31:
        return f"no month has {day} days"
    month = today.replace(day=1)
    for _ in range(3 if named is None else 12):
        if day <= monthrange(month.year, month.month)[1]:
            here = month.replace(day=day)
            if here <= today and (named is None or here.weekday() == DAYS[named]):
                return here
        month -= relativedelta(months=1)
    return None


def _before(today: date, weekday: int) -> date:
    """The latest such weekday before today."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def _weekday(groups: dict[str, str], today: date) -> Result:
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
    if after == "before last":
        return _before(today, weekday) - timedelta(days=7)
    if modifier == "this" and weekday >= today.weekday():
        return today + timedelta(days=weekday - today.weekday())
    return _before(today, weekday)


def _bare_weekday(groups: dict[str, str], today: date) -> Result:
    weekday = DAYS[groups["bare_day"]]
    after = " ".join((groups.get("bare_of") or "").split())
    if after == "before last":
        return _before(today, weekday) - timedelta(days=7)
    if after == "week":
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 8)
    return _before(today, weekday)


def _weekday_of_week(words: str, weekday: int, today: date) -> date:
    """A weekday of the week that the words name: "the week before last", "3 weeks ago"."""
    words = " ".join(words.split()).removeprefix("the ")
    if "this week" in words:
        return _monday(today) + timedelta(days=weekday)
    if words in ("last week", "previous week", "prior week"):
        return _monday(today) + timedelta(days=weekday - 7)
    if words == "week before last":
        return _monday(today) + timedelta(days=weekday - 14)
    return _before(today, weekday) - timedelta(days=7 * _weeks(words))


def _weeks(words: str) -> int:
    """The number of weeks: "a fortnight", "3 weeks", "week"."""
    if "fortnight" in words:
        return 2
    count = words.split(" week", maxsplit=1)[0].strip() if " week" in words else "a"
    return VAGUE_NUMBERS[count][1] if count in VAGUE_NUMBERS else _number(count)


def _week_and_day(groups: dict[str, str], today: date) -> Result:
    return _weekday_of_week(groups["weeksday_n"], DAYS[groups["weeksday_day"]], today)


def _day_and_week(groups: dict[str, str], today: date) -> Result:
    if re.fullmatch(r"week (?:before|prior|previous)", " ".join(groups["dayweeks_n"].split())):
        # Before which week, only the person knows.
        last = _before(today, DAYS[groups["dayweeks_day"]])
        return last - timedelta(days=7), last
    return _weekday_of_week(groups["dayweeks_n"], DAYS[groups["dayweeks_day"]], today)


def _last_day_week(groups: dict[str, str], today: date) -> Result:
    """Last Tuesday week: the Tuesday before the last one."""
    name = groups.get("lastweek_day") or groups["lastbut_day"]
    return _before(today, DAYS[name]) - timedelta(days=7)


def _weeks_before_day(groups: dict[str, str], today: date) -> Result:
    """A week yesterday, a fortnight ago today."""
    return today - timedelta(days=7 * _weeks(groups["weeksrel_n"]) + ("weeksrel_y" in groups))


def _beside_something(groups: dict[str, str], today: date) -> Result:
    """The Friday before half term: which one, only the person knows."""
    name = groups.get("beside_day") or groups["beside_that"]
    return today - timedelta(days=LONGEST_TERM), _before(today, DAYS[name])


def _nothing(_groups: dict[str, str], _today: date) -> Result:
    return None


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _relative(groups: dict[str, str], today: date) -> Result:
    words = " ".join(groups["rel"].split())
    if words == "day before yesterday":
        return today - timedelta(days=2)
    if words in ("yesterday", "yday", "ystday", "yest", "last night"):
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


def _ago(groups: dict[str, str], today: date) -> Result:
    count, unit = " ".join(groups["ago_n"].split()), groups["ago_u"]
    low, high = VAGUE_NUMBERS.get(count) or (_number(count), _number(count))
    exact = count not in VAGUE_NUMBERS and "couple" not in count and "about" not in groups
    if unit == "day" and exact and "ago_working" not in groups:
        return _back(today, low, unit)
    if unit in {"week", "fortnight"} and exact and low == 1:
        return _back(today, low, unit)
    slack = {"day": 1, "week": 3, "fortnight": 4, "month": 15, "year": 90}[unit]
    if "ago_working" in groups:
        high, slack = high + 2 * (high // 5 + 1), 1
    return (
        _back(today, high, unit) - timedelta(days=slack),
        min(_back(today, low, unit) + timedelta(days=slack), today),
    )


def _number(words: str) -> int:
    return int(words) if words.isdigit() else NUMBERS[words]


def _span(groups: dict[str, str], today: date) -> Result:
    words = " ".join(groups["span"].replace("-", " ").split())
    monday = _monday(today)
    if "weekend" in words:
        sunday = _before(today, 6) if today.weekday() != 6 else today
        return sunday - timedelta(days=1), sunday
    if words in ("last week", "the previous week", "the prior week"):
        return monday - timedelta(days=7), monday - timedelta(days=1)
    if words.endswith("week before last"):
        return monday - timedelta(days=14), monday - timedelta(days=8)
    if words == "earlier this week" or "start of the week" in words:
        return monday, today
    if words in ("the other day", "recently"):
        return today - timedelta(days=14 if words == "recently" else 7), today
    if words == "last month":
        first = today.replace(day=1) - relativedelta(months=1)
        return first, today.replace(day=1) - timedelta(days=1)
    if words == "earlier this month":
        return today.replace(day=1), today
    month = MONTHS.get(words.split()[-1])
    if month is None:
        return today - timedelta(
            days=LONGEST_TERM
        ), today  # a term: too wide to be a day, still a range
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


READERS: Mapping[str, Callable[[dict[str, str], date], Result]] = {
    "iso": _iso,
    "shorthand": _shorthand,
    "duration": _nothing,
    "either": _either_day,
    "num": _numeric,
    "dm": _day_month,
    "nthday": _nth_weekday,
    "wm": _word_month,
    "md": _month_day,
    "dnth": _nth,
    "nth": _nth,
    "ends": _nth,
    "first": _nth,
    "weeksday": _week_and_day,
    "dayweeks": _day_and_week,
    "lastweek": _last_day_week,
    "beside": _beside_something,
    "wkday": _weekday,
    "bare": _bare_weekday,
    "weeksrel": _weeks_before_day,
    "rel": _relative,
    "ago": _ago,
    "span": _span,
}


def shifted(on: date, words: dict[str, str]) -> date:
    """Return a day counted from another: the words hold a number, a unit, before or after."""
    count = 1 if words["n"] == "the" else VAGUE_NUMBERS.get(words["n"], (0, 0))[1]
    amount = timedelta(
        days=(count or _number(words["n"])) * {"day": 1, "week": 7, "fortnight": 14}[words["u"]]
    )
    return on - amount if words["way"] == "before" else on + amount
