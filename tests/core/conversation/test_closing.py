"""An escalation that was settled: at which stage, from when, and what is another one."""

import msgspec
import pytest

from bot.core.conversation.answers import choose
from bot.core.conversation.closing import offer_to_close, stages_to_settle_at
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
from bot.core.vocabulary import Level, Outcome, Risk, Route
from tests.support.core import IDS, handbook, policies, shapes
from tests.support.escalation_row import TODAY, at_stage_1, row


def test_the_same_account_after_start_again_is_the_same_escalation() -> None:
    """Told from the other side too; another kind or another day is another escalation."""
    first = msgspec.structs.replace(at_stage_1(), figure="one")
    again = choose(
        msgspec.structs.replace(first, start_again="open"), "start_again", "yes", policies()
    ).state
    assert (again.figure, again.partnership) == (None, None)
    assert again.accounts[at_stage_1().account] == "one"
    other_side = at_stage_1(
        side="receiver", my_agency="childrens_social_care", their_agency="education"
    )
    assert other_side.account in again.accounts
    assert at_stage_1(disagreement="plan_progress").account not in again.accounts
    assert at_stage_1(step_on="2026-11-17").account not in again.accounts


@pytest.mark.parametrize("partnership", IDS)
def test_it_can_be_settled_at_this_stage_or_a_later_one(partnership: str) -> None:
    """Each such stage leads to resolved advice, and the stage is the one that was named."""
    policy = policies()[partnership]
    state = at_stage_1(partnership=partnership, area=None)
    opened = offer_to_close(state, policies())
    assert next_question(opened, policies()) is Question.settled
    here = policy.stage_for(Level.line_manager).number
    offered = [stage for stage in policy.stages if stage.number >= here]
    assert [stage.level for stage in stages_to_settle_at(state, policies())] == [
        stage.level for stage in offered
    ]
    for stage in offered:
        closed = choose(opened, "settled", str(stage.level), policies()).state
        assert policy.stage_for(Level(str(closed.reached))) is stage
        assert closed.step_outcome == Outcome.resolved
        written = row(closed)
        assert (written.route, written.settled) == (Route.resolved, stage.level)
    taken_back = choose(opened, "settled", "no", policies()).state
    assert taken_back == state


@pytest.mark.parametrize("risk", [Risk.immediate_danger, Risk.immediate_harm, Risk.unsure])
def test_an_urgent_conversation_cannot_be_settled(risk: Risk) -> None:
    """An urgent conversation is neither asked nor changed."""
    state = at_stage_1(risk=risk, calls_made="made")
    assert offer_to_close(state, policies()) == state
    assert choose(state, "settled", "line_manager", policies()).state == state


def test_the_stage_that_was_reached_is_offered_as_the_one_that_settled_it() -> None:
    """Kent at Stage 1: this stage and each later one, none below it, and "not settled"."""
    opened = offer_to_close(at_stage_1(), policies())
    offered = options(Question.settled, Menu(opened, policies(), TODAY, handbook().phrases))
    assert [option.value for option in offered] == [
        "line_manager",
        "senior_manager",
        "director",
        "partnership",
        "no",
    ]


def test_settled_where_they_are_keeps_the_day_that_was_told() -> None:
    """Also under a policy that depends on the agencies, this stage is the one they are at."""
    state = at_stage_1(
        partnership="elvering", trigger_check=None, reached="partnership", earlier={}
    )
    opened = offer_to_close(state, shapes())
    closed = choose(opened, "settled", "partnership", shapes()).state
    assert (closed.step_on, closed.step_outcome) == ("2026-11-16", Outcome.resolved)


def test_after_a_settled_case_the_next_child_is_another_escalation() -> None:
    """Told again as settled it is the same; waiting again with the same agencies it is not."""
    settled = at_stage_1(step_outcome="resolved", figure="one")
    again = choose(
        msgspec.structs.replace(settled, start_again="open"), "start_again", "yes", policies()
    ).state

    def told(outcome: str, accounts: dict[str, str]) -> str | None:
        return at_stage_1(step_outcome=outcome, accounts=accounts).told_before

    assert told("resolved", again.accounts) == "one"
    assert told("awaiting", again.accounts) is None
    # A case that still waited may be settled when it is told again.
    assert told("resolved", {at_stage_1().account: "two"}) == "two"
