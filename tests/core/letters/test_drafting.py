"""Drafts: every policy, stage, outcome, disagreement, purpose, tone and kind."""

import re
from datetime import date
from itertools import chain, pairwise, product
from typing import Any

import msgspec
import pytest

from bot.core.letters.drafting import (
    Draft,
    DraftRequest,
    Kind,
    LetterCase,
    Purpose,
    Tone,
    fitting_draft,
    parse_request,
    request_in_words,
    write_draft,
)
from bot.core.policy.loader import load_policy
from bot.core.policy.model import Anchor, Limit, LimitReading, Owed, Party, Policy, Stage, Unit
from bot.core.rules.advice import advise
from bot.core.rules.facts import Call, Facts, OwnSide, Person, Step
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import (
    Action,
    Agency,
    CallOutcome,
    CallTo,
    ChildStatus,
    Disagreement,
    Level,
    Outcome,
    Risk,
    Route,
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
    Made,
    case_for,
    cases,
    drafts,
    every_draft,
    up_to,
)

pytestmark = pytest.mark.xdist_group("drafts")
"""They go through the same drafts, which each process writes once."""

LONGEST_RECIPIENT = 12
LONGEST_DRAFT = 180
LONGEST_SENTENCE = 28
"""Words; a gap, a name from a policy and what stands in brackets count as one."""
AVERAGE_SENTENCE = 16
BLAME = (
    r"fail(?:ed|ure|ing)?|refus\w+|ignor\w+|neglect\w*|fault|blame|wrong(?:ly)?|unacceptable"
    r"|disappoint\w+|appal\w+|shock\w+|unprofessional|incompeten\w+|careless\w*|excuse\w*"
    r"|inadequate\w*|negligen\w+|you (?:have not|did not|haven't|didn't|should have|must)"
)
THREAT = r"or else|no choice|forced to|consequence\w*|complain\w*|report you|warn\w*|last chance"
CLAIMS = r"\b(?:[Ww]e hold|our information|may hold|may not have)\b"
SAFE = r"\b(?:is|are|be|keeps?) safe\b"


def draft_for(
    case: LetterCase,
    purpose: Purpose = Purpose.counterpart,
    tone: Tone | None = None,
    kind: Kind = Kind.email,
) -> Draft:
    """Return a draft."""
    return write_draft(DraftRequest(kind, purpose, tone), case, letters())


def words_of(made: Made) -> str:
    """Return what is said or written to somebody: no reference lines and no closing rule."""
    body = made.draft.body.partition("\nFor reference\n")[0]
    return re.sub(r"^(?:- |What the policy asks for first:).*$", "", body, flags=re.MULTILINE)


def sentences(made: Made) -> list[str]:
    """Return the sentences in the words of a draft, without quotation marks."""
    policy = made.case.policy
    text = words_of(made).replace(policy.name if policy else "-", "X")
    parts = (part.strip().strip('"') for part in re.split(r"\n|(?<=[.?!])\s+", text))
    return [part for part in parts if part]


def length(sentence: str) -> int:
    """Return how many words a sentence has, a gap or brackets as one."""
    return len(re.sub(r"\[[^\]]+\]|\([^)]*\)", "X", sentence).split())


# Every draft


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_a_draft_has_a_title_a_recipient_and_no_brace_left(partnership: str) -> None:
    """Each has a title and a recipient, an e-mail also a subject; no brace is left over."""
    for made in drafts(partnership):
        assert "{{" not in made.text
        assert "  " not in made.text
        assert "\n\n\n" not in made.text
        assert (made.draft.subject is not None) is (made.draft.kind is Kind.email)
        assert made.draft.to
        assert handbook().phrases.has(f"utter_draft_title_{made.draft.name.replace('/', '_')}")
        assert made.draft.name.startswith(f"{made.draft.kind}/")
        assert not made.draft.name.endswith("/urgent")


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_only_what_the_facts_do_not_say_is_left_open(partnership: str) -> None:
    """No gap that the guide can fill is shown as one, and each open one is in the text."""
    filled = {gap.label for gap in letters().gaps.values() if gap.fill}
    for made in drafts(partnership):
        assert made.draft.gaps
        assert not set(made.draft.gaps) & filled, made.text
        shown = set(re.findall(r"\[([^\]]+)\]", made.text))
        assert shown == set(made.draft.gaps)


@pytest.mark.parametrize("partnership", IDS)
def test_what_the_policy_wants_named_is_named(partnership: str) -> None:
    """Policy, stage, section and the terms of the disagreement are there."""
    for made in drafts(partnership):
        case, text = made.case, made.text
        policy = policies()[partnership]
        notes = " ".join(made.draft.notes)
        parts = [part for stage in policy.stages for part in (stage, *stage.roles)]
        assert any(part.source in notes for part in parts)
        if made.draft.kind is Kind.email and "own_manager" not in made.draft.name:
            first = [part.source.partition("; ")[0] for part in parts]
            assert f"Policy: {policy.name}\n" in f"{text}\n"
            assert any(section in notes for section in first)
        text += notes
        assert any(stage.label in text or stage.number == 0 for stage in policy.stages)
        terms = letters().terms[str(case.facts.disagreement or "unknown")]
        assert terms.concern in text
        if made.draft.name.partition("/")[2] not in {"outcome", "settled"}:
            assert terms.ask in text


