"""Identifiers with a fixed format: numbers with check digits, e-mail addresses, links.

Every pattern is bounded in length, so that the time grows no faster than the text.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

PLACEHOLDERS = {
    "name": "[name]",
    "date_of_birth": "[date of birth]",
    "address": "[address]",
    "postcode": "[postcode]",
    "phone": "[phone number]",
    "email": "[email]",
    "nhs_number": "[NHS number]",
    "ni_number": "[NI number]",
    "upn": "[UPN]",
    "case_number": "[case number]",
    "link": "[link]",
    "vehicle": "[vehicle registration]",
    "bank": "[bank details]",
}
PLACEHOLDER = re.compile("|".join(re.escape(shown) for shown in PLACEHOLDERS.values()))


class MaskSpan(msgspec.Struct, frozen=True):
    """A stretch of the text, `start` to `end` in characters, and the kind of identifier."""

    start: int
    end: int
    kind: str


# ---------------------------------------------------------------- e-mail and links

_EMAIL = re.compile(
    r"(?<![\w.+-])(?:mailto:)?[\w.+'-]{1,64}(?:@| ?\(at\) ?| ?\[at\] ?)"
    r"(?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![\w-])"
)
_PROFILE_HOSTS = (
    "facebook|fb|instagram|instagr|insta|tiktok|snapchat|twitter|x|linkedin|youtube|youtu|threads"
    "|discord|discordapp|reddit|pinterest|tumblr|twitch|telegram|t|wa|whatsapp|kik|roblox|onlyfans"
    "|linktr|bsky|steamcommunity|vk|be|bereal|vinted|gofundme|messenger|m|wechat|badoo|tinder|yubo|vsco"
)
_LINK = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:[\w-]{1,30}\.){0,3}(?:" + _PROFILE_HOSTS + r")"
    r"\.(?:com|co\.uk|co|me|be|gg|tv|ee|app|net|org|social)/[^\s<>\"']{1,300}",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@])@(?=[\w.]*[^\W\d])\w[\w.-]{1,40}")
NETWORK = (
    r"(?:face ?book|fb|insta(?:gram)?|ig|tik ?tok|snap(?:chat)?|sc|twitter|discord|roblox|telegram"
    r"|kik|linked ?in|you ?tube|yubo|xbox|psn|playstation|steam|threads|whats ?app|fortnite|bereal)"
)
_NAMED_HANDLE = re.compile(
    r"\b" + NETWORK + r"(?: (?:account|profile|handle|user ?name|name|page|id|user|tag|gamertag))?"
    r"(?: ?(?:is|:|=|-|under|called|as|@) ?| )(?P<handle>@?[\w.-]{3,40}(?:#\d{2,6})?)",
    re.IGNORECASE,
)
_USER_NAME = re.compile(
    r"\b(?:user ?names?|handle|gamer ?tag|screen ?name|profile name|login)"
    r" ?(?:is|was|:|=|of|as)? ?(?P<handle>@?[\w.-]{3,40})",
    re.IGNORECASE,
)
# Not an ordinary word: it has a digit, an underscore or a dot among its letters.
_HANDLE_SHAPE = re.compile(r"@\w|\w*[^\W\d]\w*\d|\w+_\w|[^\W\d]+\.\w|\w+#\d", re.IGNORECASE)


def emails(text: str) -> Iterator[MaskSpan]:
    """E-mail addresses, including those with "(at)"."""
    if "@" in text or "at" in text.lower():
        for hit in _EMAIL.finditer(text):
            yield MaskSpan(hit.start(), hit.end(), "email")


def links(text: str) -> Iterator[MaskSpan]:
    """Links to people's profiles, and user names announced as such."""
    for hit in _LINK.finditer(text):
        end = hit.end() - (len(hit.group()) - len(hit.group().rstrip(".,;:!?)")))
        yield MaskSpan(hit.start(), end, "link")
    for pattern in (_NAMED_HANDLE, _USER_NAME):
        for hit in pattern.finditer(text):
            handle = hit.group("handle").rstrip(".-")
            if _HANDLE_SHAPE.match(handle) and not _ORDINAL_OR_TIME.fullmatch(handle):
                start = hit.start("handle")
                yield MaskSpan(start, start + len(handle), "link")


def handles(text: str) -> Iterator[MaskSpan]:
    """@handles. The caller must keep ordinary words and places ("@school")."""
    for hit in _HANDLE.finditer(text):
        yield MaskSpan(hit.start(), hit.start() + len(hit.group().rstrip(".-")), "link")


_ORDINAL_OR_TIME = re.compile(r"\d+(?:st|nd|rd|th|am|pm|hrs?|yrs?|mins?)", re.IGNORECASE)

# ---------------------------------------------------------------- numbers

