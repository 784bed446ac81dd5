"""Find red flags in a message, judged by their context.

The order, for every match of a family's words:
1. Figures of speech are removed before anything is looked for.
2. Denied ("no marks seen"), unless what is denied is the belief or the reply.
3. Supposed or general ("if a child were in danger, who would I ring?"), unless it is about a
   real child.
4. A subject, not an event ("the FGM lead", "self-harm policy").
5. Long ago or dealt with, unless something in the sentence says that it continues.

What passes, and what was set aside and why, are signs. Whether the message is urgent is decided
from all signs together (`decision.py`). The work grows with the length of a text and not with how
often it repeats itself: of each sentence a few matches of a family are judged.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bot.understanding.account.gazetteer import Gazetteer
from bot.understanding.account.places import without_places
from bot.understanding.danger.context import Sentence, figures_removed
from bot.understanding.danger.families import Family, families, relatives
from bot.understanding.words.text import LONGEST, normal, quoted, sentences

MOST_JUDGED = 8
"""Matches of a family judged in a sentence. If all are set aside, a further one is heard."""
LONGEST_SEARCHED = 64_000
"""How much of an over-long text is searched: more than any channel lets in."""
_UNBRACKETED = str.maketrans("[]", "  ")
DENIED_FROM_WITHIN = frozenset(
    {"assault", "sexual_abuse", "exploitation", "self_harm", "weapon_or_threat", "substance"}
)
"""Families in which a "not" inside the words is a denial, unlike "has not eaten", "not safe"."""
PASSED_ON = frozenset({"fgm", "forced_marriage"})
"""Families of harm that is done to one child after another in a family."""
SET_ASIDE = ("denied", "supposed", "subject", "past")
"""The reasons for which words of danger are set aside."""


@dataclass(frozen=True)
class Flag:
    """A family of danger found in a text. `urgent` is false if it is past or dealt with.

    `by_relative`: the words name a relative of the child. `sign`: its family for the decision.
    """

    family: str
    heard: str
    when: str
    says: str
    urgent: bool
    danger_now: bool
    by_relative: bool = False
    sign: str = ""


@dataclass(frozen=True)
class Flags:
    """The flags of a text, urgent ones first, and for which reasons others were set aside."""

    found: tuple[Flag, ...] = ()
    set_aside: frozenset[str] = frozenset()

    @property
    def urgent(self) -> tuple[Flag, ...]:
        """The flags that are urgent by themselves."""
        return tuple(flag for flag in self.found if flag.urgent)


def find_flags(text: str, today: date, places: Gazetteer | None = None) -> Flags:
    """Return the flags of a text, at most one of each family: the most urgent.

    The names of known places are no words of danger: Penistone is a town.
    """
    plain = normal(text)
    if places:
        plain = without_places(plain, places, instead="")
    # Placeholders ("[name]", "[address]") are read as words, without changing the length.
    words = figures_removed(plain.translate(_UNBRACKETED))
    told = [Sentence(words, span, today) for span in sentences(words)]
    if not told:
        return Flags()
    set_aside: set[str] = set()
    found = []
    for family in families():
        best = max(_heard(words, told, family, set_aside), key=_urgency, default=None)
        if best:
            found.append(_flag(text, best))
    return Flags(tuple(sorted(found, key=lambda flag: not flag.urgent)), frozenset(set_aside))


def find_danger(text: str, today: date) -> str | None:
    """Return the completion of "You mentioned …" for a text too long to be read, or None.

    Only the rules look, piece by piece, at all of it: for a channel that refuses such a text.
    """
    for piece in _pieces(text[:LONGEST_SEARCHED]):
        because = urgent_because(find_flags(piece, today))
        if because:
            return because
    return None


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces that can be read. They overlap, so that nothing falls between two."""
    overlap = LONGEST // 8
    start = 0
    while start < len(text):
        yield text[start : start + LONGEST]
        cut = text.find(" ", start + LONGEST - overlap, start + LONGEST)
        start = cut if cut > 0 else start + LONGEST


def urgent_because(flags: Flags) -> str | None:
    """Return the completion of "You mentioned …", or None if no rule finds anything urgent."""
    return next((f"{flag.says} (“{flag.heard}”)" for flag in flags.urgent), None)


class _Heard(NamedTuple):
    """Words of a family in their sentence. `urgent` is false if they are about the past."""

    family: Family
    sentence: Sentence
    match: re.Match[str]
    urgent: bool

    @property
    def when(self) -> str:
        return self.sentence.when if self.urgent else "past"

    @property
    def danger_now(self) -> bool:
        if not (self.urgent and self.family.calls_999):
            return False
        moment = self.family.at_once and not self.sentence.is_of_another_time(self.match)
        return self.sentence.at_once or moment


def _urgency(heard: _Heard) -> tuple[bool, bool]:
    return heard.urgent, heard.danger_now


def _heard(
    words: str, told: list[Sentence], family: Family, set_aside: set[str]
) -> Iterator[_Heard]:
    """Yield what is heard of a family, and add the reasons for setting words of it aside.

    A sentence that says again what another said is not judged again, and none once it is urgent.
    """
    starts = [sentence.span.start for sentence in told]
    first: dict[str, Sentence] = {}
    judged: Counter[str] = Counter()
    urgent: set[str] = set()
    for match in family.strong.finditer(words):
        sentence = told[max(0, bisect_right(starts, match.start()) - 1)]
        again = first.setdefault(sentence.said, sentence) is not sentence
        if again or sentence.said in urgent:
            continue
        judged[sentence.said] += 1
        many = judged[sentence.said] > MOST_JUDGED
        reason = None if many else _set_aside(sentence, family, match)
        if reason is None:
            urgent.add(sentence.said)
        else:
            set_aside.add(reason)
        if reason in (None, "past"):
            yield _Heard(family, sentence, match, urgent=reason is None)
    for match in family.weak.finditer(words) if family.weak and not urgent else ():
        sentence = told[max(0, bisect_right(starts, match.start()) - 1)]
        judged[sentence.said] += 1
        if judged[sentence.said] > MOST_JUDGED or sentence.when == "unknown":
            continue
        if _set_aside(sentence, family, match) is None:
            yield _Heard(family, sentence, match, urgent=True)
            return


def _set_aside(sentence: Sentence, family: Family, match: re.Match[str]) -> str | None:
    """Return why a match is no sign of danger, or None."""
    if sentence.denies(match, within=family.name in DENIED_FROM_WITHIN):
        return "denied"
    if sentence.supposes(match):
        return "supposed"
    if sentence.names_subject(match):
        return "subject"
    if family.at_once:
        past = sentence.is_of_another_time(match) and sentence.is_past(match)
    else:
        past = sentence.is_past(match, passed_on=family.name in PASSED_ON)
    return "past" if past else None


def _flag(text: str, heard: _Heard) -> Flag:
    words = quoted(text, heard.match.start(), heard.match.end())
    return Flag(
        family=heard.family.name,
        heard=words,
        when=heard.when,
        says=heard.family.says,
        urgent=heard.urgent,
        danger_now=heard.danger_now,
        by_relative=bool(relatives().search(normal(words))),
        sign=heard.family.sign,
    )