@pytest.mark.parametrize("partnership", IDS)
def test_the_next_message_names_the_date_and_the_section_that_gives_it(partnership: str) -> None:
    """What the other agency has to keep is in the message, or that the policy sets no date."""
    for made in drafts(partnership):
        advice = made.case.advice
        if made.draft.name.partition("/")[2] not in set(map(str, Level)):
            continue
        stage = ahead(made.case)
        answers = {limit.what for limit in stage.to_answer}
        due = [
            deadline
            for deadline in advice.deadlines
            if deadline.what in answers
            and not deadline.overdue
            # What only the raiser has to do is no business of the other agency.
            and (deadline.who is not Party.raiser or deadline.shared)
        ]
        if due:
            first = min(due, key=lambda limit: limit.due)
            assert f"{first.due:%A} {first.due.day} {first.due:%B %Y}" in made.text
            assert first.source.section in " ".join(made.draft.notes)
            assert first.rule in made.text or made.draft.kind is Kind.call
        if not stage.to_answer:
            assert "a date that protects the child" in made.draft.gaps


def ahead(case: LetterCase) -> Stage:
    """Return the stage that comes next, or the present one."""
    assert case.policy is not None
    assert case.advice.stage is not None
    to = case.advice.next.to_stage
    return case.policy.stage(case.advice.stage.number if to is None else to)


@pytest.mark.parametrize("partnership", IDS)
def test_a_tone_changes_the_words(partnership: str) -> None:
    """The three tones of a letter are three texts; a letter without tones says so."""
    kept: dict[tuple[int, str, Purpose], list[Draft]] = {}
    for made in drafts(partnership):
        key = (id(made.case), str(made.draft.kind), made.draft.purpose)
        kept.setdefault(key, []).append(made.draft)
    for tones in kept.values():
        assert len(tones) == len(Tone)
        bodies = {draft.body for draft in tones}
        if tones[0].tone is None:
            assert len(bodies) == 1
            assert {draft.instead for draft in tones} == {"tone"}
        else:
            assert len(bodies) == len(Tone)
            assert [draft.tone for draft in tones] == list(Tone)
            assert {draft.instead for draft in tones} == {None}


# The English


@pytest.mark.parametrize("partnership", IDS)
def test_a_draft_is_easy_to_read(partnership: str) -> None:
    """Sentences are short, and short on average."""
    for made in drafts(partnership):
        lengths = [length(sentence) for sentence in sentences(made)]
        longest = max(sentences(made), key=length)
        assert length(longest) <= LONGEST_SENTENCE, longest
        assert sum(lengths) / len(lengths) <= AVERAGE_SENTENCE, made.text


@pytest.mark.parametrize("partnership", IDS)
def test_nothing_is_said_twice_in_a_row(partnership: str) -> None:
    """No two sentences beside each other are the same, nor begin with the same four words."""
    for made in drafts(partnership):
        for first, second in pairwise(sentences(made)):
            assert first != second, made.text
            if length(second) > 4:
                assert first.split()[:4] != second.split()[:4], f"{first} / {second}"


@pytest.mark.parametrize("partnership", IDS)
def test_nothing_blames_threatens_or_calls_a_child_safe(partnership: str) -> None:
    """Words that accuse, threaten or promise safety are in no draft of any tone."""
    for made in drafts(partnership):
        found = re.search(rf"\b(?:{BLAME}|{THREAT})\b|{SAFE}", words_of(made), re.IGNORECASE)
        assert found is None, f"{found} in {made.draft.name} {made.draft.tone}"


@pytest.mark.parametrize("partnership", IDS)
def test_every_sentence_begins_with_a_capital_and_ends(partnership: str) -> None:
    """A value put in at the start of a sentence is written as one."""
    for made in drafts(partnership):
        for line in words_of(made).splitlines():
            words = line.strip('"')
            assert not words[:1].islower(), line
            for second in re.findall(r"[.?!] (\w)", re.sub(r"\[[^\]]+\]", "X", words)):
                assert not second.islower(), line


@pytest.mark.parametrize("partnership", IDS)
def test_the_urgent_tone_presses_for_time_and_is_not_the_urgent_route(partnership: str) -> None:
    """It says that an immediate risk is acted on the same day, and its e-mails say today."""
    for made in drafts(partnership):
        if made.draft.tone is Tone.urgent:
            assert "If the risk becomes immediate" in made.text, made.text
            if made.draft.kind is Kind.email and made.draft.purpose is not Purpose.manager:
                assert "today" in made.text


# The right message


@pytest.mark.parametrize("partnership", IDS)
def test_the_stage_ahead_has_a_message_of_its_own_level(partnership: str) -> None:
    """Where it goes on, the message is for the stage's level, or for whoever acts there."""
    for case in cases(partnership, Disagreement.threshold):
        if case.advice.next.action in {Action.discuss, Action.escalate}:
            acts = any(role.asked_to for role in ahead(case).roles if not role.when)
            assert draft_for(case).name == f"email/{'referral' if acts else ahead(case).level}"


