"""What may be used once only, by whichever worker comes first."""

from collections.abc import Callable

from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot.privacy.store.database import raising_store_unavailable
from bot.privacy.store.tables import USED_LINKS, create


class SingleUse:
    """Remembers in the database what was used, until it would end by itself.

    `clock` gives seconds since 1970. Each method raises StoreUnavailable when the database fails.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock
        with raising_store_unavailable():
            create(engine)

    def used(self, name: str) -> bool:
        """Whether it was used before."""
        which = USED_LINKS.c.link == name
        with raising_store_unavailable(), self._engine.connect() as connection:
            return connection.execute(USED_LINKS.select().where(which)).first() is not None

    def use(self, name: str, until: float) -> bool:
        """Use it up; False where somebody else has done so."""
        try:
            with raising_store_unavailable(IntegrityError), self._engine.begin() as connection:
                ended = USED_LINKS.c.until <= self._clock()
                connection.execute(USED_LINKS.delete().where(ended))
                connection.execute(USED_LINKS.insert(), {"link": name, "until": until})
        except IntegrityError:
            return False
        return True
