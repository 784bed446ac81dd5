"""Any answer changed at any time gives the advice that it would have given from the start."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.conversation.answers import TurnResult, choose
from bot.core.conversation.earlier import relevant_earlier
from bot.core.conversation.interpret import apply_message, reopen
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.reached import GAP
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
from bot.core.conversation.recap import SHOWN, fact_lines, recap
from bot.core.conversation.state import (
    APART,
    FOLLOWED,
    LEFT_OUT,
    NOTHING,
    UNKNOWN,
    State,
    facts_of,
)
from bot.core.rules.advice import advise
from bot.core.rules.results import Advice
from bot.core.vocabulary import Agency, Disagreement, Exit, Level, Outcome, Risk
from tests.support.core import IDS, handbook, policies
from tests.support.rounds import rounds

TODAY = date(2026, 11, 24)


class Mind(msgspec.Struct, frozen=True, kw_only=True):
    """What a practitioner knows and would answer, whichever question is put to them."""

    risk: Risk
    trigger_check: str
    exit: Exit | None
    exit_check: str
    partnership: str
    disagreement: str
    my_agency: str
    their_agency: str
    child_status: int
    area: int
    reached: str
    left_out: frozenset[str]
    days: dict[str, str]
    step_outcome: str
    concern_on: str

    def answer(self, question: Question, state: State) -> str:
        """Return the value on offer that fits what they know."""
        if question is Question.calls_made:
            return "made"
        if question is Question.same_agency:
            return APART
        if question in {Question.area, Question.child_status}:
            own = self.area if question is Question.area else self.child_status
            offered = options(question, Menu(state, policies(), TODAY, handbook().phrases))
            return offered[own % len(offered)].value
        if question is Question.reached:
            return self._reached(state)
        if question is Question.step_on:
            return self.days[str(state.reached)]
        if question is Question.earlier_followed:
            return self._followed(state)
        if question is Question.earlier_on:
            stage = relevant_earlier(state, policies())[-1]
            return LEFT_OUT if str(stage.level) in self.left_out else self.days[str(stage.level)]
        return str(getattr(self, question))

    def _reached(self, state: State) -> str:
        if self.reached in {NOTHING, UNKNOWN}:
            return self.reached
        at = msgspec.structs.replace(state, reached=self.reached)
        before = {str(stage.level) for stage in relevant_earlier(at, policies())}
        return f"{self.reached}.{GAP}" if before & self.left_out else self.reached

    def _followed(self, state: State) -> str:
        missing = [
            str(stage.level)
            for stage in relevant_earlier(state, policies())
            if str(stage.level) in self.left_out
        ]
        return ".".join(missing) or "all"


@st.composite
def minds(draw: st.DrawFn) -> Mind:
    """Draw what a practitioner knows; the stage is one that every policy has."""
    last = TODAY - timedelta(days=draw(st.integers(0, 20)))
    days, day = {}, last
    for level in reversed(Level):
        days[str(level)] = day.isoformat()
        day -= timedelta(days=draw(st.integers(0, 6)))
    return Mind(
        risk=draw(st.sampled_from(Risk)),
        trigger_check=draw(st.sampled_from(["yes", "no", "no", UNKNOWN])),
        exit=draw(st.sampled_from([None, None, None, *Exit])),
        exit_check=draw(st.sampled_from(["yes", "no", UNKNOWN])),
        partnership=draw(st.sampled_from(IDS)),
        disagreement=draw(st.sampled_from([*map(str, Disagreement), UNKNOWN])),
        my_agency=draw(st.sampled_from([*map(str, Agency), UNKNOWN])),
        their_agency=draw(st.sampled_from([*map(str, Agency), UNKNOWN])),
        child_status=draw(st.integers(0, 9)),
        area=draw(st.integers(0, 3)),
        reached=draw(st.sampled_from([NOTHING, UNKNOWN, *COMMON])),
        left_out=frozenset(draw(st.sets(st.sampled_from(COMMON), max_size=2))),
        days=days,
        step_outcome=draw(st.sampled_from([*map(str, Outcome), UNKNOWN])),
        concern_on=draw(st.sampled_from([days["practitioner"], UNKNOWN])),
    )


COMMON = [
    str(level)
    for level in Level
    if all(any(stage.level is level for stage in policy.stages) for policy in policies().values())
]
"""Levels that are a stage of their own in every policy: they can be kept in any of them."""


def go_on(mind: Mind, state: State, most: int = 30) -> State:
    """Answer what is asked, at most so many questions."""
    for _ in range(most):
        question = next_question(state, policies())
        if question is None:
            break
        answered = choose(state, str(question), mind.answer(question, state), policies())
        assert answered.filled, (question, mind.answer(question, state))
        state = answered.state
    return state


def advice(state: State) -> Advice:
    """Return the advice for a finished conversation."""
    assert next_question(state, policies()) is None
    return advise(facts_of(state, policies()), state.policy(policies()), TODAY, handbook())


def told_anew(mind: Mind, after: State) -> Advice:
    """Return the advice for a conversation with these answers from the start.

    What had been told on the way, though these questions do not ask for it, is told here too.
    """
    fresh = go_on(mind, State(exit=mind.exit, concern_on=after.concern_on))
    told = {
        name: getattr(after, name)
        for name in (
            "partnership",
            "area",
            "disagreement",
            "my_agency",
            "their_agency",
            "child_status",
            "reached",
            "step_on",
            "step_outcome",
        )
        if getattr(fresh, name) is None
    }
    return advice(
        msgspec.structs.replace(
            fresh, **told, calls=after.calls, earlier={**after.earlier, **fresh.earlier}
        )
    )


CHANGES = (
    "risk", "trigger_check", "exit_check", "partnership", "disagreement", "my_agency",
    "their_agency", "child_status", "area", "reached", "step_outcome",
)  # fmt: skip
WAYS = ("old button", "from the review")
thorough = settings(
    max_examples=rounds(150),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.mark.long
@thorough
@given(minds(), minds(), st.sampled_from(CHANGES), st.integers(0, 12), st.sampled_from(WAYS))
def test_a_changed_answer_gives_the_advice_it_would_have_given_from_the_start(
    mind: Mind, other: Mind, name: str, when: int, way: str
) -> None:
    """By an old button or from the review, in the middle or after the advice."""
    changed = msgspec.structs.replace(mind, **{name: getattr(other, name)})
    state = go_on(mind, State(exit=mind.exit), when)
    if getattr(state, name) is not None:
        state = _change(state, name, changed, way)
    after = go_on(changed, state)
    assert advice(after) == told_anew(changed, after)


def _change(state: State, name: str, mind: Mind, way: str) -> State:
    if way == "old button":
        question = Question(name)
        heard = choose(state, name, mind.answer(question, state), policies())
        assert heard.filled
        return heard.state
    return reopen(state, name).state


def typed(state: State, asked: Question | None, **reading: Any) -> TurnResult:
    """Apply a correction in a few words."""
    reading = {"corrects": True, **reading}
    return apply_message(
        state, asked, TypedMessage("inform", reading, "a few words"), policies(), TODAY
    )


@thorough
@given(minds(), st.sampled_from(IDS), st.sampled_from(list(Agency)), st.integers(1, 12))
def test_two_corrections_in_one_message_do_both(
    mind: Mind, partnership: str, agency: Agency, when: int
) -> None:
    """It's Dorset, not Kent, and it was the police: both change, at any point."""
    calm = msgspec.structs.replace(
        mind, risk=Risk.no_harm, exit=None, partnership="kent", their_agency="health"
    )
    changed = msgspec.structs.replace(calm, partnership=partnership, their_agency=str(agency))
    state = go_on(calm, State(partnership="kent", their_agency="health"), when)
    asked = next_question(state, policies())
    facts = {"partnership": partnership, "their_agency": str(agency)}
    heard = typed(state, asked, partnership=partnership, agencies=[str(agency)], facts=facts)
    assert (heard.state.partnership, heard.state.their_agency) == (partnership, str(agency))
    after = go_on(changed, heard.state)
    assert advice(after) == told_anew(changed, after)


