"""Requests that are known by their words."""

import pytest

from bot.understanding.enquiry.requests import find_request


@pytest.mark.parametrize(
    "text",
    [
        "can I have the policy on one page",
        "1 page version pls",
        "have you got a one-pager for staff",
        "is there a briefing on this for my team",
        "print me a crib sheet",
        "single side of a4 for kent please",
    ],
)
def test_a_policy_on_one_page_is_asked_for_in_many_words(text: str) -> None:
    """However it is called, the short version is meant."""
    assert find_request(text) == "briefing"


@pytest.mark.parametrize(
    "text",
    [
        "we are not on the same page about this child",
        "they said it at the staff briefing on monday",
        "her report was one of three pages",
        "social care closed it after one side of the family complained",
        "i rang about the one page they sent, they said it is closed because mum wont engage",
    ],
)
def test_what_happened_is_no_request(text: str) -> None:
    """A page or a briefing in an account asks for nothing."""
    assert find_request(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "practice mode",
        "can we try it with a made-up case",
        "i want to use the sandbox with my team",
        "is there a training mode",
        "end the practice",
        "stop practising",
    ],
)
def test_an_invented_case_is_asked_for_in_many_words(text: str) -> None:
    """And the end of it too."""
    assert find_request(text) == "practice"


@pytest.mark.parametrize(
    "text",
    [
        "the GP practice case worker closed it",
        "they start training next week so nobody answers",
        "my manager will leave the practice in june",
        "i want to practise the call",
        "mum says he invented it",
    ],
)
def test_other_practices_ask_for_none(text: str) -> None:
    """A surgery, a course and a rehearsal are no invented case."""
    assert find_request(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "help",
        "help me",
        "I need help",
        "can you help me please?",
        "HELP!",
        "i'm stuck, please help",
    ],
)
def test_a_bare_call_for_help_is_known(text: str) -> None:
    """Whoever asks for help and says nothing else wants to know what this is."""
    assert find_request(text) == "help"


@pytest.mark.parametrize(
    "text",
    ["i need help with wording", "early help closed it", "help needed for the family was refused"],
)
def test_help_with_or_for_something_is_no_bare_call(text: str) -> None:
    """What help is wanted with, and early help, are other matters."""
    assert find_request(text) is None
