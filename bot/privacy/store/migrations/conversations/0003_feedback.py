"""Counts of what readers say is wrong with a statement, and what the keepers answered.

A worker of the version before goes on meanwhile: it knows neither table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add both."""
    statement = (("policy", 64), ("statement", 255), ("section", 255), ("version", 12))
    more = (("month", 7), ("kind", 32), ("fault", 32))
    counted = ("month", "policy", "statement", "section", "kind", "fault", "version")
    lengths = dict((*statement, *more))
    op.create_table(
        "feedback",
        *(sa.Column(name, sa.String(lengths[name]), primary_key=True) for name in counted),
        sa.Column("reports", sa.Integer, nullable=False),
    )
    op.create_table(
        "feedback_answers",
        *(sa.Column(name, sa.String(length), primary_key=True) for name, length in statement),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
    )