@thorough
@given(minds(), st.integers(0, 12), st.sampled_from(["change_answer", "inform"]))
def test_a_correction_that_is_not_understood_loses_nothing(
    mind: Mind, when: int, intent: str
) -> None:
    """Every answer stays; after "change it" the answers are shown, to be chosen from."""
    calm = msgspec.structs.replace(mind, risk=Risk.no_harm, exit=None)
    state = go_on(calm, State(), when)
    asked = next_question(state, policies())
    reading = {"corrects": True}
    heard = apply_message(
        state, asked, TypedMessage(intent, reading, "not that one"), policies(), TODAY
    )
    for name in SHOWN:
        assert getattr(heard.state, name) == getattr(state, name)
    opens = next_question(heard.state, policies())
    assert opens is (Question.review if intent == "change_answer" else asked)


@pytest.mark.long
@thorough
@given(minds(), minds(), st.sampled_from(CHANGES))
def test_every_answer_that_a_change_clears_is_named(mind: Mind, other: Mind, name: str) -> None:
    """The note lists every answer that a change has cleared."""
    state = go_on(msgspec.structs.replace(mind, exit=None), State())
    if getattr(state, name) is None:
        return
    question = Question(name)
    heard = choose(state, name, other.answer(question, state), policies())
    said = {note.name: note.gaps for note in recap(heard, None, policies(), handbook().phrases)}
    phrases = handbook().phrases
    for field in ("area", "trigger_check", "child_status", "earlier", "step_on", "step_outcome"):
        before, after = getattr(state, field), getattr(heard.state, field)
        implied = field == "earlier" and set(state.earlier.values()) <= {FOLLOWED}
        if before not in (None, {}) and after in (None, {}) and field != name and not implied:
            assert phrases.say(f"name_{field}") in said["note_dropped"]["what"]


