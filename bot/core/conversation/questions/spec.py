"""The shape of a question: its name, its record and its options."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec

from bot.core.conversation.state import UNKNOWN, Policies, State
from bot.core.handbook.safety_guidance import SafetyGuidance
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy, Source
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.text import parse_day
from bot.core.vocabulary import Side, Word

YES, NO, UNSURE = "affirm", "deny", "dont_know"
"""Intents of short answers, as Rasa names them."""


class Question(Word):
    """A question, its slot and its response `utter_ask_<name>` share one name.

    The order is the order of asking: danger comes first, and a test pins it there.
    """

    calls_made = "calls_made"
    calls = "calls"
    start_again = "start_again"
    delete_case = "delete_case"
    other_cases = "other_cases"
    settled = "settled"
    review = "review"
    risk = "risk"
    follow_up = "follow_up"
    rehearsal = "rehearsal"
    side = "side"
    own_side = "own_side"
    exit_check = "exit_check"
    partnership = "partnership"
    area = "area"
    trigger_check = "trigger_check"
    disagreement = "disagreement"
    my_agency = "my_agency"
    their_agency = "their_agency"
    same_agency = "same_agency"
    child_status = "child_status"
    reached = "reached"
    earlier_followed = "earlier_followed"
    earlier_on = "earlier_on"
    step_on = "step_on"
    step_outcome = "step_outcome"
    settled_on = "settled_on"
    priority = "priority"
    level = "level"
    concern_on = "concern_on"
    answered_on = "answered_on"
    decision = "decision"
    helped = "helped"
    learned = "learned"


class Option(msgspec.Struct, frozen=True):
    """An answer on offer: its value and its title."""

    value: str
    title: str


class Menu(msgspec.Struct, frozen=True):
    """Everything that a question's options are made from."""

    state: State
    policies: Policies
    today: date
    phrases: Phrases

    def titled(self, of: str, *values: str) -> list[Option]:
        """Return options whose titles are the responses `utter_option_<of>_<value>`."""
        return [Option(value, self.phrases.say(f"option_{of}_{value}")) for value in values]

    @property
    def policy(self) -> NarrowedPolicy:
        """The chosen policy; questions that need it come after the choice."""
        policy = self.state.policy(self.policies)
        if policy is None:
            msg = "these options need a partnership"
            raise ValueError(msg)
        return policy


Needed = Callable[[State, Policies], bool]
Options = Callable[[Menu], list[Option]]
Gaps = Callable[[Menu, SafetyGuidance], dict[str, str]]
Values = Callable[[str, Policies, Policy | None], bool]
Take = Callable[[State, str, Policies], State | None]
Depends = Callable[[State, Policies, SafetyGuidance], str]
Section = Callable[[NarrowedPolicy, State, Policies], str | None]
"""Finds the section of a policy that a question comes from."""
SourceOf = Callable[[State, Policies, SafetyGuidance], Source | None]


