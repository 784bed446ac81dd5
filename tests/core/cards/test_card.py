"""The advice as a card: what to do is always visible, and nothing is repeated."""

from collections.abc import Iterator

import msgspec
import pytest

from bot.core.cards.advice import advice_card
from bot.core.policy.model import Policy
from bot.core.rules.results import Advice
from bot.core.vocabulary import Disagreement, Exit, Level, Outcome, Risk
from tests.support.core import IDS, TODAY, advice_for, handbook, policies
from tests.support.drafts import cases


def every_advice(partnership: str) -> Iterator[tuple[str, Advice]]:
    """Yield the advice for each stage, outcome and time, each risk, each exit and each kind."""
    for index, case in enumerate(cases(partnership, None)):
        yield f"case {index}", case.advice
    for risk in Risk:
        yield str(risk), advice_for(partnership, risk=str(risk))
    for way in Exit:
        yield str(way), advice_for(partnership, exit=str(way))
    for kind in Disagreement:
        yield str(kind), advice_for(partnership, disagreement=str(kind))


@pytest.mark.parametrize("partnership", IDS)
def test_no_line_of_the_advice_repeats_another(partnership: str) -> None:
    """If two stages ask for the same and one asks for more, only that line is shown."""
    for name, advice in every_advice(partnership):
        card = advice_card(advice, policies()[partnership], handbook().phrases)
        for section in card.sections:
            told = [(item.text, item.source) for item in section.items]
            assert len(told) == len(set(told)), (name, section.heading)
            for text, source in told:
                more = [item for item, where in told if item != text and where == source]
                assert not any(item.startswith(text) for item in more), (name, text)


def retired_kent() -> Policy:
    """Return Kent's policy as one that was withdrawn."""
    kent = policies()["kent"]
    document = msgspec.structs.replace(kent.document, retired=TODAY)
    return msgspec.structs.replace(kent, document=document)


@pytest.mark.parametrize(
    ("policy", "first"),
    [
        (policies()["trust_guidance"], "These general steps are one academy trust's own"),
        (retired_kent(), "Kent has not held since"),
    ],
    ids=["guidance that gives way", "withdrawn"],
)
def test_what_may_not_hold_is_said_before_anything_else(policy: Policy, first: str) -> None:
    """On the first lines, for every stage and outcome, and never folded away."""
    for level in Level:
        for outcome in Outcome:
            advice = advice_for(policy.id, (level.value, "16", outcome.value), policy=policy)
            card = advice_card(advice, policy, handbook().phrases)
            opened = [item.text for section in card.sections for item in section.items]
            assert not card.sections[0].folded
            assert opened[0].startswith(first), opened[:2]
            if policy.fallback:
                assert card.title.startswith("Find your local policy first")


@pytest.mark.parametrize("partnership", IDS)
def test_nobody_stands_at_a_stage_where_another_procedure_fits(partnership: str) -> None:
    """The ladder, with "you are here", is for a disagreement that goes by it."""
    policy = policies()[partnership]
    apart = advice_for(partnership=partnership, exit="allegation")
    assert advice_card(apart, policy, handbook().phrases).stages == ()
    staged = advice_for(partnership=partnership)
    assert advice_card(staged, policy, handbook().phrases).stages
