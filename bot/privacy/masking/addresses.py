"""Postcodes and street addresses."""

import re
from collections.abc import Callable, Iterator

from bot.privacy.masking.patterns import MaskSpan


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_AREAS = _set(
    "AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT "
    "DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD "
    "LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK "
    "SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])(?P<area>[A-Za-z]{1,2})(?P<district>\d[A-Za-z\d]?)[ \-]{0,2}"
    r"(?P<inward>\d[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2})(?![A-Za-z0-9])"
)
# The first half alone, in capitals and after a word of place: "in LU3", but not "CT1 scan".
_OUTWARD = re.compile(
    r"(?:(?<=\bin )|(?<=\bto )|(?<=\bat )|(?<=\bnear )|(?<=\bfrom )|(?<=, ))"
    r"(?P<area>[A-Z]{2})\d{1,2}[A-Z]?(?![\w/-])"
)
_ORDINAL = re.compile(r"1st|2nd|3rd|[04-9]th")

_ROAD = (
    r"(?:street|road|rd|avenue|ave|lane|ln|close|drive|crescent|cres|way|court|place|terrace"
    r"|gardens|gdns|grove|square|walk|rise|row|mews|parade|hill|park|view|path|quay|wharf|green"
    r"|buildings|mansions|heights|estate|house|tower|towers|point|lodge|villas|cottages?|farm"
    r"|str|st|dr|ct|pl|cl|sq|gate|croft|meadows?|fields?|common|broadway|reach|approach|chase"
    r"|dene|end|mount|orchard|parkway|rowe|vale|wood|yard|circus|bank|brow|fold|garth|est|barns?|rectory"
    r"|vicarage|stables|mill|manor|grange|forge|granary|bungalow|annexe?|oasthouse|farmhouse)"
)
# Words that certainly name a street, unlike those with other meanings ("way", "park").
_CERTAIN = _set(
    "street road rd avenue ave lane ln crescent cres terrace gardens gdns grove mews close drive"
    " str parade villas mansions"
)
# After "the" and a number: "7 the crescent".
_AFTER_THE = _set("avenue crescent grove mews terrace parade street lane square")
_NUMBERED = re.compile(
    r"(?<![\w/.,:£-])(?P<number>\d{1,4}(?: ?[a-hA-H](?![\w]))?(?: ?[-/] ?\d{1,4})?),? "
    r"(?P<words>(?:[^\W\d_][\w'’.-]{0,24} ){1,3}?)(?P<road>" + _ROAD + r")\b\.?(?!['’])"
    r"(?: (?:street|road|rd|avenue|ave|lane|close|drive|crescent|way|terrace|gardens|grove)\b)?",
    re.IGNORECASE,
)
NUMBERS_SAID = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty(?:[ -](?:one|two|three|four|five|six|seven|eight"
    r"|nine))?"
)
_HOUSE_WORD = (
    r"(?!(?:in|at|on|and|the|by|near|to|with|of|for|from|his|her|is|was)\b)[^\W\d_][\w'’-]{0,24} "
)
_FLAT = re.compile(
    r"\b(?i:flat|apartment|apt|plot|caravan|bedsit|block|unit) ?(?i:no\.? ?|number )?"
    r"(?:\d{1,4} ?[a-zA-Z]?|[A-Z]|(?i:" + NUMBERS_SAID + r"))(?!\w)"
    r"(?i:,? (?:at )?(?:" + _HOUSE_WORD + r"){1,2}" + _ROAD + r"\b)?"
)
_LIVES = (
    r"(?:liv(?:es|ed|e|ing)|stay(?:s|ed|ing)|moved|resid(?:es|ed|ing)|home|address|addr|house"
    r"|placed|based|sofa ?surfing|lodg(?:es|ed|ing))"
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
# "They are at number nine": a house, unless it is a place in a list or a queue.
_AT_NUMBER = re.compile(
    r"\b(?:at|from|outside|opposite|into) (?P<address>(?:number ?(?:\d{1,4} ?[a-h]?|"
    + NUMBERS_SAID
    + r")|(?:no\.?|nr) ?\d{1,4} ?[a-h]?)(?!\w)(?:,? (?:"
    + _HOUSE_WORD
    + r"){1,2}"
    + _ROAD
    + r"\b| (?!(?:yesterday|today|tonight|now|again|still|with|at|so|since|when)\b)[^\W\d_]{4,24}"
    r"(?=[,.;\n]|$))?)(?! (?:on|in|of|for|and|or|to)\b)",
    re.IGNORECASE,
)
# "The flats behind the shop, number 14", "in block c".
_NUMBER_OF_FLATS = re.compile(
    r"\b(?:flats?|houses?|blocks?|estate|bungalows?|terrace|towers?"
    r"|maisonettes?)\b[^.?!\n]{0,40}?,? "
    r"(?P<address>(?:number|no\.?|nr) ?(?:\d{1,4} ?[a-h]?|" + NUMBERS_SAID + r"))\b",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"\b(?:in|at|of|on) (?P<address>(?:block|flat|tower) (?:[a-z]|\d{1,3}))(?![\w'’])",
    re.IGNORECASE,
)
# "22 acacia, margate": a number and a word or two, and then a town.
_NUMBER_AND_TOWN = re.compile(
    r"(?<![\w/.,:£-])(?P<address>\d{1,4}[a-h]? (?P<words>[^\W\d_][\w'’-]{2,24}(?:"
    r" [^\W\d_][\w'’-]{2,24})?))"
    r", ?(?P<town>[^\W\d_]{3,24}(?: [^\W\d_]{3,24})?)\b",
    re.IGNORECASE,
)
_HOUSE_NAME = re.compile(
    r"\b(?:liv(?:es|ed|e|ing)|stay(?:s|ing)|resid(?:es|ing)) at (?P<address>[Tt]he "
    r"(?:[A-Z][a-z'’]{2,20}"
    r"(?: |\b(?![ ]))){1,3})"
)
# "The white cottage, mill lane": a house by its name, and its street.
_HOUSE_AND_STREET = re.compile(
    r"\b(?P<address>(?:the )?(?:"
    + _HOUSE_WORD
    + r"){1,2}(?:cottage|house|lodge|farm|farmhouse|barn"
    r"|bungalow|mill|bakery|forge|rectory|vicarage|annexe?|oasthouse|chapel|stables|granary), ?"
    r"(?:"
    + _HOUSE_WORD
    + r"){1,2}(?:lane|road|rd|street|close|avenue|drive|crescent|hill|grove))\b",
    re.IGNORECASE,
)
# "Number 9, the maltings": what houses stand in.
_NUMBER_AND_ROW = re.compile(
    r"\b(?P<address>(?:number|no\.?) ?(?:\d{1,4} ?[a-h]?|" + NUMBERS_SAID + r"),? "
    r"(?:the (?:close|green|drive|hill|lane|square|walk|row|street|court|park)\b"
    r"|(?:the )?(?:maltings|limes|oaks|firs|elms"
    r"|beeches|willows|poplars|laurels|cedars|chestnuts|hollies|paddocks?|orchards?|meadows|mews"
    r"|stables|crescent|cottages|barns|ridings|pines|birches|larches|hawthorns|rowans|glebe|spinney"
    r"|grange|granary|avenue|terrace|gardens|moorings|wharf|quay|acres|hamlet|shires|pightle)\b))",
    re.IGNORECASE,
)
# "Rose House": a home, a hostel or a refuge that people work in, and "in Bedford Hill", a part of a
# town. Where somebody is said to live there it goes, as an address.
_NAMED_HOUSE = re.compile(
    r"\b[A-Z][a-z]{2,20} (?:House|Lodge)\b(?! (?:was born|told me|said she|said he))"
    r"|(?<=\bin )[A-Z][a-z]{2,20} (?:Hill|Town|Park|Green|Heath|Common)\b"
)
# "A house called Rose Cottage", "the farm is known as Swallows Rest".
_CALLED = re.compile(
    r"\b(?i:house|cottage|farm|farmhouse|bungalow|flat|barn|property|building|place|address"
    r"|lodge|caravan|boat|houseboat)(?i:'s| is| was)? (?i:called|named|known as) [\"'‘“]?"
    r"(?P<address>(?:[Tt]he )?(?:[A-Z][\w'’-]{1,20}\b ?){1,3}"
    r"|(?i:(?:the )?(?:" + _HOUSE_WORD + r"){1,2}" + _ROAD + r"\b))"
)
_CAPITAL_BEFORE = re.compile(r"\b[A-Z][\w'’-]+ $")
_STREETS_OF_INSTITUTIONS = frozenset(
    ("great ormond street", "liverpool street", "downing street", "sesame street", "harley street")
)
# After "address:" anything with a house number, up to the comma or the postcode.
_ADDRESS_SAID = re.compile(
    r"\b(?:address|addr|lives at|living at|moved to|resides at|home)(?: is| was| now| given as)?"
    r"(?: ?[:=-])? "
    r"(?P<address>\d{1,4} ?[a-hA-H]?\b,? (?:the )?(?!\d)(?:[^\W\d_][\w'’-]{1,24}))"
    r"(?=[,.;\n]| ?\[postcode\]|$)",
    re.IGNORECASE,
)
_NAMED_STREET = re.compile(
    r"\b(?P<address>(?:[A-Z][a-z'’]{1,20}[ -]){1,3}(?:Street|Road|Rd|Avenue|Ave|Lane|Crescent|Close"
    r"|Terrace|Gardens|Grove|Drive|Mews))\b(?! (?:[A-Z]|school|primary|hospital|surgery|clinic"
    r"|police|office|children|centre|nursery|academy|practice|health|medical|station|family|site))"
)
# Words of grammar and counting, which no street has after its house number.
_NEVER_IN_STREET = _set(
    "a an and are as be been but by did for from get got had has have he her him his hour "
    "hours i if in is it last me minutes month months more my no not of off on or other our "
    "out over per re said same she so still than that their them then there they this time "
    "times to up us was way we week weeks were when which who will with year years yr yrs am "
    "pm days"
)
_COUNTED = _set(
    "year month week day hour minute january february march april may june july august september"
    " october november december jan feb mar apr jun jul aug sep sept oct nov dec kids children"
    " people staff old yr yo boy girl baby time pm am monday tuesday wednesday thursday friday form"
    " referral working school social pupil male female"
)
# Before a number that is a grade: "band 7 midwife, Dover".
_GRADED = _set("band grade year yr stage stg level tier scale step")
_HOMES_OF_MANY = _set(
    "hospital school centre center refuge hostel hotel inn unit nursery academy college"
    " project home"
    " shelter church mosque lodge"
)
# These hardly ever, unless a certain street word follows ("12 County Road", "2 county court").
_HARDLY_IN_STREET = _set(
    "child children council county court crown day different district family full hearing high kids"
    " magistrates meetings new old open people professionals pupils referrals stage level section"
    " steps ways agencies schools students two visits working youth all any every long"
)

# "lives in a foster home", "stays at her nan's place": nobody's address.


_SPACED_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])(?P<area>[A-Z]{1,2})[ .]{0,2}\d{1,2}[A-Z]?[ .\-]{1,3}"
    r"\d[ .]{0,2}[ABD-HJLNP-UW-Z][ .]?[ABD-HJLNP-UW-Z](?![A-Za-z0-9])"
)


