"""A message that is sent again: what was answered the first time is answered again.

A client that got no answer cannot know whether its message was taken. So it may give each message
an id of its own and send it again with that id. The turn keeps the id's digest, and a turn that
is there already is not taken twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import msgspec
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels.messages import NeutralOutput, gather
from bot.channels.wording import Wording

KEY = "message"
"""Under which a turn's metadata holds the digest."""


@dataclass(frozen=True)
class StoredAnswer:
    """A turn that was taken: what came before it, what was masked in it, and what was said."""

    before: Sequence[Event]
    masked: Sequence[str]
    output: NeutralOutput


def digest(message_id: str) -> str:
    """What is kept of a message's id, which a client may have made of anything."""
    return blake2b(message_id.encode(), digest_size=16).hexdigest()


def find(events: Sequence[Event], message_digest: str, wording: Wording) -> StoredAnswer | None:
    """The turn of a conversation that was taken for the message, or None."""
    for position in range(len(events) - 1, -1, -1):
        event = events[position]
        if isinstance(event, UserUttered) and event.metadata.get(KEY) == message_digest:
            output = NeutralOutput()
            for later in events[position + 1 :]:
                if isinstance(later, UserUttered):
                    break
                if isinstance(later, BotUttered):
                    gather(output, later.message())
            _renew(output, wording)
            masked = event.metadata.get("masked", ())
            return StoredAnswer(events[:position], masked, output)
    return None


def _renew(output: NeutralOutput, wording: Wording) -> None:
    """Have a new code made where one was shown: the first was never seen and is kept nowhere."""
    placeholder = wording.say("case_code_shown")
    if any((message.card or {}).get("code") == placeholder for message in output.messages):
        output.effects = [
            msgspec.structs.replace(effect, what="renew") if effect.what == "save" else effect
            for effect in output.effects
        ]
