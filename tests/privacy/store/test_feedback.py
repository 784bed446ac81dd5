"""Reports on statements are counts, and a keeper's answer stands beside them."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.privacy.store.database import make_engine
from bot.privacy.store.feedback import (
    Answered,
    answer_reports,
    answers,
    count_report,
    forget_feedback,
    reported,
)
from bot.privacy.store.tables import FEEDBACK, create_tables

REPORT = {
    "policy": "kent", "version": "4e71b7153ee8", "statement": "stages[1].to_answer[0]",
    "section": "Stage 1", "kind": "advice", "fault": "out_of_date",
}  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An empty database."""
    made = make_engine(f"sqlite:///{tmp_path}/guide.db")
    create_tables(made)
    return made


def test_reports_on_one_statement_are_added_up(engine: Engine) -> None:
    """By fault, over months; another version of the file is another statement."""
    for day in (date(2026, 11, 3), date(2026, 11, 28), date(2026, 12, 1)):
        count_report(engine, REPORT, day)
    count_report(engine, {**REPORT, "fault": "unclear"}, date(2026, 11, 3))
    count_report(engine, {**REPORT, "version": "another"}, date(2026, 11, 3))
    first, second = reported(engine)
    assert first.faults == {"out_of_date": 3, "unclear": 1}
    assert (first.statement, first.last_month) == ("stages[1].to_answer[0]", "2026-12")
    assert second.version == "another"


def test_nothing_but_words_of_the_file_and_a_month_is_kept(engine: Engine) -> None:
    """No day, no conversation and no text: whatever else is handed in is left out."""
    count_report(engine, {**REPORT, "text": "mum said", "conversation": "web-1"}, date(2026, 11, 3))
    with engine.connect() as connection:
        (row,) = connection.execute(sa.select(FEEDBACK)).mappings()
    assert dict(row) == {**REPORT, "month": "2026-11", "reports": 1}


def test_a_later_answer_takes_the_place_of_an_earlier_one(engine: Engine) -> None:
    """One answer for each statement and version."""
    keys = ("kent", "4e71b7153ee8", "stages[1].to_answer[0]", "Stage 1")
    answer_reports(engine, Answered(*keys, "2026-12-01", "stays", "The policy says 5 days."))
    answer_reports(engine, Answered(*keys, "2026-12-02", "changed", "It is 4 days now."))
    (found,) = answers(engine).values()
    assert (found.decision, found.reason) == ("changed", "It is 4 days now.")


def test_reports_and_answers_of_long_ago_are_taken_away(engine: Engine) -> None:
    """Those of months before that of the day; later ones stay, with what was answered to them."""
    for reported_on in (date(2024, 2, 3), date(2024, 3, 30), date(2024, 4, 2)):
        count_report(engine, REPORT, reported_on)
    for day, policy in (("2024-03-31", "kent"), ("2024-04-01", "pan_dorset")):
        answer_reports(engine, Answered(policy, "4e71", "stages[1]", "1", day, "stays", "It is."))
    assert forget_feedback(engine, date(2024, 4, 1)) == 2
    (left,) = reported(engine)
    assert (left.faults, left.last_month) == ({"out_of_date": 1}, "2024-04")
    assert {one.policy for one in answers(engine).values()} == {"pan_dorset"}
