"""What somebody is to do next, or owes, over every policy and rung, before the advice is known."""

import pytest
from msgspec.structs import replace

from bot.core.cards.card import card_text
from bot.core.conversation.state import State
from bot.core.enquiry.answer import answer_enquiry
from bot.core.enquiry.scope import as_it_is_meant
from bot.core.handbook.topics import Enquiry, Topic
from bot.core.policy.model import Moment, Party
from bot.core.vocabulary import Exit, Level, Risk
from tests.support.core import IDS, handbook, policies

RUNGS = [(policy, stage.number) for policy in IDS for stage in policies()[policy].stages]

TOLD_ONCE_SETTLED = [
    (policy, stage.number)
    for policy in IDS
    for stage in policies()[policy].stages
    if any(notice.when == (Moment.resolved,) for notice in stage.notify)
]


def said(state: State, topic: Topic = Topic.next) -> str:
    """Return the answer as text."""
    card = answer_enquiry(Enquiry(topic=topic), state, policies(), handbook())
    return card_text(card, handbook().phrases)


@pytest.mark.parametrize("topic", [Topic.next, Topic.limits])
@pytest.mark.parametrize(("partnership", "number"), RUNGS)
def test_who_owes_an_answer_is_spoken_to_as_the_one_who_owes_it(
    partnership: str, number: int, topic: Topic
) -> None:
    """A limit on the receiving side is theirs: "you are to", and never "they are to" for it."""
    policy = policies()[partnership]
    stage = policy.stage(number)
    state = State(side="receiver", partnership=partnership, reached=policy.rung(stage))
    told = said(state, topic)
    for limit in stage.to_answer:
        what = f"{limit.what[0].lower()}{limit.what[1:].rstrip('.')}"
        if limit.shared:
            assert f"You and the other agency are to {what}" in told
        elif limit.who is Party.receiver:
            assert f"You are to {what}" in told
            assert f"They are to {what}" not in told


@pytest.mark.parametrize("topic", [Topic.next, Topic.answering, Topic.refusal])
@pytest.mark.parametrize(("partnership", "number"), RUNGS)
def test_who_owes_an_answer_is_told_what_comes_of_leaving_it_out(
    partnership: str, number: int, topic: Topic
) -> None:
    """The next stage of the policy, or what it says of the end; never that they may skip it."""
    policy = policies()[partnership]
    stage = policy.stage(number)
    state = State(
        side="receiver", risk=Risk.concern, partnership=partnership, reached=policy.rung(stage)
    )
    meant = as_it_is_meant(Enquiry(topic=topic), state)
    told = said(state, meant.topic)
    ahead = [one for one in policy.stages if one.number > number]
    ends = [statement.what for statement in policy.remaining]
    wanted = [f"They can take it to {ahead[0].label}"] if ahead else ends
    assert all(text in told for text in wanted)
    raiser = replace(state, side="raiser")
    assert as_it_is_meant(Enquiry(topic=Topic.answering), raiser).topic is Topic.answering


@pytest.mark.parametrize("partnership", IDS)
def test_who_has_told_nothing_is_told_the_first_stage(partnership: str) -> None:
    """Somebody with two minutes hears with whom it begins, and not every stage."""
    policy = policies()[partnership]
    told = said(State(partnership=partnership))
    assert policy.stages[0].title in told
    assert policy.stages[-1].title not in told


@pytest.mark.parametrize("partnership", IDS)
def test_a_manager_who_has_told_nothing_else_is_told_their_own_rung(partnership: str) -> None:
    """One of their team has come to them: their stage is that of their own rung."""
    policy = policies()[partnership]
    told = said(State(partnership=partnership, level="line_manager"))
    assert policy.stage_for(Level.line_manager).title in told


@pytest.mark.parametrize("topic", [Topic.notify, Topic.contacts])
@pytest.mark.parametrize("case", ["head", None])
def test_after_a_worry_about_a_colleague_whom_to_tell_is_about_it(
    topic: Topic, case: str | None
) -> None:
    """Unless it is none after all, or the question names a stage or another policy."""
    state = State(exit=Exit.allegation, head_accused=case is not None)
    meant = as_it_is_meant(Enquiry(topic=topic), state)
    assert (meant.topic, meant.words) == (Topic.allegation, case)
    for asked, known in (
        (Enquiry(topic=topic), State()),
        (Enquiry(topic=topic), replace(state, exit_check="no")),
        (Enquiry(topic=topic, stage=2), state),
        (Enquiry(topic=topic, partnerships=("kent",)), state),
    ):
        assert as_it_is_meant(asked, known) == asked


@pytest.mark.parametrize(("partnership", "number"), TOLD_ONCE_SETTLED)
def test_once_it_is_settled_nobody_is_to_be_told_that_it_is_not(
    partnership: str, number: int
) -> None:
    """Whom to tell is of the stage that settled it, where its policy names anybody for that."""
    policy = policies()[partnership]
    stage = policy.stage(number)
    state = State(
        risk=Risk.concern,
        partnership=partnership,
        reached=policy.rung(stage),
        step_on="2026-11-19",
        step_outcome="resolved",
    )
    told = said(state, Topic.notify)
    assert "if this stage does not settle it" not in told
    assert "once it is settled" in told
