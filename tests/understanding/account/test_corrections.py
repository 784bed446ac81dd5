"""What a message takes back: only what it says anew is left to be read."""

from typing import Any

import pytest

from bench.measure_understanding import reader

NEW: dict[str, dict[str, Any]] = {
    "it's Dorset not Kent": {"partnership": "pan_dorset"},
    "not Kent, Hackney": {"partnership": "city_and_hackney"},
    "sorry i meant bournemouth": {"partnership": "pan_dorset"},
    "that's not right, its luton": {"partnership": "pan_bedfordshire", "area": "luton"},
    "actually it was the health visitor": {"their_agency": "health"},
    "it was the police, not social care": {"their_agency": "police"},
    "it wasn't the police it was health": {"their_agency": "health"},
    "wrong agency, should be police": {"their_agency": "police"},
    "actually im in health not education": {"my_agency": "health"},
    "he is looked after, not on a child protection plan": {"child_status": ["looked_after"]},
    "it's Poole rather than Folkestone and it was the police": {
        "partnership": "pan_dorset",
        "their_agency": "police",
    },
}


@pytest.mark.parametrize("text", NEW)
def test_only_the_new_answer_is_left(text: str) -> None:
    """The retracted answer is never read."""
    reading = reader()(text)
    assert reading.corrects
    assert {name: reading.facts.get(name) for name in NEW[text]} == NEW[text]
    assert not reading.urgent


def test_a_day_that_was_taken_back_is_not_a_day() -> None:
    """Of "not Monday, Tuesday" the Tuesday counts."""
    reading = reader()("no it wasnt monday it was tuesday")
    assert reading.dates == ("2026-11-17",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("change the date", ("step_on",)),
        ("the date is wrong", ("step_on",)),
        ("can you change which agency i work for", ("my_agency",)),
        ("i put the wrong stage", ("reached",)),
        ("change the area please", ("partnership",)),
        ("i want to change the other agency", ("their_agency",)),
        ("the outcome is wrong", ("step_outcome",)),
        ("change the date and the outcome", ("step_on", "step_outcome")),
        ("its about information sharing not thresholds", ("disagreement",)),
        ("can i change my answer", ()),
    ],
)
def test_an_answer_to_be_given_anew_is_named(text: str, named: tuple[str, ...]) -> None:
    """Without the new answer, it is said which question to ask again."""
    reading = reader()(text)
    assert reading.corrects
    assert reading.corrected == named


@pytest.mark.parametrize(
    "text",
    [
        "we are not happy with the response from social care",
        "they are not listening to us",
        "social care have not replied since monday",
        "the police did not come to the strategy meeting and the plan is not working",
        "i rang the team manager in folkestone on monday, not settled",
        "health say it is not for them",
        "she has not been seen by the health visitor since september",
    ],
)
def test_an_account_takes_nothing_back(text: str) -> None:
    """A "not" in an account of events is not a correction."""
    assert not reader()(text).corrects


def test_danger_is_heard_in_what_is_taken_back() -> None:
    """Nothing that was typed is left out when danger is looked for."""
    assert reader()("actually it's Dorset, and he has a knife at the house now").urgent
