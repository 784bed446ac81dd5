"""The forms of single statements, and of what a policy does not state."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import inspect

from bot.keepers.desk import editing, views
from bot.keepers.desk.answers import (
    AT,
    Page,
    Sent,
    one,
)
from bot.keepers.desk.changes import short_changes
from bot.keepers.desk.fields import Choice, Field, fields_at, grouped, type_at, wording
from bot.keepers.desk.shown import DeskPages
from bot.keepers.desk.store import (
    Change,
    Kept,
)
from bot.keepers.desk.work import Work
from bot.keepers.people import Keeper


class DeskForms(DeskPages):
    """The pages on which a statement is written."""

    def statement(self, keeper: Keeper, draft: str, piece: str) -> Page:
        """Return the form of one statement."""
        kept = self.store.read(draft)
        found = kept.work.piece(piece)
        return self._form(kept, keeper, found.path, found.value, piece=piece)

    def add(self, keeper: Keeper, draft: str, sent: Sent) -> Page:
        """Return the form for a further statement: at a path, or of a kind under a stage."""
        kept = self.store.read(draft)
        path = one(sent, "path") or self._path_for(kept.work, one(sent, "under"), one(sent, "kind"))
        path = _entry_path(kept.work, path)
        value = self._what_changes(kept.work) if path == "replaces" else None
        return self._form(kept, keeper, path, value)

    def _what_changes(self, work: Work) -> dict[str, str] | None:
        """Return the changes in short, as a first version of what practitioners are told."""
        old, new = self._before(work), self.left(work).policy
        told_short = short_changes(old, new, self.handbook) if old and new else []
        return {"what": " ".join(told_short)} if told_short else None

    def _path_for(self, work: Work, under: str, kind: str) -> str:
        path = f"{under}.{kind}" if under else kind
        return path if kind in views.ONCE else work.next_path(path)

    def _form(  # noqa: PLR0913 - what the page shows
        self,
        kept: Kept,
        keeper: Keeper,
        path: str,
        value: Any,
        *,
        piece: str = "",
        sent: Sent | None = None,
        wrong: Mapping[str, str] | None = None,
        clash: Change | None = None,
    ) -> Page:
        work = kept.work
        fields = self._fields(work, path, value, piece)
        if sent is not None:
            fields = [_as_sent(field, sent) for field in fields]
        there = work.piece(piece) if piece else None
        told_by = None
        if clash and there:
            who = clash.who
            told_by = {"who": who, "text": " ".join(views.said_of(there, self.handbook))}
        at = f"{AT}/{kept.change.draft}"
        sections = self.store.text(work.text) if work.text and not piece else ()
        return self._draft_page(
            kept,
            "statement.html",
            keeper,
            title=self._titled(work, path),
            status=409 if clash else 400 if wrong else 200,
            action=f"{at}/statement/{piece}" if piece else f"{at}/add",
            path="" if piece else path,
            fields=fields,
            groups=grouped(fields),
            wrong=wrong or {},
            clash=told_by,
            quote=there.quote if there else "",
            source=there.source if there else "",
            found=views.passages_for(path, sections),
        )

    def _fields(self, work: Work, path: str, value: Any, piece: str) -> list[Field]:
        around = views.surroundings(work)
        fields = fields_at(path, value, around, self.handbook.phrases)
        if path == "contact":
            source = work.piece(piece).source if piece else ""
            label = wording()["fields"]["source"]
            fields.append(
                Field(
                    name="source",
                    kind="line",
                    label=label["label"],
                    hint=label["hint"],
                    value=source,
                    required=True,
                )
            )
        return fields

    def silent(self, keeper: Keeper, draft: str, path: str, piece: str = "") -> Page:
        """Return the form that says that the policy does not state something."""
        kept = self.store.read(draft)
        if piece:
            path = kept.work.piece(piece).path
        type_at(path)
        return self._silent_form(kept, keeper, path, piece, editing.silence_words(kept.work, path))

    def _silent_form(
        self, kept: Kept, keeper: Keeper, path: str, piece: str, what: str, wrong: str = ""
    ) -> Page:
        at = f"{AT}/{kept.change.draft}"
        return self._draft_page(
            kept,
            "silent.html",
            keeper,
            title=self._titled(kept.work, path),
            status=400 if wrong else 200,
            action=f"{at}/statement/{piece}" if piece else f"{at}/silent",
            path="" if piece else path,
            what=what,
            wrong=wrong,
            found=views.passages_for(path, self.store.text(kept.work.text)),
        )


def _as_sent(field: Field, sent: Sent) -> Field:
    """Return a field as it was sent, so that nobody has to type anything again."""
    values = list(sent.get(field.name) or ())
    if field.kind in {"one", "some"}:
        choices = tuple(
            Choice(choice.value, choice.words, choice.value in values) for choice in field.choices
        )
        return msgspec.structs.replace(field, choices=choices)
    return msgspec.structs.replace(field, value=values[0] if values else "")


def _entry_path(work: Work, path: str) -> str:
    """Return the path of an entry where a path names a whole list of statements."""
    kind = type_at(path)
    of_parts = isinstance(kind, inspect.VarTupleType) and isinstance(
        kind.item_type, inspect.StructType
    )
    return work.next_path(path) if of_parts else path
