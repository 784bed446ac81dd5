"""What other shapes of policies need asking: the track, the rung, the settlement, the area."""

from typing import Any

import pytest

from bot.core.conversation.answers import choose
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options, question_response
from bot.core.conversation.slots import without_lapsed_policy
from bot.core.conversation.state import UNKNOWN, State, facts_of
from bot.core.vocabulary import Risk
from tests.support.core import TODAY, advised, handbook, shapes


def told(partnership: str, **given: Any) -> State:
    """Return the answers of a school that disagrees with social care, worried but not at once."""
    known = {"disagreement": "threshold", "my_agency": "education", "step_on": "2026-11-20"}
    known |= {"their_agency": "childrens_social_care", "step_outcome": "awaiting"}
    return State(risk=Risk.concern, partnership=partnership, **{**known, **given})


def test_the_agreed_track_is_asked_and_never_assumed() -> None:
    """Its date comes with the answer, and without one no date comes at all."""
    state = told("dunmere", reached="practitioner")
    assert next_question(state, shapes()) is Question.priority
    standard = choose(state, "priority", "standard_track", shapes()).state
    assert next_question(standard, shapes()) is None
    unknown = choose(state, "priority", UNKNOWN, shapes()).state
    dates = [
        [
            str(limit.due)
            for limit in advised(facts_of(one, shapes()), shapes()["dunmere"]).deadlines
        ]
        for one in (standard, unknown)
    ]
    assert dates == [["2026-11-27"], []]


@pytest.mark.parametrize(
    ("text", "track"),
    [
        ("it is the urgent track", "urgent_track"),
        ("We agreed the Standard  Track with them", "standard_track"),
        ("it was on the standard track, not the urgent one", "standard_track"),
        ("not the urgent track, the standard track", "standard_track"),
        ("what is the urgent track?", None),
        ("the urgent track or the standard track", None),
        ("this is urgent", None),
    ],
)
@pytest.mark.parametrize("asked", [Question.their_agency, Question.priority, None])
def test_a_track_is_heard_in_words_whatever_is_asked(
    text: str, track: str | None, asked: Question | None
) -> None:
    """Before it is asked and after the advice; a question and two tracks at once say nothing."""
    state = told("dunmere", reached="practitioner")
    message = TypedMessage("inform", {}, text)
    assert apply_message(state, asked, message, shapes(), TODAY).state.priority == track


def test_a_track_is_not_asked_where_no_limit_depends_on_it() -> None:
    """At the last stage of Dunmere nothing does."""
    assert next_question(told("dunmere", reached="senior_manager"), shapes()) is None


def test_each_of_several_rungs_on_a_level_can_be_chosen() -> None:
    """And the advice stands at the one that was."""
    state = told("longmere", reached=None, step_on=None, step_outcome=None)
    offered = options(Question.reached, Menu(state, shapes(), TODAY, handbook().phrases))
    assert {"line_manager:3", "line_manager:4"} <= {option.value for option in offered}
    chosen = choose(state, "reached", "line_manager:4", shapes()).state
    steps = facts_of(chosen, shapes()).steps
    assert [step.stage for step in steps][-1] == 4
    assert chosen.stage(shapes()) is not None


@pytest.mark.parametrize(("day", "due"), [("2026-11-10", "2026-11-13"), (UNKNOWN, "2026-11-27")])
def test_the_day_of_the_settlement_is_asked_where_a_limit_runs_from_it(day: str, due: str) -> None:
    """Without it the limit counts from today."""
    state = told("harcombe", reached="practitioner", step_outcome="resolved")
    assert next_question(state, shapes()) is Question.settled_on
    after = choose(state, "settled_on", day, shapes()).state
    (limit,) = advised(facts_of(after, shapes()), shapes()["harcombe"]).deadlines
    assert str(limit.due) == due


def test_an_excluded_area_goes_to_its_own_policy_or_ends_the_questions() -> None:
    """As soon as the area is known."""
    state = State(risk=Risk.concern, partnership="isles")
    handed = choose(state, "area", "far_isle", shapes()).state
    assert (handed.partnership, handed.area) == ("far_isle", None)
    elsewhere = choose(state, "area", "outer_isle", shapes()).state
    assert next_question(elsewhere, shapes()) is None


def test_a_policy_that_is_gone_is_told_with_the_question() -> None:
    """Until another area is chosen."""
    left = {name: policy for name, policy in shapes().items() if name != "fernley"}
    state = without_lapsed_policy(told("fernley", reached="practitioner"), left)
    menu = Menu(state, left, TODAY, handbook().phrases)
    assert question_response(Question.partnership, menu) == "ask_partnership_gone"
    again = choose(state, "partnership", "harcombe", left).state
    assert again.lapsed is None
