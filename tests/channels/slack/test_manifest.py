"""The Slack app as it is made: no more than the channel uses, and no less."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from bot.channels.slack.channel import SlackChannel
from tests.support.server import ROOT

# https://docs.slack.dev/reference/events and https://docs.slack.dev/reference/methods
SCOPES_OF_EVENTS = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
}
SCOPES_OF_METHODS = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.open": "im:write",
    "views.publish": None,
}


@pytest.fixture
def manifest() -> dict[str, Any]:
    """The manifest, read."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "deploy/slack-manifest.yml").read_text("utf-8"))
    return read


def test_the_scopes_are_those_that_are_needed(manifest: dict[str, Any]) -> None:
    """Each event that is asked for and each method that is called has its scope, and none more."""
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    source = (ROOT / "bot/channels/slack/api.py").read_text("utf-8")
    methods = set(re.findall(r'_call\(\s*"([a-zA-Z.]+)"', source))
    assert methods == set(SCOPES_OF_METHODS)
    needed = {"commands"} | {SCOPES_OF_EVENTS[event] for event in events}
    needed |= {SCOPES_OF_METHODS[method] for method in methods}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed - {None}
    assert set(manifest["oauth_config"]["scopes"]) == {"bot"}


def test_the_addresses_are_those_that_answer(manifest: dict[str, Any]) -> None:
    """Events, presses and the command go where the channel listens, over https."""
    (command,) = manifest["features"]["slash_commands"]
    settings = manifest["settings"]
    addresses = {
        "events": settings["event_subscriptions"]["request_url"],
        "interactions": settings["interactivity"]["request_url"],
        "commands": command["url"],
    }
    channel = (ROOT / "bot/channels/slack/channel.py").read_text("utf-8")
    for place, address in addresses.items():
        assert urlsplit(address).scheme == "https"
        assert urlsplit(address).path == f"/webhooks/{SlackChannel.name()}/{place}"
        assert f'@slack.post("/{place}")' in channel
    assert settings["interactivity"]["is_enabled"] is True


def test_the_manifest_subscribes_to_every_event_read(manifest: dict[str, Any]) -> None:
    """People can write to the guide, open its home tab, and speak to nobody else by it."""
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"] is True
    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is False
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert manifest["features"]["slash_commands"][0]["command"] == "/escalation"
    assert manifest["features"]["slash_commands"][0]["should_escape"] is True


def test_the_manifest_texts_fit_slacks_limits(manifest: dict[str, Any]) -> None:
    """Slack's limits for a manifest, and 999 where people first read of the guide."""
    shown = manifest["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert "999" in shown["long_description"]
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert len(manifest["features"]["bot_user"]["display_name"]) <= 80
    (command,) = manifest["features"]["slash_commands"]
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000


def test_the_manifest_is_the_one_that_is_described(manifest: dict[str, Any]) -> None:
    """docs/slack.md says what each scope and each event is for."""
    described = (ROOT / "docs/slack.md").read_text("utf-8")
    for scope in manifest["oauth_config"]["scopes"]["bot"]:
        assert f"`{scope}`" in described
    for event in manifest["settings"]["event_subscriptions"]["bot_events"]:
        assert f"`{event}`" in described
