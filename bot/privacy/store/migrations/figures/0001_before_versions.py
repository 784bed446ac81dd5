"""The tables as they were until 29 November 2026, when versions began; those missing are made."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make what is missing."""
    days = [
        sa.Column(f"days_{level}", sa.Integer)
        for level in ("practitioner", "line_manager", "senior_manager", "director", "partnership")
    ]
    op.create_table(
        "escalations",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("link", sa.String(64), unique=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("version", sa.String(10), nullable=False),
        sa.Column("area", sa.String(64)),
        sa.Column("route", sa.String(32), nullable=False),
        sa.Column("exit", sa.String(32)),
        sa.Column("disagreement", sa.String(32)),
        sa.Column("raiser", sa.String(32)),
        sa.Column("receiver", sa.String(32)),
        sa.Column("stage", sa.Integer),
        sa.Column("level", sa.String(32)),
        *days,
        sa.Column("answered", sa.String(16), nullable=False),
        sa.Column("settled", sa.String(32)),
        sa.Column("helped", sa.String(32)),
        sa.Column("learned", sa.String(32)),
        sa.Column("wording", sa.Boolean, nullable=False),
        sa.Column("draft", sa.Boolean, nullable=False),
        sa.Column("form", sa.Boolean, nullable=False),
        sa.Column("understood", sa.Boolean, nullable=False),
        if_not_exists=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_escalations_policy", "escalations", ["policy", "month", "source"], if_not_exists=True
    )
    op.create_table(
        "endings",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("policy", sa.String(64), primary_key=True),
        sa.Column("question", sa.String(32), primary_key=True),
        sa.Column("conversations", sa.Integer, nullable=False),
        if_not_exists=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "losses",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("rows", sa.Integer, nullable=False),
        if_not_exists=True,
        sqlite_with_rowid=False,
    )
