"""The tiny bot's server in a workspace of Slack, and people in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.fixtures import start_tiny
from tests.support.server import Server
from tests.support.slack_api import SlackApi
from tests.support.slack_person import SlackPerson, settings


@pytest.fixture(scope="session")
def slack_api() -> Iterator[SlackApi]:
    """The stand-in for Slack's Web API."""
    api = SlackApi()
    yield api
    api.stop()


@pytest.fixture(scope="session")
def slack_server(
    tiny_model: Path, tmp_path_factory: pytest.TempPathFactory, slack_api: SlackApi
) -> Iterator[Server]:
    """The real server on the tiny bot, with Slack set up."""
    folder = tmp_path_factory.mktemp("slack")
    server = start_tiny(tiny_model, folder, **settings(slack_api))
    yield server
    server.stop()


@pytest.fixture
def somebody(slack_server: Server, slack_api: SlackApi) -> Iterator[Callable[[], SlackPerson]]:
    """Gives a new person of the workspace. Nothing that was posted may be what Slack refuses."""
    people: list[SlackPerson] = []

    def make() -> SlackPerson:
        people.append(SlackPerson(slack_server.address, slack_api))
        return people[-1]

    slack_api.problems.clear()
    slack_api.faults.clear()
    yield make
    for one in people:
        one.http.close()
    assert slack_api.problems == []


@pytest.fixture
def person(somebody: Callable[[], SlackPerson]) -> SlackPerson:
    """A new person of the workspace."""
    return somebody()