def find_postcodes(text: str) -> Iterator[MaskSpan]:
    """Postcodes whose area exists, whole or the first half only.

    "s17 4th" is a section and an ordinal, not a postcode.
    """
    for hit in _POSTCODE.finditer(text):
        inward = hit.group("inward")
        ordinal = _ORDINAL.fullmatch(inward) and not hit.group("area").isupper()
        if hit.group("area").upper() in _AREAS and not ordinal:
            yield MaskSpan(hit.start(), hit.end(), "postcode")
    for hit in _SPACED_POSTCODE.finditer(text):
        if hit.group("area") in _AREAS:
            yield MaskSpan(hit.start(), hit.end(), "postcode")
    for hit in _OUTWARD.finditer(text):
        if hit.group("area") in _AREAS:
            yield MaskSpan(hit.start(), hit.end(), "postcode")


def find_addresses(
    text: str, *, is_place: Callable[[str], bool], is_ordinary: Callable[[str], bool]
) -> Iterator[MaskSpan]:
    """Flats, numbered streets, and streets where somebody is said to live.

    `is_place` tells a town from the name of a street or a house, `is_ordinary` a thing that is
    counted from a street.
    """
    for hit in _NUMBERED.finditer(text):
        words = hit.group("words").split()
        if _is_street(words, hit.group("road"), said=_lives_before(text, hit.start())):
            yield MaskSpan(hit.start(), hit.end(), "address")
    for hit in _FLAT.finditer(text):
        yield MaskSpan(hit.start(), hit.end(), "address")
    for pattern in (_LIVES_AT, _NUMBER_ONLY):
        for hit in pattern.finditer(text):
            words = hit.group("address").split()[:-1] if pattern is _LIVES_AT else []
            if words and not _is_street_said(words, hit.group("road"), is_place=is_place):
                continue
            yield MaskSpan(hit.start("address"), hit.end("address"), "address")
    for pattern in (_HOUSE_AND_STREET, _NUMBER_AND_ROW):
        for hit in pattern.finditer(text):
            yield MaskSpan(hit.start("address"), hit.end("address"), "address")
    yield from _in_a_block(text)
    yield from _before_a_town(text, is_place, is_ordinary)
    yield from _houses_by_name(text)
    yield from _said_or_named(text)


