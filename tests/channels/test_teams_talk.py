"""Talking with the guide in Teams: whole deliveries in, whole activities out."""

import pytest

from tests.support.microsoft import Microsoft
from tests.support.server import Server
from tests.support.teams_client import TeamsClient

pytestmark = pytest.mark.server


@pytest.fixture
def person(microsoft: Microsoft, tiny_teams: Server) -> TeamsClient:
    """Somebody in a private chat of their own."""
    return TeamsClient(microsoft, tiny_teams.address)


def test_the_guide_welcomes_once_when_it_is_installed(person: TeamsClient) -> None:
    """Teams tells of an installation in two ways; the welcome says that Microsoft keeps copies."""
    person.install()
    assert person.text.count("Welcome.") == 1
    assert "Microsoft Teams keeps its own copy" in person.text
    assert person.titles == ["Yes, in danger now", "Worried, but not now.", "Say it again"]


@pytest.mark.parametrize("how", ["2", "worried, but not now", "press"])
def test_a_button_is_its_number_its_title_or_its_press(person: TeamsClient, how: str) -> None:
    """All three give the same answer."""
    person.install()
    person.press("Worried, but not now.") if how == "press" else person.say(how)
    assert person.text.startswith("Answered concern.")
