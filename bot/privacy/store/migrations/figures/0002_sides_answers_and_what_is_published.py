"""Who told, what became urgent, answers at each stage; what is published, and comments on it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
LEVELS = ("practitioner", "line_manager", "senior_manager", "director", "partnership")
URGENT = ("emergency", "same_day")


def upgrade() -> None:
    """Add the columns and tables; an answer moves to the stage it was given at."""
    side = sa.Column("side", sa.String(16), nullable=False, server_default="raiser")
    op.add_column("escalations", side)
    urgent = sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("escalations", urgent)
    files = sa.Column("files", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("escalations", files)
    crowded = sa.Column("crowded", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("escalations", crowded)
    for level in LEVELS:
        op.add_column("escalations", sa.Column(f"answered_{level}", sa.String(16)))
    columns = [
        sa.column(name) for name in ("route", "urgent", "files", "form", "level", "answered")
    ]
    columns += [sa.column(f"answered_{level}") for level in LEVELS]
    rows = sa.table("escalations", *columns)
    op.execute(rows.update().values(files=rows.c.form, urgent=rows.c.route.in_(URGENT)))
    for level in LEVELS:
        here = sa.and_(rows.c.level == level, rows.c.answered != "no_limit")
        op.execute(rows.update().where(here).values({f"answered_{level}": rows.c.answered}))
    op.drop_column("escalations", "answered")
    op.drop_column("escalations", "form")
    op.create_table(
        "published",
        sa.Column("policy", sa.String(64), primary_key=True),
        sa.Column("quarter", sa.String(7), primary_key=True),
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("counts", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "comments",
        sa.Column("policy", sa.String(64), primary_key=True),
        sa.Column("period", sa.String(16), primary_key=True),
        sa.Column("section", sa.String(64), primary_key=True),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
