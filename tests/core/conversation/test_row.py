"""The row of an escalation: what is counted of it, and that it holds nothing else."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.conversation.answers import choose
from bot.core.conversation.figures import AnswerTiming, Decision, Row
from bot.core.conversation.questions.spec import Menu
from bot.core.conversation.questions.table import next_question, options
from bot.core.conversation.row import answer_day_asked, escalation_row, merge_row
from bot.core.conversation.state import State, facts_of
from bot.core.policy.model import Party
from bot.core.vocabulary import Action, Agency, Disagreement, Exit, Level, Risk, Route, Side
from bot.figures.quarters import Quarter, quarter_of, stands_still
from tests.support.core import IDS, advised, handbook, policies, shapes
from tests.support.escalation_row import at_stage_1, row
from tests.support.rounds import rounds

CANARY = "Quentin Canary, 3 Canary Lane"


def test_a_row_holds_month_policy_stage_kind_agencies_and_days() -> None:
    """Month, policy, stage, kind, agencies, and working days from one stage to the next."""
    written = row(at_stage_1(taken=("draft",), missed=True))
    assert (written.month, written.policy, written.route) == ("2026-11", "kent", Route.staged)
    assert (written.stage, written.level) == (1, Level.line_manager)
    assert written.disagreement is Disagreement.threshold
    assert (written.raiser, written.receiver) == (Agency.education, Agency.childrens_social_care)
    assert written.days == {Level.practitioner: 5}
    assert written.answered == {Level.line_manager: AnswerTiming.waiting}
    assert (written.side, written.urgent) == (Side.raiser, False)
    assert (written.wording, written.draft, written.understood) == (False, True, False)
    assert written.settled is None


@pytest.mark.parametrize(
    ("outcome", "today", "expected"),
    [
        ("awaiting", date(2026, 11, 23), AnswerTiming.waiting),
        ("awaiting", date(2026, 11, 24), AnswerTiming.overdue),
        ("no_response", date(2026, 11, 24), AnswerTiming.overdue),
        ("unresolved", date(2026, 11, 23), AnswerTiming.in_time),
        ("unresolved", date(2026, 11, 24), AnswerTiming.not_known),
    ],
)
def test_an_answer_is_compared_with_the_limit(outcome: str, today: date, expected: str) -> None:
    """Kent's team manager has 5 working days from Monday 16th, which ends on Monday 23rd."""
    written = row(at_stage_1(step_outcome=outcome), today)
    assert written.answered == {Level.line_manager: expected}


@pytest.mark.parametrize("outcome", ["unresolved", "resolved"])
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-18", AnswerTiming.in_time),
        ("2026-11-23", AnswerTiming.in_time),
        ("2026-11-24", AnswerTiming.late),
        ("unknown", AnswerTiming.not_known),
        ("2026-11-02", AnswerTiming.not_known),
        ("2027-01-02", AnswerTiming.not_known),
    ],
)
def test_the_day_of_the_answer_counts_and_not_the_day_of_telling(
    outcome: str, day: str, expected: AnswerTiming
) -> None:
    """Told weeks later; a day before the stage or still to come is no answer's day."""
    told = at_stage_1(step_outcome=outcome, answered={"line_manager": day})
    assert row(told, date(2026, 12, 17)).answered == {Level.line_manager: expected}


def test_a_limit_missed_at_a_stage_is_counted_there_after_the_next_was_begun() -> None:
    """Seen overdue on Tuesday, at Stage 2 on Wednesday: Stage 1 stays missed."""
    before = row(at_stage_1(), date(2026, 11, 24))
    on = {"practitioner": "2026-11-09", "line_manager": "2026-11-16"}
    further = at_stage_1(reached="senior_manager", step_on="2026-11-25", earlier=on)
    now = merge_row(before, row(further, date(2026, 11, 25)))
    assert now.answered[Level.line_manager] is AnswerTiming.overdue
    assert now.answered[Level.senior_manager] is AnswerTiming.waiting
    quick = at_stage_1(reached="senior_manager", step_on="2026-11-20", earlier=on)
    assert row(quick, date(2026, 11, 20)).answered[Level.line_manager] is AnswerTiming.in_time
    unseen = row(further, date(2026, 11, 25)).answered[Level.line_manager]
    assert unseen is AnswerTiming.not_known


