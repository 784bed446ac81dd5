"""What is counted, and where: the exact counts that publishing starts from."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from bot.core.policy.loader import load_library
from bot.core.policy.model import Party, Policy
from bot.figures.counting import count_quarter
from bot.figures.quarters import Quarter
from bot.paths import POLICIES
from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import ENDINGS, ESCALATIONS, create_figures
from tests.figures.rows import SETTLED, figures_row

SPRING = Quarter(2026, 2)
LIBRARY = load_library(POLICIES).newest()
KENT = LIBRARY["kent"]

Counts = dict[str, dict[str, int]]


@pytest.fixture(scope="module", name="engine")
def fixture_engine() -> Iterator[Engine]:
    """A database in memory."""
    engine = make_engine("sqlite://")
    create_figures(engine)
    yield engine
    engine.dispose()


def counted(
    engine: Engine, rows: Sequence[dict[str, Any]], policy: Policy = KENT, source: str = ""
) -> Counts:
    """The counts of a policy if these are all the rows, without the zeros."""
    with engine.begin() as connection:
        connection.execute(ESCALATIONS.delete())
        if rows:
            connection.execute(ESCALATIONS.insert(), list(rows))
        found = list(count_quarter(connection, (policy.id, SPRING), policy, source))
    return {
        table.shape.key: {value: count for value, count in table.counts.items() if count}
        for table in found
    }


def test_each_escalation_is_counted_once_in_each_table(engine: Engine) -> None:
    """Other quarters, policies and logs are left out."""
    rows = [
        *(figures_row(month="2026-04") for _ in range(7)),
        *(figures_row(month="2026-06", disagreement="plan_progress") for _ in range(9)),
        *(figures_row(month="2026-05", **SETTLED) for _ in range(8)),
        *(figures_row(month="2026-07") for _ in range(50)),
        *(figures_row(policy="pan_dorset") for _ in range(50)),
        *(figures_row(source="City School Trust") for _ in range(50)),
    ]
    found = counted(engine, rows)
    assert found["counted"] == {"escalations": 24}
    assert found["disagreement"] == {"threshold": 15, "plan_progress": 9}
    assert found["raiser"] == {"education": 24}
    assert found["receiver"] == {"childrens_social_care": 24}
    assert found["pair"] == {"education>childrens_social_care": 24}
    assert found["settled"] == {"yes": 8, "no": 16}
    assert found["stage"] == {"line_manager": 24}
    assert found["settled_at"] == {"line_manager": 8}
    assert found["settled_kind"] == {"threshold": 8}
    assert found["helped"] == {"talking": 8}
    assert found["draft"] == {"yes": 24}


def test_what_reached_a_stage_stays_an_escalation_in_danger(engine: Engine) -> None:
    """It stays at its stage and is marked. Help that never reached a stage is counted apart."""
    urgent = {"urgent": True, "level": "director", "stage": 3}
    rows = [
        *(figures_row(route="emergency", **urgent) for _ in range(3)),
        *(figures_row(route="staged", **urgent) for _ in range(2)),
        figures_row(route="same_day", urgent=True, level=None, stage=None),
        figures_row(route="exit", exit="allegation", level=None, stage=None),
        figures_row(),
    ]
    found = counted(engine, rows)
    assert found["counted"] == {"escalations": 6, "same_day": 1, "exit": 1}
    assert found["stage"] == {"director": 5, "line_manager": 1}
    assert found["urgent"] == {"yes": 5, "no": 1}


def test_what_the_receiver_tells_is_counted_apart(engine: Engine) -> None:
    """Told from both sides it is one, and nobody raises what was raised with them."""
    rows = [figures_row(), figures_row(side="receiver"), figures_row(side="receiver", level=None)]
    found = counted(engine, rows)
    assert found["counted"] == {"escalations": 1, "received": 2}
    assert found["raiser"] == {"education": 1}


def test_an_own_logs_escalation_counts_though_its_stage_was_not_entered(engine: Engine) -> None:
    """An agency enters escalations, and a log without the column stage has as many as rows."""
    rows = [figures_row(source="Log", level=None, stage=None) for _ in range(31)]
    found = counted(engine, rows, source="Log")
    assert found["counted"] == {"escalations": 31}
    assert found["raiser"] == {"education": 31}
    assert found["stage"] == {}


def test_a_talk_before_anything_was_tried_is_no_escalation(engine: Engine) -> None:
    """It is counted by itself, and in no other table."""
    rows = [figures_row(level=None, stage=None, answered_line_manager=None) for _ in range(4)]
    found = counted(engine, [*rows, figures_row()])
    assert found["counted"] == {"escalations": 1, "talks": 4}
    assert found["disagreement"] == {"threshold": 1}


def test_what_came_with_many_at_once_is_counted_apart(engine: Engine) -> None:
    """A training, or somebody who plants rows, reaches no other number unseen."""
    rows = [figures_row(crowded=True) for _ in range(12)]
    rows += [figures_row(crowded=True, side="receiver"), figures_row()]
    found = counted(engine, rows)
    assert found["counted"] == {"escalations": 1, "crowded": 13}
    assert found["raiser"] == {"education": 1}


def test_answers_are_counted_at_every_stage_that_has_a_limit(engine: Engine) -> None:
    """A limit missed at Stage 1 is counted there, whatever came after it."""
    rows = [
        figures_row(
            level="senior_manager",
            answered_line_manager="overdue",
            answered_senior_manager="in_time",
        )
        for _ in range(3)
    ]
    rows += [figures_row(level="practitioner", answered_line_manager=None)]
    found = counted(engine, rows)
    assert found["answered_line_manager"] == {"overdue": 3}
    assert found["answered_senior_manager"] == {"in_time": 3}
    assert "answered_practitioner" not in found


@pytest.mark.parametrize("policy", list(LIBRARY.values()), ids=lambda policy: str(policy.id))
def test_a_stage_without_a_limit_has_no_table_of_answers(engine: Engine, policy: Policy) -> None:
    """Not having a limit is never counted as not known. The trust guidance has no such table."""
    limited = {
        f"answered_{stage.level}"
        for stage in policy.stages
        if any(limit.who is not Party.raiser or limit.shared for limit in stage.to_answer)
    }
    found = counted(engine, [], policy)
    assert {key for key in found if key.startswith("answered_")} == limited
    assert bool(limited) is (policy.id != "trust_guidance")


@pytest.mark.parametrize("policy", list(LIBRARY.values()), ids=lambda policy: str(policy.id))
def test_every_table_is_there_whatever_is_counted(engine: Engine, policy: Policy) -> None:
    """Whether a table is published tells nothing about what is in it."""
    rows = [figures_row(policy=policy.id, **SETTLED) for _ in range(40)]
    assert list(counted(engine, [], policy)) == list(counted(engine, rows, policy))
    own = counted(engine, [], policy, "City School Trust")
    assert set(own) < set(counted(engine, [], policy))
    assert not {"urgent", "endings", *("wording", "draft", "files", "understood")} & set(own)


def test_postgresql_counts_the_same(engine: Engine, postgres_url: str) -> None:
    """Rows, endings, yes and no, and unknown values are counted as on SQLite."""
    rows = [figures_row(files=at % 3 == 0, helped=None, area=None) for at in range(30)]
    rows += [figures_row(**SETTLED) for _ in range(12)]
    ended = {"month": "2026-05", "policy": "kent", "question": "risk", "conversations": 30}
    other = make_engine(postgres_url)
    create_figures(other)
    for each in (engine, other):
        with each.begin() as connection:
            connection.execute(ENDINGS.insert(), ended)
    here, there = (counted(each, rows) for each in (engine, other))
    other.dispose()
    with engine.begin() as connection:
        connection.execute(ENDINGS.delete())
    assert here == there
    assert here["files"] == {"yes": 10, "no": 32}
    assert here["endings"] == {"risk": 30}


def test_a_value_on_no_list_counts_as_not_known(engine: Engine) -> None:
    """A kind or area that was removed is still counted, without its name."""
    rows = [figures_row(disagreement="weather") for _ in range(6)]
    rows += [figures_row(disagreement=None), figures_row()]
    assert counted(engine, rows)["disagreement"] == {"threshold": 1, "": 7}


def test_days_are_counted_where_they_are_known(engine: Engine) -> None:
    """In bands; what is not known is in none."""
    rows = [
        figures_row(level="senior_manager", days_practitioner=days)
        for days in (0, 1, 3, 8, 12, 30, None)
    ]
    found = counted(engine, rows)["days_practitioner"]
    assert found == {"0": 2, "2": 1, "6": 1, "11": 1, "21": 1}


def test_a_level_without_a_stage_counts_at_the_stage_below(engine: Engine) -> None:
    """A director in Dorset is still at Stage 3."""
    rows = [figures_row(policy="pan_dorset", level="director")]
    assert counted(engine, rows, LIBRARY["pan_dorset"])["stage"] == {"senior_manager": 1}


def test_conversations_are_counted_by_their_last_question(engine: Engine) -> None:
    """They are counted apart from escalations."""
    left = {"month": "2026-05", "policy": "kent"}
    with engine.begin() as connection:
        for question, many in (("risk", 30), ("step_on", 2), ("", 40), ("gone", 3)):
            ended = {**left, "question": question, "conversations": many}
            connection.execute(ENDINGS.insert(), ended)
    found = counted(engine, [])
    with engine.begin() as connection:
        connection.execute(ENDINGS.delete())
    assert found["endings"] == {"risk": 30, "step_on": 2, "no_question": 40}
    assert found["counted"] == {}
