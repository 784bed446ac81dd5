"""Identifiers spelt out in words: numbers, e-mail addresses and user names.

"Zero seven double zero …", "j dot smith at school dot org", "ava dot s dot 09".
"""

import re
from collections.abc import Iterator

from bot.privacy.masking.patterns import NETWORK, MaskSpan

_DIGIT = r"(?:zero|nought|naught|oh?|one|two|three|four|five|six|seven|eight|nine|\d)"
_SAID = (
    r"(?:(?:double|treble|triple)[ -]" + _DIGIT + r"|" + _DIGIT + r"(?: hundred)?"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -]" + _DIGIT + r")?)"
)
_PHONE = re.compile(
    r"(?<![\w.,/-])(?=(?:plus|zero|nought|oh?|double|0)\b)(?:plus )?"
    + _SAID
    + r"(?:[ ,.-]{1,2}"
    + _SAID
    + r"){5,15}(?![\w/-])",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.,/-])(?P<digits>" + _DIGIT + r"(?:[ ,.-]{1,2}" + _DIGIT + r"){7,15})(?![\w/-])",
    re.IGNORECASE,
)
"""Eight digits or more, one by one: nobody counts anything else so."""
_OF_NHS = re.compile(r"\bnhs\b[^.;!?]{0,20}$", re.IGNORECASE)
_A_WORD = re.compile(r"[^\W\d_]{3,}")
_DOT = r"(?: ?[(\[]dot[)\]] ?| dot )"
_AT = r"(?: ?[(\[]at[)\]] ?| at | ?@ ?)"
_JOIN = r"(?:" + _DOT + r"| ?[(\[]?(?:underscore|dash|hyphen)[)\]]? ?|[._-])"
_ENDING = r"(?:com|org|net|gov|sch|nhs|ac|co|uk|info|eu|me|io|police|email)"
_EMAIL = re.compile(
    r"(?<![\w.@-])[\w'+-]{1,40}(?:"
    + _JOIN
    + r"[\w'+-]{1,40}){0,4}"
    + _AT
    # "ashdown primary dot sch dot uk": the name of the domain may have a blank.
    + r"(?:[\w-]{1,40} ){0,2}?[\w-]{1,40}(?:(?:"
    + _JOIN
    + r")[\w-]{1,40}){0,3}"
    + r"(?:"
    + _DOT
    + r")"
    + _ENDING
    + r"(?:(?:"
    + _DOT
    + r"|\.)"
    + _ENDING
    + r"){0,2}(?![\w-])",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"\b"
    + NETWORK
    + r"(?: (?:account|profile|handle|user ?name|name|page|id|tag)){0,2}"
    + r"(?: ?(?:is|:|=|-|under|called|as) ?| )"
    + r"(?P<handle>[\w-]{1,30}(?: (?:dot|underscore|dash) [\w-]{1,30}){1,4})",
    re.IGNORECASE,
)


def find_spelt_out(text: str) -> Iterator[MaskSpan]:
    """Numbers, e-mail addresses and user names that are spelt out in words."""
    for hit in _PHONE.finditer(text):
        # Figures alone are for the rules of numbers, with their checks.
        if len(_A_WORD.findall(hit.group())) > 1:
            yield MaskSpan(hit.start(), hit.end(), "phone")
    for hit in _NUMBER.finditer(text):
        if len(_A_WORD.findall(hit.group())) > 1:
            of_nhs = _OF_NHS.search(text[: hit.start()])
            yield MaskSpan(hit.start(), hit.end(), "nhs_number" if of_nhs else "case_number")
    for hit in _EMAIL.finditer(text):
        yield MaskSpan(hit.start(), hit.end(), "email")
    for hit in _HANDLE.finditer(text):
        yield MaskSpan(hit.start("handle"), hit.end("handle"), "link")
