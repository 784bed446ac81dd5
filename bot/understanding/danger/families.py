"""The families of danger, read from `words/red_flags.yml`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from bot.understanding.words.patterns import flag_sheet


@dataclass(frozen=True)
class Family:
    """A kind of danger. `says` completes "You mentioned …". `calls_999` if it is happening now.

    `at_once`: it is, unless its own clause tells of another day.

    `strong` words are urgent unless their context says otherwise. `weak` words name a subject and
    are urgent only if the sentence says that it is happening. `sign`: its name for the decision.
    """

    name: str
    says: str
    strong: re.Pattern[str]
    weak: re.Pattern[str] | None
    calls_999: bool
    at_once: bool = False
    sign: str = ""


@cache
def families() -> tuple[Family, ...]:
    """Return every family, the most specific first, since the first match is reported."""
    words = flag_sheet()
    return tuple(
        Family(
            name=family.name,
            says=family.says,
            strong=_joined(family.strong, words.lists),
            weak=_joined(family.weak, words.lists) if family.weak else None,
            calls_999=family.calls_999,
            at_once=family.at_once,
            sign=family.sign or family.name,
        )
        for family in words.families
    )


@cache
def relatives() -> re.Pattern[str]:
    """Return the words for a child's relatives, who are not people that work with children."""
    return re.compile(rf"\b{flag_sheet().lists['RELATIVE']}s?\b")


def _joined(patterns: Iterable[str], lists: Mapping[str, str]) -> re.Pattern[str]:
    text = "|".join(patterns)
    for name, words in lists.items():
        text = text.replace(f"{{{name}}}", words)
    return re.compile(rf"(?<!\w)(?:{text})")
