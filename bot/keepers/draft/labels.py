"""How a text labels its rungs: "Stage 1", "Rung Two", "Step C", or an informal talk before them."""

import re

from bot.keepers.draft.words import words

COUNTED = "one|two|three|four|five|six|seven|eight"
ROMAN = "i|ii|iii|iv|v|vi|vii"
LETTERS = r"(?-i:[B-H]|A(?!\s+[A-Z]))"
"""Stage B, and Stage A where it is no "stage a …" at the beginning of a heading."""
NUMBERS = {word: at for at, word in enumerate(COUNTED.split("|"), 1)} | {
    word: at for at, word in enumerate(ROMAN.split("|"), 1)
}
LABEL = re.compile(
    rf"\b(?P<word>{'|'.join(words().labels)})\s+(?P<number>\d|{COUNTED}|{ROMAN}|{LETTERS})"
    r"(?:[a-c](?!\w)|(?![\w.]\d|\w))",
    re.IGNORECASE,
)
FIRST = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
LAST = 9
"""The number of a "final stage" until it is known how many come before it."""
ORDINAL = re.compile(
    rf"(?:the )?(?P<ordinal>{'|'.join(FIRST)}|final|last)\s+(?P<word>{'|'.join(words().labels)})\b",
    re.IGNORECASE,
)
"""How a heading begins: "Second Stage", "Final step"."""
IN_BRACKETS = re.compile(r"[(\[]informal\b[^)\]]{0,20}[)\]]$", re.IGNORECASE)
"""How a heading ends: "Talk it through (informal)"."""
INFORMAL = "Informal"
"""The label of a rung that comes before the first numbered one; its number is 0."""


def counted(word: str) -> int:
    """Return a number written as a figure, a word, in Roman letters, or as a letter: B is 2."""
    if word.isdigit():
        return int(word)
    return NUMBERS.get(word.lower()) or "ABCDEFGH".index(word) + 1


def informal_in(heading: str) -> re.Match[str] | None:
    """Return how a heading begins that names an informal rung, or None."""
    return words().pattern(*words().informal).match(heading)


def label_in(heading: str) -> re.Match[str] | None:
    """Return where a heading names a numbered rung, or None."""
    return LABEL.search(heading) or ORDINAL.match(heading)


def label_of(heading: str) -> tuple[str | None, int | None]:
    """Return the label and the number of the rung that a heading names, or nothing."""
    found = LABEL.search(heading)
    if found:
        return f"{found['word']} {found['number']}", counted(found["number"])
    ordinal = ORDINAL.match(heading)
    if ordinal:
        named = ordinal["ordinal"].lower()
        number = FIRST.index(named) + 1 if named in FIRST else LAST
        return f"{ordinal['word']} {number}", number
    informal = informal_in(heading) or IN_BRACKETS.search(heading)
    return (INFORMAL, 0) if informal else (None, None)
