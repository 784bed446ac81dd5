"""Read an account as a whole: by rules, and where it is long enough by what was learned too."""

from dataclasses import dataclass, replace
from datetime import date

from bot.core.vocabulary import Agency, Level, Outcome, Side
from bot.understanding.account.agencies import Agencies, find_agencies
from bot.understanding.account.dates import Dates, find_dates
from bot.understanding.account.history import History, ReadStep, find_history
from bot.understanding.account.learned import Account, read_account
from bot.understanding.account.limits import without_limits
from bot.understanding.account.outcomes import Answers
from bot.understanding.account.position import (
    Wish,
    find_own_level,
    find_side,
    find_wish,
    introduces_title,
    is_only_a_talk,
    owes_answer,
    own_title,
    raised_with_ours,
    said_level,
    said_side,
    stands_alone,
    tells_what_staff_told,
    title_said,
    was_rung_back,
    written_to_me,
)
from bot.understanding.account.settled import with_settled
from bot.understanding.account.told import RuledAccount
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

CHALLENGED = {Outcome.unresolved, Outcome.no_response}
"""What a challenge sounds as if it had come of something."""

SOMEBODY_ELSES = {"the", "their", "her", "his", "that", "another"}
"""Words before a role that is not the writer's own."""


@dataclass(frozen=True)
class Whole:
    """All that an account tells but its place and its danger."""

    dates: Dates
    agencies: Agencies
    theirs: Agency | None
    history: History
    side: Side | None
    level: Level | None
    wish: Wish | None


def read_whole(text: str, today: date, answers: Answers) -> Whole:
    """Return what an account tells. `answers` are what the ranker says of its clauses."""
    ruled = read_by_rules(text, today, answers)
    whole = together(ruled, read_account(told_of(ruled, text, today, answers)), text)
    if whole.side is Side.receiver:
        return whole
    whole = replace(whole, history=without_limits(whole.history, normal(text), whole.dates, today))
    history = with_settled(whole.history, normal(text), whole.dates, today)
    # A rung that has settled it is no wish to go there.
    settled = any(step.outcome is Outcome.resolved for step in history.steps)
    wish = None if settled else whole.wish
    return replace(whole, history=history, wish=wish)


def together(ruled: Whole, account: Account | None, text: str) -> Whole:
    """Return what the rules make of an account with what was learned, where it was weighed."""
    if account is None:
        return ruled
    opening = ruled.agencies.opening or ruled.agencies.workplace
    # The post that opens an account is the writer's, whoever else is named after it.
    mine = None if _is_placed(text) else (opening and opening.agency) or account.mine
    # Another body of their own kind is told by the words alone.
    both = ruled.agencies.mine is not None and ruled.agencies.theirs is ruled.agencies.mine
    mine, theirs = (ruled.agencies.mine,) * 2 if both else (mine, account.theirs)
    if ruled.agencies.is_backed and theirs is ruled.agencies.mine:
        # "DSL agrees with me": whoever backs the writer is on their side.
        mine, theirs = ruled.agencies.mine, ruled.theirs
    agencies = replace(ruled.agencies, mine=mine, theirs=theirs)
    levels = tuple(step.level for step in account.steps)
    history = replace(ruled.history, steps=account.steps, levels=levels)
    side = said_side(text, agencies) or account.side
    if side is Side.receiver and said_side(text, agencies) is None and was_rung_back(text):
        side = Side.raiser
    side = side or (None if ruled.side is Side.receiver else ruled.side)
    stated = said_level(text) or ruled.agencies.is_lead or introduces_title(text, ruled.agencies)
    titled = own_title(ruled.agencies)
    # A title that they say is theirs stands before whoever told them: "im a head, my staff say".
    if side is not Side.receiver and not tells_what_staff_told(text):
        titled = None
    known = stated or not _may_be_a_person(ruled.agencies)
    level = ruled.level if known else titled or account.level
    wish = ruled.wish if ruled.wish and (ruled.wish.stage or ruled.wish.up) else None
    if wish is None and account.wish and not _is_ours(account.wish, ruled.agencies):
        wish = Wish(level=account.wish)
    whole = Whole(ruled.dates, agencies, theirs, history, side, level, wish)
    return _received(whole, text) if side is Side.receiver else whole


def _is_ours(level: Level, agencies: Agencies) -> bool:
    """Say whether all that stand on a rung are one's own: to go to them is no wish for a rung."""
    there = [one for one in agencies.mentions if one.is_person and one.level is level]
    return bool(there) and all(one.is_ours for one in there)


def without_steps(whole: Whole) -> Whole:
    """Return an account without what was tried: it belongs to more than one child."""
    return replace(whole, history=replace(whole.history, steps=(), levels=(), outcomes=()))


def _may_be_a_person(agencies: Agencies) -> bool:
    """Say whether some role in an account may be that of whoever writes.

    "We're children's social care" and "the health visitor never rang back" say nothing of a post.
    """
    return any(
        one.is_person and (one in agencies.own or one.owner not in SOMEBODY_ELSES)
        for one in agencies.mentions
    )


