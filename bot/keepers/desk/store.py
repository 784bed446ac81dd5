"""Keeps drafts in the database: every version, who made it and when.

Nothing is overwritten. Of two people who change the same version, the second is told.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot.keepers.desk.work import NotThere, Work
from bot.keepers.draft.draft import Section
from bot.privacy.store.database import raising_store_unavailable
from bot.privacy.store.tables import POLICY_DRAFTS, POLICY_TEXTS, create_keeping


class Change(msgspec.Struct, frozen=True):
    """One version of a draft: what was done, by whom, in which role, and when (seconds)."""

    draft: str
    version: int
    at: float
    who: str
    post: str
    did: str


class Kept(msgspec.Struct, frozen=True):
    """A draft as it is kept, with the change that made this version."""

    change: Change
    work: Work


class ChangedMeanwhile(Exception):
    """Somebody else saved a later version. `now` is that version."""

    def __init__(self, now: Kept) -> None:
        super().__init__(f"version {now.change.version} is there")
        self.now = now


class NoSuchDraft(NotThere):
    """There is no draft of that name, or no such version."""


class Author(msgspec.Struct, frozen=True):
    """Who makes a change."""

    name: str
    post: str


_CHANGE = [POLICY_DRAFTS.c[name] for name in Change.__struct_fields__]


class DraftStore:
    """Drafts by name. `clock` gives seconds since 1970.

    Each method raises StoreUnavailable when the database fails.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock
        with raising_store_unavailable():
            create_keeping(engine)

    def drafts(self) -> list[Kept]:
        """Return the newest version of every draft, by name."""
        newest = (
            sa.select(POLICY_DRAFTS.c.draft, sa.func.max(POLICY_DRAFTS.c.version).label("version"))
            .group_by(POLICY_DRAFTS.c.draft)
            .subquery()
        )
        same = sa.and_(
            POLICY_DRAFTS.c.draft == newest.c.draft, POLICY_DRAFTS.c.version == newest.c.version
        )
        query = sa.select(POLICY_DRAFTS).join(newest, same).order_by(POLICY_DRAFTS.c.draft)
        with raising_store_unavailable(), self._engine.connect() as connection:
            return [_kept(row) for row in connection.execute(query)]

    def read(self, draft: str, version: int | None = None) -> Kept:
        """Return a version of a draft, the newest unless one is named. Raises NoSuchDraft."""
        query = sa.select(POLICY_DRAFTS).where(POLICY_DRAFTS.c.draft == draft)
        if version is not None:
            query = query.where(POLICY_DRAFTS.c.version == version)
        query = query.order_by(POLICY_DRAFTS.c.version.desc()).limit(1)
        with raising_store_unavailable(), self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NoSuchDraft(draft)
        return _kept(row)

    def save(self, draft: str, based_on: int, work: Work, author: Author, did: str) -> Change:
        """Keep a version that follows `based_on`; 0 begins a draft. Raises ChangedMeanwhile."""
        change = Change(draft, based_on + 1, self._clock(), author.name, author.post, did)
        row = {**msgspec.structs.asdict(change), "content": msgspec.json.encode(work).decode()}
        try:
            with raising_store_unavailable(IntegrityError), self._engine.begin() as connection:
                connection.execute(POLICY_DRAFTS.insert(), row)
        except IntegrityError:
            raise ChangedMeanwhile(self.read(draft)) from None
        return change

    def changes(self, drafts: set[str] | None = None) -> Iterator[Change]:
        """Yield every change of these drafts, or of all, the oldest first."""
        query = sa.select(*_CHANGE).order_by(
            POLICY_DRAFTS.c.at, POLICY_DRAFTS.c.draft, POLICY_DRAFTS.c.version
        )
        if drafts is not None:
            query = query.where(POLICY_DRAFTS.c.draft.in_(sorted(drafts)))
        with raising_store_unavailable(), self._engine.connect() as connection:
            yield from [Change(*row) for row in connection.execute(query)]

    def keep_text(self, sections: tuple[Section, ...]) -> str:
        """Keep a text and return the digest by which it is found."""
        content = msgspec.json.encode(sections).decode()
        digest = sha256(content.encode()).hexdigest()
        try:
            with raising_store_unavailable(IntegrityError), self._engine.begin() as connection:
                connection.execute(POLICY_TEXTS.insert(), {"digest": digest, "content": content})
        except IntegrityError:
            return digest  # The same text is there already.
        return digest

    def text(self, digest: str) -> tuple[Section, ...]:
        """Return a text; empty where there is none."""
        query = sa.select(POLICY_TEXTS.c.content).where(POLICY_TEXTS.c.digest == digest)
        with raising_store_unavailable(), self._engine.connect() as connection:
            content = connection.execute(query).scalar()
        return msgspec.json.decode(content or "[]", type=tuple[Section, ...])


def forget_versions(engine: Engine, before: float) -> int:
    """Take away versions saved before a time (seconds), but the newest of each draft.

    Texts that no version was read from go too. Returns the number of versions.
    """
    with raising_store_unavailable():
        create_keeping(engine)
        with engine.begin() as connection:
            later = POLICY_DRAFTS.alias()
            followed = sa.exists().where(
                later.c.draft == POLICY_DRAFTS.c.draft, later.c.version > POLICY_DRAFTS.c.version
            )
            old = POLICY_DRAFTS.delete().where(POLICY_DRAFTS.c.at < before, followed)
            gone: int = connection.execute(old).rowcount
            contents = connection.execute(sa.select(POLICY_DRAFTS.c.content)).scalars()
            used = {msgspec.json.decode(content, type=Work).text for content in contents}
            texts = POLICY_TEXTS.delete().where(POLICY_TEXTS.c.digest.notin_(sorted(used)))
            connection.execute(texts)
    return gone


def _kept(row: sa.engine.Row) -> Kept:
    change = Change(*(getattr(row, name) for name in Change.__struct_fields__))
    return Kept(change, msgspec.json.decode(row.content, type=Work))
