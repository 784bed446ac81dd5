"""Loads policy files. Reports every problem of a wrong file at once, and never loads it.

A file is called `<id>.yml`. Another version of the same policy stands beside it as
`<id>.<word>.yml`, such as `kent.2027.yml`. A file that extends another is read once for each
version of that one, so that an area goes by the region's text that is in force.
"""

from collections.abc import Iterable
from contextlib import suppress
from copy import deepcopy
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from bot.core.policy.checks import Problem, meaning_problems, policy_schema, shape_problems
from bot.core.policy.extending import (
    approval_of_both,
    begins_of,
    extend_policy,
    spread_over_stages,
)
from bot.core.policy.file import PolicyError, line_of, read_marked, read_plain, refuse_too_deep
from bot.core.policy.library import Library, Version, by_version, version_problems
from bot.core.policy.model import Policy
from bot.core.policy.notes import notes, unfinished
from bot.core.policy.sense import semantic_problems
from bot.core.policy.signing import with_valid_approval
from bot.core.policy.together import problems_together

__all__ = [
    "PolicyError",
    "Problem",
    "content_of",
    "content_with_region",
    "keep_sound_files",
    "load_library",
    "load_policies",
    "load_policy",
    "load_sound_library",
    "load_versions",
    "located",
    "notes_on",
    "policy_files",
    "policy_schema",
    "problems_in",
    "read_plain",
]


class Base(msgspec.Struct, frozen=True):
    """A version of a policy that another file extends, as its file holds it and as it loads.

    `policy` is None where it extends another itself.
    """

    plain: dict[str, Any]
    policy: Policy | None


class Read(msgspec.Struct, frozen=True):
    """What a folder holds: the versions that load, and what is wrong with the other files."""

    versions: dict[str, list[Version]]
    problems: tuple[Problem, ...]


Written = tuple[tuple[str, int, int], ...]


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
    read = _read(folder, _written(_candidates(folder)))
    if read.problems:
        raise PolicyError([*read.problems])
    return Library(read.versions, drafts=drafts)


def load_sound_library(folder: Path, *, drafts: bool = True, kept: Path | None = None) -> Library:
    """Read every `*.yml` in `folder` that is right, and leave out the policies of the others.

    A wrong file is replaced by its copy in `kept`, as `keep_sound_files` left it, where there is
    one. `left_out` of the library tells what is wrong. Raises PolicyError if nothing loads.
    """
    read = _read(folder, _written(_candidates(folder)))
    if not read.problems:
        return Library(read.versions, drafts=drafts)
    wrong = {problem.file for problem in read.problems}
    found = [one for each in read.versions.values() for one in each if one.file not in wrong]
    for name in sorted(wrong):
        if kept and (kept / name).is_file():
            with suppress(PolicyError):
                found += load_versions(kept / name)
    if not found:
        raise PolicyError([*read.problems])
    return Library(by_version(found), drafts=drafts, left_out=read.problems)


def keep_sound_files(folder: Path, kept: Path) -> None:
    """Copy the files that load to `kept`, for a day on which one of them does not any more."""
    read = _read(folder, _written(_candidates(folder)))
    wrong = {problem.file for problem in read.problems}
    kept.mkdir(parents=True, exist_ok=True)
    for name in {one.file for each in read.versions.values() for one in each} - wrong:
        written = (folder / name).read_bytes()
        copy = kept / name
        if not copy.is_file() or copy.read_bytes() != written:
            half = copy.with_suffix(".half")
            half.write_bytes(written)
            half.replace(copy)


def problems_in(folder: Path) -> list[Problem]:
    """Return every problem of a folder's policy files, alone and together."""
    read = _read(folder, _written(_candidates(folder)))
    # What is wrong between files that load stops none of them: only whoever checks needs it.
    return [*read.problems, *_located_by_file(problems_together(read.versions), folder)]


def _candidates(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])


def _written(files: list[Path]) -> Written:
    """Return name, time of change and size of files."""
    told = ((path.name, path.stat()) for path in files)
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in told)


@lru_cache(maxsize=4)
def _read(folder: Path, _files: Written) -> Read:
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
            found += load_versions(path)
        except PolicyError as error:
            problems += error.problems
    if not found and not problems:
        problems.append(Problem(str(folder), "(folder)", "at least one policy file", "none"))
    versions = by_version(found)
    problems += _located_by_file(version_problems(versions), folder)
    return Read(versions, tuple(problems))


def _located_by_file(problems: Iterable[Problem], folder: Path) -> list[Problem]:
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.file, []).append(problem)
    return [one for file, each in by_file.items() for one in located(each, folder / file)]


def policy_files(folder: Path) -> list[Path]:
    """Return a folder's policy files, sorted by name and without case files."""
    return sorted(path for path in folder.glob("*.yml") if not path.name.endswith(".cases.yml"))


def load_policy(path: Path) -> Policy:
    """Read one policy file. Raises PolicyError with all of its problems.

    A file that extends another is read with the version of that one on the day it begins itself.
    """
    return load_versions(path)[0].policy


def load_versions(path: Path) -> list[Version]:
    """Read a file: once, or with each version of the policy it extends while it is in force."""
    plain, repeated = read_plain(path)
    if not isinstance(plain, dict) or plain.get("extends") is None:
        return [Version(path.name, _checked(path, plain, repeated))]
    return [
        Version(
            path.name, _checked(path, extend_policy(deepcopy(plain), base.plain), repeated, base)
        )
        for base in _bases_meanwhile(path, plain)
    ]


