"""Identifiers that have a shape: numbers with check digits, addresses, dates of birth, links.

Every pattern is bounded in length, so that the time grows with the text and no faster.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

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
    "link": "[link]",
}
PLACEHOLDER = re.compile("|".join(re.escape(shown) for shown in PLACEHOLDERS.values()))


class Span(msgspec.Struct, frozen=True):
    """A stretch of the text, `start` to `end` in characters, and the kind of thing it is."""

    start: int
    end: int
    kind: str


Finder = Callable[[str], Iterator[Span]]

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
_NETWORK = (
    r"(?:face ?book|fb|insta(?:gram)?|ig|tik ?tok|snap(?:chat)?|sc|twitter|discord|roblox|telegram"
    r"|kik|linked ?in|you ?tube|yubo|xbox|psn|playstation|steam|threads|whats ?app|fortnite|bereal)"
)
_NAMED_HANDLE = re.compile(
    r"\b" + _NETWORK + r"(?: (?:account|profile|handle|user ?name|name|page|id|user|tag|gamertag))?"
    r"(?: ?(?:is|:|=|-|under|called|as|@) ?| )(?P<handle>@?[\w.-]{3,40})",
    re.IGNORECASE,
)
_USER_NAME = re.compile(
    r"\b(?:user ?names?|handle|gamer ?tag|screen ?name|profile name|login)"
    r" ?(?:is|was|:|=|of|as)? ?(?P<handle>@?[\w.-]{3,40})",
    re.IGNORECASE,
)
# Shapes that no ordinary word has: a digit, an underscore or a dot inside letters.
_HANDLE_SHAPE = re.compile(r"@\w|\w*[^\W\d]\w*\d|\w+_\w|[^\W\d]+\.[^\W\d]", re.IGNORECASE)


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses, also with "(at)"."""
    if "@" in text or "at" in text.lower():
        for hit in _EMAIL.finditer(text):
            yield Span(hit.start(), hit.end(), "email")


def links(text: str) -> Iterator[Span]:
    """Addresses of people's profiles, @handles, and user names said to be such."""
    for hit in _LINK.finditer(text):
        end = hit.end() - (len(hit.group()) - len(hit.group().rstrip(".,;:!?)")))
        yield Span(hit.start(), end, "link")
    for pattern in (_NAMED_HANDLE, _USER_NAME):
        for hit in pattern.finditer(text):
            handle = hit.group("handle").rstrip(".-")
            if _HANDLE_SHAPE.match(handle) and not _ORDINAL_OR_TIME.fullmatch(handle):
                start = hit.start("handle")
                yield Span(start, start + len(handle), "link")