_TEN_DIGITS = re.compile(r"(?<![\d/])\d(?:[ .\-\u2013]{0,2}\d){9}(?![\d/])(?![.\-]\d)")
_NHS_SAID = re.compile(
    r"\bnhs(?: ?(?:number|no|num|id|#))?[.:]? ?(?:is|was|=|-)? ?:? ?"
    r"(?P<number>\d(?:[ .\-\u2013]{0,2}\d){8,10})(?!\d)",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d.,/])(?:(?:\+|00) ?44[ .\-]?(?:\(0\))?|\(?0(?!0))"
    r"(?:[ .\-()\u2013]{0,2}\d){9,11}(?![\d/])"
)
_PHONE_ABROAD = re.compile(r"(?<![\w.,/])(?:\+|00)(?!44)[1-9](?:[ .\-()]{0,2}\d){7,13}(?!\d)")
_PHONE_SAID = re.compile(
    r"\b(?:phone|mobile|mob|tel|telephone|landline|cell|whats ?app|ring|rang|call|called|text"
    r"|(?:my|his|her|their|mum'?s?|dad'?s?|nan'?s?|contact|work|home|new) (?:number|no))"
    r"(?:(?: (?:no|num|number|him|her|them|me|mum|dad|on|at|is|was|her on|his|it))|[.:]){0,4} ?"
    r"(?P<number>\d(?:[ .\-\u2013]{0,2}\d){5,11})(?!\d|[/:]|\.\d)",
    re.IGNORECASE,
)
_NI = re.compile(
    # Any two letters: a mistyped number is still somebody's.
    r"(?<![A-Za-z0-9])[A-Za-z]{2}"
    r"[ .\-]?\d{2}[ .\-]?\d{2}[ .\-]?\d{2}[ .\-]?[A-D](?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NI_SAID = re.compile(
    r"\b(?:ni|nino|n\.i\.?|national insurance|nat ins)(?: (?:number|no|num))?[.:]? ?(?:is|was|=)? ?"
    r"(?P<number>[A-Za-z]{2}[ .\-]?\d{2}[ .\-]?\d{2}[ .\-]?\d{2}(?:[ .\-]?[A-Za-z])?)"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_UPN = re.compile(
    r"(?<![A-Za-z0-9])[A-HJ-NP-RT-Z][ \-]?\d(?:[ \-]?\d){10}[ \-]?[\dA-Z](?![A-Za-z0-9])",
    re.IGNORECASE,
)
_UPN_SAID = re.compile(
    r"\b(?:upn|unique pupil (?:number|no|reference))[.:]? ?(?:is|was|=|no|number)?[.:]? ?"
    r"(?P<number>[A-Za-z](?:[ \-]?\d){10,12}[A-Za-z]?)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
# A reference number: of a crime, a court case, a log, a record in a system.
_DIGITS_IN_CASE = 5
_CASE_SAID = re.compile(
    r"\b(?:crimes?|case|incident|log|ref|reference|urn|cad|niche|athena|merlin|mosaic|lcs|ehm|eha"
    r"|liquid ?logic|systm ?one|rio|eclipse|cpoms|lado|marac|mash|court|claim|file|record|client"
    r"|occurrence|custody|investigation|complaint|warrant|tenancy|passport|hospital|patient|pupil"
    r"|contact|event|report|visa|brp|home office|ho|id)"
    r"(?: (?:number|no|num|nr|ref|reference|id|log|record|report|case|court))*"
    r"(?: ?[.:#=] ?| (?:is |was |- ?)?)"
    r"(?P<number>(?:(?-i:[A-Z]{1,5})[ /\-]?){0,2}\d[\dA-Za-z]*(?:[ /.\-][\dA-Z]*\d[\dA-Z]*){0,5}"
    r"(?:[-/](?-i:[A-Z])\b)?)(?![\w/])(?!:\d)",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"(?<![\w/.£@-])(?:[A-Z]{2,6}\d{2,8}/\w{2,9}|[A-Z]{2,6}[/-](?:\d{2,8}|[A-Z]{1,4})[/-]\d{2,8}(?:[/-]\d{1,8})?"
    r"|\d{2,4}[/-]\d{4,7}[/-]\d{2,4}|[A-Z]{2}\d{2}[A-Z]\d{5}|[A-Z]{1,5}[-/]?\d{6,12}|\d{7,14})"
    r"(?![\w/]|-\d|\.\d)",
)
# Of people known to the police, prisons and courts, and of officers.
_PNC = re.compile(r"(?<![\w/])(?:\d{2}|\d{4})/\d{4,7}[A-Z](?![\w/])")
_PRISON = re.compile(r"(?<![A-Za-z0-9])[A-Z]\d{4}[A-Z]{2}(?![A-Za-z0-9])")
_RECORD_SAID = re.compile(
    r"\b(?:(?:pnc|cro|nomis|noms|mrn)(?: (?:number|no|num|id|ref))*"
    r"|(?:prison(?:er)?|probation|collar|shoulder|warrant|badge|hospital|chi)"
    r"(?: (?:number|no|num|id|ref))+)(?: ?[.:#=] ?| (?:is |was )?)"
    r"(?P<number>(?:(?-i:[A-Z]{1,3})[ -]?)?\d[\dA-Za-z]{2,9}(?:[/ -]\d{1,7}[A-Za-z]?)?)(?![\w/])",
    re.IGNORECASE,
)
_COLLAR = re.compile(r"\b(?P<number>(?:PC|PS|DC|DS|PCSO) ?\d{3,5})(?![\w/])")
_PLATE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}[ -]?[A-Z]{3}(?![A-Za-z0-9])")
# After a word for it in any spelling and of any year: "reg ab12 cde", "plate P123 ABC".
_PLATE_SAID = re.compile(
    r"\b(?:reg|registration|number ?plate|plate|vrm|vehicle|car|van)"
    r"(?: (?:number|no|mark|plate|reg))*(?: ?[.:=] ?| (?:is |was |ends (?:in )?)?)"
    r"(?P<number>[a-z]{2}\d{2}[ -]?[a-z]{3}|[a-z]\d{1,3}[ -][a-z]{3}|[a-z]{1,3}\d{1,4}[a-z]{0,3})"
    r"(?![a-z0-9])",
    re.IGNORECASE,
)
_SORT_CODE = re.compile(
    r"\b(?:sort ?code|s/c)(?: (?:is|was|number|no))?[.:=]? ?(?P<number>\d{2}[ -]?\d{2}["
    r" -]?\d{2})(?!\d)",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"\b(?:bank )?(?:account|acc|a/c)(?: (?:number|no|num))?(?: (?:is|was))?[.:=]?"
    r" ?(?P<number>\d{8})(?!\d)",
    re.IGNORECASE,
)
_DATE_OR_AMOUNT = re.compile(
    r"\d{1,2} ?[ /.\-] ?\d{1,2} ?[ /.\-] ?\d{2,4}|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|(?:19|20)\d\d[ -/]{1,3}(?:19|20)?\d\d|\d{1,3}(?: ?000)+"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
# "MASH 24/11" is when it was, whatever is said before it.
_DAY_AND_MONTH = re.compile(
    r"(?:[A-Za-z]{2,5} )?(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?:/(?:20)?\d\d)?"
)
_BETWEEN = re.compile(r"[\W_]")
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def nhs_number_is_valid(digits: str) -> bool:
    """Whether ten digits end in the check digit of an NHS number (modulus 11)."""
    digits = _BETWEEN.sub("", digits)
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    return len(digits) == 10 and (11 - total % 11) % 11 == int(digits[9])  # noqa: PLR2004


def upn_is_valid(upn: str) -> bool:
    """Whether a unique pupil number's first letter is its check letter (modulus 23).

    A temporary number ends in a letter; its position in the alphabet counts as the digit.
    """
    upn = _BETWEEN.sub("", upn).upper()
    try:
        values = [int(sign) if sign.isdecimal() else _UPN_LETTERS.index(sign) for sign in upn[1:]]
    except ValueError:
        return False
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=False))
    return len(values) == 12 and _UPN_LETTERS[total % 23] == upn[0]  # noqa: PLR2004


