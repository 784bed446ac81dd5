"""The edges of the rules: the last day, the first step, the key given twice."""

import re
from datetime import date
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from bot.core.policy.model import (
    Anchor,
    Applies,
    Limit,
    LimitReading,
    Nation,
    Party,
    Unit,
)
from bot.core.rules.deadlines import Anchors, deadline_for
from bot.core.rules.duties import contacts_at
from bot.core.rules.facts import Facts
from bot.core.rules.headline import inside_sentence
from bot.core.rules.narrowing import NarrowedPolicy, narrowed
from bot.core.rules.read_facts import FactsError, parse_facts, read_json
from bot.core.rules.stages import deadlines_if_raised
from bot.core.rules.triage import destination_lines, explanation_lines
from bot.core.rules.urgent import urgent_parts
from bot.core.rules.waiting import Clock, waiting_at
from bot.core.rules.working_days import (
    bank_holiday_name,
    bank_holidays_between,
    working_day_before,
)
from bot.core.vocabulary import Action, Agency, Outcome, Route
from tests.support.core import (
    IDS,
    TODAY,
    advice_for,
    advice_on,
    advised,
    handbook,
    policies,
    shapes,
    step,
    told,
)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 20), date(2026, 11, 19)),
        (date(2026, 11, 22), date(2026, 11, 20)),
        (date(2026, 11, 23), date(2026, 11, 20)),
        (date(2026, 12, 29), date(2026, 12, 24)),
    ],
)
def test_the_working_day_before_passes_over_weekends_and_bank_holidays(
    day: date, before: date
) -> None:
    """From a Friday, a Sunday, a Monday, and the day after Christmas."""
    assert working_day_before(day, Nation.england) == before


def test_the_working_day_before_is_that_of_the_nation() -> None:
    """St Andrew's Day, a Monday, is a bank holiday in Scotland alone."""
    assert working_day_before(date(2026, 12, 1), Nation.scotland) == date(2026, 11, 27)
    assert working_day_before(date(2026, 12, 1), Nation.england) == date(2026, 11, 30)


def test_a_bank_holiday_is_named_in_its_nation_alone() -> None:
    """Any other day has no name."""
    assert bank_holiday_name(date(2026, 12, 25), Nation.england) == "Christmas Day"
    assert bank_holiday_name(date(2026, 11, 30), Nation.scotland) != ""
    assert bank_holiday_name(date(2026, 11, 30), Nation.england) == ""


def test_a_bank_holiday_on_the_last_day_counts_and_on_the_first_does_not() -> None:
    """Day 0 is not counted, and the day due is."""
    christmas = date(2026, 12, 25)
    assert bank_holidays_between(date(2026, 12, 24), christmas, Nation.england) == [christmas]
    assert bank_holidays_between(christmas, date(2026, 12, 27), Nation.england) == []


def test_json_is_read_with_or_without_a_byte_order_mark() -> None:
    """Some editors write one."""
    assert read_json(b'{"risk": "concern", "area": {"risk": 1}}') == {
        "risk": "concern",
        "area": {"risk": 1},
    }
    assert read_json(b'\xef\xbb\xbf{"risk": null}') == {"risk": None}


def test_a_key_given_twice_is_refused_by_name() -> None:
    """The second could lower the risk unseen."""
    with pytest.raises(FactsError) as refused:
        read_json(b'{"risk": "immediate_danger", "area": "a", "risk": "no_harm"}')
    assert refused.value.problems == ["risk: is given twice; expected it once"]


@pytest.mark.parametrize("text", [b"{", b'{"risk": "\xff"}', b""])
def test_what_is_not_json_in_utf_8_is_refused(text: bytes) -> None:
    """It says what was expected."""
    with pytest.raises(FactsError) as refused:
        read_json(text)
    (problem,) = refused.value.problems
    assert problem.startswith("facts: not JSON (")
    assert problem.endswith("expected one JSON object in UTF-8")


def test_every_problem_stands_on_a_line_of_the_error() -> None:
    """Printing the error prints all of them."""
    assert str(FactsError(["a: is missing", "b: is missing"])) == "a: is missing\nb: is missing"