def test_days_end_when_it_was_settled_and_not_when_somebody_told() -> None:
    """Without the day of the settlement they are not known, unless it was raised that day."""
    settled = at_stage_1(step_outcome="resolved", answered={"line_manager": "2026-11-18"})
    assert row(settled, date(2026, 12, 17)).days[Level.line_manager] == 2
    untold = at_stage_1(step_outcome="resolved")
    assert Level.line_manager not in row(untold, date(2026, 12, 17)).days
    assert row(at_stage_1(step_outcome="resolved", step_on="2026-11-20")).days == {
        Level.practitioner: 9,
        Level.line_manager: 0,
    }


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("risk", [Risk.immediate_danger, Risk.immediate_harm, Risk.unsure])
def test_an_escalation_that_becomes_urgent_stays_at_its_stage(partnership: str, risk: Risk) -> None:
    """It is marked as urgent, and stays so when the danger is over."""
    state = at_stage_1(partnership=partnership, area=None, trigger_check=None)
    before = row(state)
    urgent = merge_row(before, row(at_stage_1(partnership=partnership, area=None, risk=risk)))
    assert urgent.urgent
    assert (urgent.level, urgent.answered) == (before.level, before.answered)
    assert urgent.level is not None
    forgot = merge_row(before, row(State(partnership=partnership, risk=risk)))
    assert (forgot.level, forgot.days, forgot.urgent) == (before.level, before.days, True)
    assert merge_row(urgent, before).urgent


def test_whoever_has_to_answer_is_the_receiver_whoever_tells() -> None:
    """A social worker whom a school escalates to: the school raised it."""
    told = at_stage_1(side="receiver", my_agency="childrens_social_care", their_agency="education")
    written = row(told)
    assert written.side is Side.receiver
    assert (written.raiser, written.receiver) == (Agency.education, Agency.childrens_social_care)


@pytest.mark.parametrize(
    ("changed", "today", "asked"),
    [
        ({"step_outcome": "unresolved"}, date(2026, 11, 24), True),
        ({"step_outcome": "unresolved"}, date(2026, 11, 23), False),
        ({"step_outcome": "resolved"}, date(2026, 11, 18), True),
        ({"step_outcome": "resolved"}, date(2026, 11, 16), False),
        ({"step_outcome": "awaiting"}, date(2026, 12, 24), False),
        ({"step_outcome": "no_response"}, date(2026, 12, 24), False),
        ({"step_outcome": "resolved", "step_on": "unknown"}, date(2026, 11, 24), False),
        (
            {"step_outcome": "unresolved", "answered": {"line_manager": "unknown"}},
            date(2026, 11, 24),
            False,
        ),
        ({"step_outcome": "unresolved", "risk": Risk.immediate_harm}, date(2026, 11, 24), False),
    ],
)
def test_the_day_of_an_answer_is_asked_only_where_nothing_else_tells(
    changed: dict[str, Any], today: date, *, asked: bool
) -> None:
    """Never in danger, never twice, and not where the answer was told before its limit."""
    state = at_stage_1(**changed)
    assert answer_day_asked(state, policies(), handbook().phrases, today) is asked


def test_an_answer_is_never_late_without_a_limit() -> None:
    """The trust guidance gives no time limits, so nothing stands against one."""
    state = at_stage_1(partnership="trust_guidance")
    assert row(state).answered == {}


def test_an_answer_after_the_limit_was_seen_to_pass_is_late() -> None:
    """Overdue on Tuesday, reported as answered on Wednesday."""
    before = row(at_stage_1(), date(2026, 11, 24))
    now = row(at_stage_1(step_outcome="unresolved"), date(2026, 11, 25))
    assert merge_row(before, now).answered == {Level.line_manager: AnswerTiming.late}


def test_the_row_of_a_settled_escalation_keeps_its_month_and_days() -> None:
    """Month and days no longer change; what came of it is added; what was taken stays taken."""
    settled = at_stage_1(step_outcome="resolved", answered={"line_manager": "2026-11-20"})
    before = row(msgspec.structs.replace(settled, taken=("files",)), date(2026, 11, 20))
    assert (before.settled, before.days[Level.line_manager]) == (Level.line_manager, 4)
    told = msgspec.structs.replace(settled, decision="changed_in_part", helped="meeting")
    later = row(told, date(2026, 12, 9))
    together = merge_row(before, later)
    assert (together.month, together.days) == ("2026-11", before.days)
    assert together.decision is Decision.changed_in_part
    assert merge_row(together, before).decision is Decision.changed_in_part
    assert (str(together.helped), together.files) == ("meeting", True)


def test_another_procedure_is_counted_without_a_stage() -> None:
    """An allegation counts as an allegation, not as an escalation at a stage."""
    written = row(
        State(risk=Risk.concern, partnership="kent", exit=Exit.allegation, exit_check="yes")
    )
    assert (written.route, written.stage, written.days) == (Route.exit, None, {})


