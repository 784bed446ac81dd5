"""Whether the decision was changed; and the contacts or referrals that the group enters.

A worker of the version before goes on meanwhile: it knows neither.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("escalations", sa.Column("decision", sa.String(16)))
    op.create_table(
        "contacts",
        sa.Column("policy", sa.String(64), primary_key=True),
        sa.Column("period", sa.String(16), primary_key=True),
        sa.Column("agency", sa.String(32), primary_key=True),
        sa.Column("contacts", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
