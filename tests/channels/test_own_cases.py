"""The list of a person's own open cases."""

from typing import Any

import pytest
from msgspec.structs import replace
from rasa.shared.core.events import BotUttered, Event, SlotSet

from bot.channels.own_cases import OwnCases, own_cases
from bot.channels.wording import load
from bot.core.conversation.held import OtherCase
from bot.core.conversation.slots import to_slots
from bot.core.conversation.state import State
from bot.core.vocabulary import Outcome, Risk
from tests.support.core import policies
from tests.support.server import ROOT

WORDING = load(ROOT / "data/responses")
PRESENT = State(
    risk=Risk.concern,
    partnership="kent",
    their_agency="police",
    reached="line_manager",
    step_outcome=Outcome.unresolved,
)
LINE = "Kent, Stage 1, Police"
ASIDE = OtherCase("ref", {"partnership": "pan_dorset", "reached": "practitioner"}, "2026-12-04")


def after(*happened: State | str) -> OwnCases:
    """The list after states, each as a turn's slots, and titles of advice."""
    events: list[Event] = []
    for one in happened:
        events += [advised(one)] if isinstance(one, str) else slots(one)
    return own_cases(events, policies(), WORDING)


def slots(state: State) -> list[Event]:
    """What a turn stores of a state."""
    return [SlotSet(name, value) for name, value in to_slots(state).items()]


def advised(title: str) -> Event:
    """What a turn stores of advice."""
    card: dict[str, Any] = {"kind": "advice", "title": title, "sections": []}
    return BotUttered("Advice", {"custom": {"card": card}})


def test_the_present_case_has_its_newest_advice() -> None:
    """Its line says where, how far and with whom."""
    assert after(PRESENT, "Wait", "Ring today") == OwnCases(LINE, "Ring today")


def test_nothing_told_is_no_case() -> None:
    """As before the first answer, and after a fresh start."""
    assert after() == after(State()) == after(PRESENT, "Ring today", State()) == OwnCases()


def test_another_case_does_not_show_the_advice_of_the_one_before() -> None:
    """Until it has some of its own."""
    other = State(others=(ASIDE,))
    begun = replace(PRESENT, partnership="city_and_hackney", others=(ASIDE,))
    shown = after(PRESENT, "Ring today", other, begun)
    assert (shown.present.split(",")[0], shown.advice) == ("City & Hackney", "")
    assert after(PRESENT, "Ring today", other, begun, "Meet").advice == "Meet"


def test_a_case_put_aside_says_its_next_date() -> None:
    """As in the list of the conversation."""
    (line,) = after(replace(PRESENT, others=(ASIDE,))).others
    assert line == "Pan-Dorset, Stage 1, next date Fri 4 Dec 2026"


@pytest.mark.parametrize("aside", [True, False])
def test_a_settled_case_is_not_open(*, aside: bool) -> None:
    """Whether it is the present one or another."""
    settled = Outcome.resolved
    if aside:
        other = replace(ASIDE, answers=ASIDE.answers | {"step_outcome": str(settled)})
        assert after(replace(PRESENT, others=(other,))).others == ()
    else:
        assert after(replace(PRESENT, step_outcome=settled), "Record it") == OwnCases()


def test_a_practice_is_no_case() -> None:
    """Neither its answers nor its advice."""
    practice = replace(PRESENT, practice=True)
    assert after(practice, "Ring today") == OwnCases()
    assert after(practice, "Ring today", PRESENT).advice == ""
