"""A stage whose time limits nobody has read yet: it is never said to have none."""

import re
from itertools import product

import pytest

from bot.core.letters.drafting import LetterCase
from bot.core.policy.model import Policy, Stage
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import Outcome, Side
from bot.documents.briefing import briefing_page
from tests.support.core import advised, handbook, policies
from tests.support.drafts import every_draft
from tests.support.invented import TODAY, facts_at, unread
from tests.support.pages import page_text

SILENT = re.compile(r"sets no (?:date|time limit)|gives you no time limit", re.IGNORECASE)
UNREAD = re.compile(r"nobody has yet read for this guide", re.IGNORECASE)


def cases() -> list[tuple[Policy, Stage, Side]]:
    """Return every stage of every policy, from both sides."""
    every = map(unread, policies().values())
    return [
        (policy, stage, side)
        for policy in every
        for stage, side in product(policy.stages, (Side.raiser, Side.receiver))
    ]


def test_advice_on_an_unread_stage_never_says_that_the_policy_sets_no_limit() -> None:
    """Headline, summary and what is not stated say at most that nobody has read it."""
    said = []
    for policy, stage, side in cases():
        advice = advised(facts_at(policy, stage, Outcome.awaiting, TODAY, side), policy, TODAY)
        headline = advice.headline.do if advice.headline else ""
        texts = [headline, advice.next.summary, *(item.what for item in advice.not_stated)]
        assert not [text for text in texts if SILENT.search(text)], (policy.id, stage.label, side)
        said += [bool(UNREAD.search(headline)), bool(UNREAD.search(advice.next.summary))]
    assert sum(said) > len(said) / 2


@pytest.mark.parametrize("name", sorted(policies()))
def test_no_letter_or_briefing_says_that_an_unread_policy_sets_no_date(name: str) -> None:
    """The other agency reads that the date is not known yet; the page, that it was not read."""
    policy = unread(policies()[name])
    assert "Not read yet." in page_text(briefing_page(policy, handbook(), TODAY))
    letters = []
    for stage in policy.stages:
        facts = facts_at(policy, stage, Outcome.awaiting, TODAY, Side.raiser)
        case = LetterCase(facts, narrowed(policy, facts), advised(facts, policy, TODAY), TODAY)
        letters += [made.text for made in every_draft(case)]
    assert not [text for text in letters if SILENT.search(text)]
    assert any("do not yet know which date the policy sets" in text for text in letters)
