"""The drafts of somebody a disagreement was raised with: answers, never a claim of the raiser's."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from bot.core.letters.drafting import (
    ANSWERS,
    Draft,
    DraftRequest,
    Kind,
    LetterCase,
    Purpose,
    write_draft,
)
from bot.core.rules.advice import advise
from bot.core.rules.facts import Facts, Person
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import Action, Agency, Disagreement, Level, Outcome, Risk, Side
from bot.letters.files import letters
from tests.support.core import IDS, handbook, policies
from tests.support.drafts import LONG_AGO, RAISED, TODAY, up_to

MOST_WORDS = 180
WAITS = (Purpose.acknowledge, Purpose.more, Purpose.meeting)
"""The drafts after which whoever raised it waits for something."""
CLAIMS = re.compile(
    r"\bI (?:have )?raised\b|\bI am raising\b|could you let me have your answer|where things stand"
    r"|we have (?:looked|talked|spoken|met)|I have (?:told|rung|spoken)",
    re.IGNORECASE,
)
"""What only the raiser can say, or what nobody has told the guide."""


def received(partnership: str, level: Level | None = None) -> Iterator[LetterCase]:
    """Yield the case of a receiver for each stage, outcome and time."""
    policy = policies()[partnership]
    for stage, outcome, on in product(policy.stages, Outcome, (RAISED, LONG_AGO, None)):
        facts = Facts(
            partnership=partnership,
            risk=Risk.concern,
            disagreement=Disagreement.threshold,
            my_agency=Agency.childrens_social_care,
            their_agency=Agency.education,
            area="luton" if policy.areas else None,
            me=Person(Side.receiver, level),
            steps=up_to(policy, stage, outcome, on),
        )
        own = narrowed(policy, facts)
        yield LetterCase(facts, own, advise(facts, own, TODAY, handbook()), TODAY)


def every_draft(case: LetterCase) -> Iterator[Draft]:
    """Yield each draft that fits a case."""
    first = write_draft(DraftRequest(Kind.email), case, letters())
    for kind, purpose in product(Kind, (first.purpose, *first.others)):
        yield write_draft(DraftRequest(kind, purpose), case, letters())


def body(draft: Draft) -> str:
    """Return the words of a draft, without the lines for reference."""
    return draft.body.partition("For reference")[0]


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_nothing_is_claimed_that_only_the_raiser_could_say(partnership: str) -> None:
    """Every stage, outcome, day and message: complete, short, and theirs to send."""
    filled = {gap.label for gap in letters().gaps.values() if gap.fill}
    for case in received(partnership):
        for draft in every_draft(case):
            assert not CLAIMS.search(draft.body), draft.body
            assert "{{" not in draft.body
            assert not set(draft.gaps) & filled, draft.body
            assert len(body(draft).split()) <= MOST_WORDS, draft.body
            assert draft.to
            assert not draft.copy_to
            assert handbook().phrases.has(f"utter_draft_title_{draft.name.replace('/', '_')}")


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_whoever_owes_an_answer_can_write_each_kind_of_it(partnership: str) -> None:
    """Acknowledge, agree, agree in part, hold, need more, a meeting, and a brief for a manager."""
    for case in received(partnership):
        fit = {draft.purpose for draft in every_draft(case)}
        owes = case.advice.next.action is Action.respond
        assert (fit == set(ANSWERS)) is owes
        if not owes:
            asked = DraftRequest(Kind.email, Purpose.hold)
            assert write_draft(asked, case, letters()).instead == str(Purpose.hold)


def test_an_answer_names_the_day_it_is_due_or_was_due() -> None:
    """Kent, raised yesterday and long ago: the same limit, to come and passed."""
    for case in received("kent"):
        if case.advice.next.action is not Action.respond or not case.advice.deadlines:
            continue
        draft = write_draft(DraftRequest(Kind.email, Purpose.acknowledge), case, letters())
        (limit,) = case.advice.deadlines
        shown = f"{limit.due:%A} {limit.due.day} {limit.due:%B %Y}"
        assert (f"was due on {shown}" if limit.overdue else f"by {shown}") in draft.body


def test_an_answer_goes_to_the_rung_that_raised_it_and_a_brief_to_ones_own_manager() -> None:
    """Kent's Stage 1 from a school: its lead safeguarding lead, not one's own team manager."""
    case = next(
        case
        for case in received("kent", Level.practitioner)
        if case.facts.steps[-1].level is Level.line_manager
    )
    answer = write_draft(DraftRequest(Kind.email), case, letters())
    assert [one.role for one in answer.to] == [
        "Lead Designated Safeguarding Lead (the school or college)"
    ]
    brief = write_draft(DraftRequest(Kind.email, Purpose.manager), case, letters())
    assert [one.role for one in brief.to] == ["Your own manager"]
    assert "the school or college raised a disagreement with us" in brief.body


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_ones_own_manager_is_asked_to_answer_only_while_an_answer_is_owed(partnership: str) -> None:
    """Once they have answered, or the partnership has it, the manager is told what may come."""
    for case in received(partnership):
        for draft in every_draft(case):
            if not draft.name.endswith("own_brief"):
                continue
            owes = case.advice.next.action is Action.respond
            assert ("Could you answer them" in draft.body) is owes
            ahead = ("Could we talk before", "put our side", "what we record")
            assert any(words in draft.body for words in ahead) is not owes


@pytest.mark.parametrize("outcome", Outcome)
def test_what_was_agreed_is_confirmed_once_it_is_settled(outcome: Outcome) -> None:
    """Only then is the written outcome the message that fits."""
    for case in received("kent"):
        if case.facts.steps[-1].outcome is outcome:
            draft = write_draft(DraftRequest(Kind.email), case, letters())
            settled = draft.name == "email/written_outcome"
            assert settled is (outcome is Outcome.resolved)


@pytest.mark.parametrize("partnership", IDS)
def test_what_settles_nothing_says_how_to_be_reached_before_then(partnership: str) -> None:
    """Whoever is told to wait, to tell more or to come to a meeting can ring for the child."""
    for case, purpose in product(received(partnership), WAITS):
        made = write_draft(DraftRequest(Kind.email, purpose), case, letters())
        if made.purpose is purpose:
            assert re.search(r"ring me (?:today )?on \[", made.body), (purpose, case.facts.steps)


@pytest.mark.parametrize("partnership", IDS)
def test_what_is_done_now_is_no_decision_told_again(partnership: str) -> None:
    """Whoever agrees fills in what they will do, and not what they had decided."""
    for case, purpose, kind in product(
        received(partnership), (Purpose.agree, Purpose.partly), Kind
    ):
        made = write_draft(DraftRequest(kind, purpose), case, letters())
        if made.purpose is purpose:
            assert "what you will do, and who does it" in made.body
            assert "what you have decided" not in made.body
