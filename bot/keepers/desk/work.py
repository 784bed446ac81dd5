"""A draft policy while keepers work on it: statements in pieces, each with its passage.

The policy file is put together from the pieces. None is thrown away: one that was struck can be
taken back.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

import msgspec

from bot.core.policy.signing import APPROVAL

Place = tuple[str | int, ...]
"""Where something stands in a policy file: its keys, and its places in lists."""


class Standing(str, Enum):
    """What a person has decided about a piece."""

    open = "open"
    accepted = "accepted"
    struck = "struck"


class NotThere(LookupError):
    """There is no such draft, version, statement or place in a policy file."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of the policy file, or one of its plain values.

    `path` is as in `Proposal`. `proposed` is what was read from the text, None where a keeper wrote
    it. `silence_of` is the path of what the policy does not state, where the piece says so.
    """

    id: str
    path: str
    value: Any
    source: str = ""
    quote: str = ""
    standing: Standing = Standing.open
    proposed: Any = None
    silence_of: str = ""

    @property
    def place(self) -> Place:
        """The path, with its places in lists as numbers."""
        return place_of(self.path)

    @property
    def changed(self) -> bool:
        """Whether a keeper changed what was read."""
        return self.proposed is not None and self.proposed != self.value


class CaseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a keeper said of a case: the answer they confirmed, or the one that would be right.

    `reported`: the policy file is right, and the guide itself is wrong in this case.
    """

    case: str
    answer: dict[str, Any]
    confirmed: bool
    note: str = ""
    reported: bool = False


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """A check or a signature: by whom, in which role, on which day, over which content."""

    who: str
    role: str
    day: str
    digest: str


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """All that is kept of a draft. `text` is the digest of the text that it was read from.

    `begun_from` is the policy file that it changes, "" for a new policy. `published` is the file
    that it was written to, "" until it was, and again after a later change.
    """

    title: str
    text: str = ""
    begun_from: str = ""
    pieces: tuple[Piece, ...] = ()
    unread: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    cases: tuple[CaseAnswer, ...] = ()
    checked: Seal | None = None
    signed: Seal | None = None
    published: str = ""

    def piece(self, name: str) -> Piece:
        """Return a piece by its id. Raises NotThere."""
        for piece in self.pieces:
            if piece.id == name:
                return piece
        raise NotThere(name)

    def with_piece(self, piece: Piece) -> "Work":
        """Return the draft with a piece in place of the one of the same id, or added."""
        known = any(other.id == piece.id for other in self.pieces)
        pieces = tuple(piece if other.id == piece.id else other for other in self.pieces)
        kept = pieces if known else (*pieces, piece)
        return msgspec.structs.replace(self, pieces=kept, published="")

    def next_path(self, of: str) -> str:
        """Return the path of a further entry of a list."""
        held = place_of(of)
        taken = [
            place[len(held)]
            for piece in self.pieces
            if (place := piece.place)[: len(held)] == held and len(place) > len(held)
        ]
        return f"{of}.{max((int(at) for at in taken), default=-1) + 1}"

    def next_id(self) -> str:
        """Return the id of a piece that a keeper adds."""
        return f"added-{len(self.pieces) + 1}"


class Assembled(msgspec.Struct, frozen=True):
    """A draft as the values of a policy file, and the piece at each key of it."""

    plain: dict[str, Any]
    pieces: Mapping[str, str]

    def piece_at(self, key: str) -> str | None:
        """Return the id of the piece that a key such as `stages[1].title` lies in."""
        while key:
            if key in self.pieces:
                return self.pieces[key]
            key = key[: max(key.rfind("."), key.rfind("["), 0)]
        return None


def place_of(path: str) -> Place:
    """Return a path as keys and places.

    >>> place_of("stages.2.to_answer.0")
    ('stages', 2, 'to_answer', 0)
    """
    return tuple(int(part) if part.isdigit() else part for part in path.split("."))


def key_of(place: Iterable[str | int]) -> str:
    """Return a place as problems name it.

    >>> key_of(("stages", 2, "title"))
    'stages[2].title'
    """
    key = ""
    for part in place:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
    return key


