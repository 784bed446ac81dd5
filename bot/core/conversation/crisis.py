"""The reply while somebody must act today: who is next, then what to say or to write down.

Nothing is "not understood" here. Whatever is told, the next person to turn to stands first, and the
question what came of it stays open.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from bot.core.conversation.answers import Note
from bot.core.conversation.returned import is_back
from bot.core.conversation.state import HERE, State, call_told
from bot.core.conversation.whom import THEIR_OWN
from bot.core.handbook.topics import Topic
from bot.core.handbook.wording import Phrases
from bot.core.rules.results import Advice, TurnTo
from bot.core.vocabulary import CallOutcome, CallTo, Disagreement, Exit, Harm, Level, Route

ASKED_BY = {"ask_wording": "say"}
"""What a button asks for."""
ANSWERED = {
    "say", "write_down", "number", "which_council", "left", "left_adult", "left_somebody",
    "take_child", "consent", "own_duty", "doubt", "how_long", "why", "owed", "wrote",
    "safe", "above", "over_lado", "ofsted", "can_wait",
}  # fmt: skip
"""What has an answer of its own; for all else it is who is next."""
ASKED_BESIDE = {"consent", "write_down", "take_child", "safe", "can_wait", "which_council"}
"""What is answered although the message tells of a call too: who is next stands first in each."""
BY_TOPIC = {
    Topic.consent: "consent",
    Topic.limits: "how_long",
    Topic.counted: "how_long",
    Topic.permission: "doubt",
    Topic.next: None,
    Topic.unknown: None,
}
"""What a question asks for that is worded otherwise; None for who is next."""
OF_FGM = {"own_duty": "doubt", "for_me": None}
"""What is asked about one's own duty, and what it asks for where no FGM was told of."""
OF_DOUBT = "ask_confidence"
"""The intent of somebody who doubts whether to ring."""
LEFT_TO_THE_CALLS = {"help", "ask_wording", "frustrated", "thank", "show_advice", OF_DOUBT}
"""Intents that who is next answers while the calls are open."""
BY_999 = "999"
"""The address of whoever comes through 999."""
NEWS = 3
"""A message of at least so many words may be news for whoever is rung next."""
NEWS_INTENTS = {"inform", "danger", "risk_increased", *map(str, Disagreement), *map(str, Exit)}
"""Intents of what may be news about the child."""
FAMILY_IS_THE_DANGER = {Harm.fgm, Harm.forced_marriage}
"""What the family itself may do or arrange: they are not told."""
LESS = re.compile(
    r"\b(?:safe|sorted|settled|fine|ok|okay|all\s?right|calm\w*|quiet\w*|better|over|stopped|resolved"
    r"|moved|home|back|gone|left|false\s+alarm|asleep|well|happy|no\s+longer|not\s+(?:so|as|that)"
    r"|less|lower)\b",
    re.IGNORECASE,
)
"""Words of news after which somebody could think that there is less danger."""
THEIRS = (CallTo.their_manager, CallTo.childrens_social_care, CallTo.police)
"""Whose managers "their manager" can be."""


class Asked(msgspec.Struct, frozen=True):
    """A message while somebody must act: what it asks for, to say to whom, and its size.

    `words` is 0 for a button. A `fact` about the case is no news about the child. `harms` are told
    in the conversation. `worse`: 999 was called before what it tells. `less`: it may sound as if
    there were less danger. `back`: a child who was gone is there again. `held`: the police have
    somebody.
    """

    intent: str
    asks: str | None = None
    about: CallTo | None = None
    words: int = 0
    fact: bool = False
    topic: Topic | None = None
    harms: tuple[Harm, ...] = ()
    worse: bool = False
    less: bool = False
    back: bool = False
    held: bool = False

    @property
    def wants(self) -> str | None:
        """What it asks for, by its words, its topic or its intent."""
        if self.asks in OF_FGM:
            # Of all else it is for whoever wants to ring.
            return "own_duty" if Harm.fgm in self.harms else OF_FGM[self.asks]
        by_topic = BY_TOPIC.get(self.topic) if self.topic else None
        doubts = "doubt" if self.intent == OF_DOUBT else None
        return self.asks or ASKED_BY.get(self.intent) or by_topic or doubts

    @property
    def about_the_calls(self) -> bool:
        """Whether who is next answers it while the calls are open, whatever else it could be."""
        return bool(self.asks or self.topic in BY_TOPIC or self.intent in LEFT_TO_THE_CALLS)

    @property
    def is_news(self) -> bool:
        """Whether it may tell whoever is rung next something new about the child."""
        told = self.words >= NEWS and self.intent in NEWS_INTENTS
        return told and self.asks is None and not self.fact


