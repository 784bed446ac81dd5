"""Who keeps the policies: what each may do for which policy, and accounts for small sites."""

import hmac
import secrets
from collections.abc import Iterable, Mapping
from enum import Enum
from hashlib import scrypt, sha256

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.privacy.store.database import raising_store_unavailable
from bot.privacy.store.tables import KEEPERS, create_keeping

EVERY = "*"
"""Stands for every policy."""
SHORTEST = 12
"""Characters of a password."""
LONGEST = 128
"""Characters of a name and of a post."""


class Right(str, Enum):
    """What somebody may do with a policy. Each of the others holds the first."""

    read = "read"
    write = "write"
    check = "check"
    sign = "sign"


class Keeper(msgspec.Struct, frozen=True):
    """Somebody who is signed in, with their post and what they may do for each policy.

    `name` is "" for whoever has only the shared password.
    """

    name: str
    post: str
    rights: Mapping[str, frozenset[Right]]

    def may(self, right: Right, policy: str) -> bool:
        """Say whether they may do something with a policy, by its id or the name of its file."""
        policy = policy.partition(".")[0]
        held = self.rights.get(EVERY, frozenset()) | self.rights.get(policy, frozenset())
        return right in held or (right is Right.read and bool(held))

    def may_somewhere(self, right: Right) -> bool:
        """Say whether they may do something with any policy."""
        return any(right in held for held in self.rights.values())


READER = Keeper("", "", {EVERY: frozenset({Right.read})})
"""Whoever knows the shared password: may read, and change nothing."""


def read_rights(text: str) -> dict[str, frozenset[Right]]:
    """Return rights as they are written: "kent:write,sign *:check". Raises ValueError.

    >>> sorted(read_rights("kent:sign")["kent"])
    [<Right.sign: 'sign'>]
    """
    found: dict[str, frozenset[Right]] = {}
    for entry in text.replace(";", " ").split():
        policy, _, named = entry.partition(":")
        known = [right.value for right in Right]
        wrong = [word for word in named.split(",") if word not in known]
        if not policy or wrong:
            expected = f"such as kent:write,sign with rights from {', '.join(known)}"
            raise ValueError(f"{entry!r} is no right; expected a policy and rights, {expected}.")
        found[policy] = found.get(policy, frozenset()) | {Right(word) for word in named.split(",")}
    if not found:
        raise ValueError("At least one right is needed, such as kent:write.")
    return found


def written_rights(rights: Mapping[str, Iterable[Right]]) -> str:
    """Return rights as `read_rights` reads them."""
    return " ".join(
        f"{policy}:{','.join(sorted(right.value for right in held))}"
        for policy, held in sorted(rights.items())
    )


class Account(msgspec.Struct, frozen=True):
    """An account as it is kept: `password` is its hash."""

    name: str
    post: str
    rights: str
    password: str


class Accounts:
    """The accounts in the database. Each method raises StoreUnavailable when it fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[bytes, str] = {}
        self._key = secrets.token_bytes(32)
        with raising_store_unavailable():
            create_keeping(engine)

    def keep(self, name: str, post: str, rights: str, password: str) -> None:
        """Make an account, or change it. Raises ValueError for what it cannot be."""
        for value, called in ((name, "name"), (post, "role")):
            if not value.strip() or len(value) > LONGEST or ":" in value:
                raise ValueError(f"The {called} needs 1 to {LONGEST} characters, without a colon.")
        if len(password) < SHORTEST:
            raise ValueError(f"The password needs at least {SHORTEST} characters.")
        row = {
            "name": name.strip(),
            "post": post.strip(),
            "rights": written_rights(read_rights(rights)),
            "password": hashed(password),
        }
        with raising_store_unavailable(), self._engine.begin() as connection:
            connection.execute(KEEPERS.delete().where(KEEPERS.c.name == row["name"]))
            connection.execute(KEEPERS.insert(), row)

    def remove(self, name: str) -> bool:
        """Take an account away; False where there is none of that name."""
        with raising_store_unavailable(), self._engine.begin() as connection:
            gone = connection.execute(KEEPERS.delete().where(KEEPERS.c.name == name))
            return bool(gone.rowcount)

    def all(self) -> list[Account]:
        """Return every account, by name."""
        query = sa.select(KEEPERS).order_by(KEEPERS.c.name)
        with raising_store_unavailable(), self._engine.connect() as connection:
            return [Account(*row) for row in connection.execute(query)]

    def signed_in(self, name: str, password: str) -> Keeper | None:
        """Return whoever has this name and password."""
        query = sa.select(KEEPERS).where(KEEPERS.c.name == name)
        with raising_store_unavailable(), self._engine.connect() as connection:
            row = connection.execute(query).first()
        account = Account(*row) if row else Account(name, "", "", NOBODY)
        if not self._fits(password, account.password) or row is None:
            return None
        return Keeper(account.name, account.post, read_rights(account.rights))

    def _fits(self, password: str, kept: str) -> bool:
        # A browser sends the password with every request, and scrypt is meant to be slow. What is
        # remembered is of no use without this process's key, nor after the password has changed.
        seen = hmac.digest(self._key, password.encode(), "sha256")
        if self._known.get(seen) == kept:
            return True
        if not hmac.compare_digest(hashed(password, kept.partition("$")[0]), kept):
            return False
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        self._known[seen] = kept
        return True


MOST_REMEMBERED = 1000


def hashed(password: str, salt: str | None = None) -> str:
    """Return the scrypt hash of a password behind its salt."""
    salt = salt or secrets.token_hex(16)
    key = scrypt(password.encode(), salt=salt.encode(), n=2**14, r=8, p=1)
    return f"{salt}${key.hex()}"


NOBODY = hashed(secrets.token_hex(16))
"""Compared with where there is no account, so that the answer takes as long."""


def form_token(secret: str, keeper: Keeper) -> str:
    """Return what every form of a keeper holds, so that another site cannot send one for them."""
    return hmac.digest(secret.encode(), f"keepers' form\n{keeper.name}".encode(), "sha256").hex()


def same_token(one: str, other: str) -> bool:
    """Compare two tokens without telling how far they agree."""
    return hmac.compare_digest(sha256(one.encode()).digest(), sha256(other.encode()).digest())