def assembled(pieces: Iterable[Piece]) -> Assembled:
    """Put the pieces together that are not struck. Entries of a stage without its head are left."""
    tree: dict[Any, Any] = {}
    owners: dict[Place, str] = {}
    kept = [piece for piece in pieces if piece.standing is not Standing.struck]
    heads = {piece.place[:2] for piece in kept if piece.place[0] == "stages"}
    heads &= {piece.place for piece in kept}
    for piece in sorted(kept, key=lambda piece: [str(part).zfill(6) for part in piece.place]):
        place = piece.place
        if place[0] == "stages" and place[:2] not in heads:
            continue
        _put(tree, place, piece.value)
        owners[place] = piece.id
    named: dict[str, str] = {}
    plain = _listed(tree, (), (), owners, named)
    if not isinstance(plain, dict):
        return Assembled({}, named)
    for piece in kept:
        if piece.path == "contact" and piece.value and piece.source:
            plain.setdefault("contact_source", piece.source)
    return Assembled(plain, named)


def _put(tree: dict[Any, Any], place: Place, value: Any) -> None:
    node = tree
    for part in place[:-1]:
        if not isinstance(node.get(part), dict):
            node[part] = _numbered(node.get(part))
        node = node[part]
    last = place[-1]
    if isinstance(value, dict) and isinstance(node.get(last), dict):
        node[last] = {**node[last], **value}
    elif isinstance(value, dict):
        node[last] = dict(value)
    else:
        node[last] = value


def _numbered(value: object) -> dict[Any, Any]:
    return dict(enumerate(value)) if isinstance(value, list | tuple) else {}


def _listed(
    node: Any, place: Place, now: Place, owners: Mapping[Place, str], named: dict[str, str]
) -> Any:
    """Turn places in lists into lists without gaps, and note which piece stands where."""
    if place in owners:
        named[key_of(now)] = owners[place]
    if not isinstance(node, dict):
        return node
    if node and all(isinstance(part, int) for part in node):
        return [
            _listed(node[part], (*place, part), (*now, at), owners, named)
            for at, part in enumerate(_in_order(node, now))
        ]
    return {
        part: _listed(value, (*place, part), (*now, part), owners, named)
        for part, value in node.items()
    }


def _in_order(node: Mapping[int, Any], place: Place) -> list[int]:
    """Return the places in a list in order; stages stand by their numbers."""
    if place != ("stages",):
        return sorted(node)
    return sorted(node, key=lambda at: (_number(node[at]), at))


def _number(stage: Any) -> int:
    number = stage.get("number") if isinstance(stage, dict) else None
    return number if isinstance(number, int) else 0


WHOLE = frozenset({"readings", "applies", "excluded", "names", "places", "documents"})
"""Keys whose values belong to the piece that they stand in."""
OWN_HEADS = frozenset({"must_follow", "may_skip", "fallback", "replaces"})
"""Statements that stand under a key of their own, once."""


def pieces_of(plain: Mapping[str, Any]) -> tuple[Piece, ...]:
    """Take the values of a policy file apart; all are accepted, since a file holds them."""
    return tuple(
        Piece(
            id=f"file-{at}",
            path=path,
            value=value,
            source=str(value.get("source", "")) if isinstance(value, dict) else "",
            quote=str(value.get("quote") or "") if isinstance(value, dict) else "",
            standing=Standing.accepted,
        )
        for at, (path, value) in enumerate(_apart(plain), 1)
    )


def _apart(plain: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in plain.items():
        if key in APPROVAL:
            continue
        if key == "document" and isinstance(value, dict):
            yield from ((f"document.{name}", inner) for name, inner in value.items())
        elif _entries(key, value):
            for at, entry in enumerate(value):
                yield from _entry(f"{key}.{at}", entry)
        else:
            yield key, value


def _entries(key: str, value: object) -> bool:
    """Whether a key holds a list of statements."""
    return (
        key not in WHOLE
        and isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) for one in value)
    )


def _entry(path: str, entry: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield a statement without the statements in it, then each of those."""
    inner = {key for key, value in entry.items() if _entries(key, value) or key in OWN_HEADS}
    yield path, {key: value for key, value in entry.items() if key not in inner}
    for key in (key for key in entry if key in inner and entry[key] is not None):
        if key in OWN_HEADS:
            yield f"{path}.{key}", entry[key]
        else:
            for at, one in enumerate(entry[key]):
                yield from _entry(f"{path}.{key}.{at}", one)