@settings(max_examples=rounds(200), deadline=None)
@given(
    partnership=st.sampled_from(IDS),
    data=st.data(),
    today=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_a_row_holds_no_text_of_any_conversation(
    partnership: str, data: st.DataObject, today: date
) -> None:
    """Whatever was said and chosen, every value is of a closed list, an id, a month or a count."""
    state = State(
        risk=data.draw(st.sampled_from(list(Risk))),
        partnership=partnership,
        red_flag=data.draw(st.sampled_from([None, CANARY])),
        case=CANARY,
        figure=CANARY,
        calls_made="made",
    )
    while question := next_question(state, policies()):
        menu = Menu(state, policies(), today, handbook().phrases)
        offered = [option.value for option in options(question, menu)]
        chosen = data.draw(st.sampled_from(offered)) if question != "calls_made" else "made"
        state = choose(state, str(question), chosen, policies()).state
    written = row(msgspec.structs.replace(state, guesses=(CANARY,)), today)
    text = msgspec.json.encode(written).decode()
    assert "Canary" not in text
    assert msgspec.convert(msgspec.json.decode(text), Row) == written
    named = {written.policy, written.area, written.version, written.month}
    areas = {area.id for area in policies()[partnership].areas}
    begins = policies()[partnership].document.effective_from
    assert named <= {partnership, *areas, None, f"{begins or ''}", f"{today:%Y-%m}"}
    assert all(type(days) is int and days >= 0 for days in written.days.values())


def test_a_quarter_is_shown_six_weeks_after_its_end() -> None:
    """From then on none of its rows changes, so that comparing two days reveals nothing."""
    quarter = quarter_of(date(2026, 11, 26))
    assert (quarter, list(quarter.months())) == (
        Quarter(2026, 4),
        ["2026-10", "2026-11", "2026-12"],
    )
    assert quarter.shown_from == date(2027, 2, 12)
    assert quarter.before.following == quarter
    assert not stands_still("2026-12", date(2027, 2, 11))
    assert stands_still("2026-12", date(2027, 2, 12))


@pytest.mark.parametrize(
    ("their_agency", "action", "due", "answered"),
    [
        ("health", Action.wait, date(2026, 11, 26), AnswerTiming.waiting),
        ("police", Action.wait, date(2026, 11, 19), AnswerTiming.overdue),
    ],
)
def test_an_agency_is_late_by_the_limit_that_is_for_it(
    their_agency: str, action: Action, due: date, answered: AnswerTiming
) -> None:
    """Elvering gives health ten working days and everybody else a week: each is counted by its own.

    Health is in time where another would be late, in the figures as in the advice.
    """
    elvering = shapes()["elvering"]
    *below, last = elvering.stages
    limits = tuple(msgspec.structs.replace(limit, who=Party.receiver) for limit in last.to_answer)
    stages = (*below, msgspec.structs.replace(last, to_answer=limits))
    held = {"elvering": msgspec.structs.replace(elvering, stages=stages)}
    state = State(
        risk=Risk.concern, partnership="elvering", disagreement="threshold",
        my_agency="education", their_agency=their_agency, child_status=(),
        reached="partnership", step_on="2026-11-12", step_outcome="awaiting",
    )  # fmt: skip
    today = date(2026, 11, 24)
    advice = advised(facts_of(state, held), held["elvering"], today)
    assert advice.next.action is action
    assert [deadline.due for deadline in advice.deadlines] == [due]
    written = escalation_row(state, advice, held, handbook().phrases, today)
    assert written.answered == {Level.partnership: answered}


@pytest.mark.parametrize(
    ("before", "now", "written"),
    [
        (AnswerTiming.overdue, AnswerTiming.not_known, AnswerTiming.late),
        (AnswerTiming.late, AnswerTiming.not_known, AnswerTiming.late),
        (AnswerTiming.overdue, AnswerTiming.in_time, AnswerTiming.in_time),
        (AnswerTiming.overdue, AnswerTiming.waiting, AnswerTiming.waiting),
        (AnswerTiming.late, AnswerTiming.overdue, AnswerTiming.overdue),
        (AnswerTiming.waiting, AnswerTiming.not_known, AnswerTiming.not_known),
        (AnswerTiming.in_time, AnswerTiming.not_known, AnswerTiming.not_known),
    ],
)
def test_an_answer_is_written_late_only_where_it_came_after_its_limit_was_seen_to_pass(
    before: AnswerTiming, now: AnswerTiming, written: AnswerTiming
) -> None:
    """What the answers themselves say of the timing is kept, also when a day is put right."""
    kept, here = row(at_stage_1()), Level.line_manager
    earlier = msgspec.structs.replace(kept, answered={here: before})
    later = msgspec.structs.replace(kept, answered={here: now})
    assert merge_row(earlier, later).answered == {here: written}
