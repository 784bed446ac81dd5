"""How the channel `slack` is set up: two secrets, the workspaces, and where the guide is found."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.channels.configured import PUBLIC_ADDRESS, Setting, WronglySetUp, configured

BOT_TOKEN = Setting("bot_token", "the bot user's token, which begins with xoxb-", secret=True)
SIGNING_SECRET = Setting(
    "signing_secret", "the secret that Slack signs its requests with", secret=True
)
TEAMS = Setting("teams", "the ids of the workspaces that may use the guide, such as T0123ABCD")
API = Setting("api", "another address of Slack's Web API, for tests", needed=False)
WANTED = (BOT_TOKEN, SIGNING_SECRET, TEAMS, API, PUBLIC_ADDRESS)

USUAL_API = "https://slack.com/api"
_TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]+")
_TEAM = re.compile(r"[TE][A-Z0-9]{2,20}")
# Without TLS only on the machine itself, as tests do.
_ADDRESS = re.compile(r"(https://[^/\s?#@]+|http://(127\.0\.0\.1|localhost)(:\d+)?)(/[^\s?#]*)?")


class SlackSettings(msgspec.Struct, frozen=True):
    """What the channel needs to know. Addresses have no final slash."""

    bot_token: str
    signing_secret: str
    teams: frozenset[str]
    api: str
    public_address: str


def read(file: Mapping[str, Any] | None) -> SlackSettings:
    """Return the settings of credentials.yml and the environment. Raises Off and WronglySetUp."""
    given = configured("slack", WANTED, file or {})
    teams = given["teams"].replace(",", " ").split()
    if not _TOKEN.fullmatch(given["bot_token"]):
        # Whatever it is instead may be a secret too: it is not shown.
        raise WronglySetUp(
            f"{BOT_TOKEN.variable('slack')} must be the bot user's token, which begins with xoxb-. "
            "Slack shows it under OAuth & Permissions once the app is installed."
        )
    wrong = next((team for team in teams if not _TEAM.fullmatch(team)), None)
    if wrong is not None or not teams:
        raise WronglySetUp(
            f"{TEAMS.variable('slack')} must list the ids of workspaces, such as T0123ABCD, "
            f"not {wrong or 'nothing'}."
        )
    return SlackSettings(
        given["bot_token"],
        given["signing_secret"],
        frozenset(teams),
        _address(API, given["api"] or USUAL_API),
        _address(PUBLIC_ADDRESS, given["public_address"]),
    )


def _address(setting: Setting, given: str) -> str:
    if not _ADDRESS.fullmatch(given):
        raise WronglySetUp(
            f"{setting.variable('slack')} must be an https address such as "
            f"https://guide.example.org, not {given}."
        )
    return given.rstrip("/")
