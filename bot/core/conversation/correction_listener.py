"""Applies what a message says of the answers before it: that one was wrong, or that it is known."""

import re

from bot.core.conversation.answers import Note
from bot.core.conversation.case_listener import DRAFTS, CaseListener
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.progress import ProgressListener
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.state import NOTHING, State
from bot.core.vocabulary import Level, Side

OFFICER = re.compile(r"\blado\b|designated officer", re.IGNORECASE)
A_REMARK = 8
"""A message of more words may hold facts as well."""


def ended_as_told(typed: TypedMessage, state: State) -> bool:
    """Say whether a short message says once more what came of it: "it wasn't settled"."""
    told = set(typed.reading.get("outcomes") or ())
    return typed.words <= A_REMARK and told == {state.step_outcome} and not state.urgent


class CorrectionListener(CaseListener, ProgressListener):
    """Tells what is taken back or put right from what was told before."""

    def what_was_done(self) -> None:
        """Take the steps that are told of. "Draft my reply" says of none that it was answered."""
        if self.state.alleged and OFFICER.search(self.typed.text):
            # A call to the officer for allegations is no step of any stage.
            return
        only_a_draft = self.typed.intent in DRAFTS and not self.reading.get("dates")
        if self.state.on_side is Side.receiver and only_a_draft and self.typed.words <= A_REMARK:
            return
        if self._takes_back_the_talk():
            self.choose(Question.reached, NOTHING)
        elif self.objects and self.state.tried and self._only_wrote():
            self.notes.append(Note("note_in_writing"))
        elif self._puts_the_rung_right():
            self._change_rung(str(self.reading["rung_was"]))
        else:
            self.steps()

    def _takes_back_the_talk(self) -> bool:
        """Say whether it says that nobody was spoken to after all.

        Said without an objection it may be of the next stage, where more than a talk was tried.
        """
        talked = self.state.tried is Level.practitioner and not self.reading.get("levels")
        withdrawn = self.correcting and bool(self.reading.get("nobody_asked")) and talked
        denied = bool(self.reading.get("nobody_spoke")) and self.state.tried is not None
        return denied and (self.objects or withdrawn)

    def _only_wrote(self) -> bool:
        """Say whether a message says that it was written, and gives no other day."""
        dated = any(step.get("on") for step in self.facts.get("steps") or [])
        return bool(self.reading.get("in_writing")) and not dated

    def _puts_the_rung_right(self) -> bool:
        """Say whether a correction says only whom it was with: the day and the outcome stand."""
        told = self.facts.get("steps") or []
        more = any(step.get("on") or step.get("outcome") for step in told)
        return bool(self.correcting and self.reading.get("rung_was") and self.state.tried) and (
            not more and self.before.follow_up is None
        )

    def _change_rung(self, level: str) -> None:
        """Change whom it was with, and keep when it was and what came of it."""
        kept = {name: getattr(self.state, name) for name in ("step_on", "step_outcome")}
        if level == self.state.tried:
            return
        self.choose(Question.reached, level)
        self.set(**kept)

    def known_already(self) -> list[Note]:
        """Return what to say of a message that only names what was told: "i said luton"."""
        if self.reading.get("enquiry"):
            # Its question has an answer of its own.
            return []
        place, outside = self.reading.get("partnership"), self.reading.get("outside_place")
        policy = self.before.whole_policy(self.policies)
        if policy is not None and place == policy.id:
            return [Note("note_known_place", {"place": policy.short_name})]
        if policy is not None and policy.fallback and outside:
            return [Note("note_known_place", {"place": str(outside).title()})]
        kind = self.typed.intent == self.before.disagreement
        side = (
            self.before.side in set(map(str, Side)) and self.reading.get("side") == self.before.side
        )
        post = self.reading.get("states_level") and self.reading.get("level") == self.before.level
        return [Note("note_known_already")] if kind or side or post or self._ended_as_told() else []

    def _ended_as_told(self) -> bool:
        return self.asked is None and ended_as_told(self.typed, self.before)

    def was_told(self, name: str) -> bool:
        """Say whether an answer was given before."""
        return getattr(self.before, name) not in (None, {}, ())

    def nothing_lost(self) -> list[Note]:
        """Return what to say of a message that fills nothing, but was understood."""
        known = self.known_already()
        return known or ([Note("note_agency_soon")] if self._names_an_agency_early() else [])

    def _names_an_agency_early(self) -> bool:
        """Say whether it is an agency's name alone, before anybody asked for one."""
        ahead = self.asked is not None and self.state.their_agency is None
        return ahead and bool(self.reading.get("is_name_alone"))
