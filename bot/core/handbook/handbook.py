"""Everything the guide says of its own, loaded together."""

from pathlib import Path

import msgspec

from bot.core.handbook.guidance import Answers, load_answers
from bot.core.handbook.safety_guidance import SafetyGuidance, load_safety_guidance
from bot.core.handbook.wording import Phrases, load_sentences


class Handbook(msgspec.Struct, frozen=True):
    """The safety guidance, the responses and the short answers."""

    safety_guidance: SafetyGuidance
    phrases: Phrases
    answers: Answers


def load_handbook(root: Path) -> Handbook:
    """Read the guidance and the responses below the project's `root`.

    Raises OSError when a file is missing, msgspec.ValidationError or PolicyError when its shape is
    wrong.
    """
    guidance = root / "policies/guidance"
    return Handbook(
        load_safety_guidance(guidance / "standing.yml"),
        Phrases(load_sentences(root / "data/responses")),
        load_answers(guidance / "answers.yml"),
    )
