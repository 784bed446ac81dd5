"""Drafts under policies of shapes that the shipped ones do not have."""

from datetime import date
from itertools import product

import msgspec
import pytest

from bot.core.letters.drafting import (
    DraftRequest,
    Kind,
    LetterCase,
    Purpose,
    Tone,
    write_draft,
)
from bot.core.policy.loader import load_policy
from bot.core.policy.model import Anchor, Limit, LimitReading, Owed, Party, Policy, Unit
from bot.core.rules.advice import advise
from bot.core.rules.facts import Call, Facts, OwnSide, Person, Step
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import (
    Agency,
    CallOutcome,
    CallTo,
    Level,
    Outcome,
    Risk,
    Side,
    Worry,
)
from bot.letters.files import letters
from bot.paths import ROOT
from tests.support.core import IDS, handbook, policies, shapes
from tests.support.drafts import (
    LONG_AGO,
    RAISED,
    TODAY,
    case_for,
    cases,
    danger_case,
    draft_for,
    guided_case,
    other_form_case,
    up_to,
)
from tests.support.invented import unread

pytestmark = pytest.mark.xdist_group("drafts")
"""They go through the same drafts, which each process writes once."""


def odd_policy() -> Policy:
    """Return Dorset with limits that none of the five has, and a stage that names nobody."""
    dorset = policies()["pan_dorset"]
    start = (LimitReading(counted_from=Anchor.stage_start),)
    limit = Limit(
        what="Answer", who=Party.receiver, unit=Unit.without_delay, readings=start, source="1"
    )
    mine = msgspec.structs.replace(limit, who=Party.raiser, unit=Unit.same_working_day, shared=True)
    must = msgspec.structs.replace(mine, unit=Unit.working_day, amount=2)
    begun = (LimitReading(counted_from=Anchor.earlier_stage_start, stage=1),)
    unknown = msgspec.structs.replace(must, readings=begun)
    one_, two, three = dorset.stages
    return msgspec.structs.replace(
        dorset,
        stages=(
            msgspec.structs.replace(one_, to_answer=(mine,), roles=()),
            msgspec.structs.replace(two, to_answer=(limit,)),
            msgspec.structs.replace(three, to_answer=(unknown,)),
        ),
    )


def owing_case(owed: Owed, *, policy: Policy | None = None, on: date = RAISED) -> LetterCase:
    """Return a case that waits at Caldmoor's second stage for something of one kind."""
    caldmoor = policy or shapes()["caldmoor"]
    stages = tuple(
        msgspec.structs.replace(
            stage,
            to_answer=tuple(msgspec.structs.replace(limit, owed=owed) for limit in stage.to_answer),
        )
        for stage in caldmoor.stages
    )
    step = Step(Level.line_manager, on, Outcome.awaiting)
    facts = Facts(partnership="caldmoor", risk=Risk.concern, steps=(step,))
    made = narrowed(msgspec.structs.replace(caldmoor, stages=stages), facts)
    return LetterCase(facts, made, advise(facts, made, TODAY, handbook()), TODAY)


@pytest.mark.parametrize(
    ("owed", "asks", "limit"),
    [
        (Owed.meeting, "Could we meet about this by", "The policy's limit is"),
        (Owed.conversation, "Could we talk this over by", "The policy's limit is"),
        (Owed.decision, "have your decision by", "The policy's limit is"),
    ],
)
def test_a_letter_asks_for_what_the_policy_has_the_other_side_do(
    owed: Owed, asks: str, limit: str
) -> None:
    """A time for a meeting or a talk is no time for an answer, and no day for one is made of it."""
    body = draft_for(owing_case(owed), Purpose.chase).body
    assert asks in body
    assert limit in body
    assert "your answer by" not in body


def test_a_letter_on_a_stage_with_several_limits_promises_no_next_stage_by_the_first() -> None:
    """Fernley's managers speak first and meet after: no day before that takes it to Stage 3."""
    fernley = shapes()["fernley"]
    steps = (Step(Level.practitioner, LONG_AGO, Outcome.unresolved),)
    facts = Facts(partnership="fernley", risk=Risk.concern, steps=steps)
    policy = narrowed(fernley, facts)
    case = LetterCase(facts, policy, advise(facts, policy, TODAY, handbook()), TODAY)
    for tone in Tone:
        body = draft_for(case, tone=tone).body
        assert "by then" not in body
        assert ("next stage is Stage 3" in body) is (tone is not Tone.urgent)
        assert "without delay" not in body


def example_case(*steps: Step) -> LetterCase:
    """Return a case under the documents' example, whose steps have a cap beside their limits."""
    example = load_policy(ROOT / "docs/keepers/example/ashdown_vale.yml")
    facts = Facts(partnership=example.id, risk=Risk.concern, steps=steps)
    policy = narrowed(example, facts)
    return LetterCase(facts, policy, advise(facts, policy, TODAY, handbook()), TODAY)


