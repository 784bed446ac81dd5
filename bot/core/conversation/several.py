"""Several cases in one conversation: one is put aside, another begun or gone on with.

What is put aside holds what a saved case holds: answers from closed lists, and days.
"""

from typing import Any

from msgspec.structs import replace

from bot.core.conversation.held import OtherCase
from bot.core.conversation.state import NOTHING, OPEN, UNKNOWN, Policies, State
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy
from bot.core.rules.deadlines import show_day
from bot.core.text import parse_day
from bot.core.vocabulary import Child, Outcome

BEGIN, STAY, GO = "begin", "stay", "go."
"""The answers: begin another, stay with this one, go on with the one of this number."""
OF_THE_PERSON = ("partnership", "area", "my_agency", "level")
"""Answers that go with the person into their next case, and are said back there."""
OTHER = "other"
"""In place of a child's own word: "the other one"."""


def of_the_person(state: State) -> dict[str, Any]:
    """Return who somebody is and where, which is the same in their next case."""
    return {name: getattr(state, name) for name in OF_THE_PERSON}


def offer_other_cases(state: State) -> State:
    """Ask which case to go on with."""
    return replace(state, other_cases=OPEN)


def named_case(state: State, which: str) -> int | None:
    """Return the number of the case put aside that is meant: "the girl", or the only other one."""
    if which == OTHER:
        return 0 if len(state.others) == 1 else None
    found = [number for number, other in enumerate(state.others) if other.child == which]
    return found[0] if len(found) == 1 else None


def child_left(state: State) -> Child | None:
    """Return the one child of those told of at once that no case is about yet, or None."""
    taken = {state.child, *(other.child for other in state.others)}
    left = [child for child in state.children if child not in taken]
    return left[0] if len(left) == 1 else None


def about_child(state: State, child: Child) -> State:
    """Return the state with the present case about this child of those told of."""
    return replace(state, child=child, other_cases=None)


def left_open(before: State, after: State) -> OtherCase | None:
    """Return the case that a message has put aside."""
    last = after.others[-1] if after.others else None
    return last if last is not None and last not in before.others else None


def with_reference(state: State, reference: str, due: str | None) -> State:
    """Return the state with the reference and the next date of the case put aside last."""
    *others, last = state.others
    return replace(state, others=(*others, replace(last, case=reference, due=due)))


def case_line(other: OtherCase, policies: Policies, phrases: Phrases) -> str:
    """Return what tells a case from the others: where, how far, with whom, about what, by when."""
    policy = policies.get(str(other.answers.get("partnership")))
    names = {"their_agency": "agency", "disagreement": "disagreement"}
    told = [
        phrases.say(f"option_{titles}_{other.answers[name]}")
        for name, titles in names.items()
        if phrases.has(f"utter_option_{titles}_{other.answers.get(name)}")
    ]
    where = [policy.short_name, *_stage(other, policy)] if policy else []
    what = ", ".join([*where, *told])
    line = what or phrases.say("case_without_answers")
    if other.child is not None:
        line = phrases.say("case_of_child", child=phrases.say(f"child_{other.child}"), case=line)
    day = parse_day(other.due)
    return phrases.say("case_with_date", case=line, due=show_day(day)) if day else line


def _stage(other: OtherCase, policy: Policy) -> list[str]:
    reached = other.answers.get("reached")
    return [policy.stage_on(reached).label] if reached not in {None, NOTHING, UNKNOWN} else []


def is_open(other: OtherCase) -> bool:
    """Say whether a case is still to be settled."""
    return other.answers.get("step_outcome") != Outcome.resolved