# Police logs are numbered by the day, so they have few digits.
_CAD = re.compile(
    r"\bCAD(?: (?:no|num|number|log|ref))?[.:]? ?(?P<number>\d{1,5})\b", re.IGNORECASE
)


def is_case_number(number: str) -> bool:
    """Whether it has enough digits for a reference, and is neither a date nor an amount."""
    if _DATE_OR_AMOUNT.fullmatch(number) or _DAY_AND_MONTH.fullmatch(number):
        return False
    digits = sum(sign.isdecimal() for sign in number)
    return digits >= _DIGITS_IN_CASE or (digits == _DIGITS_IN_CASE - 1 and "/" in number)


def numbers(text: str) -> Iterator[MaskSpan]:
    """NHS, NI and unique pupil numbers, telephone numbers, references, in this order."""
    for pattern, kind in _NUMBERS:
        for hit in pattern.finditer(text):
            start, end = hit.span("number" if pattern.groups else 0)
            valid = _CHECKS.get(pattern)
            if valid is None or valid(text[start:end]):
                yield MaskSpan(start, end, kind)


_NUMBERS = (
    (_NHS_SAID, "nhs_number"),
    (_NI_SAID, "ni_number"),
    (_UPN_SAID, "upn"),
    (_NI, "ni_number"),
    (_UPN, "upn"),
    (_PHONE, "phone"),
    (_PHONE_ABROAD, "phone"),
    (_TEN_DIGITS, "nhs_number"),
    (_PHONE_SAID, "phone"),
    (_SORT_CODE, "bank"),
    (_ACCOUNT, "bank"),
    (_PNC, "case_number"),
    (_PRISON, "case_number"),
    (_RECORD_SAID, "case_number"),
    (_COLLAR, "case_number"),
    (_PLATE, "vehicle"),
    (_PLATE_SAID, "vehicle"),
    (_CASE_SAID, "case_number"),
    (_CAD, "case_number"),
    (_CASE, "case_number"),
)
# A number that is not announced as such must pass its check.
_CHECKS = {
    _UPN: upn_is_valid,
    _TEN_DIGITS: nhs_number_is_valid,
    _CASE_SAID: is_case_number,
    _CASE: is_case_number,
}


def without_overlaps(spans: Iterable[MaskSpan]) -> list[MaskSpan]:
    """The spans in order of position; of two that overlap, the one found first."""
    taken: set[int] = set()
    kept: list[MaskSpan] = []
    for span in spans:
        places = range(span.start, span.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
