"""Words that only sound like danger, and the same words beside danger."""

from datetime import date

import pytest

from bot.understanding.danger.signs import Signs, find_signs

TODAY = date(2026, 11, 20)


def signs(text: str) -> Signs:
    """What the rules find in a text."""
    return find_signs(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "we've been stabbing in the dark with this family",
        "they chucked the baby out with the bathwater and closed the whole plan",
        "i'm being battered with emails from the social worker",
        "my manager was attacked in a long letter",
        "the sw has gone missing, hasn't been seen for two weeks",
        "our support worker's gone awol and hasnt been heard from since june",
        "she was in danger last month but the police dealt with it",
        "they were in danger three years ago, they are safe with nan now",
    ],
)
def test_a_figure_of_speech_is_no_danger(text: str) -> None:
    """Nor is a worker who cannot be found, or danger that is said to be over."""
    assert not signs(text).flags.urgent
    assert signs(text).stated is None


@pytest.mark.parametrize(
    "text",
    [
        "somebody was stabbed in the dark alley behind school",
        "she is battered with a belt",
        "the worker has gone missing with the child",
        "our social worker's gone missing and the girl hasn't been seen for two weeks",
        "the sw says he has gone missing",
        "she was in danger last month and still is",
        "he was in danger last month, it was never sorted",
    ],
)
def test_the_same_words_of_a_child_are_danger(text: str) -> None:
    """What is blanked is the figure alone."""
    found = signs(text)
    assert found.flags.urgent or found.stated == "immediate_danger"


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("mum's ex found out the refuge address and is outside", True),
        ("he knows where she lives and he's stood outside", True),
        ("her abuser got the new address and is at the front door", True),
        ("dad hit him last week, he is outside to collect his sister", False),
        ("he found out her address, he is outside the area", False),
        ("not in danger this second but if he goes home tonight he'll get battered", False),
        ("she's not in danger right now but she will be hit when she gets home", False),
        ("she's not in danger now they say, he's hitting her right now", True),
    ],
)
def test_an_abuser_at_the_door_is_now(text: str, *, now: bool) -> None:
    """And what is denied of this moment is not."""
    found = signs(text)
    assert found.flags.urgent or not now
    assert found.said_now is now
