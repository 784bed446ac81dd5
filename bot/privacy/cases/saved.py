"""Saved cases: answers from closed lists and dates, found and opened with a code.

A row holds a random reference, a keyed hash of the code, a public key, the sealed answers
(bot/privacy/cases/sealing.py) and when it was last used. `save` gives the code out once and
stores it nowhere. Deleted rows are overwritten, in the write-ahead log too.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.privacy.cases import codes, sealing
from bot.privacy.store.database import raising_store_unavailable
from bot.privacy.store.tables import CASES, create_tables, seconds_now

DAY_SECONDS = 24 * 60 * 60


def new_reference() -> str:
    """Return a reference that nobody can guess, as long as its column."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class OpenedCase:
    """A case opened with its code."""

    reference: str
    answers: dict[str, Any]
    revision: str = ""


class ChangedElsewhere(Exception):
    """Somebody else with the code has changed the case since it was opened here."""


class CaseStore:
    """The saved cases of one database. Each method raises StoreUnavailable when that fails.

    A case unused for `days` counts as deleted. `clock` gives seconds since 1970 on SQLite;
    PostgreSQL has its own.
    """

    def __init__(
        self, engine: Engine, secret: str, days: float, clock: Callable[[], float] | None = None
    ) -> None:
        self.engine = engine
        self.days = days
        self._secret = secret
        self._clock = clock
        with raising_store_unavailable():
            create_tables(engine)

    def save(self, reference: str, answers: Mapping[str, Any], revision: str = "") -> str:
        """Save answers under a new code and return it; the case's earlier code stops working."""
        code = codes.new_code()
        public_key = sealing.public_key_for(code, self._secret, reference)
        row = {
            "reference": reference,
            "code": sealing.fingerprint(code, self._secret),
            "lock": public_key,
            "sealed": _sealed(answers, public_key),
            "revision": revision,
        }
        with raising_store_unavailable(), self.engine.begin() as connection:
            connection.execute(CASES.delete().where(CASES.c.reference == reference))
            connection.execute(CASES.insert().values(**row, used=self._now()))
        return code

    def keep(
        self,
        reference: str,
        answers: Mapping[str, Any],
        revision: str = "",
        known: Collection[str] = ("",),
    ) -> bool:
        """Update a case under its present code; False if there is no such case.

        Raises ChangedElsewhere unless it is still one of the revisions `known`.
        """
        with raising_store_unavailable(), self.engine.begin() as connection:
            row = _find_unexpired(connection, CASES.c.reference == reference, self._since())
            if row is None:
                return False
            sealed = _sealed(answers, row.lock)
            as_known = CASES.c.revision.in_({revision, *known})
            changed = {"sealed": sealed, "revision": revision, "used": self._now()}
            if not _update(connection, reference, as_known, **changed):
                raise ChangedElsewhere
        return True

    def check(self, reference: str, known: Collection[str]) -> None:
        """Raise ChangedElsewhere where the case is none of the revisions `known`."""
        with raising_store_unavailable(), self.engine.connect() as connection:
            row = _find_unexpired(connection, CASES.c.reference == reference, self._since())
        if row is not None and row.revision not in known:
            raise ChangedElsewhere

    def open(self, code: str) -> OpenedCase | None:
        """The case of a code, or None. Wrong, replaced, deleted and expired codes look alike."""
        found = sealing.fingerprint(code, self._secret)
        with raising_store_unavailable(), self.engine.begin() as connection:
            row = _find_unexpired(connection, CASES.c.code == found, self._since())
            if row is None:
                return None
            plain = sealing.unseal(row.sealed, code, self._secret, row.reference)
            _update(connection, row.reference, used=self._now())
        return OpenedCase(row.reference, msgspec.json.decode(plain), row.revision)

    def _now(self) -> sa.sql.ColumnElement:
        return seconds_now(self.engine, self._clock)

    def _since(self) -> sa.sql.ColumnElement:
        return self._now() - self.days * DAY_SECONDS


def _sealed(answers: Mapping[str, Any], public_key: bytes) -> bytes:
    return sealing.seal(msgspec.json.encode(answers), public_key)


def _find_unexpired(connection: Connection, which: Any, since: sa.sql.ColumnElement) -> Any:
    return connection.execute(sa.select(CASES).where(which, CASES.c.used >= since)).first()


def _update(connection: Connection, reference: str, *only: Any, **values: Any) -> int:
    mine = CASES.update().where(CASES.c.reference == reference, *only).values(**values)
    return int(connection.execute(mine).rowcount)
