"""A name for each state of a saved case, and when was last purged.

A worker of the version before goes on meanwhile: it leaves both as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add both."""
    revision = sa.Column("revision", sa.String(32), nullable=False, server_default="")
    op.add_column("cases", revision)
    op.create_table(
        "purges",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float),
        sa.Column("doubted", sa.Float),
    )
