"""A channel is off, or set up whole, or the guide does not start and says what is missing."""

import pytest

from bot.channels.configured import PUBLIC_ADDRESS, Off, Setting, WronglySetUp, configured

WANTED = (
    Setting("app_id", "the id of the app"),
    Setting("app_password", "its secret", secret=True),
    Setting("tenants", "the organisations that may use it", needed=False),
    PUBLIC_ADDRESS,
)
WHOLE = {
    "ESCALATION_GUIDE_TEAMS_APP_PASSWORD": "secret",
    "ESCALATION_GUIDE_PUBLIC_ADDRESS": "https://guide.example.org",
}


def test_nothing_given_is_off() -> None:
    """Empty values and what belongs to all channels do not turn one on."""
    with pytest.raises(Off):
        configured("teams", WANTED, {"app_id": "", "tenants": []}, {})
    with pytest.raises(Off):
        configured("teams", WANTED, {}, {"ESCALATION_GUIDE_PUBLIC_ADDRESS": "https://a.example"})


def test_all_given_is_on() -> None:
    """File and environment together; the environment comes first; a list is joined."""
    file = {"app_id": "from the file", "tenants": ["one", "two"]}
    assert configured("teams", WANTED, file, WHOLE) == {
        "app_id": "from the file",
        "app_password": "secret",
        "tenants": "one two",
        "public_address": "https://guide.example.org",
    }
    environment = WHOLE | {"ESCALATION_GUIDE_TEAMS_APP_ID": "from outside"}
    assert configured("teams", WANTED, file, environment)["app_id"] == "from outside"


@pytest.mark.parametrize(
    ("file", "environment", "missing"),
    [
        ({"app_id": "x"}, {}, ["TEAMS_APP_PASSWORD", "GUIDE_PUBLIC_ADDRESS"]),
        ({}, WHOLE, ["TEAMS_APP_ID"]),
        ({"tenants": ["one"]}, {}, ["TEAMS_APP_ID", "TEAMS_APP_PASSWORD"]),
        ({"app_id": "x"}, WHOLE | {"ESCALATION_GUIDE_PUBLIC_ADDRESS": " "}, ["PUBLIC_ADDRESS"]),
    ],
)
def test_half_given_names_what_is_missing(
    file: dict[str, object], environment: dict[str, str], missing: list[str]
) -> None:
    """Every missing setting is named by its variable, and says what it is."""
    with pytest.raises(WronglySetUp) as wrong:
        configured("teams", WANTED, file, environment)
    for name in missing:
        assert name in str(wrong.value)


def test_a_secret_in_the_file_is_refused() -> None:
    """It is said where it belongs."""
    with pytest.raises(WronglySetUp, match="ESCALATION_GUIDE_TEAMS_APP_PASSWORD"):
        configured("teams", WANTED, {"app_password": "secret"}, WHOLE)


def test_an_unknown_setting_is_named_with_those_there_are() -> None:
    """A slip of the pen does not silently mean the default."""
    with pytest.raises(WronglySetUp, match=r"no setting tennants.*app_id, tenants"):
        configured("teams", WANTED, {"tennants": ["one"]}, WHOLE)
