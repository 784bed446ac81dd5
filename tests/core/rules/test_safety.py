"""The safety rules of the design hold for every policy and whatever the facts are."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.rules.deadlines import show_day
from bot.core.rules.narrowing import narrowed
from bot.core.rules.read_facts import parse_facts
from bot.core.rules.results import Advice
from bot.core.rules.stages import next_move, position
from bot.core.vocabulary import Action, Outcome, Risk, Route
from tests.support.core import (
    IDS,
    advice_on,
    days_before,
    facts_given,
    facts_waiting,
    handbook,
    policies,
    words,
)
from tests.support.rounds import rounds

many = settings(max_examples=rounds(80), suppress_health_check=[HealthCheck.too_slow])
LISTS = (
    "deadlines", "contacts", "notify", "records", "forms", "guidance", "grounds", "support",
    "warnings", "not_stated",
)  # fmt: skip
URGENT = {Risk.immediate_danger, Risk.immediate_harm, Risk.unsure}


def texts(value: object) -> Iterator[str]:
    """Yield every text in the advice."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def plain(advice: Advice) -> Any:
    """Return the advice as the command line prints it."""
    return msgspec.json.decode(msgspec.json.encode(advice))


def today(data: dict[str, Any]) -> date:
    """Return the `today` of the facts."""
    return date.fromisoformat(data["today"])


@many
@given(facts_given())
def test_danger_comes_first(data: dict[str, Any]) -> None:
    """Rules 1 and 3: the stated risk alone decides on the urgent routes, and nothing lowers it."""
    advice = advice_on(data)
    expected = {
        "immediate_danger": Route.emergency,
        "immediate_harm": Route.same_day,
        "unsure": Route.same_day,
    }.get(data["risk"])
    if expected:
        assert advice.route is expected
        assert advice.next.action is Action.act_now
        assert advice.next.to_stage is None
    else:
        assert advice.route in {Route.exit, Route.resolved, Route.staged}
        assert advice.next.action is not Action.act_now


@many
@given(facts_given(), st.sampled_from(sorted(URGENT)))
def test_the_urgent_routes_say_what_to_do_today(data: dict[str, Any], risk: Risk) -> None:
    """Rule 2: 999 first in danger; both routes: today, the lead, and no waiting for stages."""
    advice = advice_on({**data, "risk": str(risk)})
    said = advice.next.summary
    assert said.startswith("Call 999 now." if risk is Risk.immediate_danger else "Act today")
    for words_of_rule_2 in (
        "ct today by your established safeguarding procedures",
        "ell your designated safeguarding lead",
        "Do not wait for the stages.",
    ):
        assert words_of_rule_2 in said
    assert advice.deadlines
    assert {deadline.due for deadline in advice.deadlines} == {today(data)}
    assert not any(deadline.overdue for deadline in advice.deadlines)
    first = advice.deadlines[0]
    if risk is Risk.immediate_danger:
        assert first.what == "Call 999 now."
        assert advice.contacts[0].address == "999"
    assert any("safeguarding lead" in contact.role for contact in advice.contacts)
    has_own = any(advice.route in rule.routes for rule in policies()[data["partnership"]].urgent)
    named = {deadline.source.document for deadline in advice.deadlines}
    assert (policies()[data["partnership"]].document.title in named) is has_own
    assert has_own or named == {handbook().safety_guidance.document}


@many
@given(facts_given())
def test_no_text_ever_says_that_a_child_is_safe(data: dict[str, Any]) -> None:
    """Rule 3: the guide does not judge that a child is safe."""
    said = " ".join(texts(plain(advice_on(data)))).lower()
    assert not re.search(r"\b(is|are|be|seems?|appears?) (now |probably )?safe\b", said)
    assert "no risk" not in said


@many
@given(facts_given(exit=None, risk="unsure"))
def test_somebody_who_is_not_sure_is_told_why_it_is_treated_as_immediate(
    data: dict[str, Any],
) -> None:
    """Rule 4: in doubt the same-day route, and until whom."""
    advice = advice_on(data)
    assert any(
        "until your designated safeguarding lead says" in warning.what
        for warning in advice.warnings
    )


