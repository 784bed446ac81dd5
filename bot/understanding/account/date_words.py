"""The words of dates (weekdays, months, counts) and the pattern that finds dates."""

import re
from functools import cache

from bot.understanding.words.patterns import sheet

DAYS = {
    "mon": 0,
    "monday": 0,
    "mondya": 0,
    "tue": 1,
    "tues": 1,
    "tuesday": 1,
    "teusday": 1,
    "wed": 2,
    "weds": 2,
    "wednesday": 2,
    "wensday": 2,
    "wednsday": 2,
    "wendesday": 2,
    "wedensday": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "thursday": 3,
    "thrusday": 3,
    "thurday": 3,
    "fri": 4,
    "friday": 4,
    "firday": 4,
    "sat": 5,
    "saturday": 5,
    "sun": 6,
    "sunday": 6,
}
MONTHS = {
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
NUMBERS = {
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
VAGUE_NUMBERS = {"few": (2, 5), "a few": (2, 5), "several": (3, 7)}
ORDINAL_WORDS = {
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
ABOUT = (
    r"(?P<about>(?:about|around|roughly|approx(?:imately)?|maybe|nearly|almost|over|at least"
    r"|more than|some)\s+)?"
)
DAY = r"(?:" + "|".join(sorted(DAYS, key=len, reverse=True)) + r")"
MONTH = r"(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")"
WEEK = r"(?:week|wk)"
COUNT = (
    r"(?:a\s+couple\s+of|couple\s+of|a\s+few|few|several|\d{1,3}|"
    + "|".join(w for w in sorted(NUMBERS, key=len, reverse=True) if " " not in w)
    + r")"
)

COUNTED = (
    r"(?:time|thing|referral|attempt|request|year|week|wk|day|month|call|e-?mail|one|stage|meeting"
    r"|conference|birthday|worker|social|of|contact|strat|chaser|visit|occasion|incident|child"
    r"|report)"
)
"""After a number such as "2nd": it counts something and is no day of the month."""
NOT_DATED = (
    rf"(?!\s*,?\s+(?:the\s+)?\d\d?\s*(?:(?:st|nd|rd|th)\b(?!\s+{COUNTED})|(?:of\s+)?{MONTH}\b))"
)
"""After a weekday: no day of a month follows, for which the weekday would only stand beside it."""


@cache
def date_pattern() -> re.Pattern[str]:
    """Return the pattern for every way to write a date, from `words/dates.yml`."""
    text = sheet("dates")["date"].expression()
    ordinal = "|".join(sorted(ORDINAL_WORDS, key=len, reverse=True))
    parts = {"DAY": DAY, "MONTH": MONTH, "COUNT": COUNT, "ORDINAL": ordinal, "ABOUT": ABOUT}
    parts |= {"WEEK": WEEK, "COUNTED": COUNTED, "NOT_DATED": NOT_DATED}
    for name, words in parts.items():
        text = text.replace(f"{{{name}}}", words)
    return re.compile(text)


@cache
def shift_pattern() -> re.Pattern[str]:
    """Return the pattern for words before a date that count from it: "a week before"."""
    return re.compile(
        rf"\b(?P<n>{COUNT}|the)\s+(?P<u>day|{WEEK}|fortnight)s?\s+(?P<way>before|after)\s+(?:on\s+)?$"
    )


@cache
def week_of_pattern() -> re.Pattern[str]:
    """Return the pattern for words before a date that make it a week: "w/c", "the week of"."""
    return re.compile(
        rf"\b(?:w/?c|{WEEK}\s+(?:commencing|beginning|starting|comm|of))\.?\s+(?:on\s+)?"
        rf"(?:(?:the|{DAY})\s+)*$"
    )


def whole_words(text: str) -> str:
    """Write a short form of "week" out, so that one reading serves both."""
    return _SHORT_WEEK.sub(r"week\1", text)


_SHORT_WEEK = re.compile(r"\bwk(s?)\b")
