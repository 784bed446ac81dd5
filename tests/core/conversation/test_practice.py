"""An invented case: nothing real goes into it, and nothing comes out of it."""

import pytest

from bot.core.conversation.answers import begin_practice, choose, end_practice
from bot.core.conversation.saving import KEPT, case_to_save, restore
from bot.core.conversation.slots import from_slots, to_slots
from bot.core.conversation.state import OPEN, State
from bot.core.vocabulary import URGENT_RISKS, Risk
from tests.support.core import TODAY, policies

TOLD = State(risk=Risk.concern, partnership="kent", my_agency="health", case="abc", figure="def")


def test_it_begins_and_ends_with_nothing_of_the_other() -> None:
    """Neither answers nor references go from one into the other."""
    assert begin_practice(TOLD).state == State(practice=True)
    assert (
        end_practice(State(practice=True, risk=Risk.concern, partnership="kent")).state == State()
    )


def test_outside_a_practice_there_is_none_to_end() -> None:
    """A button from before leaves real answers alone."""
    assert end_practice(TOLD).state == TOLD


@pytest.mark.parametrize(
    "state",
    [*(State(risk=risk) for risk in URGENT_RISKS), State(red_flag="a knife", partnership="kent")],
)
def test_it_does_not_begin_while_somebody_must_act_today(state: State) -> None:
    """The risk and the red flag stay: no button clears them."""
    assert begin_practice(state).state == state


def test_starting_again_stays_in_the_practice() -> None:
    """The next invented case is marked as well."""
    state = State(practice=True, risk=Risk.concern, start_again=OPEN)
    assert choose(state, "start_again", "yes", policies()).state == State(practice=True)


def test_it_is_never_part_of_a_saved_case() -> None:
    """A case that is opened is real, takes no invented risk with it, and is asked about danger."""
    saved = case_to_save(State(risk=Risk.concern, partnership="kent"), None, policies(), TODAY)
    assert "practice" not in KEPT
    before = State(practice=True, risk=Risk.immediate_danger, red_flag="invented")
    back = restore(before, saved, "abc", policies())
    assert (back.practice, back.risk, back.red_flag) == (False, None, None)


def test_it_is_read_back_from_the_slots() -> None:
    """A conversation from before there was practice is none."""
    assert from_slots(to_slots(State(practice=True))).practice
    assert not from_slots({"practice": None}).practice
