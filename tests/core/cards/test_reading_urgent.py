"""How much there is to read where somebody must act today: only what must be done now."""

from itertools import cycle, product

import pytest

from bot.core.cards.urgent import after_calls_card, danger_card
from bot.core.conversation.state import State, facts_of
from bot.core.rules.advice import advise
from bot.core.vocabulary import (
    URGENT_RISKS,
    Agency,
    Disagreement,
    Exit,
    Harm,
    Level,
    Risk,
    Side,
)
from tests.support.core import IDS, TODAY, handbook, policies
from tests.support.reading import ADVICE, FIELD, HEADLINE, SENTENCES, open_words, shown, words

RED_FLAGS = (
    None,
    "violence at home, or an abuser at the home (“the ex is outside the house with a knife”)",
    "a child without food, medicine or an adult's care (“baby alone since last night”)",
    "a harmful practice such as FGM (“they fly on thursday for it”)",
)
CALLS: tuple[tuple[str, ...], ...] = (
    (),
    ("police.made",),
    ("childrens_social_care.refused",),
    ("safeguarding_lead.no_answer", "childrens_social_care.refused"),
)
HARMS: tuple[tuple[Harm, ...], ...] = (
    (),
    *((harm,) for harm in Harm),
    *((harm, Harm.ambulance) for harm in Harm if harm is not Harm.ambulance),
)


@pytest.mark.long
@pytest.mark.parametrize("partnership", [None, *IDS])
def test_an_urgent_card_says_only_what_must_be_done_now(partnership: str | None) -> None:
    """At most 120 words, every line of them with its source; all else is folded, and none lost.

    For every agency; posts, sides and kinds of disagreement take turns. No sentence comes twice,
    and none is a label with a colon.
    """
    phrases = handbook().phrases
    risks = (Risk.immediate_danger, Risk.immediate_harm, Risk.unsure)
    turns = cycle(product((None, *Disagreement), (None, *Level), Side))
    drawn = product(risks, (None, *Agency), (None, Exit.allegation), RED_FLAGS, CALLS)
    for (risk, agency, way, flag, calls), (kind, level, side) in zip(drawn, turns, strict=False):
        if way and flag and "FGM" in flag:
            continue  # FGM is never read as an allegation against a colleague.
        state = State(
            partnership=partnership,
            risk=risk,
            my_agency=agency and str(agency),
            their_agency=None if agency is Agency.health else "health",
            disagreement=kind and str(kind),
            level=level and str(level),
            side=str(side),
            exit=way,
            red_flag=flag,
            calls=calls,
        )
        policy = state.policy(policies())
        advice = advise(facts_of(state, policies()), policy, TODAY, handbook())
        card = danger_card(advice, state, phrases)
        assert open_words(card) <= ADVICE, (state, shown(card, folded=False))
        lines = shown(card, folded=False).split("\n")
        said = [one for line in lines for one in SENTENCES.split(line)]
        assert len(said) == len(set(said)), (state, said)
        assert not [line for line in lines if FIELD.match(line)], (state, lines)
        steps, *folded = card.sections
        assert all(section.folded for section in folded)
        assert all(item.source for item in steps.items[flag is not None :])
        for item in advice.warnings:
            assert item.what in shown(card, folded=True)
        after = after_calls_card(advice, policy, phrases)
        assert open_words(after) <= ADVICE, (state, shown(after, folded=False))


@pytest.mark.long
@pytest.mark.parametrize("partnership", [None, *IDS])
def test_an_urgent_card_is_short_for_every_agency_level_and_kind(partnership: str | None) -> None:
    """On both sides of every pair; kinds, calls and harms told change with each card."""
    phrases = handbook().phrases
    kinds, sides, calls = cycle((None, *Disagreement)), cycle(Side), cycle(CALLS)
    others, harms = cycle((None, *Agency)), cycle(HARMS)
    drawn = product(Risk, (None, *Agency), (None, *Level), (None, Exit.allegation), RED_FLAGS)
    for risk, agency, level, way, flag in drawn:
        if risk not in URGENT_RISKS or (way and flag and "FGM" in flag):
            continue
        theirs, kind = next(others), next(kinds)
        state = State(
            partnership=partnership,
            risk=risk,
            my_agency=agency and str(agency),
            their_agency=theirs and str(theirs),
            level=level and str(level),
            side=str(next(sides)),
            disagreement=kind and str(kind),
            exit=way,
            red_flag=flag,
            harms=next(harms),
            calls=next(calls),
        )
        policy = state.policy(policies())
        advice = advise(facts_of(state, policies()), policy, TODAY, handbook())
        assert advice.headline is not None
        assert words(advice.headline.do) <= HEADLINE, state
        card = danger_card(advice, state, phrases)
        assert open_words(card) <= ADVICE, (state, shown(card, folded=False))
        assert open_words(after_calls_card(advice, policy, phrases)) <= ADVICE, state


@pytest.mark.parametrize("partnership", [None, *IDS])
@pytest.mark.parametrize("mine", [None, *Agency])
def test_a_hurt_child_who_is_sent_home_is_kept_and_referred(
    partnership: str | None, mine: Agency | None
) -> None:
    """Whoever can stop the discharge comes first, and both services that can protect are rung.

    No policy's post stands in for the consultant, and nobody is told to ring their own service.
    """
    state = State(
        partnership=partnership,
        risk=Risk.immediate_harm,
        my_agency=mine and str(mine),
        their_agency=str(Agency.health),
        harms=(Harm.sent_home,),
    )
    advice = advise(facts_of(state, policies()), state.policy(policies()), TODAY, handbook())
    card = danger_card(advice, state, handbook().phrases)
    first, *others = (
        item.text for item in card.sections[0].items if "Is it happening" not in item.text
    )
    assert first.endswith("to keep the child there.")
    said = " ".join(others)
    assert ("the police now" in said) is (mine is not Agency.police)
    assert ("Ring children's social care" in said) is (mine is not Agency.childrens_social_care)
    assert open_words(card) <= ADVICE
