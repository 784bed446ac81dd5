"""The locked environment: whole, fetched from nowhere in particular, and never half built."""

import json
import re

import pytest
import tomli

from bot.paths import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_holds_no_address() -> None:
    """An organisation's own mirror must serve as well as the public registry."""
    assert re.findall(r"https?://|^--", LOCK, flags=re.MULTILINE) == []


@pytest.mark.parametrize(
    ("name", "fewest"),
    [
        ("requirements.lock", 100),
        ("deploy/tools.lock", 20),
        ("deploy/checks.lock", 20),
        ("deploy/clients.lock", 2),
        ("deploy/mutate.lock", 20),
    ],
)
def test_every_locked_package_has_its_hashes(name: str, fewest: int) -> None:
    """A package that was changed on its way is refused."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / name).read_text(encoding="utf-8"))
    packages = [block for block in blocks if re.match(r"[A-Za-z0-9_.-]+==", block)]
    assert len(packages) >= fewest
    for block in packages:
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_every_locked_package_of_microsofts_has_its_hash() -> None:
    """And none an address: each machine uses its own registry."""
    lock = json.loads((ROOT / "deploy/clients/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert len(packages) > 5
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_every_accepted_advisory_says_when_and_why() -> None:
    """An advisory is passed over only with a date and a reason."""
    lines = (ROOT / "deploy/accepted-advisories.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        assert re.fullmatch(r"#.*|(CVE|GHSA|PYSEC)-\S+ \d{4}-\d\d-\d\d \S.{10,}", line), line


def test_every_package_asked_for_is_locked() -> None:
    """What pyproject.toml names is in the lock: adding one without `make lock` is noticed."""
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[<>=!~; ]", one, maxsplit=1)[0].lower() for one in asked}
    locked = {name.lower() for name in re.findall(r"^([A-Za-z0-9_.-]+)==", LOCK, re.MULTILINE)}
    assert names - locked == set()
