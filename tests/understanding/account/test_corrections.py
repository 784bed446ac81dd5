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


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("no it was the team manager i spoke to", "line_manager"),
        ("wrong, it was her service manager", "senior_manager"),
        ("actually i spoke to the duty manager", "line_manager"),
        ("no it was wednesday", None),
    ],
)
def test_whom_it_was_with_is_put_right(text: str, level: str | None) -> None:
    """Only the rung is named anew."""
    assert reader()(text).rung_was == level


def test_it_was_written_or_nobody_spoke() -> None:
    """Two ways of taking back a talk."""
    wrote, nobody = reader()("thats wrong i never spoke to her i emailed"), reader()("i never rang")
    assert (wrote.in_writing, wrote.nobody_spoke) == (True, False)
    assert (nobody.in_writing, nobody.nobody_spoke) == (False, True)


def test_what_somebody_never_said_is_taken_back() -> None:
    """A place that is denied is no place; people at the council who are no social care are not."""
    denied = reader()("i never said kent, we're in hackney")
    assert denied.facts["partnership"] == "city_and_hackney"
    assert denied.taken_back["partnership"] == ("kent",)
    council = reader()("school in luton, send at the council said no, they arent social care")
    assert council.facts.get("their_agency") != "childrens_social_care"
