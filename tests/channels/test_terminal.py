"""The guide in a terminal: cards and buttons as text, and what a typed number means."""

import pytest

from bot.channels.messages import Button, File, Message
from bot.channels.terminal import TerminalTurn

WIDTH = 60
CARD = {
    "kind": "advice",
    "title": "Ring the team manager today",
    "sections": [
        {
            "heading": "Also today",
            "folded": False,
            "items": [{"text": "Keep a note.", "change": "answer:note:no", "change_title": "Note"}],
        },
        {
            "heading": "By when, and how it was counted",
            "folded": True,
            "items": [
                {
                    "text": "They answer by Friday.\nSooner if the child needs it.",
                    "detail": "5 working days from Friday.",
                    "source": {"document": "Kent", "section": "Stage 1"},
                    "change": "answer:when:no",
                    "change_title": "When",
                }
            ],
        },
    ],
}
TEXT = """**Ring the team manager today**
Also today
- Keep a note.
By when, and how it was counted
- They answer by Friday.
Sooner if the child needs it.
Sources: Kent"""
TURN = TerminalTurn(
    [
        Message(TEXT, (Button("Draft the e-mail", "do:ask_draft"),), CARD),
        Message("Which agency?", (Button("Police", "answer:a:police"),), None,
                (File("Record (Word)", "/x", "application/msword"),)),
    ]
)  # fmt: skip


def test_a_turn_is_its_words_and_its_numbered_options() -> None:
    """Numbers go on through the turn; folded lines are named only; changes come last."""
    assert TURN.draw(WIDTH).split("\n") == [
        "",
        "Ring the team manager today",
        "Also today",
        "- Keep a note.",
        "+ By when, and how it was counted",
        "Sources: Kent",
        "  1. Draft the e-mail",
        "",
        "Which agency?",
        "[Record (Word)]",
        "  2. Police",
        "  3. Note",
    ]


@pytest.mark.parametrize(
    "typed", ["By when, and how it was counted", "+ by when, and how it  was counted"]
)
def test_a_folded_heading_that_is_typed_shows_what_is_below(typed: str) -> None:
    """With how it was counted, and the source."""
    assert TURN.unfold(typed, WIDTH).split("\n") == [
        "By when, and how it was counted",
        "- They answer by Friday. Sooner if the child needs it.",
        "5 working days from Friday.",
        "(Kent, Stage 1)",
    ]


@pytest.mark.parametrize("typed", ["", "1", "Also today", "a child is being hit right now"])
def test_any_other_words_go_to_the_guide(typed: str) -> None:
    """Nothing that somebody says is kept from it."""
    assert TURN.unfold(typed, WIDTH) == ""
    assert TURN.meaning(typed) == typed


def test_the_number_of_a_change_is_its_payload() -> None:
    """In each dress of a number; a higher one is what was typed."""
    assert TURN.meaning("3") == TURN.meaning("no. 3") == "answer:note:no"
    assert TURN.meaning("4") == "4"


@pytest.mark.parametrize("width", [20, 40, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Long words aside, which are broken."""
    assert max(map(len, TURN.draw(width).split("\n"))) <= width
