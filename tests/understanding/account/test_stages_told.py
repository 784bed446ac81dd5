"""Stages that somebody says were raised: which, on what day, and what came of them."""

import pytest

from bot.core.vocabulary import Outcome
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.outcomes import find_outcomes
from bot.understanding.account.position import find_wish
from bot.understanding.account.stages import RaisedStage, find_raised_stages
from bot.understanding.words.text import normal
from tests.support.accounts import SUNDAY, whole


def raised(text: str) -> tuple[RaisedStage, ...]:
    """The stages that were raised, of a text typed on a Sunday."""
    return find_raised_stages(text, whole(text), SUNDAY)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("we raised stage 1 today", [1]),
        ("a school raised stage two with me on tuesday", [2]),
        ("her manager rang me yesterday under stage 2", [2]),
        ("stage 1 came in thursday", [1]),
        ("a head emailed on thursday to say shes escalating under stage 1", [1]),
        ('an email headed "stage 2 escalation"', [2]),
        ("stage 1 was raised with the team manager", [1]),
        ("the stage 3 form was sent", [3]),
        ("Stage II has been opened", [2]),
        ("stage two was begun", [2]),
        ("the second stage was started", [2]),
        ("we are at stage 2", [2]),
        ("it is at stage 3 since 23 November", [3]),
        ("stage 2 on 20 November", [2]),
        ("stage 3 has not settled it", [3]),
        ("a stage 2 escalation has landed on my desk", [2]),
        ("they will not meet although stage 2 was raised", [2]),
        ("raised stage 1 and then stage 2", [1, 2]),
        ("i want to raise stage 2", []),
        ("we would like stage 2 raised", []),
        ("stage 2 must be raised in writing", []),
        ("if stage 2 was raised", []),
        ("is stage 2 raised by the head", []),
        ("stage 2 has not been raised", []),
        ("im thinking of escalating at stage 2 next week", []),
        ("what must i do at stage 2", []),
        ("we havent raised stage 2", []),
        ("stage 3 please", []),
        ("stage 1", []),
        ("at this stage I was told no", []),
    ],
)
def test_a_stage_that_was_raised_is_told_from_one_that_is_wished_for(
    text: str, numbers: list[int]
) -> None:
    """Its number alone says nothing of what came of it."""
    assert [stage.number for stage in raised(text)] == numbers
    assert not (numbers and find_wish(text, find_agencies(text)))


@pytest.mark.parametrize(
    ("text", "day", "outcome", "answered"),
    [
        ("stage 2 was raised on 20 November, no reply", 20, Outcome.no_response, None),
        ("stage 2 was opened on 20 November but not settled", 20, Outcome.unresolved, None),
        ("we are at stage 2, raised on 20 November", 20, None, None),
        ("we rang the worker on the 3rd and stage 2 was raised on the 20th", 20, None, None),
        ("social care refused. stage 2 was started on 20 November", 20, None, None),
        (
            "stage 2 has not settled it, the managers decided on 25 November",
            None,
            Outcome.unresolved,
            25,
        ),
    ],
)
def test_a_stage_has_the_day_on_which_it_was_raised(
    text: str, day: int | None, outcome: Outcome | None, answered: int | None
) -> None:
    """The day of an answer is another, and what came before a stage did not come of it."""
    (stage,) = raised(text)
    days = [on and on.day for on in (stage.on, stage.answered_on)]
    assert (*days, stage.outcome) == (day, answered, outcome)


@pytest.mark.parametrize("text", ["stage 1", "the first stage", "weds gone", "stage two, thursday"])
def test_a_stage_or_a_day_alone_has_no_outcome(text: str) -> None:
    """Even where the ranker is sure of one."""
    words = normal(text)
    sure = dict.fromkeys((words, "stage two", "thursday"), (str(Outcome.unresolved), 0.9))
    assert find_outcomes(words, sure) == []
