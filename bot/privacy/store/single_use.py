"""Things that only one worker may use, and only once."""

from collections.abc import Callable

from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot.privacy.store.database import raising_store_unavailable
from bot.privacy.store.tables import USED_LINKS, create_tables


class SingleUse:
    """Remembers used names in the database until they would expire anyway.

    `clock` gives seconds since 1970. Each method raises StoreUnavailable when the database fails.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock
        with raising_store_unavailable():
            create_tables(engine)

    def used(self, name: str) -> bool:
        """Whether the name was used before."""
        which = USED_LINKS.c.link == name
        with raising_store_unavailable(), self._engine.connect() as connection:
            return connection.execute(USED_LINKS.select().where(which)).first() is not None

    def use(self, name: str, until: float) -> bool:
        """Use the name up; False if somebody else was first."""
        try:
            with raising_store_unavailable(IntegrityError), self._engine.begin() as connection:
                ended = USED_LINKS.c.until <= self._clock()
                connection.execute(USED_LINKS.delete().where(ended))
                connection.execute(USED_LINKS.insert(), {"link": name, "until": until})
        except IntegrityError:
            return False
        return True
