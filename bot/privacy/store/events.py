"""Stored events as Rasa has them, those of a former version too."""

import functools
import json
import logging

from rasa.shared.core.constants import ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

log = logging.getLogger(__name__)


def last_bot_messages(events: list[Event]) -> list[BotUttered]:
    """What the guide said since the person last spoke, in order."""
    said: list[BotUttered] = []
    for event in reversed(events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            said.append(event)
    return said[::-1]


def session_start(events: list[Event]) -> int:
    """The position of the first event of the latest session.

    A session begins with `action_session_start` and `session_started`.
    """
    for position in range(len(events) - 1, -1, -1):
        if isinstance(events[position], SessionStarted):
            before = events[position - 1] if position else None
            opened = (
                isinstance(before, ActionExecuted)
                and before.action_name == ACTION_SESSION_START_NAME
            )
            return position - 1 if opened else position
    return 0


RENAMED = {"heard": "red_flag", "heard_now": "danger_now", "since": "follow_up"}
"""Slots and questions by the names they had until 29 November 2026, and those they have now.

A conversation goes on for weeks, also across an update: a red flag must not be lost in it.
"""


def parse_event(data: str) -> Event | None:
    """The event as Rasa would read it, but without searching all event classes.

    None for one that only a newer version can read: the conversation goes on without it.
    """
    values = json.loads(data)
    if values["event"] == SlotSet.type_name:
        values["name"] = RENAMED.get(values["name"], values["name"])
        if values["name"] == REQUESTED_SLOT:
            values["value"] = RENAMED.get(values["value"], values["value"])
    custom = (values.get("data") or {}).get("custom") if values["event"] == "bot" else None
    if custom and "wish" in custom:
        # What a turn promised to delete or save is performed again after a crash.
        custom["effect"] = custom.pop("wish")
    try:
        kind = class_of(values["event"])
    except ValueError:
        kind = None
    if kind is None:
        _tell_unreadable(values["event"])
        return None
    # Rasa has no public way to make an event of a class that is known.
    parsed: Event | None = kind._from_parameters(values)  # noqa: SLF001
    return parsed


class_of = functools.cache(Event.resolve_by_type)
"""Return the class of an event by its name: Rasa looks through all classes each time."""


@functools.cache
def _tell_unreadable(name: str) -> None:
    """Log a kind of event that this version does not know, once."""
    log.error("Stored events of the kind %r cannot be read by this version.", name)
