"""When more people write than can be answered: who is answered, and what the others are told."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from bot.channels import turn
from bot.channels.line import MOST_IN_ONE, PLACES, Line, Rank
from bot.channels.messages import Message
from bot.channels.turn import Services
from bot.channels.wording import load
from bot.paths import ROOT
from tests.support.fixtures import start_tiny
from tests.support.server import Server

URGENT = "he is hitting her right now with a hammer"


@pytest.fixture(scope="module")
def patient(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which an action may hang for a while."""
    limits = {"ESCALATION_GUIDE_ACTION_SECONDS": "9", "ESCALATION_GUIDE_TURN_SECONDS": "8"}
    server = start_tiny(tiny_model, tmp_path_factory.mktemp("patient"), **limits)
    yield server
    server.stop()


@pytest.mark.server
def test_danger_is_answered_while_others_are_told_to_wait(patient: Server) -> None:
    """With every place taken, an urgent message is answered and all others are refused at once.

    What is refused is said in words, with 999 first and the time to wait, and was not taken.
    """
    hanging = [patient.client() for _ in range(PLACES)]
    urgent, usual, asked = patient.client(), patient.client(), patient.client()
    referral, taken = {"text": "they will not answer our referral to social care"}, 0
    with ThreadPoolExecutor(PLACES) as pool:
        stuck = [pool.submit(client.say, "hang now") for client in hanging]
        # Until all of them are at work this is still answered.
        while (refused := usual.send(referral)).status_code == 200:
            taken += 1
        opened = patient.visitor().http.post("/webhooks/web/session", json={})
        (answer,) = urgent.say(URGENT)
        # The button for "yes" answers the question whether there is danger.
        (pressed,) = asked.press("Yes, in danger now")
        assert not any(map(Future.done, stuck))
        for response in (refused, opened):
            assert response.status_code == 503
            assert response.headers["retry-after"] == "5"
            assert response.json()["error"] == "busy"
            assert "call 999 first" in response.json()["message"]
        assert answer["text"].startswith("You said: he is hitting her")
        assert pressed["text"].startswith("Answered immediate_danger")
        safety = load(ROOT / "data/responses").safety()[0].text
        assert all(future.result()[0]["text"] == safety for future in stuck)
    assert len([said for said in usual.history() if said["from"] == "person"]) == taken
    assert usual.say("they will not answer our referral to social care")


def services(**given: Any) -> Services:
    """What a turn needs before it has a place in the line."""
    nothing = cast("Any", None)
    wording = load(ROOT / "data/responses")
    return Services(nothing, nothing, nothing, wording, nothing, **given)


async def test_the_time_of_a_turn_counts_from_its_arrival() -> None:
    """Who waits behind their own message until the time is over gets the safety message."""
    given = services(seconds=0.05)
    given.line.enter("she", Rank.usual)
    said = await turn.say(given, "she", URGENT, "web", refuse=True)
    assert said == given.wording.safety()
    assert len(given.line) == 1


async def test_a_channel_that_cannot_refuse_says_it_in_the_conversation() -> None:
    """Teams and Slack have taken the message already: the answer is that it was not read."""
    given = services(line=Line(places=0))
    (said,) = await turn.say(given, "she", "they closed the case", "teams")
    assert isinstance(said, Message)
    assert said.text.startswith("If a child is in danger now, call 999 first.")
    assert len(given.line) == 0


async def test_a_flood_of_danger_from_one_is_still_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of it, one after another, and nobody else's place is taken for longer."""
    order: list[str] = []

    async def taken(_services: Services, conversation: str, *_: Any) -> list[Message]:
        order.append(conversation)
        await asyncio.sleep(0)
        return [Message("said")]

    monkeypatch.setattr(turn, "_turn", taken)
    given = services()
    flood = [turn.say(given, "one", URGENT, "web", refuse=True) for _ in range(2 * MOST_IN_ONE)]
    await asyncio.gather(*flood, turn.say(given, "other", URGENT, "web", refuse=True))
    assert order.count("one") == 2 * MOST_IN_ONE
    assert order.index("other") < MOST_IN_ONE