def read_by_rules(text: str, today: date, answers: Answers) -> Whole:
    """Return what the rules make of an account."""
    dates = find_dates(text, today)
    agencies = find_agencies(text)
    if _is_placed(text):
        agencies = replace(agencies, mine=None)
    history = find_history(text, dates, agencies, today, answers)
    # Whoever was spoken to is disagreed with; one's own agency is let go and asked about.
    spoken_to = None if history.agency is agencies.mine else history.agency
    whole = Whole(
        dates,
        agencies,
        agencies.theirs or spoken_to,
        history,
        find_side(text, history, agencies),
        find_own_level(text, agencies),
        find_wish(text, agencies),
    )
    return _received(whole, text) if whole.side is Side.receiver else whole


def _received(whole: Whole, text: str) -> Whole:
    """Return an account of the receiving side, read as theirs."""
    received = _on_own_rung(_with_the_day(_with_own_agency(_owing(whole, text), text)), text)
    return _only_a_talk(received) if is_only_a_talk(text) else received


def _owing(whole: Whole, text: str) -> Whole:
    """Return an account of the receiving side: a challenge says nothing of what was answered.

    "Not answered yet" does: the answer is owed.
    """
    history = whole.history
    if owes_answer(text):
        steps = tuple(replace(step, outcome=Outcome.awaiting) for step in history.steps)
        owed = replace(history, steps=steps, outcomes=(Outcome.awaiting,))
        return replace(whole, history=owed)
    if pattern("history", "our_answer").search(normal(text)):
        if pattern("history", "not_accepted").search(normal(text)):
            # What they still disagree with was answered.
            steps = tuple(
                replace(step, outcome=Outcome.unresolved)
                if step.outcome is Outcome.awaiting
                else step
                for step in history.steps
            )
            return replace(whole, history=replace(history, steps=steps))
        return whole
    steps = tuple(
        replace(step, outcome=None) if step.outcome in CHALLENGED else step
        for step in history.steps
    )
    return replace(whole, history=replace(history, steps=steps))


def _with_the_day(whole: Whole) -> Whole:
    """Return an account of the receiving side with its one step on the one day that it names."""
    days, steps = whole.dates.dates, whole.history.steps
    if len(days) != 1 or len(steps) != 1 or steps[0].on is not None:
        return whole
    return replace(whole, history=replace(whole.history, steps=(replace(steps[0], on=days[0]),)))


def _only_a_talk(whole: Whole) -> Whole:
    """Return an account of the receiving side whose one step was no more than a talk."""
    steps, days = whole.history.steps, whole.dates.dates
    if len(steps) > 1:
        return whole
    on = steps[0].on if steps else days[0] if len(days) == 1 else None
    talk = ReadStep(Level.practitioner, on, steps[0].outcome if steps else None)
    return replace(whole, history=replace(whole.history, steps=(talk,), levels=(talk.level,)))


def _on_own_rung(whole: Whole, text: str) -> Whole:
    """Return an account of the receiving side with its one step on the rung of who was written to.

    A team manager whom a health visitor rings answers as one, and a social worker whom a
    safeguarding lead rings as one, whoever did the ringing.
    """
    steps = whole.history.steps
    level = raised_with_ours(text, whole.agencies)
    if level is None and written_to_me(text) and title_said(whole.agencies):
        level = whole.agencies.level
    if level is None or len(steps) != 1:
        return whole
    (step,) = steps
    history = replace(whole.history, steps=(replace(step, level=level),), levels=(level,))
    return replace(whole, history=history)


def _with_own_agency(whole: Whole, text: str) -> Whole:
    """Return an account of the receiving side with the agency that they name as their own.

    Whoever challenged them does something, or it comes from them. An agency that only stands there
    is theirs: "a school has challenged us, children's social care, Kent".
    """
    if whole.agencies.mine is not None:
        came = set(whole.agencies.mentioned) - {whole.agencies.mine}
        # One more agency, and nobody else: it is the one that came.
        return replace(whole, theirs=whole.theirs or (came.pop() if len(came) == 1 else None))
    words = normal(text)
    named = [one for one in whole.agencies.mentions if one.agency]
    alone = [one for one in named if stands_alone(words, one)]
    others = [one for one in named if one not in alone]
    mine = {one.agency for one in alone} - {one.agency for one in others}
    if len(mine) != 1:
        return whole
    own = mine.pop()
    theirs = others[0].agency if others and whole.theirs in {None, own} else whole.theirs
    return replace(whole, agencies=replace(whole.agencies, mine=own), theirs=theirs)


def _is_placed(text: str) -> bool:
    """Say whether a student of one agency is placed in another, so that it is asked which."""
    return bool(pattern("position", "on_placement").search(normal(text)))


def told_of(ruled: Whole, text: str, today: date, answers: Answers) -> RuledAccount:
    """Return what the traits of an account are taken from."""
    wish = ruled.wish.level.value if ruled.wish and ruled.wish.level else None
    return RuledAccount(
        words=normal(text),
        today=today,
        dates=tuple(ruled.dates.found),
        agencies=ruled.agencies,
        theirs=ruled.theirs.value if ruled.theirs else None,
        history=ruled.history,
        answers=answers,
        side="receiver" if ruled.side is Side.receiver else None,
        level=ruled.level.value if ruled.level else None,
        wish=wish,
        titled=None if ruled.agencies.is_lead else own_title(ruled.agencies),
    )
