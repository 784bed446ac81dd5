"""Which question stands open in a chat, and what answers it."""

import pytest

from bot.channels.messages import Button, Message
from bot.channels.questions import OpenQuestions
from bot.channels.slack.blocks import posts
from bot.channels.slack.replies import Posted
from bot.channels.wording import load
from tests.support.server import ROOT

WORDING = load(ROOT / "data/responses")
ASKED = [
    Message("Advice.", (Button("Draft the e-mail", "do:ask_draft"),)),
    Message("Which agency?", (Button("Police", "answer:a:police"), Button("Health", "answer:a:h"))),
]


def posted(channel: str = "D1") -> Posted:
    """The two messages as they were posted."""
    return Posted(channel, [(f"ts{n}", post) for n, post in enumerate(posts(ASKED, WORDING))])


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("2", "Police"),
        (" health. ", "Health"),
        ("answer:a:police", "Police"),
        ("1", ""),
        ("draft the e-mail", ""),
        ("9", ""),
        ("answer:b:police", ""),
    ],
)
def test_an_answer_is_known_by_its_number_title_or_press(typed: str, title: str) -> None:
    """Numbers count all options of the turn; any other text leaves the question open."""
    questions: OpenQuestions[Posted] = OpenQuestions()
    questions.open("one", posted().questions, ASKED)
    question = questions.get("one")
    assert question is not None
    assert question.chosen_title(typed) == title
    assert [ts for ts, _ in question.posted.posts] == ["ts1"]


def test_only_the_newest_open_questions_are_kept() -> None:
    """The oldest are forgotten first; one that is closed is gone."""
    questions: OpenQuestions[Posted] = OpenQuestions(most=3)
    for name in ("a", "b", "c", "a", "d"):
        questions.open(name, posted(), ASKED)
    assert len(questions) == 3
    assert questions.get("b") is None
    assert questions.get("a") is not None
    questions.close("a")
    questions.close("a")
    assert questions.get("a") is None