def _in_a_block(text: str) -> Iterator[MaskSpan]:
    for pattern in (_NUMBER_OF_FLATS, _BLOCK, _AT_NUMBER):
        for hit in pattern.finditer(text):
            yield MaskSpan(hit.start("address"), hit.end("address"), "address")


def _before_a_town(
    text: str, is_place: Callable[[str], bool], is_ordinary: Callable[[str], bool]
) -> Iterator[MaskSpan]:
    counted = _NEVER_IN_STREET | _HARDLY_IN_STREET | _COUNTED
    for hit in _NUMBER_AND_TOWN.finditer(text):
        words = hit.group("words").lower().split()
        town = is_place(hit.group("town")) or is_place(hit.group("town").split()[0])
        before = text[: hit.start()].lower().split()[-1:]
        if before and before[0] in _GRADED:
            continue
        if town and not any(word in counted or _is_many(word, is_ordinary) for word in words):
            yield MaskSpan(hit.start("address"), hit.end("address"), "address")


def _houses_by_name(text: str) -> Iterator[MaskSpan]:
    for pattern in (_HOUSE_NAME, _CALLED):
        for hit in pattern.finditer(text):
            many = _HOMES_OF_MANY - ({"lodge"} if pattern is _CALLED else set())
            if hit.group("address").split()[-1].lower() not in many:
                end = hit.start("address") + len(hit.group("address").rstrip())
                yield MaskSpan(hit.start("address"), end, "address")


