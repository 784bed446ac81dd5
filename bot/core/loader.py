"""Reads policy files. A wrong file is reported with all its problems at once, and never loaded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import yaml

from bot.core.facts import shorten
from bot.core.policy import Anchor, Limit, Policy, Stage, Unit

UNCOUNTED = {Unit.same_working_day, Unit.without_delay}


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with a policy file: where it is, what is there, what would be right."""

    file: str
    key: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: expected {self.expected}; got {self.got}"


class PolicyError(Exception):
    """One or more policy files are wrong. `problems` holds every one of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def load_policies(folder: Path) -> dict[str, Policy]:
    """Read every `*.yml` in `folder`, by policy id.

    Raises PolicyError with the problems of all files together, also when there is no file.
    """
    policies: dict[str, Policy] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            policy = load_policy(path)
        except PolicyError as error:
            problems += error.problems
        else:
            policies[policy.id] = policy
    if not policies and not problems:
        problems.append(Problem(str(folder), "(folder)", "at least one policy file", "none"))
    if problems:
        raise PolicyError(problems)
    return policies


def load_policy(path: Path) -> Policy:
    """Read one policy file. Raises PolicyError with all of its problems."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        told = " ".join(str(error).split())
        raise PolicyError([Problem(path.name, "(file)", "YAML in UTF-8", told)]) from error
    try:
        policy = msgspec.convert(data, Policy)
    except msgspec.ValidationError as error:
        raise PolicyError(list(_shape_problems(path.name, data, str(error)))) from error
    problems = list(_meaning_problems(path, policy))
    if problems:
        raise PolicyError(problems)
    return policy


def policy_schema() -> dict[str, Any]:
    """Return the JSON Schema of a policy file."""
    return msgspec.json.schema(Policy)


def _shape_problems(file: str, data: object, fallback: str) -> Iterator[Problem]:
    """Describe every mismatch with the schema; `fallback` is msgspec's word on the first."""
    plain = msgspec.to_builtins(data)
    validator = jsonschema.Draft7Validator(policy_schema())
    found = False
    for error in sorted(
        validator.iter_errors(plain), key=lambda e: list(map(str, e.absolute_path))
    ):
        for leaf in _leaves(error):
            found = True
            yield Problem(file, _key(leaf), _expected(leaf), _got(leaf))
    if not found:
        yield Problem(file, "(file)", "the shape in policies/README.md", fallback)


def _leaves(error: Any) -> Iterator[Any]:
    """Go from "matches none of these" to the alternative that came nearest."""
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
        return "the key " + ", ".join(missing)
    if error.validator == "additionalProperties":
        return "one of the keys " + ", ".join(error.schema.get("properties", {}))
    if error.validator == "type":
        return f"a value of type {value}"
    return f"{error.validator} {value}"


def _got(error: Any) -> str:
    if error.validator == "additionalProperties":
        return "an unknown key"
    if error.validator == "required":
        return "no such key"
    return shorten(repr(error.instance))


def _meaning_problems(path: Path, policy: Policy) -> Iterator[Problem]:
    """Check what a schema cannot: names, order and references that make sense together."""
    if policy.id != path.stem:
        yield Problem(path.name, "id", f"the file's own name, {path.stem}", policy.id)
    if not policy.stages:
        yield Problem(path.name, "stages", "at least one stage", "none")
    for key, text in _texts(msgspec.to_builtins(policy)):
        if not text.strip():
            yield Problem(path.name, key, "some text", "an empty text")
    numbers = [stage.number for stage in policy.stages]
    ranks = [stage.level.rank for stage in policy.stages]
    if numbers != sorted(set(numbers)):
        yield Problem(path.name, "stages", "stage numbers that go up, each once", str(numbers))
    if ranks != sorted(set(ranks)):
        levels = [str(stage.level) for stage in policy.stages]
        yield Problem(path.name, "stages", "levels that go up, each once", str(levels))
    if policy.contact and not policy.contact_source:
        yield Problem(path.name, "contact_source", "the section that gives the contact", "nothing")
    known_areas = {area.id for area in policy.areas}
    for index, stage in enumerate(policy.stages):
        yield from _stage_problems(path.name, f"stages[{index}]", stage, set(numbers), known_areas)


def _texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{key}[{index}]")


def _stage_problems(
    file: str, key: str, stage: Stage, numbers: set[int], areas: set[str]
) -> Iterator[Problem]:
    earlier = {number for number in numbers if number < stage.number}
    if stage.must_follow:
        for number in set(stage.must_follow.stages) - earlier:
            where = f"{key}.must_follow.stages"
            yield Problem(file, where, f"earlier stages, from {sorted(earlier)}", str(number))
    for name in ("to_begin", "to_answer", "to_close"):
        limits: tuple[Limit, ...] = getattr(stage, name)
        for index, limit in enumerate(limits):
            yield from _limit_problems(file, f"{key}.{name}[{index}]", limit, earlier)
    for name in ("guidance", "notify", "records", "forms", "not_stated", "roles"):
        for index, item in enumerate(getattr(stage, name)):
            for area in set(item.applies.area) - areas:
                where = f"{key}.{name}[{index}].applies.area"
                yield Problem(file, where, f"an area of this policy, from {sorted(areas)}", area)


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
        if not needs_stage and reading.stage is not None:
            yield Problem(file, where, "none, unless earlier_stage_start", str(reading.stage))
