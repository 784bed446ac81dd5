"""How an answer to a question reads: short, each sentence once, the rest folded."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from bot.core.cards.card import Card
from bot.core.conversation.state import State
from bot.core.enquiry.answer import answer_enquiry
from bot.core.handbook.topics import Enquiry, Topic
from bot.core.vocabulary import Agency, Level, Risk
from tests.support.core import IDS, handbook, policies

ANSWER = 100
"""The most words of an answer that may stand open."""
MARK = 4
"""Words of a mark on a line, which may come again: a form's name, "The policy requires it."."""
SENTENCES = re.compile(r"(?<=[.!?])\s+")
STATES: tuple[dict[str, Any], ...] = (
    {},
    {"risk": Risk.immediate_danger},
    {
        "risk": Risk.concern,
        "my_agency": "education",
        "their_agency": "childrens_social_care",
        "reached": "line_manager",
        "step_on": "2026-11-02",
        "step_outcome": "no_response",
    },
    {
        "risk": Risk.concern,
        "side": "receiver",
        "level": "line_manager",
        "my_agency": "childrens_social_care",
        "their_agency": "education",
        "reached": "line_manager",
        "step_on": "2026-11-16",
        "step_outcome": "awaiting",
    },
)


def answers(partnership: str | None) -> Iterator[tuple[str, Card]]:
    """Yield every answer of the guide: each topic, with what may be asked of it, in each state."""
    ways: dict[Topic, list[dict[str, Any]]] = {
        Topic.stage: [{"stage": number} for number in range(6)],
        Topic.contacts: [
            *({"stage": number} for number in range(6)),
            *({"agency": agency} for agency in Agency),
        ],
    }
    for topic, given in product(Topic, STATES):
        details = [{}, *({"level": level} for level in Level), *ways.get(topic, [])]
        for detail in details:
            state = State(partnership=partnership, **given)
            enquiry = Enquiry(topic=topic, **detail)
            name = f"{topic} {detail} {given.get('step_outcome')}"
            yield name, answer_enquiry(enquiry, state, policies(), handbook())


@pytest.mark.long
@pytest.mark.parametrize("partnership", [None, *IDS])
def test_an_answer_is_short_and_says_nothing_twice(partnership: str | None) -> None:
    """At most a hundred words stand open; the rest is folded under what it is."""
    for name, card in answers(partnership):
        opened = [section for section in card.sections if not section.folded]
        said = [item.text for section in opened for item in section.items]
        words = [card.title, card.footer or "", *said, *(one.heading for one in opened)]
        assert sum(len(text.split()) for text in words) <= ANSWER, (name, said)
        sentences = [one for text in said for one in SENTENCES.split(text)]
        sentences = [one for one in sentences if len(one.split()) > MARK]
        assert len(sentences) == len(set(sentences)), (name, said)
