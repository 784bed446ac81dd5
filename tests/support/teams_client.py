"""A person in Teams: writes, presses buttons, and reads what the guide says there."""

import itertools
from typing import Any

import httpx

from tests.support.microsoft import BOT, CARD, TENANT, Microsoft, elements

_numbers = itertools.count(1)


class TeamsClient:
    """One private chat. `activities` is what the guide said last; `log` all of it."""

    def __init__(self, microsoft: Microsoft, address: str, **ids: str) -> None:
        self.microsoft = microsoft
        self.http = httpx.Client(base_url=address, timeout=60, trust_env=False)
        number = next(_numbers)
        self.person = ids.get("person", f"29:person-{number}")
        self.conversation = ids.get("conversation", f"a:conversation-{number}")
        self.tenant = ids.get("tenant", TENANT)
        self.kind = ids.get("kind", "personal")
        self.activities: list[dict[str, Any]] = []
        self.log: list[dict[str, Any]] = []

    def activity(self, kind: str = "message", **more: Any) -> dict[str, Any]:
        """Return an activity as Teams delivers it."""
        return {
            "type": kind,
            "id": f"activity-{next(_numbers)}",
            "timestamp": "2026-11-20T10:00:00.000Z",
            "channelId": "msteams",
            "serviceUrl": self.microsoft.service_url,
            "from": {"id": self.person, "name": "Alex Practitioner", "aadObjectId": "00-11"},
            "recipient": {"id": BOT, "name": "Escalation Guide"},
            "conversation": {
                "id": self.conversation,
                "conversationType": self.kind,
                "tenantId": self.tenant,
            },
            "channelData": {"tenant": {"id": self.tenant}},
            "locale": "en-GB",
            **more,
        }

    def install(self) -> "TeamsClient":
        """Install the guide, which Teams tells in two ways."""
        added = [{"id": BOT}, {"id": self.person}]
        self.send(self.activity("installationUpdate", action="add"))
        self.send(self.activity("conversationUpdate", membersAdded=added))
        return self.listen()

    def say(self, text: str) -> "TeamsClient":
        """Type a text."""
        return self.send_well(self.activity(text=text, textFormat="plain"))

    def press(self, title: str) -> "TeamsClient":
        """Press the newest button with this title, as Teams' apps do."""
        for action in self.buttons(self.log)[::-1]:
            shown = action.get("data", {}).get("msteams", {})
            if title in {action["title"], shown.get("displayText")}:
                return self.send_well(self.activity(text=shown["text"], value=shown["value"]))
        raise AssertionError(f"No button {title!r} was shown; the last were {self.titles}.")

    def send_well(self, activity: dict[str, Any]) -> "TeamsClient":
        """Deliver an activity that the guide has to take."""
        answer = self.send(activity)
        assert answer.status_code in {200, 202}, answer.text
        return self.listen()

    def send(self, activity: Any, token: str | None = None, **more: Any) -> httpx.Response:
        """Deliver anything, signed as ever or with a token that is given."""
        token = self.microsoft.token() if token is None else token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.post(
            "/webhooks/teams/messages", json=activity, headers=headers | more.pop("headers", {})
        )

    def listen(self) -> "TeamsClient":
        """Wait until the guide has said everything, and keep what is new."""
        self.http.get("/quiet").raise_for_status()
        assert self.microsoft.problems == []
        everything = self.microsoft.heard(self.conversation)
        self.activities = everything[len(self.log) :]
        self.log = everything
        return self

    @property
    def text(self) -> str:
        """All that the guide said last, as a person reads it, hidden parts included."""
        return "\n".join(itertools.chain.from_iterable(map(texts, self.activities)))

    @property
    def titles(self) -> list[str]:
        """The titles of the options shown last, without their numbers."""
        shown = [button.get("data", {}).get("msteams") for button in self.buttons(self.activities)]
        return [one["displayText"] for one in shown if one]

    def buttons(self, activities: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Every button in activities."""
        every = itertools.chain.from_iterable(elements(card) for card in self.cards(activities))
        return [one for one in every if one["type"].startswith("Action.")]

    def cards(self, activities: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
        """Every card in activities, those said last if none are named."""
        return [
            attachment["content"]
            for activity in (self.activities if activities is None else activities)
            for attachment in activity.get("attachments", [])
            if attachment["contentType"] == CARD
        ]

    @property
    def files(self) -> dict[str, str]:
        """The files offered last: title and address."""
        opens = [b for b in self.buttons(self.activities) if b["type"] == "Action.OpenUrl"]
        return {one["title"]: one["url"] for one in opens}


def texts(activity: dict[str, Any]) -> list[str]:
    """Every text of an activity."""
    if activity.get("text"):
        return [activity["text"]]
    cards = [attachment["content"] for attachment in activity.get("attachments", [])]
    return [
        element["text"]
        for card in cards
        for element in elements(card)
        if element["type"] == "TextBlock"
    ]
