"""From outside: a code and a name are in no file and no log, and after deleting nothing is."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import CASES, EVENTS
from tests.support.fixtures import TODAY, start_guide
from tests.support.server import Server

pytestmark = pytest.mark.server

NAME = "Zebediah"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database is."""
    return tmp_path_factory.mktemp("left")


@pytest.fixture(scope="module")
def talkative(folder: Path) -> Iterator[Server]:
    """The guide with a database of its own, writing all that it can to its log."""
    server = start_guide(folder / "conversations.db", TODAY, ESCALATION_GUIDE_LOG_LEVEL="DEBUG")
    yield server
    server.stop()


def kept(folder: Path) -> str:
    """Return all that the database has written, its write-ahead log included."""
    return "".join(path.read_text("latin-1") for path in sorted(folder.iterdir()))


def parts(code: str) -> set[str]:
    """Return whatever would give a code away: any two groups of it, however they are written."""
    groups = code.split("-")[1:]
    pairs = list(itertools.pairwise(groups))
    joined = {join.join(pair) for pair in pairs for join in ("-", " ", "")}
    return joined | {part.lower() for part in joined}


def test_no_code_or_name_is_ever_stored_and_deleting_leaves_nothing(
    talkative: Server, folder: Path
) -> None:
    """Saved, updated, brought back in a sentence, mistyped, refused, deleted: no trace of it."""
    first = talkative.client()
    first.press("No")
    first.say(f"kent, {NAME} is the child, dsl at a school, social care turned our referral down")
    first.say("save this please")
    code = first.messages[0]["card"]["code"]
    assert code.startswith("EG-")
    second = talkative.client()
    second.say(f"its {NAME} again {code.lower()} still no reply since tuesday")
    assert "Welcome back" in second.text
    second.say(f"{code[:-1]} and {NAME}'s code is {code[3:].replace('-', ' ')[:-1]}")
    assert "slip" in second.text
    second.say("give me a new code")
    second.press("Give me a new code")
    renewed = next(m["card"]["code"] for m in second.messages if m["card"])
    second.say(f"and the old one? {code}")
    assert "I can't open a case" in second.text
    secrets = parts(code) | parts(renewed) | {NAME, NAME.lower()}
    assert not [one for one in secrets if one in kept(folder) or one in talkative.written]
    for tab in (first, second):
        assert not [one for one in secrets if one in str(tab.history())]
    assert "shown to you once" in str(second.history())
    assert "[case code]" in str(second.history())

    second.say("delete what you hold about me")
    second.press("Yes, delete everything")
    assert "I have deleted it" in second.text
    assert not [one for one in secrets if one in kept(folder) or one in talkative.written]
    assert first.history() == second.history() == []
    for trace in ("escalation_form", "threshold", "childrens_social_care", "turned our referral"):
        assert trace not in kept(folder)
    engine = make_engine(f"sqlite:///{folder}/conversations.db")
    with engine.connect() as connection:
        for table in (EVENTS, CASES):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0
    engine.dispose()
    first.say("hello")
    assert "If a child is in danger now" in first.text


def test_a_case_deleted_in_one_tab_is_not_brought_back_by_another(talkative: Server) -> None:
    """The other tab begins anew, and what it saves is another case."""
    first = talkative.client()
    first.press("No")
    first.press("Kent")
    first.say("save this please")
    code = first.messages[0]["card"]["code"]
    second = talkative.client()
    second.say(code)
    second.say("delete my case")
    second.press("Yes, delete everything")
    first.press("The level of need, or a referral not accepted")
    assert "Is a child at risk of serious harm right now" in first.text
    third = talkative.client()
    third.say(code)
    assert "I can't open a case" in third.text
