"""Saved cases: read with their code alone, and gone when they are deleted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from bot.privacy.cases import sealing
from bot.privacy.cases.codes import format_code, new_code
from bot.privacy.cases.saved import DAY_SECONDS, CaseStore
from bot.privacy.store.database import StoreUnavailable, make_engine
from bot.privacy.store.tables import CASES

OURS = "a key of the server, long enough for it"
ANSWERS: dict[str, Any] = {"on": "2026-11-20", "answers": {"partnership": "kent"}, "to_stage": 1}
SEALED_CASE = Path(__file__).parent / "sealed_case.yml"
LATER: dict[str, Any] = {**ANSWERS, "to_stage": 2}


class Clock:
    """A clock that is set by the test."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the store."""
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[CaseStore]:
    """A store that keeps a case for 30 days."""
    engine = make_engine(f"sqlite:///{tmp_path}/conversations.db")
    yield CaseStore(engine, OURS, 30, clock)
    engine.dispose()


def files(folder: Path) -> bytes:
    """Return all that the database has written, its write-ahead log included."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def rows(store: CaseStore) -> list[Any]:
    """Return the stored rows."""
    with store.engine.connect() as connection:
        return list(connection.execute(sa.select(CASES)))


def test_a_code_brings_back_what_was_saved(store: CaseStore) -> None:
    """The answers and the reference are returned unchanged."""
    code = store.save("one", ANSWERS)
    opened = store.open(code)
    assert opened is not None
    assert (opened.reference, opened.answers) == ("one", ANSWERS)


def test_nothing_of_a_case_can_be_read_in_the_database(store: CaseStore, tmp_path: Path) -> None:
    """Neither the code, in any form, nor any answer is in the file or its log."""
    code = store.save("one", ANSWERS)
    written = files(tmp_path)
    for secret in (
        code,
        format_code(code),
        code.lower(),
        "kent",
        "partnership",
        "2026-11-20",
        OURS,
    ):
        assert secret.encode() not in written
    assert b"one" in written


def test_whoever_has_the_database_and_the_secret_cannot_open_a_case(store: CaseStore) -> None:
    """A case sealed for one code opens with no other code, nor under another reference."""
    code = store.save("one", ANSWERS)
    (row,) = rows(store)
    with pytest.raises(sealing.WrongCode):
        sealing.unseal(row.sealed, new_code(), OURS, "one")
    with pytest.raises(sealing.WrongCode):
        sealing.unseal(row.sealed, code, OURS, "another")
    with pytest.raises(sealing.WrongCode):
        sealing.unseal(row.sealed, code, "another secret of the same length", "one")
    changed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
    with pytest.raises(sealing.WrongCode):
        sealing.unseal(changed, code, OURS, "one")


def test_a_case_stored_once_opens_later(store: CaseStore, clock: Clock) -> None:
    """One that was stored in November 2026 is found and opened by its code, byte for byte."""
    kept = yaml.safe_load(SEALED_CASE.read_text("utf-8"))
    with store.engine.begin() as connection:
        connection.execute(CASES.insert(), {**kept["row"], "used": clock.now})
    opened = store.open(kept["code"])
    assert opened is not None
    assert (opened.reference, opened.answers) == (kept["row"]["reference"], kept["answers"])
    assert store.keep(opened.reference, LATER)
    again = store.open(kept["code"])
    assert again is not None
    assert again.answers == LATER
    key = sealing.public_key_for(kept["code"], kept["secret"], kept["row"]["reference"])
    assert key == kept["row"]["lock"]


@pytest.mark.parametrize("length", [0, 1, 47, 48, 1071])
def test_a_case_that_was_cut_short_does_not_open(length: int) -> None:
    """Whatever is left of it is answered as a wrong code."""
    kept = yaml.safe_load(SEALED_CASE.read_text("utf-8"))
    left, reference = kept["row"]["sealed"][:length], kept["row"]["reference"]
    with pytest.raises(sealing.WrongCode):
        sealing.unseal(left, kept["code"], kept["secret"], reference)


def test_the_sealed_length_does_not_depend_on_the_answers(store: CaseStore) -> None:
    """A case with one answer takes as much room as one with twenty."""
    store.save("short", {})
    store.save("long", {"answers": {f"name{n}": "a value" for n in range(20)}})
    assert len({len(row.sealed) for row in rows(store)}) == 1


def test_a_wrong_code_is_answered_as_a_deleted_one_is(store: CaseStore, clock: Clock) -> None:
    """Unknown, replaced and expired codes get the same answer."""
    ended = store.save("one", ANSWERS)
    old = store.save("two", ANSWERS)
    store.save("one", ANSWERS)
    clock.now += 31 * DAY_SECONDS
    assert [store.open(code) for code in (new_code(), ended, old)] == [None, None, None]


def test_a_case_is_kept_from_its_last_use(store: CaseStore, clock: Clock) -> None:
    """Opening a case restarts its time."""
    code = store.save("one", ANSWERS)
    for _ in range(3):
        clock.now += 29 * DAY_SECONDS
        assert store.open(code) is not None
    clock.now += 31 * DAY_SECONDS
    assert store.open(code) is None


def test_a_case_is_brought_up_to_date_without_its_code(store: CaseStore) -> None:
    """The same code then brings back the later answers."""
    code = store.save("one", ANSWERS)
    assert store.keep("one", LATER)
    opened = store.open(code)
    assert opened is not None
    assert opened.answers == LATER


def test_a_case_that_is_gone_is_not_brought_back_to_life(store: CaseStore, clock: Clock) -> None:
    """Updating neither creates a case nor revives an expired one."""
    assert not store.keep("never", ANSWERS)
    store.save("one", ANSWERS)
    clock.now += 31 * DAY_SECONDS
    assert not store.keep("one", LATER)
    assert len(rows(store)) == 1


def test_a_new_code_ends_the_old_one(store: CaseStore) -> None:
    """There is one code for a case at any time."""
    first = store.save("one", ANSWERS)
    second = store.save("one", LATER)
    assert first != second
    assert store.open(first) is None
    assert store.open(second) is not None
    assert len(rows(store)) == 1


def test_two_cases_do_not_touch_each_other(store: CaseStore) -> None:
    """Each code brings back its own."""
    first, second = store.save("one", ANSWERS), store.save("two", LATER)
    opened = [store.open(code) for code in (first, second)]
    assert [one.reference for one in opened if one] == ["one", "two"]


def test_a_failing_store_raises_without_revealing_values(tmp_path: Path) -> None:
    """A database that has gone is a StoreUnavailable whose text holds no value."""
    engine = make_engine(f"sqlite:///{tmp_path}/conversations.db")
    store = CaseStore(engine, OURS, 30)
    code = store.save("one", ANSWERS)
    with engine.begin() as connection:
        CASES.drop(connection)
    for use in (lambda: store.open(code), lambda: store.save("two", ANSWERS)):
        with pytest.raises(StoreUnavailable) as failed:
            use()
        assert code not in str(failed.value)
        assert "kent" not in str(failed.value)
