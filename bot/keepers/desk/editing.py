"""What a keeper does to a draft: begin it, decide on a statement, add one, say it is not stated."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import inspect

from bot.core.policy.model import Policy
from bot.keepers.desk.fields import type_at, wording
from bot.keepers.desk.loading import MEANWHILE
from bot.keepers.desk.work import (
    NotThere,
    Piece,
    Standing,
    Work,
    assembled,
    pieces_of,
    place_of,
)
from bot.keepers.draft.draft import Draft

DOCUMENT = "whole document"
"""The section that a silence is cited from: somebody read all of it."""
SAID_IN_PLACE = frozenset({"own_manager", "remaining"})
"""Lists that themselves hold the sentence that the policy is silent."""
EMPTY = frozenset({"own_areas", "places"})
"""Lists that stay empty where the policy has none."""


def begun_from_text(draft: Draft, text: str, policy: str) -> Work:
    """Return the draft of a policy whose text was read; `text` is the digest of what is kept."""
    pieces = [_read_piece(one) for one in draft.proposals if _fits(one.path)]
    work = Work(
        title=draft.title or draft.filename,
        text=text,
        pieces=tuple(pieces),
        unread=tuple(path for path in draft.unread if _fits(path)),
        troubles=draft.troubles,
    )
    return _named(work, policy)


def begun_by_hand(title: str, policy: str) -> Work:
    """Return an empty draft."""
    work = _named(Work(title=title), policy)
    return work.with_piece(
        Piece(id=work.next_id(), path="document.title", value=title, standing=Standing.accepted)
    )


def begun_from_file(plain: Mapping[str, Any], file: str, region: Policy | None = None) -> Work:
    """Return a draft that changes a policy file; `region` is the policy that it adds to."""
    work = Work(title=str(plain.get("name", file)), begun_from=file, pieces=pieces_of(plain))
    return _with_stages_of(region, work) if region else work


def begun_as_addition(title: str, policy: str, region: Policy) -> Work:
    """Return an empty draft that adds to a region's policy."""
    work = begun_by_hand(title, policy)
    extends = Piece(id=work.next_id(), path="extends", value=region.id, standing=Standing.accepted)
    return _with_stages_of(region, work.with_piece(extends))


def _with_stages_of(region: Policy, work: Work) -> Work:
    """Return an addition with each stage of its region, so that something can be added to it."""
    held = assembled(work.pieces).plain.get("stages", [])
    known = {stage.get("number") for stage in held if isinstance(stage, dict)}
    for stage in region.stages:
        if stage.number not in known:
            work = added(work, work.next_path("stages"), {"number": stage.number})
    return work


def _named(work: Work, policy: str) -> Work:
    return settled(work, "id", policy)


def _fits(path: str) -> bool:
    try:
        type_at(path)
    except NotThere:
        return False
    return True


def _read_piece(one: Any) -> Piece:
    value = one.value
    if isinstance(value, dict) and isinstance(type_at(one.path), inspect.StructType):
        value = {"source": one.source, "quote": one.quote, **value}
    return Piece(
        id=one.id,
        path=one.path,
        value=value,
        source=one.source,
        quote=one.quote,
        proposed=value,
    )


def decided(work: Work, piece: str, standing: Standing) -> Work:
    """Return the draft with a piece accepted, struck, or open again. Raises NotThere."""
    return work.with_piece(msgspec.structs.replace(work.piece(piece), standing=standing))


def changed(work: Work, piece: str, value: Any, source: str | None = None) -> Work:
    """Return the draft with another value of a piece, accepted as it now is. Raises NotThere."""
    old = work.piece(piece)
    told = source if source is not None else _source_in(value, old.source)
    return work.with_piece(
        msgspec.structs.replace(old, value=value, source=told, standing=Standing.accepted)
    )


def _source_in(value: Any, usual: str) -> str:
    return str(value.get("source", "")) if isinstance(value, dict) else usual


def added(work: Work, path: str, value: Any, silence_of: str = "", source: str = "") -> Work:
    """Return the draft with a further statement, accepted since a keeper wrote it."""
    type_at(path)
    return work.with_piece(
        Piece(
            id=work.next_id(),
            path=path,
            value=value,
            source=_source_in(value, source),
            standing=Standing.accepted,
            silence_of=silence_of,
        )
    )


def settled(work: Work, path: str, value: Any) -> Work:
    """Return the draft with a plain value at a path, in place of any that is there."""
    for piece in work.pieces:
        if piece.path == path:
            return changed(work, piece.id, value)
    return added(work, path, value)


def silence_words(work: Work, path: str) -> str:
    """Return the sentence that says that the policy does not state something, to be looked at."""
    said: Mapping[str, str] = wording()["silences"]
    key = path if path in said else _last_key(path)
    plain = assembled(work.pieces).plain
    name = str(plain.get("short_name") or plain.get("name") or MEANWHILE["name"])
    return said.get(key, said["other"]).format(policy=name, stage=stage_label(work, path))


def stage_label(work: Work, path: str) -> str:
    """Return what the policy calls the stage that a path lies in, "" outside of stages."""
    head = ".".join(path.split(".")[:2])
    return next(
        (
            str(piece.value.get("label", ""))
            for piece in work.pieces
            if piece.path == head and isinstance(piece.value, dict)
        ),
        "",
    )


def not_stated(work: Work, path: str, what: str) -> Work:
    """Return the draft that says that the policy does not state what would stand at a path."""
    last = _last_key(path)
    if last in EMPTY and path == last:
        return msgspec.structs.replace(settled(work, path, []), unread=work.unread)
    parts = path.split(".")
    if path in SAID_IN_PLACE:
        home = path
    elif parts[0] == "stages" and len(parts) > 1:
        home = f"{'.'.join(parts[:2])}.not_stated"
    else:
        home = "not_stated"
    value = {"what": what, "source": DOCUMENT}
    return added(work, work.next_path(home), value, silence_of=path)


def struck_as_not_stated(work: Work, piece: str, what: str) -> Work:
    """Return the draft with a piece struck, and the sentence that the policy does not state it."""
    path = work.piece(piece).path
    return not_stated(decided(work, piece, Standing.struck), path, what)


def _last_key(path: str) -> str:
    return str(next(part for part in reversed(place_of(path)) if isinstance(part, str)))
