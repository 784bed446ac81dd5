"""Forms for the parts of a policy file, made from the policy model itself.

A new key of the model has its field at once: with the words of `wording.yml`, else with the
sentence that the file's schema has for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import inspect
from msgspec.structs import replace

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Party, Policy, Stage
from bot.core.policy.sense import LISTS
from bot.core.policy.signing import APPROVAL
from bot.core.text import parse_day
from bot.keepers.desk.work import OWN_HEADS, NotThere, place_of
from bot.keepers.schema import INHERITED, described

WORDING = Path(__file__).with_name("wording.yml")
MOST_READINGS = 2
"""How many ways to read a limit the form has room for."""
LONGEST_NUMBER = 4
"""Digits of an amount or of a stage's number."""
LONG = frozenset({"what", "quote", "because", "question"})
"""Keys whose texts are longer than a line."""
NOT_WRITTEN = APPROVAL | {"extends"}
"""Keys that no form writes: a signature, and what it would not cover."""
PASSAGE = frozenset({"source", "quote"})
"""Keys that say where a statement stands."""
PHRASED = ("Agency", "Disagreement", "Level")
"""Closed lists whose words stand among the guide's responses."""


class Choice(msgspec.Struct, frozen=True):
    """A value to choose, as the file has it and in words."""

    value: str
    words: str
    chosen: bool = False


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a form. `kind` is line, text, lines, number, day, yes, one or some."""

    name: str
    kind: str
    label: str
    hint: str = ""
    value: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    group: str = ""


class FieldGroup(msgspec.Struct, frozen=True):
    """Fields under a heading, "" for those without. `open`: there is something in it to see."""

    title: str
    fields: tuple[Field, ...]
    open: bool


def grouped(fields: Sequence[Field]) -> list[FieldGroup]:
    """Return fields by their headings, in order."""
    found: dict[str, list[Field]] = {}
    for field in fields:
        found.setdefault(field.group, []).append(field)
    return [
        FieldGroup(title, tuple(held), any(map(_to_see, held))) for title, held in found.items()
    ]


def _to_see(field: Field) -> bool:
    chosen = any(choice.chosen for choice in field.choices)
    return field.required or chosen or bool(field.value and not field.choices)


class Surroundings(msgspec.Struct, frozen=True):
    """What fields refer to in the rest of the draft: stages, areas and priorities, in words."""

    stages: tuple[Choice, ...] = ()
    areas: tuple[Choice, ...] = ()
    priorities: tuple[Choice, ...] = ()
    adds: bool = False
    """Whether the draft only adds to a region's policy."""


@cache
def wording() -> dict[str, Any]:
    """Return the words of the forms."""
    read: dict[str, Any] = yaml.safe_load(WORDING.read_text(encoding="utf-8"))
    return read


@cache
def _whole() -> inspect.Type:
    return inspect.type_info(Policy)


def _plain(kind: inspect.Type) -> inspect.Type:
    """Return a type without "or null"."""
    if isinstance(kind, inspect.UnionType):
        return next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return kind


def type_at(path: str) -> inspect.Type:
    """Return the type that the model has at a path. Raises NotThere where it has none."""
    kind = _whole()
    if place_of(path)[0] in NOT_WRITTEN:
        raise NotThere(path)
    for part in place_of(path):
        kind = _plain(kind)
        if isinstance(part, int) and isinstance(kind, inspect.VarTupleType):
            kind = kind.item_type
        elif isinstance(kind, inspect.StructType):
            held = {field.name: field.type for field in kind.fields}
            if part not in held:
                raise NotThere(path)
            kind = held[str(part)]
        elif isinstance(kind, inspect.DictType):
            kind = kind.value_type
        else:
            raise NotThere(path)
    return _plain(kind)


def fields_at(path: str, value: object, around: Surroundings, phrases: Phrases) -> list[Field]:
    """Return the fields for what stands at a path, filled with a value."""
    kind = type_at(path)
    if isinstance(kind, inspect.StructType):
        given = value if isinstance(value, Mapping) else {}
        fields = list(_struct_fields(kind, given, "", "", around, phrases))
        if around.adds and kind.cls is Stage:
            # What an addition does not say of a stage is the region's.
            fields = [replace(one, required=one.name == "number") for one in fields]
        # What it says comes first, where it stands comes last, and its conditions after that.
        return sorted(fields, key=lambda field: (bool(field.group), field.name in PASSAGE))
    key = str(next(part for part in reversed(place_of(path)) if isinstance(part, str)))
    part = "Document" if path.startswith("document.") else "Policy"
    made = _field(kind, "value", value, (part, key), around, phrases)
    return [msgspec.structs.replace(made, required=True)] if made else []


