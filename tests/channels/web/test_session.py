"""A conversation of the web channel as a whole: what it begins with, how long it lasts, its end."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import EVENTS
from tests.support.server import Server
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server

SESSION = "/webhooks/web/session"
CODE = re.compile(r"EG(?:-[a-z]{3,8}){13}")
SET_UP = "This page is set up for **Kent**. If the child lives somewhere else, tell me where."


def begin(server: Server, body: Any) -> tuple[WebClient, httpx.Response]:
    """A tab that begins a conversation with this body, and the bare answer."""
    tab = server.visitor()
    answer = tab.http.post(SESSION, json=body)
    if answer.is_success:
        tab.token = answer.json()["token"]
        tab.messages = answer.json()["messages"]
        tab.log = list(tab.messages)
    return tab, answer


def stored(server: Server) -> set[str]:
    """The conversations in the tiny server's database."""
    engine = make_engine(f"sqlite:///{server.folder}/conversations.db")
    with engine.connect() as connection:
        found = set(connection.execute(sa.select(EVENTS.c.sender_id)).scalars())
    engine.dispose()
    return found


def test_a_page_can_begin_with_its_partnership(guide: Server) -> None:
    """It is said and can be changed, it is not asked, and danger is still the first question."""
    tab, _ = begin(guide, {"partnership": "kent"})
    texts = [message["text"] for message in tab.messages]
    assert texts[0].startswith("**If a child is in danger now, call 999 first.**")
    assert texts[1:] == [SET_UP, "Is a child at risk of serious harm right now?"]
    tab.press("Worried, but it isn't immediate")
    assert "Where does the child live" not in tab.text
    tab.say("change an answer")
    lines = [item for message in tab.messages if message["card"] for item in items(message)]
    kent = next(item for item in lines if item["text"] == "Where: Kent")
    assert kent["text"] == "Where: Kent"
    tab.say("no, the child lives in Poole")
    assert "Where: Pan-Dorset" in tab.text