def crisis_note(advice: Advice, asked: Asked) -> Note:
    """Return the reply to a message."""
    what = asked.wants
    if asked.back:
        return Note("crisis_back", _gaps(advice))
    if what == "say":
        return Note("crisis_say", _gaps(advice, _asked_about(advice, asked.about)))
    if what == "consent" and FAMILY_IS_THE_DANGER.intersection(asked.harms):
        return Note("crisis_family", _gaps(advice))
    if what in ANSWERED:
        return Note(f"crisis_{what}", _gaps(advice))
    if len(advice.turn_to) == 1:
        return Note("crisis_last", _gaps(advice))
    if asked.held:
        return Note("crisis_they_hold", _gaps(advice))
    if asked.worse and advice.turn_to[0].address == BY_999:
        return Note("crisis_again", _gaps(advice))
    if not asked.is_news:
        return Note("crisis_next", _gaps(advice))
    return Note("crisis_less" if asked.less else "crisis_news", _gaps(advice))


def sounds_less(text: str) -> bool:
    """Say whether news may sound as if there were less danger."""
    return bool(LESS.search(text))


def has_come_back(text: str, state: State, changed: set[str]) -> bool:
    """Say whether a message says that a child who was gone is there again."""
    was_missing = "harms" in changed and Harm.missing not in state.harms
    return is_back(text, was_missing=was_missing)


def has_grown(reading: Mapping[str, Any], state: State) -> bool:
    """Say whether a message tells of no call, and 999 is to be rung again."""
    told = reading.get("calls") or reading.get("call_was")
    return not told and any(call_told(call).earlier for call in state.calls)


def _asked_about(advice: Advice, about: CallTo | None) -> TurnTo:
    """Return the person somebody asks what to say to, else whoever is next."""
    for who in advice.turn_to:
        manager = "manager" in who.role.lower()
        if who.to is about or (about is CallTo.their_manager and who.to in THEIRS and manager):
            return who
    return advice.turn_to[0]


def whom_it_is_taken_for(reading: Mapping[str, Any], state: State) -> tuple[str, CallTo] | None:
    """Return what is said of whom a call was to: that it is a guess, or that it was put right."""
    calls, was = reading.get("calls") or [], reading.get("call_was")
    if was:
        return "put_right", CallTo(was["to"])
    guessed = calls and not any(call["to"] for call in calls)
    call = call_told(state.calls[-1]) if guessed else None
    to = call.to if call else CallTo.other
    # "The registrar" is named, and is of the agency that somebody disagrees with.
    named = call and to is CallTo.their_manager and call.level is Level.practitioner
    return None if named or to is CallTo.other else ("they", to)


def after_call_note(
    advice: Advice,
    state: State,
    phrases: Phrases,
    taken_for: tuple[str, CallTo] | None = None,
    told: Mapping[str, Any] = MappingProxyType({}),
) -> Note:
    """Return the reply to a call that was just told, or was put right.

    `told` is the reading of the message: it may say that they went to the wrong place, or whom the
    police hold.
    """
    call = call_told(state.calls[-1])
    outcome = HERE if call.here else call.outcome
    name = f"crisis_{outcome}" if len(advice.turn_to) > 1 else "crisis_last"
    refused = call.to is CallTo.childrens_social_care and outcome is CallOutcome.refused
    if refused and any(one.get("not_theirs") for one in told.get("calls") or ()):
        name = "crisis_not_theirs"
    if call.to in THEIR_OWN and name == "crisis_coming":
        # A lead who acts is nobody who comes to the child.
        name = "crisis_made"
    if call.here and told.get("they_hold"):
        name = "crisis_they_hold"
    before = [one.outcome for one in map(call_told, state.calls[:-1]) if one.to is call.to]
    if outcome is CallOutcome.no_answer and CallOutcome.coming in before:
        name = "crisis_never_came"
    if outcome is CallOutcome.no_answer and told.get("elsewhere"):
        by_999 = call.by_999 or (call.to is CallTo.police and not call.by_101)
        now = by_999 and advice.route is Route.emergency
        name = "crisis_elsewhere_999" if now else "crisis_elsewhere"
    elif advice.turn_to[0].address == BY_999 and not call.here:
        if call.by_101:
            name = "crisis_by_101"
        elif outcome is CallOutcome.coming:
            name = "crisis_coming_before_999"
    # Who comes next where help is there is not 999: that is for when they leave, or it gets worse.
    others = (who for who in advice.turn_to if who.to is not CallTo.police)
    gaps = _gaps(advice, next(others, None) if outcome == HERE else None)
    said = ""
    if taken_for is not None:
        how, to = taken_for
        said = phrases.say(f"crisis_{how}", who=phrases.say(f"call_to_{to}"))
    return Note(name, {**gaps, "they": said})


def whose_note(advice: Advice) -> Note:
    """Return the reply to a refusal of which it is asked whose it was."""
    return Note("crisis_whose", _gaps(advice))


def kept_out_note(advice: Advice, state: State, phrases: Phrases) -> Note:
    """Return the reply to somebody on their own side being close to whoever it is about."""
    who = phrases.say(f"call_to_{state.kept_out[-1]}")
    return Note("crisis_kept_out", {**_gaps(advice), "who": who})


def _gaps(advice: Advice, who: TurnTo | None = None) -> dict[str, str]:
    """Return the gaps of a reply about somebody, else about whoever is next."""
    first, *others = advice.turn_to
    about = who or first
    return {
        "do": about.do.rstrip("."),
        "say": about.say,
        "note": about.note,
        "why": about.why,
        "also": others[0].do if others else "",
    }
