"""Whom a draft goes to, what it asks them for, and how short it is."""

import re
from itertools import chain, product

import msgspec
import pytest

from bot.core.letters.drafting import (
    Purpose,
)
from bot.core.policy.model import Party
from bot.core.rules.facts import Person, Step
from bot.core.vocabulary import (
    Agency,
    ChildStatus,
    Disagreement,
    Level,
    Outcome,
    Risk,
)
from bot.letters.files import letters
from tests.support.core import IDS, policies
from tests.support.drafts import (
    LONG_AGO,
    TODAY,
    ahead,
    case_for,
    draft_for,
    drafts,
    every_draft,
    length,
    other_form_case,
    up_to,
)

pytestmark = pytest.mark.xdist_group("drafts")
"""They go through the same drafts, which each process writes once."""
LONGEST_RECIPIENT = 12
LONGEST_DRAFT = 180


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
        made = draft_for(case_for(partnership, *steps), Purpose.partnership)
        assert made.name == "email/partnership"
        assert [who.address for who in made.to] == [address]


def test_what_comes_before_the_last_stage_is_asked_of_ones_own_side_first() -> None:
    """Hackney wants more managers and the members of the CHSCP before its Commissioner."""
    hackney = policies()["city_and_hackney"]
    steps = up_to(hackney, hackney.stage(3), Outcome.unresolved)
    for level in (None, Level.practitioner, Level.line_manager):
        case = case_for("city_and_hackney", *steps, me=Person(level=level))
        made = draft_for(case)
        assert made.name == "email/own_manager"
        assert "Before Stage Four" in made.body
        assert "members of the CHSCP" in made.body
        assert made.others == (Purpose.partnership,)
    themselves = case_for("city_and_hackney", *steps, me=Person(level=Level.senior_manager))
    assert draft_for(themselves).name == "email/partnership"


def test_hackneys_message_to_the_commissioner_is_itself_what_is_asked_for() -> None:
    """It says what was done, why, and how the condition was met; Kent's attaches its form."""
    hackney, kent = policies()["city_and_hackney"], policies()["kent"]
    made = draft_for(
        case_for("city_and_hackney", *up_to(hackney, hackney.stage(3), Outcome.unresolved)),
        Purpose.partnership,
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


@pytest.mark.long
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


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_a_draft_is_short(partnership: str) -> None:
    """In every tone, with signature and reference, counted by the blanks between the words."""
    areas = [area.id for area in policies()[partnership].areas]
    stages = policies()[partnership].stages
    told = [
        case_for(partnership, *up_to(policies()[partnership], stage, Outcome.unresolved), area=area)
        for stage, area in product(stages, areas)
    ]
    for stage, area, kind, agency in product(
        stages, [*areas] or (None,), (None, *Disagreement), (Agency.education, Agency.early_years)
    ):
        *below, last = up_to(policies()[partnership], stage, Outcome.unresolved)
        untold = [msgspec.structs.replace(step, on=None) for step in below]
        status = (ChildStatus.child_protection_plan,)
        told.append(
            case_for(
                partnership,
                *untold,
                last,
                disagreement=kind,
                area=area,
                my_agency=agency,
                child_status=status,
            )
        )
    told += [case_for(partnership, risk=risk) for risk in Risk]
    found = (*drafts(partnership), *chain.from_iterable(map(every_draft, told)))
    longest = max(found, key=lambda made: len(made.draft.body.split()))
    words = len(longest.draft.body.split())
    assert words <= LONGEST_DRAFT, f"{words}: {longest.text}"


def test_no_draft_knows_more_than_the_disagreement() -> None:
    """Neither what we know, nor what others hold or did, was told with its kind."""
    for name, terms in letters().terms.items():
        for text in (terms.concern, terms.ask, terms.question):
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
