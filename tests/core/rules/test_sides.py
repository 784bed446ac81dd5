"""Both sides, on every rung, are told the same dates, and never to act against each other."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, groupby, product
from typing import Any

import pytest
from hypothesis import given, settings

from bot.core.policy.model import Party
from bot.core.rules.deadlines import Deadline
from bot.core.rules.results import Advice
from bot.core.vocabulary import Action, Agency, Level, Outcome, Route, Side
from tests.support.core import IDS, TODAY, advice_on, facts_given, policies, step, told
from tests.support.each import each
from tests.support.rounds import rounds

AGAINST = re.compile(
    r"wait for|expect an? |ask .* for the answer|raise it|refer it|escalate|you disagree with",
    re.IGNORECASE,
)
"""What somebody who owes an answer must never be told to do to the other agency."""
DAYS = (None, *(TODAY - timedelta(days=back) for back in (0, 1, 4, 7, 8, 15, 30)))
RUNGS = [
    pytest.param(partnership, stage.level, id=f"{partnership} {stage.label}")
    for partnership, policy in policies().items()
    for stage in policy.stages
]


LEVELS = (None, *Level)


def both_sides(data: dict[str, Any], level: Level | None = None) -> tuple[Advice, Advice]:
    """Return the raiser's advice and the receiver's, each told by that side, on one rung."""
    return mirrored(data, level, level)


def mirrored(
    data: dict[str, Any], theirs: Level | None, ours: Level | None
) -> tuple[Advice, Advice]:
    """Return the advice of a raiser on the rung `theirs` and that of a receiver on `ours`."""
    raiser = {**data, "me": {"side": "raiser", "level": theirs and str(theirs)}}
    receiver = {
        **data,
        "my_agency": data["their_agency"],
        "their_agency": data["my_agency"],
        "me": {"side": "receiver", "level": ours and str(ours)},
    }
    return advice_on(raiser), advice_on(receiver)


def at(
    partnership: str, level: Level, on: date | None, outcome: Outcome, **changes: Any
) -> dict[str, Any]:
    """Return facts with every stage up to a rung, the ones before it unresolved and on one day."""
    before = [
        step(str(stage.level), on, "unresolved")
        for stage in policies()[partnership].stages
        if stage.level.rank < level.rank
    ]
    return told(partnership, steps=[*before, step(str(level), on, str(outcome))], **changes)


def on_receiver(advice: Advice) -> list[Deadline]:
    """Return the limits on the receiver that have begun."""
    return [
        deadline
        for deadline in advice.deadlines
        if (deadline.who is not Party.raiser or deadline.shared) and not deadline.if_raised_today
    ]


@pytest.mark.long
@each(
    ("partnership", "level", "outcome", "on"),
    [(*rung.values, outcome, on) for rung, outcome, on in product(RUNGS, Outcome, DAYS)],
)
def test_both_sides_stand_at_the_same_stage_with_the_same_dates(
    partnership: str, level: Level, on: date | None, outcome: Outcome
) -> None:
    """Whatever has begun is due on one day, and binds one party, whoever reads it."""
    raiser, receiver = both_sides(at(partnership, level, on, outcome))
    assert (raiser.route, raiser.stage, raiser.exit) == (
        receiver.route,
        receiver.stage,
        receiver.exit,
    )
    if receiver.route is Route.staged:
        assert on_receiver(raiser) == on_receiver(receiver)
        # What binds the raiser alone is not the receiver's to do.
        assert all(limit.who is not Party.raiser or limit.shared for limit in receiver.deadlines)


PAIRS = [(mine, theirs) for mine, theirs in product(Agency, Agency) if mine is not theirs]
MATCHES = {
    Action.discuss: {Action.respond},
    Action.wait: {Action.respond, Action.wait},
    Action.escalate: {Action.respond, Action.wait},
    Action.record: {Action.record},
}
"""What the receiver may be told to do while the raiser is told this."""


def everybody() -> Iterator[tuple[Any, ...]]:
    """Yield every policy, rung, outcome and pair of levels, with every pair of agencies in turn."""
    for partnership, rungs in groupby(RUNGS, key=lambda rung: rung.values[0]):
        agencies = cycle(PAIRS)
        stages = [rung.values[1] for rung in rungs]
        for level, outcome, theirs, ours in product(stages, Outcome, LEVELS, LEVELS):
            yield partnership, level, outcome, theirs, ours, next(agencies)


def test_the_mirror_holds_everybody_against_everybody() -> None:
    """Each policy meets every rung, outcome, level on both sides and pair of agencies."""
    seen = list(everybody())
    for partnership, policy in policies().items():
        here = [one[1:] for one in seen if one[0] == partnership]
        assert {one[0] for one in here} == {stage.level for stage in policy.stages}
        assert {one[1:4] for one in here} == set(product(Outcome, LEVELS, LEVELS))
        assert {one[4] for one in here} == set(PAIRS)


@pytest.mark.long
@each(("partnership", "level", "outcome", "theirs", "ours", "agencies"), everybody())
def test_whoever_they_are_the_two_sides_fit_together(
    partnership: str,
    level: Level,
    outcome: Outcome,
    theirs: Level | None,
    ours: Level | None,
    agencies: tuple[Agency, Agency],
) -> None:
    """Same stage and dates; what one waits for the other does; each is told of the other agency."""
    mine, others = map(str, agencies)
    data = at(partnership, level, TODAY, outcome, my_agency=mine, their_agency=others)
    raiser, receiver = mirrored(data, theirs, ours)
    assert (raiser.route, raiser.stage, raiser.scope) == (
        receiver.route,
        receiver.stage,
        receiver.scope,
    )
    assert receiver.next.action in MATCHES[raiser.next.action]
    if receiver.route is not Route.staged:
        return
    assert on_receiver(raiser) == on_receiver(receiver)
    waits = raiser.next.action is Action.wait
    bound = [limit for limit in raiser.deadlines if limit.who is Party.receiver]
    if waits and bound and not bound[0].shared:
        assert receiver.next.action is Action.respond
        assert receiver.headline is not None
        assert receiver.headline.by == min(limit.due for limit in bound)
    assert receiver.headline is not None
    assert not AGAINST.search(receiver.headline.do)
    for contact in (*raiser.contacts, *receiver.contacts):
        side = {Party.raiser: agencies[0], Party.receiver: agencies[1], Party.partnership: None}
        assert contact.agency == side[contact.party]


@pytest.mark.long
@each(
    ("partnership", "level", "outcome", "mine"),
    [
        (*rung.values, outcome, mine)
        for rung, outcome, mine in product(RUNGS, Outcome, [None, *Level])
    ],
)
def test_the_receiver_responds_then_is_ready_or_records(
    partnership: str, level: Level, outcome: Outcome, mine: Level | None
) -> None:
    """While an answer is owed they respond, and never go against the other side."""
    _, receiver = both_sides(at(partnership, level, TODAY, outcome), mine)
    owed = outcome in {Outcome.awaiting, Outcome.no_response}
    stage = policies()[partnership].stage_for(level)
    answers = owed and stage.level is not Level.partnership and not stage.ends
    assert (receiver.next.action is Action.respond) is answers
    assert receiver.next.action in {Action.respond, Action.wait, Action.record}
    assert receiver.next.to_stage is None
    assert receiver.headline is not None
    assert not AGAINST.search(receiver.headline.do)
    assert not any(AGAINST.search(contact.role) for contact in receiver.contacts)


@pytest.mark.parametrize("partnership", IDS)
def test_who_has_not_answered_yet_is_asked_for_the_answer_at_the_first_talk(
    partnership: str,
) -> None:
    """Nothing has been tried: the receiver is asked to talk, as the raiser is."""
    raiser, receiver = both_sides(told(partnership))
    assert (raiser.next.action, receiver.next.action) == (Action.discuss, Action.respond)


@pytest.mark.parametrize(("partnership", "level"), RUNGS)
@each("on", DAYS[1:])
def test_after_the_limit_the_answer_is_owed_today_and_the_day_it_was_due_is_said(
    partnership: str, level: Level, on: date
) -> None:
    """A binding date that has passed is the receiver's, as overdue, while the raiser goes on."""
    raiser, receiver = both_sides(at(partnership, level, on, Outcome.awaiting))
    bound = [limit for limit in on_receiver(receiver) if limit.who is Party.receiver]
    if receiver.next.action is not Action.respond or not bound:
        return
    assert receiver.headline is not None
    late = all(limit.overdue for limit in bound)
    assert receiver.headline.by == (None if late else min(limit.due for limit in bound))
    if late:
        assert "today" in receiver.headline.do
        assert raiser.next.action is not Action.wait or raiser.next.to_stage is None