@pytest.mark.parametrize(
    ("value", "shown"), [("Überall", '"Überall"'), (date(2026, 1, 2), "datetime.date(2026, 1, 2)")]
)
def test_a_wrong_value_is_shown_as_it_was_given(value: object, shown: str) -> None:
    """Letters stay letters, and what JSON cannot hold is shown too."""
    with pytest.raises(FactsError) as refused:
        parse_facts({**told(), "risk": value}, policies(), TODAY)
    assert shown in refused.value.problems[0]


def limit(*readings: LimitReading, applies: Applies | None = None) -> Limit:
    """Return a limit of three working days on the receiver."""
    given: dict[str, Any] = {"applies": applies} if applies else {}
    return Limit(
        what="Answer",
        who=Party.receiver,
        source="1",
        unit=Unit.working_day,
        amount=3,
        readings=readings or (LimitReading(counted_from=Anchor.stage_start),),
        **given,
    )


@pytest.mark.parametrize(
    ("started", "lowest", "due"),
    [
        ({1: date(2026, 11, 16), 2: date(2026, 11, 18)}, None, date(2026, 11, 19)),
        ({1: date(2026, 11, 16), 2: date(2026, 11, 18)}, 2, date(2026, 11, 23)),
        ({1: date(2026, 11, 18), 2: date(2026, 11, 16)}, None, date(2026, 11, 19)),
        ({1: None, 2: date(2026, 11, 18)}, None, None),
        ({1: None, 2: date(2026, 11, 18)}, 2, date(2026, 11, 23)),
        ({1: date(2026, 11, 16), 2: None}, None, date(2026, 11, 19)),
        ({1: date(2026, 11, 16)}, 2, None),
        ({}, None, None),
    ],
)
def test_an_escalation_starts_with_its_first_known_step_from_a_stage_on(
    started: dict[int, date | None], lowest: int | None, due: date | None
) -> None:
    """Where the lowest stage that counts has no day it may have begun earlier: nothing is said."""
    policy = policies()["kent"]
    lowest_limit = limit(LimitReading(counted_from=Anchor.escalation_start, stage=lowest))
    anchors = Anchors(None, TODAY, started)
    found = deadline_for(lowest_limit, policy.stage(2), policy, anchors, handbook().phrases)
    assert (found.due if found else None) == due


@pytest.mark.parametrize(("lowest", "runs"), [(None, True), (0, True), (1, False)])
def test_a_limit_over_the_escalation_runs_from_its_first_stage_on(
    lowest: int | None,
    runs: bool,  # noqa: FBT001 - a table.
) -> None:
    """Kent's talk is Stage 0: without a lowest stage the time has begun with it."""
    kent = policies()["kent"]
    over = limit(LimitReading(counted_from=Anchor.escalation_start, stage=lowest))
    stage = replace(kent.stages[1], to_begin=(), to_answer=(over,))
    anchors = Anchors(None, TODAY, {0: date(2026, 11, 23)})
    policy = narrowed(kent, facts_from("health"))
    (due,) = deadlines_if_raised(policy, stage, anchors, handbook().phrases)
    assert due.if_raised_today is not runs


def test_a_wait_is_not_judged_by_one_of_two_limits() -> None:
    """Where the day of the other is not known, the stage is neither in time nor late."""
    kent = narrowed(policies()["kent"], facts_from("health"))
    from_stage_0 = limit(LimitReading(counted_from=Anchor.earlier_stage_start, stage=0))
    stage = replace(kent.stages[1], to_answer=(limit(), from_stage_0))
    for day, clock in ((None, Clock.unknown), (date(2026, 11, 20), Clock.running_for_receiver)):
        anchors = Anchors(None, TODAY, {0: day, 1: date(2026, 11, 20)})
        assert waiting_at(kent, stage, anchors, handbook().phrases).clock is clock


def facts_from(agency: str) -> Facts:
    """Return an ordinary concern of an agency."""
    return parse_facts(told(my_agency=agency), policies(), TODAY)


