"""The sentences a channel says by itself, read once at start from data/responses.

They need neither the model nor the domain, so that they are there when those are not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.channels.messages import Message

FILES = (
    "safety.yml", "privacy.yml", "channel.yml", "cases.yml", "card.yml", "drafts.yml",
    "teams.yml", "slack.yml",
)  # fmt: skip
SAFETY = "utter_standing_safety_message"


class WordingMissing(ValueError):
    """A sentence that channels need is not in data/responses."""


@dataclass(frozen=True)
class Wording:
    """Responses by their name, without variants."""

    texts: dict[str, str]

    def say(self, name: str, **gaps: object) -> str:
        """The text of a response with its {gaps} filled; raises WordingMissing."""
        try:
            text = self.texts[name]
        except KeyError:
            raise WordingMissing(f"There is no response {name} in data/responses.") from None
        for gap, value in gaps.items():
            text = text.replace("{" + gap + "}", str(value))
        return text

    def message(self, name: str, **gaps: object) -> Message:
        """The same as a message."""
        return Message(self.say(name, **gaps))

    def safety(self, *, stored: bool = True) -> list[Message]:
        """The standing safety message; with `stored` False, that nothing is recorded too."""
        message = self.message(SAFETY)
        return [message] if stored else [message, self.message("utter_not_recorded")]

    def masked(self, kinds: Iterable[str], channel: str = "") -> str:
        """The sentence that says what kinds of thing were left out.

        Where the channel keeps its own copy of a message, what to do about that follows.
        """
        known = (self.texts.get(f"utter_masked_{kind}") for kind in kinds)
        names = list(dict.fromkeys(n or self.say("utter_masked_other") for n in known))
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        said = self.say("utter_masked", kinds=listed)
        return f"{said} {self.texts.get(f'utter_masked_copy_{channel}', '')}".rstrip()


def load(folder: Path) -> Wording:
    """Read the wording that channels need; raises WordingMissing where a file is not usable."""
    texts: dict[str, str] = {}
    for name in FILES:
        try:
            read = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
            responses = read["responses"]
            texts |= {key: str(value[0]["text"]).strip() for key, value in responses.items()}
        except (OSError, yaml.YAMLError, KeyError, TypeError, IndexError) as error:
            raise WordingMissing(
                f"{folder / name} has no readable responses ({type(error).__name__})."
            ) from error
    if SAFETY not in texts:
        raise WordingMissing(f"{folder / FILES[0]} has no {SAFETY}.")
    return Wording(texts)
