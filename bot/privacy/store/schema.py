"""The version of a database's tables: make them, or bring those of an earlier version up to date.

Each group of tables has a table with its version, and a folder of Alembic's migrations, one for
each version. A new database gets the tables as they are now, and the latest version.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.privacy.store.database import StoreUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"
_SCHEMA_LOCK = 0x65736331
"""The PostgreSQL lock for making and changing tables."""


class WrongSchema(StoreUnavailable):
    """The tables are not those of this version, and cannot be made so."""


@dataclass(frozen=True)
class Schema:
    """Tables that have one version together. `name` is that of their folder of migrations."""

    name: str
    metadata: sa.MetaData

    @cached_property
    def versions(self) -> tuple[str, ...]:
        """The versions that this guide knows, in order."""
        return tuple(path.stem[:4] for path in sorted((MIGRATIONS / self.name).glob("[0-9]*.py")))

    @property
    def version_table(self) -> str:
        """The name of the table that holds the version."""
        return f"{self.name}_version"


def prepare(engine: Engine, schema: Schema) -> None:
    """Make the tables or bring them up to date. Raises WrongSchema and SQLAlchemyError.

    Any number of workers may do so at once.
    """
    with engine.connect() as connection:
        version = _version(connection, schema)
    if version != schema.versions[-1]:
        with engine.begin() as connection:
            # If two workers find a table missing and both create it, one of them fails.
            lock_for_transaction(connection, _SCHEMA_LOCK)
            _bring_up_to_date(connection, schema)
    _check_columns(engine, schema)


def lock_for_transaction(connection: Connection, number: int) -> None:
    """Wait for PostgreSQL's lock of this number and hold it for the transaction."""
    if connection.engine.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def _bring_up_to_date(connection: Connection, schema: Schema) -> None:
    version, latest = _version(connection, schema), schema.versions[-1]
    if version is not None and version not in schema.versions:
        raise WrongSchema(
            f"The database was last used by a newer version of the guide (its tables have version "
            f"{version}, this one knows up to {latest}). Start that version again, or restore a "
            "backup from before it (docs/operations.md)."
        )
    tables = set(sa.inspect(connection).get_table_names())
    if version is None and not tables & set(schema.metadata.tables):
        schema.metadata.create_all(connection)
        holds = sa.Table(
            schema.version_table,
            sa.MetaData(),
            sa.Column("version_num", sa.String(32), primary_key=True),
        )
        holds.create(connection)
        connection.execute(holds.insert(), {"version_num": latest})
    elif version != latest:
        _migrate(connection, schema)


def _migrate(connection: Connection, schema: Schema) -> None:
    # Imported only now: it takes a third of a second, and is needed once after an update.
    from alembic import command
    from alembic.config import Config

    config = Config()
    for option, value in {
        "script_location": MIGRATIONS,
        "version_locations": MIGRATIONS / schema.name,
        "path_separator": "newline",
    }.items():
        config.set_main_option(option, str(value).replace("%", "%%"))
    config.attributes.update(connection=connection, version_table=schema.version_table)
    command.upgrade(config, "head")


def _version(connection: Connection, schema: Schema) -> str | None:
    """The version in the database; None where there is none, as before 29 November 2026."""
    if not sa.inspect(connection).has_table(schema.version_table):
        return None
    table = sa.table(schema.version_table, sa.column("version_num"))
    version = connection.execute(sa.select(table.c.version_num)).scalar()
    return None if version is None else str(version)


def _check_columns(engine: Engine, schema: Schema) -> None:
    """Raise WrongSchema for columns that somebody took away, or added so that no row fits."""
    inspector = sa.inspect(engine)
    wrong = []
    for table in schema.metadata.sorted_tables:
        there = {c["name"]: c for c in inspector.get_columns(table.name)}
        wrong += [f"{table.name} lacks the column {name}" for name in table.c.keys() - there.keys()]
        wrong += [
            f"{table.name} has the column {name}, which the guide does not fill"
            for name, column in there.items()
            if name not in table.c and not column["nullable"] and column["default"] is None
        ]
    if wrong:
        raise WrongSchema(
            "The database's tables were changed by something else: "
            + "; ".join(sorted(wrong))
            + ". Undo that, or restore a backup (docs/operations.md)."
        )
