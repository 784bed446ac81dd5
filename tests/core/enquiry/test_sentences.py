"""Every sentence of the answers is used, with all of its gaps."""

import re
from itertools import product
from typing import Any

import msgspec
import pytest
import yaml

from bot.core.cards.card import card_text
from bot.core.conversation.state import State, facts_of
from bot.core.enquiry.answer import answer_enquiry
from bot.core.handbook.handbook import Handbook
from bot.core.handbook.topics import Enquiry, Topic
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Area, Notification, Policy, Priority, Statement, Unit
from bot.paths import ROOT
from tests.support.answers import (
    READY,
    STATES,
    details_of,
)
from tests.support.core import TODAY, advised, handbook, policies

ANSWERS = "data/responses/answers.yml"


WRITTEN = yaml.safe_load((ROOT / ANSWERS).read_text("utf-8"))["responses"]


class Heard(Phrases):
    """Phrases that note which of the answers' sentences were said."""

    def __init__(self, sentences: dict[str, str]) -> None:
        super().__init__(sentences)
        self.said: set[str] = set()

    def say(self, name: str, /, **gaps: object) -> str:
        """Note the name, and say it."""
        self.said.add(f"utter_{name}")
        return super().say(name, **gaps)


CONDITIONS: list[dict[str, Any]] = [
    {"when": ["raised", "resolved"], "applies": {"not_their_agency": ["police"]}},
    {"when": ["raised", "unresolved"], "applies": {"child_status": ["looked_after"]}},
    {"when": ["unresolved", "resolved"], "applies": {"their_agency": ["police", "health"]}},
    {"when": ["resolved"], "applies": {"not_my_agency": ["health"]}},
    {"when": ["unresolved"], "applies": {"my_agency": ["health"]}},
    {"when": ["unresolved"], "applies": {"area": ["here"]}},
    {"when": ["unresolved"], "applies": {"area": ["there"]}},
    {"when": ["unresolved"], "applies": {"disagreement": ["threshold", "communication"]}},
    {"when": ["unresolved"], "applies": {"priority": ["high"]}},
]


def all_shapes() -> Policy:
    """Return Kent with every condition of notices, areas, dates, a silent and an unread stage."""
    kent = policies()["kent"]
    told = [
        {"who": "Them", "what": "Tell.", "source": "1", **condition} for condition in CONDITIONS
    ]
    silent = msgspec.structs.replace(
        kent.stages[1],
        notify=msgspec.convert(told, tuple[Notification, ...]),
        not_stated=(),
        to_answer=(),
        decides=(),
    )
    priorities = (Priority(id="high", name="the high priority", what="Agree it.", source="1"),)
    areas = tuple(Area(id=area, name=area, places=(), source="1") for area in ("here", "there"))
    document = msgspec.structs.replace(
        kent.document, effective_from=TODAY, reviewed=TODAY, next_review=TODAY
    )
    limits = kent.stages[2].to_answer
    open_ended = msgspec.structs.replace(limits[0], unit=Unit.unspecified, amount=None)
    untimed = msgspec.structs.replace(kent.stages[2], to_answer=(*limits, open_ended))
    passage = Statement(what="Read it.", source="1")
    unread = msgspec.structs.replace(
        kent.stages[3], to_begin=(), to_answer=(), not_stated=(), not_read=(passage,)
    )
    stages = (kent.stages[0], silent, untimed, unread, *kent.stages[4:])
    return msgspec.structs.replace(
        kent, areas=areas, stages=stages, document=document, priorities=priorities
    )


@pytest.mark.long
def test_every_sentence_of_the_answers_is_used_with_all_of_its_gaps() -> None:
    """A sentence in answers.yml that no answer says is dead wording."""
    sentences = {name: said[0]["text"] for name, said in load_wording().items()}
    heard = Heard(sentences)
    book = Handbook(handbook().safety_guidance, heard, handbook().answers, handbook().sources)
    every = {**policies(), "kent": all_shapes()}
    advice = advised(facts_of(READY, every), every["kent"], book=book)
    arranges = Enquiry(topic=Topic.told, words="partner_representative")
    bedfordshire = State(partnership="pan_bedfordshire")
    answer_enquiry(arranges, bedfordshire, every, book, None)
    for state, topic in product((*STATES, READY), Topic):
        asked = (*details_of(topic), {"outside_place": "devon"}, {"partnerships": ("kent",)})
        for details in (*asked, {"partnerships": tuple(every)}):
            card = answer_enquiry(Enquiry(topic=topic, **details), state, every, book, advice)
            assert not re.search(r"[{}]|None", card_text(card, book.phrases))
    assert sorted(set(WRITTEN) - heard.said) == []


def load_wording() -> dict[str, list[dict[str, str]]]:
    """Return every response of every file."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted((ROOT / "data/responses").glob("*.yml")):
        found |= yaml.safe_load(path.read_text("utf-8"))["responses"]
    return found
