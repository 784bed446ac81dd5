"""Applies what a message says of other cases: another child or dispute, and which is meant."""

import re

from msgspec.structs import replace

from bot.core.conversation.answers import SAFETY, Note, TurnResult, choose
from bot.core.conversation.listener import Listener
from bot.core.conversation.questions.place import change_partnership
from bot.core.conversation.questions.spec import Question, member_of
from bot.core.conversation.saving import worth_saving
from bot.core.conversation.several import (
    BEGIN,
    GO,
    OTHER,
    about_child,
    named_case,
    offer_other_cases,
)
from bot.core.text import without_apostrophes
from bot.core.vocabulary import Child

ENOUGH_TO_BEGIN = 2
"""So many things told of another case are kept for it."""
ORDINAL_ALONE = re.compile(
    r"\W*(?:(?:the|its|with|start|begin|do|lets|ok|so|um)\W+)*"
    r"(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)"
    r"(?:\s+(?:one|child|kid|boy|girl|family|case|dispute|thing))?(?:\W+(?:please|pls|then|now))*\W*"
)
"""Names one of several, and no more."""
SAME = "same"
"""A brother or sister is named, whom the present case is about as well."""


def _this_child(child: Child | None) -> tuple[Note, ...]:
    return () if child is None else (Note(f"note_this_{child}"),)


class OtherCaseListener(Listener):
    """Listens for other cases than the present one, and for which child is meant."""

    @property
    def _begins(self) -> bool:
        """Whether the message begins with another case, and is about nothing else."""
        return self.reading.get("cases") == "begun"

    @property
    def _cases(self) -> str | None:
        """What the message says of cases."""
        return "another" if self._begins else self.reading.get("cases")

    def other_case(self) -> TurnResult | None:
        """Return what a message that speaks of another case leads to; None if it goes on."""
        cases, which = self._cases, member_of(Child, self.reading.get("which_child"))
        named = which is not None or self.reading.get("which_child") == OTHER
        other = cases == "another" or (named and which is not self.state.child)
        if self.asked is Question.calls_made and other:
            # The alarm is not this child's, and the calls come first.
            return TurnResult(self.state, notes=(Note("note_other_child_after_calls"),))
        unknown = not named or not self.state.children
        if self.asked in SAFETY and unknown and self._is_an_ordinal():
            # Which child it is, and no answer about their safety.
            calls = self.asked is Question.calls_made
            note = "note_other_child_after_calls" if calls else "note_one_at_a_time"
            return TurnResult(self.state, notes=(Note(note),))
        if cases == SAME and not self._is_known(which):
            return TurnResult(self.state, notes=(Note("note_same_case"),))
        if cases == "list" and not self.before.others:
            return TurnResult(self.state, notes=(Note("cases_none"),))
        if named:
            turned = self._to_the_child(which)
            if turned is not None:
                return turned
        if cases == "another" and self.asked is Question.other_cases:
            return choose(self.state, str(self.asked), BEGIN, self.policies)
        if cases == "another" and self._apart() and self._names_another_place():
            return self._to_the_place()
        return self._begin_or_offer(cases)

    def _is_an_ordinal(self) -> bool:
        return ORDINAL_ALONE.fullmatch(without_apostrophes(self.typed.text)) is not None

    def _begin_or_offer(self, cases: str | None) -> TurnResult | None:
        """Begin another case of which a message tells, offer to, or say that one is taken first."""
        if self._begins and self._apart() and self._tells_of_it():
            self._put_aside()
        elif cases and cases not in {SAME, "several", "each"} and self._apart():
            return TurnResult(offer_other_cases(self.state))
        elif cases and cases != SAME:
            first = "note_which_child_first" if cases == "each" else "note_one_at_a_time"
            self.notes.append(Note(first))
        return None

    def put_aside_for_danger(self) -> None:
        """Begin the case of another child whom danger is told of: it is no other child's danger.

        While somebody must act today for the first, all calls are made together.
        """
        other = self._cases == "another" and bool(self.reading.get("urgent"))
        if other and self._apart() and not self.before.urgent:
            self._put_aside()

    def _put_aside(self) -> None:
        """Begin another case, of which the message tells: its risk is asked about first."""
        self.state = choose(self.state, str(Question.other_cases), BEGIN, self.policies).state
        self.before, self.asked = self.state, Question.risk
        # From here on the message is about this one.
        self.reading = {**self.reading, "cases": None}

    def _tells_of_it(self) -> bool:
        """Say whether a message tells more of another case than that there is one."""
        told = set(self.facts) - {"my_agency"}
        return len(told) + bool(self.reading.get("disagreement")) >= ENOUGH_TO_BEGIN

    def _is_known(self, which: Child | None) -> bool:
        """Say whether a child is one of those who were told of apart."""
        told = {*self.state.children, *(other.child for other in self.state.others)}
        return which is not None and which in told

    def children(self) -> None:
        """Keep the words that tell apart the children of whom a message tells at once."""
        told = tuple(Child(child) for child in self.reading.get("children") or ())
        if len(told) > 1 and not self.state.children:
            # The alarm is of the child whom the danger was told of, and of no other.
            child = member_of(Child, self.reading.get("child_in_danger"))
            self.set(children=told, child=child if self.state.red_flag is not None else None)

    def _to_the_child(self, which: Child | None) -> TurnResult | None:
        """Go on with the case of a child, or with the only other one; ask where it is in doubt.

        Until a child is named, the case is about the one that is named first.
        """
        state = self.state
        number = named_case(state, str(which or OTHER))
        if number is not None:
            changed = choose(state, str(Question.other_cases), f"{GO}{number}", self.policies)
            return replace(changed, notes=_this_child(changed.state.child))
        if which is None or (which not in state.children and which is not state.child):
            return TurnResult(offer_other_cases(state)) if state.others else None
        begun = state.others or self.asked is None
        if which is state.child or (state.child is None and not begun and not state.urgent):
            return TurnResult(about_child(state, which), notes=_this_child(which))
        return TurnResult(offer_other_cases(state))

    def _apart(self) -> bool:
        """Say whether there is another case to go to, or this one can be put aside for one.

        A first account of two children comes before danger has been asked about.
        """
        return bool(self.before.others) or (
            worth_saving(self.before) and self.before.risk is not None
        )

    def _names_another_place(self) -> bool:
        told = self.reading.get("partnership")
        return told in self.policies and told != self.state.partnership

    def _to_the_place(self) -> TurnResult:
        """Put this case aside, for the one of the place that is named: "now the kent one"."""
        named = str(self.reading["partnership"])
        there = [
            f"{GO}{number}"
            for number, other in enumerate(self.state.others)
            if other.answers.get("partnership") == named
        ]
        value = there[-1] if there else BEGIN
        changed = choose(self.state, str(Question.other_cases), value, self.policies)
        area = self.reading.get("area")
        state = (
            changed.state
            if there
            else change_partnership(changed.state, named, area, self.policies)
        )
        return replace(changed, state=state, filled=("partnership",))
