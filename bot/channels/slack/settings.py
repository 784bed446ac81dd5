"""The settings of the Slack channel: two secrets, the workspaces, and the guide's address."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.channels.configured import PUBLIC_ADDRESS, Misconfigured, Setting, channel_settings

BOT_TOKEN = Setting("bot_token", "the bot user's token, which begins with xoxb-", secret=True)
SIGNING_SECRET = Setting(
    "signing_secret", "the secret that Slack signs its requests with", secret=True, needed=False
)
APP_TOKEN = Setting(
    "app_token", "the app's token for Socket Mode, which begins with xapp-", secret=True,
    needed=False,
)  # fmt: skip
TEAMS = Setting("teams", "the ids of the workspaces that may use the guide, such as T0123ABCD")
API = Setting("api", "another address of Slack's Web API, for tests", needed=False)
WANTED = (BOT_TOKEN, SIGNING_SECRET, APP_TOKEN, TEAMS, API, PUBLIC_ADDRESS)

USUAL_API = "https://slack.com/api"
_TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]+")
_APP_TOKEN = re.compile(r"xapp-[A-Za-z0-9-]+")
_TEAM = re.compile(r"[TE][A-Z0-9]{2,20}")
# Without TLS only on the machine itself, as tests do.
_ADDRESS = re.compile(r"(https://[^/\s?#@]+|http://(127\.0\.0\.1|localhost)(:\d+)?)(/[^\s?#]*)?")


class SlackSettings(msgspec.Struct, frozen=True):
    """The channel's settings. Addresses have no final slash.

    With an `app_token` the guide connects to Slack; otherwise Slack calls it, and signs with the
    `signing_secret`.
    """

    bot_token: str
    signing_secret: str
    teams: frozenset[str]
    api: str
    public_address: str
    app_token: str = ""


def slack_settings(file: Mapping[str, Any] | None) -> SlackSettings:
    """Return the settings that are given. Raises NotConfigured and Misconfigured."""
    given = channel_settings("slack", WANTED, file or {})
    teams = given["teams"].replace(",", " ").split()
    if not _TOKEN.fullmatch(given["bot_token"]):
        # The wrong value may be a secret too, so it is not shown.
        raise Misconfigured(
            f"{BOT_TOKEN.variable('slack')} must be the bot user's token, which begins with xoxb-. "
            "Slack shows it under OAuth & Permissions once the app is installed."
        )
    if not (given["signing_secret"] or given["app_token"]):
        raise Misconfigured(
            "The channel slack is set up only in part. Missing: "
            f"{SIGNING_SECRET.variable('slack')} ({SIGNING_SECRET.description}), or "
            f"{APP_TOKEN.variable('slack')} ({APP_TOKEN.description}) where Slack cannot reach it."
        )
    if given["app_token"] and not _APP_TOKEN.fullmatch(given["app_token"]):
        raise Misconfigured(
            f"{APP_TOKEN.variable('slack')} must be {APP_TOKEN.description}. Slack shows it under "
            "Basic Information, App-Level Tokens."
        )
    wrong = next((team for team in teams if not _TEAM.fullmatch(team)), None)
    if wrong is not None or not teams:
        raise Misconfigured(
            f"{TEAMS.variable('slack')} must list the ids of workspaces, such as T0123ABCD, "
            f"not {wrong or 'nothing'}."
        )
    return SlackSettings(
        given["bot_token"],
        given["signing_secret"],
        frozenset(teams),
        _address(API, given["api"] or USUAL_API),
        _address(PUBLIC_ADDRESS, given["public_address"]),
        given["app_token"],
    )


def _address(setting: Setting, given: str) -> str:
    if not _ADDRESS.fullmatch(given):
        raise Misconfigured(
            f"{setting.variable('slack')} must be an https address such as "
            f"https://guide.example.org, not {given}."
        )
    return given.rstrip("/")
