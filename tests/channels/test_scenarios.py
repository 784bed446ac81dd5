"""The same situations in every channel: the same facts, the same advice, the same options.

A channel takes part with a class that has what `Person` has, in CHANNELS.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

from tests.support.microsoft import Microsoft
from tests.support.server import Server
from tests.support.slack_api import SlackApi
from tests.support.slack_reader import SlackReader
from tests.support.teams_client import TeamsClient
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server

SCENARIOS = yaml.load(
    (Path(__file__).parent / "scenarios.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
CODE = re.compile(r"EG(-[a-z]{3,8}){13}")


class Person(Protocol):
    """Somebody in a channel. `text` is all they can read of the last turn, `titles` the options."""

    @property
    def text(self) -> str:
        """What the guide said last."""

    @property
    def titles(self) -> list[str]:
        """The titles of the options shown last, in order."""

    def say(self, text: str) -> object:
        """Type a text."""

    def press(self, title: str) -> object:
        """Press the newest option with this title."""


@dataclass(frozen=True)
class Outside:
    """What the running guide talks to."""

    microsoft: Microsoft
    slack: SlackApi


@pytest.fixture
def outside(microsoft: Microsoft, slack_api: SlackApi) -> Iterator[Outside]:
    """What the running guide talks to; neither may have been sent what it would not take."""
    slack_api.problems.clear()
    yield Outside(microsoft, slack_api)
    assert slack_api.problems == []


def in_teams(outside: Outside, server: Server) -> Person:
    """Somebody who has installed the guide in Teams."""
    return TeamsClient(outside.microsoft, server.address).install()


def in_slack(outside: Outside, server: Server) -> Person:
    """Somebody who has opened the chat with the guide in Slack."""
    return SlackReader(server.address, outside.slack).open()


CHANNELS: dict[str, Callable[[Outside, Server], Person]] = {"teams": in_teams, "slack": in_slack}


def lines(messages: list[dict[str, Any]]) -> Iterator[str]:
    """Every line that the page shows of a turn, as bare words."""
    for message in messages:
        card = message["card"]
        if card is None:
            yield from message["text"].replace("**", "").split("\n")
            continue
        yield card["title"]
        yield from (f"{stage['label']}: {stage['title']}" for stage in card.get("stages") or ())
        for section in card.get("sections") or ():
            yield section["heading"]
            for item in section["items"]:
                yield from item["text"].split("\n")
                yield from (item["detail"] or "").split("\n")
                source = item["source"] or {}
                yield ", ".join(
                    part for part in (source.get("document"), source.get("section")) if part
                )
        yield from card.get("head") or ()
        yield card.get("subject") or ""
        yield from (card.get("body") or "").split("\n")
        yield from card.get("gaps") or ()
        yield from (card.get("footer") or "").split("\n")
    yield from (file["title"] for message in messages for file in message["files"])


def missing(messages: list[dict[str, Any]], text: str) -> list[str]:
    """The lines that the page shows and a text does not."""
    bare = {line.strip().removeprefix("- ") for line in lines(messages)}
    text = text.replace("**", "")
    return [line for line in bare if line and not CODE.search(line) and line not in text]


def offered(person: WebClient) -> list[str]:
    """The titles of every option of the page, those in the lines of a card first."""
    titles = []
    for message in person.messages:
        sections = (message["card"] or {}).get("sections") or ()
        items = [item for section in sections for item in section["items"]]
        titles += [item["change_title"] for item in items if item.get("change")]
        titles += [button["title"] for button in message["buttons"]]
    return titles


def typed(text: str) -> str:
    """The text to type; LONG stands for five thousand characters."""
    return "what they said " * 334 if text == "LONG" else text


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one["situation"])
def test_a_scenario_goes_as_on_the_page(
    outside: Outside, teams_guide: Server, scenario: dict[str, Any], channel: str
) -> None:
    """Every turn says what the page says and offers what it offers."""
    page, person = teams_guide.client(), CHANNELS[channel](outside, teams_guide)
    said = [person.text]
    assert missing(page.messages, person.text) == []
    assert person.titles == offered(page)
    for number, turn in enumerate(scenario["turns"], 1):
        for one in (page, person):
            one.press(turn["press"]) if "press" in turn else one.say(typed(turn["say"]))
        assert missing(page.messages, person.text) == [], f"turn {number}: {turn}"
        assert person.titles == offered(page), f"turn {number}: {turn}"
        said.append(person.text)
    whole = "\n".join(said)
    assert [line for line in scenario["facts"] + scenario["advice"] if line not in whole] == []


def to_stage_1(person: Person | WebClient) -> str:
    """Come to advice and save the case; the code."""
    for title in ("Worried, but it isn't immediate", "Kent", "No", "Show me all of them",
                  "Sharing information", "Health", "Police", "Stage 1: Team manager", "Today",
                  "It was not settled",
                  "Save this for later"):  # fmt: skip
        person.press(title)
    found = CODE.search(person.text)
    assert found
    return found[0]


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_case_goes_from_the_page_to_a_channel_and_back(
    outside: Outside, teams_guide: Server, channel: str
) -> None:
    """Its code opens it wherever the guide is; deleted in one place, it is gone in all."""
    code = to_stage_1(teams_guide.client())
    person = CHANNELS[channel](outside, teams_guide)
    person.say(f"I am back with {code}")
    assert "Welcome back." in person.text
    assert "Where: Kent" in person.text
    assert "Stage 2" in person.text
    assert code not in person.text

    code = to_stage_1(CHANNELS[channel](outside, teams_guide))
    page = teams_guide.client()
    page.say(code)
    assert "Welcome back." in page.text
    page.say("delete my case")
    page.press("Yes, delete everything")
    person = CHANNELS[channel](outside, teams_guide)
    person.say(code)
    assert "I can't open a case with that code" in person.text


def test_a_case_goes_from_teams_to_slack_and_back(outside: Outside, teams_guide: Server) -> None:
    """Neither needs the page for it."""
    for there, here in ((in_teams, in_slack), (in_slack, in_teams)):
        code = to_stage_1(there(outside, teams_guide))
        person = here(outside, teams_guide)
        person.say(code)
        assert "Welcome back." in person.text
        assert "Where: Kent" in person.text


def test_files_offered_in_teams_are_fetched_by_link(
    microsoft: Microsoft, teams_guide: Server
) -> None:
    """The link is https at the guide's public address, good once, and gives the real file."""
    person = TeamsClient(microsoft, teams_guide.address).install()
    to_stage_1(person)
    person.say("What files can I have?")
    address = next(url for title, url in person.files.items() if title == "Advice record (Word)")
    assert address.startswith("https://guide.example.org/files/")
    path = address.removeprefix("https://guide.example.org")
    assert person.http.get(path).status_code == 200
    fetched = person.http.post(path)
    assert fetched.content.startswith(b"PK")
    assert "attachment" in fetched.headers["content-disposition"]
    assert person.http.post(path).status_code == 410


