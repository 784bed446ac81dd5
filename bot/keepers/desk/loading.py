"""A draft as the policy that the guide would load, or what keeps it from being one."""

import shutil
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import yaml

from bot.core.policy.loader import PolicyError, load_policy, read_plain
from bot.core.policy.model import Policy
from bot.core.policy.signing import APPROVAL
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


def loaded(work: Work, folder: Path) -> Loaded:
    """Read a draft as a policy file; `folder` holds the policies that it may add to."""
    put = assembled(work.pieces)
    text = file_text({**MEANWHILE, **_documented(put.plain)})
    policy, found = _read(text, folder, _written(folder))
    mistakes = tuple(
        Mistake(one.key, one.expected, one.got, put.piece_at(one.key)) for one in found
    )
    return Loaded(policy, mistakes)


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
    text: str, folder: Path, _written: tuple[int, ...]
) -> tuple[Policy | None, tuple[_Found, ...]]:
    plain = yaml.safe_load(text)
    with TemporaryDirectory() as aside:
        base = folder / f"{plain.get('extends')}.yml"
        if plain.get("extends") and base.is_file():
            shutil.copy(base, aside)
        path = Path(aside) / f"{_file_name(plain['id'])}.yml"
        path.write_text(text, encoding="utf-8")
        try:
            return load_policy(path), ()
        except PolicyError as error:
            return None, tuple(_Found(one.key, one.expected, one.got) for one in error.problems)


def adds_to_a_region(path: Path) -> bool:
    """Say whether a file only adds to a region's: a signature here would not cover that text.

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
