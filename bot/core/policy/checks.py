"""What is wrong with a policy file: every mistake of shape and of meaning at once.

Shape is what the schema of `Policy` checks. Meaning is what a schema cannot check: whether names,
order and references fit together. A part of the wrong shape does not hide the others.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import jsonschema
import msgspec

from bot.core.policy.model import Anchor, Applies, Cap, Limit, MustFollow, Policy, PolicyPart, Unit
from bot.core.text import parse_day, shorten
from bot.core.vocabulary import Level

Part = TypeVar("Part")

PLAIN_ID = re.compile(r"[a-z][a-z0-9_]*")
TAKEN = {"unknown", "elsewhere", "another", "none", "all", "guidance"}
"""Words that stand for other answers to the same questions."""
UNCOUNTED = {Unit.same_working_day, Unit.without_delay, Unit.unspecified}
TYPES = {
    "object": "keys with values",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
}


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with a policy file: where it is, what is there, what would be right."""

    file: str
    key: str
    expected: str
    got: str
    line: int | None = None

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.key}: expected {self.expected}; got {self.got}"


@cache
def schema_of(kind: type[PolicyPart]) -> dict[str, Any]:
    """Return the JSON Schema of a file that holds a `kind`."""
    return msgspec.json.schema(kind)


def policy_schema() -> dict[str, Any]:
    """Return the JSON Schema of a policy file."""
    return schema_of(Policy)


def shape_problems(
    file: str, plain: object, fallback: str, kind: type[PolicyPart] = Policy
) -> Iterator[Problem]:
    """Describe every mismatch with the schema of `kind`; `fallback` is msgspec's first message.

    `plain` is the file as built-in values, its dates as ISO texts.
    """
    checker = jsonschema.FormatChecker(formats=["date"])
    checker.checks("date")(_is_date)
    validator = jsonschema.Draft7Validator(schema_of(kind), format_checker=checker)
    errors = sorted(validator.iter_errors(plain), key=lambda e: list(map(str, e.absolute_path)))
    # jsonschema repeats the same error for each missing key.
    found = dict.fromkeys(
        Problem(file, _key(leaf), _expected(leaf), _got(leaf))
        for error in errors
        for leaf in _leaves(error)
    )
    yield from found
    if not found:
        yield Problem(file, "(file)", "the shape in policies/README.md", fallback)


def _is_date(value: object) -> bool:
    """Say whether msgspec accepts a text as a date: jsonschema also accepts 2026-1-5."""
    return not isinstance(value, str) or parse_day(value) is not None


def _leaves(error: Any) -> Iterator[Any]:
    """Yield, for "matches none of these", the errors of the nearest alternative."""
    alternatives = [
        inner for inner in error.context if not (inner.validator == "type" and _is_null(inner))
    ]
    if not alternatives:
        yield error
        return
    for inner in alternatives:
        yield from _leaves(inner)


def _is_null(error: Any) -> bool:
    return bool(error.validator_value == "null")


def _key(error: Any) -> str:
    parts = list(error.absolute_path)
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        unknown = [name for name in error.instance if name not in known]
        parts.append(", ".join(map(str, unknown)))
    key = ""
    for part in parts:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else str(part)
    return key or "(file)"


def _expected(error: Any) -> str:
    value = error.validator_value
    if error.validator == "enum":
        return "one of " + ", ".join(map(str, value))
    if error.validator == "required":
        missing = [name for name in value if name not in error.instance]
        return f"the key{'s' if len(missing) > 1 else ''} " + ", ".join(missing)
    if error.validator == "additionalProperties":
        return "one of the keys " + ", ".join(error.schema.get("properties", {}))
    if error.validator == "type":
        if value == "string" and isinstance(error.instance, int | bool):
            return f'a text: put it in quotation marks, as "{error.instance}"'
        return TYPES.get(value, f"a value of type {value}")
    if error.validator == "format":
        return "a date that exists, as YYYY-MM-DD"
    return f"{error.validator} {value}"


def _got(error: Any) -> str:
    if error.validator == "additionalProperties":
        return "an unknown key"
    if error.validator == "required":
        return "no such key"
    return "nothing" if error.instance is None else shorten(repr(error.instance))


def meaning_problems(path: Path, plain: object) -> Iterator[Problem]:
    """Check what a schema cannot. Skips parts of the wrong shape."""
    if not isinstance(plain, dict):
        return
    name = plain.get("id")
    stem = path.name.partition(".")[0]
    if isinstance(name, str) and name != stem:
        yield Problem(path.name, "id", f"the file's own name, {stem}", name)
    yield from _id_problems(path.name, stem, plain)
    empty, conditions = _walk(plain)
    for key in empty:
        yield Problem(path.name, key, "some text", "an empty text")
    if plain.get("contact") and not plain.get("contact_source"):
        yield Problem(path.name, "contact_source", "the section that gives the contact", "nothing")
    areas = {area["id"] for _, area in _listed(plain, "areas") if isinstance(area.get("id"), str)}
    for key, value in conditions:
        applies = _read(value, Applies)
        for area in sorted(set(applies.area) - areas if applies else ()):
            yield Problem(
                path.name, f"{key}.area", f"an area of this policy, from {sorted(areas)}", area
            )
    yield from _stages_problems(path.name, plain)


