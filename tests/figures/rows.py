"""Rows of the figures for tests."""

import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import ESCALATIONS, create_figures

ORDINARY: dict[str, Any] = {
    "link": None, "source": "", "month": "2026-05", "policy": "kent", "version": "",
    "area": None, "route": "staged", "exit": None, "side": "raiser", "urgent": False,
    "crowded": False, "disagreement": "threshold",
    "raiser": "education", "receiver": "childrens_social_care", "stage": 1,
    "level": "line_manager", "days_practitioner": 3, "days_line_manager": None,
    "days_senior_manager": None, "days_director": None, "days_partnership": None,
    "answered_practitioner": None, "answered_line_manager": "waiting",
    "answered_senior_manager": None, "answered_director": None, "answered_partnership": None,
    "settled": None, "decision": None, "helped": None, "learned": None,
    "wording": False, "draft": True, "files": False, "understood": True,
}  # fmt: skip
SETTLED = {"route": "resolved", "settled": "line_manager", "answered_line_manager": "in_time",
           "days_line_manager": 4, "helped": "talking", "learned": "thresholds"}  # fmt: skip


def figures_row(**changed: Any) -> dict[str, Any]:
    """An ordinary row, with what is changed in it."""
    return {**ORDINARY, "id": secrets.token_hex(16), **changed}


def database(folder: Path, rows: Iterable[dict[str, Any]]) -> Engine:
    """A new database with these rows."""
    engine = make_engine(f"sqlite:///{folder}/figures.db")
    create_figures(engine)
    with engine.begin() as connection:
        connection.execute(ESCALATIONS.insert(), list(rows))
    return engine
