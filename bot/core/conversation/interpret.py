"""Applies typed text to the answers, danger first.

No earlier answer is lost: an unusable answer leaves the state as it was, and a note says what was
wrong and what would be right. Text only ever raises the stated risk; only an answer to the risk
question itself can lower it.
"""

import re
from datetime import date

import msgspec

from bot.core.conversation.answers import (
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
from bot.core.conversation.calls import ToldCall, with_calls
from bot.core.conversation.closing import offer_to_close
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.places import nation_note, outside_note, unclear_note
from bot.core.conversation.progress import ENOUGH_WORDS, ProgressListener
from bot.core.conversation.questions.place import change_partnership
from bot.core.conversation.questions.spec import Question, member_of
from bot.core.conversation.rehearsal import (
    begin_rehearsal,
    calls_come_first,
    move_meant,
    other_procedure_chosen,
)
from bot.core.conversation.saving import worth_saving
from bot.core.conversation.several import BEGIN, offer_other_cases
from bot.core.conversation.short_answers import names_other_agency, short_answer
from bot.core.conversation.state import UNKNOWN, Policies, State
from bot.core.conversation.wishes import wish_told
from bot.core.vocabulary import (
    SOUNDS_SO,
    URGENT_RISKS,
    CallOutcome,
    CallTo,
    Disagreement,
    Exit,
    Level,
    Risk,
    Side,
)

SURE = 0.75
"""At this confidence or more the guide accepts a kind of disagreement and shows it back."""
MOST_GUESSES = 3
"""So many likely kinds of disagreement are offered at once."""
PLACE_ALONE = 3
"""A message with a place and at most this many words says nothing else."""
REHEARSED = {"rehearse", "ask_pushback"}
"""Intents of messages about what somebody might say, not about what happened."""
TELLS_NOTHING = {"frustrated", "greet"}
"""Intents that say nothing about the case: "you asked me that already", "hello"."""
A_REMARK = 8
"""A message of more words may hold facts as well."""
SIDES = (Question.my_agency, Question.their_agency)
ALL_OF_THEM = re.compile(r"\b(?:them|calls|everyone|everybody|all|both)\b")
"""Says of calls to nobody named that all of them were made."""
SEVERITY = {risk: rank for rank, risk in enumerate(reversed(Risk))}


def apply_message(
    state: State, asked: Question | None, typed: TypedMessage, policies: Policies, today: date
) -> TurnResult:
    """Apply a typed message while `asked` is the open question."""
    interpreter = _Interpreter(state, asked, typed, policies, today)
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


class _Interpreter(ProgressListener):
    """Works through a message, danger first, and collects filled slots and notes."""

    def result(self) -> TurnResult:
        rehearses = self.asked is Question.rehearsal or self.typed.intent in REHEARSED
        if rehearses and not self.rings:
            return self._rehearsed()
        calm = not (self.reading.get("urgent") or self.rings)
        if self.typed.intent in TELLS_NOTHING and self.typed.words <= A_REMARK and calm:
            return TurnResult(self.state)
        opened = self._opened() if calm else None
        if opened is not None:
            return opened
        # Danger first: every message is checked for it, whatever the open question. The rest keeps
        # this order because each part uses what earlier parts filled: a stage's number means
        # nothing until its policy is known, and a day belongs to the step it comes with.
        listeners = (
            self._danger,
            self._short_answer,
            self._risk,
            self._person,
            self._exit,
            self._partnership,
            self._agencies,
            self._status,
            self._disagreement,
            self.steps,
            self.dates,
        )
        # Whom somebody rang in an emergency is not whom they disagree with.
        for listen in (self._danger, self._calls) if self.rings else listeners:
            listen()
        if self.reading.get("urgent") and not self.rings:
            self._calls()
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
            }
            and getattr(self.state, name) != getattr(self.before, name)
        )
        aside = self.asked in {Question.calls_made, Question.start_again}
        gone = () if aside else dropped_answers(self.before, self.state)
        if calm and self.correcting:
            replaced = [name for name in filled if getattr(self.before, name) not in (None, {})]
            if self.wants_change and not filled:
                return self._to_change()
            self.set(review=None)
            if replaced and set(replaced) - set(gone):
                self.notes.insert(0, Note("note_changed"))
        already = {note.name for note in self.notes}
        self.notes += [
            note for note in calls_told_notes(self.before, self.state) if note.name not in already
        ]
        guessed = self.state.guesses != self.before.guesses
        # While somebody must act today every message is answered with who is next.
        missed = not (filled or guessed or self.notes or self.asked is Question.calls_made)
        misses = self.before.misses + 1 if missed else 0
        ever = self.state.missed or missed
        state = msgspec.structs.replace(self.state, misses=misses, missed=ever)
        return TurnResult(state, filled, tuple(self.notes), gone, missed)

    def _opened(self) -> TurnResult | None:
        """Open the question that a message about the conversation asks for."""
        cases = self.reading.get("cases")
        if cases == "another" and self.asked is Question.other_cases:
            return choose(self.state, str(self.asked), BEGIN, self.policies)
        if cases and self._apart():
            return TurnResult(offer_other_cases(self.state))
        if cases == "list":
            return TurnResult(self.state, notes=(Note("cases_none"),))
        if cases:
            self.notes.append(Note("note_one_at_a_time"))
        if self.typed.intent == "start_again":
            return TurnResult(offer_to_start_again(self.state))
        if self.typed.intent == "delete_case":
            return TurnResult(offer_to_delete(self.state))
        if self.typed.intent == "settled":
            return TurnResult(offer_to_close(self.state, self.policies))
        return reopen_last(self.state, self.asked) if self.typed.intent == "go_back" else None

    def _apart(self) -> bool:
        """Say whether there is another case to go to, or this one can be put aside for one.

        A first account of two children comes before danger has been asked about.
        """
        return bool(self.before.others) or (
            worth_saving(self.before) and self.before.risk is not None
        )

    def _to_change(self) -> TurnResult:
        """Reopen the answers that the message names; if it names none, show them all."""
        named = [name for name in self.reading.get("corrected") or () if self._was_told(name)]
        if not named:
            again = (Note("note_which_answer"),) if self.asked is Question.review else ()
            return TurnResult(open_review(self.state), notes=again)
        state = self.state
        for name in named:
            state = clear_answer(state, name)
        gone = tuple(name for name in dropped_answers(self.before, state) if name not in named)
        return TurnResult(state, dropped=gone, reopened=named[0])

    def _was_told(self, name: str) -> bool:
        return getattr(self.before, name) not in (None, {}, ())

    def _rehearsed(self) -> TurnResult:
        """Handle practice and suppositions: they fill no answer, but danger is asked about."""
        self._danger()
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

    @property
    def rings(self) -> bool:
        """Whether the message tells of calls, or asks for help, while somebody must act today."""
        return self.before.urgent and bool(self.reading.get("calls"))

    def _calls(self) -> None:
        told = [
            ToldCall(
                CallTo(call["to"]) if call["to"] else None,
                CallOutcome(call["outcome"]),
                bool(call.get("manager")),
                bool(call.get("again")),
            )
            for call in self.reading.get("calls") or []
        ]
        only_made = [(call.to, call.outcome) for call in told] == [(None, CallOutcome.made)]
        asks = self.reading.get("asks")
        if only_made and not asks and ALL_OF_THEM.search(self.typed.text.lower()):
            self.choose(Question.calls_made, "made")
            return
        # What nobody is named for is about whoever the guide has said to turn to. Before that it is
        # about nobody, and a question is no call: "who's above them".
        unnamed = {CallOutcome.made} if asks else set()
        unnamed = unnamed if self.before.urgent else set(CallOutcome)
        meant = [call for call in told if call.to or call.outcome not in unnamed]
        self.state = with_calls(self.state, meant)

    def _danger(self) -> None:
        if not self.reading.get("urgent"):
            return
        now = any(flag.get("when") == "now" for flag in self.reading.get("flags") or [])
        known = self.before.is_now
        named = any(flag.get("family") != SOUNDS_SO for flag in self.reading.get("flags") or [])
        heard = named and not (self.rings or self.reading.get("asks"))
        if self.before.urgent and not heard and (known or not now):
            # A refusal is no new alarm, nor is "what now?" or news that no rule calls danger: none
            # brings the card again.
            return
        self.set(red_flag=self.reading.get("urgent_because") or "", danger_now=now, calls_made=None)

    def _short_answer(self) -> None:
        """Take "yes", "no", "I don't know" or "I've called" as an answer to the open question."""
        if self.reading.get("urgent"):
            return
        if self.asked is Question.calls_made and (
            self.reading.get("asks") or self.reading.get("is_name_alone")
        ):
            return
        if self.asked is None:
            if self.state.exit_check == "yes" and names_other_agency(self.typed.text):
                # The advice on another procedure has a button with these words.
                self.choose(Question.exit_check, "no")
            return
        value, note = short_answer(self.before, self.asked, self.typed.intent, self.typed.text)
        self.notes += [note] if note else []
        told = self.asked is Question.follow_up and self.reading.get("outcomes")
        if value is not None and not told:
            self.choose(self.asked, value)

    def _risk(self) -> None:
        told = member_of(Risk, self.facts.get("risk"))
        stated = self.state.risk
        if told is None or told is stated:
            return
        raises = stated is None or SEVERITY[told] > SEVERITY[stated]
        # A red flag is answered and asked about first; only then does it set the risk.
        if self.reading.get("urgent"):
            return
        if self.asked is Question.risk or raises:
            self.choose(Question.risk, str(told))
        elif self.correcting:
            # The guide does not lower a stated risk by itself: it asks again.
            self.set(risk=None, calls_made=None, trigger_check=None)
            self.notes.append(Note("note_risk_again"))

    def _person(self) -> None:
        """Take their side, their rung and the rung they want. Nothing else that is told is lost."""
        side = member_of(Side, self.reading.get("side"))
        if side is not None and side is not self.state.on_side:
            self.choose(Question.side, str(side))
        wish = wish_told(self.reading.get("wish"))
        if wish is not None and not self.reading.get("urgent"):
            self.set(wish=wish)
        level = member_of(Level, self.reading.get("level"))
        free = self.state.level is None or self.correcting or self.asked is Question.level
        if level is not None and free:
            self.choose(Question.level, str(level))

    def _exit(self) -> None:
        told = member_of(Exit, self.facts.get("exit") or self.reading.get("exit"))
        if told is Exit.own_agency and self._is_between_agencies():
            return
        if told is not None and told is not self.state.exit:
            self.set(exit=told, exit_check=None)

    def _is_between_agencies(self) -> bool:
        """Say whether another agency is disagreed with, whoever on their side says what of it.

        A manager in the way of a challenge to another agency is no other matter.
        """
        theirs = self.facts.get("their_agency") or self.state.their_agency
        mine = self.facts.get("my_agency") or self.state.my_agency
        return bool(self.reading.get("own_side")) or theirs not in {None, UNKNOWN, mine}

    def _partnership(self) -> None:
        told, area = self.reading.get("partnership"), self.reading.get("area")
        open_question = (
            self.asked in {Question.partnership, Question.area}
            or self.correcting
            or self._only_names_a_place()
        )
        if told in self.policies and (self.state.partnership is None or open_question):
            self.state = change_partnership(self.state, str(told), area, self.policies)
        elif self.asked is Question.partnership:
            self._place_without_policy()

    def _place_without_policy(self) -> None:
        """Say whose children live there, that the guide is for England, or ask which is meant."""
        place, nation = self.reading.get("outside_place"), self.reading.get("outside_nation")
        unclear = self.reading.get("unclear_place")
        if nation:
            self.notes = [Note(nation_note(str(nation)))]
        elif place:
            self.choose(Question.partnership, "elsewhere")
            self.notes = [outside_note(str(place), self.reading.get("outside_authority"))]
        elif unclear:
            self.notes = [unclear_note(str(unclear), self.reading.get("place_among") or ())]

    def _only_names_a_place(self) -> bool:
        """Say whether a message is only a place, which is a correction: "luton"."""
        reading = self.reading
        return self.typed.words <= PLACE_ALONE and not (
            reading.get("agencies") or reading.get("dates") or reading.get("levels")
        )

    def _agencies(self) -> None:
        """Fill both sides; the agency that answers the open question is not also the other side."""
        mentioned = self.reading.get("agencies") or []
        facts = dict(self.facts)
        if self.correcting and len(mentioned) == 1 and self._took_back_mine():
            facts = {"my_agency": mentioned[0]}
        answers = None
        if self.asked in SIDES and not self.reading.get("corrects"):
            answers = facts.get(str(self.asked)) or (mentioned[0] if mentioned else None)
        elif self.reading.get("is_name_alone"):
            # "Social care", typed where nobody asked for an agency, may be either side.
            facts.pop("my_agency", None)
        for question in SIDES:
            told = answers if self.asked is question and answers else facts.get(str(question))
            free = getattr(self.state, str(question)) is None or self.correcting
            # "I'm a health visitor" says more than what was made of an earlier message.
            free = free or (question is Question.my_agency and self._says_their_job())
            if self.asked is not question and (not free or told == answers):
                continue
            if told:
                self.choose(question, str(told))

    def _says_their_job(self) -> bool:
        return bool(self.reading.get("introduces")) and self.reading.get("level") is not None

    def _took_back_mine(self) -> bool:
        """Say whether the message takes back the practitioner's own agency."""
        back = self.taken_back.get("agencies") or []
        return self.state.my_agency in back and self.state.their_agency not in back

    def _status(self) -> None:
        told = tuple(self.reading.get("child_status") or ())
        back = set(self.taken_back.get("child_status") or ())
        known = tuple(status for status in self.state.child_status or () if status not in back)
        if set(told) - set(known) or (
            self.correcting and back & set(self.state.child_status or ())
        ):
            self.set(child_status=tuple(dict.fromkeys([*known, *told])))

    def _disagreement(self) -> None:
        """Accept a kind if its confidence is high; else keep the likeliest as guesses."""
        ranking = self.reading.get("disagreement") or []
        about_it = self.typed.intent in set(map(str, Disagreement))
        asked = self.asked is Question.disagreement
        story = asked or self.typed.words >= ENOUGH_WORDS
        free = self.state.disagreement is None or "disagreement" in (
            self.reading.get("corrected") or ()
        )
        if not free or not ranking or not (about_it and story):
            return
        best = ranking[0]
        if best["confidence"] >= SURE:
            self.choose(Question.disagreement, best["name"])
        else:
            self.set(
                disagreement=None, guesses=tuple(guess["name"] for guess in ranking[:MOST_GUESSES])
            )