def named_houses(text: str) -> Iterator[tuple[int, int]]:
    """Homes, refuges and parts of towns, in which no names of people are looked for."""
    for hit in _NAMED_HOUSE.finditer(text):
        # "I told Callum Rose House is full": the first may be somebody's name.
        if not _CAPITAL_BEFORE.search(text, max(0, hit.start() - 24), hit.start()):
            yield hit.span()


def _is_many(word: str, is_ordinary: Callable[[str], bool]) -> bool:
    """Whether it is a plural or a word for time: "14 pupils, Margate"."""
    return word.endswith("s") and is_ordinary(word)


def _said_or_named(text: str) -> Iterator[MaskSpan]:
    for hit in _ADDRESS_SAID.finditer(text):
        if not _NEVER_IN_STREET.intersection(hit.group("address").lower().split()):
            yield MaskSpan(hit.start("address"), hit.end("address"), "address")
    for hit in _NAMED_STREET.finditer(text):
        if hit.group("address").lower() in _STREETS_OF_INSTITUTIONS:
            continue
        yield MaskSpan(hit.start("address"), hit.end("address"), "address")


def _lives_before(text: str, start: int) -> bool:
    before = text[max(0, start - 24) : start].lower().split()
    return bool(before) and before[-1] in {"at", "address", "address:", "is", "lives", "live", "to"}


def _is_street(words: list[str], road: str, *, said: bool) -> bool:
    lower = [word.lower().strip(".,'’") for word in words]
    certain = road.lower() in _CERTAIN
    if _NEVER_IN_STREET.intersection(lower):
        return False
    named = all(word[0].isupper() for word in words) and road[0].isupper()
    if not certain and not named and not said and _HARDLY_IN_STREET.intersection(lower):
        return False
    if not words or lower == ["the"]:
        # "3 the close", "22 close calls": without a name, only the context can tell.
        return bool(words) and (said or road[0].isupper() or road.lower() in _AFTER_THE)
    return certain or said or (all(word[0].isupper() for word in words) and road[0].isupper())


def _is_street_said(words: list[str], road: str, *, is_place: Callable[[str], bool]) -> bool:
    lower = [word.lower().strip(".,'’") for word in words]
    named = [word for word in lower if word not in {"the", "a", "st", "at", "on", "in", "off"}]
    if not named or (_NEVER_IN_STREET | _HARDLY_IN_STREET).intersection(named):
        return False
    if any(is_place(word) for word in named) and road.lower() not in _CERTAIN:
        return False
    ordinary = {
        "called",
        "named",
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