def _struct_fields(
    kind: inspect.StructType,
    value: Mapping[str, Any],
    before: str,
    group: str,
    around: Surroundings,
    phrases: Phrases,
) -> Iterator[Field]:
    part = kind.cls.__name__
    for field in kind.fields:
        name, inner = f"{before}{field.name}", _plain(field.type)
        held = value.get(field.name)
        if not value and isinstance(field.default, Enum):
            held = field.default
        if field.name in OWN_HEADS:
            continue
        if isinstance(inner, inspect.StructType):
            label, _ = words_for(part, field.name)
            given = held if isinstance(held, Mapping) else {}
            # What stands under a heading of its own may be left out as a whole.
            for nested in _struct_fields(inner, given, f"{name}.", label, around, phrases):
                yield msgspec.structs.replace(nested, required=False)
        elif _readings(inner):
            yield from _reading_fields(inner, held, name, around, phrases)
        else:
            made = _field(inner, name, held, (part, field.name), around, phrases)
            if made:
                yield msgspec.structs.replace(made, required=field.required, group=group)


def _readings(kind: inspect.Type) -> bool:
    return (
        isinstance(kind, inspect.VarTupleType)
        and isinstance(kind.item_type, inspect.StructType)
        and kind.item_type.cls.__name__ == "LimitReading"
    )


def _reading_fields(
    kind: inspect.Type, held: object, name: str, around: Surroundings, phrases: Phrases
) -> Iterator[Field]:
    assert isinstance(kind, inspect.VarTupleType)  # noqa: S101 - as `_readings` has found
    assert isinstance(kind.item_type, inspect.StructType)  # noqa: S101
    given = list(held) if isinstance(held, list | tuple) else []
    for at in range(max(MOST_READINGS, len(given))):
        title = wording()["readings"][min(at, 1)]
        one = given[at] if at < len(given) else {}
        fields = _struct_fields(kind.item_type, one, f"{name}.{at}.", title, around, phrases)
        for field in fields:
            yield msgspec.structs.replace(field, required=field.required and at == 0)


def _field(
    kind: inspect.Type,
    name: str,
    value: object,
    known_as: tuple[str, str],
    around: Surroundings,
    phrases: Phrases,
) -> Field | None:
    """Return the field of a key; None for a list of statements, which have forms of their own."""
    label, hint = words_for(*known_as)
    key = known_as[1]
    made = Field(name=name, kind="line", label=label, hint=hint, value=_text(value))
    choices = _choices(kind, key, around, phrases)
    many = isinstance(kind, inspect.VarTupleType)
    if key == "instead" and not around.adds:
        return None
    if choices is not None:
        chosen = _chosen(choices, value)
        if many and not choices:
            return None
        return msgspec.structs.replace(made, kind="some" if many else "one", choices=chosen)
    if isinstance(kind, inspect.VarTupleType):
        if not isinstance(kind.item_type, inspect.StrType):
            return None
        lines = "\n".join(map(str, value)) if isinstance(value, list | tuple) else ""
        return msgspec.structs.replace(made, kind="lines", value=lines)
    if isinstance(kind, inspect.BoolType):
        return msgspec.structs.replace(made, kind="yes", value="yes" if value else "")
    told = KINDS.get(type(kind), "line")
    return msgspec.structs.replace(made, kind="text" if key in LONG else told)


KINDS = {inspect.IntType: "number", inspect.DateType: "day"}
"""The kinds of fields for types that are not plain text."""


def _choices(
    kind: inspect.Type, key: str, around: Surroundings, phrases: Phrases
) -> tuple[Choice, ...] | None:
    """Return what a key may be chosen from; None where it is written."""
    one = kind.item_type if isinstance(kind, inspect.VarTupleType) else kind
    if isinstance(one, inspect.EnumType):
        # Of several sides to tick, "both" would be a third.
        listed = [each for each in one.cls if one is kind or each is not Party.both]
        return tuple(Choice(each.value, value_words(one.cls, each, phrases)) for each in listed)
    held = {
        **dict.fromkeys(STAGE_KEYS, around.stages),
        "area": around.areas,
        "priority": around.priorities,
        "instead": _lists(),
    }
    return held.get(key)