@pytest.mark.parametrize("partnership", IDS)
def test_an_answer_that_is_owed_can_be_chased(partnership: str) -> None:
    """While it waits the chase is the message; once it is late the chase is offered beside it."""
    policy = policies()[partnership]
    owing = [stage for stage in policy.stages if not stage.ends]
    for stage, on in product(owing, (RAISED, LONG_AGO)):
        case = case_for(partnership, *up_to(policy, stage, Outcome.awaiting, on))
        chase = draft_for(case, Purpose.chase)
        assert chase.name == "email/chase"
        assert chase.instead is None
        waits = case.advice.next.action is Action.wait
        assert (draft_for(case).name == "email/chase") is waits
        assert (Purpose.chase in draft_for(case).others) is not waits
        after = policy.following(stage)
        said = after.label if after else "last stage of the policy"
        assert said in chase.body


def test_an_overdue_chase_says_since_when_and_what_follows() -> None:
    """The day it was due, the working days since, and the next stage."""
    policy = policies()["kent"]
    steps = up_to(policy, policy.stage(1), Outcome.awaiting, date(2026, 11, 10))
    for tone in Tone:
        body = draft_for(case_for("kent", *steps), Purpose.chase, tone).body
        said = "The policy's time for the written answer ran until Tuesday 17 November 2026."
        assert f"{said} That was 3 working days ago." in body
        assert "Stage 2" in body
    at_a_weekend = case_for("kent", *steps, today=date(2026, 11, 18))
    assert "That was 1 working day ago." in draft_for(at_a_weekend, Purpose.chase).body


def test_a_limit_that_is_a_guide_is_called_one() -> None:
    """Neither a coming nor a passed guide limit is said to be what the other agency must keep."""
    for on, said in (
        (RAISED, "The policy's guide time is"),
        (LONG_AGO, "As a guide, the"),
    ):
        case = guided_case(on)
        for tone in Tone:
            assert said in draft_for(case, Purpose.chase, tone).body
    policy = policies()["pan_dorset"]
    shared = case_for("pan_dorset", *up_to(policy, policy.stage(2), Outcome.awaiting))
    assert "The policy's guide time is 4 working days" in draft_for(shared).body
    hackney = case_for("city_and_hackney")
    assert "The policy's guide time is 1 working week" in draft_for(hackney).body


def test_a_message_out_of_place_is_replaced_by_the_fitting_one() -> None:
    """A chase, an outcome or a partnership's message out of place gives the fitting message."""
    policy = policies()["kent"]
    case = case_for("kent", *up_to(policy, policy.stage(0), Outcome.unresolved))
    for purpose in (Purpose.chase, Purpose.outcome, Purpose.partnership):
        made = draft_for(case, purpose)
        assert made.instead == purpose
        assert made.name == "email/line_manager"
        assert handbook().phrases.has(f"utter_draft_instead_{purpose}")


@pytest.mark.parametrize("partnership", IDS)
def test_an_outcome_keeps_ones_own_duties_beside_it(partnership: str) -> None:
    """What was agreed and what is open are gaps; own duties are told to the person alone."""
    policy = policies()[partnership]
    for stage in policy.stages:
        case = case_for(partnership, *up_to(policy, stage, Outcome.resolved))
        made = draft_for(case, Purpose.outcome)
        assert made.name == "email/outcome"
        assert {"what was agreed", "who will do what, and by when"} <= set(made.gaps)
        assert case.advice.records
        for record in case.advice.records:
            assert record.what not in made.body
            assert any(record.what in note for note in made.notes)
        for form in case.advice.forms:
            assert form.name not in made.body
            assert any(form.name in note for note in made.notes)
        assert draft_for(case) == msgspec.structs.replace(made, purpose=Purpose.counterpart)


def test_ones_own_manager_is_asked_to_take_it_up() -> None:
    """What was tried, the next stage, what to ask for and by when; also before and after that."""
    policy = policies()["kent"]
    tried = case_for("kent", *up_to(policy, policy.stage(1), Outcome.unresolved))
    for tone in Tone:
        made = draft_for(tried, Purpose.manager, tone)
        assert made.name == "email/own_manager"
        assert [who.role for who in made.to] == ["Your own manager"]
        assert "The next step is Stage 2" in made.body
        assert "19 November 2026: Stage 1, not settled" in made.body
        assert "Raise it today (without delay)." in made.body
        assert (
            "Raised today, the time for their written answer runs until Friday 27 November 2026."
            in made.body
        )
        assert letters().terms["threshold"].ask in made.body
    assert draft_for(case_for("kent"), Purpose.manager).name == "email/own_manager_ready"
    last = case_for("kent", *up_to(policy, policy.stages[-1], Outcome.unresolved))
    assert draft_for(last, Purpose.manager).name == "email/own_manager_end"


