"""How a draft reads: at a reading age of about eleven, as sentences, and nothing in it twice."""

import re
from statistics import median

import pytest
from textstat import textstat

from bot.core.letters.drafting import Kind, LetterCase, Purpose
from bot.core.policy.model import Policy
from bot.core.rules.advice import advise
from bot.core.rules.facts import Facts, Person, Step
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import Agency, Level, Outcome, Risk, Side
from tests.support.core import IDS, handbook, policies
from tests.support.drafts import RAISED, TODAY, Made, case_for, drafts, every_draft, up_to

pytestmark = pytest.mark.xdist_group("drafts")
"""They go through the same drafts, which each process writes once."""

HARDEST, MIDDLE = 7.5, 5.5
"""School years by Flesch and Kincaid. The posts and stages that a policy names count as hard."""
SENTENCES = re.compile(r"(?<=[.!?])\s+")
LABEL = re.compile(r"(?:[\w']+ ){0,3}[\w']+: |.*: it\.$")
"""What a field of a form begins with, and no sentence: "Why: …", "What worries us: [a gap]"."""
CLOSING = re.compile(r"\n(?:Policy: |Regards\n|For reference\n)")


def received(partnership: str) -> list[Made]:
    """Return the drafts of somebody who owes an answer, at each rung."""
    policy = policies()[partnership]
    found: list[Made] = []
    for stage in policy.stages:
        facts = Facts(
            partnership=partnership,
            risk=Risk.concern,
            my_agency=Agency.childrens_social_care,
            their_agency=Agency.education,
            me=Person(Side.receiver, stage.level),
            steps=(Step(stage.level, RAISED, Outcome.awaiting),),
        )
        mine = narrowed(policy, facts)
        advice = advise(facts, mine, TODAY, handbook())
        found += every_draft(LetterCase(facts, mine, advice, TODAY))
    return found


def prose(made: Made) -> str:
    """Return what is said in a draft: no closing, no list, and a word for each gap and name."""
    body = CLOSING.split(made.draft.body)[0]
    policy: Policy | None = made.case.policy
    text = re.sub(r"\[[^\]]+\]|\([^)]*\)", "it", body)
    text = text.replace(policy.name, "it") if policy else text
    kept = (line for line in text.splitlines() if line != "it" and not line.startswith("- "))
    return "\n".join(filter(None, kept))


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_a_draft_reads_as_people_write(partnership: str) -> None:
    """Every purpose, stage, outcome, kind and tone, for both sides."""
    grades = {}
    for made in (*drafts(partnership), *received(partnership)):
        text = prose(made)
        if text in grades:
            continue
        grades[text] = textstat.flesch_kincaid_grade(text.replace("\n", " "))
        assert grades[text] <= HARDEST, (grades[text], text)
        for line in text.splitlines():
            said = SENTENCES.split(line)
            assert len(said) == 1 or not [one for one in said if LABEL.match(one)], line
        said = [one for line in text.splitlines() for one in SENTENCES.split(line)]
        assert len(said) == len(set(said)), text
        assert made.draft.body.count("[the child's initials or number]") <= 1, text
    assert median(grades.values()) <= MIDDLE


@pytest.mark.parametrize("partnership", IDS)
def test_the_day_of_the_latest_answer_is_in_the_next_draft(partnership: str) -> None:
    """An answer that settled nothing: its day is there, and what they said is a named gap."""
    policy = policies()[partnership]
    for stage in policy.stages:
        if stage.ends or policy.following(stage) is None:
            continue
        *below, last = up_to(policy, stage, Outcome.unresolved)
        told = Step(last.level, last.on, last.outcome, answered_on=TODAY)
        for made in every_draft(case_for(partnership, *below, told)):
            if made.draft.kind is Kind.email and made.draft.purpose is Purpose.counterpart:
                line = "Answered 20 November 2026: [what they said or promised]."
                assert made.draft.body.count(line) == 1, made.draft.body
                assert "what they said or promised" in made.draft.gaps


def test_no_answer_is_told_that_nobody_gave() -> None:
    """Silence, and an outcome without a day, put no answer in anybody's mouth."""
    for outcome in (Outcome.no_response, Outcome.unresolved):
        for made in every_draft(case_for("kent", Step(Level.line_manager, RAISED, outcome))):
            assert "Answered" not in made.text
