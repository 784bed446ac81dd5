"""What a message is heard as while one question is open: "not today", "wrong", "they caved in".

Understanding does not know which question is open, so it says what the words would be as a reply to
each of three, with how sure it is. Here the open question decides.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.vocabulary import CALM_RISKS, Level, Outcome, Risk, Word


class HowFar(Word):
    """What a message can be as a reply to "How far has it got?"."""

    nothing = "nothing"
    talked = "talked"
    waiting = "waiting"
    settled = "settled"
    own_side = "own_side"
    wrong = "wrong"


HOW_RISKY, HOW_FAR, CAME_OF_IT = "how_risky", "how_far", "came_of_it"
"""The three replies in a reading."""
SURE, PERHAPS = 0.45, 0.35
"""The least share to believe a reply, and to believe it where no rule says anything."""
SURELY_CALM, SURELY_UNSURE = 0.7, 0.6
"""The least shares to believe that a child can wait, the graver mistake, and that none can say."""
SURELY_SETTLED = 0.6
"""The least share to believe that it is settled: the graver mistake."""
AGAINST_RULES = 0.7
"""The least share to believe that it is settled, or is not, where a rule says the reverse."""
SURELY_WRONG = 0.6
"""The least share to hear an objection in a message to any question."""
NOTHING_OF_IT = "none"
"""The reply that says nothing of what came of a step."""
ANSWERED = {Outcome.unresolved, Outcome.resolved}
"""Outcomes of whoever had an answer."""
SILENCE = {Outcome.awaiting, Outcome.no_response}
"""What leaves a case as it was: "no change", "heard nothing"."""
A_TALK = {
    HowFar.talked: Outcome.unresolved,
    HowFar.waiting: Outcome.awaiting,
    HowFar.settled: Outcome.resolved,
}
"""The replies that tell of a talk with the worker, and what came of it."""


class Replies:
    """What a reading says of the message as a reply."""

    def __init__(self, reading: Mapping[str, Any]) -> None:
        """Take a message's reading."""
        self._heard: Mapping[str, Any] = reading.get("replies") or {}

    @property
    def how_far(self) -> HowFar | None:
        """The reply to "How far has it got?", if one is sure."""
        label, share = self._heard.get(HOW_FAR, ("", 0.0))
        told = HowFar(label) if label in set(map(str, HowFar)) else None
        return told if share >= SURE else None

    @property
    def how_risky(self) -> Risk | None:
        """The reply to "Is a child at risk of serious harm right now?", if one is sure."""
        label, share = self._heard.get(HOW_RISKY, ("", 0.0))
        told = Risk(label) if label in set(map(str, Risk)) else None
        enough = SURELY_UNSURE if told is Risk.unsure else SURE
        return told if share >= (SURELY_CALM if told in CALM_RISKS else enough) else None

    @property
    def objects(self) -> bool:
        """Whether something that the guide understood is said to be wrong."""
        label, share = self._heard.get(HOW_FAR, ("", 0.0))
        return bool(label == HowFar.wrong and share >= SURELY_WRONG)

    @property
    def says_nothing_of_it(self) -> bool:
        """Whether the whole message surely says nothing of what came of a step."""
        label, share = self._heard.get(CAME_OF_IT, ("", 0.0))
        return bool(label == NOTHING_OF_IT and share >= AGAINST_RULES)

    def came_of_it(self, enough: float = SURE) -> Outcome | None:
        """Return the reply to "What came of it?", if it is sure enough."""
        label, share = self._heard.get(CAME_OF_IT, ("", 0.0))
        told = Outcome(label) if label in set(map(str, Outcome)) else None
        enough = max(enough, SURELY_SETTLED) if told is Outcome.resolved else enough
        return told if share >= enough else None

    def came_of_it_with(self, ruled: Sequence[str], alone: float = PERHAPS) -> str | None:
        """Return what came of it, by the whole reply and by the rules over its clauses.

        `alone` is the least share to believe the reply where no rule says anything.
        """
        by_rule = ruled[-1] if ruled else None
        heard = self.came_of_it(SURE if by_rule else alone)
        # "They answered this morning and said no": whoever was answered was not met with silence.
        unheard = heard in SILENCE and by_rule in ANSWERED
        if unheard or {heard, by_rule} == ANSWERED:
            heard = self.came_of_it(AGAINST_RULES)
        return str(heard) if heard else by_rule

    def talk(self, on: str | None) -> dict[str, str | None] | None:
        """Return the step of a reply that tells of a talk with the worker, else None."""
        if self.how_far not in A_TALK:
            return None
        return {"level": str(Level.practitioner), "on": on, "outcome": str(self.outcome())}

    def outcome(self) -> Outcome | None:
        """Return what came of a talk that is told of in reply to "How far has it got?"."""
        told = A_TALK.get(self.how_far) if self.how_far else None
        silent = self.came_of_it(PERHAPS) is Outcome.no_response
        return Outcome.no_response if told is Outcome.awaiting and silent else told
