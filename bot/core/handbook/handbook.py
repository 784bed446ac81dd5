"""Everything the guide says of its own, loaded together."""

from pathlib import Path

import msgspec

from bot.core.handbook.guidance import Answers, load_answers
from bot.core.handbook.safety_guidance import SafetyGuidance, load_safety_guidance
from bot.core.handbook.sources import (
    GuidanceSources,
    Listed,
    basis_problems,
    listed,
    load_sources,
)
from bot.core.handbook.wording import Phrases, load_sentences
from bot.core.policy.loader import PolicyError

SAFETY, ANSWERS, SOURCES = "standing.yml", "answers.yml", "sources.yml"
"""The files in `policies/guidance`."""


class Handbook(msgspec.Struct, frozen=True):
    """The safety guidance, the responses, the short answers, and what both rest on."""

    safety_guidance: SafetyGuidance
    phrases: Phrases
    answers: Answers
    sources: GuidanceSources

    def statements(self) -> list[Listed]:
        """Return every statement of the guide's own, with its place and what it rests on."""
        return [*listed(SAFETY, self.safety_guidance), *listed(ANSWERS, self.answers)]


def load_handbook(root: Path) -> Handbook:
    """Read the guidance and the responses below the project's `root`.

    Raises OSError when a file is missing, msgspec.ValidationError or PolicyError when its shape is
    wrong.
    """
    guidance = root / "policies/guidance"
    handbook = Handbook(
        load_safety_guidance(guidance / SAFETY),
        Phrases(load_sentences(root / "data/responses")),
        load_answers(guidance / ANSWERS),
        load_sources(guidance / SOURCES),
    )
    problems = list(basis_problems(handbook.statements(), handbook.sources))
    if problems:
        raise PolicyError(problems)
    return handbook
