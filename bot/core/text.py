"""Reads dates, and shows texts, that come from outside and cannot be trusted."""

import re
from datetime import date

STAGE_SAID = re.compile(
    r"\b(?P<word>stage|stg|level|step)\s*(?:[-#]\s*|(?:no|number)\b\.?\s*)?"
    r"(?P<number>one|two|three|four|five|[1-9]|ii|iii|iv|v"
    # "At this stage I was told" names none.
    r"|(?<=stage )(?<!(?:this|that) stage )(?<!the stage )(?<!which stage )(?<!what stage )"
    r"i(?=\s+(?:form|letter|escalation|challenge|with|(?:was|has\s+been)\s+(?:raised|sent|opened"
    r"|started|begun|triggered|lodged|escalated))\b|\s*(?:[,;:)]|\.?$)))\b",
    re.IGNORECASE,
)
"""A stage as people name it: by its number, in figures or in words."""
STAGE_NTH = re.compile(
    r"\b(?P<number>first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th)\s+stage\b", re.IGNORECASE
)
"""A stage as people count it: "the second stage"."""
STAGE_COUNTED = re.compile(
    r"\b(?:at|on|in|stuck|done|did|tried|past)\s+(?:the\s+)?(?P<number>first|second|third|fourth)"
    r"\s+(?:stage|step|level|one)\b",
    re.IGNORECASE,
)
"""A stage as people say where they are: "still at the first one"."""
_COUNT = r"(?:one|two|three|four|five|[1-5])"
_NO_COUNT = (
    r"(?!\w|[/.:]\d|\s*(?:(?:or\s+\w+\s+)?(?:working\s+|school\s+)?(?:days?|weeks?|wks?|months?|hours?"
    r"|hrs?|mins?|minutes?|times|calls?|e-?mails?|letters?|people|children|kids|boys|girls|of)"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|am\b|pm\b|st\b|nd\b|rd\b|th\b))"
)
"""After a number in a list of stages: it counts nothing else, and is no date."""
STAGES_LISTED = re.compile(
    rf"\b(?:stage|stg|step)s?\s+(?P<first>{_COUNT})"
    rf"(?:(?:\s*(?:,|/|&|\band\b|\bthen\b)+\s*(?:and\s+)?{_COUNT}|\s+(?:two|three|four|five)){_NO_COUNT})+",
    re.IGNORECASE,
)
"""Stages as people list them: "stage one two and three"."""
STAGE_LISTED = re.compile(rf"\b(?P<number>{_COUNT})\b", re.IGNORECASE)
"""One more stage in such a list."""
ALL_STAGES = re.compile(
    r"\b(?:(?:all|both)\s+(?:of\s+)?(?:the\s+|our\s+|your\s+)?|the\s+)(?P<number>two|three|four|[2-4])"
    r"\s+(?:rungs|stages|steps)\b",
    re.IGNORECASE,
)
"""All stages up to one, by their number: "we've done the three rungs"."""
_NUMBERS = {
    word: number
    for words in (
        ("one", "two", "three", "four", "five"),
        ("first", "second", "third", "fourth", "fifth"),
        ("1st", "2nd", "3rd", "4th", "5th"),
        ("i", "ii", "iii", "iv", "v"),
    )
    for number, word in enumerate(words, 1)
}


def without_apostrophes(text: str) -> str:
    """Return a text in small letters without apostrophes.

    >>> without_apostrophes("They WON’T")
    'they wont'
    """
    return text.casefold().replace("'", "").replace("’", "")


def stage_number(said: re.Match[str]) -> int:
    """Return the number of a stage that one of these patterns has found."""
    word = said["number"].lower()
    return _NUMBERS.get(word) or int(word)


def parse_day(value: object) -> date | None:
    """Return the date of an ISO text (YYYY-MM-DD), or None for any other value."""
    if not isinstance(value, str) or len(value) != len("2026-11-24"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def shorten(text: str, width: int = 80) -> str:
    """Return a printable text of at most `width` characters; an ellipsis marks a cut."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= width else f"{text[: width - 1]}…"
