"""What the pages of a draft show: statements in groups, cases, passages, and what changes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import inspect

from bot.core.handbook.handbook import Handbook
from bot.keepers.desk.fields import (
    Choice,
    Surroundings,
    shown_day,
    type_at,
    value_words,
    wording,
    words_for,
)
from bot.keepers.desk.left import may_be_silent
from bot.keepers.desk.loading import title_of
from bot.keepers.desk.work import Piece, Standing, Work
from bot.keepers.draft.draft import Section

GROUPS: Mapping[str, tuple[str, ...]] = {
    "about": (
        "id", "name", "short_name", "partnership", "nation", "names", "places", "contact",
        "contact_source", "document", "documents", "replaces", "fallback", "areas",
        "priorities",
    ),
    "before": ("urgent", "triggers", "other_procedures", "own_areas"),
    "duties": (
        "principles", "support", "own_manager", "more_help", "every_stage", "caps", "forms",
        "instead",
    ),
    "after": ("when_resolved", "remaining", "learning"),
    "silent": ("not_stated", "not_read"),
}  # fmt: skip
"""The groups of statements beside those of the stages, by the keys they hold."""
STAGES_AFTER = "before"
"""The stages stand behind this group."""
ONCE = frozenset(
    {"contact", "replaces", "fallback", "name", "short_name", "partnership", "nation", "names",
     "places", "must_follow", "may_skip"}
)  # fmt: skip
"""Keys that hold one thing, and no list of statements."""
FROM_STAGE = (
    "roles", "decides", "to_answer", "to_begin", "to_close", "notify", "forms", "records",
    "guidance", "conditions", "must_follow", "may_skip", "not_stated",
)  # fmt: skip


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A statement as the list shows it."""

    id: str
    title: str
    text: str
    more: tuple[str, ...]
    source: str
    quote: str
    standing: str
    open: bool
    struck: bool
    silent: bool


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Statements under a heading, and what can be added to them."""

    key: str
    title: str
    under: str
    rows: tuple[Row, ...]
    kinds: tuple[Choice, ...]


def surroundings(work: Work) -> Surroundings:
    """Return the stages, areas and priorities of a draft, to choose from."""
    held: dict[str, list[Choice]] = {"stages": [], "areas": [], "priorities": []}
    for piece in work.pieces:
        key, *rest = piece.path.split(".")
        if key in held and len(rest) == 1 and piece.standing is not Standing.struck:
            value = piece.value
            name = value.get("label") or value.get("name") or value.get("number", "")
            held[key].append(Choice(str(value.get("number", value.get("id", ""))), str(name)))
    adds = any(piece.path == "extends" for piece in work.pieces)
    stages, areas, priorities = (tuple(found) for found in held.values())
    return Surroundings(stages, areas, priorities, adds)


def groups_of(work: Work, handbook: Handbook, *, only_open: bool) -> list[Group]:
    """Return the statements in the order in which a keeper reads them."""
    found: list[Group] = []
    titles = wording()["groups"]
    for key, keys in GROUPS.items():
        pieces = [piece for piece in work.pieces if str(piece.place[0]) in keys]
        found.append(_group(key, titles[key], "", pieces, _kinds(keys), handbook))
        if key == STAGES_AFTER:
            found += _stage_groups(work, handbook)
    if not only_open:
        return [group for group in found if group.rows or group.kinds]
    still = [
        msgspec.structs.replace(group, rows=tuple(row for row in group.rows if row.open), kinds=())
        for group in found
    ]
    return [group for group in still if group.rows]


def _stage_groups(work: Work, handbook: Handbook) -> Iterator[Group]:
    heads = sorted(
        (piece for piece in work.pieces if piece.place[0] == "stages" and len(piece.place) == 2),  # noqa: PLR2004
        key=lambda piece: (piece.value.get("number", 0), piece.place),
    )
    for head in heads:
        inside = [piece for piece in work.pieces if piece.place[:2] == head.place]
        said = head.value
        title = f"{said.get('label', '')}: {said.get('title', '')}"
        if not said.get("label"):
            title = wording()["groups"]["of_the_region"].format(number=said.get("number", ""))
        key = head.path.replace(".", "-")
        yield _group(key, title, head.path, inside, _kinds(FROM_STAGE), handbook)
    told = wording()["kinds"]["stages"]
    yield Group(
        key="stages",
        title=wording()["groups"]["stages"],
        under="",
        rows=(),
        kinds=(Choice("stages", told),),
    )


def _kinds(keys: Sequence[str]) -> tuple[Choice, ...]:
    own = ("id", "contact_source", "document", "documents", "instead", "not_read")
    return tuple(Choice(key, title_of(key, wording()["kinds"])) for key in keys if key not in own)


def _group(
    key: str,
    title: str,
    under: str,
    pieces: Sequence[Piece],
    kinds: tuple[Choice, ...],
    handbook: Handbook,
) -> Group:
    ordered = sorted(pieces, key=lambda piece: [str(part).zfill(6) for part in piece.place])
    rows = tuple(row_of(piece, handbook) for piece in ordered)
    return Group(key=key, title=title, under=under, rows=rows, kinds=kinds)


def row_of(piece: Piece, handbook: Handbook) -> Row:
    """Return a piece as a row of the list."""
    value = piece.value
    said = wording()["standings"]
    standing = "changed" if piece.changed and piece.standing is Standing.accepted else ""
    quote = str(value.get("quote") or "") if isinstance(value, dict) else piece.quote
    source = str(value.get("source") or "") if isinstance(value, dict) else piece.source
    first, *more = said_of(piece, handbook)
    return Row(
        id=piece.id,
        title=title_of(piece.path, wording()["kinds"]),
        text=first,
        more=tuple(more),
        source=source,
        quote=quote or piece.quote,
        standing=said[standing or piece.standing.value],
        open=piece.standing is Standing.open,
        struck=piece.standing is Standing.struck,
        silent=may_be_silent(piece.path) and not piece.silence_of,
    )


def said_of(piece: Piece, handbook: Handbook) -> list[str]:
    """Return what a piece says: a sentence, and its further values each with its label."""
    if not isinstance(piece.value, dict):
        return [_plain_words(piece.path, piece.value, handbook)]
    kind = type_at(piece.path)
    head = _heading(piece.value)
    more = (
        list(_details(kind, piece.value, handbook)) if isinstance(kind, inspect.StructType) else []
    )
    return [head, *more]


def _plain_words(path: str, value: Any, handbook: Handbook) -> str:
    kind = type_at(path)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or str(wording()["none"])
    if isinstance(kind, inspect.EnumType) and value:
        return value_words(kind.cls, kind.cls(value), handbook.phrases)
    return str(wording()["none"]) if value in (None, "") else shown_day(value)


IN_HEAD = ("label", "title", "role", "who", "name", "what")
HIDDEN = frozenset({*IN_HEAD, "source", "quote", "id"})


def _heading(value: Mapping[str, Any]) -> str:
    return ". ".join(
        str(value[key]).rstrip(".") for key in IN_HEAD if value.get(key) and key != "who"
    ) or str(value.get("number", value.get("source", "")))


def _details(
    kind: inspect.StructType, value: Mapping[str, Any], handbook: Handbook
) -> Iterator[str]:
    part = kind.cls.__name__
    types = {field.name: field.type for field in kind.fields}
    for key, held in value.items():
        shown = key not in HIDDEN or (key == "who" and part != "Notification")
        if key == "who" and part == "Notification":
            yield f"{words_for(part, key)[0]}: {held}"
        elif key in types and shown and held not in (None, False, [], {}, ""):
            label, _ = words_for(part, key)
            words = "; ".join(_value(types[key], held, handbook))
            yield f"{label}: {words}" if held is not True else label


def _value(kind: inspect.Type, held: Any, handbook: Handbook) -> Iterator[str]:
    if isinstance(kind, inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    if isinstance(kind, inspect.VarTupleType) and isinstance(held, list | tuple):
        for one in held:
            yield from _value(kind.item_type, one, handbook)
    elif isinstance(kind, inspect.EnumType):
        known = {one.value: one for one in kind.cls}
        yield value_words(kind.cls, known[held], handbook.phrases) if held in known else str(held)
    elif isinstance(kind, inspect.StructType) and isinstance(held, Mapping):
        head = [_heading(held)] if any(held.get(key) for key in IN_HEAD) else []
        yield "; ".join([*head, *_details(kind, held, handbook)]) or _heading(held)
    else:
        yield shown_day(held)


class MarkedSection(msgspec.Struct, frozen=True):
    """A section of the text in parts; those that statements were read from are marked."""

    source: str
    parts: tuple[tuple[str, bool], ...]


def marked(sections: Sequence[Section], work: Work) -> list[MarkedSection]:
    """Return the text with the passages of the draft's statements marked."""
    quotes = {piece.quote.strip() for piece in work.pieces if piece.quote.strip()}
    return [MarkedSection(one.source, tuple(_parts(one.text, quotes))) for one in sections]


def _parts(text: str, quotes: set[str]) -> Iterator[tuple[str, bool]]:
    spans: list[tuple[int, int]] = []
    for quote in quotes:
        at = text.find(quote)
        if at >= 0:
            spans.append((at, at + len(quote)))
    end = 0
    for begins, ends in sorted(spans):
        if ends <= end:
            continue
        if begins > end:
            yield text[end:begins], False
        yield text[max(begins, end) : ends], True
        end = ends
    if end < len(text):
        yield text[end:], False


def passages_for(path: str, sections: Sequence[Section]) -> list[Section]:
    """Return the sections whose words come near to what a path is about, the nearest first."""
    words = set(str(wording()["looked_for"].get(path.rpartition(".")[2], "")).split())
    scored = [
        (sum(word in f"{one.heading} {one.text}".lower() for word in words), one)
        for one in sections
    ]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return [one for _, one in best[:MOST_PASSAGES]]


MOST_PASSAGES = 4
