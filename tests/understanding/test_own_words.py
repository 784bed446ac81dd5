"""The guide's own questions, quoted in an answer."""

import pytest

from bot.understanding.own_words import without_own_words

RISK = "Is a child at risk of serious harm right now?"


@pytest.mark.parametrize(
    "quoted",
    [
        f"{RISK} No",
        f"> {RISK}\nNo",
        f"**{RISK}**\n\nNo",
        f"{RISK.upper()} No",
        f"{RISK} 1 Yes, in danger now 2 Yes, immediate risk of significant harm 3 I'm not sure No",
        "Which agency do you work for? No",
    ],
)
def test_only_the_answer_is_read(quoted: str) -> None:
    """A reply that quotes the guide is read without the quote and the options below it."""
    read = without_own_words(quoted)
    assert read.endswith("No")
    assert "risk" not in read.casefold()
    assert "?" not in read


@pytest.mark.parametrize(
    "text",
    [
        "a child is at risk of serious harm right now",
        "is the child at risk of serious harm? i think so",
        "Yes, in danger now",
        "immediate risk of significant harm",
        "And then what?",
        "",
    ],
)
def test_somebodys_own_words_stay(text: str) -> None:
    """What a person says in words of their own is never cut, nor an option that they choose."""
    assert without_own_words(text) == text


def test_an_answer_of_danger_after_the_quote_stays() -> None:
    """The quote goes, and what was answered is read."""
    assert without_own_words(f"{RISK} Yes, in danger now") == "Yes, in danger now"
