"""Whole conversations through the web channel of a running guide, written in *.conversations.yml.

Each turn either says a text or presses a button by its title, and names what the guide then
says (`guide`: parts of its text; `order`: parts one below the other, each said once), does not say
(`never`), offers (`buttons`), does not offer (`without`) and shows (`card`:
its route, title, present and next stage). `facts` are the answers as they are then stored, null
where there is none; `files` are parts of the names of files on offer, each of which is fetched.
A turn with `day` opens a new conversation on that day first. In a text, {code} stands for the
code of a case that was shown last, {spelt} for the same in small letters and blanks, {slip} for
it with one wrong word, and {other} for one that was never given.
"""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import yaml

from bot.privacy.cases import codes
from tests.support.fixtures import TODAY
from tests.support.server import Server
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server

HERE = Path(__file__).parent
KEYS = {
    "say",
    "press",
    "guide",
    "order",
    "never",
    "buttons",
    "without",
    "card",
    "facts",
    "files",
    "day",
}


def conversations() -> list[Any]:
    """Return every conversation of every file, named by its situation."""
    found = []
    for path in sorted(HERE.glob("*.conversations.yml")):
        loaded = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        found += [
            pytest.param(conversation, id=conversation["situation"]) for conversation in loaded
        ]
    return found


@pytest.mark.parametrize("conversation", conversations())
def test_the_guide_answers_every_turn_as_written(
    guide_on: Callable[[str], Server],
    guide_database: Path,
    conversation: dict[str, Any],
    request: pytest.FixtureRequest,
) -> None:
    """The guide answers every turn of the situation as written."""
    request.addfinalizer(lambda: guide_on(TODAY))
    person = guide_on(TODAY).client()
    shown = [f"GUIDE  {person.text}"]
    code = ""
    for number, turn in enumerate(conversation["turns"], 1):
        assert set(turn) <= KEYS, f"turn {number}: unknown keys {set(turn) - KEYS}"
        if "day" in turn:
            shown.append(f"ON     {turn['day']}")
            person = guide_on(str(turn["day"])).client()
        shown.append(f"PERSON {turn.get('say', turn.get('press'))}")
        press = "press" in turn
        person.press(turn["press"]) if press else person.say(typed(turn["say"], code))
        code = code_of(person.messages) or code
        shown.append(f"GUIDE  {person.text}\n       {person.buttons}")
        problems = differences(turn, person.text, person.buttons, card_of(person.messages))
        if "facts" in turn:
            problems += wrong_facts(turn["facts"], answers_kept(guide_database, person))
        problems += [f"no file: {name!r}" for name in missing_files(turn, person)]
        assert not problems, "\n".join([*shown, f"turn {number}:", *problems])


def card_of(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the last card shown in a turn, or an empty one."""
    cards = [message["card"] for message in messages if message["card"]]
    return cards[-1] if cards else {}


def differences(
    turn: dict[str, Any], text: str, buttons: list[str], card: dict[str, Any]
) -> list[str]:
    """Return what a turn should have shown and did not, or showed and should not have."""
    problems = [f"not said: {part!r}" for part in turn.get("guide", []) if part not in text]
    problems += [f"said: {part!r}" for part in turn.get("never", []) if part in text]
    order = turn.get("order", [])
    if [text.count(part) for part in order] != [1] * len(order):
        problems.append(f"not said once each: {order!r}")
    elif sorted(order, key=text.index) != order:
        problems.append(f"not in this order: {order!r}")
    problems += [
        f"not offered: {button!r}" for button in turn.get("buttons", []) if button not in buttons
    ]
    problems += [f"offered: {title!r}" for title in turn.get("without", []) if title in buttons]
    stages = {stage["state"]: stage["label"] for stage in card.get("stages", [])}
    seen = {"current": stages.get("current"), "next": stages.get("next"), **card}
    problems += [
        f"card {key}: expected {value!r}, got {seen.get(key)!r}"
        for key, value in turn.get("card", {}).items()
        if seen.get(key) != value
    ]
    return problems


def answers_kept(database: Path, person: WebClient) -> dict[str, Any]:
    """Return the answers of a conversation as they lie in the database."""
    claims = jwt.decode(str(person.token), options={"verify_signature": False})
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        rows = store.execute(
            "SELECT data FROM events WHERE sender_id = ? AND type_name = 'slot' ORDER BY id",
            (claims["sub"],),
        ).fetchall()
    slots: dict[str, Any] = {}
    for (data,) in rows:
        event = json.loads(data)
        slots[event["name"]] = event["value"]
    return slots


def wrong_facts(expected: dict[str, Any], kept: dict[str, Any]) -> list[str]:
    """Return the answers that are not as they should be."""
    return [
        f"fact {name}: expected {value!r}, got {kept.get(name)!r}"
        for name, value in expected.items()
        if str(kept.get(name)) != str(value)
    ]


def missing_files(turn: dict[str, Any], person: WebClient) -> list[str]:
    """Return the files that a turn should offer and does not, or that cannot be fetched."""
    offered = [file["url"] for message in person.messages for file in message["files"]]
    missing = []
    for name in turn.get("files", []):
        fetched = [
            person.http.get(url, headers=person.headers()).status_code == httpx.codes.OK
            for url in offered
            if name in url
        ]
        if not fetched or not all(fetched):
            missing.append(name)
    return missing


def code_of(messages: list[dict[str, Any]]) -> str:
    """Return the code of a case that a turn shows, or nothing."""
    code = str(card_of(messages).get("code") or "")
    return code if code.startswith("EG-") else ""


def typed(text: str, code: str) -> str:
    """Return the text to type; LONG stands for five thousand characters."""
    if text == "LONG":
        return "what they said " * 334
    ways = {
        "{code}": code,
        "{spelt}": code.replace("-", " ").lower(),
        "{slip}": "-".join([*code.split("-")[:-1], "zoo" if code.endswith("able") else "able"]),
        "{other}": codes.format_code(codes.new_code()),
    }
    for way, written in ways.items():
        text = text.replace(way, written)
    return text