@pytest.mark.parametrize("name", ["to_begin", "to_answer", "to_close"])
def test_a_limit_for_another_agency_does_not_hold(name: str) -> None:
    """Whether it is for beginning, answering or closing a stage."""
    theirs = limit(applies=Applies(my_agency=(Agency.police,)))
    everyones = limit()
    kent = policies()["kent"]
    stage: Any = replace(kent.stages[0], **{name: (theirs, everyones)})
    policy = replace(kent, stages=(stage, *kent.stages[1:]))
    for agency, expected in (("health", (everyones,)), ("police", (theirs, everyones))):
        assert getattr(narrowed(policy, facts_from(agency)).stages[0], name) == expected


def test_a_policys_own_urgent_rule_takes_the_place_of_the_guides() -> None:
    """Without one, and without a policy, the guide's own holds."""
    assert {
        name: urgent_parts(Route.same_day, facts_from("health"), policy, TODAY, handbook()).own_rule
        for name, policy in with_and_without_a_rule().items()
    } == {"with": True, "without": False, "none": False}


def test_what_is_due_today_is_worked_out_from_its_rule() -> None:
    """Whether the rule is the policy's own or the guide's."""
    for policy in with_and_without_a_rule().values():
        parts = urgent_parts(Route.same_day, facts_from("health"), policy, TODAY, handbook())
        for deadline in parts.deadlines:
            assert deadline.working.startswith(f"{deadline.rule}: due today")


def with_and_without_a_rule() -> dict[str, NarrowedPolicy | None]:
    """Return a policy with its urgent rules, the same without them, and none."""
    policy = next(
        narrowed(policy, facts_from("health")) for policy in policies().values() if policy.urgent
    )
    every = tuple(replace(rule, routes=(Route.same_day,)) for rule in policy.urgent)
    return {
        "with": replace(policy, urgent=every),
        "without": replace(policy, urgent=()),
        "none": None,
    }


def test_a_procedure_that_the_policy_covers_is_told_in_its_words_alone() -> None:
    """Where its own stages take it, nobody is sent elsewhere; else the guide says where to go."""
    dorset = policies()["pan_dorset"]
    own = next(
        procedure for procedure in dorset.other_procedures if procedure.exit and procedure.covered
    )
    assert own.exit is not None
    guidance = handbook().safety_guidance
    assert explanation_lines(own.exit, dorset, guidance) == [(own.what, dorset.cite(own.source))]
    elsewhere = replace(own, covered=False)
    policy = replace(dorset, other_procedures=(elsewhere,))
    general = guidance.exit(own.exit)
    assert explanation_lines(own.exit, policy, guidance) == [
        (own.what, policy.cite(own.source)),
        (general.what, guidance.cite(general.source)),
    ]
    assert explanation_lines(own.exit, None, guidance) == [
        (general.what, guidance.cite(general.source))
    ]
    assert destination_lines(own, dorset, guidance) == explanation_lines(own.exit, dorset, guidance)


def test_a_policys_own_procedure_is_told_with_its_source() -> None:
    """A procedure without an exit exists only in its policy."""
    kent = policies()["kent"]
    unnamed = replace(kent.other_procedures[0], exit=None)
    guidance = handbook().safety_guidance
    assert destination_lines(unnamed, kent, guidance) == [(unnamed.what, kent.cite(unnamed.source))]
    assert destination_lines(unnamed, None, guidance) == []


def test_the_urgent_routes_list_the_guides_contacts_and_records() -> None:
    """Each with whose it is, its words and its source."""
    guidance = handbook().safety_guidance
    advice = advice_for("kent", risk="immediate_harm")
    assert [(one.what, one.source) for one in advice.records] == [
        (one.what, guidance.cite(one.source)) for one in guidance.urgent_records
    ]
    assert [(one.party, one.agency) for one in advice.contacts] == [
        (Party.raiser, Agency.health),
        (Party.receiver, Agency.childrens_social_care),
    ]