@pytest.mark.long
@settings(max_examples=rounds(150))
@given(facts_given())
def test_the_two_sides_never_contradict_each_other(data: dict[str, Any]) -> None:
    """Any facts: same route, stage and scope; mirrored agencies; the dates told are the same."""
    for level in (None, *Level):
        raiser, receiver = both_sides(data, level)
        assert (raiser.route, raiser.stage, raiser.scope) == (
            receiver.route,
            receiver.stage,
            receiver.scope,
        )
        if receiver.route is not Route.staged:
            continue
        dates = {(limit.what, limit.who, limit.due) for limit in raiser.deadlines}
        assert {(limit.what, limit.who, limit.due) for limit in receiver.deadlines} <= dates
        for contact in receiver.contacts:
            agency = {
                Party.raiser: data["my_agency"],
                Party.receiver: data["their_agency"],
                Party.partnership: None,
            }[contact.party]
            assert contact.agency == agency


@pytest.mark.parametrize(("partnership", "level"), RUNGS)
@each(("side", "outcome"), product(Side, Outcome))
def test_nobody_is_told_to_turn_to_themselves(
    partnership: str, level: Level, side: Side, outcome: Outcome
) -> None:
    """Whoever stands on the rung is spoken to as "you", and is nobody's contact."""
    data = at(partnership, level, TODAY, outcome)
    own = Party.raiser if side is Side.raiser else Party.receiver
    for mine in Level:
        advice = both_sides(data, mine)[side is Side.receiver]
        number = advice.next.to_stage
        if number is not None and policies()[partnership].stage(number).level.rank <= mine.rank:
            assert all(contact.party is not own for contact in advice.contacts)
        shown = str(advice.headline and advice.headline.do)
        assert f"your {mine}".replace("_", " ") not in shown


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("mine", Level)
def test_a_rung_the_policy_does_not_have_is_said_to_be_not_stated(
    partnership: str, side: Side, mine: Level
) -> None:
    """A director in Dorset reads that it names no stage for directors, and which one counts."""
    advice = both_sides(told(partnership), mine)[side is Side.receiver]
    has = any(stage.level is mine for stage in policies()[partnership].stages)
    said = [item.what for item in advice.not_stated if "names no stage for" in item.what]
    assert bool(said) is not has


