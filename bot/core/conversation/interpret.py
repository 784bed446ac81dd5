"""Applies typed text to the answers, danger first.

No earlier answer is lost: an unusable answer leaves the state as it was, and a note says what was
wrong and what would be right. Text only ever raises the stated risk; only an answer to the risk
question itself can lower it.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

import msgspec
from msgspec.structs import replace

from bot.core.conversation.answers import (
    SAFETY,
    Note,
    TurnResult,
    calls_told_notes,
    choose,
    clear_answer,
    dropped_answers,
    last_answer_before,
    offer_to_delete,
    offer_to_start_again,
    open_review,
)
from bot.core.conversation.closing import offer_to_close
from bot.core.conversation.correction_listener import A_REMARK, CorrectionListener
from bot.core.conversation.crisis_listener import CrisisListener
from bot.core.conversation.listener import ASKS_FOR_SOMETHING, TypedMessage
from bot.core.conversation.other_case_listener import OtherCaseListener
from bot.core.conversation.questions.spec import NO, Question, member_of
from bot.core.conversation.questions.table import SPEC_OF
from bot.core.conversation.rehearsal import (
    begin_rehearsal,
    calls_come_first,
    move_meant,
    other_procedure_chosen,
)
from bot.core.conversation.saving import worth_saving
from bot.core.conversation.short_answers import (
    is_over,
    leaves_risk_open,
    names_other_agency,
    only_played,
    short_answer,
)
from bot.core.conversation.state import Policies, State, reask_risk
from bot.core.vocabulary import (
    URGENT_RISKS,
    Risk,
    Side,
)

REHEARSED = {"rehearse", "ask_pushback"}
"""Intents of messages about what somebody might say, not about what happened."""
TELLS_NOTHING = {"frustrated", "greet"}
"""Intents that say nothing about the case: "you asked me that already", "hello"."""


def apply_message(
    state: State, asked: Question | None, typed: TypedMessage, policies: Policies, today: date
) -> TurnResult:
    """Apply a typed message while `asked` is the open question."""
    if is_over(asked, typed.text):
        # Whoever has gone, the risk is asked again, and by them alone made less.
        return choose(state, str(asked), "not_now", policies)
    interpreter = _Interpreter(state, asked, typed, policies, today)
    if interpreter.pressed_wrongly:
        # They choose again: what they say they meant answers no question about safety.
        return TurnResult(reask_risk(state), notes=(Note("note_wrong_button"),))
    return interpreter.result()


def reopen_last(state: State, asked: Question | None) -> TurnResult:
    """Reopen the answer before the open question, and say what it was."""
    name = last_answer_before(state, asked)
    if name is None:
        return TurnResult(state, notes=(Note("note_no_way_back"),))
    return reopen(state, name)


def reopen(state: State, name: str) -> TurnResult:
    """Reopen an answer, and clear what depends on it."""
    opened = clear_answer(state, name)
    gone = tuple(gone for gone in dropped_answers(state, opened) if gone != name)
    return TurnResult(opened, dropped=gone, reopened=name)


class _Interpreter(CrisisListener, CorrectionListener, OtherCaseListener):
    """Works through a message, danger first, and collects filled slots and notes."""

    def result(self) -> TurnResult:
        rehearses = self.asked is Question.rehearsal or self.typed.intent in REHEARSED
        if rehearses and not self.rings:
            return self._rehearsed()
        calm = not (self.reading.get("urgent") or self.rings)
        if self.typed.intent in TELLS_NOTHING and self.typed.words <= A_REMARK and calm:
            known = [] if self.state.urgent else self.known_already()
            if known or not self.reading.get("partnership"):
                return TurnResult(self.state, notes=tuple(known))
        if self._answers_nothing() and calm:
            return TurnResult(self.state)
        opened = self._opened() if calm else None
        if opened is not None:
            return opened
        self.put_aside_for_danger()
        self._listen()
        filled = tuple(
            name
            for name in State.__struct_fields__
            if name
            not in {
                "misses",
                "guesses",
                "listed",
                "danger_now",
                "review",
                "start_again",
                "rehearsal",
                "children",
            }
            and (
                getattr(self.state, name) != getattr(self.before, name)
                or (name == "risk" and self.stated_again)
            )
        )
        aside = self.asked in {Question.calls_made, Question.start_again}
        gone = () if aside else (*dropped_answers(self.before, self.state), *self._let_go())
        if calm and self.correcting:
            replaced = [name for name in filled if getattr(self.before, name) not in (None, {})]
            if (self.wants_change or self.objects) and not (filled or self.notes):
                return self._to_change()
            self.set(review=None)
            if replaced and set(replaced) - set(gone):
                self.notes.insert(0, Note("note_changed"))
        already = {note.name for note in self.notes}
        self.notes += [
            note for note in calls_told_notes(self.before, self.state) if note.name not in already
        ]
        if calm and not (filled or self.notes):
            self.notes += self.nothing_lost()
        # What a remark may be about is nothing that is said back where safety is asked.
        remark = self.asked in SAFETY and self.typed.words <= A_REMARK
        guessed = not remark and self.state.guesses != self.before.guesses
        # While somebody must act today every message is answered with who is next.
        followed = filled or guessed or self.notes or self.on_own_side
        missed = not (followed or self.asked is Question.calls_made)
        misses = self.before.misses + 1 if missed else 0
        anew = () if self.notes else self._asked_anew(told=bool(filled))
        missed = missed and not anew
        ever = self.state.missed or missed
        state = msgspec.structs.replace(self.state, misses=misses, missed=ever)
        return TurnResult(state, filled, (*self.notes, *anew), gone, missed)

    def _asked_anew(self, *, told: bool) -> tuple[Note, ...]:
        """Return the question about risk in other words, if a short reply left that open.

        The next miss is a second one: nothing was followed yet.
        """
        short = self.asked is Question.risk and self.typed.words <= A_REMARK
        opens = short and leaves_risk_open(self.before, self.state, self.typed.text, told=told)
        return (Note("note_risk_in_other_words"),) if opens else ()

    def _answers_nothing(self) -> bool:
        """Say whether it is a bare "yes" or "ok" where no question is open."""
        open_ = self.asked is not None or self.state.risk is None
        return bool(self.reading.get("is_bare_reply")) and not open_

    def _listen(self) -> None:
        """Take what the message says."""
        # Danger first: every message is checked for it, whatever the open question. The rest keeps
        # this order because each part uses what earlier parts filled: a stage's number means
        # nothing until its policy is known, and a day belongs to the step it comes with.
        listeners: tuple[Callable[[], None], ...] = (
            self.danger,
            self._short_answer,
            self.risk,
            self.person,
            self.exit,
            self.partnership,
            self.agencies,
            self.own_side,
            self.status,
            self.disagreement,
            self.what_was_done,
            self.dates,
            self.priority,
            self.own_rung,
            self.children,
        )
        rung = self.stage_titled()
        if rung is not None:
            # A stage's title names posts, and none of them is the person's own.
            listeners = (self.danger, partial(self.stage_chosen, rung))
        elif self.reading.get("request") == "draft" and not self.before.urgent:
            # A wish for wording changes no fact: whoever is to get it has done nothing yet.
            listeners = (self.danger, self.risk, self.partnership, self.wants_a_draft)
        # Whom somebody rang in an emergency is not whom they disagree with.
        for listen in (self.danger, self.calls) if self.rings else listeners:
            listen()
        if self.reading.get("urgent") and not self.rings:
            self.calls()
        self.whom_it_concerns()
        self.nobody_to_ask()

    def _let_go(self) -> tuple[str, ...]:
        """Return the other agency if it turned out to be the practitioner's own."""
        other = str(Question.their_agency)
        return (other,) if self.before.their_agency and not self.state.their_agency else ()

    def _opened(self) -> TurnResult | None:
        """Open the question that a message about the conversation asks for."""
        if self.asked is Question.review and self.typed.intent in ASKS_FOR_SOMETHING:
            # What they ask for is done; the answers stay as they are.
            stay = Note("note_answers_stay")
            return TurnResult(replace(self.state, review=None), notes=(stay,))
        other = self.other_case()
        if other is not None:
            return other
        if self.reading.get("request") == "answers":
            if worth_saving(self.state):
                return TurnResult(open_review(self.state))
            return TurnResult(self.state, notes=(Note("note_nothing_told"),))
        received = self.state.on_side is Side.receiver
        if self.reading.get("passed_over") and received and self.state.reached:
            # It has come to somebody above them: which stage that is changes who owes the answer.
            return reopen(self.state, str(Question.reached))
        if self.typed.intent == "start_again":
            return TurnResult(offer_to_start_again(self.state))
        if self.typed.intent == "delete_case":
            return TurnResult(offer_to_delete(self.state))
        if self.typed.intent == "settled":
            return TurnResult(offer_to_close(self.state, self.policies))
        return reopen_last(self.state, self.asked) if self.typed.intent == "go_back" else None

    def _to_change(self) -> TurnResult:
        """Reopen the answers that the message names or denies; if there is none, show them all.

        A question about safety stays open, and so does the first one, before there is an answer.
        """
        if self.state.exit_check == "yes" and names_other_agency(self.typed.text):
            return choose(self.state, str(Question.exit_check), "no", self.policies)
        if self.reading.get("reverses") and (turned := self.turned_round()):
            return turned
        named = [name for name in self.reading.get("corrected") or () if self.was_told(name)]
        denied = [name for name in self.denied() if name not in named]
        said = set(self.reading.get("agencies") or ())
        if not named and said & {getattr(self.before, name) for name in denied}:
            return TurnResult(self.state, notes=(Note("note_the_same_kind"),))
        named += denied
        known = self.known_already()
        if known and not (named or self.wants_change):
            return TurnResult(self.state, notes=tuple(known))
        if self.objects and not named and (self.asked in SAFETY or not worth_saving(self.state)):
            return TurnResult(self.state, notes=(Note("note_what_is_wrong"),))
        if not named:
            again = (Note("note_which_answer"),) if self.asked is Question.review else ()
            return TurnResult(open_review(self.state), notes=again)
        state = self.state
        for name in named:
            state = clear_answer(state, name)
        gone = tuple(name for name in dropped_answers(self.before, state) if name not in named)
        return TurnResult(state, dropped=gone, reopened=named[0])

    def _rehearsed(self) -> TurnResult:
        """Handle practice and suppositions: they fill no answer, but danger is asked about."""
        self.danger()
        told = member_of(Risk, self.facts.get("risk"))
        if (
            self.state.red_flag is None
            and told in URGENT_RISKS
            and self.state.risk not in URGENT_RISKS
        ):
            # About a child or a line of practice: only the practitioner knows.
            now = told is Risk.immediate_danger
            self.set(red_flag="", danger_now=now, calls_made=None)
        if self.state.red_flag is not None:
            return TurnResult(self.state, ("red_flag",))
        if self.asked is Question.rehearsal:
            move = move_meant(self.typed.intent, self.typed.text)
            return choose(self.state, str(self.asked), str(move), self.policies)
        if self.typed.intent != "rehearse" or other_procedure_chosen(self.state):
            return TurnResult(self.state)
        if calls_come_first(self.state):
            return TurnResult(self.state, notes=(Note("note_rehearsal_not_now"),))
        notes = (Note("note_rehearsal_after_this"),) if self.state.risk is None else ()
        return TurnResult(begin_rehearsal(self.state), ("rehearsal",), notes)

    def _short_answer(self) -> None:
        """Take "yes", "no", "I don't know" or "I've called" as an answer to the open question."""
        if self.reading.get("urgent") or self._objects_to_more():
            return
        if self.asked is Question.calls_made and (
            self.reading.get("asks") or self.reading.get("is_name_alone")
        ):
            return
        if self.asked is Question.calls_made and self.says_less():
            self.less_than_was_heard(self.asked)
            return
        if self.how_risky:
            # "Concern yes, emergency no" is no yes.
            return
        if self.asked is None:
            if self.state.exit_check == "yes" and names_other_agency(self.typed.text):
                # The advice on another procedure has a button with these words.
                self.choose(Question.exit_check, "no")
            return
        value, note = short_answer(self.before, self.asked, self.typed.intent, self.typed.text)
        self.notes += [note] if note else []
        played = only_played(self.asked, self.typed.text)
        if self.objects and not played and value != SPEC_OF[self.asked].short.get(NO):
            return
        told = self.asked is Question.follow_up and self.reading.get("outcomes")
        if value is not None and not told:
            self.choose(self.asked, value)

    def _objects_to_more(self) -> bool:
        """Say whether an objection is no answer: "no, it's the police" may be one to some."""
        if only_played(self.asked, self.typed.text):
            return False
        begins = self.asked is not None and SPEC_OF[self.asked].begins
        return self.objects and not (begins and self.asked not in SAFETY)
