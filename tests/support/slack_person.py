"""A person in Slack, and Slack between: signed requests to the guide, and what it posts back."""

import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import SignatureVerifier

from tests.support.slack_api import TOKEN, SlackApi, direct
from tests.support.slack_limits import Call, options

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105
TEAM = "T0GUIDE01"
BOT = "U0GUIDEBOT"
HOOK = "https://hooks.slack.com/actions/T0GUIDE01/1/abc"

_ids = itertools.count(1)


def settings(api: SlackApi) -> dict[str, str]:
    """What sets the channel up, with the stand-in in Slack's place."""
    return {
        "ESCALATION_GUIDE_SLACK_BOT_TOKEN": TOKEN,
        "ESCALATION_GUIDE_SLACK_SIGNING_SECRET": SECRET,
        "ESCALATION_GUIDE_SLACK_TEAMS": TEAM,
        "ESCALATION_GUIDE_SLACK_API": api.address,
        "ESCALATION_GUIDE_PUBLIC_ADDRESS": "https://guide.example.org",
        # A proxy set for the machine must not stand between the guide and the stand-in.
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


class SlackPerson:
    """One person. `posts` is what the guide posted last, whole; `log` all of it."""

    def __init__(self, server: str, api: SlackApi, team: str = TEAM) -> None:
        # trust_env: a proxy set for the machine must not stand between test and server.
        self.http = httpx.Client(base_url=server, timeout=30, trust_env=False)
        self.api = api
        self.team = team
        self.user = f"U0PERSON{next(_ids)}"
        self.channel = direct(self.user)
        self.posts: list[Call] = []
        self.log: list[Call] = []
        self._homes = 0

    def say(self, text: str, **changes: Any) -> list[Call]:
        """Write to the guide; give what it posts. `changes` are fields of Slack's event."""
        self.event(self.message(text, **changes))
        return self.heard()

    def press(self, title: str) -> list[Call]:
        """Choose the newest option with this title, with or without its number."""
        self.interact(self.pressing(title))
        return self.heard()

    def command(self, text: str = "", channel: str = "C0STAFF") -> httpx.Response:
        """Give the command."""
        return self.form("commands", self.command_form(text, channel))

    def heard(self) -> list[Call]:
        """Wait until the guide has done all that it was asked, and give what it posted.

        What one person asks is done in order: once a home tab asked for now is there, so is all
        the rest.
        """
        self._homes += 1
        self.event({"type": "app_home_opened", "user": self.user, "tab": "home"})
        self.api.wait_for(self._homes, "views.publish", user_id=self.user)
        posted = self.api.by("chat.postMessage", channel=self.channel)
        self.posts = posted[len(self.log) :]
        self.log = posted
        return self.posts

    @property
    def text(self) -> str:
        """All that the last posts show."""
        return "\n\n".join(post.drawn for post in self.posts)

    @property
    def options(self) -> list[str]:
        """The titles of the options shown last."""
        return [title for post in self.posts for title in post.options]

    def message(self, text: str, **changes: Any) -> dict[str, Any]:
        """Slack's event for a direct message."""
        ts = f"{1_600_000_000 + next(_ids)}.000200"
        return {
            "type": "message",
            "user": self.user,
            "text": text,
            "channel": self.channel,
            "channel_type": "im",
            "ts": ts,
            "event_ts": ts,
            "team": self.team,
            **changes,
        }

    def envelope(self, event: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """What Slack wraps an event in."""
        return {
            "token": "not used any more",
            "team_id": self.team,
            "api_app_id": "A0GUIDE",
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{next(_ids)}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": self.team, "user_id": BOT, "is_bot": True}],
            "is_ext_shared_channel": False,
            **changes,
        }

    def pressing(self, title: str, post: Call | None = None) -> dict[str, Any]:
        """Slack's payload for a press of the newest option with this title."""
        for call in [post] if post else reversed(self.log):
            # An option that has given way to what was chosen cannot be pressed.
            shown = self.now(call)
            for block, option in options(shown):
                name = option["text"]["text"]
                if title in {name, name.partition(". ")[2]}:
                    return self.payload(call, shown, block, option)
        raise AssertionError(f"No option {title!r} was shown; the last were {self.options}.")

    def now(self, post: Call) -> list[dict[str, Any]]:
        """The blocks of a post as they stand after its updates."""
        updates = self.api.by("chat.update", channel=self.channel, ts=post.body["ts"])
        return updates[-1].blocks if updates else post.blocks

    def payload(
        self,
        call: Call,
        shown: list[dict[str, Any]],
        block: dict[str, Any],
        option: dict[str, Any],
    ) -> dict[str, Any]:
        """Slack's payload for one option of a post."""
        action: dict[str, Any] = {"block_id": block["block_id"], "action_ts": str(next(_ids))}
        if option.get("type") == "button":
            action |= {name: option[name] for name in ("type", "action_id", "text", "value")}
        else:
            (select,) = block["elements"]
            action |= {"type": select["type"], "action_id": select["action_id"]}
            action["selected_option"] = option
        return {
            "type": "block_actions",
            "user": {"id": self.user, "username": "somebody", "team_id": self.team},
            "team": {"id": self.team, "domain": "somewhere"},
            "channel": {"id": self.channel, "name": "directmessage"},
            "container": {
                "type": "message",
                "message_ts": call.body["ts"],
                "channel_id": self.channel,
                "is_ephemeral": False,
            },
            "message": {
                "type": "message",
                "ts": call.body["ts"],
                "text": call.text,
                "blocks": shown,
            },
            "trigger_id": f"{next(_ids)}.1.abc",
            "response_url": "",
            "actions": [action],
        }

    def command_form(self, text: str, channel: str) -> dict[str, str]:
        """Slack's form for the command."""
        return {
            "command": "/escalation",
            "text": text,
            "team_id": self.team,
            "user_id": self.user,
            "channel_id": channel,
            "trigger_id": f"{next(_ids)}.2.abc",
            "response_url": "",
        }

    def event(self, event: dict[str, Any], **changes: Any) -> httpx.Response:
        """Deliver an event; Slack must be answered well."""
        answer = self.deliver(self.envelope(event, **changes))
        assert answer.status_code == 200, answer.text
        return answer

    def deliver(self, body: Any, **headers: str) -> httpx.Response:
        """Deliver a body as JSON to the address of events, signed."""
        content = json.dumps(body).encode()
        return self.post("events", content, "application/json", **headers)

    def interact(self, payload: dict[str, Any]) -> httpx.Response:
        """Deliver a press; Slack must be answered well."""
        answer = self.form("interactions", {"payload": json.dumps(payload)})
        assert answer.status_code == 200, answer.text
        return answer

    def form(self, place: str, fields: dict[str, str]) -> httpx.Response:
        """Deliver a form, signed."""
        content = urlencode(fields).encode()
        return self.post(place, content, "application/x-www-form-urlencoded")

    def post(self, place: str, content: bytes, kind: str, **headers: str) -> httpx.Response:
        """Deliver bytes, signed as Slack does now; a header that is given stands instead."""
        signed = signature(content) | {"Content-Type": kind} | headers
        return self.http.post(f"/webhooks/slack/{place}", content=content, headers=signed)


def signature(content: bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers that Slack signs a request with, made by its own library."""
    timestamp = str(int(time.time() if at is None else at))
    # It takes text; bytes that are none are signed in the same way.
    body = content.decode("utf-8", "surrogateescape")
    base = f"v0:{timestamp}:{body}".encode("utf-8", "surrogateescape")
    signed = "v0=" + hmac.new(secret.encode(), base, "sha256").hexdigest()
    if content.isascii():
        theirs = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=content)
        assert signed == theirs
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signed}