def test_a_letter_asks_by_the_steps_own_limit_and_not_by_that_over_all_steps() -> None:
    """The managers speak within two working days; twenty are the partnership's for everything."""
    case = example_case(Step(Level.practitioner, RAISED, Outcome.unresolved))
    body = draft_for(case).body
    assert "Could we talk this over by" in body
    assert "20 working days" not in body
    own = draft_for(case, Purpose.manager).body
    assert "the policy's time to talk this over runs until" in own
    assert "Raise it by" not in own


def odd_case(*steps: Step, their_agency: Agency | None = None, today: date = TODAY) -> LetterCase:
    """Return a case under the odd policy."""
    facts = Facts(risk=Risk.concern, steps=steps, their_agency=their_agency)
    policy = narrowed(odd_policy(), facts)
    return LetterCase(facts, policy, advise(facts, policy, today, handbook()), today)


def test_a_limit_without_a_number_of_days_reads_as_a_sentence() -> None:
    """Words such as "without delay" fit into their sentence."""
    talked = Step(Level.practitioner, RAISED, Outcome.unresolved)
    assert "The policy's limit: without delay." in draft_for(odd_case(talked)).body
    first = draft_for(odd_case())
    assert "The policy's limit: same working day." in first.body
    assert [who.role for who in first.to] == [letters().words["their_side"]]


def test_a_date_that_cannot_be_counted_is_not_made_up() -> None:
    """The limit runs from a day that nobody knows: the letter asks for a date of its own."""
    steps = (
        Step(Level.practitioner, None, Outcome.unresolved),
        Step(Level.line_manager, RAISED, Outcome.unresolved),
    )
    made = draft_for(odd_case(*steps))
    assert "I cannot work out the policy's date for an answer." in made.body
    assert "a date that protects the child" in made.gaps


@pytest.mark.long
def test_every_turn_of_phrase_is_said_somewhere() -> None:
    """Wording that no draft uses is dead."""
    said: set[str] = set()

    class Noted(dict[str, str]):
        """Words that note which are asked for."""

        def __getitem__(self, name: str) -> str:
            said.add(name)
            return super().__getitem__(name)

    noted = msgspec.structs.replace(letters(), words=Noted(letters().words))
    agencies = [case_for("kent", their_agency=agency) for agency in Agency]
    undated = case_for("kent", Step(Level.practitioner, None, Outcome.unresolved))
    news = case_for("kent", Step(Level.line_manager, RAISED, Outcome.unresolved, answered_on=TODAY))
    reopened = case_for(
        "kent",
        Step(Level.line_manager, LONG_AGO, Outcome.resolved),
        Step(Level.practitioner, RAISED, Outcome.resolved),
        Step(Level.line_manager, RAISED, Outcome.no_response),
    )
    kent = policies()["kent"]
    late = case_for("kent", *up_to(kent, kent.stage(1), Outcome.awaiting, date(2026, 11, 12)))
    odd = [odd_case(), odd_case(Step(Level.practitioner, RAISED, Outcome.unresolved))]
    odd.append(
        odd_case(
            Step(Level.practitioner, None, Outcome.unresolved),
            Step(Level.line_manager, RAISED, Outcome.unresolved),
        )
    )
    odd.append(odd_case(Step(Level.practitioner, LONG_AGO, Outcome.awaiting)))
    waiting = Facts(risk=Risk.concern, steps=(Step(Level.practitioner, RAISED, Outcome.awaiting),))
    tracks = narrowed(shapes()["thornmere"], waiting)
    odd.append(LetterCase(waiting, tracks, advise(waiting, tracks, TODAY, handbook()), TODAY))
    talk = Step(Level.practitioner, RAISED, Outcome.awaiting)
    odd.append(case_for("kent", talk, me=Person(Side.receiver)))
    refused = Step(Level.practitioner, RAISED, Outcome.unresolved)
    for on in (None, RAISED):
        no = OwnSide(Worry.own_manager, "matron", on)
        facts = msgspec.structs.replace(case_for("kent", refused).facts, own_side=no)
        advice = advise(facts, narrowed(policies()["kent"], facts), TODAY, handbook())
        odd.append(LetterCase(facts, narrowed(policies()["kent"], facts), advice, TODAY))
    blank = narrowed(unread(policies()["kent"]), waiting)
    odd.append(LetterCase(waiting, blank, advise(waiting, blank, TODAY, handbook()), TODAY))
    shipped = [case for name in IDS for case in cases(name, None)]
    guided = [guided_case(RAISED), guided_case(LONG_AGO)]
    guided += [owing_case(owed, on=on) for owed, on in product(Owed, (RAISED, LONG_AGO))]
    told = [Call(to, outcome) for to in CallTo for outcome in CallOutcome]
    told.append(Call(CallTo.childrens_social_care, CallOutcome.refused, Level.senior_manager))
    odd += [danger_case(call, risk=Risk.unsure) for call in told]
    for case in (
        *agencies,
        undated,
        news,
        reopened,
        late,
        *odd,
        *guided,
        *shipped,
        other_form_case(),
    ):
        for kind, purpose in product(Kind, Purpose):
            write_draft(DraftRequest(kind, purpose), case, noted)
    assert sorted(set(letters().words) - said) == []
