"""What readers say is wrong with a statement, as counts, and what the keepers answered to it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot.privacy.store.database import read_only
from bot.privacy.store.tables import FEEDBACK, FEEDBACK_ANSWERS, create_tables

LONGEST = 255
LONGEST_REASON = 500


class Reported(msgspec.Struct, frozen=True):
    """A statement in one version of its file, with the number of reports of each fault."""

    policy: str
    version: str
    statement: str
    section: str
    faults: Mapping[str, int]
    last_month: str


class Answered(msgspec.Struct, frozen=True):
    """What a keeper answered to the reports on a statement. `decision` is changed or stays."""

    policy: str
    version: str
    statement: str
    section: str
    day: str
    decision: str
    reason: str


Key = tuple[str, str, str, str]
"""The policy, the version, the statement and its section."""


def key_of(told: Reported | Answered) -> Key:
    """Return what a report and its answer have in common."""
    return told.policy, told.version, told.statement, told.section


def count_report(engine: Engine, report: Mapping[str, Any], day: date) -> None:
    """Add one to the count of a report. Raises SQLAlchemyError."""
    names = ("policy", "version", "statement", "section", "kind", "fault")
    keys = {name: str(report[name])[:LONGEST] for name in names} | {"month": f"{day:%Y-%m}"}
    mine = sa.and_(*(FEEDBACK.c[name] == value for name, value in keys.items()))
    more = FEEDBACK.update().where(mine).values(reports=FEEDBACK.c.reports + 1)
    for last in (False, True):
        try:
            with engine.begin() as connection:
                if not connection.execute(more).rowcount:
                    connection.execute(FEEDBACK.insert(), keys | {"reports": 1})
        except IntegrityError:
            # Another worker added the same row first.
            if last:
                raise
        else:
            return


def reported(engine: Engine) -> list[Reported]:
    """Return every statement with reports, those with the most first. Raises SQLAlchemyError."""
    create_tables(engine)
    found: dict[Key, dict[str, int]] = {}
    months: dict[Key, str] = {}
    with read_only(engine).connect() as connection:
        for row in connection.execute(sa.select(FEEDBACK)).mappings():
            key = (row["policy"], row["version"], row["statement"], row["section"])
            faults = found.setdefault(key, {})
            faults[row["fault"]] = faults.get(row["fault"], 0) + row["reports"]
            months[key] = max(months.get(key, ""), row["month"])
    told = [Reported(*key, faults, months[key]) for key, faults in found.items()]
    return sorted(told, key=lambda one: (-sum(one.faults.values()), key_of(one)))


def answers(engine: Engine) -> dict[Key, Answered]:
    """Return what was answered. Raises SQLAlchemyError."""
    create_tables(engine)
    with read_only(engine).connect() as connection:
        rows = connection.execute(sa.select(FEEDBACK_ANSWERS)).mappings()
        told = [Answered(*(row[name] for name in Answered.__struct_fields__)) for row in rows]
    return {key_of(one): one for one in told}


def forget_feedback(engine: Engine, before: date) -> int:
    """Take away reports of months before that of a day, and answers of days before it.

    Returns the number of reports. Raises SQLAlchemyError.
    """
    create_tables(engine)
    old = FEEDBACK.c.month < f"{before:%Y-%m}"
    with engine.begin() as connection:
        reports = connection.execute(sa.select(sa.func.sum(FEEDBACK.c.reports)).where(old)).scalar()
        connection.execute(FEEDBACK.delete().where(old))
        answered = FEEDBACK_ANSWERS.c.day < before.isoformat()
        connection.execute(FEEDBACK_ANSWERS.delete().where(answered))
    return int(reports or 0)


def answer_reports(engine: Engine, answer: Answered) -> None:
    """Keep an answer in place of an earlier one. Raises SQLAlchemyError."""
    create_tables(engine)
    values = msgspec.to_builtins(answer)
    keys = ("policy", "version", "statement", "section")
    mine = sa.and_(*(FEEDBACK_ANSWERS.c[name] == values[name] for name in keys))
    with engine.begin() as connection:
        connection.execute(FEEDBACK_ANSWERS.delete().where(mine))
        connection.execute(FEEDBACK_ANSWERS.insert(), values)
