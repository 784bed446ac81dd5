"""A draft as the policy that the guide would load, or what keeps it from being one."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import yaml

from bot.core.policy.loader import (
    PolicyError,
    content_with_region,
    load_versions,
    policy_files,
    read_plain,
    region_on,
)
from bot.core.policy.model import Policy
from bot.core.policy.signing import APPROVAL, content_digest
from bot.keepers.desk.work import Assembled, Seal, Work, assembled, key_of

FIRST = ("id", "name", "short_name", "partnership", "status", "fact_checked", "signed", "nation")
"""The keys that a file begins with."""
MEANWHILE: Mapping[str, Any] = {
    "id": "draft",
    "name": "The draft",
    "short_name": "The draft",
    "partnership": "the partnership",
    "nation": "england",
    "document": {"title": "The draft"},
    "names": ["the draft"],
    "places": [],
    "own_areas": [],
    "stages": [],
}
"""What stands in a draft for required keys that are still open, so that it can be tried out."""


class Mistake(msgspec.Struct, frozen=True):
    """Something wrong in a draft: where, what, and the piece it is in, if one is known."""

    key: str
    expected: str
    got: str
    piece: str | None


class Loaded(msgspec.Struct, frozen=True):
    """A draft's policy, None where there are mistakes. Open keys hold words for meanwhile."""

    policy: Policy | None
    mistakes: tuple[Mistake, ...]


OF_AN_ADDITION = ("id", "name", "short_name", "document")
"""Keys that a file has of its own even where it adds to a region's."""


def loaded(work: Work, folder: Path, day: date) -> Loaded:
    """Read a draft as a policy file; `folder` holds the policies that it may add to.

    An addition is read with the version of the region's policy that is in force on the day.
    """
    put = assembled(work.pieces)
    adds = put.plain.get("extends") is not None
    meanwhile = {
        key: value for key, value in MEANWHILE.items() if not adds or key in OF_AN_ADDITION
    }
    text = file_text({**meanwhile, **_documented(put.plain)})
    policy, found = _read(text, folder, _written(folder), day)
    mistakes = tuple(
        Mistake(one.key, one.expected, one.got, put.piece_at(one.key)) for one in found
    )
    return Loaded(policy, mistakes)


def digest_of(work: Work, folder: Path, day: date) -> str:
    """Return the digest of all that a draft says, with what it takes from a region's policy."""
    plain, path = _as_file(work, folder)
    # Without the region's text it cannot be loaded, and so not be signed either.
    with suppress(PolicyError):
        plain = content_with_region(plain, path, day)
    return content_digest(plain)


def region_of(work: Work, folder: Path, day: date) -> Policy | None:
    """Return the region's policy that a draft adds to, None for a policy of its own."""
    plain, path = _as_file(work, folder)
    with suppress(PolicyError):
        return region_on(plain, path, day)
    return None


def _as_file(work: Work, folder: Path) -> tuple[dict[str, Any], Path]:
    """Return a draft's values, and the file that they would stand in."""
    plain = assembled(work.pieces).plain
    return plain, folder / f"{work.begun_from or _file_name(plain.get('id'))}.yml"


def _documented(plain: dict[str, Any]) -> dict[str, Any]:
    document = {"title": MEANWHILE["document"]["title"], **plain.get("document", {})}
    return {**plain, "document": document}


def _written(folder: Path) -> tuple[int, ...]:
    return tuple(path.stat().st_mtime_ns for path in sorted(folder.glob("*.yml")))


class _Found(msgspec.Struct, frozen=True):
    key: str
    expected: str
    got: str


@lru_cache(maxsize=16)
def _read(
    text: str, folder: Path, _written: tuple[int, ...], day: date
) -> tuple[Policy | None, tuple[_Found, ...]]:
    plain = yaml.safe_load(text)
    with TemporaryDirectory() as aside:
        for base in policy_files(folder) if plain.get("extends") else ():
            if base.name.partition(".")[0] == plain["extends"]:
                shutil.copy(base, aside)
        path = Path(aside) / f"{_file_name(plain['id'])}.yml"
        path.write_text(text, encoding="utf-8")
        try:
            first, *later = load_versions(path)
            begun = [version for version in later if version.begins <= day]
            return (begun[-1] if begun else first).policy, ()
        except PolicyError as error:
            return None, tuple(_Found(one.key, one.expected, one.got) for one in error.problems)


def adds_to_a_region(path: Path) -> bool:
    """Say whether a file only adds to a region's.

    A file that cannot be read is not known to.
    """
    try:
        plain: Any = read_plain(path)[0]
    except PolicyError:
        return False
    return isinstance(plain, dict) and bool(plain.get("extends"))


def _file_name(name: object) -> str:
    kept = "".join(letter for letter in str(name) if letter.isalnum() or letter == "_")
    return kept or "draft"


def file_text(plain: Mapping[str, Any], head: str = "") -> str:
    """Return values as the text of a policy file."""
    ordered = {key: plain[key] for key in FIRST if key in plain} | dict(plain)
    text = yaml.safe_dump(ordered, sort_keys=False, allow_unicode=True, width=96)
    return f"{head}{text}"


def approved_plain(put: Assembled, checked: Seal | None, signed: Seal | None) -> dict[str, Any]:
    """Return a draft's values with its approval, by roles and never by names."""
    plain = {key: value for key, value in put.plain.items() if key not in APPROVAL}
    status = "signed" if signed else "fact_checked" if checked else "draft"
    plain["status"] = status
    for name, seal in (("fact_checked", checked), ("signed", signed)):
        if seal:
            plain[name] = {"role": seal.role, "day": seal.day, "digest": seal.digest}
    return plain


def title_of(path: str, titles: Mapping[str, Any]) -> str:
    """Return what stands at a path, in a few words: "A time limit for the answer"."""
    parts = [part for part in path.split(".") if not part.isdigit()]
    whole = ".".join(parts)
    return str(titles.get(whole) or titles.get(parts[-1]) or key_of(parts))
