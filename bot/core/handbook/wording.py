"""Wording: the only place that reads and fills the responses in `data/responses`.

The core, the actions, the channels and the figures use them by name. Rasa reads the same files
for the names of its `utter_…` actions.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from bot.core.policy.checks import Problem, empty_texts, shape_problems
from bot.core.policy.loader import PolicyError, read_plain
from bot.core.policy.model import PolicyPart


class Variant(PolicyPart, frozen=True, kw_only=True):
    """The text of a response. Only Rasa shows its buttons."""

    text: str
    buttons: tuple[dict[str, str], ...] = ()


class ResponseFile(PolicyPart, frozen=True, kw_only=True):
    """Responses by name, each with a single variant: only Rasa could choose among several."""

    responses: dict[str, Annotated[tuple[Variant, ...], msgspec.Meta(min_length=1, max_length=1)]]
    version: str = ""


class Phrases:
    """Sentences with gaps, by name. An unknown name or a missing gap raises KeyError."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences

    def say(self, name: str, /, **gaps: object) -> str:
        """Return the sentence `utter_<name>` with its gaps filled."""
        return self._sentences[f"utter_{name}"].format(**gaps)

    def has(self, name: str) -> bool:
        """Say whether there is a response of this full name."""
        return name in self._sentences


def load_sentences(folder: Path) -> dict[str, str]:
    """Return the text of every response in the files of `folder`, by full name.

    Raises PolicyError with all that is wrong, a name that two files hold included.
    """
    found: dict[str, str] = {}
    held_by: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yml")):
        plain, repeated = read_plain(path)
        problems += repeated
        problems += [
            Problem(path.name, at, "some text", "an empty text") for at in empty_texts(plain)
        ]
        try:
            file = msgspec.convert(plain, ResponseFile)
        except msgspec.ValidationError as error:
            problems += shape_problems(path.name, plain, str(error), ResponseFile)
            continue
        problems += [
            Problem(
                path.name, name, "each response in one file", f"the one in {held_by[name]} again"
            )
            for name in file.responses.keys() & held_by.keys()
        ]
        found |= {name: variant.text for name, (variant,) in file.responses.items()}
        held_by |= dict.fromkeys(file.responses, path.name)
    if problems:
        raise PolicyError(problems)
    return found
