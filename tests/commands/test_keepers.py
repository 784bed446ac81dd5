"""Accounts of keepers are made, changed and taken away by a command."""

from io import StringIO
from pathlib import Path

import pytest

from bot.commands.keepers import main
from bot.keepers.desk.store import Author, DraftStore
from bot.keepers.desk.work import Work
from bot.keepers.draft.draft import Section
from bot.keepers.people import Accounts, Right
from bot.privacy.store.database import make_engine

PASSWORD = "a password of hers"  # noqa: S105 - only for tests


@pytest.fixture(name="address")
def fixture_address(tmp_path: Path) -> str:
    """The address of a database."""
    return f"sqlite:///{tmp_path}/keeping.db"


def add(
    monkeypatch: pytest.MonkeyPatch, address: str, rights: str, password: str = PASSWORD
) -> int:
    """Make Eve's account; the password comes by standard input."""
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    wanted = ["--role", "clerk", "--rights", rights, "--database", address]
    return main(["add", "Eve", *wanted])


def test_an_account_lets_in_and_is_taken_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    """With its rights, and the password is nowhere in the database."""
    assert add(monkeypatch, address, "kent:write,sign *:read") == 0
    accounts = Accounts(make_engine(address))
    eve = accounts.signed_in("Eve", PASSWORD)
    assert eve
    assert eve.may(Right.sign, "kent.2027")
    assert eve.may(Right.read, "pan_dorset")
    assert not eve.may(Right.write, "pan_dorset")
    assert main(["list", "--database", address]) == 0
    assert "Eve: clerk; *:read kent:sign,write" in capsys.readouterr().out
    assert PASSWORD not in accounts.all()[0].password
    assert main(["remove", "Eve", "--database", address]) == 0
    assert accounts.signed_in("Eve", PASSWORD) is None
    assert main(["remove", "Eve", "--database", address]) == 2


@pytest.mark.parametrize(
    ("rights", "password", "told"),
    [
        ("kent:own", PASSWORD, "is no right"),
        ("", PASSWORD, "At least one right"),
        ("kent:read", "short", "at least 12 characters"),
    ],
)
def test_a_wrong_account_is_explained(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    address: str,
    rights: str,
    password: str,
    told: str,
) -> None:
    """Nothing is made."""
    assert add(monkeypatch, address, rights, password) == 2
    assert told in capsys.readouterr().err
    assert Accounts(make_engine(address)).all() == []


def test_old_versions_of_drafts_are_taken_away_and_the_newest_stays(
    capsys: pytest.CaptureFixture[str], address: str
) -> None:
    """With the texts that only they were read from; what was saved later stays whole."""
    seconds = iter((1.0, 2.0, 3.0, 2_000_000_000.0, 2_000_000_001.0))
    store = DraftStore(make_engine(address), lambda: next(seconds))
    eve = Author("Eve", "clerk")
    old, new = (store.keep_text((Section(heading=heading),)) for heading in ("Old", "New"))
    for version, text in enumerate((old, old, new)):
        store.save("north_vale", version, Work(title="North Vale", text=text), eve, "changed")
    for version in range(2):
        store.save("south_vale", version, Work(title="South Vale", text=new), eve, "changed")
    assert main(["purge", "--before", "2024-04-01", "--database", address]) == 0
    assert "Taken away: 2 older versions of drafts" in capsys.readouterr().out
    left = [(change.draft, change.version) for change in store.changes()]
    assert left == [("north_vale", 3), ("south_vale", 1), ("south_vale", 2)]
    assert not store.text(old)
    assert store.text(new)
