"""The tables of the one database, made safely by any number of workers at once."""

import sqlalchemy as sa
from sqlalchemy.engine import Engine

METADATA = sa.MetaData()

EVENTS = sa.Table(
    "events",
    METADATA,
    # Rasa's own column is of 32 bits, which a busy service could use up.
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
)
"""What was said, as Rasa's SQL store keeps it: its own commands read it too."""
# Named as Rasa names its index of the sender alone, which an older SQLite file has.
sa.Index("ix_events_sender_id", EVENTS.c.sender_id, EVENTS.c.id)

CASE_SLOT = "case"
"""The slot in which a conversation names its case, by reference."""
NAMES_A_CASE = sa.and_(EVENTS.c.type_name == "slot", EVENTS.c.action_name == CASE_SLOT)
_OF_CASES = sa.Index(
    "ix_events_case",
    EVENTS.c.sender_id,
    sqlite_where=NAMES_A_CASE,
    postgresql_where=NAMES_A_CASE,
)

CASES = sa.Table(
    "cases",
    METADATA,
    sa.Column("reference", sa.String(32), primary_key=True),
    sa.Column("code", sa.String(64), nullable=False, unique=True),
    sa.Column("lock", sa.LargeBinary, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("used", sa.Float, nullable=False, index=True),
)

USED_LINKS = sa.Table(
    "used_links",
    METADATA,
    sa.Column("link", sa.String(32), primary_key=True),
    sa.Column("until", sa.Float, nullable=False, index=True),
)
"""Links that are good once and were used, until the moment they would end by themselves."""

PROBES = sa.Table(
    "probes",
    METADATA,
    sa.Column("worker", sa.String(32), primary_key=True),
    sa.Column("filling", sa.Text, nullable=False),
)
"""What a worker writes, and takes away again, to find out whether it can write."""

_SCHEMA_LOCK = 0x65736331
"""The number under which PostgreSQL lets one worker at a time make tables."""


def create(engine: Engine) -> None:
    """Make what is missing. Raises SQLAlchemyError."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two workers that both find a table missing would both make it, and one would fail.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
        METADATA.create_all(connection)
        _OF_CASES.create(connection, checkfirst=True)
