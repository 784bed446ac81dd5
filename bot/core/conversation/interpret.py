"""Applies typed text to the answers, danger first.

No earlier answer is lost: an unusable answer leaves the state as it was, and a note says what was
wrong and what would be right. Text only ever raises the stated risk; only an answer to the risk
question itself can lower it.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from bot.core.conversation.answers import (
    DATES,
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
from bot.core.conversation.calls import with_calls
from bot.core.conversation.closing import offer_to_close
from bot.core.conversation.questions.case import change_partnership
from bot.core.conversation.questions.spec import Question, member_of
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.rehearsal import (
    begin_rehearsal,
    calls_come_first,
    move_meant,
    other_procedure_chosen,
)
from bot.core.conversation.returning import (
    answer_day_open,
    apply_report,
    follow_up_kind,
    impossible_day,
    last_day,
    last_step_on,
    read_report,
    with_answer_day,
    without_day,
)
from bot.core.conversation.saving import worth_saving
from bot.core.conversation.several import offer_other_cases
from bot.core.conversation.short_answers import names_other_agency, short_answer
from bot.core.conversation.state import EVERY, UNKNOWN, Policies, State
from bot.core.conversation.wishes import wish_told
from bot.core.policy.model import height_of
from bot.core.text import parse_day
from bot.core.vocabulary import (
    SOUNDS_SO,
    URGENT_RISKS,
    CallOutcome,
    CallTo,
    Disagreement,
    Exit,
    Level,
    Outcome,
    Risk,
    Side,
)

SURE = 0.75
"""At this confidence or more the guide accepts a kind of disagreement and shows it back."""
ENOUGH_WORDS = 4
"""A message of fewer words is an answer, not an account."""
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
STAGE_SAID = re.compile(
    r"\b(?:stage|level|step)\s*(one|two|three|four|five|[1-9])\b", re.IGNORECASE
)
NUMBERS = {word: number for number, word in enumerate(("one", "two", "three", "four", "five"), 1)}
ALL_OF_THEM = re.compile(r"\b(?:them|calls|everyone|everybody|all|both)\b")
"""Says of calls to nobody named that all of them were made."""
SEVERITY = {risk: rank for rank, risk in enumerate(reversed(Risk))}


class TypedMessage(msgspec.Struct, frozen=True):
    """A typed message: its intent, the reading of its text, and the text itself."""

    intent: str
    reading: Mapping[str, Any]
    text: str

    @property
    def words(self) -> int:
        """The number of words in the text."""
        return len(self.text.split())


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


class _Interpreter:
    """Works through a message, danger first, and collects filled slots and notes."""

    def __init__(
        self,
        state: State,
        asked: Question | None,
        typed: TypedMessage,
        policies: Policies,
        today: date,
    ) -> None:
        self.before = state
        self.state = state
        self.asked = asked
        self.typed = typed
        self.reading = typed.reading
        self.facts: Mapping[str, Any] = typed.reading.get("facts") or {}
        self.policies = policies
        self.today = today
        self.wants_change = typed.intent == "change_answer" or asked is Question.review
        self.correcting = self.wants_change or bool(typed.reading.get("corrects"))
        self.taken_back: Mapping[str, Any] = typed.reading.get("taken_back") or {}
        self.notes: list[Note] = []

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
            self._steps,
            self._date,
        )
        # Whom somebody rang in an emergency is not whom they disagree with.
        for listen in (self._danger, self._calls) if self.rings else listeners:
            listen()
        if self.reading.get("urgent") and not self.rings:
            self._calls()
        filled = tuple(
            name
            for name in State.__struct_fields__
            if name not in {"misses", "guesses", "danger_now", "review", "start_again", "rehearsal"}
            and getattr(self.state, name) != getattr(self.before, name)
        )
        aside = self.asked in {Question.calls_made, Question.start_again}
        gone = () if aside else dropped_answers(self.before, self.state)
        if calm and self.correcting:
            replaced = [name for name in filled if getattr(self.before, name) not in (None, {})]
            if self.wants_change and not filled:
                return self._to_change()
            self._set(review=None)
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
        # After two misses the whole list replaces the guesses.
        guesses = (EVERY,) if misses > 1 else self.state.guesses
        ever = self.state.missed or missed
        state = msgspec.structs.replace(self.state, misses=misses, guesses=guesses, missed=ever)
        return TurnResult(state, filled, tuple(self.notes), gone, missed)

    def _opened(self) -> TurnResult | None:
        """Open the question that a message about the conversation asks for."""
        cases = self.reading.get("cases")
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
            self._set(red_flag="", danger_now=now, calls_made=None)
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

    def _set(self, **values: Any) -> None:
        self.state = msgspec.structs.replace(self.state, **values)

    def _choose(self, question: Question, value: str) -> None:
        result = choose(self.state, str(question), value, self.policies)
        self.state = result.state
        self.notes += result.notes

    @property
    def rings(self) -> bool:
        """Whether the message tells of calls, or asks for help, while somebody must act today."""
        return self.before.urgent and bool(self.reading.get("calls"))

    def _calls(self) -> None:
        told = [
            (CallTo(call["to"]) if call["to"] else None, CallOutcome(call["outcome"]))
            for call in self.reading.get("calls") or []
        ]
        if told == [(None, CallOutcome.made)] and ALL_OF_THEM.search(self.typed.text.lower()):
            self._choose(Question.calls_made, "made")
            return
        self.state = with_calls(self.state, told)

    def _danger(self) -> None:
        if not self.reading.get("urgent"):
            return
        now = any(flag.get("when") == "now" for flag in self.reading.get("flags") or [])
        known = self.before.danger_now or self.before.risk is Risk.immediate_danger
        named = any(flag.get("family") != SOUNDS_SO for flag in self.reading.get("flags") or [])
        heard = named and not (self.rings or self.reading.get("asks"))
        if self.before.urgent and not heard and (known or not now):
            # A refusal is no new alarm, nor is "what now?" or news that no rule calls danger: none
            # brings the card again.
            return
        self._set(
            red_flag=self.reading.get("urgent_because") or "", danger_now=now, calls_made=None
        )

    def _short_answer(self) -> None:
        """Take "yes", "no", "I don't know" or "I've called" as an answer to the open question."""
        if self.reading.get("urgent"):
            return
        if self.asked is Question.calls_made and self.reading.get("asks"):
            return
        if self.asked is None:
            if self.state.exit_check == "yes" and names_other_agency(self.typed.text):
                # The advice on another procedure has a button with these words.
                self._choose(Question.exit_check, "no")
            return
        value, note = short_answer(self.before, self.asked, self.typed.intent, self.typed.text)
        self.notes += [note] if note else []
        told = self.asked is Question.follow_up and self.reading.get("outcomes")
        if value is not None and not told:
            self._choose(self.asked, value)

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
            self._choose(Question.risk, str(told))
        elif self.correcting:
            # The guide does not lower a stated risk by itself: it asks again.
            self._set(risk=None, calls_made=None, trigger_check=None)
            self.notes.append(Note("note_risk_again"))

    def _person(self) -> None:
        """Take their side, their rung and the rung they want. Nothing else that is told is lost."""
        side = member_of(Side, self.reading.get("side"))
        if side is not None and side is not self.state.on_side:
            self._choose(Question.side, str(side))
        wish = wish_told(self.reading.get("wish"))
        if wish is not None and not self.reading.get("urgent"):
            self._set(wish=wish)
        level = member_of(Level, self.reading.get("level"))
        free = self.state.level is None or self.correcting or self.asked is Question.level
        if level is not None and free:
            self._choose(Question.level, str(level))

    def _exit(self) -> None:
        told = member_of(Exit, self.facts.get("exit") or self.reading.get("exit"))
        if told is not None and told is not self.state.exit:
            self._set(exit=told, exit_check=None)

    def _partnership(self) -> None:
        told, area = self.reading.get("partnership"), self.reading.get("area")
        open_question = (
            self.asked in {Question.partnership, Question.area}
            or self.correcting
            or self._only_names_a_place()
        )
        if told in self.policies and (self.state.partnership is None or open_question):
            self.state = change_partnership(self.state, str(told), area, self.policies)
        elif self.reading.get("outside_place") and self.asked is Question.partnership:
            self._choose(Question.partnership, "elsewhere")
            place = str(self.reading["outside_place"]).title()
            of = str(self.reading.get("outside_authority") or place)
            name = "note_outside" if of == place else "note_outside_of"
            self.notes = [Note(name, {"place": place, "authority": of})]
        elif self.reading.get("unclear_place") and self.asked is Question.partnership:
            place = str(self.reading["unclear_place"]).title()
            self.notes = [Note("note_unclear_place", {"place": place})]

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
                self._choose(question, str(told))

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
            self._set(child_status=tuple(dict.fromkeys([*known, *told])))

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
            self._choose(Question.disagreement, best["name"])
        else:
            self._set(
                disagreement=None, guesses=tuple(guess["name"] for guess in ranking[:MOST_GUESSES])
            )

    def _steps(self) -> None:
        if self.state.follow_up is not None:
            self._apply_report()
            return
        steps = self._steps_told()
        unset = self.state.reached is None or self.asked is Question.reached
        if steps and (unset or self.correcting):
            self._take_steps(sorted(steps, key=lambda step: Level(step["level"]).rank))
            return
        if steps and self.asked is None and self._is_higher(steps[-1]):
            self._move_up(steps[-1])
            return
        levels = self.reading.get("levels") or self._stages_said()
        about_stage = self.asked is Question.reached or (self.correcting and self.state.reached)
        if about_stage and levels:
            top = max(levels, key=height_of)
            if top != self.state.reached:
                self._choose(Question.reached, top)
        outcomes = self.reading.get("outcomes") or []
        about_it = self.asked in {Question.step_outcome, Question.reached, Question.step_on, None}
        if outcomes and (about_it or self.correcting) and self.state.tried:
            self._choose(Question.step_outcome, outcomes[-1])
            days = [day for day in map(parse_day, self.reading.get("dates") or []) if day]
            if days and days[-1] <= self.today and answer_day_open(self.state):
                self.state = with_answer_day(self.state, days[-1])

    def _apply_report(self) -> None:
        """Take a report of what has happened since a case was saved; query an impossible day."""
        kind = follow_up_kind(self.state)
        levels = self.reading.get("levels") or self._stages_said()
        told = read_report(self.reading, self._steps_told(), levels, kind)
        if told is None:
            return
        wrong = impossible_day(self.state, told, self.policies, self.today)
        if wrong is None:
            self.state = apply_report(self.state, told, self.policies)
        else:
            self.state = without_day(self.state, told, self.policies)
        # On return danger is asked about first; the day comes after it.
        calm = msgspec.structs.replace(self.state, risk=self.state.risk or Risk.no_harm)
        if next_question(calm, self.policies) is not Question.step_on:
            return
        if wrong is not None and told.on is not None:
            last = last_day(self.before)
            self.notes.append(Note(wrong, {"day": _day(told.on), "last": _day(last)}))
        for span in self.reading.get("date_ranges") or []:
            self.notes.append(Note("note_settle_on_a_day", {"heard": span["heard"]}))

    def _is_higher(self, step: Mapping[str, Any]) -> bool:
        """Say whether a step after the advice is at a higher stage than the one reached."""
        tried = self.state.tried
        return tried is None or Level(step["level"]).rank > tried.rank

    def _move_up(self, step: Mapping[str, Any]) -> None:
        """Move on to a higher stage; the stage reached before becomes an earlier stage."""
        before = {}
        if self.state.tried:
            before = {str(self.state.reached): self.state.step_on or UNKNOWN}
        day = parse_day(step.get("on"))
        self._set(
            reached=step["level"],
            step_on=step["on"] if day and day <= self.today else None,
            step_outcome=step.get("outcome"),
            earlier={**self.state.earlier, **before},
        )

    def _steps_told(self) -> list[Mapping[str, Any]]:
        """Return the steps told. One that is named by its stage's number is on that stage's rung.

        Of a stage that was raised today nothing can be known but that its answer is awaited.
        """
        steps = [step for step in self.facts.get("steps") or [] if member_of(Level, step["level"])]
        number, policy = self.reading.get("raised_stage"), self.state.policy(self.policies)
        stages = policy.stages if policy and number is not None else ()
        stage = next((stage for stage in stages if stage.number == number), None)
        if policy is None or stage is None or len(steps) > 1:
            return steps
        told = dict(steps[0]) if steps else {"on": self._only_day(), "outcome": None}
        if told["on"] == self.today.isoformat():
            told["outcome"] = told["outcome"] or str(Outcome.awaiting)
        return [{**told, "level": policy.rung(stage)}]

    def _only_day(self) -> str | None:
        days = [day for day in map(parse_day, self.reading.get("dates") or []) if day]
        return days[0].isoformat() if len(days) == 1 and days[0] <= self.today else None

    def _stages_said(self) -> list[str]:
        """Return the levels of the stages that the message names by number: "stage two".

        A wish for a stage is not one of them: nobody has been there.
        """
        if self.reading.get("wish"):
            return []
        policy = self.state.policy(self.policies)
        said = [found.lower() for found in STAGE_SAID.findall(self.typed.text)]
        numbers = {NUMBERS.get(number) or int(number) for number in said}
        stages = policy.stages if policy else ()
        return [policy.rung(stage) for stage in stages if policy and stage.number in numbers]

    def _take_steps(self, steps: list[Mapping[str, Any]]) -> None:
        top = steps[-1]
        day = parse_day(top.get("on"))
        earlier = {step["level"]: step["on"] for step in steps[:-1] if parse_day(step.get("on"))}
        self._set(
            reached=top["level"],
            step_on=top["on"] if day and day <= self.today else None,
            step_outcome=top.get("outcome"),
            earlier=earlier,
        )

    def _date(self) -> None:
        for bad in self.reading.get("bad_dates") or []:
            self.notes.append(Note("note_bad_date", {"heard": bad["heard"], "why": bad["why"]}))
        question = self._dated()
        if question is None:
            return
        days = [day for day in map(parse_day, self.reading.get("dates") or []) if day]
        spans = self.reading.get("date_ranges") or []
        if days:
            self._take_day(question, days[0])
        elif spans:
            self.notes.append(Note("note_settle_on_a_day", {"heard": spans[0]["heard"]}))

    def _dated(self) -> Question | None:
        """Return the question that a date in this message answers, or None."""
        if self.correcting and self.asked not in DATES:
            if self.state.tried:
                return Question.step_on
            return next(
                (question for question in DATES if getattr(self.state, question, None)), None
            )
        if self.asked is None and self.typed.words <= ENOUGH_WORDS and answer_day_open(self.state):
            return Question.answered_on
        question = Question.step_on if self.asked is Question.reached else self.asked
        if question not in DATES:
            return None
        already = question is Question.step_on and self.state.step_on is not None
        early = self.asked is Question.reached and self.state.tried is None
        return None if already or early else question

    def _take_day(self, question: Question, day: date) -> None:
        shown = _day(day)
        later_stage = parse_day(self.state.step_on) if question is Question.earlier_on else None
        before = last_step_on(self.state) if question is Question.step_on else None
        if question is Question.answered_on:
            before = parse_day(self.state.step_on)
        if day > self.today:
            self.notes.append(Note("note_future_date", {"day": shown}))
        elif later_stage and day > later_stage:
            self.notes.append(Note("note_before_the_one_below", {"day": shown}))
        elif before and day < before:
            gaps = {"day": shown, "last": _day(before)}
            self.notes.append(Note("note_before_the_last_step", gaps))
        else:
            self._choose(question, day.isoformat())


def _day(day: date | None) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}" if day else ""
