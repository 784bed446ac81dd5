"""Several cases in one conversation: one is put aside, another begun or gone on with.

What is put aside holds what a saved case holds: answers from closed lists, and days.
"""

from msgspec.structs import replace

from bot.core.conversation.state import OPEN, OtherCase, Policies, State
from bot.core.handbook.wording import Phrases
from bot.core.rules.deadlines import show_day
from bot.core.text import parse_day

BEGIN, STAY, GO = "begin", "stay", "go."
"""The answers: begin another, stay with this one, go on with the one of this number."""


def offer_other_cases(state: State) -> State:
    """Ask which case to go on with."""
    return replace(state, other_cases=OPEN)


def left_open(before: State, after: State) -> OtherCase | None:
    """Return the case that a message has put aside."""
    last = after.others[-1] if after.others else None
    return last if last is not None and last not in before.others else None


def with_reference(state: State, reference: str, due: str | None) -> State:
    """Return the state with the reference and the next date of the case put aside last."""
    *others, last = state.others
    return replace(state, others=(*others, replace(last, case=reference, due=due)))


def case_line(other: OtherCase, policies: Policies, phrases: Phrases) -> str:
    """Return what tells a case from the others: where, with whom, about what, and its next date."""
    policy = policies.get(str(other.answers.get("partnership")))
    names = {"their_agency": "agency", "disagreement": "disagreement"}
    told = [
        phrases.say(f"option_{titles}_{other.answers[name]}")
        for name, titles in names.items()
        if phrases.has(f"utter_option_{titles}_{other.answers.get(name)}")
    ]
    what = ", ".join([*([policy.short_name] if policy else []), *told])
    line = what or phrases.say("case_without_answers")
    day = parse_day(other.due)
    return phrases.say("case_with_date", case=line, due=show_day(day)) if day else line
