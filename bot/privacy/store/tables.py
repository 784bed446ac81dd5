"""The tables, made safely by any number of workers at once."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

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

FIGURES = sa.MetaData()
"""The tables of figures, which may be in a database of their own."""

ESCALATIONS = sa.Table(
    "escalations",
    FIGURES,
    # Made at random, and what SQLite sorts by: the order of writing is not kept.
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
    sa.Column("days_practitioner", sa.Integer),
    sa.Column("days_line_manager", sa.Integer),
    sa.Column("days_senior_manager", sa.Integer),
    sa.Column("days_director", sa.Integer),
    sa.Column("days_partnership", sa.Integer),
    sa.Column("answered", sa.String(16), nullable=False),
    sa.Column("settled", sa.String(32)),
    sa.Column("helped", sa.String(32)),
    sa.Column("learned", sa.String(32)),
    sa.Column("wording", sa.Boolean, nullable=False),
    sa.Column("draft", sa.Boolean, nullable=False),
    sa.Column("form", sa.Boolean, nullable=False),
    sa.Column("understood", sa.Boolean, nullable=False),
    sqlite_with_rowid=False,
)
"""One row an escalation (bot/core/conversation/figures.py). `link` is there while its conversation
or case can still bring it up to date, and is taken away with them: then nothing leads to the row.
`source` is "" for the guide's own, else the agency whose log it was loaded from."""
sa.Index("ix_escalations_policy", ESCALATIONS.c.policy, ESCALATIONS.c.month, ESCALATIONS.c.source)

ENDINGS = sa.Table(
    "endings",
    FIGURES,
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("policy", sa.String(64), primary_key=True),
    sa.Column("question", sa.String(32), primary_key=True),
    sa.Column("conversations", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How many conversations ended at which open question, counted when they are deleted. `policy` is
"" where none was chosen yet, `question` "" where none was open."""

LOSSES = sa.Table(
    "losses",
    FIGURES,
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How many rows and endings could not be kept, by the month in which the database was back."""

_SCHEMA_LOCK = 0x65736331
"""The number under which PostgreSQL lets one worker at a time make tables."""


def create(engine: Engine) -> None:
    """Make what is missing of conversations and cases. Raises SQLAlchemyError."""
    with engine.begin() as connection:
        # Two workers that both find a table missing would both make it, and one would fail.
        one_at_a_time(connection, _SCHEMA_LOCK)
        METADATA.create_all(connection)
        _OF_CASES.create(connection, checkfirst=True)


def create_figures(engine: Engine) -> None:
    """Make what is missing of the figures. Raises SQLAlchemyError."""
    with engine.begin() as connection:
        one_at_a_time(connection, _SCHEMA_LOCK)
        FIGURES.create_all(connection)


def one_at_a_time(connection: Connection, number: int) -> None:
    """Wait until nobody else is in a transaction of this number. SQLite needs none."""
    if connection.engine.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