def test_a_stage_that_was_left_out_comes_first_and_says_so() -> None:
    """Kent's Stage 1 after Stage 2: the letter says why it comes now, and names no next stage."""
    case = case_for("kent", Step(Level.senior_manager, RAISED, Outcome.unresolved))
    body = draft_for(case).body
    assert "The policy asks for this stage before the later ones" in body
    assert "the next stage is" not in body


def test_a_day_that_is_not_known_is_a_gap() -> None:
    """A step without its date shows where the date goes."""
    case = case_for("kent", Step(Level.practitioner, None, Outcome.unresolved))
    assert "- [the date of this step]: discussed between practitioners" in draft_for(case).body
    assert "the date of this step" in draft_for(case).gaps


@pytest.mark.parametrize("partnership", IDS)
def test_a_stage_that_nobody_told_of_is_never_said_to_have_been_tried(partnership: str) -> None:
    """Below the stage that was told every other one is a gap, in every policy."""
    policy = policies()[partnership]
    for stage in policy.stages[1:-1]:
        supposed = [
            Step(lower.level, None, Outcome.unresolved)
            for lower in policy.stages
            if lower.number < stage.number
        ]
        case = case_for(partnership, *supposed, Step(stage.level, RAISED, Outcome.unresolved))
        body = draft_for(case).body
        assert body.count("[when it was tried and what came of it") == len(supposed)
        told = [line for line in body.splitlines() if line.startswith("- ") and "settled" in line]
        assert len(told) == 1
        assert "[" not in told[0]


def test_guidance_that_gives_way_names_the_local_procedure() -> None:
    """The trust's guidance is not called the local policy, and leaves room for the one that is."""
    for made in drafts("trust_guidance"):
        assert "our local escalation policy" not in made.text
        if made.draft.kind is Kind.email and "own_manager" not in made.draft.name:
            assert "the local procedure's name" in made.draft.gaps


# Policies of other shapes


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


def guided_case(on: date) -> LetterCase:
    """Return a case whose other side has a guide time to answer."""
    step = Step(Level.line_manager, on, Outcome.awaiting)
    facts = Facts(partnership="brackwater", risk=Risk.concern, steps=(step,))
    policy = narrowed(shapes()["brackwater"], facts)
    return LetterCase(facts, policy, advise(facts, policy, TODAY, handbook()), TODAY)


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
    shipped = [case for name in IDS for case in cases(name, None)]
    guided = [guided_case(RAISED), guided_case(LONG_AGO)]
    guided += [owing_case(owed, on=on) for owed, on in product(Owed, (RAISED, LONG_AGO))]
    told = [Call(to, outcome) for to in CallTo for outcome in CallOutcome]
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


def other_form_case() -> LetterCase:
    """Return a case whose form goes to the partnership, and of which the guide has no copy."""
    policy = load_policy(ROOT / "docs/keepers/example/ashdown_vale.yml")
    steps = (
        Step(Level.practitioner, LONG_AGO, Outcome.unresolved),
        Step(Level.line_manager, RAISED, Outcome.unresolved),
    )
    facts = Facts(partnership=policy.id, risk=Risk.concern, steps=steps)
    own = narrowed(policy, facts)
    return LetterCase(facts, own, advise(facts, own, TODAY, handbook()), TODAY)


# Whom it goes to


def test_a_form_is_announced_to_whoever_gets_it_and_to_nobody_else() -> None:
    """The other agency is not told of it; the partnership gets it, attached by hand."""
    case = other_form_case()
    assert "ttach" not in draft_for(case).body
    assert any("Safeguarding Children Partnership" in note for note in draft_for(case).notes)
    told = draft_for(case, Purpose.partnership)
    assert told.name == "email/told"
    assert "I attach [the Resolution form (Appendix A), once you have filled it in]." in told.body
    assert [note for note in told.notes if note.startswith("Attach the Resolution form")]


def test_the_receiver_is_the_policys_role_at_the_other_agency() -> None:
    """Kent names a post for the police at Stage 1."""
    policy = policies()["kent"]
    steps = up_to(policy, policy.stage(0), Outcome.unresolved)
    case = case_for("kent", *steps, their_agency=Agency.police)
    assert [who.role for who in draft_for(case).to] == [
        "Detective Sergeant in the Public Protection Unit (the police)"
    ]


def test_what_dorset_leaves_unsettled_is_written_to_the_heads_of_safeguarding() -> None:
    """Of each agency involved, and only once there is a decision: before that it is chased."""
    policy = policies()["pan_dorset"]
    ended = case_for("pan_dorset", *up_to(policy, policy.stage(3), Outcome.unresolved))
    assert [who.role for who in draft_for(ended).to] == [
        "Head of Safeguarding (the health service)",
        "Head of Safeguarding (children's social care)",
    ]
    assert "I am referring it to you" in draft_for(ended).body
    for outcome in (Outcome.awaiting, Outcome.no_response):
        waits = case_for("pan_dorset", *up_to(policy, policy.stage(3), outcome, LONG_AGO))
        made = draft_for(waits)
        assert made.name == "email/chase"
        assert not any("Head of Safeguarding" in who.role for who in made.to)


