"""Answer a message that is sent again with the answer it got the first time.

A client that got no answer cannot know whether its message was taken. So it may give each message
an id and send it again with the same id. The turn stores a digest of the id, and a message whose
digest is stored already is not taken twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import msgspec
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels.messages import NeutralOutput, add_response
from bot.channels.wording import Wording

KEY = "message"
"""The key of the digest in a turn's metadata."""


@dataclass(frozen=True)
class StoredAnswer:
    """A turn already taken: the events before it, what was masked in it, and the answer."""

    before: Sequence[Event]
    masked: Sequence[str]
    output: NeutralOutput


def digest(message_id: str, text: str) -> str:
    """The stored form of a message's id, since a client may put anything into an id.

    It covers the text: a client that uses an id twice must not get an old answer to a new message.
    """
    return blake2b(f"{message_id}\n{text}".encode(), digest_size=16).hexdigest()


def find_stored_answer(
    events: Sequence[Event], message_digest: str, wording: Wording
) -> StoredAnswer | None:
    """The answer to the message if its turn was taken already, or None."""
    for position in range(len(events) - 1, -1, -1):
        event = events[position]
        if isinstance(event, UserUttered) and event.metadata.get(KEY) == message_digest:
            output = NeutralOutput()
            for later in events[position + 1 :]:
                if isinstance(later, UserUttered):
                    break
                if isinstance(later, BotUttered):
                    add_response(output, later.message())
            _renew(output, wording)
            masked = event.metadata.get("masked", ())
            return StoredAnswer(events[:position], masked, output)
    return None


def _renew(output: NeutralOutput, wording: Wording) -> None:
    """Ask for a new code if one was shown: the first was never seen and is stored nowhere."""
    placeholder = wording.say("case_code_shown")
    if any((message.card or {}).get("code") == placeholder for message in output.messages):
        output.effects = [
            msgspec.structs.replace(effect, what="renew") if effect.what == "save" else effect
            for effect in output.effects
        ]
