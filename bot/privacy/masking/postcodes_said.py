"""Postcodes that are read out letter by letter: "see tee one four two double you ex"."""

import re
from collections.abc import Iterator

from bot.privacy.masking.patterns import MaskSpan

_NAMES = {
    "a": "ay alpha",
    "b": "bee bravo",
    "c": "cee see sea charlie",
    "d": "dee delta",
    "e": "ee echo",
    "f": "ef eff foxtrot",
    "g": "gee golf",
    "h": "aitch haitch hotel",
    "i": "eye india",
    "j": "jay juliet juliett",
    "k": "kay kilo",
    "l": "el ell lima",
    "m": "em mike",
    "n": "en november",
    "o": "oh oscar",
    "p": "pee papa",
    "q": "queue cue quebec",
    "r": "ar are romeo",
    "s": "ess sierra",
    "t": "tee tea tango",
    "u": "you yew uniform",
    "v": "vee victor",
    "w": "double_you double_u double_ewe whiskey whisky",
    "x": "ex x_ray xray",
    "y": "why wye yankee",
    "z": "zed zee zulu",
    "0": "zero nought naught",
    "1": "one",
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
    "10": "ten",
    "11": "eleven",
    "12": "twelve",
    "13": "thirteen",
    "14": "fourteen",
    "15": "fifteen",
    "16": "sixteen",
    "17": "seventeen",
    "18": "eighteen",
    "19": "nineteen",
    "20": "twenty",
    "30": "thirty",
    "40": "forty",
}
_SAID = {name.replace("_", " "): sign for sign, names in _NAMES.items() for name in names.split()}
_ITEM = (
    "(?:"
    + "|".join(name.replace(" ", "[ -]") for name in sorted(_SAID, key=len, reverse=True))
    + r"|(?!(?:is|in|it|on|of|to|or|so|my|we|he|no)\b)[a-z]{1,2}\d{0,2}|\d{1,2}[a-z]{0,2})"
)
_RUN = re.compile(
    r"(?<![\w'’])" + _ITEM + r"(?:(?:[ ,.-]|, )" + _ITEM + r"){4,9}(?![\w'’])", re.IGNORECASE
)
_ONE = re.compile(_ITEM + r"(?![\w'’])", re.IGNORECASE)
_SHAPE = re.compile(r"[a-z]{1,2}\d{1,2}[a-z]?\d[abd-hjlnp-uw-z]{2}")
_ANNOUNCED = re.compile(r"\bpost ?codes?(?: (?:is|was|of))?[ :=-]{1,3}$", re.IGNORECASE)
_SHORTEST = 4
_A_WORD = re.compile(r"[^\W\d_]{3,}")


def find_postcodes_said(text: str) -> Iterator[MaskSpan]:
    """Postcodes in the names of their letters and numbers, whole, with or without "postcode".

    Without that word only the full shape counts: "you are one of two" is none.
    """
    for run in _RUN.finditer(text):
        items = list(_ONE.finditer(text, run.start(), run.end()))
        if _ANNOUNCED.search(text, max(0, run.start() - 24), run.start()):
            signs = "".join(_sign(item.group()) for item in items)
            if len(items) >= _SHORTEST and any(sign.isdecimal() for sign in signs):
                yield MaskSpan(run.start(), run.end(), "postcode")
            continue
        yield from _of_the_shape(items)


def _of_the_shape(items: list[re.Match[str]]) -> Iterator[MaskSpan]:
    for first in range(len(items)):
        signs = ""
        for last in range(first, len(items)):
            signs += _sign(items[last].group())
            spoken = any(_A_WORD.fullmatch(item.group()) for item in items[first : last + 1])
            if spoken and _SHAPE.fullmatch(signs):
                yield MaskSpan(items[first].start(), items[last].end(), "postcode")
                return


def _sign(item: str) -> str:
    lower = item.lower().replace("-", " ")
    return _SAID.get(lower, lower)
