"""Applies the days that a message names: to the open question, or to what a correction is about."""

from datetime import date

from bot.core.conversation.answers import DATES, Note
from bot.core.conversation.listener import Listener
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.returning import answer_day_open, last_step_on
from bot.core.text import parse_day
from bot.core.vocabulary import Side

ENOUGH_WORDS = 4
"""A message of fewer words is an answer, not an account."""


class DaysListener(Listener):
    """Listens for the day that the open question, or a correction, is about."""

    @property
    def _days(self) -> list[date]:
        """The days that the message names, in its order.

        The day of a no on one's own side is no day of a stage or an answer.
        """
        days = map(parse_day, self.reading.get("dates") or [])
        return [day for day in days if day and day.isoformat() != self._own_side_on]

    @property
    def _own_side_on(self) -> str | None:
        """The day of what the message tells of one's own side, if it tells of it."""
        return (self.reading.get("own_side") or {}).get("on") if self.on_own_side else None

    def _only_day(self) -> str | None:
        days = self._days
        return days[0].isoformat() if len(days) == 1 and days[0] <= self.today else None

    def dates(self) -> None:
        """Take the day that the open question, or a correction, is about."""
        for bad in self.reading.get("bad_dates") or []:
            self.notes.append(Note("note_bad_date", {"heard": bad["heard"], "why": bad["why"]}))
        question = self._dated()
        if question is None:
            self._say_what_is_to_come()
        if self.asked is Question.reached and self.state.reached is None and not self.on_own_side:
            # The day alone: it is kept for the stage that is told next.
            day = parse_day(self._only_day())
            if day:
                self.set(step_on=day.isoformat())
            return
        if question is None:
            return
        spans = self.reading.get("date_ranges") or []
        if self._days:
            self._take_day(question, self._days[0])
        elif spans:
            self.notes.append(Note("note_settle_on_a_day", {"heard": spans[0]["heard"]}))

    def _say_what_is_to_come(self) -> None:
        """Say that a stage that was raised cannot have been raised on a day still to come."""
        for told in self.reading.get("raised") or ():
            day = parse_day(told.get("ahead"))
            if day:
                self.notes.append(Note("note_future_date", {"day": spoken(day)}))

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
        if self._says_when_it_came():
            return Question.step_on
        ahead = self.state.tried is not None and self.state.step_on is None
        ahead = ahead and self.asked is not None and self.before.follow_up is None
        ahead = ahead and self.typed.words <= ENOUGH_WORDS
        early = self.asked is Question.reached or (self.asked not in DATES and ahead)
        question = Question.step_on if early else self.asked
        if question not in DATES:
            return None
        already = question is Question.step_on and self.state.step_on is not None
        early = self.asked is Question.reached and self.state.tried is None
        return None if already or early else question

    def _says_when_it_came(self) -> bool:
        """Say whether whoever has to answer tells on which day it was raised with them.

        A day that is known stays, unless it is corrected: "they rang again today" is a chaser.
        """
        received = self.state.on_side is Side.receiver and self.state.tried is not None
        received = received and (self.state.step_on is None or self.correcting)
        told = received and self.reading.get("side") == Side.receiver
        return told and self.before.follow_up is None and bool(self._only_day())

    def _take_day(self, question: Question, day: date) -> None:
        shown = spoken(day)
        later_stage = parse_day(self.state.step_on) if question is Question.earlier_on else None
        before = last_step_on(self.state) if question is Question.step_on else None
        if question is Question.answered_on:
            before = parse_day(self.state.step_on)
        if day > self.today:
            self.notes.append(Note("note_future_date", {"day": shown}))
        elif later_stage and day > later_stage:
            self.notes.append(Note("note_before_the_one_below", {"day": shown}))
        elif before and day < before:
            gaps = {"day": shown, "last": spoken(before)}
            self.notes.append(Note("note_before_the_last_step", gaps))
        else:
            self.choose(question, day.isoformat())


def spoken(day: date | None) -> str:
    """Return a day as it is said back."""
    return f"{day:%A} {day.day} {day:%B %Y}" if day else ""
