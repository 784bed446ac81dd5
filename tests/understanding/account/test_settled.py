"""What is said to be settled never stands as not settled."""

import pytest

from bench import measure_understanding as measure


@pytest.mark.parametrize(
    ("text", "level", "day"),
    [
        ("it is settled between managers today", "line_manager", "2026-11-20"),
        (
            "nurse in Luton, step down by social care, settled by the managers on Tuesday",
            "line_manager",
            "2026-11-17",
        ),
        (
            "police, Poole. social care said no. the senior managers sorted it out on Tuesday",
            "senior_manager",
            "2026-11-17",
        ),
        ("social care step down, resolved between our managers last week", "line_manager", None),
        ("threshold with social care, our managers have settled it", "line_manager", None),
    ],
)
def test_who_settled_it_says_at_which_rung(text: str, level: str, day: str | None) -> None:
    """It is settled, and nobody on their own side has refused anything."""
    told = measure.reader()(text)
    assert told.facts["steps"] == [{"level": level, "on": day, "outcome": "resolved"}]
    assert (told.own_side, told.wish) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "social care step down, it was not settled between the managers on Tuesday",
        "settled between our managers on Tuesday, but today they went back on it",
        "it will be settled by the managers on Tuesday",
        "the social worker refused and it has not been resolved by the managers",
    ],
)
def test_what_is_not_settled_is_not_closed(text: str) -> None:
    """A settlement denied, undone or still to come settles nothing."""
    steps = measure.reader()(text).facts.get("steps") or []
    assert "resolved" not in [step["outcome"] for step in steps]


@pytest.mark.parametrize(
    ("text", "on", "outcome"),
    [
        (
            "health visitor kent. stage 2 raised by my manager last Tuesday, no reply",
            17,
            "no_response",
        ),
        ("nurse, stage 1 was taken up by our matron on Tuesday and they refused", 17, "unresolved"),
    ],
)
def test_a_manager_who_raised_it_refused_nothing(text: str, on: int, outcome: str) -> None:
    """A stage that one's own manager raised is a step, with its day."""
    told = measure.reader()(text)
    (stage,) = told.raised
    assert (stage["on"], stage["outcome"], told.own_side) == (f"2026-11-{on}", outcome, None)


@pytest.mark.parametrize("text", ["it was not raised by my manager, she says leave it"])
def test_a_manager_who_did_not_raise_it_still_refuses(text: str) -> None:
    """What was not done is no step."""
    told = measure.reader()(text).own_side
    assert told is not None
    assert told.worry == "own_manager"


@pytest.mark.parametrize(
    "text",
    ["a message to my own manager", "An email to our head please", "letter for the partnership"],
)
def test_a_message_asked_for_by_name_is_a_draft(text: str) -> None:
    """The title of a draft asks for it, and tells nothing of whoever it is for."""
    told = measure.reader()(text)
    assert (measure.intent(text), told.own_side, told.exit) == ("ask_draft", None, None)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("its not about threshold", False),
        ("no it isn't about information sharing", False),
        ("its bank holiday who is on", False),
        ("who can i ring on a sunday", False),
        ("not about threshold, they wont share information", True),
        ("why wont they share information, who can i ask", True),
    ],
)
def test_what_it_is_not_about_is_no_kind(text: str, *, named: bool) -> None:
    """Nor is a question who is there; a refusal beside it is told all the same."""
    assert bool(measure.reader()(text).disagreement) is named


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "assistant director kent children's services, stage 3 raised by head 17 nov",
            "2026-11-17",
        ),
        ("hackney head of service, stage three came 17 nov from homerton", "2026-11-17"),
    ],
)
def test_a_stage_that_came_from_elsewhere_is_owed_an_answer(text: str, day: str) -> None:
    """Whoever it came to has its day."""
    told = measure.reader()(text)
    assert (told.side, [(one["number"], one["on"]) for one in told.raised]) == (
        "receiver",
        [(3, day)],
    )


@pytest.mark.parametrize(
    ("text", "alleged"),
    [
        ("one of my teachers says she talked to the health visitor", False),
        ("one of our nurses told me she spoke to the school yesterday", False),
        ("one of my teachers says she talked to the health visitor and slapped a boy", True),
        ("one of my teachers talked to a pupil about his body", True),
    ],
)
def test_a_colleague_who_spoke_to_another_agency_is_accused_of_nothing(
    text: str, *, alleged: bool
) -> None:
    """Whatever else is told of them may be an allegation."""
    assert (measure.reader()(text).exit == "allegation") is alleged


@pytest.mark.parametrize(
    "text",
    [
        "kent police. my DI met their service manager on 12 nov, nothings been settled, threshold",
        "head teacher in luton. my dsl has done stage 2 and social cares manager didnt budge",
        "hv in poole. my manager met theirs on 12 nov. nowt got agreed. plan progress, social care",
    ],
)
def test_what_is_said_last_not_to_be_settled_is_not(text: str) -> None:
    """Whatever else is told, nobody's case is closed."""
    told = measure.reader()(text)
    came = [step["outcome"] for step in (*told.facts.get("steps", ()), *told.raised)]
    assert set(map(str, came)) == {"unresolved"}


@pytest.mark.parametrize("text", ["nothing agreed", "nothing was agreed", "nothing settled"])
def test_nothing_agreed_is_an_answer_that_settled_nothing(text: str) -> None:
    """It is no silence: nobody is said not to have responded."""
    told = measure.reader()(f"stage 1 on 2 november, {text}")
    assert told.outcomes == ("unresolved",)


def test_a_decision_of_ones_own_side_is_no_stage_yet() -> None:
    """Whoever decided to go to a stage has not been there."""
    told = measure.reader()("my manager decided on thursday we go to stage 2 with social care")
    assert (told.raised, told.facts.get("steps")) == ((), None)
