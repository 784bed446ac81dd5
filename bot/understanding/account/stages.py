"""Find the stages of a policy that somebody says were raised, with their days and outcomes.

A stage that was raised is told from one that is wished for, asked about or only named. Which rung
it is on only the policy says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise

from bot.core.text import stage_number
from bot.core.vocabulary import Level, Outcome, Side
from bot.understanding.account.clauses import Days, account_clauses
from bot.understanding.account.position import (
    is_raised,
    is_wished,
    owes_answer,
    stages_named,
    stands_by_itself,
)
from bot.understanding.account.whole import CHALLENGED, Whole
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "position")
_END = 1 << 30
REACH = 40
"""Characters before a stage in which it is said that it is only planned."""


@dataclass(frozen=True)
class RaisedStage:
    """A stage that was raised, by its number; `answered_on` is the day on which they answered.

    Its days and its outcome are None where they are not told. `ahead` is the day that is given for
    it where that is still to come, so that no day is known.
    """

    number: int
    on: date | None = None
    outcome: Outcome | None = None
    answered_on: date | None = None
    ahead: date | None = None


def find_raised_stages(text: str, whole: Whole, today: date) -> tuple[RaisedStage, ...]:
    """Return the stages that somebody says were raised, lowest first."""
    days = Days(normal(text), whole.dates.found, today)
    told = list(_raised(whole.side, days))
    found: dict[int, RaisedStage] = {}
    for one, following in pairwise([*told, None]):
        if one is None:
            continue
        only = len({stage_number(each) for each in told}) == 1
        until = _END if only or following is None else following.start()
        stage = _read(one, until, days, whole, only=only)
        known = found.get(stage.number, stage)
        found[stage.number] = RaisedStage(
            stage.number,
            known.on or stage.on,
            stage.outcome or known.outcome,
            stage.answered_on or known.answered_on,
            stage.ahead or known.ahead,
        )
    return tuple(found[number] for number in sorted(found))


def _raised(side: Side | None, days: Days) -> Iterator[re.Match[str]]:
    """Yield the stages that were raised, as they are named.

    Whoever it was raised with names no other: "challenged by a school, stage 1, Friday".
    """
    for found in stages_named(days.words):
        if _words("not_a_stage").search(days.words[: found.start()]):
            continue
        named = side is Side.receiver or _is_dated(found, days)
        named = named or stands_by_itself(days.words, found)
        if is_raised(days.words, found) or (named and not is_wished(days.words, found)):
            yield found


def _is_dated(found: re.Match[str], days: Days) -> bool:
    """Say whether a day that has been stands right after a stage: "stage 2 on 20 November"."""
    after = next((item for item in days.dates if item.start >= found.end()), None)
    if after is None or after.on is None or after.on > days.today:
        return False
    start = max(0, found.start() - REACH)
    # "They never answered our stage 2 of 3 May": that nobody answered is no word of a plan.
    lead = pattern("history", "outcome_no_response").sub(" ", days.words[start : found.start()])
    planned = pattern("history", "planned").search(lead)
    return planned is None and bool(_words("stage_on").match(days.words[found.end() : after.start]))


def _read(found: re.Match[str], until: int, days: Days, whole: Whole, *, only: bool) -> RaisedStage:
    """Return a stage with what is told of it before the next one is named.

    Where no other is, its day may be told before it.
    """
    number, words = stage_number(found), days.words
    clauses = [clause.at for clause in account_clauses(words, days.dates)]
    here = next(at for at in clauses if found.start() < at.end)
    # A talk below the stage has a day of its own. Whoever answers tells of no other talk.
    ours = whole.history.steps if whole.side is not Side.receiver and number > 1 else ()
    talks = {step.on for step in ours if step.level is Level.practitioner}
    raised, beside, answered = [], [], []
    for at in clauses:
        for item in days.inside(at):
            if item.on is None or item.on > days.today or item.start >= until:
                continue
            lead = words[at.start : item.start]
            said = None if _is_of_a_stage(words, item.start) else _said_of_a_day(lead)
            if said is None and whole.side is not Side.receiver and _came_back(lead):
                said = "answered"
            if said == "answered" and (only or at == here or item.start > found.start()):
                answered.append(item.on)
            elif said is None and item.start > found.start():
                raised.append(item.on)
            elif said is None and (at == here or (only and item.on not in talks)):
                beside.append(item.on)
    on = next(iter([*raised, *beside]), None)
    # "She said no on Tuesday, stage 1": an answer with its day came of the stage that ends it all.
    later = any(item.start >= found.end() for item in days.dates)
    ends = only and bool(answered) and not later and stands_by_itself(words, found)
    begin = 0 if ends else here.start
    told = _outcomes(begin, until, whole, words)
    weighed = [step.outcome for step in whole.history.steps if step.on == on]
    return RaisedStage(
        number,
        on,
        next((outcome for outcome in weighed if outcome in told), told[-1] if told else None),
        # Nobody answers before they are asked: "no on tuesday, sorry wednesday".
        next((day for day in answered if on is None or day >= on), None),
        _still_to_come(found, days) if on is None else None,
    )


def _still_to_come(found: re.Match[str], days: Days) -> date | None:
    """Return the day right after a stage, where it is still to come, or None."""
    after = next((item for item in days.dates if item.start >= found.end()), None)
    if after is None or after.on is None or after.on <= days.today:
        return None
    between = days.words[found.end() : after.start]
    given = any(_words(name).match(between) for name in ("stage_on", "stage_of"))
    return after.on if given else None


def _said_of_a_day(lead: str) -> str | None:
    """Return what a clause says before a day, if not that something was raised then."""
    # "The decision came on Friday": the "on" is the day's.
    lead = lead.rstrip().removesuffix(" on")
    said = [*_words("day_of_answer").finditer(lead)]
    if not said or _words("raised_stage").search(lead, said[-1].end()):
        return None
    return "answered" if said[-1]["answered"] else "other"


def _is_of_a_stage(words: str, at: int) -> bool:
    """Say whether a day belongs to the stage right before it: "our stage 1 of 3 May"."""
    named = [stage.end() for stage in stages_named(words) if stage.end() <= at]
    return bool(named) and bool(_words("stage_of").match(words[named[-1] : at]))


def find_answer_day(text: str, whole: Whole, today: date) -> date | None:
    """Return the last day on which somebody says that the other side came back to them, or None."""
    days = Days(normal(text), whole.dates.found, today)
    came = []
    for clause in account_clauses(days.words, days.dates):
        begin = clause.at.start
        for item in days.inside(clause.at):
            # "She rang back today and says core group is on Thursday": each day has its own words.
            lead, begin = days.words[begin : item.start], item.end
            of_stage = _is_of_a_stage(days.words, item.start)
            if item.on and item.on <= today and not of_stage and _tells_of_them(lead):
                came.append(item.on)
    return came[-1] if came and whole.side is not Side.receiver else None


def _tells_of_them(lead: str) -> bool:
    """Say whether a clause says before its day that they answered, or that somebody came."""
    if pattern("history", "we_begin").match(lead) or pattern("history", "planned").search(lead):
        return False
    came = pattern("history", "came_to_us").search(lead)
    return _said_of_a_day(lead) == "answered" or bool(came)


def _came_back(lead: str) -> bool:
    """Say whether a clause says before its day that they came back, and did not raise anything."""
    return _tells_of_them(lead) and bool(_words("came_back").search(lead))


def _outcomes(begin: int, until: int, whole: Whole, words: str) -> list[Outcome]:
    """Return what is told to have come of a stage. Before it only silence can have been told.

    The decision that is challenged came before the stage: "stage 1 on Monday, referral refused".
    """
    challenged = [
        found.span() for found in pattern("history", "what_is_challenged").finditer(words)
    ]
    told = [
        outcome
        for at, outcome in whole.history.told
        if (begin <= at < until or (at < begin and outcome is Outcome.no_response))
        and not any(start <= at < end for start, end in challenged)
    ]
    if whole.side is not Side.receiver:
        return told
    if owes_answer(words):
        return [Outcome.awaiting]
    answered = pattern("history", "our_answer").search(words)
    return told if answered else [outcome for outcome in told if outcome not in CHALLENGED]
