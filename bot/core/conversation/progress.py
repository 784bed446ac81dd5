"""Applies what a message says of the stages: which were tried, when, and what came of it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bot.core.conversation.answers import DATES, Note
from bot.core.conversation.days_listener import ENOUGH_WORDS, DaysListener, spoken
from bot.core.conversation.questions.spec import Question, member_of
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.replies import ANSWERED, PERHAPS, SILENCE, HowFar, Replies
from bot.core.conversation.returning import (
    answer_day_open,
    apply_report,
    follow_up_kind,
    impossible_day,
    last_day,
    read_report,
    with_answer_day,
    without_day,
)
from bot.core.conversation.short_answers import ANSWER_SENT, NOTHING_TRIED
from bot.core.conversation.state import NOTHING, UNKNOWN
from bot.core.conversation.track_listener import TrackListener
from bot.core.policy.model import height_of, level_of
from bot.core.policy.told import steps_at_stages
from bot.core.text import STAGE_COUNTED, STAGE_SAID, parse_day, stage_number, without_apostrophes
from bot.core.vocabulary import Level, Outcome, Risk, Side

NEVER = 1.1
"""More than any share."""
AGAIN = re.compile(r"\b(?:again|still|same answer|as before)\b")
"""Words of an answer that was given before."""
A_REPLY = 8
"""A message of more words may tell more than what came of it."""


class ProgressListener(DaysListener, TrackListener):
    """Listens for stages, their outcomes and their days."""

    @property
    def _outcomes(self) -> Sequence[str]:
        """What the message says came of a step, clause by clause.

        Whoever has to answer cannot say that nobody responded.
        """
        told = [] if self.of_danger else self.reading.get("outcomes") or []
        if self.state.on_side is Side.raiser:
            return told
        return [Outcome.awaiting if one == Outcome.no_response else one for one in told]

    def stage_titled(self) -> str | None:
        """Return the rung of the stage whose label and title are all that was typed, or None."""
        policy = self.state.policy(self.policies)
        typed = " ".join(self.typed.text.casefold().split()).rstrip(" .")
        stages = policy.stages if policy else ()
        titles = {f"{one.label}: {one.title}".casefold(): one for one in stages}
        return policy.rung(titles[typed]) if policy and typed in titles else None

    def stage_chosen(self, rung: str) -> None:
        """Take the stage of an option, typed in whatever is asked. The same one changes nothing."""
        if rung != self.state.reached:
            self.choose(Question.reached, rung)
        else:
            self.notes.append(Note("note_known_already"))

    def steps(self) -> None:
        """Take the stages told of, and what came of them."""
        if self.reading.get("request") == "draft":
            # "A message to my own manager" is asked for: nothing is told of a step.
            return
        if self.state.follow_up is not None:
            self._apply_report()
        else:
            self._take_what_was_tried()

    def _take_what_was_tried(self) -> None:
        steps = self._steps_taken()
        if steps is None:
            return
        unset = self.state.reached is None or self.asked is Question.reached
        if steps and (unset or self.correcting):
            self._take_steps(sorted(steps, key=lambda step: height_of(step["level"])))
            return
        news = self.brings_their_answer
        if steps and self.asked is None and self._is_higher(steps[-1]) and not news:
            self._move_up(steps[-1])
            return
        # "Im nervous, hes an inspector" says who they are, and of no stage that it was reached.
        people = () if self.typed.intent == "ask_confidence" else self.reading.get("levels")
        levels = people or self._stages_said()
        # A stage named by itself is kept for its own question, whichever is open.
        ahead = self.state.reached is None and self.typed.words <= ENOUGH_WORDS
        ahead = ahead and bool(self._stages_said())
        about_stage = (
            self.asked is Question.reached or ahead or (self.correcting and self._names_the_rung())
        )
        if about_stage and levels:
            top = max(levels, key=height_of)
            if top != self.state.reached:
                self.choose(Question.reached, top)
        if self._tells_only_of_silence():
            # "They havent come back to me" is kept for the stage, which is asked for later.
            self.set(step_outcome=self._outcomes[-1])
            return
        outcomes = [] if self._corrects_something_else() else self._outcomes_replied()
        about_it = self.asked in {Question.step_outcome, Question.reached, Question.step_on, None}
        about_it = about_it or self.correcting or news or self._ended_on_a_day(outcomes)
        if outcomes and about_it and self.state.tried:
            self.choose(Question.step_outcome, outcomes[-1])
            day = parse_day(self.reading.get("answered_on") or self._only_day())
            if answer_day_open(self.state):
                self.state = with_answer_day(self.state, day)

    def _ended_on_a_day(self, outcomes: Sequence[str]) -> bool:
        """Say whether it was settled, and when, whatever is asked: "it's been sorted this morning".

        Of what it was is told by the day: what ended at no time may be a danger, or a question.
        """
        dated = bool(self.reading.get("answered_on"))
        return dated and list(outcomes) == [Outcome.resolved] and not self.state.urgent

    def _names_the_rung(self) -> bool:
        """Say whether a correction may be of how far it got.

        Somebody's title alone, where any answer may be changed, says of none that it is wrong.
        """
        alone = self.asked is Question.review and not (
            self.reading.get("rung_was") or self._stages_said() or self.objects
        )
        return self.state.reached is not None and not alone

    def _corrects_something_else(self) -> bool:
        """Say whether a correction is of another answer than what came of the step."""
        return bool(
            self.correcting
            and self.asked is not Question.step_outcome
            and self.replies.says_nothing_of_it
        )

    def _tells_only_of_silence(self) -> bool:
        """Say whether a short message says that nobody has answered, before any stage is told."""
        ahead = self.asked not in {None, Question.reached} and self.state.reached is None
        # In danger it is news of today's calls.
        calm = self.state.risk is not None and not (self.state.urgent or self.reading.get("urgent"))
        silent = list(self._outcomes[-1:]) == [Outcome.no_response]
        return ahead and calm and silent and self.typed.words <= A_REPLY

    def _outcomes_replied(self) -> Sequence[str]:
        """Return what came of the step: as a reply to that question, where it is open."""
        if self.asked not in {Question.step_outcome, None} or self.objects:
            return self._outcomes
        if self._only_asks(()) or (self.asked is None and self.reading.get("nothing_new")):
            return []
        heard = self.replies.came_of_it_with(self._outcomes, PERHAPS if self.asked else NEVER)
        owes = self.asked is not None and self.state.on_side is Side.receiver
        if (
            owes
            and heard in ANSWERED
            and not ANSWER_SENT.search(without_apostrophes(self.typed.text))
        ):
            # "Drift", or "my answer is no": nobody says that it went out, or what came of it.
            return []
        if self.asked is None and heard == Outcome.resolved not in self._outcomes:
            # A reply to a question that is not open settles nothing.
            return self._outcomes
        if self.asked is None and heard in SILENCE and self.state.step_outcome not in SILENCE:
            # "No change" after an answer changes nothing.
            return []
        return [heard] if heard else []

    def _steps_taken(self) -> list[Mapping[str, Any]] | None:
        """Return the steps told, or None where the message tells of nothing further on them."""
        steps = self._steps_told()
        if self.on_own_side:
            # What their own manager said, or that nobody there answers, is no step and no outcome.
            if not any(step.get("on") not in {None, self._own_side_on} for step in steps):
                return None
            return [{**step, "outcome": self._outcome_heard(step)} for step in steps]
        received = self.state.on_side is Side.receiver and self.state.reached is None
        if received and not steps and self.asked not in DATES and self._only_day():
            # The stage is asked for, and goes with this day.
            self.set(step_on=self._only_day())
        if self._says_nothing_was_done(steps):
            self.choose(Question.reached, NOTHING)
            return None
        if self.asked is not Question.reached:
            return steps
        return self._steps_replied(steps)

    def _says_nothing_was_done(self, steps: Sequence[Mapping[str, Any]]) -> bool:
        """Say whether it says that nobody was asked, or that what was understood never happened."""
        if self.reading.get("nobody_asked") and self.state.reached is None:
            return True
        if any(step.get("on") for step in steps):
            return False
        named = steps or self._stages_said() or self._raised()
        begun = self.state.reached is not None or self.state.on_side is Side.receiver
        if not begun and not named and NOTHING_TRIED.search(without_apostrophes(self.typed.text)):
            return True
        # "Not settled" says that something was tried.
        tried = Outcome.unresolved in self._outcomes
        ruled = bool(self.reading.get("not_done")) and not steps and not tried
        if self.asked is Question.reached:
            told = bool(self._stages_said() or self._outcomes or self.state.step_on)
            return ruled or (self.replies.how_far is HowFar.nothing and not told)
        denied = bool(self.reading.get("not_done")) or self.replies.how_far is HowFar.nothing
        return self.objects and denied and self.state.tried is not None

    def _steps_replied(self, steps: list[Mapping[str, Any]]) -> list[Mapping[str, Any]] | None:
        """Return the steps of a reply to "How far has it got?", each with what came of it."""
        if self.replies.how_far in {HowFar.own_side, HowFar.wrong}:
            dated = any(step.get("on") for step in steps)
            return steps if dated else None
        if steps:
            *before, last = steps
            heard = self.replies.outcome()
            return [*before, {**last, "outcome": last["outcome"] or (heard and str(heard))}]
        named = self.reading.get("levels") or self._stages_said()
        talk = None if named else self.replies.talk(self._only_day())
        if talk is None and not named and self.replies.how_far is None:
            self._keep_what_came_of_it()
        return [talk] if talk else []

    def _keep_what_came_of_it(self) -> None:
        """Keep an outcome told before its stage: "no agreement". Requests and grades tell none."""
        if self.how_risky or self.typed.intent.startswith("ask_"):
            return
        heard = self.replies.came_of_it() or (self._outcomes[-1] if self._outcomes else None)
        if heard and self.state.reached is None:
            self.set(step_outcome=str(heard))

    def _apply_report(self) -> None:
        """Take a report of what has happened since a case was saved; query an impossible day."""
        kind = follow_up_kind(self.state)
        levels = self.reading.get("levels") or self._stages_said()
        # Whoever tells of danger does not answer the question that is open.
        # Nor does whoever says that the case is theirs now.
        other = self.reading.get("urgent") or self.reading.get("takes_over")
        replies = Replies({}) if other else self.replies
        steps = self._steps_told()
        if self._only_asks(steps):
            return
        told = read_report(self.reading, steps, levels, kind, replies)
        if told is None:
            return
        if self._answered_again(steps, levels):
            told = msgspec.structs.replace(told, at_once=True)
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
            self.notes.append(Note(wrong, {"day": spoken(told.on), "last": spoken(last)}))
        for span in self.reading.get("date_ranges") or []:
            self.notes.append(Note("note_settle_on_a_day", {"heard": span["heard"]}))

    def _answered_again(self, steps: Sequence[Mapping[str, Any]], levels: Sequence[str]) -> bool:
        """Say whether only an answer is told that is the same as before: no stage was raised."""
        again = AGAIN.search(self.typed.text.casefold())
        return bool(self.reading.get("answered_on") and again) and not (steps or levels)

    def _only_asks(self, steps: Sequence[Mapping[str, Any]]) -> bool:
        """Say whether a message is a question and tells nothing: "any news needed?"."""
        tells = steps or self._outcomes or self.reading.get("dates")
        return self.typed.text.rstrip().endswith("?") and not tells

    def _is_higher(self, step: Mapping[str, Any]) -> bool:
        """Say whether a step after the advice is at a higher stage than the one reached."""
        tried = self.state.tried
        return tried is None or level_of(step["level"]).rank > tried.rank

    def _move_up(self, step: Mapping[str, Any]) -> None:
        """Move on to a higher stage; the stage reached before becomes an earlier stage."""
        before = {}
        if self.state.tried:
            before = {str(self.state.reached): self.state.step_on or UNKNOWN}
        day = parse_day(step.get("on"))
        self.set(
            reached=step["level"],
            step_on=step["on"] if day and day <= self.today else None,
            step_outcome=step.get("outcome"),
            earlier={**self.state.earlier, **before},
        )

    def _steps_told(self) -> list[Mapping[str, Any]]:
        """Return the steps told, lowest first; a stage named by its number is on its own rung.

        Before the policy is known a stage is kept, and what was said of it.
        """
        steps = self._reached_by_both()
        raised, policy = self._raised(), self.state.policy(self.policies)
        if raised and policy is None:
            if self.state.reached is None:
                top = raised[-1]
                self.set(raised_stage=top["number"], step_on=top["on"], step_outcome=top["outcome"])
            return []
        rungs = {stage.number: policy.rung(stage) for stage in policy.stages} if policy else {}
        return steps_at_stages(steps, raised, rungs)

    def _reached_by_both(self) -> list[Mapping[str, Any]]:
        """Return the steps told, each on the rung that both sides have reached.

        Whoever rang a manager themselves has had no manager of their own ring. Where their post is
        not told, it is a practitioner's: no rung is passed over that may still have to be climbed.
        """
        steps = [step for step in self.facts.get("steps") or [] if member_of(Level, step["level"])]
        if self.state.on_side is Side.receiver:
            return steps
        own = member_of(Level, self.state.level) or Level.practitioner
        alone = self.reading.get("own_talks") or ()
        reached: dict[str, Mapping[str, Any]] = {}
        for step in steps:
            higher = step["level"] in alone and Level(step["level"]).rank > own.rank
            level = str(own) if higher else step["level"]
            reached[level] = {**step, "level": level}
        return list(reached.values())

    def _raised(self) -> list[Mapping[str, Any]]:
        """Return the stages that were raised, as far as the message tells of them.

        Of a stage that was raised today nothing can be known but that its answer is awaited.
        """
        found: list[Mapping[str, Any]] = []
        for told in self.reading.get("raised") or ():
            on = told["on"] if told["on"] != self._own_side_on else None
            outcome = told["outcome"]
            if self.state.on_side is Side.receiver and outcome == Outcome.no_response:
                outcome = Outcome.awaiting
            if on == self.today.isoformat():
                outcome = outcome or Outcome.awaiting
            found.append({**told, "on": on, "outcome": outcome and str(outcome)})
        return found

    def _outcome_heard(self, step: Mapping[str, Any]) -> str | None:
        """Return what came of a step. It is only unsettled if some clause says so.

        That a stage was raised, or what one's own manager thinks, tells nothing of it.
        """
        outcome: str | None = step["outcome"]
        if outcome != Outcome.unresolved or outcome in self._outcomes:
            return outcome
        return self._outcomes[-1] if self._outcomes else None

    def _stages_said(self) -> list[str]:
        """Return the levels of the stages that the message names by number: "stage two".

        A wish for a stage is not one of them: nobody has been there.
        """
        if self.reading.get("wish"):
            return []
        policy = self.state.policy(self.policies)
        said = [*STAGE_SAID.finditer(self.typed.text)]
        if self.asked is Question.reached:
            said += STAGE_COUNTED.finditer(self.typed.text)
        numbers = {stage_number(found) for found in said}
        stages = policy.stages if policy else ()
        return [policy.rung(stage) for stage in stages if policy and stage.number in numbers]

    def _take_steps(self, steps: list[Mapping[str, Any]]) -> None:
        top = steps[-1]
        day = parse_day(top.get("on"))
        earlier = {step["level"]: step["on"] for step in steps[:-1] if parse_day(step.get("on"))}
        self.set(
            reached=top["level"],
            step_on=top["on"] if day and day <= self.today else None,
            step_outcome=top.get("outcome"),
            earlier=earlier,
        )
        answered = next((one["answered_on"] for one in self._raised()[-1:]), None)
        if answered not in {None, self._own_side_on} and top.get("outcome") in ANSWERED:
            self.state = with_answer_day(self.state, parse_day(answered))
