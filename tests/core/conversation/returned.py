"""Saved cases of every policy, and their return."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import msgspec
import pytest

from bot.core.conversation.answers import choose
from bot.core.conversation.held import FollowUp
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
from bot.core.conversation.returning import (
    NOT_DONE,
)
from bot.core.conversation.saving import Saved, case_to_save, restore
from bot.core.conversation.state import NOTHING, UNKNOWN, State, facts_of
from bot.core.policy.model import Policy, Stage
from bot.core.rules.advice import advise
from bot.core.rules.results import Advice
from bot.core.vocabulary import Action, Outcome, Risk
from tests.support.core import IDS, handbook, policies

SAVED_ON = date(2026, 11, 20)


TODAY = date(2026, 12, 2)


RAISED = date(2026, 11, 24)


NAME = "Zebedee Qwzxv"


NEXT_WEEK = TODAY + timedelta(days=7)


def advice_on(state: State, today: date) -> Advice:
    """Return the advice for a state."""
    policy = state.policy(policies())
    return advise(facts_of(state, policies()), policy, today, handbook())


def answered(partnership: str, reached: str, outcome: str | None, on: str | None) -> State:
    """Return a state in which every question is answered, at a stage with an outcome."""
    state = State(
        risk=Risk.no_harm,
        partnership=partnership,
        reached=reached,
        step_on=on,
        step_outcome=outcome,
    )
    while question := next_question(state, policies()):
        menu = Menu(state, policies(), SAVED_ON, handbook().phrases)
        offered = [option.value for option in options(question, menu)]
        if question in {Question.earlier_on, Question.concern_on}:
            offered = ["2026-11-02"]
        state = choose(state, str(question), offered[0], policies()).state
    return state


def situations() -> list[Any]:
    """Return every policy with every stage and outcome, nothing done and no date known too."""
    found = []
    for partnership in IDS:
        found.append(pytest.param(partnership, NOTHING, None, None, id=f"{partnership}-nothing"))
        for stage, outcome, on in product(
            policies()[partnership].stages, Outcome, ("2026-11-16", UNKNOWN)
        ):
            name = f"{partnership}-{stage.number}-{outcome}-{on}"
            found.append(pytest.param(partnership, str(stage.level), str(outcome), on, id=name))
    return found


EVERYWHERE = pytest.mark.parametrize(("partnership", "reached", "outcome", "on"), situations())


def saved_and_back(state: State) -> State:
    """Save a case, bring it back in a new conversation, and say that the risk is as it was."""
    return as_before(just_back(state), state)


def as_before(back: State, state: State) -> State:
    """Answer the question about danger as it was answered before."""
    assert next_question(back, policies()) is Question.risk
    return choose(back, "risk", str(state.risk), policies()).state


def just_back(state: State) -> State:
    """Save a case and bring it back in a new conversation."""
    saved = case_to_save(state, advice_on(state, SAVED_ON), policies(), SAVED_ON)
    read = msgspec.json.decode(msgspec.json.encode(saved), type=Saved)
    return restore(State(), read, "one", policies())


def stage_after(policy: Policy, here: Stage, told: str, since: FollowUp) -> Stage:
    """Return the stage after a report: the advised stage, or the present one."""
    if told == NOT_DONE or since.action not in {Action.discuss, Action.escalate}:
        return here
    return here if since.to_stage is None else policy.stage(since.to_stage)
