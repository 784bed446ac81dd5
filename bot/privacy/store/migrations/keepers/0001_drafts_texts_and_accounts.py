"""Drafts of policies, the texts that they were read from, and accounts.

Not changed any more: `0002` and later go on from here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make what is missing."""
    op.create_table(
        "policy_drafts",
        sa.Column("draft", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("who", sa.String(128), nullable=False),
        sa.Column("post", sa.String(128), nullable=False),
        sa.Column("did", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "policy_texts",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "keepers",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("post", sa.String(128), nullable=False),
        sa.Column("rights", sa.Text, nullable=False),
        sa.Column("password", sa.String(256), nullable=False),
        if_not_exists=True,
    )
