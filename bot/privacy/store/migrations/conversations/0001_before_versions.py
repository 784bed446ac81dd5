"""The tables as they were until 29 November 2026, when versions began; those missing are made.

Not changed any more: `0002` and later go on from here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make what is missing."""
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("type_name", sa.String(255), nullable=False),
        sa.Column("timestamp", sa.Float),
        sa.Column("intent_name", sa.String(255)),
        sa.Column("action_name", sa.String(255)),
        sa.Column("data", sa.Text),
        if_not_exists=True,
    )
    op.create_index("ix_events_sender_id", "events", ["sender_id", "id"], if_not_exists=True)
    names_a_case = sa.text("type_name = 'slot' AND action_name = 'case'")
    op.create_index(
        "ix_events_case",
        "events",
        ["sender_id"],
        if_not_exists=True,
        sqlite_where=names_a_case,
        postgresql_where=names_a_case,
    )
    op.create_table(
        "cases",
        sa.Column("reference", sa.String(32), primary_key=True),
        sa.Column("code", sa.String(64), nullable=False, unique=True),
        sa.Column("lock", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("used", sa.Float, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_cases_used", "cases", ["used"], if_not_exists=True)
    op.create_table(
        "used_links",
        sa.Column("link", sa.String(32), primary_key=True),
        sa.Column("until", sa.Float, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_used_links_until", "used_links", ["until"], if_not_exists=True)
    op.create_table(
        "probes",
        sa.Column("worker", sa.String(32), primary_key=True),
        sa.Column("filling", sa.Text, nullable=False),
        if_not_exists=True,
    )
