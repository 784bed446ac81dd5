"""The tables have a version: an earlier one is brought up to date, a newer one is refused."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered

from bot.core.conversation.slots import SLOTS
from bot.privacy.cases.saved import CaseStore
from bot.privacy.store import tables
from bot.privacy.store.database import StoreUnavailable, make_engine
from bot.privacy.store.schema import MIGRATIONS, Schema, WrongSchema
from bot.privacy.store.store_masking import RememberingMasker
from bot.privacy.store.tracker_store import GuideTrackerStore
from tests.support.postgres import POSTGRESQL
from tests.support.tiny_server import tiny_mask

DOMAIN = Domain.from_dict(
    {"slots": {name: {"type": "any", "mappings": [{"type": "custom"}]} for name in SLOTS}}
)
SCHEMAS = (tables.CONVERSATION_TABLES, tables.FIGURE_TABLES, tables.KEEPER_TABLES)
BEFORE_VERSIONS = Path(__file__).parent / "version_0001.sql"
"""A database that a running guide made on 29 November 2026, before there were versions."""
CODE = "3T4GQTQ6JVX44Y9VJVVJGJCFMC0D"
SECRET = "an upgrade test's secret, which is long enough"  # noqa: S105 (a test's)
IN_DANGER = "web-c3d1faa8e9f5ca63005294e750d1ab8a"


@pytest.fixture
def old(tmp_path: Path) -> str:
    """The address of a database of the version before there were versions."""
    file = tmp_path / "conversations.db"
    with sqlite3.connect(file) as database:
        database.executescript(BEFORE_VERSIONS.read_text())
    return f"sqlite:///{file}"


def shape(engine: sa.engine.Engine, schema: Schema) -> Any:
    """The columns and indexes of a schema's tables."""
    look = sa.inspect(engine)
    return {
        name: (
            [
                (c["name"], str(c["type"]), c["nullable"], c["default"])
                for c in look.get_columns(name)
            ],
            look.get_pk_constraint(name)["constrained_columns"],
            sorted((i["name"], i["column_names"], i["unique"]) for i in look.get_indexes(name)),
        )
        for name in (*schema.metadata.tables, schema.version_table)
    }


def version(engine: sa.engine.Engine, schema: Schema) -> str:
    """The version that a database says it has."""
    with engine.connect() as connection:
        return str(connection.exec_driver_sql(f"SELECT * FROM {schema.version_table}").scalar())  # noqa: S608


def test_a_database_of_the_version_before_goes_on_after_the_update(old: str) -> None:
    """Conversations with their answers, danger among them, and a case under its code."""
    store = GuideTrackerStore(DOMAIN, url=old, mask=tiny_mask)
    tracker = asyncio.run(store.retrieve(IN_DANGER))
    assert tracker is not None
    assert tracker.get_slot("red_flag")
    assert any(isinstance(e, UserUttered) for e in store.conversation(IN_DANGER))
    opened = CaseStore(store.engine, SECRET, days=100_000).open(CODE)
    assert opened is not None
    assert opened.answers["answers"]["partnership"] == "kent"
    assert version(store.engine, tables.CONVERSATION_TABLES) == SCHEMAS[0].versions[-1]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_an_updated_database_is_as_a_new_one(old: str, tmp_path: Path, schema: Schema) -> None:
    """Column by column and index by index."""
    updated, new = make_engine(old), make_engine(f"sqlite:///{tmp_path}/new.db")
    for engine in (updated, new):
        tables.create_tables(engine)
        tables.create_figures(engine)
        tables.create_keeping(engine)
    assert shape(updated, schema) == shape(new, schema)
    assert version(new, schema) == version(updated, schema) == schema.versions[-1]


@pytest.mark.parametrize("which", ["sqlite", POSTGRESQL])
def test_tables_made_step_by_step_are_as_new_ones(
    which: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Where one table is there already each migration runs, on either database."""
    if which == "sqlite":
        stepped, new = (make_engine(f"sqlite:///{tmp_path}/{name}.db") for name in ("a", "b"))
    else:
        postgres = request.getfixturevalue("postgres")
        stepped, new = (make_engine(postgres.url(name)) for name in ("stepped", "unstepped"))
    for table in (tables.EVENTS, tables.LOSSES, tables.KEEPERS):
        table.create(stepped)
    for engine in (stepped, new):
        tables.create_tables(engine)
        tables.create_figures(engine)
        tables.create_keeping(engine)
    for schema in SCHEMAS:
        assert shape(stepped, schema) == shape(new, schema)


def test_a_file_of_rasas_own_store_is_taken_over(tmp_path: Path) -> None:
    """The events are there, and what was missing beside them is made."""
    engine = make_engine(f"sqlite:///{tmp_path}/conversations.db")
    SQLTrackerStore.Base.metadata.create_all(engine)
    tables.create_tables(engine)
    names = {index["name"] for index in sa.inspect(engine).get_indexes("events")}
    assert names == {"ix_events_sender_id", "ix_events_case"}
    assert sa.inspect(engine).has_table("probes")


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_every_schema_has_its_migrations_in_order(schema: Schema) -> None:
    """Each goes on from the one before."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", str(MIGRATIONS / schema.name))
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(steps)) == schema.versions


def test_a_newer_database_is_refused_in_words_and_left_as_it_is(old: str) -> None:
    """It says what to do; nothing is made or changed."""
    engine = make_engine(old)
    tables.create_tables(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE conversations_version SET version_num = '9999'")
        connection.exec_driver_sql("DROP TABLE probes")
    with pytest.raises(StoreUnavailable, match=r"newer version of the guide.*9999.*backup"):
        GuideTrackerStore(Domain.empty(), url=old, mask=tiny_mask)
    assert not sa.inspect(engine).has_table("probes")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE cases RENAME COLUMN used TO unused", "cases lacks the column used"),
        ("ALTER TABLE events ADD COLUMN risk TEXT NOT NULL DEFAULT 'x'", None),
        ("ALTER TABLE events ADD COLUMN risk TEXT", None),
        (
            "DROP TABLE probes; CREATE TABLE probes (worker TEXT, filling TEXT, x TEXT NOT NULL)",
            "probes has the column x",
        ),
    ],
)
def test_tables_that_something_else_changed_stop_the_start(
    old: str, change: str, told: str | None
) -> None:
    """Where no row would fit any more; a column that may stay empty does no harm."""
    tables.create_tables(make_engine(old))
    with sqlite3.connect(old.removeprefix("sqlite:///")) as database:
        database.executescript(change)
    if told is None:
        tables.create_tables(make_engine(old))
    else:
        with pytest.raises(WrongSchema, match=told):
            tables.create_tables(make_engine(old))


def test_an_event_that_only_a_newer_version_can_read_is_left_out(
    old: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The conversation goes on without it, danger as before, and the log names its kind."""
    store = GuideTrackerStore(DOMAIN, url=old, mask=RememberingMasker(tiny_mask))
    with store.engine.begin() as connection:
        newer = {"sender_id": IN_DANGER, "type_name": "shine", "data": '{"event": "shine"}'}
        connection.execute(tables.EVENTS.insert(), newer)
    tracker = asyncio.run(store.retrieve(IN_DANGER))
    assert tracker is not None
    assert tracker.get_slot("red_flag")
    tracker.update(SlotSet("risk", "immediate_danger"))
    asyncio.run(store.save(tracker))
    last = store.conversation(IN_DANGER)[-1]
    assert isinstance(last, SlotSet)
    assert last.value == "immediate_danger"
    assert "'shine'" in caplog.text