def handles(text: str) -> Iterator[Span]:
    """@handles. The caller keeps those that are an ordinary word or a place ("@ school")."""
    for hit in _HANDLE.finditer(text):
        yield Span(hit.start(), hit.start() + len(hit.group().rstrip(".-")), "link")


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
    r"\b(?:phone|mobile|mob|tel|telephone|landline|cell|whats ?app|ring|rang|call|called|text|number)"
    r"(?:(?: (?:no|num|number|him|her|them|me|mum|dad|on|at|is|was|her on|his|it))|[.:]){0,4} ?"
    r"(?P<number>\d(?:[ .\-\u2013]{0,2}\d){5,11})(?!\d|[/:]|\.\d)",
    re.IGNORECASE,
)
_NI = re.compile(
    # Any two letters: made-up and mistyped numbers are still somebody's.
    r"(?<![A-Za-z0-9])[A-Za-z]{2}"
    r"[ .\-]?\d{2}[ .\-]?\d{2}[ .\-]?\d{2}[ .\-]?[A-D](?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NI_SAID = re.compile(
    r"\b(?:ni|nino|n\.i\.?|national insurance|nat ins)(?: (?:number|no|num))?[.:]? ?(?:is|was|=)? ?"
    r"(?P<number>[A-Za-z]{2}[ .\-]?\d{2}[ .\-]?\d{2}[ .\-]?\d{2}(?:[ .\-]?[A-Za-z])?)(?![A-Za-z0-9])",
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
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def nhs_number_is_valid(digits: str) -> bool:
    """Whether ten digits end in the check digit that NHS numbers carry (modulus 11)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1)))
    return len(digits) == 10 and (11 - total % 11) % 11 == int(digits[9])  # noqa: PLR2004


def upn_is_valid(upn: str) -> bool:
    """Whether a unique pupil number's first letter is its check letter (modulus 23).

    A temporary number ends in a letter, whose place in the alphabet counts instead of a digit.
    """
    upn = upn.upper()
    try:
        values = [int(sign) if sign.isdecimal() else _UPN_LETTERS.index(sign) for sign in upn[1:]]
    except ValueError:
        return False
    total = sum(value * weight for value, weight in zip(values, range(2, 14)))
    return len(values) == 12 and _UPN_LETTERS[total % 23] == upn[0]  # noqa: PLR2004


def numbers(text: str) -> Iterator[Span]:
    """NHS, NI and unique pupil numbers, and telephone numbers, in this order of precedence."""
    for said, kind in ((_NHS_SAID, "nhs_number"), (_NI_SAID, "ni_number"), (_UPN_SAID, "upn")):
        for hit in said.finditer(text):
            yield Span(hit.start("number"), hit.end("number"), kind)
    for hit in _NI.finditer(text):
        yield Span(hit.start(), hit.end(), "ni_number")
    for hit in _UPN.finditer(text):
        if upn_is_valid(re.sub(r"[ \-]", "", hit.group())):
            yield Span(hit.start(), hit.end(), "upn")
    for pattern in (_PHONE, _PHONE_ABROAD):
        for hit in pattern.finditer(text):
            yield Span(hit.start(), hit.end(), "phone")
    for hit in _TEN_DIGITS.finditer(text):
        if nhs_number_is_valid(re.sub(r"\D", "", hit.group())):
            yield Span(hit.start(), hit.end(), "nhs_number")
    for hit in _PHONE_SAID.finditer(text):
        yield Span(hit.start("number"), hit.end("number"), "phone")


# ---------------------------------------------------------------- postcodes and addresses

_AREAS = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT "
    "DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD "
    "LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK "
    "SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
).split()
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])(?P<area>[A-Za-z]{1,2})(?P<district>\d[A-Za-z\d]?)[ \-]{0,2}"
    r"(?P<inward>\d ?[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2})(?![A-Za-z0-9])"
)
_ORDINAL = re.compile(r"1st|2nd|3rd|[04-9]th")

_ROAD = (
    r"(?:street|road|rd|avenue|ave|lane|ln|close|drive|crescent|cres|way|court|place|terrace"
    r"|gardens|gdns|grove|square|walk|rise|row|mews|parade|hill|park|view|path|quay|wharf|green"
    r"|buildings|mansions|heights|estate|house|tower|towers|point|lodge|villas|cottages?|farm"
    r"|str|st|dr|ct|pl|cl|sq|gate|croft|meadows?|fields?|common|broadway|reach|approach|chase"
    r"|dene|end|mount|orchard|parkway|rowe|vale|wood|yard|circus|bank|brow|fold|garth)"
)
# Words that leave no doubt about a street, against those that mean much else ("way", "park").
_CERTAIN = frozenset(
    "street road rd avenue ave lane ln crescent cres terrace gardens gdns grove mews close drive"
    " str parade villas mansions".split()
)
_NUMBERED = re.compile(
    r"(?<![\w/.,:£-])(?P<number>\d{1,4}(?: ?[a-hA-H](?![\w]))?(?: ?[-/] ?\d{1,4})?),? "
    r"(?P<words>(?:[^\W\d_][\w'’.-]{0,24} ){1,3}?)(?P<road>" + _ROAD + r")\b\.?(?!['’])"
    r"(?: (?:street|road|rd|avenue|ave|lane|close|drive|crescent|way|terrace|gardens|grove)\b)?",
    re.IGNORECASE,
)
_HOUSE_WORD = (
    r"(?!(?:in|at|on|and|the|by|near|to|with|of|for|from|his|her|is|was)\b)[^\W\d_][\w'’-]{0,24} "
)
_FLAT = re.compile(
    r"\b(?i:flat|apartment|apt|plot|caravan|bedsit) ?(?i:no\.? ?|number )?(?:\d{1,4} ?[a-zA-Z]?|[A-Z])(?!\w)"
    r"(?i:,? (?:at )?(?:" + _HOUSE_WORD + r"){1,2}" + _ROAD + r"\b)?"
)
_LIVES = (
    r"(?:liv(?:es|ed|e|ing)|stay(?:s|ed|ing)|moved|resid(?:es|ed|ing)|home|address|addr|house|placed"
    r"|based|sofa ?surfing|lodg(?:es|ed|ing))"
)
_LIVES_AT = re.compile(
    r"\b"
    + _LIVES
    + r"(?: (?:with [\w']{1,20}|now|still|currently|address|alone|back|in|to|was|all)){0,3}"
    r"(?: (?:at|on|off|in|is|to|round|near|of)| ?:| ?-)? "
    r"(?P<address>(?:the )?(?:[^\W\d_][\w'’.-]{0,24} ){1,3}?(?P<road>" + _ROAD + r"))\b(?!['’])",
    re.IGNORECASE,
)
_NUMBER_ONLY = re.compile(
    r"\b(?:"
    + _LIVES
    + r"|round|over)(?: (?:at|is|to|was))? (?P<address>(?:number|no\.?|nr) ?\d{1,4} ?[a-h]?)\b",
    re.IGNORECASE,
)
_NAMED_STREET = re.compile(
    r"\b(?P<address>(?:[A-Z][a-z'’]{1,20}[ -]){1,3}(?:Street|Road|Rd|Avenue|Ave|Lane|Crescent|Close"
    r"|Terrace|Gardens|Grove|Drive|Mews))\b(?! (?:[A-Z]|school|primary|hospital|surgery|clinic|police"
    r"|office|children|centre|nursery|academy|practice|health|medical|station|family|site))"
)
# Words of grammar and counting: no street has these where it is written after a number.
_NEVER_IN_STREET = frozenset(
    "a an and are as be been but by did for from get got had has have he her him his hour hours i if"
    " in is it last me minutes month months more my no not of off on or other our out over per re"
    " said same she so still than that their them then there they this time times to up us was way"
    " we week weeks were when which who will with year years yr yrs am pm days".split()
)
# Nor these, unless what follows can only be a street ("12 County Road", "2 county court").
_HARDLY_IN_STREET = frozenset(
    "child children council county court crown day different district family full hearing high kids"
    " magistrates meetings new old open people professionals pupils referrals stage level section"
    " steps ways agencies schools students two visits working youth all any every long".split()
)


def postcodes(text: str) -> Iterator[Span]:
    """Full postcodes whose area exists; "s17 4th" is a section and an ordinal."""
    for hit in _POSTCODE.finditer(text):
        inward = hit.group("inward")
        ordinal = _ORDINAL.fullmatch(inward) and not hit.group("area").isupper()
        if hit.group("area").upper() in _AREAS and not ordinal:
            yield Span(hit.start(), hit.end(), "postcode")


def addresses(text: str, *, is_place: Callable[[str], bool]) -> Iterator[Span]:
    """Flats, numbered streets, and streets that someone is said to live in.

    `is_place` tells a town from the name of a street or a house.
    """
    for hit in _NUMBERED.finditer(text):
        words = hit.group("words").split()
        if _is_street(words, hit.group("road"), said=_lives_before(text, hit.start())):
            yield Span(hit.start(), hit.end(), "address")
    for hit in _FLAT.finditer(text):
        yield Span(hit.start(), hit.end(), "address")
    for pattern in (_LIVES_AT, _NUMBER_ONLY):
        for hit in pattern.finditer(text):
            words = hit.group("address").split()[:-1] if pattern is _LIVES_AT else []
            if words and not _is_street_said(words, hit.group("road"), is_place=is_place):
                continue
            yield Span(hit.start("address"), hit.end("address"), "address")
    for hit in _NAMED_STREET.finditer(text):
        yield Span(hit.start("address"), hit.end("address"), "address")


def _lives_before(text: str, start: int) -> bool:
    before = text[max(0, start - 24) : start].lower().split()
    return bool(before) and before[-1] in {"at", "address", "address:", "is", "lives", "live", "to"}


def _is_street(words: list[str], road: str, *, said: bool) -> bool:
    lower = [word.lower().strip(".,'’") for word in words]
    certain = road.lower() in _CERTAIN
    if _NEVER_IN_STREET.intersection(lower):
        return False
    if not certain and _HARDLY_IN_STREET.intersection(lower):
        return False
    if not words or lower == ["the"]:
        # "3 the close", "22 close calls": without a name only the context can tell.
        return bool(words) and (said or road[0].isupper())
    return certain or said or (all(word[0].isupper() for word in words) and road[0].isupper())


def _is_street_said(words: list[str], road: str, *, is_place: Callable[[str], bool]) -> bool:
    lower = [word.lower().strip(".,'’") for word in words]
    named = [word for word in lower if word not in {"the", "a", "st", "at", "on", "in", "off"}]
    if not named or (_NEVER_IN_STREET | _HARDLY_IN_STREET).intersection(named):
        return False
    if any(is_place(word) for word in named) and road.lower() not in _CERTAIN:
        return False
    ordinary = {
        "foster",
        "care",
        "safe",
        "children's",
        "childrens",
        "nan's",
        "nans",
        "mum's",
        "mums",
    }
    ordinary |= {"dad's", "dads", "council", "gran's", "friend's", "friends", "bail", "supported"}
    if set(named) & ordinary:
        return False
    certain = road.lower() in _CERTAIN
    return certain or (words[-1][0].isupper() and road[0].isupper())


# ---------------------------------------------------------------- dates of birth

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    r"(?:\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?\d{2,4}|\d{4}-\d{1,2}-\d{1,2}|\d{6}(?!\d)|\d{8}(?!\d)"
    r"|\d{1,2} \d{1,2} (?:\d{4}|\d{2})(?!\d)"
    r"|(?:the )?\d{1,2}(?:st|nd|rd|th)?(?: day)?(?: of)? ?[ \-/]?"
    + _MONTH
    + r"\.?,? ?[ \-/]?(?:'?\d{4}|'?\d{2})?(?!\d)"
    r"|" + _MONTH + r"\.? (?:the )?\d{1,2}(?:st|nd|rd|th)?(?!\d)(?:,? ?'?(?:\d{4}|\d{2})(?!\d))?"
    r"|" + _MONTH + r"\.?,? (?:of )?(?:19|20)\d{2}"
    r"|\d{1,2}[/.\-]\d{1,2}(?![\d/]))"
)
_BORN = re.compile(
    r"\b(?:d\.? ?o\.? ?b\b\.?|date ?of ?birth|birth ?date|birth ?day|b ?day|born|bday|birthdate)"
    r"(?:(?: (?:is|was|on|in|the|at|of|his|her|their|given as|recorded as|about|around|back|out|premature(?:ly)?|early))"
    r"|[:;,=(\-\u2013]){0,4} ?(?:(?:sun|mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?)(?:day)? )?"
    r"(?P<date>" + _DATE + r"|(?:19|20)\d{2}(?!\d))",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"\b(?:turn(?:s|ed|ing)?|will be|was|is) (?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen)(?: years old)? on (?P<date>"
    + _DATE
    + r")",
    re.IGNORECASE,
)
_DATE_THEN_BORN = re.compile(
    r"(?<![\d/.])(?P<date>" + _DATE + r")(?: ?[,(\-]? ?(?:is |as |was )?(?:his|her|their|the)? ?)?"
    r"(?:\(?d\.?o\.?b\b|date of birth|birth ?day\b)",
    re.IGNORECASE,
)
_B = re.compile(r"\(?\bb(?:\.|:) ?(?P<date>" + _DATE + r"|(?:19|20)\d{2}(?!\d))")
_FULL_DATE = re.compile(
    r"(?<![\d/.\-])(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4}|\d{2})(?![\d/\-])"
)
_BESIDE_NAME = re.compile(
    r"(?:\[name\]|\b[A-Z]\.? ?[A-Z]\.?)(?:['’]s)?(?: ?[,(;:\-\u2013] ?| )\(?"
    r"(?P<date>\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2})|\d{1,2}(?:st|nd|rd|th)? "
    + _MONTH
    + r",? \d{4})"
    r"(?![\d/\-])",
    re.IGNORECASE,
)
_CHILD_BORN = re.compile(
    r"\b(?:baby|newborn|infant|child|toddler|pupil|sibling|twins?|brother|sister|son|daughter|boy|girl)"
    r" (?:called |named )?\[name\] ?\((?P<date>" + _DATE + r")\)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d+$")
# A date beside a name this long ago is a birth; a meeting somebody is named at was this year.
_YEARS_AGO = 2
_CENTURY = 100


def births(text: str, *, today: date) -> Iterator[Span]:
    """Dates said to be of a birth, and old ones that stand beside a name."""
    for pattern in (_BORN, _TURNS, _DATE_THEN_BORN, _B, _CHILD_BORN):
        for hit in pattern.finditer(text):
            end = hit.start("date") + len(hit.group("date").rstrip(" ,.-/'"))
            yield Span(hit.start("date"), end, "date_of_birth")
    for hit in _BESIDE_NAME.finditer(text):
        year = _YEAR.search(hit.group("date"))
        if year and _full_year(year.group(), today) <= today.year - _YEARS_AGO:
            yield Span(hit.start("date"), hit.end("date"), "date_of_birth")


def _full_year(year: str, today: date) -> int:
    value = int(year)
    if value >= _CENTURY:
        return value
    century = today.year - today.year % _CENTURY
    return century + value if value <= today.year % _CENTURY else century - _CENTURY + value


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """The spans in order of place; of two that overlap, the one that was found first."""
    taken: set[int] = set()
    kept: list[Span] = []
    for span in spans:
        places = range(span.start, span.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