def test_nobody_is_chased_for_an_answer_that_they_do_not_owe() -> None:
    """The trust's guidance ends with a record: a Head of Safeguarding owes no answer."""
    policy = policies()["trust_guidance"]
    case = case_for("trust_guidance", *up_to(policy, policy.stage(4), Outcome.awaiting))
    assert draft_for(case, Purpose.chase).name != "email/chase"


def test_a_partnership_that_owes_the_answer_is_told_nothing_beside() -> None:
    """It has the form: a message for its information would be the second one."""
    kent = policies()["kent"]
    waits = case_for("kent", *up_to(kent, kent.stages[-1], Outcome.awaiting))
    made = draft_for(waits)
    assert [who.address for who in made.to] == ["KSCMP@kent.gov.uk"]
    assert Purpose.partnership not in made.others
    assert draft_for(waits, Purpose.partnership).name != "email/told"


@pytest.mark.parametrize("risk", [Risk.immediate_danger, Risk.immediate_harm])
@pytest.mark.parametrize("partnership", IDS)
def test_an_urgent_message_is_addressed_to_posts_and_explains_them_beside(
    partnership: str, risk: Risk
) -> None:
    """When a team answers, and who stands in for whom, is for the reader and not for the header."""
    made = draft_for(case_for(partnership, risk=risk))
    for who in (*made.to, *made.copy_to):
        assert not re.search(r"[:;]|\b(?:or|who|your)\b", who.role, re.IGNORECASE), who.role
        assert who.about is None or any(who.about in note for note in made.notes)


def test_a_copy_goes_to_those_the_policy_wants_told() -> None:
    """Kent's Stage 3 is copied to KSCMP at its address; Hackney's to the chair and the reviewer."""
    kent = policies()["kent"]
    case = case_for("kent", *up_to(kent, kent.stage(2), Outcome.unresolved))
    assert [(who.role, who.address) for who in draft_for(case).copy_to] == [
        ("KSCMP", "KSCMP@kent.gov.uk")
    ]
    hackney = policies()["city_and_hackney"]
    both = (ChildStatus.child_protection_plan, ChildStatus.looked_after)
    steps = up_to(hackney, hackney.stage(1), Outcome.unresolved)
    made = draft_for(case_for("city_and_hackney", *steps, child_status=both))
    assert [who.role for who in made.copy_to] == [
        "The Child Protection Chair",
        "The Independent Reviewing Officer",
    ]


def test_the_last_stage_goes_to_the_partnership_by_its_address() -> None:
    """Not to the other agency's member, nor to people the partnership passes it on to."""
    for partnership, address in (
        ("kent", "KSCMP@kent.gov.uk"),
        ("city_and_hackney", "chscp@hackney.gov.uk"),
    ):
        policy = policies()[partnership]
        steps = up_to(policy, policy.stages[-2], Outcome.unresolved)
        made = draft_for(case_for(partnership, *steps))
        assert made.name == "email/partnership"
        assert [who.address for who in made.to] == [address]


def test_hackneys_message_to_the_commissioner_is_itself_what_is_asked_for() -> None:
    """It says what was done, why, and how the condition was met; Kent's attaches its form."""
    hackney, kent = policies()["city_and_hackney"], policies()["kent"]
    made = draft_for(
        case_for("city_and_hackney", *up_to(hackney, hackney.stage(3), Outcome.unresolved))
    )
    assert "I attach" not in made.body
    assert "Tried so far:" in made.body
    assert any(hackney.stage(4).conditions[0].what in note for note in made.notes)
    conditions = letters().gaps["conditions_met"].label
    assert {conditions, "why it needs them now"} <= set(made.gaps)
    made = draft_for(case_for("kent", *up_to(kent, kent.stage(2), Outcome.unresolved)))
    assert "I attach the Stage 3 Escalation Alert Form" in made.body


@pytest.mark.parametrize("area", [None, "luton"])
def test_the_partnership_is_told_where_the_policy_says_so(area: str | None) -> None:
    """Bedfordshire's partnership is notified; without an area none of the three is picked."""
    policy = policies()["pan_bedfordshire"]
    case = case_for(
        "pan_bedfordshire", *up_to(policy, policy.stage(1), Outcome.unresolved), area=area
    )
    made = draft_for(case, Purpose.partnership)
    assert made.name == "email/told"
    who = (
        "Luton Safeguarding Children Partnership" if area else letters().words["which_partnership"]
    )
    assert [each.role for each in made.to] == [who]
    assert draft_for(case).copy_to == ()
    settled = case_for(
        "pan_bedfordshire", *up_to(policy, policy.stage(2), Outcome.resolved), area=area
    )
    made = draft_for(settled, Purpose.partnership)
    assert made.name == "email/settled"
    assert [each.role for each in made.to] == [who]


