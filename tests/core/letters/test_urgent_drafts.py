"""In danger there is one message; and which one was asked for."""

from itertools import product

import msgspec
import pytest

from bot.core.letters.drafting import (
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
from bot.core.rules.advice import advise
from bot.core.rules.facts import Call, Facts, Step
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import (
    Agency,
    CallOutcome,
    CallTo,
    Level,
    Outcome,
    Risk,
    Route,
)
from bot.letters.files import letters
from tests.support.core import IDS, handbook, policies
from tests.support.drafts import (
    LONG_AGO,
    TODAY,
    case_for,
    danger_case,
    draft_for,
    drafts,
)

pytestmark = pytest.mark.xdist_group("drafts")
"""They go through the same drafts, which each process writes once."""


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


@pytest.mark.parametrize("risk", [Risk.unsure, Risk.immediate_harm])
def test_the_subject_gives_no_grade_of_risk_that_nobody_gave(risk: Risk) -> None:
    """Who is not sure says so in the subject too; and who is coming is coming."""
    coming = Call(CallTo.childrens_social_care, CallOutcome.coming)
    draft = draft_for(danger_case(coming, risk=risk))
    assert draft.subject
    assert ("at immediate risk" in draft.subject) is (risk is Risk.immediate_harm)
    assert ("not sure how great" in draft.subject) is (risk is Risk.unsure)
    assert "children's social care (coming)" in draft.body
