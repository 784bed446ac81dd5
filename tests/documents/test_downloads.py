"""Files fetched from a conversation's events."""

import pytest
from rasa.shared.core.events import ActionExecuted, BotUttered, Event

from bot.documents.downloads import NoFile, fetch, files_message
from bot.documents.library import briefing_offers
from tests.support.core import TODAY, handbook, policies

CONVERSATION = "web-0123456789abcdef0123456789abcdef"


@pytest.mark.long
def test_a_briefing_is_fetched_from_a_conversation_without_a_case() -> None:
    """It needs no answers; but only a conversation that was offered it gets it."""
    offers = briefing_offers(policies()["kent"], handbook(), TODAY)
    offered = files_message(offers, TODAY)
    said = BotUttered("One page", {"custom": offered}, timestamp=10.0)
    events: list[Event] = [ActionExecuted("action_listen"), said]
    offer = offered["offer"]["id"]
    for one in offers:
        found = fetch(events, CONVERSATION, offer, one.name, since=0.0)
        assert (found.name, found.content) == (one.name, one.make())
    for wrong in ("kent-briefing-1999-01-01.html", "narnia-briefing-2026-11-24.html"):
        with pytest.raises(NoFile):
            fetch(events, CONVERSATION, offer, wrong, since=0.0)
    with pytest.raises(NoFile) as refused:
        fetch(events, CONVERSATION, offer, offers[0].name, since=10.0)
    assert refused.value.over
    with pytest.raises(NoFile):
        fetch(events[:1], CONVERSATION, offer, offers[0].name, since=0.0)
