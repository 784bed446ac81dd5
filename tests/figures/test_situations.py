"""Thirty situations as they happen, told to the guide in turns, and what is counted of each.

Each is one dispute or talk. What happened is written by hand beside it, as a person would count it.
"""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from bot.core.conversation.figures import AnswerTiming, Row
from bot.core.conversation.row import escalation_row, merge_row
from bot.core.conversation.state import State, facts_of
from bot.core.rules.advice import advise
from bot.core.vocabulary import Exit, Level, Risk
from bot.figures.counting import count_quarter
from bot.figures.log import new_row
from bot.figures.quarters import Quarter
from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import ESCALATIONS, create_figures
from tests.support.core import handbook, policies, shapes

SUMMER = Quarter(2026, 3)
Turn = tuple[str, dict[str, Any]]
"""A day of August or September 2026, and the answers as they are from then on."""

NOTHING: dict[str, Any] = {"reached": "nothing"}
STAGE_1: dict[str, Any] = {
    "reached": "line_manager", "step_on": "2026-08-03", "step_outcome": "awaiting",
}  # fmt: skip
STAGE_2: dict[str, Any] = {
    "reached": "senior_manager", "step_on": "2026-08-11", "step_outcome": "awaiting",
    "earlier": {"practitioner": "2026-07-28", "line_manager": "2026-08-03"},
}  # fmt: skip
URGENT = {"risk": Risk.immediate_harm, "calls_made": "made"}
ANSWERED: dict[str, Any] = {"step_outcome": "unresolved"}
SETTLED: dict[str, Any] = {"step_outcome": "resolved"}
CHANGED = {"decision": "changed"}
RECEIVED = {
    "side": "receiver", "my_agency": "childrens_social_care", "their_agency": "education",
}  # fmt: skip


def on(level: str, day: str) -> dict[str, Any]:
    """The day of the answer at a level."""
    return {"answered": {level: f"2026-{day}"}}


SITUATIONS: dict[str, tuple[list[Turn], list[str]]] = {
    # A talk, before anything was tried.
    "asked what to do first": ([("08-03", NOTHING)], ["counted talks"]),
    "asked first, then went to Stage 1": (
        [("08-03", NOTHING), ("08-04", STAGE_1)],
        ["counted escalations", "stage line_manager"],
    ),
    "asked by whoever has to answer": ([("08-03", NOTHING | RECEIVED)], ["counted received"]),
    # How far it went.
    "talked between practitioners": (
        [("08-04", STAGE_1 | ANSWERED | {"reached": "practitioner"})],
        ["counted escalations", "stage practitioner", "settled no"],
    ),
    "at Stage 1": ([("08-04", STAGE_1)], ["stage line_manager", "raiser education"]),
    "at Stage 1, then 2": (
        [("08-04", STAGE_1), ("08-12", STAGE_2)],
        ["stage senior_manager", "days_line_manager 6"],
    ),
    "told at Stage 2 at once": (
        [("08-12", STAGE_2)],
        ["counted escalations", "stage senior_manager"],
    ),
    "told at Stage 2 a month later": (
        [("09-12", STAGE_2)],
        ["stage senior_manager", "answered_senior_manager overdue"],
    ),
    "corrected from Stage 2 to 1": (
        [("08-12", STAGE_2), ("08-12", STAGE_1)],
        ["stage line_manager"],
    ),
    # Against the limit of five working days, which ends on 10 August.
    "waiting within the limit": ([("08-10", STAGE_1)], ["answered_line_manager waiting"]),
    "waiting after the limit": ([("08-11", STAGE_1)], ["answered_line_manager overdue"]),
    "nobody answered": (
        [("08-11", STAGE_1 | {"step_outcome": "no_response"})],
        ["answered_line_manager overdue"],
    ),
    "an answer told within the limit": (
        [("08-10", STAGE_1 | ANSWERED)],
        ["answered_line_manager in_time"],
    ),
    "an answer in time, told a month later": (
        [("09-08", STAGE_1 | ANSWERED | on("line_manager", "08-07"))],
        ["answered_line_manager in_time"],
    ),
    "a late answer, told a month later": (
        [("09-08", STAGE_1 | ANSWERED | on("line_manager", "08-20"))],
        ["answered_line_manager late"],
    ),
    "an answer of which nobody knows the day": (
        [("09-08", STAGE_1 | ANSWERED)],
        ["answered_line_manager not_known"],
    ),
    "a limit seen to pass, then an answer": (
        [("08-11", STAGE_1), ("08-12", STAGE_1 | ANSWERED)],
        ["answered_line_manager late"],
    ),
    "a limit missed at Stage 1, then Stage 2": (
        [("08-11", STAGE_1), ("08-12", STAGE_2)],
        ["answered_line_manager overdue", "answered_senior_manager waiting"],
    ),
    "gone on to Stage 2 within the limit": (
        [("08-11", STAGE_2 | {"step_on": "2026-08-06"})],
        ["answered_line_manager in_time"],
    ),
    # Settled.
    "settled on the day it was told": (
        [("08-04", STAGE_1), ("08-05", STAGE_1 | SETTLED | on("line_manager", "08-05"))],
        ["settled yes", "settled_at line_manager", "days_line_manager 2"],
    ),
    "settled weeks before it was told": (
        [("08-04", STAGE_1), ("09-20", STAGE_1 | SETTLED | on("line_manager", "08-07"))],
        ["settled_at line_manager", "days_line_manager 2", "answered_line_manager in_time"],
    ),
    "settled, nobody knows when": (
        [("09-20", STAGE_1 | SETTLED)],
        ["settled_at line_manager", "answered_line_manager not_known"],
    ),
    "settled, with what helped and why": (
        [("08-04", STAGE_1 | SETTLED | CHANGED | {"helped": "talking", "learned": "thresholds"})],
        ["settled yes", "decision changed", "helped talking", "learned thresholds",
         "settled_kind threshold"],
    ),
    "settled and come up again": (
        [("08-04", STAGE_1 | SETTLED), ("08-12", STAGE_2)],
        ["settled no", "stage senior_manager"],
    ),
    # Danger.
    "danger before anything else": (
        [("08-04", {"partnership": None, "reached": None, **URGENT})],
        [],
    ),
    "immediate risk, policy known": (
        [("08-04", {"reached": None, **URGENT})],
        ["counted same_day"],
    ),
    "at Stage 2, then in danger": (
        [("08-12", STAGE_2), ("08-13", STAGE_2 | URGENT)],
        ["counted escalations", "stage senior_manager", "urgent yes"],
    ),
    "in danger, then on by the stages": (
        [("08-12", STAGE_1 | URGENT), ("08-20", STAGE_2)],
        ["counted escalations", "stage senior_manager", "urgent yes"],
    ),
    "settled, and then in danger": (
        [
            ("08-04", STAGE_1 | SETTLED | {"settled_on": "2026-08-04"}),
            ("08-06", STAGE_1 | SETTLED | {"settled_on": "2026-08-04"} | URGENT),
        ],
        ["counted escalations", "stage line_manager", "settled yes", "urgent yes",
         "days_line_manager 0"],
    ),
    # The other side, and another procedure.
    "told by whoever has to answer": (
        [("08-04", STAGE_1 | RECEIVED)],
        ["counted received"],
    ),
    "an allegation": (
        [("08-04", NOTHING | {"exit": Exit.allegation, "exit_check": "yes"})],
        ["counted exit"],
    ),
}  # fmt: skip
ONLY_ESCALATIONS = {"stage", "settled", "raiser", "urgent"}
"""What is counted apart is in none of these tables."""