@many
@given(facts_given())
def test_every_item_of_every_list_has_its_source(data: dict[str, Any]) -> None:
    """Rule 5: document and section, and the document is the policy or the standing guidance."""
    told = plain(advice_on(data))
    known = {policies()[data["partnership"]].document.title, handbook().safety_guidance.document}
    for name in LISTS:
        for item in told[name]:
            assert item["source"]["document"] in known
            assert item["source"]["section"].strip()
            assert all(text.strip() for text in texts(item))


@many
@given(facts_given(risk="concern"))
def test_a_policys_own_triggers_are_warned_of_whenever_there_is_a_concern(
    data: dict[str, Any],
) -> None:
    """Kent's infant and Dorset's significant harm, on every route that a concern can take."""
    policy = policies()[data["partnership"]]
    warned = {(warning.what, warning.source.section) for warning in advice_on(data).warnings}
    assert {(trigger.what, trigger.source) for trigger in policy.triggers} <= warned
    assert any("call 999" in what for what, _ in warned)


@many
@given(facts_given())
def test_the_earliest_reading_is_used_and_each_is_shown(data: dict[str, Any]) -> None:
    """Rule 6: a limit that can be read in several ways says so in its working."""
    policy = policies()[data["partnership"]]
    limits = {
        limit.what: limit
        for stage in policy.stages
        for limit in (*stage.to_begin, *stage.to_answer, *stage.to_close)
    }
    for deadline in advice_on(data).deadlines:
        ways = len(limits[deadline.what].readings) if deadline.what in limits else 1
        if ways > 1:
            assert f"can be read in {ways} ways" in deadline.working
            assert deadline.working.count("ounted from") == ways
        assert f"{deadline.due.day} {deadline.due:%b} {deadline.due.year}" in deadline.working


@many
@given(facts_given())
def test_what_comes_next_is_a_stage_that_is_there(data: dict[str, Any]) -> None:
    """`to_stage` is set when and only when they are to escalate, and exists."""
    policy = policies()[data["partnership"]]
    advice = advice_on(data)
    numbers = [stage.number for stage in policy.stages]
    assert (advice.next.to_stage is not None) is (advice.next.action is Action.escalate)
    assert advice.next.to_stage in {None, *numbers}
    assert advice.stage is not None
    reached = [policy.stage_for(step.level).number for step in facts_of(data).steps]
    assert advice.stage.number == max(reached, default=numbers[0])
    assert advice.next.summary
    assert "{" not in advice.next.summary


def facts_of(data: dict[str, Any]) -> Any:
    """Return the facts as the core sees them."""
    return parse_facts(data, policies(), today(data))


@many
@given(facts_given(exit=None, risk="concern"))
def test_escalating_goes_up_or_to_a_stage_that_must_come_first(data: dict[str, Any]) -> None:
    """To the next stage; only a missing required stage leads back, with the reason."""
    policy = policies()[data["partnership"]]
    advice = advice_on(data)
    there = advice.next.to_stage
    if there is None or advice.stage is None:
        return
    here = advice.stage.number
    done = {policy.stage_for(step.level).number for step in facts_of(data).steps}
    rules = [rule for stage in policy.stages if (rule := stage.must_follow)]
    if any(there in rule.stages for rule in rules) and there not in done:
        if there <= here:
            assert {rule.what for rule in rules} & {warning.what for warning in advice.warnings}
    else:
        following = policy.following(policy.stage(here))
        assert following is not None
        assert there == following.number
    for stage in policy.stages:
        if stage.must_follow and stage.number <= there:
            assert set(stage.must_follow.stages) <= done