def _id_problems(file: str, stem: str, plain: dict[str, Any]) -> Iterator[Problem]:
    if not PLAIN_ID.fullmatch(stem) or stem in TAKEN:
        expected = "a file name of small letters, figures and _, such as ashdown_vale.yml"
        yield Problem(file, "(file)", expected, file)
    for listed in ("areas", "priorities"):
        for at, part in _listed(plain, listed):
            own = part.get("id")
            if isinstance(own, str) and (not PLAIN_ID.fullmatch(own) or own in TAKEN):
                expected = "small letters, figures and _, such as north_isle"
                yield Problem(file, f"{listed}[{at}].id", expected, own)


def empty_texts(plain: object) -> list[str]:
    """Return the keys of a file's empty texts."""
    return _walk(plain)[0] if isinstance(plain, dict) else []


def _stages_problems(file: str, plain: dict[str, Any]) -> Iterator[Problem]:
    stages = _listed(plain, "stages")
    if plain.get("stages") == []:
        yield Problem(file, "stages", "at least one stage", "none")
    numbers = [stage["number"] for _, stage in stages if isinstance(stage.get("number"), int)]
    if numbers != sorted(set(numbers)):
        yield Problem(file, "stages", "stage numbers that go up, each once", str(numbers))
    levels = [level for _, stage in stages if (level := _read(stage.get("level"), Level))]
    ranks = [level.rank for level in levels]
    if ranks != sorted(ranks):
        expected = "levels that never go down from one stage to the next"
        yield Problem(file, "stages", expected, str(list(map(str, levels))))
    for index, value in _listed(plain, "caps"):
        cap = _read(value, Cap)
        if cap:
            yield from _limit_problems(file, f"caps[{index}]", cap, set(numbers))
    for index, stage in stages:
        number = stage.get("number")
        earlier = {other for other in numbers if isinstance(number, int) and other < number}
        yield from _stage_problems(file, f"stages[{index}]", stage, earlier)


def _stage_problems(
    file: str, key: str, stage: dict[str, Any], earlier: set[int]
) -> Iterator[Problem]:
    rule = _read(stage.get("must_follow"), MustFollow)
    for number in sorted(set(rule.stages) - earlier if rule else ()):
        where = f"{key}.must_follow.stages"
        yield Problem(file, where, f"earlier stages, from {sorted(earlier)}", str(number))
    for name in ("to_begin", "to_answer", "to_close"):
        for index, value in _listed(stage, name):
            limit = _read(value, Limit)
            if limit:
                yield from _limit_problems(file, f"{key}.{name}[{index}]", limit, earlier)


def _limit_problems(file: str, key: str, limit: Limit, earlier: set[int]) -> Iterator[Problem]:
    counted = limit.unit not in UNCOUNTED
    if counted and (limit.amount is None or limit.amount < 1):
        expected = f"a whole number of 1 or more for {limit.unit.value}"
        yield Problem(file, f"{key}.amount", expected, str(limit.amount))
    if not counted and limit.amount is not None:
        yield Problem(file, f"{key}.amount", f"none for {limit.unit.value}", str(limit.amount))
    if not limit.readings:
        yield Problem(file, f"{key}.readings", "at least one reading", "none")
    for index, reading in enumerate(limit.readings):
        where = f"{key}.readings[{index}].stage"
        needs_stage = reading.counted_from is Anchor.earlier_stage_start
        if needs_stage and reading.stage not in earlier:
            yield Problem(
                file, where, f"an earlier stage, from {sorted(earlier)}", str(reading.stage)
            )
        follows = reading.counted_from is Anchor.other_limit
        may_have = needs_stage or follows or reading.counted_from is Anchor.escalation_start
        if not may_have and reading.stage is not None:
            yield Problem(file, where, "none, unless earlier_stage_start", str(reading.stage))
        if follows and reading.stage is not None and reading.stage not in earlier:
            expected = f"an earlier stage, from {sorted(earlier)}, or none for this stage"
            yield Problem(file, where, expected, str(reading.stage))
        if follows != (reading.limit is not None):
            expected = "the `what` of another limit, for other_limit and only for it"
            got = "nothing" if reading.limit is None else reading.limit
            yield Problem(file, f"{key}.readings[{index}].limit", expected, got)


def _read(value: object, kind: type[Part]) -> Part | None:
    """Return a part of the file as its class, or None if its shape is wrong."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None


def _listed(part: dict[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
    values = part.get(name)
    if not isinstance(values, list):
        return []
    return [(index, value) for index, value in enumerate(values) if isinstance(value, dict)]


def _walk(plain: dict[str, Any]) -> tuple[list[str], list[tuple[str, object]]]:
    """Return the keys of the empty texts, and each `applies` with its key, in the file's order."""
    empty: list[str] = []
    conditions: list[tuple[str, object]] = []
    # A place is its parent's place and its own name; a key is spelt out only for a problem.
    left: list[tuple[Any, object]] = [((None, name), value) for name, value in plain.items()]
    while left:
        place, value = left.pop()
        if isinstance(value, str):
            if not value.strip():
                empty.append(_spelt(place))
        elif place[1] == "applies":
            conditions.append((_spelt(place), value))
        elif isinstance(value, dict):
            left += [((place, name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            left += [((place, index), inner) for index, inner in enumerate(value)]
    return empty[::-1], conditions[::-1]


def _spelt(place: Any) -> str:
    parent, name = place
    if parent is None:
        return str(name)
    return f"{_spelt(parent)}[{name}]" if isinstance(name, int) else f"{_spelt(parent)}.{name}"
