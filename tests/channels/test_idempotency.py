"""A message that is sent again with its id is answered again, and taken once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels import idempotency
from bot.channels.messages import Effect
from bot.channels.wording import Wording, load
from bot.paths import ROOT
from tests.support.server import Server
from tests.support.web_client import WebClient


@pytest.fixture
def client(tiny_server: Server) -> WebClient:
    """A tab with an open conversation."""
    return tiny_server.client()


@pytest.fixture(scope="module")
def wording() -> Wording:
    """The sentences that channels say by themselves."""
    return load(ROOT / "data/responses")


def _send(client: WebClient, text: str, message_id: str) -> Any:
    answer = client.send({"text": text, "id": message_id})
    answer.raise_for_status()
    return answer.json()["messages"]


@pytest.mark.server
def test_the_same_id_gets_the_same_answer_and_is_kept_once(client: WebClient) -> None:
    """Masking is told again too; another id, or none, is another message."""
    first, second = str(uuid4()), str(uuid4())
    answer = _send(client, "social care and Zebedee", first)
    assert len(answer) == 2  # that something was masked, and the answer
    assert _send(client, "answer:risk:concern", second) != answer
    assert _send(client, "social care and Zebedee", first) == answer
    assert [m["text"] for m in client.history() if m["from"] == "person"] == [
        "social care and [name]",
        "Worried, but not now.",
    ]
    _send(client, "answer:risk:concern", str(uuid4()))
    client.say("answer:risk:concern")
    assert len([m for m in client.history() if m["from"] == "person"]) == 4


@pytest.mark.server
def test_two_identical_messages_at_once_are_taken_once(tiny_server: Server) -> None:
    """An impatient client gets the answer of the one that is under way."""
    client, name = tiny_server.client(), str(uuid4())
    with ThreadPoolExecutor(4) as pool:
        tabs = [WebClient(tiny_server.address, client.token) for _ in range(4)]
        answers = list(pool.map(lambda tab: _send(tab, "social care", name), tabs))
    assert answers[1:] == answers[:-1]
    assert len([m for m in client.history() if m["from"] == "person"]) == 1


@pytest.mark.server
def test_the_same_id_in_another_conversation_is_another_message(
    tiny_server: Server, client: WebClient
) -> None:
    """Nobody gets somebody else's answer by naming it."""
    name = str(uuid4())
    _send(client, "social care is mine", name)
    assert "is mine" not in str(_send(tiny_server.client(), "social care", name))


@pytest.mark.server
@pytest.mark.parametrize(
    "wrong", ["short", "x" * 65, "Zebedee has a name", "a" * 20 + "\n", 7, None]
)
def test_an_invalid_id_is_refused(client: WebClient, wrong: Any) -> None:
    """Before anything is taken."""
    assert client.send({"text": "social care", "id": wrong}).status_code == 400
    assert len(client.history()) == 1


@pytest.mark.server
def test_the_same_id_with_another_text_is_another_message(client: WebClient) -> None:
    """A client that uses an id twice never gets the old answer to what is new."""
    name = str(uuid4())
    _send(client, "social care", name)
    _send(client, "he is hitting her right now", name)
    assert [m["text"] for m in client.history() if m["from"] == "person"] == [
        "social care",
        "he is hitting her right now",
    ]


@pytest.mark.server
def test_the_id_itself_is_not_kept(tiny_server: Server, client: WebClient) -> None:
    """A client may make it of anything, so that only its digest is stored."""
    _send(client, "social care", "xylophone-xylophone")
    for path in Path(tiny_server.folder).glob("conversations.db*"):
        assert b"xylophone-xylophone" not in path.read_bytes()


def _turn(name: str, *said: BotUttered) -> list[Event]:
    return [
        UserUttered("save it", metadata={idempotency.KEY: idempotency.digest(name, "save it")}),
        *said,
    ]


def _case(code: str | None, what: str) -> BotUttered:
    card = {"kind": "case", "code": code}
    effect = {"what": what, "reference": "r", "answers": {"partnership": "kent"}}
    return BotUttered("Saved.", {"custom": {"card": card, "effect": effect}})


def test_effects_are_performed_again_after_a_crash(wording: Wording) -> None:
    """The process may have died between storing the turn and deleting; a code is made anew.

    The first code was never seen, and is kept nowhere to be shown again.
    """
    shown = wording.say("case_code_shown")
    delete = BotUttered("Deleted.", {"custom": {"effect": {"what": "delete"}}})
    events = [
        *_turn("saves", _case(shown, "save")),
        *_turn("keeps", _case(None, "save")),
        *_turn("deletes", delete),
    ]
    effects = {
        name: found.output.effects
        for name in ("saves", "keeps", "deletes", "unknown")
        if (
            found := idempotency.find_stored_answer(
                events, idempotency.digest(name, "save it"), wording
            )
        )
    }
    answers = {"partnership": "kent"}
    assert effects == {
        "saves": [Effect("renew", "r", answers)],
        "keeps": [Effect("save", "r", answers)],
        "deletes": [Effect("delete")],
    }