def test_whoever_the_policy_says_acts_is_asked_for_just_that() -> None:
    """Not the other agency's manager for an answer, where somebody else takes it on."""
    bedfordshire, trust = policies()["pan_bedfordshire"], policies()["trust_guidance"]
    steps = up_to(bedfordshire, bedfordshire.stage(2), Outcome.unresolved)
    made = draft_for(case_for("pan_bedfordshire", *steps, area="luton"))
    assert [who.role for who in made.to] == [
        "Partner Representative of Luton Safeguarding Children Partnership"
    ]
    assert "Could you arrange a meeting to settle it?" in made.body
    assert made.sender == "senior manager"
    steps = up_to(trust, trust.stage(3), Outcome.unresolved)
    school = case_for("trust_guidance", *steps, my_agency=Agency.education)
    made = draft_for(school)
    assert [who.role for who in made.to] == ["CEO"]
    assert "Could you refer it to the Head of Safeguarding of each agency involved?" in made.body
    assert made.sender is None
    elsewhere = draft_for(case_for("trust_guidance", *steps))
    assert [who.role for who in elsewhere.to] == ["Most senior manager"]
    assert "Could you refer it to the Head of Safeguarding of each agency" in elsewhere.body


def test_the_other_agency_is_not_held_to_a_limit_for_ones_own_act() -> None:
    """Bedfordshire's 24 hours are for acting on the concern, and no time for them to settle it."""
    for outcome in (Outcome.awaiting, None):
        steps = [Step(Level.practitioner, TODAY, outcome)] if outcome else []
        made = draft_for(case_for("pan_bedfordshire", *steps, area="luton"))
        assert "24 hours" not in made.body
        assert "limit for this" not in made.body


@pytest.mark.parametrize("partnership", IDS)
def test_nobody_who_is_asked_to_act_is_asked_for_a_decision(partnership: str) -> None:
    """Whoever takes it on owes no answer, and nothing is "not settled" by a mere record."""
    for made in drafts(partnership):
        if made.draft.name.endswith("/referral"):
            assert "Could you " in made.text
            assert "your answer" not in made.text
            assert "see it differently" not in made.text


@pytest.mark.parametrize("partnership", IDS)
def test_a_manager_sends_what_goes_from_manager_to_manager(partnership: str) -> None:
    """Their name is under it, not the practitioner's; whoever stands on that rung signs."""
    policy = policies()[partnership]
    for stage in policy.stages[:-1]:
        case = case_for(partnership, *up_to(policy, stage, Outcome.unresolved))
        made = draft_for(case)
        own = [role for role in ahead(case).roles if Party.raiser in role.party]
        managers = ahead(case).level not in {Level.practitioner, Level.partnership}
        sent = managers and any(not role.asked_to for role in own)
        assert (made.sender is not None) is sent, stage.label
        assert ("manager's name" in made.gaps) is sent
        assert ("your name" in made.gaps) is not sent
        if sent:
            assert any(str(made.sender) in note for note in made.notes)
            assert Purpose.manager in made.others
            mine = case_for(
                partnership,
                *up_to(policy, stage, Outcome.unresolved),
                me=Person(level=ahead(case).level),
            )
            assert draft_for(mine).sender is None


@pytest.mark.parametrize("partnership", IDS)
def test_no_colleague_of_ones_own_gets_a_copy(partnership: str) -> None:
    """Only those outside whom the policy has copied in; nobody at all into the first talk."""
    policy = policies()[partnership]
    copied = {note.who for stage in policy.stages for note in stage.notify if note.copied}
    for made in drafts(partnership):
        assert {who.role for who in made.draft.copy_to} <= copied
        if made.draft.name == "email/practitioner":
            assert made.draft.copy_to == ()


@pytest.mark.parametrize("partnership", IDS)
def test_a_recipient_is_a_post_and_no_explanation(partnership: str) -> None:
    """A few words, and "your own" is never said to somebody outside."""
    for made in drafts(partnership):
        for who in (*made.draft.to, *made.draft.copy_to):
            assert length(who.role) <= LONGEST_RECIPIENT, who.role
            assert not re.search(r"[:;]|\b(?:who|such as|if)\b|\. ", who.role), who.role
            named = who.role.partition(" (")[0].casefold()
            assert who.about is None or who.about.casefold() != named, "a post explained by itself"
            if made.draft.purpose is not Purpose.manager:
                assert not re.search(r"\b[Yy]our\b", who.role)


@pytest.mark.parametrize("partnership", IDS)
def test_no_duty_of_ones_own_house_stands_in_a_message(partnership: str) -> None:
    """What we record and whom we tell is no matter for the other agency."""
    for made in drafts(partnership):
        advice = made.case.advice
        duties = [duty.what for duty in (*advice.records, *advice.guidance)]
        for duty in (*duties, *(told.what for told in advice.notify)):
            assert duty not in made.text
        assert not re.search(r"\byour (?:safeguarding lead|team manager|line manager)\b", made.text)


@pytest.mark.parametrize("partnership", IDS)
def test_every_day_in_a_draft_was_told_or_counted(partnership: str) -> None:
    """The steps' days, today and the policy's dates; every other is a gap."""
    for made in drafts(partnership):
        case = made.case
        known = {step.on for step in case.facts.steps} | {case.today}
        known |= {deadline.due for deadline in case.advice.deadlines}
        shown = {f"{day.day} {day:%B %Y}" for day in known if day}
        found = set(re.findall(r"\b\d{1,2} [A-Z][a-z]+ 20\d\d\b", made.text))
        assert found <= shown, made.text


