"""The signs that the decision about danger is made from, each a number by its name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot.core.vocabulary import Risk
from bot.understanding.account.confidence import find_pushback, find_worry
from bot.understanding.danger.context import figures_removed
from bot.understanding.danger.red_flags import SET_ASIDE, Flags, find_flags
from bot.understanding.danger.risk import stated_risk
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "context")
AROUND = ("asked", "long_ago", "dealt_with", "calm", "goes_on")
"""What the words around may say, anywhere in the text. Patterns of `words/context.yml`."""
TIMES = (
    "time_at_once", "time_tonight", "time_today", "time_ahead", "time_behind", "going_on",
    "in_hand",
)  # fmt: skip
"""When it may be, by the words anywhere in the text."""
FEW, MANY = 6, 25
"""A text with fewer words than FEW says little; with MANY or more it tells a story."""
SAID_PLAINLY = "plain_danger"
"""The family for people who say outright that a child is in danger. Nothing gainsays it."""


@dataclass(frozen=True)
class Signs:
    """What the rules find in a text: its flags, the risk it states, and every sign by name."""

    flags: Flags
    stated: Risk | None
    hesitates: bool
    by_name: Mapping[str, float]

    @property
    def said_plainly(self) -> bool:
        """Whether somebody says outright that a child is in danger."""
        return any(flag.family == SAID_PLAINLY for flag in self.flags.urgent)

    @property
    def said_now(self) -> bool:
        """Whether somebody says outright that what calls for 999 happens now."""
        return any(flag.danger_now for flag in self.flags.urgent)


def find_signs(text: str, today: date) -> Signs:
    """Return the signs of a masked text."""
    flags, stated = find_flags(text, today), stated_risk(text)
    hesitates = find_worry(text) is not None or find_pushback(text) is not None
    names = set(_signs(text, flags, stated))
    if hesitates:
        names.add("hesitates")
    return Signs(flags, stated, hesitates, dict.fromkeys(sorted(names), 1.0))


def _signs(text: str, flags: Flags, stated: Risk | None) -> Iterator[str]:
    urgent = flags.urgent
    yield from (f"rule {flag.family}" for flag in urgent)
    yield from (f"rule {flag.when}" for flag in urgent)
    if urgent:
        yield "rule"
    if len(urgent) > 1:
        yield "rules"
    yield from (f"set aside {reason}" for reason in SET_ASIDE if reason in flags.set_aside)
    if flags.set_aside and not urgent:
        yield "set aside only"
    if stated:
        yield f"stated {stated}"
    plain = normal(text)
    words = figures_removed(plain)
    if words != plain:
        yield "figure of speech"
    yield from (name for name in (*AROUND, *TIMES) if _words(name).search(words))
    if "?" in text:
        yield "question"
    count = len(words.split())
    if count < FEW:
        yield "few words"
    elif count >= MANY:
        yield "many words"
