"""A signed draft becomes the policy file that the guide reads."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import yaml

from bot.core.policy.loader import PolicyError, load_library, policy_files, read_plain
from bot.core.policy.model import Policy
from bot.keepers.check import case_folder
from bot.keepers.desk.loading import approved_plain, file_text
from bot.keepers.desk.signing import standing_check, standing_signature
from bot.keepers.desk.work import Work, assembled

SETTING = "ESCALATION_GUIDE_KEEPERS_PUBLISH"
YES = frozenset({"1", "yes", "true", "on"})
HEAD = """\
# yaml-language-server: $schema=schema.json
# Written on the keepers' pages from "{title}". {standing}.
"""


class NotPublished(Exception):
    """The file was not written. Its message is for the keeper."""


def may_publish(environment: Mapping[str, str] = os.environ) -> bool:
    """Say whether the pages may write into the folder of policies."""
    return environment.get(SETTING, "").strip().lower() in YES


def policy_file(work: Work, digest: str, standing: str) -> str:
    """Return the text of a draft's policy file, with the approval that still holds."""
    put = assembled(work.pieces)
    plain = approved_plain(put, standing_check(work, digest), standing_signature(work, digest))
    document = plain.get("document") or {}
    title = " ".join(str(document.get("title") or work.title).split())
    return file_text(plain, HEAD.format(title=title, standing=standing.capitalize()))


CASES_HEAD = "# Confirmed on the keepers' pages.\n"


def cases_text(cases: object) -> str:
    """Return the text of a case file."""
    told: str = yaml.safe_dump(cases, sort_keys=False, allow_unicode=True, width=96)
    return CASES_HEAD + told


def file_name(work: Work, policy: Policy, folder: Path) -> str:
    """Return the name of a draft's file: its own, or that of another version of the policy."""
    begins = _begins_in(assembled(work.pieces).plain)
    if work.begun_from and begins != _begins(folder / f"{work.begun_from}.yml"):
        return f"{policy.id}.{begins.isoformat() if begins else 'next'}.yml"
    return f"{work.begun_from or policy.id}.yml"


def _begins(path: Path) -> date | None:
    return _begins_in(read_plain(path)[0]) if path.is_file() else None


def _begins_in(plain: object) -> date | None:
    """Return the day that a file's own document names, and not that of a region's."""
    document = plain.get("document") if isinstance(plain, dict) else None
    day = document.get("effective_from") if isinstance(document, dict) else None
    return date.fromisoformat(day) if isinstance(day, str) else None


def publish(text: str, name: str, folder: Path) -> None:
    """Write a file into the folder, after a look at the whole folder with it.

    Raises NotPublished: a mistake would keep the guide from its next start.
    """
    with tempfile.TemporaryDirectory() as aside:
        for path in policy_files(folder):
            shutil.copy(path, aside)
        (Path(aside) / name).write_text(text, encoding="utf-8")
        try:
            load_library(Path(aside))
        except PolicyError as error:
            raise NotPublished(str(error)) from error
    _write(text, folder / name)


def publish_cases(text: str, name: str, folder: Path) -> None:
    """Write the confirmed cases where `check` looks for them. Raises NotPublished.

    Cases that somebody wrote by hand stay as they are.
    """
    path = case_folder(folder) / name
    if not path.exists() or path.read_text(encoding="utf-8").startswith(CASES_HEAD):
        _write(text, path)


def _write(text: str, path: Path) -> None:
    try:
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            Path(beside).chmod(0o644)
            # In one step, so that nobody ever reads half a file.
            Path(beside).replace(path)
        finally:
            with suppress(FileNotFoundError):
                Path(beside).unlink()
    except OSError as error:
        raise NotPublished(f"{path.parent.name} cannot be written ({error.strerror}).") from error