@many
@given(facts_waiting())
def test_nobody_waits_for_a_limit_that_has_passed(data: dict[str, Any]) -> None:
    """A wait depends on no limit that has passed; the last stage's answer is asked for instead.

    Some step is really awaiting an answer, and a limit over several stages that ran out is told.
    """
    advice = advice_on(data)
    if advice.next.action is not Action.wait:
        return
    waiting = {Outcome.awaiting, Outcome.no_response}
    facts = facts_of(data)
    policy = narrowed(policies()[data["partnership"]], facts)
    where = position(facts, policy, today(data))
    move = next_move(policy, where, handbook().phrases)
    assert any(step.outcome in waiting for step in where.steps)
    chased = "Ask for the answer today." in advice.next.summary
    assert not chased or policy.following(move.stage) is None
    assert move.until is None or not move.until.overdue
    assert not move.passed or chased
    told = " ".join(warning.what for warning in advice.warnings)
    for spent in move.spent:
        assert f"ran out on {show_day(spent.due)}" in told
    if where.outcome is Outcome.no_response:
        assert chased or (move.until is not None and move.until.who != "raiser")


@many
@given(facts_given())
def test_overdue_means_before_today(data: dict[str, Any]) -> None:
    """A deadline of today is not overdue; one of yesterday is."""
    for deadline in advice_on(data).deadlines:
        assert deadline.overdue is (deadline.due < today(data))


@many
@given(facts_waiting(), st.integers(1, 40))
def test_a_running_deadline_does_not_move_with_the_day(data: dict[str, Any], later: int) -> None:
    """As days go by with nothing done, what they waited for stays due on the same day."""
    advice = advice_on(data)
    if advice.next.action is not Action.wait:
        return
    after = advice_on({**data, "today": (today(data) + timedelta(days=later)).isoformat()})
    then = {(deadline.what, deadline.due) for deadline in after.deadlines}
    # Who has acted on the concern in time has kept that limit, and is not reminded of it.
    kept = {
        limit.what
        for limit in advice.deadlines
        if "have acted in time" in advice.next.summary and limit.who.value == "raiser"
    }
    waited = {(one.what, one.due) for one in advice.deadlines if one.what not in kept}
    assert waited <= then
    assert not any(limit.overdue for limit in after.deadlines if limit.what in kept)


@many
@given(facts_given(exit=None, risk="concern"), st.randoms(use_true_random=False))
def test_the_order_in_which_steps_are_told_does_not_matter(
    data: dict[str, Any], shuffled: Any
) -> None:
    """Steps on different days say the same in any order."""
    # One step a day: within a day the order given decides.
    mixed = list({step["on"]: step for step in data["steps"]}.values())
    data = {**data, "steps": list(mixed)}
    shuffled.shuffle(mixed)
    assert advice_on(data) == advice_on({**data, "steps": mixed})


@many
@given(facts_given())
def test_nothing_is_said_twice(data: dict[str, Any]) -> None:
    """No list holds the same item twice, whatever stages it was gathered from."""
    told = plain(advice_on(data))
    for name in LISTS:
        shown = [msgspec.json.encode(item) for item in told[name]]
        assert len(shown) == len(set(shown)), name


@many
@given(facts_given(risk="concern", exit=None), words(Outcome))
def test_a_later_step_opens_what_was_settled(data: dict[str, Any], outcome: str) -> None:
    """Only while the latest step settled it is it settled."""
    last = {"level": "practitioner", "on": data["today"], "outcome": outcome}
    advice = advice_on({**data, "steps": [*data["steps"], last]})
    assert (advice.route is Route.resolved) is (outcome == "resolved")


@many
@given(facts_given(risk="no_harm"), st.sampled_from(IDS), days_before(date(2025, 1, 1)))
def test_an_exit_is_taken_unless_the_policy_covers_it(
    data: dict[str, Any], partnership: str, concern_on: str
) -> None:
    """The other procedure is named in `exit`; a covered one is a warning on the way."""
    data = {**data, "partnership": partnership, "area": None, "concern_on": concern_on}
    advice = advice_on(data)
    covered = data["exit"] in {None, "conference_dissent"}
    assert (advice.route is Route.exit) is not covered
    assert advice.exit == (None if covered else data["exit"])
    if data["exit"] == "conference_dissent":
        assert any("child protection conference" in warning.what for warning in advice.warnings)