def test_who_acted_at_the_stage_that_settled_it_is_still_listed() -> None:
    """They are told that it is settled."""
    advice = advice_for(
        "kent", ("practitioner", "16", "unresolved"), ("line_manager", "18", "resolved")
    )
    facts = facts_from("health")
    kent = narrowed(policies()["kent"], facts)
    assert advice.route is Route.resolved
    assert advice.contacts == contacts_at(kent.stage(1), facts, kent)
    assert advice.contacts


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("on", ["23", "2026-09-01", None])
def test_no_sentence_of_the_advice_has_an_empty_gap(
    partnership: str, outcome: Outcome, on: str | None
) -> None:
    """At every stage, with and without those below it, in time, long after and on no known day."""
    stages = policies()[partnership].stages
    for top, stage in enumerate(stages):
        for below in ((), stages[:top]):
            steps = [step(str(one.level), "2026-08-03", "unresolved") for one in below]
            steps.append(step(str(stage.level), on, str(outcome)))
            advice = advice_on(told(partnership, steps=steps))
            said = msgspec.json.encode(advice).decode()
            assert not re.search(r"\bNone\b(?! had)", said)
            if advice.next.action is Action.wait:
                assert stage.label in advice.next.summary


def test_a_required_stage_that_is_awaited_is_waited_for_behind_one_that_went_on() -> None:
    """Stage 1 went on long ago, Stage 3 was raised too early: Stage 2's answer is waited for.

    Unless Stage 2 has no limit: then nobody is kept waiting.
    """
    steps = (
        ("line_manager", "2026-11-09", "unresolved"),
        ("director", "2026-11-16", "unresolved"),
        ("senior_manager", "2026-11-19", "awaiting"),
    )
    advice = advice_for("kent", *steps)
    assert advice.next.action is Action.wait
    assert "Stage 2" in advice.next.summary
    kent = policies()["kent"]
    stages = [replace(one, to_answer=()) if one.number == 2 else one for one in kent.stages]
    without = replace(kent, stages=tuple(stages))
    assert advice_for("kent", *steps, policy=without).next.to_stage == 4


def test_an_area_with_a_policy_of_its_own_is_named_in_the_headline() -> None:
    """The one that was told; an area that the policy covers stays with it."""
    isles = shapes()["isles"]
    for area in isles.areas:
        advice = advised(replace(facts_from("health"), area=area.id), isles)
        assert advice.headline
        excluded = advice.route is Route.exit
        assert excluded is bool(area.excluded)
        assert (f"the safeguarding partnership for {area.name}" in advice.headline.do) is excluded


@pytest.mark.parametrize(
    ("who", "inside"),
    [
        ("The head of service", "the head of service"),
        ("Your manager", "your manager"),
        ("A senior manager", "a senior manager"),
        ("Any member of the board", "any member of the board"),
        ("KSCMP", "KSCMP"),
        ("Head of Safeguarding", "Head of Safeguarding"),
    ],
)
def test_a_proper_name_keeps_its_capital_inside_a_sentence(who: str, inside: str) -> None:
    """Only the words that begin a description lose theirs."""
    assert inside_sentence(who) == inside


def test_of_several_times_that_have_passed_the_first_is_named() -> None:
    """Nothing was begun, and both times for acting on the concern are over."""
    bedfordshire = policies()["pan_bedfordshire"]
    (limit,) = bedfordshire.stages[0].to_answer
    twice = (replace(limit, what="Act again", amount=72), limit)
    for listed in (twice, twice[::-1]):
        first = replace(bedfordshire.stages[0], to_answer=listed)
        policy = replace(bedfordshire, stages=(first, *bedfordshire.stages[1:]))
        facts = replace(facts_from("health"), area="luton", concern_on=date(2026, 11, 16))
        said = advised(facts, policy).next.summary
        assert "Tue 17 Nov 2026" in said
        assert first.label in said


def test_a_limit_of_both_sides_is_named_on_its_last_day_as_on_the_day_before() -> None:
    """City & Hackney's working week for settling it ends today: the headline still says so."""
    for began, day in (("24", "today, Tuesday 1 December 2026"), ("25", "by Wednesday 2 December")):
        advice = advice_for(
            "city_and_hackney", ("line_manager", began, "unresolved"), today="2026-12-01"
        )
        assert advice.headline is not None
        assert f"settle it {day}" in advice.headline.do
    late = advice_for("city_and_hackney", ("line_manager", "23", "unresolved"), today="2026-12-01")
    assert late.headline is not None
    assert "settle it" not in late.headline.do
