"""How Slack is set up, and what is said where it is set up wrongly."""

import pytest

from bot.channels.configured import Misconfigured, NotConfigured
from bot.channels.slack.settings import slack_settings

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-abc",
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
    "SLACK_TEAMS": "T0123ABCD, T0456EFGH",
    "PUBLIC_ADDRESS": "https://guide.example.org/",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that sets the channel up."""
    for name, value in GOOD.items():
        monkeypatch.setenv(f"ESCALATION_GUIDE_{name}", value)


def test_the_settings_are_read() -> None:
    """Workspaces may be parted by commas; an address has no final slash."""
    given = slack_settings({"teams": []})
    assert given.teams == {"T0123ABCD", "T0456EFGH"}
    assert given.public_address == "https://guide.example.org"
    assert given.api == "https://slack.com/api"


def test_workspaces_may_stand_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not secret."""
    monkeypatch.delenv("ESCALATION_GUIDE_SLACK_TEAMS")
    assert slack_settings({"teams": ["T0123ABCD"]}).teams == {"T0123ABCD"}


def test_without_settings_the_channel_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that other channels use too does not turn it on."""
    for name in GOOD:
        if name != "PUBLIC_ADDRESS":
            monkeypatch.delenv(f"ESCALATION_GUIDE_{name}")
    with pytest.raises(NotConfigured):
        slack_settings({"teams": []})
    with pytest.raises(NotConfigured):
        slack_settings(None)


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """One setting left out of four: the error names it, and shows none of the others."""
    monkeypatch.delenv(f"ESCALATION_GUIDE_{name}")
    with pytest.raises(Misconfigured, match=f"ESCALATION_GUIDE_{name}") as wrong:
        slack_settings({})
    assert not any(value in str(wrong.value) for value in GOOD.values())


def test_the_apps_token_stands_in_for_the_signing_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """One setting is enough for Socket Mode, where Slack cannot reach the guide."""
    monkeypatch.delenv("ESCALATION_GUIDE_SLACK_SIGNING_SECRET")
    monkeypatch.setenv("ESCALATION_GUIDE_SLACK_APP_TOKEN", "xapp-1-A0-2-abc")
    assert slack_settings({}).app_token == "xapp-1-A0-2-abc"  # noqa: S105


@pytest.mark.parametrize(
    ("name", "value", "what_is_right"),
    [
        ("SLACK_APP_TOKEN", "xoxb-1-2-abc", "begins with xapp-"),
        ("SLACK_BOT_TOKEN", "xoxp-1-2-abc", "begins with xoxb-"),
        ("SLACK_BOT_TOKEN", "xapp-1-2-abc", "begins with xoxb-"),
        ("SLACK_TEAMS", "our-workspace.slack.com", "such as T0123ABCD"),
        ("SLACK_TEAMS", ",", "such as T0123ABCD"),
        ("PUBLIC_ADDRESS", "guide.example.org", "https address"),
        ("PUBLIC_ADDRESS", "http://guide.example.org", "https address"),
        ("PUBLIC_ADDRESS", "https://user:pass@guide.example.org", "https address"),
        ("SLACK_API", "http://slack.example.org/api", "https address"),
    ],
)
def test_an_invalid_setting_is_explained(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, what_is_right: str
) -> None:
    """The error says which setting, and what it should look like."""
    monkeypatch.setenv(f"ESCALATION_GUIDE_{name}", value)
    with pytest.raises(Misconfigured, match=what_is_right) as wrong:
        slack_settings({})
    assert f"ESCALATION_GUIDE_{name}" in str(wrong.value)
    assert name != "SLACK_BOT_TOKEN" or value not in str(wrong.value)


@pytest.mark.parametrize("name", ["bot_token", "signing_secret"])
def test_a_secret_in_the_file_is_refused(name: str) -> None:
    """Secrets are in the environment only."""
    with pytest.raises(Misconfigured, match="in the environment only"):
        slack_settings({name: "a secret"})
