"""The guide's own questions, quoted in somebody's answer, are cut off before it is read.

"Is a child at risk of serious harm right now? No" is an answer, and not a child in danger. Chat
programs quote what is replied to, and people copy it with the options below it.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from bot.paths import ROOT

RESPONSES = ROOT / "data/responses"
OPTION = "utter_option_"
FEWEST_WORDS = 4
"""Shorter questions ("What came of it?") can be anybody's."""
FEWEST_OPTIONS = 3
"""Fewer options in a row can be somebody's answer."""
_SENTENCE = re.compile(r"[^.!?\n]*[.!?]+")
_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")


def without_own_words(text: str) -> str:
    r"""Return the text without the guide's own questions, and without its options in a row.

    >>> without_own_words("> Is a child at risk of serious harm right now?\\nNo")
    'No'
    """
    if not _questions().search(text):
        return text
    return _options().sub("\n", _questions().sub("\n", text)).strip()


@cache
def _questions() -> re.Pattern[str]:
    """Every question of the guide that has no gap, and what it says of 999 before asking."""
    found = {
        sentence.strip()
        for name, text in _responses()
        if not name.startswith(OPTION)
        for sentence in _SENTENCE.findall(text)
        if "{" not in sentence and (sentence.endswith("?") or "999" in sentence)
    }
    return _any(one for one in found if len(_WORD.findall(one)) >= FEWEST_WORDS)


@cache
def _options() -> re.Pattern[str]:
    """Options in a row, all with their numbers: one without is somebody's answer."""
    titles = {text for name, text in _responses() if name.startswith(OPTION) and "{" not in text}
    one = rf"\d+[\s.):\u00b7]*{_any(titles).pattern}"
    return re.compile(rf"(?:{one}[\s,.;|\u00b7]*){{{FEWEST_OPTIONS},}}", re.IGNORECASE)


def _any(sentences: Iterator[str] | set[str]) -> re.Pattern[str]:
    """A pattern of the sentences, longest first, whatever stands between their words."""
    ordered = sorted(sentences, key=len, reverse=True)
    spaced = (r"[\W_]+".join(_loose(word) for word in _WORD.findall(one)) for one in ordered)
    return re.compile(rf"(?:^|(?<=\W))(?:[>*_\s]*)(?:{'|'.join(spaced)})\b[?.!*_]*", re.IGNORECASE)


def _loose(word: str) -> str:
    return re.sub("['\u2019]", "['\u2019]?", word)


def _responses(folder: Path = RESPONSES) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.yml")):
        for name, variants in msgspec.yaml.decode(path.read_bytes())["responses"].items():
            yield from ((name, str(variant.get("text") or "")) for variant in variants)