@pytest.mark.parametrize("partnership", IDS)
def test_back_goes_through_every_answer_to_the_first_and_forward_again(partnership: str) -> None:
    """Going back opens the answer before, one at a time, and the same answers end the same."""
    mind = Mind(
        risk=Risk.no_harm, trigger_check="no", exit=None, exit_check="no", partnership=partnership,
        disagreement="threshold", my_agency="health", their_agency="police", child_status=0, area=0,
        reached="line_manager", left_out=frozenset(), step_outcome="unresolved",
        days={str(level): "2026-11-16" for level in Level}, concern_on="2026-11-16",
    )  # fmt: skip
    state = end = go_on(mind, State())
    opened = []
    while True:
        asked = next_question(state, policies())
        heard = apply_message(
            state, asked, TypedMessage("go_back", {}, "go back"), policies(), TODAY
        )
        if heard.reopened is None:
            assert [note.name for note in heard.notes] == ["note_no_way_back"]
            break
        state = heard.state
        opened.append(heard.reopened)
        assert len(opened) < 20
    assert opened[-1] == "risk"
    assert next_question(state, policies()) is Question.risk
    assert go_on(mind, state) == msgspec.structs.replace(end, misses=0)


def test_the_review_has_a_line_for_every_answer_that_was_given() -> None:
    """It is made from the facts: what advice rests on can be seen and changed there."""
    state = State(
        risk=Risk.concern, exit=Exit.complaint, exit_check="no", partnership="pan_bedfordshire",
        area="luton", trigger_check="no", disagreement="threshold", my_agency="health",
        their_agency="police", child_status=("looked_after",), reached="senior_manager",
        earlier={"line_manager": LEFT_OUT, "practitioner": "2026-11-02"}, step_on="2026-11-16",
        step_outcome="awaiting", concern_on="2026-11-01", side="receiver", level="director",
        calls=("police.refused", "other.made"), settled_on="2026-11-20", priority="urgent",
        own_side="own_manager.matron.2026-11-12",
    )  # fmt: skip
    lines = list(fact_lines(state, list(SHOWN), policies(), handbook().phrases))
    assert len(lines) == len(SHOWN)
    assert "Stages before that: Stage 1: Practitioner to practitioner: Mon 2 Nov 2026" in "\n".join(
        lines
    )
    assert "Calls today: the police: refused, somebody else: told" in lines
    # Who the person is are two answers.
    not_asked = {"steps", "exit", "head_accused", "conflict", "harms", "kept_out", "not_lead"}
    facts = set(facts_of(state, policies()).__struct_fields__) - not_asked
    assert (facts - {"me"}) | {"side", "level"} <= set(SHOWN)
