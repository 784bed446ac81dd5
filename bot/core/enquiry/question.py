"""An enquiry as it is put to one policy, and the shape of the policy's answers."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from bot.core.cards.card import CardItem
from bot.core.enquiry.lines import Lines
from bot.core.enquiry.search import Closeness, not_stated_about
from bot.core.handbook.handbook import Handbook
from bot.core.handbook.topics import Enquiry
from bot.core.policy.model import Policy, Stage


class PolicyAnswer(msgspec.Struct, frozen=True):
    """Lines under a heading, about a stage or the whole policy."""

    heading: str
    items: tuple[CardItem, ...]
    stage: Stage | None = None


class PolicyQuestion(msgspec.Struct, frozen=True):
    """An enquiry put to a policy. `stages` are the stages it is about.

    `brief`: other policies answer too; `closeness` says how names must match.
    """

    enquiry: Enquiry
    lines: Lines
    stages: tuple[Stage, ...]
    handbook: Handbook
    brief: bool
    closeness: Closeness

    @property
    def policy(self) -> Policy:
        """The policy in question."""
        return self.lines.policy

    def silences(self, about: str, stages: Sequence[Stage] | None = None) -> list[CardItem]:
        """Return what the policy does not state, if it matches a pattern."""
        wanted = self.stages if stages is None else stages
        return not_stated_about(self.policy, wanted, re.compile(about), self.lines)

    def say(self, name: str, **gaps: object) -> str:
        """Return a sentence of the answers."""
        return self.handbook.phrases.say(f"answer_{name}", **gaps)

    def answer(
        self, name: str, items: Iterable[CardItem], stage: Stage | None = None
    ) -> PolicyAnswer:
        """Return an answer under a named heading."""
        return PolicyAnswer(self.say(f"heading_{name}"), tuple(items), stage)