def test_a_draft_in_teams_is_a_message_of_its_own(
    microsoft: Microsoft, teams_guide: Server
) -> None:
    """Text without anything around it, so that copying the message copies the draft."""
    person = TeamsClient(microsoft, teams_guide.address).install()
    to_stage_1(person)
    person.press("Draft the e-mail") if "Draft the e-mail" in person.titles else person.say(
        "Draft the e-mail"
    )
    (draft,) = [one for one in person.activities if one.get("text")]
    assert draft["textFormat"] == "xml"
    assert draft["text"].startswith("Dear [")
    assert "[manager's name]" in draft["text"]


def test_a_code_in_teams_is_a_message_of_its_own(microsoft: Microsoft, teams_guide: Server) -> None:
    """It can be copied whole."""
    person = TeamsClient(microsoft, teams_guide.address).install()
    code = to_stage_1(person)
    assert [one["text"] for one in person.activities if one.get("text")] == [code]


def test_the_list_of_stages_says_where_the_case_stands(
    microsoft: Microsoft, teams_guide: Server
) -> None:
    """Every stage of the policy is a line of the advice, in words for who does not see it."""
    person = TeamsClient(microsoft, teams_guide.address).install()
    for title in ("Worried, but it isn't immediate", "Kent", "No", "Show me all of them",
                  "Sharing information", "Health", "Police", "Stage 1: Team manager", "Today",
                  "It was not settled"):  # fmt: skip
        person.press(title)
    rows = [
        [column["items"][0]["text"] for column in part["columns"]]
        for part in person.cards()[-1]["body"][1]["items"]
        if part["type"] == "ColumnSet"
    ]
    assert [(row[0], row[2]) for row in rows] == [
        ("✓", "Done"),
        ("●", "You are here"),
        ("→", "Next"),
        ("○", "Later"),
        ("○", "Later"),
    ]
    assert rows[1][1].startswith("Stage 1: ")
