"""Walks every way through the questions, as a person who presses buttons would.

A walk branches at each question over every answer on offer. Agencies that a policy does not tell
apart stand for each other here (`agencies`), and so do kinds of disagreement (`kinds`). What no
other answer changes the effect of is asked on some ways only (`kinds_to_walk`). `test_paths.py`
shows that all of this may be.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import zip_longest

import msgspec
from msgspec.structs import replace

from bot.core.conversation.answers import DATES, choose
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
from bot.core.conversation.state import APART, UNKNOWN, State, facts_of
from bot.core.letters.drafting import Kind, fitting_draft
from bot.core.policy.model import Applies, Policy
from bot.core.rules.facts import Facts
from bot.core.rules.results import Advice
from bot.core.vocabulary import Agency, Disagreement, Risk, Route
from bot.letters.files import letters
from tests.support.core import advised, handbook, policies

TODAY = date(2026, 11, 24)
LONG_AGO = (TODAY - timedelta(days=45)).isoformat()
"""A day typed in: every limit that is counted from it has passed."""


class Walked(msgspec.Struct):
    """What a walk met: its ends, the most questions on one way, and what it should not meet."""

    paths: int = 0
    longest: tuple[Question, ...] = ()
    routes: Counter[Route] = msgspec.field(default_factory=Counter)
    outcomes: set[tuple[str, int | None]] = msgspec.field(default_factory=set)
    asked: Counter[Question] = msgspec.field(default_factory=Counter)
    idle: set[Question] = msgspec.field(default_factory=set)
    twice: set[tuple[Question, ...]] = msgspec.field(default_factory=set)
    dead: list[State] = msgspec.field(default_factory=list)
    ends: list[tuple[State, Advice]] = msgspec.field(default_factory=list)


def length(asked: tuple[Question, ...]) -> int:
    """Return how many questions a way has, without the check that only a doubtful pair gets."""
    return sum(question is not Question.same_agency for question in asked)


def walk(begin: State, keep_every: int = 50) -> Walked:
    """Walk every way from a state; one end in `keep_every` is kept for closer looks."""
    walked = Walked()
    _from(begin, (), walked, keep_every)
    return walked


def _from(state: State, asked: tuple[Question, ...], walked: Walked, keep_every: int) -> int:
    """Walk on from a state and return a number that stands for all the advice that can come."""
    question = next_question(state, policies())
    if question is None:
        return _end(state, asked, walked, keep_every)
    if question in asked:
        walked.twice.add((*asked, question))
        return 0
    walked.asked[question] += 1
    ways = []
    for value in answers(question, state):
        heard = choose(state, str(question), value, policies())
        if not heard.filled:
            walked.dead.append(state)
            continue
        ways.append((heard.state, _from(heard.state, (*asked, question), walked, keep_every)))
    same_advice = len({advised for _, advised in ways}) == 1 and len(ways) > 1
    if same_advice and not _worded_differently([after for after, _ in ways]):
        walked.idle.add(question)
    return hash(tuple(advised for _, advised in ways))


def _end(state: State, asked: tuple[Question, ...], walked: Walked, keep_every: int) -> int:
    advice = _advice(state)
    walked.paths += 1
    walked.longest = max(walked.longest, asked, key=length)
    walked.routes[advice.route] += 1
    walked.outcomes.add((str(advice.next.action), advice.next.to_stage))
    if walked.paths % keep_every == 0:
        walked.ends.append((state, advice))
    return hash(advice)


def _worded_differently(states: list[State]) -> bool:
    """Say whether the drafts that can come of some states differ anywhere."""
    return any(len(set(drafts)) > 1 for drafts in zip_longest(*map(_drafts, states)))


def _drafts(state: State) -> Iterator[str]:
    """Yield the draft at the end of every way from a state."""
    question = next_question(state, policies())
    if question is not None:
        for value in answers(question, state):
            heard = choose(state, str(question), value, policies())
            if heard.filled:
                yield from _drafts(heard.state)
        return
    advice = _advice(state)
    if advice.route is not Route.exit:
        facts, policy = facts_of(state, policies()), state.policy(policies())
        yield fitting_draft(Kind.email, facts, policy, advice, letters(), TODAY).body


def _advice(state: State) -> Advice:
    return _on(facts_of(state, policies()))


@cache
def _on(facts: Facts) -> Advice:
    """Return the advice on some facts, which many ways lead to."""
    return advised(facts, policies()[str(facts.partnership)], TODAY, handbook())


def answers(question: Question, state: State) -> list[str]:
    """Return the answers to walk: those on offer, and a day long ago where a day is asked."""
    if question is Question.calls_made:
        return ["made"]
    if question in {Question.my_agency, Question.their_agency}:
        return [*agencies(str(state.partnership)), UNKNOWN]
    if question is Question.disagreement:
        return [*kinds_to_walk(state), UNKNOWN]
    if question is Question.same_agency:
        # To take a side back asks for it anew, and goes on as a way that is walked anyhow.
        return [APART, "inside"]
    menu = Menu(replace(state, listed=str(question)), policies(), TODAY, handbook().phrases)
    offered = [option.value for option in options(question, menu)]
    return [*offered, LONG_AGO] if question in DATES else offered


@cache
def agencies(partnership: str) -> tuple[str, ...]:
    """Return every agency that the policy names, and one for all that it does not."""
    named = {agency for applies in _conditions(policies()[partnership]) for agency in applies}
    others = [agency for agency in Agency if agency not in named]
    return tuple(str(agency) for agency in [*(a for a in Agency if a in named), *others[:1]])


@cache
def kinds(partnership: str) -> tuple[str, ...]:
    """Return a kind of disagreement for each different list of the policy's own areas."""
    areas = policies()[partnership].own_areas
    found = {
        (
            tuple(area.what for area in areas if kind in area.kinds),
            tuple(area.what for area in areas if kind in area.read_as),
        ): kind
        for kind in Disagreement
    }
    return tuple(map(str, found.values()))


def kinds_to_walk(state: State) -> tuple[str, ...]:
    """Return every kind of `kinds` where there is a concern in the first area, elsewhere one."""
    found, areas = kinds(str(state.partnership)), policies()[str(state.partnership)].areas
    whole = state.risk is Risk.concern and (not areas or state.area == areas[0].id)
    return found if whole else found[:1]


def _conditions(policy: Policy) -> Iterator[tuple[Agency, ...]]:
    for stage in policy.stages:
        for role in stage.roles:
            yield role.agencies
        duties = (stage.roles, stage.notify, stage.guidance, stage.records, stage.forms)
        for duty in (part for each in duties for part in each):
            yield from _sides(duty.applies)
        for duty in stage.not_stated:
            yield from _sides(duty.applies)
    for duty in (*policy.every_stage, *policy.when_resolved):
        yield from _sides(duty.applies)
    for rule in policy.urgent:
        for told in rule.notify:
            yield from _sides(told.applies)


def _sides(applies: Applies) -> Iterator[tuple[Agency, ...]]:
    yield applies.my_agency
    yield applies.their_agency
    yield applies.not_my_agency
    yield applies.not_their_agency
