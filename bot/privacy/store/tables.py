"""The tables. A change here needs a migration (bot/privacy/store/schema.py)."""

import time
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.privacy.store.schema import Schema, prepare

METADATA = sa.MetaData()

EVENTS = sa.Table(
    "events",
    METADATA,
    # Rasa's own column has 32 bits, which a busy service could use up.
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
)
"""The conversations, in the format of Rasa's SQL store, so that Rasa's commands can read them."""
# Has the name of Rasa's index of the sender alone, which an older SQLite file has already.
sa.Index("ix_events_sender_id", EVENTS.c.sender_id, EVENTS.c.id)

CASE_SLOT = "case"
"""The slot that holds the reference of a conversation's case."""
NAMES_A_CASE = sa.and_(EVENTS.c.type_name == "slot", EVENTS.c.action_name == CASE_SLOT)
sa.Index(
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
    sa.Column("revision", sa.String(32), nullable=False, server_default=""),
)
"""`revision` is another random one with each change, so that of two people with one code who comes
second is told. It is "" where the case was last changed by a version that gave none."""

USED_LINKS = sa.Table(
    "used_links",
    METADATA,
    sa.Column("link", sa.String(32), primary_key=True),
    sa.Column("until", sa.Float, nullable=False, index=True),
)
"""Used single-use links, until they would expire anyway."""

PURGES = sa.Table(
    "purges",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float),
    sa.Column("doubted", sa.Float),
)
"""One row: when was last purged, and the first time since that was too late to be believed."""

PROBES = sa.Table(
    "probes",
    METADATA,
    sa.Column("worker", sa.String(32), primary_key=True),
    sa.Column("filling", sa.Text, nullable=False),
)
"""Rows that a worker writes and deletes to find out whether it can write."""

FEEDBACK = sa.Table(
    "feedback",
    METADATA,
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("policy", sa.String(64), primary_key=True),
    sa.Column("statement", sa.String(255), primary_key=True),
    sa.Column("section", sa.String(255), primary_key=True),
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("fault", sa.String(32), primary_key=True),
    sa.Column("version", sa.String(12), primary_key=True),
    sa.Column("reports", sa.Integer, nullable=False),
)
"""How often readers said that something is wrong with a statement, by its place in the policy's
file. Counts alone: no text, and nothing that leads to a conversation."""

FEEDBACK_ANSWERS = sa.Table(
    "feedback_answers",
    METADATA,
    sa.Column("policy", sa.String(64), primary_key=True),
    sa.Column("statement", sa.String(255), primary_key=True),
    sa.Column("section", sa.String(255), primary_key=True),
    sa.Column("version", sa.String(12), primary_key=True),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
)
"""What a keeper answered to the reports on a statement: changed it, or why it stays."""

FIGURES = sa.MetaData()
"""The tables of figures, which may have a database of their own."""

ESCALATIONS = sa.Table(
    "escalations",
    FIGURES,
    # Random, and what SQLite sorts by, so that the order of writing is not stored.
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
    sa.Column("settled", sa.String(32)),
    sa.Column("helped", sa.String(32)),
    sa.Column("learned", sa.String(32)),
    sa.Column("wording", sa.Boolean, nullable=False),
    sa.Column("draft", sa.Boolean, nullable=False),
    sa.Column("understood", sa.Boolean, nullable=False),
    sa.Column("side", sa.String(16), nullable=False, server_default="raiser"),
    sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("files", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("crowded", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("answered_practitioner", sa.String(16)),
    sa.Column("answered_line_manager", sa.String(16)),
    sa.Column("answered_senior_manager", sa.String(16)),
    sa.Column("answered_director", sa.String(16)),
    sa.Column("answered_partnership", sa.String(16)),
    sa.Column("decision", sa.String(16)),
    sqlite_with_rowid=False,
)
"""One row per escalation (bot/core/conversation/figures.py). `link` is set while its conversation
or case can still update the row, and cleared with them: then nothing leads to the row. `source`
is "" for the guide's own rows, else the agency whose log it was loaded from. `crowded` marks one of
many that came at once, as in a training: it is counted apart."""
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
"""How many conversations ended at each open question, counted when they are deleted. `policy` is
"" if none was chosen yet, `question` is "" if none was open."""

LOSSES = sa.Table(
    "losses",
    FIGURES,
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How many rows and endings could not be stored, by the month in which the database came back."""

PUBLISHED = sa.Table(
    "published",
    FIGURES,
    sa.Column("policy", sa.String(64), primary_key=True),
    sa.Column("quarter", sa.String(7), primary_key=True),
    sa.Column("source", sa.String(64), primary_key=True),
    sa.Column("counts", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The counts of a quarter as they are published, each changed by chance, and the words beside them
(bot/figures/publishing.py). Written once, when the quarter is first read; never changed."""

COMMENTS = sa.Table(
    "comments",
    FIGURES,
    sa.Column("policy", sa.String(64), primary_key=True),
    sa.Column("period", sa.String(16), primary_key=True),
    sa.Column("section", sa.String(64), primary_key=True),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What the partnership's own group says beside a table, masked, and what it will do."""

CONTACTS = sa.Table(
    "contacts",
    FIGURES,
    sa.Column("policy", sa.String(64), primary_key=True),
    sa.Column("period", sa.String(16), primary_key=True),
    sa.Column("agency", sa.String(32), primary_key=True),
    sa.Column("contacts", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How many contacts or referrals an agency made in a period, as the group entered it."""

KEEPING = sa.MetaData()
"""The tables of those who keep the policies."""

POLICY_DRAFTS = sa.Table(
    "policy_drafts",
    KEEPING,
    sa.Column("draft", sa.String(64), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("who", sa.String(128), nullable=False),
    sa.Column("post", sa.String(128), nullable=False),
    sa.Column("did", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)
"""Every version of every draft: nothing is overwritten, so that this is the audit trail as well."""

POLICY_TEXTS = sa.Table(
    "policy_texts",
    KEEPING,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
)
"""The published texts that drafts were read from."""

KEEPERS = sa.Table(
    "keepers",
    KEEPING,
    sa.Column("name", sa.String(128), primary_key=True),
    sa.Column("post", sa.String(128), nullable=False),
    sa.Column("rights", sa.Text, nullable=False),
    sa.Column("password", sa.String(256), nullable=False),
)
"""Accounts of sites without an identity provider. Of a password only its scrypt hash is kept."""


def seconds_now(engine: Engine, clock: Callable[[], float] | None = None) -> sa.sql.ColumnElement:
    """Seconds since 1970 for a statement: by PostgreSQL's own time, on SQLite by the clock.

    A worker whose clock is wrong would otherwise delete what others keep.
    """
    if engine.dialect.name == "postgresql":
        return sa.func.date_part("epoch", sa.func.clock_timestamp())
    return sa.literal((clock or time.time)())


CONVERSATION_TABLES = Schema("conversations", METADATA)
FIGURE_TABLES = Schema("figures", FIGURES)
KEEPER_TABLES = Schema("keepers", KEEPING)


def create_tables(engine: Engine) -> None:
    """Make the tables of conversations and cases, or bring them up to date.

    Raises WrongSchema where they cannot be, and SQLAlchemyError.
    """
    prepare(engine, CONVERSATION_TABLES)


def create_figures(engine: Engine) -> None:
    """Make the tables of figures, or bring them up to date. Raises as `create_tables` does."""
    prepare(engine, FIGURE_TABLES)


def create_keeping(engine: Engine) -> None:
    """Make the tables of the keepers, or bring them up to date. Raises as `create_tables` does."""
    prepare(engine, KEEPER_TABLES)
