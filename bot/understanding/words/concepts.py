"""The ranker's features: characters, words, and the concepts that words stand for.

A concept joins the many ways in which practitioners say a thing ("knocked back", "NFA'd",
"bounced"), so a phrase never trained on counts as much as a trained one.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain, combinations, pairwise

from bot.understanding.words.patterns import pattern, sheet, short_forms
from bot.understanding.words.text import normal

_WORD = re.compile(r"[a-z0-9]+")
_THANKS = re.compile(
    r"\A((?:(?:ok|okay|oh|ah|great|good|lovely|perfect|brill|brilliant|cool|fab|super|right|fine|yes"
    r"|yep|no|nope|thats|all|it|got|will|do|cheers|done)\W+)*)ty((?:\W+(?:so|very)\W+much)?\W*)\Z"
)
"""Thanks, and nothing more: elsewhere "ty" may be a child's name."""
_CHARACTERS = (3, 4, 5)
FEW, MANY = 5, 14
"""A text with fewer words than FEW is short; with MANY or more it is long."""
CONCEPT_WEIGHT = 1.5
"""The weight of a concept relative to a word."""


@cache
def _short() -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, short_forms()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(longest_first)})\b")


def spell_out(text: str) -> str:
    """Return the normal text with the field's short forms written in full."""
    return expand_short_forms(normal(text))


def expand_short_forms(words: str) -> str:
    """Return a text in small letters with the field's short forms written in full."""
    forms = short_forms()
    words = _THANKS.sub(r"\1thank you\2", words)
    return _short().sub(lambda match: forms[match.group()], words)


def concepts(full: str) -> list[str]:
    """Return the names of the concepts in a spelt-out text."""
    return [name for name in sheet("concepts") if pattern("concepts", name).search(full)]


def text_features(text: str) -> Mapping[str, float]:
    """Return the features of a text, each with its amount."""
    words, others = features(text)
    found: dict[str, float] = {}
    for name, amount in chain(*map(word_features, words), others):
        found[name] = found.get(name, 0.0) + amount
    return found


def features(text: str) -> tuple[list[str], list[tuple[str, float]]]:
    """Return the words of a text, and what is no word's own: pairs, concepts and how long it is."""
    full = spell_out(text)
    words = _WORD.findall(full)
    found = concepts(full)
    return words, [
        *((f"b {first} {second}", 2.0) for first, second in pairwise(words)),
        *((f"k {name}", CONCEPT_WEIGHT) for name in found),
        *((f"p {name} {other}", CONCEPT_WEIGHT / 2) for name, other in combinations(found, 2)),
        (f"n {'short' if len(words) < FEW else 'middle' if len(words) < MANY else 'long'}", 1.0),
    ]


def word_features(word: str) -> Iterator[tuple[str, float]]:
    """Yield the features of a word alone: itself and its characters."""
    yield f"w {word}", 1.0
    padded = f" {word} "
    for size in _CHARACTERS:
        for start in range(len(padded) - size + 1):
            yield f"c{padded[start : start + size]}", 0.5
