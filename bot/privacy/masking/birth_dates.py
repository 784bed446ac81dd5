"""Dates of birth. Dates of events stay."""

import re
from collections.abc import Iterator
from datetime import date

from bot.privacy.masking.patterns import MaskSpan

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL = (
    r"(?:(?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
    r"|thirtieth)"
)
_UNDER_TEN = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_TEENS = (
    r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -]" + _UNDER_TEN + r")?)"
)
_YEAR_SAID = (
    r"(?:two thousand(?:(?: and)? (?:" + _TEENS + r"|" + _UNDER_TEN + r"))?"
    r"|(?:nineteen|twenty)[ -](?:oh[ -]" + _UNDER_TEN + r"|" + _TEENS + r")|'?(?:19|20)\d{2})"
)
_FEAST = (
    r"(?:(?:christmas|xmas|boxing|new year['’]?s|valentine['’]?s|bonfire|mothering) (?:day"
    r"|eve|night"
    r"|sunday)|halloween|easter (?:sunday|monday))"
)
# "The fifteenth of March two thousand and sixteen", "Boxing Day 2014".
_IN_WORDS = (
    r"(?:the )?(?:"
    + _ORDINAL
    + r"(?: day)?(?: of)? "
    + _MONTH
    + r"|"
    + _MONTH
    + r" (?:the )?"
    + _ORDINAL
    + r"|\d{1,2}(?:st|nd|rd|th)?(?: of)? "
    + _MONTH
    + r"(?=,? (?:two thousand|nineteen|twenty))|"
    + _FEAST
    + r")(?:,?(?: in)? "
    + _YEAR_SAID
    + r")?(?![\w-])"
)
_DATE = (
    r"(?:"
    + _IN_WORDS
    + r"|\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?\d{2,4}|\d{4}-\d{1,2}-\d{1,2}|\d{6}(?!\d)|\d{8}(?!\d)"
    r"|\d{1,2} \d{1,2} (?:\d{4}|\d{2})(?!\d)"
    r"|(?:the )?\d{1,2}(?:st|nd|rd|th)?(?: day)?(?: of)? ?[ \-/]?"
    + _MONTH
    + r"\.?,? ?[ \-/]?(?:'?\d{4}|'?\d{2})?(?!\d)"
    r"|" + _MONTH + r"\.? (?:the )?\d{1,2}(?:st|nd|rd|th)?(?!\d)(?:,? ?'?(?:\d{4}|\d{2})(?!\d))?"
    r"|" + _MONTH + r"\.?,? (?:of )?(?:19|20)\d{2}"
    r"|\d{1,2}[/\-]\d{1,2}(?![\d/]))"
)
_BORN = re.compile(
    r"\b(?:d\.? ?o\.? ?b\b\.?|date ?of ?birth|birth ?date|birth ?day|b ?day|born|bday|birthdate"
    # Polish, Romanian, Spanish, Portuguese, French
    r"|urodzi[łl]a? si[ęe]|urodzon[ya]|n[ăa]scut[ăa]?(?: pe| la)?|nacid[oa](?: el)?|née? le)"
    r"(?:(?: (?:is|was|on|in|the|at|of|his|her|their|given as|recorded as|about|around|back|out"
    r"|premature(?:ly)?|early))"
    r"|[:;,=(\-\u2013]){0,4} ?"
    # "DOB on the certificate is"
    r"(?:(?:on|per|in|from) (?:the |his |her |their |my |our )?(?:[a-z]+ ){1,3}"
    r"(?:is|was|says|gives)[: ] ?)?"
    r"(?:(?:sun|mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?)(?:day)? )?"
    r"(?P<date>" + _DATE + r"|(?:19|20)\d{2}(?!\d))",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"\b(?:turn(?:s|ed|ing)?|will be|was|is) (?:\d{1,2}|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen)"
    r"(?: years old)? on (?P<date>" + _DATE + r")",
    re.IGNORECASE,
)
_DATE_THEN_BORN = re.compile(
    r"(?<![\d/.])(?P<date>" + _DATE + r")(?: ?[,(\-]? ?(?:is |as |was )?(?:his|her|their|the)? ?)?"
    r"(?:\(?d\.?o\.?b\b|date of birth|birth ?day\b)",
    re.IGNORECASE,
)
# "The birth date recorded by the hospital, 7 September 2019": a year that is past.
_BORN_SOMEHOW = re.compile(
    r"\b(?:d\.?o\.?b\b\.?|date of birth|birth ?date)(?:[:,]? (?!(?:meeting|conference|review|visit"
    r"|referr|strategy|seen|due|on the)\w*)[a-z]+){1,7}[,:]? (?P<date>" + _DATE + r")",
    re.IGNORECASE,
)
# The same child's date of birth as another document gives it.
_OTHER_PAPER = re.compile(
    r"\[date of birth\][^.?!\n\[]{0,30}\b(?:letter|passport|certificate|cert|records?|forms?|file"
    r"|system|visa|card|papers?|referral|or|not)(?:,|:| (?:is|says|has|gives|it is|as))? "
    r"(?P<date>" + _DATE + r")",
    re.IGNORECASE,
)
_B = re.compile(r"\(?\bb(?:\.|:) ?(?P<date>" + _DATE + r"|(?:19|20)\d{2}(?!\d))")
_BESIDE_NAME = re.compile(
    r"(?:\[name\]|\b[A-Z]\.[A-Z]\.)(?:['’]s)?(?: ?[,(;:\-\u2013] ?| )\(?"
    r"(?P<date>\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2})"
    r"|\d{1,2}(?:st|nd|rd|th)? (?i:" + _MONTH + r"),? \d{4})(?![\d/\-])"
    # Of any year, if another identifier of the same person follows.
    r"(?P<listed>\)?[,;]? ?(?:\[(?:NHS number|address|UPN|postcode)\]))?"
)
_CHILD_BORN = re.compile(
    r"\b(?:baby|newborn|infant|child|toddler|pupil|sibling|twins?|brother|sister|son|daughter|boy"
    r"|girl) (?:called |named )?\[name\] ?\((?P<date>" + _DATE + r")\)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d+$")
# A date of an earlier year beside a name is a birth; a meeting with somebody was this year.
_YEARS_AGO = 1
_CENTURY = 100


def find_birth_dates(text: str, *, today: date) -> Iterator[MaskSpan]:
    """Dates said to be of birth, and dates of earlier years beside a name."""
    for pattern in (_BORN, _TURNS, _DATE_THEN_BORN, _OTHER_PAPER, _B, _CHILD_BORN):
        for hit in pattern.finditer(text):
            end = hit.start("date") + len(hit.group("date").rstrip(" ,.-/'"))
            yield MaskSpan(hit.start("date"), end, "date_of_birth")
    for hit in _BORN_SOMEHOW.finditer(text):
        if _is_past(hit.group("date"), today):
            yield MaskSpan(hit.start("date"), hit.end("date"), "date_of_birth")
    for hit in _BESIDE_NAME.finditer(text):
        if hit.group("listed") or _is_past(hit.group("date"), today):
            yield MaskSpan(hit.start("date"), hit.end("date"), "date_of_birth")


def _is_past(written: str, today: date) -> bool:
    """Whether the date has a year, and it is an earlier one."""
    year = _YEAR.search(written)
    return year is not None and _full_year(year.group(), today) <= today.year - _YEARS_AGO


def _full_year(year: str, today: date) -> int:
    value = int(year)
    if value >= _CENTURY:
        return value
    century = today.year - today.year % _CENTURY
    return century + value if value <= today.year % _CENTURY else century - _CENTURY + value