def _checked(
    path: Path, plain: object, repeated: list[Problem], base: Base | None = None
) -> Policy:
    try:
        policy = msgspec.convert(plain, Policy)
    except msgspec.ValidationError as error:
        refuse_too_deep(path, plain)
        problems = [*shape_problems(path.name, plain, str(error)), *meaning_problems(path, plain)]
        raise PolicyError([*located(problems, path, base), *repeated]) from error
    found = [*semantic_problems(policy), *unfinished(policy)]
    problems = [*meaning_problems(path, plain), *(Problem(path.name, *one) for one in found)]
    if problems or repeated:
        raise PolicyError([*located(problems, path, base), *repeated])
    policy = spread_over_stages(with_valid_approval(policy, plain))
    return approval_of_both(policy, base.policy) if base and base.policy else policy


def notes_on(path: Path, today: date) -> list[Problem]:
    """Return the notes on a file that loads. Raises PolicyError for any other file."""
    load_policy(path)
    plain, base = _with_base(path, today)
    policy = with_valid_approval(msgspec.convert(plain, Policy), plain)
    return located([Problem(path.name, *note) for note in notes(policy, today)], path, base)


def content_of(path: Path, day: date) -> dict[str, Any]:
    """Return all that a file says, with what it takes from its base: what an approval covers.

    The base is the version that is in force on the day. For a file that loads.
    """
    return _with_base(path, day)[0]


def content_with_region(plain: dict[str, Any], path: Path, day: date) -> dict[str, Any]:
    """Return the same for values that are not in a file yet, but would stand at `path`.

    Raises PolicyError where they extend a policy that is not beside it.
    """
    if plain.get("extends") is None:
        return plain
    return extend_policy(deepcopy(plain), _base_on(path, plain, day).plain)


def region_on(plain: dict[str, Any], path: Path, day: date) -> Policy | None:
    """Return the policy that such values extend, in the version in force. Raises PolicyError."""
    return None if plain.get("extends") is None else _base_on(path, plain, day).policy


def _with_base(path: Path, day: date) -> tuple[dict[str, Any], Base | None]:
    plain, _ = read_plain(path)
    values: dict[str, Any] = plain if isinstance(plain, dict) else {}
    if values.get("extends") is None:
        return values, None
    base = _base_on(path, values, day)
    return extend_policy(deepcopy(values), base.plain), base


def _base_on(path: Path, plain: dict[str, Any], day: date) -> Base:
    first, *later = _bases_meanwhile(path, plain)
    begun = [base for base in later if begins_of(base.plain) <= day.isoformat()]
    return begun[-1] if begun else first


def _bases_meanwhile(path: Path, plain: dict[str, Any]) -> list[Base]:
    """Return the versions of the extended policy that hold while a file does, the oldest first.

    Raises PolicyError.
    """
    bases = _bases(path, str(plain["extends"]))
    begins, ends = begins_of(plain), _next_begins(path, plain)
    first = [base for base in bases if begins_of(base.plain) <= begins][-1:] or bases[:1]
    later = [base for base in bases if begins < begins_of(base.plain) < ends]
    return [*first, *(base for base in later if base not in first)]


def _next_begins(path: Path, plain: dict[str, Any]) -> str:
    """Return the day on which the file's next version begins."""
    others = [
        begins_of(other)
        for file in policy_files(path.parent)
        if file != path and _id(file) == _id(path)
        for other in [read_plain(file)[0]]
        if isinstance(other, dict)
    ]
    return min((day for day in others if day > begins_of(plain)), default=date.max.isoformat())


def _bases(path: Path, named: str) -> list[Base]:
    files = [file for file in policy_files(path.parent) if _id(file) == named]
    if _id(path) == named or not files:
        others = sorted({_id(file) for file in policy_files(path.parent)} - {_id(path)})
        raise _no_base(path, f"the name of another policy file, from {others}", named)
    found = []
    for file in files:
        ((_, when, size),) = _written([file])
        base = _base(file, when, size)
        if base is None:
            raise _no_base(path, "a policy file without a mistake", file.name)
        if base.policy is None:
            raise _no_base(path, "a policy that extends none itself", named)
        found.append(base)
    return sorted(found, key=lambda base: begins_of(base.plain))


def _no_base(path: Path, expected: str, got: str) -> PolicyError:
    return PolicyError(located([Problem(path.name, "extends", expected, got)], path))


@lru_cache(maxsize=100)
def _base(path: Path, _when: int, _size: int) -> Base | None:
    """Read a file that others extend, once for all of them; None if it does not load."""
    try:
        plain, _ = read_plain(path)
        if isinstance(plain, dict) and plain.get("extends") is not None:
            return Base(plain, None)
        return Base(dict(plain), load_policy(path))  # type: ignore[call-overload]  # it loads
    except PolicyError:
        return None


def _id(path: Path) -> str:
    return path.name.partition(".")[0]


def located(problems: list[Problem], path: Path, base: Base | None = None) -> list[Problem]:
    """Return a file's problems, sorted by line."""
    if not problems:
        return []
    plain, lines = read_marked(path)
    if base and isinstance(plain, dict):
        plain = extend_policy(plain, base.plain)
    found = [
        msgspec.structs.replace(problem, line=problem.line or line_of(problem.key, plain, lines))
        for problem in problems
    ]
    return sorted(found, key=lambda problem: problem.line or 0)
