"""What a channel says by itself: responses as messages, without the model or the domain."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.channels.messages import Message
from bot.core.handbook.wording import Phrases, load_sentences
from bot.core.policy.checks import Problem
from bot.core.policy.loader import PolicyError

SAFETY = "standing_safety_message"


class Wording(Phrases):
    """The sentences, and what every channel makes of them."""

    def message(self, name: str, /, **gaps: object) -> Message:
        """Return a sentence as a message."""
        return Message(self.say(name, **gaps))

    def safety(self, *, stored: bool = True) -> list[Message]:
        """Return the standing safety message; unless `stored`, also that nothing is recorded."""
        message = self.message(SAFETY)
        return [message] if stored else [message, self.message("not_recorded")]

    def is_safety(self, said: Sequence[Message]) -> bool:
        """Say whether a turn is only the standing safety message: it failed."""
        return list(said) in (self.safety(), self.safety(stored=False))

    def masked(self, kinds: Iterable[str], channel: str = "") -> str:
        """Return the sentence that says what kinds of thing were left out.

        Where the channel keeps its own copy of a message, what to do about that follows.
        """
        known = (kind if self.has(f"utter_masked_{kind}") else "other" for kind in kinds)
        names = list(dict.fromkeys(self.say(f"masked_{kind}") for kind in known))
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        said = self.say("masked", kinds=listed)
        copy = f"masked_copy_{channel}"
        return f"{said} {self.say(copy)}" if self.has(f"utter_{copy}") else said


def load(folder: Path) -> Wording:
    """Read the responses. Raises PolicyError where one is wrong or the safety message missing."""
    wording = Wording(load_sentences(folder))
    if not wording.has(f"utter_{SAFETY}"):
        raise PolicyError(
            [Problem(str(folder), f"utter_{SAFETY}", "the standing safety message", "none")]
        )
    return wording
