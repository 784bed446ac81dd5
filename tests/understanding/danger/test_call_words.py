"""Calls told of: what their words say of who it was, though they name nobody."""

import pytest

from bench import measure_understanding as measure
from bot.core.vocabulary import CallTo
from bot.understanding.danger.people import spoken_by, whom_it_was
from tests.support.asked import broadly_asked

POLICE, SOCIAL_CARE = CallTo.police, CallTo.childrens_social_care


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("they said its a civil matter", POLICE),
        ("theyve no units", POLICE),
        ("they wont do a welfare check", POLICE),
        ("they say it isnt our threshold, not our threshold", SOCIAL_CARE),
        ("its not their area", SOCIAL_CARE),
        ("they said try early help", SOCIAL_CARE),
        ("the head of service says no", SOCIAL_CARE),
        ("the duty inspector says no", POLICE),
        ("their service manager says no", None),
        ("they wont come", None),
        ("not for them", None),
        ("they said its civil and below threshold", None),
    ],
)
def test_what_only_one_service_says_tells_which_it_is(words: str, service: CallTo | None) -> None:
    """Where it is said whose post it is, or both could say it, it tells nothing."""
    assert spoken_by(words) is service


@pytest.mark.parametrize("text", ["no units", "no officers free", "no social workers tonight"])
def test_that_there_are_none_puts_no_call_right(text: str) -> None:
    """It is what came of a call, and no "no, it was the police"."""
    assert whom_it_was(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "they're going at 5",
        "they're leaving at half 4",
        "theyre going home now",
        "hospital are letting her go at 4",
        "police discharged him at 3",
    ],
)
def test_a_time_of_leaving_is_no_help_that_comes(text: str) -> None:
    """Nor is a discharge: else 999 would be taken for called, and would not be said."""
    assert all(call.outcome != "coming" for call in measure.calls_told(text))


def test_whoever_was_rung_may_leave_to_come() -> None:
    """They are named before it."""
    (call,) = measure.calls_told("rang edt, they're going at 5")
    assert (call.to, call.outcome) == (SOCIAL_CARE, "coming")


@pytest.mark.parametrize(
    "text", ["sorry no its not now, it was in the night", "not now", "its not happening now"]
)
def test_that_it_is_not_now_is_nobodys_refusal(text: str) -> None:
    """Of the child, and of no call."""
    assert measure.calls_told(text) == ()


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("my manager agrees with the police", True),
        ("my manager is backing them", True),
        ("and her manager agrees", True),
        ("my manager agrees with me", False),
        ("my manager agreed to ring", False),
    ],
)
def test_who_sides_with_those_who_refused_refuses(text: str, *, again: bool) -> None:
    """As they did; whoever agrees with the person themselves does not."""
    assert [call.again for call in measure.calls_told(text)] in ([again], [] if not again else None)


@pytest.mark.parametrize(
    ("text", "comes", "several"),
    [
        ("they wont come", True, True),
        ("they refused", False, True),
        ("nobody will come", True, True),
        ("refused", False, False),
        ("she wont ring them for me", False, True),
    ],
)
def test_of_whom_it_can_be_is_heard(text: str, *, comes: bool, several: bool) -> None:
    """No lead comes out to a child, or is several."""
    for call in measure.calls_told(text):
        assert (call.comes, call.several) == (comes, several)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("is that ok?", "can_wait"),
        ("they say tomorrow. is tomorrow soon enough", "can_wait"),
        ("can it wait til morning?", "can_wait"),
        ("what do i say to mum", "consent"),
        ("what do i tell her parents", "consent"),
        ("what do i say to them", "say"),
    ],
)
def test_whether_it_can_wait_and_what_the_family_is_told_is_asked(text: str, asks: str) -> None:
    """In the middle of an emergency."""
    assert broadly_asked(text) == asks