class QuestionSpec(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a question except its wording, which is in `data/responses`.

    When it is asked
      needed: whether it still has to be asked; None if it is only offered after the advice.
      ends: whether the state makes all later questions unnecessary.
      aside: it is about the conversation, so the guide does not list what its answer clears.

    How it is asked
      options: the answers on offer; `unknown` adds "I don't know" to them.
      response: the name of the response that asks it, unless that is always `ask_<name>`.
      gaps: the values for the gaps of that response.
      source: the source of the reason for asking; None means the guide's own reason.

    How it is answered
      field: the field of State that it fills, if its name differs.
      values: whether the field may hold a value, checked separately for each value of a list.
      take: the state after a choice, or None for a value not on offer; without it, any of
        `values` goes into the field.
      short: the value of a bare "yes", "no" or the like, by intent; `short_received` where the
        receiving side is asked otherwise; `begins`: a longer message that begins with such words
        answers it as well.
      day: a typed date answers it.
      forgets: fields to clear with it when it is asked again.
      asked_again: what the field holds while it is asked again, if nothing told is an answer too.

    What is done with the answer
      shown: it is shown back and can be changed; `quiet`: but not right after it was given.
      title: how to show a value, unless it is `utter_option_<field>_<value>`.
      lapses: another answer can make it void; the guide then says so.
      depends: what "I don't know" means for the advice: the value for the gap of
        `utter_depends_<field>`. None if it means nothing or the advice says it elsewhere.
      recognised_by: it is named when a saved case comes back.
      not_kept: why it is not part of a saved case; every other answer is.
      beside: fields that are filled and kept with it, and the values they may hold.
    """

    name: Question
    needed: Needed | None
    options: Options
    values: Values | None = None
    ends: Needed | None = None
    aside: bool = False
    unknown: bool = True
    response: Callable[[Menu], str] | None = None
    gaps: Gaps | None = None
    source: SourceOf | None = None
    field: str = ""
    take: Take | None = None
    short: Mapping[str, str] = {}
    short_received: Mapping[str, str] = {}
    begins: bool = False
    day: bool = False
    forgets: tuple[str, ...] = ()
    asked_again: str | None = None
    shown: bool = False
    quiet: bool = False
    title: Callable[[str, Policy | None, Phrases], str] | None = None
    lapses: bool = False
    depends: Depends | None = None
    recognised_by: bool = False
    not_kept: str = ""
    beside: Mapping[str, Values] = {}

    def short_for(self, side: Side) -> Mapping[str, str]:
        """Return the values of short answers, as the side is asked."""
        return self.short_received or self.short if side is Side.receiver else self.short

    @property
    def fills(self) -> str:
        """The field of State that holds its answer."""
        return self.field or str(self.name)


def fixed_options(of: str, *values: str) -> Options:
    """Return a function for options that never change, titled `utter_option_<of>_<value>`."""
    return lambda menu: menu.titled(of, *values)


def for_side(response: str) -> Callable[[Menu], str]:
    """Return a function for a response that has another wording for the receiving side."""
    return lambda menu: f"{response}_received" if menu.state.on_side is Side.receiver else response


def one_of(*kinds: type[Word] | str) -> Values:
    """Return a check that accepts the words of closed lists, and single words."""
    known = {
        word for kind in kinds for word in ([kind] if isinstance(kind, str) else map(str, kind))
    }
    return lambda value, *_: value in known


def day_or(*words: str) -> Values:
    """Return a check that accepts dates and single words."""
    return lambda value, *_: value in words or parse_day(value) is not None


def day_options(menu: Menu) -> list[Option]:
    """Offer today and yesterday; another day is typed."""
    yesterday = menu.today - timedelta(days=1)
    return [
        Option(menu.today.isoformat(), menu.phrases.say("option_day_today")),
        Option(yesterday.isoformat(), menu.phrases.say("option_day_yesterday")),
    ]


def limit_source(policy: NarrowedPolicy, state: State, policies: Policies) -> str:
    """Return the section of the first limit for an answer at the stage reached."""
    top = state.stage(policies) or policy.stages[0]
    return top.to_answer[0].source if top.to_answer else top.source


MISSES = 1
"""After more misses in a row the whole list of options replaces the likeliest."""


def shows_all(state: State, question: Question) -> bool:
    """Say whether every option of a question is offered."""
    return state.listed == question or state.misses > MISSES


def in_policy(find: Section) -> SourceOf:
    """Return a function for the source of a reason in the policy, or None without a section."""

    def source(state: State, policies: Policies, _: SafetyGuidance) -> Source | None:
        policy = state.policy(policies)
        section = find(policy, state, policies) if policy else None
        return policy.cite(section) if policy and section else None

    return source


def in_guidance(find: Callable[[SafetyGuidance], str]) -> SourceOf:
    """Return a function for the source of a reason in the safety guidance."""
    return lambda _, __, guidance: guidance.cite(find(guidance))


def without_gaps(_: State, __: Policies, ___: SafetyGuidance) -> str:
    """Return the value for a `depends` response without gaps."""
    return ""


def member_of(kind: Any, value: object) -> Any:
    """Return the member of a closed list with this value, or None."""
    return kind(value) if value in set(map(str, kind)) else None


def is_unknown(value: object) -> bool:
    """Say whether an answer, or any part of it, is "I don't know"."""
    if isinstance(value, dict):
        return UNKNOWN in value.values()
    return UNKNOWN in value if isinstance(value, tuple) else value == UNKNOWN
