"""Finds the policy that a name on the command line stands for."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.core.policy.loader import load_policy, policy_files
from bot.core.policy.model import Policy


class NoSuchPolicyError(Exception):
    """There is no policy of that name. The message lists the known ones."""


def find_policy(
    name: str, folder: Path, today: date, *, as_named: bool = False
) -> tuple[Path, Policy]:
    """Return a policy and its file by an id, a file's name without .yml, or a path.

    An id alone stands for the version in force today; `as_named`, for the file of that name. Raises
    PolicyError where the file is wrong.
    """
    if name.endswith(".yml") and Path(name).is_file():
        return Path(name), load_policy(Path(name))
    files = {path.stem: path for path in policy_files(folder)}
    versions = [path for stem, path in files.items() if stem.partition(".")[0] == name]
    if name in files and (as_named or "." in name or len(versions) == 1):
        return files[name], load_policy(files[name])
    if not versions:
        known = ", ".join(files) or "none"
        raise NoSuchPolicyError(f"There is no policy '{name}' in {folder}. There are: {known}.")
    return _in_force({path: load_policy(path) for path in versions}, today)


def _in_force(versions: Mapping[Path, Policy], today: date) -> tuple[Path, Policy]:
    begins = {path: policy.document.effective_from or date.min for path, policy in versions.items()}
    ordered = sorted(versions, key=lambda path: begins[path])
    chosen = ([path for path in ordered if begins[path] <= today] or ordered[:1])[-1]
    return chosen, versions[chosen]
