"""Loads policy files. Reports every problem of a wrong file at once, and never loads it.

A file is called `<id>.yml`. Another version of the same policy stands beside it as
`<id>.<word>.yml`, such as `kent.2027.yml`.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from bot.core.policy.checks import Problem, meaning_problems, policy_schema, shape_problems
from bot.core.policy.extending import extend_policy, spread_over_stages
from bot.core.policy.file import PolicyError, line_of, read_marked, read_plain
from bot.core.policy.library import Library, Version, by_version, version_problems
from bot.core.policy.model import Policy
from bot.core.policy.notes import notes, unfinished
from bot.core.policy.sense import semantic_problems
from bot.core.policy.signing import with_valid_approval

__all__ = [
    "PolicyError",
    "Problem",
    "load_library",
    "load_policies",
    "load_policy",
    "notes_on",
    "policy_files",
    "policy_schema",
    "read_plain",
]


def load_policies(folder: Path, on: date | None = None) -> dict[str, Policy]:
    """Read every policy in `folder`, by id: the version in force on a day, else the newest.

    Raises PolicyError with the problems of all files together, also when there is no file.
    """
    library = load_library(folder)
    return library.newest() if on is None else library.on(on)


def load_library(folder: Path, *, drafts: bool = True) -> Library:
    """Read every `*.yml` in `folder`; without `drafts` only the signed ones are kept.

    Raises PolicyError with the problems of all files together, also when there is no file.
    """
    return Library(_versions(folder, _written(folder)), drafts=drafts)


def _written(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, time of change and size of each file that may hold a policy."""
    files = [*folder.glob("*.yml"), *folder.glob("*.yaml")]
    told = ((path.name, path.stat()) for path in sorted(files))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in told)


@lru_cache(maxsize=4)
def _versions(folder: Path, _files: tuple[tuple[str, int, int], ...]) -> dict[str, list[Version]]:
    """Read a folder, and again only after a file in it changes.

    The choice of partnerships, masking and understanding all need the policies at the start.
    """
    found: list[Version] = []
    problems = [
        Problem(path.name, "(file)", "a name that ends in .yml", path.suffix)
        for path in sorted(folder.glob("*.yaml"))
    ]
    for path in policy_files(folder):
        try:
            found.append(Version(path.name, load_policy(path)))
        except PolicyError as error:
            problems += error.problems
    if not found and not problems:
        problems.append(Problem(str(folder), "(folder)", "at least one policy file", "none"))
    versions = by_version(found)
    for problem in version_problems(versions):
        (located,) = _located([problem], folder / problem.file)
        problems.append(located)
    if problems:
        raise PolicyError(problems)
    return versions


def policy_files(folder: Path) -> list[Path]:
    """Return a folder's policy files, sorted by name and without case files."""
    return sorted(path for path in folder.glob("*.yml") if not path.name.endswith(".cases.yml"))


def load_policy(path: Path) -> Policy:
    """Read one policy file. Raises PolicyError with all of its problems."""
    plain, repeated = read_plain(path)
    if isinstance(plain, dict) and plain.get("extends") is not None:
        plain = _with_base(path, plain)
    problems = [*meaning_problems(path, plain)]
    try:
        policy = msgspec.convert(plain, Policy)
    except msgspec.ValidationError as error:
        problems = [*shape_problems(path.name, plain, str(error)), *problems]
        raise PolicyError([*_located(problems, path), *repeated]) from error
    found = [*semantic_problems(policy), *unfinished(policy)]
    problems += [Problem(path.name, *mistake) for mistake in found]
    if problems or repeated:
        raise PolicyError([*_located(problems, path), *repeated])
    return spread_over_stages(with_valid_approval(policy, plain))


def notes_on(path: Path, today: date) -> list[Problem]:
    """Return the notes on a file that loads. Raises PolicyError for any other file."""
    load_policy(path)
    plain = content_of(path)
    policy = with_valid_approval(msgspec.convert(plain, Policy), plain)
    return _located([Problem(path.name, *note) for note in notes(policy, today)], path)


def content_of(path: Path) -> dict[str, Any]:
    """Return all that a file says, with what it adds to: what an approval covers.

    For a file that loads.
    """
    plain, _ = read_plain(path)
    values: dict[str, Any] = plain if isinstance(plain, dict) else {}
    return _with_base(path, values) if values.get("extends") is not None else values


def _with_base(path: Path, plain: dict[str, Any]) -> dict[str, Any]:
    """Return a file's values, filled from the policy it extends. Raises PolicyError."""
    named = plain["extends"]
    base = path.parent / f"{named}.yml"
    if base == path or not base.is_file():
        others = [file.stem for file in policy_files(path.parent) if file != path]
        expected = f"the name of another policy file, from {others}"
        raise PolicyError(_located([Problem(path.name, "extends", expected, str(named))], path))
    theirs, _ = read_plain(base)
    if isinstance(theirs, dict) and theirs.get("extends") is not None:
        expected = "a policy that extends none itself"
        raise PolicyError(_located([Problem(path.name, "extends", expected, str(named))], path))
    try:
        load_policy(base)
    except PolicyError as error:
        expected = "a policy file without a mistake"
        raise PolicyError(
            _located([Problem(path.name, "extends", expected, base.name)], path)
        ) from error
    return extend_policy(plain, dict(theirs))  # type: ignore[call-overload]  # it has just been loaded


def _located(problems: list[Problem], path: Path) -> list[Problem]:
    """Return a file's problems, sorted by line."""
    if not problems:
        return []
    plain, lines = read_marked(path)
    if isinstance(plain, dict) and plain.get("extends") is not None:
        base = path.parent / f"{plain['extends']}.yml"
        if base.is_file():
            theirs, _ = read_plain(base)
            if isinstance(theirs, dict) and isinstance(theirs.get("stages"), list):
                plain = extend_policy(plain, theirs)
    found = [
        msgspec.structs.replace(problem, line=line_of(problem.key, plain, lines))
        for problem in problems
    ]
    return sorted(found, key=lambda problem: problem.line or 0)