@pytest.mark.parametrize("partnership", IDS)
def test_a_draft_says_what_was_tried_only_as_it_was_told(partnership: str) -> None:
    """A step for each that was told, the earlier of many on one line; none before anything was."""
    for made in drafts(partnership):
        told = len(made.case.facts.steps)
        assert made.draft.body.count("\n- ") in {0, min(told, 2), told}
        if not told:
            assert "Tried so far" not in made.text
        assert "have not been able to" not in made.text


@pytest.mark.parametrize("partnership", IDS)
def test_an_answer_in_writing_is_asked_for_only_where_the_policy_does(partnership: str) -> None:
    """Elsewhere the answer may come as it comes."""
    for made in drafts(partnership):
        written = any(deadline.written for deadline in made.case.advice.deadlines)
        assert written or "answer in writing" not in made.text


@pytest.mark.parametrize("partnership", IDS)
def test_a_draft_is_short(partnership: str) -> None:
    """In every tone, with signature and reference, counted by the blanks between the words."""
    areas = [area.id for area in policies()[partnership].areas]
    stages = policies()[partnership].stages
    told = [
        case_for(partnership, *up_to(policies()[partnership], stage, Outcome.unresolved), area=area)
        for stage, area in product(stages, areas)
    ]
    told += [case_for(partnership, risk=risk) for risk in Risk]
    for made in (*drafts(partnership), *chain.from_iterable(map(every_draft, told))):
        words = len(made.draft.body.split())
        assert words <= LONGEST_DRAFT, f"{words}: {made.text}"


def test_no_draft_knows_more_than_the_disagreement() -> None:
    """Neither what we know, nor what others hold or did, was told with its kind."""
    for name, terms in letters().terms.items():
        for text in msgspec.structs.astuple(terms):
            assert not re.search(
                r"\b(?:we hold|our information|may hold|may not have)\b", text, re.IGNORECASE
            ), name


@pytest.mark.parametrize("partnership", IDS)
def test_nobody_gets_a_message_twice(partnership: str) -> None:
    """A recipient appears only once, and every address is an e-mail address."""
    policy = policies()[partnership]
    areas: list[str | None] = [area.id for area in policy.areas] or [None]
    last = up_to(policy, policy.stages[-2], Outcome.unresolved)
    at_the_end = [
        made for area in areas for made in every_draft(case_for(partnership, *last, area=area))
    ]
    for made in (*drafts(partnership), *at_the_end):
        everybody = [*made.draft.to, *made.draft.copy_to]
        assert len(everybody) == len(set(everybody))
        for copied, written_to in product(made.draft.copy_to, made.draft.to):
            assert copied.role not in written_to.role
        for who in everybody:
            assert who.address is None or "@" in who.address


# Danger


@pytest.mark.parametrize("risk", [Risk.immediate_danger, Risk.immediate_harm, Risk.unsure])
@pytest.mark.parametrize("partnership", [None, *IDS])
def test_in_danger_there_is_one_message_whatever_is_asked_for(
    partnership: str | None, risk: Risk
) -> None:
    """For today and for social care; no tone, stage, chase or manager takes its place."""
    steps = (Step(Level.line_manager, LONG_AGO, Outcome.awaiting),)
    facts = Facts(partnership=partnership, risk=risk, steps=steps if partnership else ())
    policy = narrowed(policies()[partnership], facts) if partnership else None
    case = LetterCase(facts, policy, advise(facts, policy, TODAY, handbook()), TODAY)
    for kind, purpose, tone in product(Kind, Purpose, (None, *Tone)):
        made = write_draft(DraftRequest(kind, purpose, tone), case, letters())
        danger = risk is Risk.immediate_danger
        assert made.name == f"{kind}/{'emergency' if danger else 'urgent'}"
        assert made.tone is None
        assert made.others == ()
        asked = purpose is Purpose.counterpart
        assert made.instead == (("tone" if tone else None) if asked else "urgent")
    email = draft_for(case)
    assert "today" in str(email.subject)
    assert "Friday 20 November 2026" in email.body
    assert any("social care" in who.role for who in email.to)
    assert not any("999" in str(who.address) for who in email.to)
    assert any("safeguarding lead" in who.role for who in email.copy_to)
    call = draft_for(case, kind=Kind.call)
    assert "999" in call.body
    emergency = case.advice.route is Route.emergency
    assert ("Police" in call.to[0].role) is emergency


def test_the_urgent_words_are_pinned() -> None:
    """A change here needs a safeguarding lead."""
    facts = Facts(risk=Risk.immediate_danger)
    case = LetterCase(facts, None, advise(facts, None, TODAY, handbook()), TODAY)
    call = draft_for(case, kind=Kind.call).body
    assert call.startswith("To 999 now:\n")
    assert "A child is in danger now at" in call
    assert "I am asking for action today." in call
    assert "Please put me through to the manager on duty now." in call
    assert draft_for(case).body.startswith(
        "To the duty manager, children's social care\n\nA child is in danger now.\n"
    )