@pytest.mark.parametrize(("partnership", "level"), RUNGS)
def test_a_receiver_without_a_limit_is_told_that_none_is_stated(
    partnership: str, level: Level
) -> None:
    """No usual value is filled in: the guide says that the policy gives no time."""
    _, receiver = both_sides(at(partnership, level, TODAY, Outcome.awaiting))
    if receiver.next.action is not Action.respond:
        return
    said = any("gives you no time limit" in item.what for item in receiver.not_stated)
    assert said is not bool(on_receiver(receiver))


def test_the_receiver_owes_the_written_answer_on_the_day_the_policy_gives() -> None:
    """Kent, raised with the team manager on Thursday: 5 working days, counted in the open."""
    _, receiver = both_sides(
        told(
            "kent",
            today="2026-11-30",
            my_agency="education",
            steps=[step("line_manager", date(2026, 11, 26), "awaiting")],
        ),
        Level.line_manager,
    )
    (limit,) = receiver.deadlines
    assert (limit.who, limit.due) == (Party.receiver, date(2026, 12, 3))
    assert "day 0 is Thu 26 Nov 2026" in limit.working
    assert receiver.headline is not None
    assert (
        receiver.headline.do == "Send the school your written answer by Thursday 3 December 2026."
    )
    assert receiver.headline.by == date(2026, 12, 3)


def test_the_manager_she_escalated_to_is_told_to_ring_the_other_manager() -> None:
    """Dorset: the same rung is "your line manager" to the practitioner and "you" to the manager."""
    data = told("pan_dorset", steps=[step("practitioner", "23", "unresolved")])
    practitioner, _ = both_sides(data, Level.practitioner)
    manager, _ = both_sides(data, Level.line_manager)
    assert practitioner.headline is not None
    assert manager.headline is not None
    assert practitioner.headline.do.startswith("Ask your line manager or safeguarding lead")
    assert manager.headline.do.startswith("Contact the line manager")
    texts = [limit.what for limit in manager.deadlines] + [one.who for one in manager.notify]
    assert not any("line manager" in text.lower() and "your" in text.lower() for text in texts)
    assert [limit.due for limit in manager.deadlines] == [
        limit.due for limit in practitioner.deadlines
    ]


@pytest.mark.long
@settings(max_examples=rounds(150))
@given(facts_given())
def test_a_headline_is_one_sentence_and_its_day_is_due(data: dict[str, Any]) -> None:
    """It names whom, ends once, and never a day that no limit gives."""
    for side, level in product((0, 1), (None, *Level)):
        advice = both_sides(data, level)[side]
        if advice.urgent:
            continue
        assert advice.headline is not None
        do, by = advice.headline.do, advice.headline.by
        assert do.endswith(".")
        assert not re.search(r"[.!?] [A-Z]", do)
        assert advice.headline.who.strip()
        assert by is None or by in {limit.due for limit in advice.deadlines}
        guides = {limit.due for limit in advice.deadlines if limit.strength.value == "guide"}
        musts = {limit.due for limit in advice.deadlines} - guides
        shown = by is not None and f"{by.day} {by:%B %Y}" in do
        if shown and by not in musts:
            assert "guide" in do


@pytest.mark.parametrize("partnership", IDS)
def test_the_scope_says_what_the_policy_is_for_with_its_source(partnership: str) -> None:
    """Every listed kind is in scope; another procedure is not; an unknown kind is not decided."""
    policy = policies()[partnership]
    for area in policy.own_areas:
        for kind in area.kinds:
            scope = advice_on(told(partnership, disagreement=str(kind))).scope
            assert scope is not None
            assert scope.in_scope is True
            assert any(area.what in reason.text for reason in scope.because)
    for exit_ in ("allegation", "whistleblowing", "complaint", "own_agency", "risk_increased"):
        scope = advice_on(told(partnership, exit=exit_)).scope
        assert scope is not None
        assert scope.in_scope is False
        assert scope.because
    dissent = advice_on(told(partnership, exit="conference_dissent")).scope
    assert dissent is not None
    assert dissent.in_scope is True
    known = {policy.document.title, "Escalation Guide standing guidance"}
    assert {reason.source.document for reason in dissent.because} <= known
