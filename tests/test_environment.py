"""The locked environment: whole, fetched from nowhere in particular, and never half built."""

import re

import tomli

from bot.paths import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_holds_no_address() -> None:
    """An organisation's own mirror must serve as well as the public registry."""
    assert re.findall(r"https?://|^--", LOCK, flags=re.MULTILINE) == []


def test_every_locked_package_has_its_hashes() -> None:
    """A package that was changed on its way is refused."""
    for block in re.split(r"\n(?=[a-z0-9])", LOCK.split("\n\n", 1)[0]):
        if "==" in block and not block.startswith("#"):
            assert "--hash=sha256:" in block, block.splitlines()[0]


def test_every_package_asked_for_is_locked() -> None:
    """What pyproject.toml names is in the lock: adding one without `make lock` is noticed."""
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[<>=!~; ]", one, maxsplit=1)[0].lower() for one in asked}
    locked = {name.lower() for name in re.findall(r"^([A-Za-z0-9_.-]+)==", LOCK, re.MULTILINE)}
    assert names - locked == set()
