"""Reads policy files. A wrong file is reported with all its problems at once, and never loaded."""

from pathlib import Path
from typing import Any

import msgspec
import yaml

from bot.core.policy import Policy
from bot.core.policy_checks import Problem, meaning_problems, policy_schema, shape_problems

__all__ = [
    "PolicyError",
    "Problem",
    "load_policies",
    "load_policy",
    "policy_schema",
    "read_plain",
]


class PolicyError(Exception):
    """One or more policy files are wrong. `problems` holds every one of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class _Reader(yaml.CSafeLoader):
    """YAML whose repeated keys are noticed: plain YAML keeps the last and drops the others."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.repeated: list[tuple[str, int]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML fixes the signature.
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                self.repeated.append((str(key.value), key.start_mark.line + 1))
            elif isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        """Leave 31 February as it is written: the schema says what is wrong and where."""
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Reader.add_constructor("tag:yaml.org,2002:timestamp", _Reader.construct_yaml_timestamp)


def load_policies(folder: Path) -> dict[str, Policy]:
    """Read every `*.yml` in `folder`, by policy id.

    Raises PolicyError with the problems of all files together, also when there is no file.
    """
    policies: dict[str, Policy] = {}
    problems = [
        Problem(path.name, "(file)", "a name that ends in .yml", path.suffix)
        for path in sorted(folder.glob("*.yaml"))
    ]
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
    plain, problems = read_plain(path)
    problems += meaning_problems(path, plain)
    try:
        policy = msgspec.convert(plain, Policy)
    except msgspec.ValidationError as error:
        problems = [*shape_problems(path.name, plain, str(error)), *problems]
        raise PolicyError(problems) from error
    if problems:
        raise PolicyError(problems)
    return policy


def read_plain(path: Path) -> tuple[object, list[Problem]]:
    """Return a file as built-in values, and its repeated keys. Raises PolicyError."""
    try:
        reader = _Reader(path.read_text(encoding="utf-8"))
        plain = msgspec.to_builtins(reader.get_single_data())
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, OSError, TypeError) as error:
        told = " ".join(str(error).split())
        raise PolicyError([Problem(path.name, "(file)", "YAML in UTF-8", told)]) from error
    return plain, [
        Problem(path.name, key, "each key once", f"the key again in line {line}")
        for key, line in reader.repeated
    ]