def _lists() -> tuple[Choice, ...]:
    """Return the lists of a stage that an addition may put its own in place of."""
    return tuple(Choice(name, wording()["kinds"][name]) for name in LISTS)


STAGE_KEYS = ("stage", "stages", "from_stage")
"""Keys that hold numbers of stages."""


def words_for(part: str, key: str) -> tuple[str, str]:
    """Return the label and the hint of a key."""
    known = wording()["fields"]
    kind: str | None = part
    while kind:
        if f"{kind}.{key}" in known:
            return _label_and_hint(known[f"{kind}.{key}"])
        kind = INHERITED.get(kind)
    if key in known:
        return _label_and_hint(known[key])
    try:
        return key.replace("_", " ").capitalize(), described(part, key)
    except KeyError:
        return key.replace("_", " ").capitalize(), ""


def _label_and_hint(told: Mapping[str, str]) -> tuple[str, str]:
    return told["label"], told.get("hint", "")


def value_words(kind: type[Enum], value: Enum, phrases: Phrases) -> str:
    """Return a word of a closed list as people read it."""
    told = wording()["values"].get(kind.__name__, {}).get(value.value)
    if told:
        return str(told)
    name = f"{kind.__name__.lower()}_{value.value}"
    for phrase in (f"option_{name}", name):
        if kind.__name__ in PHRASED and phrases.has(f"utter_{phrase}"):
            return phrases.say(phrase)
    return str(value.value).replace("_", " ").capitalize()


def _chosen(choices: Sequence[Choice], value: object) -> tuple[Choice, ...]:
    held = {_text(one) for one in value} if isinstance(value, list | tuple) else {_text(value)}
    return tuple(Choice(one.value, one.words, one.value in held) for one in choices)


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value.value if isinstance(value, Enum) else value)


class Sent(msgspec.Struct, frozen=True):
    """What was sent in a form: the value for the file, and what is wrong by the field's name."""

    value: Any
    wrong: Mapping[str, str]


def read_form(path: str, fields: Sequence[Field], sent: Mapping[str, Sequence[str]]) -> Sent:
    """Return the value that the fields of a form hold; empty ones are left out."""
    wrong: dict[str, str] = {}
    found: dict[str, Any] = {}
    for field in fields:
        try:
            value = _read(field, [one.strip() for one in sent.get(field.name, ())])
        except ValueError as error:
            wrong[field.name] = str(error)
            continue
        if value in (None, "", []):
            if field.required and field.kind not in {"some", "lines"}:
                wrong[field.name] = wording()["wrong"]["missing"]
        else:
            found[field.name] = value
    if not isinstance(type_at(path), inspect.StructType):
        return Sent(found.get("value"), wrong)
    return Sent(_nested(found), wrong)


def _read(field: Field, values: Sequence[str]) -> Any:
    if field.kind == "some":
        allowed = {choice.value for choice in field.choices}
        return [_number_if_stage(field, value) for value in values if value in allowed]
    if field.kind == "lines":
        return [line.strip() for value in values for line in value.splitlines() if line.strip()]
    one = " ".join(values[0].split()) if values else ""
    return _read_one(field, one) if one else None


def _read_one(field: Field, one: str) -> Any:
    said = wording()["wrong"]
    if field.kind == "yes":
        return True
    if field.kind == "number":
        if not one.isascii() or not one.isdigit() or len(one) > LONGEST_NUMBER:
            raise ValueError(said["number"])
        return int(one)
    if field.kind == "day" and parse_day(one) is None:
        raise ValueError(said["day"])
    if field.kind == "one":
        if one not in {choice.value for choice in field.choices}:
            raise ValueError(said["choice"])
        return _number_if_stage(field, one)
    return one


def _number_if_stage(field: Field, value: str) -> str | int:
    key = field.name.rpartition(".")[2]
    return int(value) if key in STAGE_KEYS else value


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Put `applies.area` and `readings.0.stage` where they belong."""
    whole: dict[str, Any] = {}
    for name, value in flat.items():
        node = whole
        *above, last = name.split(".")
        for part in above:
            node = node.setdefault(part, {})
        node[last] = value
    readings = whole.get("readings")
    if isinstance(readings, dict):
        whole["readings"] = [readings[at] for at in sorted(readings)]
    return whole


def shown_day(value: object) -> str:
    """Return a day of the file as people write it, or the value as it is."""
    day = parse_day(value) if isinstance(value, str) else value
    return f"{day:%-d %B %Y}" if isinstance(day, date) else str(value)
