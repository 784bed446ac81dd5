"""Find the practitioner's side, the rung they wish to go to, and whom they called today."""

import re
from dataclasses import dataclass
from functools import partial

from bot.core.vocabulary import CallOutcome, CallTo, Level, Side
from bot.understanding.account.agencies import Agencies
from bot.understanding.account.history import History
from bot.understanding.account.roles import Mention
from bot.understanding.words.patterns import pattern, sheet
from bot.understanding.words.text import normal, sentences

_words = partial(pattern, "position")
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_STOP = re.compile(r"[.;!?\n]+(?=\s|$)")
REACH = 60
"""Characters before a rung in which a wish for it stands."""


@dataclass(frozen=True)
class Wish:
    """The rung somebody wants to go to: a stage's number, or a level where they name a person."""

    stage: int | None = None
    level: Level | None = None


@dataclass(frozen=True)
class CallMade:
    """What came of trying to get somebody to act."""

    to: CallTo
    outcome: CallOutcome


def find_side(text: str, history: History) -> Side | None:
    """Return the side that the words say. With steps taken, whoever took them raised it."""
    words = normal(text)
    if history.received or _words("receiver").search(words):
        return Side.receiver
    return Side.raiser if history.steps or _words("raiser").search(words) else None


def find_own_level(text: str, agencies: Agencies) -> Level | None:
    """Return the rung that somebody says they stand on: their job's, or "im her manager"."""
    superior = _words("their_superior").search(normal(text))
    if superior is None:
        leads = _words("in_charge").search(normal(text))
        return agencies.level or (Level.line_manager if leads else None)
    senior = {"service", "head"} & set(superior["rung"].split())
    return Level.senior_manager if senior else Level.line_manager


def find_wish(text: str, agencies: Agencies) -> Wish | None:
    """Return the rung that somebody wants to go to, or None. A wish is no step."""
    words = normal(text)
    for match in _words("stage").finditer(words):
        before = words[max(0, match.start() - REACH) : match.start()]
        if _words("wish").search(before) or _words("wish_after").match(words[match.end() :]):
            number = match["number"]
            return Wish(stage=NUMBERS.get(number) or int(number))
    wanted = [one.level for one in agencies.mentions if _is_wanted(words, one)]
    return Wish(level=max(wanted, key=lambda level: level.rank)) if wanted else None


def _is_wanted(words: str, one: Mention) -> bool:
    """Say whether somebody wants to go to this person, not only a call from them."""
    if one.level is Level.practitioner or one.is_ours:
        return False
    start = max((cut.end() for cut in _STOP.finditer(words, 0, one.start)), default=0)
    before, after = words[max(start, one.start - REACH) : one.start], words[one.end :]
    if _words("call_us").match(after):
        return False
    return bool(_words("wish").search(before) or _words("wish_after").match(after))


def find_calls(text: str) -> tuple[CallMade, ...]:
    """Return whom somebody called and what came of each call, in order of mention."""
    words = normal(text)
    found: list[tuple[int, CallTo]] = []
    for to in CallTo:
        if f"call_to_{to}" in sheet("position"):
            found += [(match.start(), to) for match in _words(f"call_to_{to}").finditer(words)]
    found.sort(key=lambda one: one[0])
    calls: dict[CallTo, CallOutcome] = {}
    parts = list(sentences(words))
    for index, (at, to) in enumerate(found):
        start = next((part.start for part in reversed(parts) if part.start <= at), 0)
        begin = max([start, *(other for other, _ in found[:index])])
        end = min([len(words), *(other for other, kind in found[index + 1 :] if kind is not to)])
        made = _words("call_made").search(words, begin, at)
        if _words("call_supposed").search(words, begin, at):
            continue
        outcome = _came_of_it(words[at:end])
        if outcome or made:
            calls[to] = outcome or calls.get(to, CallOutcome.made)
    return tuple(CallMade(to, outcome) for to, outcome in calls.items())


def _came_of_it(said: str) -> CallOutcome | None:
    if _words("call_unanswered").search(said):
        return CallOutcome.no_answer
    if _words("call_refused").search(said):
        return CallOutcome.refused
    return CallOutcome.coming if _words("call_coming").search(said) else None


def names_emergency(text: str) -> bool:
    """Say whether a text speaks of a service for emergencies: calls to it are today's."""
    return bool(_words("emergency").search(normal(text)))
