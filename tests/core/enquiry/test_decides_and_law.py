"""Who decides at a stage, what the law says, and what follows if it is not settled."""

import msgspec
import pytest

from bot.core.cards.card import words_in
from bot.core.conversation.state import State
from bot.core.enquiry.answer import answer_enquiry
from bot.core.handbook.topics import DECIDES, INFORMATION, Enquiry, Topic
from bot.core.vocabulary import Risk
from tests.support.answers import READY, STANDING, ask, items, said
from tests.support.core import IDS, handbook, policies


@pytest.mark.parametrize("policy_id", IDS)
def test_who_decides_is_named_as_the_text_gives_it_at_every_stage(policy_id: str) -> None:
    """Each stage says who settles it there, first and with the section, and what comes before."""
    for stage in policies()[policy_id].stages:
        card = ask(Topic.contacts, State(partnership=policy_id), words=DECIDES, stage=stage.number)
        first, *_ = card.sections
        assert stage.decides
        assert [item.text for item in first.items] == [one.what for one in stage.decides]
        told = said(card)
        assert all(condition.what in told for condition in stage.conditions)


def test_a_stage_of_which_nothing_is_held_says_so() -> None:
    """A policy that does not tell who decides is not filled in with a usual decider."""
    kent = policies()["kent"]
    silent = msgspec.structs.replace(kent.stages[1], decides=())
    stages = (kent.stages[0], silent, *kent.stages[2:])
    held = {"kent": msgspec.structs.replace(kent, stages=stages)}
    asked = Enquiry(topic=Topic.contacts, words=DECIDES, stage=1)
    card = answer_enquiry(asked, State(partnership="kent"), held, handbook())
    assert "I hold nothing from Kent that says who decides at Stage 1" in said(card)


@pytest.mark.parametrize("state", [State(), State(partnership="kent", risk=Risk.concern), READY])
def test_the_law_is_told_before_and_after_advice(state: State) -> None:
    """The guide's own guidance, named as that; the stages are said to be no Act."""
    card = ask(Topic.law, state)
    told = said(card)
    assert "and not an Act" in told
    assert all(name in told for name in ("Section 47", "Section 17", "Working Together"))
    assert {item.source.document for item in items(card) if item.source} == {STANDING}


def test_the_law_on_sharing_is_told_alone() -> None:
    """Data protection, and the duty to share that may not be in force yet; no section 47."""
    told = said(ask(Topic.law, READY, words=INFORMATION))
    assert "does not stop you sharing" in told
    assert "16LA" in told
    assert "Section 47" not in told


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (READY, "It can go on to Stage 2"),
        (msgspec.structs.replace(READY, side="receiver"), "They can take it to Stage 2"),
    ],
)
def test_what_follows_without_agreement_begins_with_the_next_stage(
    state: State, first: str
) -> None:
    """At Stage 1 it is Stage 2, and only then what the policy says after its last stage."""
    card = ask(Topic.remaining, state)
    assert card.sections[0].items[0].text.startswith(first)
    assert "after Stage 4" in said(card)
    assert words_in(card.title) < 10