def danger_case(*calls: Call, **told: Any) -> LetterCase:
    """Return an urgent case with these calls."""
    facts = Facts(**{"risk": Risk.immediate_danger, **told}, calls=calls)
    return LetterCase(facts, None, advise(facts, None, TODAY, handbook()), TODAY)


@pytest.mark.parametrize("risk", [Risk.immediate_danger, Risk.immediate_harm, Risk.unsure])
def test_the_urgent_email_claims_nothing_that_was_not_told(risk: Risk) -> None:
    """No call, no talk and no graver or lesser danger: what is not known is a named gap."""
    email = draft_for(danger_case(risk=risk)).body
    assert "I spoke" not in email
    assert "my call" not in email
    assert "I have told" not in email
    assert "I will call 999" not in email
    assert "Asked to act" not in email
    assert ("A child is in danger now." in email) is (risk is Risk.immediate_danger)
    assert ("incident number" in email) is (risk is Risk.immediate_danger)
    assert ("I believe that a child is at immediate" in email) is (risk is Risk.immediate_harm)
    assert ("not sure how great the risk" in email) is (risk is Risk.unsure)
    assert "secure mail" in email


def test_the_urgent_email_tells_the_calls_that_were_made() -> None:
    """Each once, with what came of it; day, time and names stay gaps, asked for once."""
    calls = (
        Call(CallTo.police, CallOutcome.made),
        Call(CallTo.police, CallOutcome.refused),
        Call(CallTo.safeguarding_lead, CallOutcome.no_answer),
    )
    email = draft_for(danger_case(*calls)).body
    asked = "the police (refused); my safeguarding lead (no answer)."
    assert f"Asked to act before this message: {asked}" in email
    assert "the reason they gave" in email
    assert "Who else was rung" not in email
    assert "When my safeguarding lead was told" not in email


def test_a_social_worker_writes_to_the_police_and_not_to_social_care() -> None:
    """Nobody writes to themselves."""
    mine = danger_case(my_agency=Agency.childrens_social_care)
    assert draft_for(mine).body.startswith("To the duty manager, the police\n")
    assert not any("social care" in who.role for who in draft_for(mine).to)


# What was asked for


def test_draft_is_the_collaborative_message_that_comes_next() -> None:
    """The short way to the same draft, for those who need no choice."""
    case = case_for("kent")
    assert case.policy is not None
    made = fitting_draft(Kind.email, case.facts, case.policy, case.advice, letters(), TODAY)
    assert made == draft_for(case)
    assert made.tone is Tone.collaborative


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({}, "email.counterpart"),
        ({"tone": "firm"}, "call.manager.firm"),
        ({"tone": "firm", "kind": "email"}, "email.manager.firm"),
        ({"tone": "firm", "purpose": "chase"}, "email.chase.firm"),
        ({"purpose": "outcome"}, "email.outcome"),
        ({"kind": "call"}, "call.counterpart"),
    ],
)
def test_typed_words_are_about_the_message_shown_last(told: dict[str, str], wanted: str) -> None:
    """A tone alone changes that one; anything else asks for a message of its own."""
    last = parse_request("call.manager.collaborative")
    assert str(request_in_words(Kind.email, told, last)) == wanted


def test_a_tone_without_a_message_before_is_for_the_next_one() -> None:
    """Nothing was shown yet."""
    assert str(request_in_words(Kind.email, {"tone": "urgent"}, None)) == "email.counterpart.urgent"


@pytest.mark.parametrize("text", ["email", "email.nobody", "letter.chase", "email.chase.cross"])
def test_a_made_up_request_is_refused(text: str) -> None:
    """A value that does not name a message is an error, never a guess."""
    with pytest.raises(ValueError, match=r"\w"):
        parse_request(text)


LONGER = {
    *("answer", "answer_agree", "answer_hold", "answer_partly", "chase", "director"),
    *("line_manager", "own_manager", "own_manager_end", "own_manager_ready", "partnership"),
    *("practitioner", "referral", "remaining", "senior_manager"),
}
"""The e-mails that argue a case, or answer one: only they have more that may be told."""


def test_every_message_that_argues_a_case_can_be_longer_and_no_other_offers_it() -> None:
    """What confirms, tells or asks for help now has one length; so has what is said aloud."""
    found = {name for name in letters().texts if letters().has_lengths(name)}
    assert found == {f"email/{name}" for name in LONGER}


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_a_longer_draft_adds_gaps_and_claims_nothing_more(partnership: str) -> None:
    """On request there is more to fill in; what the facts say stays the same."""
    met = 0
    for made in drafts(partnership):
        asked = msgspec.structs.replace(made.draft.request, longer=True)
        longer = write_draft(asked, made.case, letters())
        assert parse_request(str(longer.request)) == longer.request
        if longer.longer is None:
            assert longer.body == made.draft.body
            continue
        met += 1
        assert set(made.draft.gaps) < set(longer.gaps)
        short = {line for line in made.draft.body.splitlines() if not line.startswith("- Earlier")}
        assert short <= set(longer.body.splitlines())
    assert met
