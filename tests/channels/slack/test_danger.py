"""Danger in Slack that does not come as a message of its own: changed, passed on or in public."""

from typing import Any

import pytest

from tests.support.slack_api import SlackApi
from tests.support.slack_person import BOT, SlackPerson

pytestmark = pytest.mark.server

DANGER = "a child is being hit right now"


def changed(person: SlackPerson, before: str, after: str, **fields: Any) -> dict[str, Any]:
    """Slack's event for a message that was changed."""
    message = person.message(after) | {"edited": {"user": person.user}} | fields
    event = person.message("") | {"subtype": "message_changed", "hidden": True}
    del event["user"], event["text"]
    return event | {"message": message, "previous_message": person.message(before)}


def test_a_change_into_danger_is_answered(person: SlackPerson) -> None:
    """Any other is told not to count, with 999; what a bot or a link's preview changes is not."""
    person.say("hello")
    person.event(changed(person, "no", DANGER))
    person.heard()
    assert person.text.startswith("A card")
    assert "as you first sent it" not in person.text
    person.event(changed(person, "no", "not yet"))
    person.heard()
    assert "as you first sent it" in person.text
    assert "999" in person.text
    person.event(changed(person, "no", "no", attachments=[{"from_url": "https://example.org"}]))
    person.event(changed(person, "no", DANGER, bot_id="B0OTHER"))
    assert person.heard() == []


def test_danger_in_a_message_that_is_passed_on_is_answered(person: SlackPerson) -> None:
    """It counts as said. Of any other it is said that it is not read, with 999."""
    person.say("hello")
    shared = {"is_share": True, "text": "mum has just kicked him, he is bleeding"}
    person.say("", attachments=[shared])
    assert person.text.startswith("A card")
    assert "quote or pass on" not in person.text
    person.say("", attachments=[shared | {"text": "see you at the meeting"}])
    assert "quote or pass on" in person.text
    assert "999" in person.text
    assert "meeting" not in person.text


def test_danger_in_public_is_answered_every_time(person: SlackPerson, slack_api: SlackApi) -> None:
    """Though the same line was shown a moment ago. It begins with 999."""
    mention = {"type": "app_mention", "channel": "C0STAFF9", "channel_type": None}
    for _ in range(3):
        person.event(person.message(f"<@{BOT}> {DANGER}", **mention))
    person.heard()
    lines = slack_api.by("chat.postEphemeral", user=person.user)
    assert len(lines) == 3
    starts = {line.drawn.partition(".")[0] for line in lines}
    assert starts == {"If a child is in danger now, call <tel:999|999> first"}