def items(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of a message's card."""
    return [item for section in message["card"]["sections"] for item in section["items"]]


def test_the_preset_is_said_once_and_kept_over_what_comes_between(guide: Server) -> None:
    """Help, a question on the way and a greeting neither repeat nor undo it."""
    tab, _ = begin(guide, {"partnership": "kent"})
    for words in ("hello", "help", "what is stage 3?"):
        tab.say(words)
        assert SET_UP not in tab.text
    tab.press("Worried, but it isn't immediate")
    assert "Where does the child live" not in tab.text


@pytest.mark.parametrize(
    "body",
    [
        {"partnership": "atlantis"},
        {"partnership": "KENT"},
        {"partnership": ""},
        {"partnership": "kent; risk=no_harm"},
    ],
)
def test_an_unknown_partnership_is_refused_with_those_there_are(
    tiny_server: Server, body: dict[str, str]
) -> None:
    """The one who looks after the page sees what would be right."""
    _, answer = begin(tiny_server, body)
    assert answer.status_code == 400
    assert answer.json()["error"] == "partnership_unknown"
    for known in ("kent", "city_and_hackney", "pan_dorset", "pan_bedfordshire", "trust_guidance"):
        assert known in answer.json()["message"]
    assert "999" in answer.json()["message"]


@pytest.mark.parametrize("body", [b"not json", b"[]", b'{"partnership": 5}', b'{"partnership":'])
def test_a_wrong_body_begins_nothing(tiny_server: Server, body: bytes) -> None:
    """It is the page's mistake: 400 with a name and a sentence."""
    headers = {"Content-Type": "application/json"}
    before = stored(tiny_server)
    answer = tiny_server.visitor().http.post(SESSION, content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"] == "bad_request"
    assert stored(tiny_server) == before


@pytest.mark.parametrize("body", [b"", b"{}", b'{"partnership": null}'])
def test_a_page_need_not_name_its_partnership(tiny_server: Server, body: bytes) -> None:
    """Nothing, nothing in braces and nothing by name are all the same."""
    headers = {"Content-Type": "application/json"}
    answer = tiny_server.visitor().http.post(SESSION, content=body, headers=headers)
    assert answer.status_code == 200


def test_a_new_session_accepts_no_other_answers(guide: Server) -> None:
    """Whatever else the body holds is not read: the risk is asked, and so is everything else."""
    extra = {"risk": "no_harm", "area": "luton", "slots": {"risk": "no_harm"}, "sender": "web-1"}
    extra |= {"metadata": {"my_agency": "police"}, "reached": "director", "text": "/restart"}
    tab, answer = begin(guide, {"partnership": "kent", **extra})
    assert answer.status_code == 200
    assert tab.messages[-1]["text"] == "Is a child at risk of serious harm right now?"
    tab.say("change an answer")
    shown = [item["text"] for message in tab.log + tab.messages if message["card"]
             for item in items(message)]  # fmt: skip
    assert "Where: Kent" in shown
    assert [text for text in shown if not text.startswith("Where:")] == []


def test_a_session_says_how_long_it_lasts_and_can_be_made_longer(tiny_server: Server) -> None:
    """The new token opens the same conversation; the old one is good for its own time."""
    tab, answer = begin(tiny_server, {})
    begun = answer.json()
    assert begun["lasts"] == 12 * 60 * 60
    tab.press("Worried, but not now.")
    renewed = tab.http.put(SESSION, headers=tab.headers())
    assert renewed.status_code == 200
    assert set(renewed.json()) == {"token", "expires", "lasts"}
    assert renewed.json()["expires"] >= begun["expires"]
    other = WebClient(tiny_server.address, renewed.json()["token"])
    assert other.history() == tab.history()


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_without_its_token_a_session_is_neither_renewed_nor_deleted(
    tiny_server: Server, method: str
) -> None:
    """401, and 403 for a page of another site that has it."""
    tab = tiny_server.client()
    assert tab.http.request(method, SESSION).status_code == 401
    wrong = {"Authorization": "Bearer x.y.z"}
    assert tab.http.request(method, SESSION, headers=wrong).status_code == 401
    elsewhere = tab.headers() | {"Origin": "https://evil.example"}
    assert tab.http.request(method, SESSION, headers=elsewhere).status_code == 403
    assert len(tab.history()) == 1


def test_a_deleted_conversation_is_gone_and_no_other_is(tiny_server: Server) -> None:
    """Its rows are gone; the same token finds nothing, and may begin again."""
    before = stored(tiny_server)
    tab, other = tiny_server.client(), tiny_server.client()
    tab.say("please help with social care")
    other.say("please help with social care")
    assert len(stored(tiny_server) - before) == 2
    gone = tab.http.delete(SESSION, headers=tab.headers())
    assert (gone.status_code, gone.content) == (204, b"")
    assert len(stored(tiny_server) - before) == 1
    assert tab.history() == []
    assert len(other.history()) == 3
    again = tab.http.delete(SESSION, headers=tab.headers())
    assert again.status_code == 204


def test_deleting_waits_for_the_answer_under_way(tiny_server: Server) -> None:
    """Whatever is being answered when somebody leaves is deleted as well."""
    before = stored(tiny_server)
    tab = tiny_server.client()
    with ThreadPoolExecutor(4) as pool:
        said = [pool.submit(tab.send, {"text": "please help"}) for _ in range(3)]
        [one.result() for one in said]
        tab.http.delete(SESSION, headers=tab.headers())
    assert stored(tiny_server) == before


def test_deleting_takes_the_case_unless_it_is_to_be_kept(guide: Server) -> None:
    """Who leaves quickly keeps the way back; who deletes everything does not."""
    for keep, opens in (("?keep=case", True), ("", False)):
        tab, _ = begin(guide, {"partnership": "kent"})
        tab.press("Worried, but it isn't immediate")
        tab.say("save this please")
        code = CODE.search(str(tab.messages))
        assert code is not None
        assert tab.http.delete(SESSION + keep, headers=tab.headers()).status_code == 204
        assert tab.history() == []
        later = guide.client()
        later.say(code[0])
        assert ("Welcome back" in later.text) is opens


def test_an_unknown_keep_option_deletes_nothing(tiny_server: Server) -> None:
    """A slip in the address is refused, not guessed at."""
    tab = tiny_server.client()
    answer = tab.http.delete(f"{SESSION}?keep=everything", headers=tab.headers())
    assert answer.status_code == 400
    assert len(tab.history()) == 1
