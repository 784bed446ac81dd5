"""Saved cases: answers from closed lists and dates, found and opened with a code.

A row holds a reference made at random, a keyed hash of the code, a public key, the sealed answers
(bot/privacy/cases/sealing.py) and when it was last used. The code is given out once by `save`
and is kept nowhere. What was deleted is overwritten, in the write-ahead log too.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.privacy.cases import codes, sealing
from bot.privacy.store.database import raising_store_unavailable
from bot.privacy.store.tables import CASES, create

DAY_SECONDS = 24 * 60 * 60


def new_reference() -> str:
    """Return a reference that nobody can guess; it is as long as its column."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Opened:
    """A case that a code brought back."""

    reference: str
    answers: dict[str, Any]


class CaseStore:
    """The cases of one database. Each method raises StoreUnavailable when that fails.

    A case that was not used for `days` is as good as deleted. `clock` gives seconds since 1970.
    """

    def __init__(
        self, engine: Engine, secret: str, days: float, clock: Callable[[], float] = time.time
    ) -> None:
        self.engine = engine
        self.days = days
        self._secret = secret
        self._clock = clock
        with raising_store_unavailable():
            create(engine)

    def save(self, reference: str, answers: Mapping[str, Any]) -> str:
        """Keep answers under a new code and give it; a code that the case had before ends."""
        code = codes.new_code()
        public_key = sealing.public_key_for(code, self._secret, reference)
        row = {
            "reference": reference,
            "code": sealing.fingerprint(code, self._secret),
            "lock": public_key,
            "sealed": _sealed(answers, public_key),
            "used": self._clock(),
        }
        with raising_store_unavailable(), self.engine.begin() as connection:
            connection.execute(CASES.delete().where(CASES.c.reference == reference))
            connection.execute(CASES.insert(), row)
        return code

    def keep(self, reference: str, answers: Mapping[str, Any]) -> bool:
        """Bring a case up to date under the code it has; False where there is none."""
        with raising_store_unavailable(), self.engine.begin() as connection:
            row = _fresh(connection, CASES.c.reference == reference, self._since())
            if row is None:
                return False
            sealed = _sealed(answers, row.lock)
            _change(connection, reference, sealed=sealed, used=self._clock())
        return True

    def open(self, code: str) -> Opened | None:
        """What a code brings back, or None: wrong, ended, deleted and too old are one answer."""
        found = sealing.fingerprint(code, self._secret)
        with raising_store_unavailable(), self.engine.begin() as connection:
            row = _fresh(connection, CASES.c.code == found, self._since())
            if row is None:
                return None
            plain = sealing.unseal(row.sealed, code, self._secret, row.reference)
            _change(connection, row.reference, used=self._clock())
        return Opened(row.reference, msgspec.json.decode(plain))

    def _since(self) -> float:
        return self._clock() - self.days * DAY_SECONDS


def _sealed(answers: Mapping[str, Any], public_key: bytes) -> bytes:
    return sealing.seal(msgspec.json.encode(answers), public_key)


def _fresh(connection: Connection, which: Any, since: float) -> Any:
    return connection.execute(sa.select(CASES).where(which, CASES.c.used >= since)).first()


def _change(connection: Connection, reference: str, **values: Any) -> None:
    connection.execute(CASES.update().where(CASES.c.reference == reference).values(**values))
