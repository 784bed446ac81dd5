"""Answers that an earlier version stored and that this one no longer has on its lists."""

from typing import Any

import pytest

from bot.core.conversation.slots import SLOTS, from_slots, to_slots, unfit_answers
from bot.core.conversation.state import State
from bot.core.vocabulary import Risk
from tests.support.core import handbook, policies

GIVEN: dict[str, Any] = to_slots(
    State(
        risk=Risk.concern,
        red_flag="a knife",
        partnership="kent",
        disagreement="threshold",
        my_agency="education",
        their_agency="unknown",
        child_status=("looked_after",),
        reached="line_manager",
        misses=1,
    )
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("risk", "slight"),
        ("exit", "ombudsman"),
        ("disagreement", "fees"),
        ("my_agency", "fire_service"),
        ("their_agency", 7),
        ("child_status", ["looked_after", "ward_of_court"]),
        ("reached", "chief_executive"),
        ("follow_up", {"on": "2026-11-20", "action": "sing"}),
        ("rehearsal", "begun"),
        ("earlier", ["line_manager"]),
        ("misses", "many"),
    ],
)
def test_an_answer_that_no_longer_fits_is_dropped_and_named_and_the_rest_stays(
    name: str, value: object
) -> None:
    """Danger above all: a red flag outlives whatever was stored beside it."""
    slots = {**GIVEN, name: value}
    state = from_slots(slots)
    expected = from_slots({**GIVEN, name: None})
    assert state == expected
    assert state.red_flag == "a knife"
    assert unfit_answers(slots) == (name,)
    state.policy(policies())


def test_answers_that_fit_are_kept_and_none_is_named() -> None:
    """Unknown ones among them."""
    assert unfit_answers(GIVEN) == ()
    assert to_slots(from_slots(GIVEN)) == GIVEN
    assert unfit_answers(dict.fromkeys(SLOTS)) == ()
    assert unfit_answers(to_slots(State())) == ()


@pytest.mark.parametrize("name", ["risk", "exit", "disagreement", "my_agency", "reached"])
def test_each_answer_has_a_name_to_be_told_by(name: str) -> None:
    """The person hears which answers they are asked for again."""
    named = handbook().phrases.say(f"name_{name}")
    assert named in handbook().phrases.say("note_unfit", what=named)