def told(turns: list[Turn]) -> Row:
    """The row after the turns, as the guide writes and updates it."""
    usual: dict[str, Any] = {
        "risk": Risk.concern, "partnership": "kent", "trigger_check": "no",
        "disagreement": "threshold", "my_agency": "education",
        "their_agency": "childrens_social_care", "child_status": (),
    }  # fmt: skip
    row: Row | None = None
    for day, answers in turns:
        state, today = State(**usual | answers), date.fromisoformat(f"2026-{day}")
        known = policies() | shapes()
        advice = advise(facts_of(state, known), state.policy(known), today, handbook())
        now = escalation_row(state, advice, known, handbook().phrases, today)
        row = now if row is None else merge_row(row, now)
    assert row is not None
    return row


@pytest.mark.parametrize("what", list(SITUATIONS))
def test_what_happened_is_what_is_counted(what: str) -> None:
    """One dispute is in one cell of a table at most, and in the one that a person would say."""
    turns, expected = SITUATIONS[what]
    engine = make_engine("sqlite://")
    create_figures(engine)
    with engine.begin() as connection:
        connection.execute(ESCALATIONS.insert(), [new_row(told(turns))])
        found = list(count_quarter(connection, ("kent", SUMMER), policies()["kent"]))
    engine.dispose()
    cells = [
        f"{table.shape.key} {value}"
        for table in found
        for value, count in table.counts.items()
        if count
    ]
    assert set(expected) <= set(cells)
    tables = Counter(cell.split(" ", 1)[0] for cell in cells)
    assert set(tables.values()) <= {1}
    apart = [cell for cell in cells if cell.startswith("counted")] != ["counted escalations"]
    assert not (apart and ONLY_ESCALATIONS & set(tables))


HACKNEY: dict[str, Any] = {
    "partnership": "city_and_hackney", "reached": "line_manager", "step_on": "2026-08-26",
    "step_outcome": "awaiting", "earlier": {"practitioner": "unknown"},
}  # fmt: skip


def test_a_stage_without_a_day_is_neither_in_time_nor_late() -> None:
    """A limit that runs from somewhere else says nothing of a stage whose day nobody told."""
    row = told([("08-27", HACKNEY), ("10-01", HACKNEY)])
    assert row.answered[Level.practitioner] is AnswerTiming.not_known


@pytest.mark.parametrize(
    ("today", "changes", "timing"),
    [
        ("08-04", {}, AnswerTiming.waiting),
        ("08-06", {}, AnswerTiming.not_known),
        ("08-11", {}, AnswerTiming.overdue),
        ("08-11", {"priority": "unknown"}, AnswerTiming.overdue),
        ("08-06", {"priority": "standard"}, AnswerTiming.waiting),
        ("08-11", ANSWERED | on("practitioner", "08-04"), AnswerTiming.in_time),
        ("08-20", ANSWERED | on("practitioner", "08-06"), AnswerTiming.not_known),
        ("08-20", ANSWERED | on("practitioner", "08-19"), AnswerTiming.late),
    ],
)
def test_without_a_track_an_answer_counts_as_what_it_is_on_each(
    today: str, changes: dict[str, Any], timing: AnswerTiming
) -> None:
    """What one track calls late and another in time is not known, and nobody goes missing."""
    begun = {
        "partnership": "thornmere", "reached": "practitioner", "step_on": "2026-08-03",
        "step_outcome": "awaiting",
    }  # fmt: skip
    assert told([(today, begun | changes)]).answered == {Level.practitioner: timing}
