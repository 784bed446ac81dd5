"""Find red flags in a message, judged by their context.

The order, for every match of a family's words:
1. Figures of speech are removed before anything is looked for.
2. Denied ("no marks seen"), unless what is denied is the belief or the reply.
3. Supposed or general ("if a child were in danger, who would I ring?"), unless it is about a
   real child.
4. Long ago or dealt with, unless something in the sentence says that it continues.
5. A subject, not an event ("the FGM lead", "self-harm policy").
Whatever passes is urgent. In doubt it passes: a miss costs more than a false alarm.
"""

import re
from dataclasses import dataclass
from datetime import date

from bot.understanding.danger.context import (
    figures_removed,
    is_denied,
    is_past,
    is_subject,
    is_supposed,
    when_said,
)
from bot.understanding.danger.families import Family, families
from bot.understanding.words.text import Span, normal, sentences, span_at

_LONGEST_HEARD = 60
_UNBRACKETED = str.maketrans("[]", "  ")
DENIED_FROM_WITHIN = frozenset(
    {"assault", "sexual_abuse", "exploitation", "self_harm", "weapon_or_threat", "substance"}
)
"""Families in which a "not" inside the words is a denial, unlike "has not eaten", "not safe"."""


@dataclass(frozen=True)
class Flag:
    """A family of danger found in a text. `urgent` is false if it is past or dealt with."""

    family: str
    heard: str
    when: str
    says: str
    urgent: bool
    danger_now: bool


def find_flags(text: str, today: date) -> tuple[tuple[Flag, ...], bool]:
    """Return the flags of a text, urgent ones first, and whether context dismissed any."""
    # Placeholders ("[name]", "[address]") are read as words, without changing the length.
    words = figures_removed(normal(text).translate(_UNBRACKETED))
    parts = list(sentences(words))
    flags: dict[str, Flag] = {}
    dismissed = False
    for family in families():
        for match in family.strong.finditer(words):
            flag = _judge(words, parts, family, match, today, weak=False)
            dismissed |= flag is None or not flag.urgent
            if flag and (
                family.name not in flags or (flag.urgent and not flags[family.name].urgent)
            ):
                flags[family.name] = flag
        if family.weak and not (family.name in flags and flags[family.name].urgent):
            for match in family.weak.finditer(words):
                flag = _judge(words, parts, family, match, today, weak=True)
                if flag:
                    flags.setdefault(family.name, flag)
    ordered = sorted(flags.values(), key=lambda flag: not flag.urgent)
    return tuple(ordered), dismissed


def urgent_because(flags: tuple[Flag, ...]) -> str | None:
    """Return the completion of "You mentioned …", or None if nothing is urgent."""
    for flag in flags:
        if flag.urgent:
            return f"{flag.says} (“{flag.heard}”)"
    return None


def _judge(
    words: str, parts: list[Span], family: Family, match: re.Match[str], today: date, *, weak: bool
) -> Flag | None:
    sentence = span_at(parts, match.start())
    within = family.name in DENIED_FROM_WITHIN
    if is_denied(words, sentence, match, within=within) or is_supposed(words, sentence):
        return None
    if is_subject(words, sentence, match):
        return None
    when = when_said(words, sentence)
    if weak and when not in ("now", "recent"):
        return None
    past = is_past(words, sentence, match, today)
    heard = " ".join(match.group().split())[:_LONGEST_HEARD]
    return Flag(
        family=family.name,
        heard=heard,
        when="past" if past else when,
        says=family.says,
        urgent=not past,
        danger_now=family.calls_999 and when == "now" and not past,
    )
