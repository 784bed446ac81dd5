"""While somebody must act today: danger that is told again, more or less of it, and its card."""

from itertools import product

import msgspec
import pytest

from bot.core.cards.urgent import danger_card
from bot.core.conversation.state import State
from bot.core.vocabulary import URGENT_RISKS, Agency, CallTo, Harm, Risk
from tests.support.core import IDS, handbook
from tests.support.crisis import URGENT, advice, call, said

GRAVEST_FIRST = list(Risk)
SOCIAL_CARE = "childrens_social_care"


@pytest.mark.parametrize(
    "text", ["yes", "Yes, now", "it is happening", "yes it is", "still going on"]
)
@pytest.mark.parametrize("intent", ["affirm", "other", "not_happening_now"])
@pytest.mark.parametrize("calls", [(), ("childrens_social_care.refused",)])
def test_yes_it_is_happening_is_danger_now(text: str, intent: str, calls: tuple[str, ...]) -> None:
    """The card asks it. Nobody takes it for calls that were made."""
    for state in (State(risk=Risk.immediate_harm), State(red_flag="covered in bruises")):
        after = said(msgspec.structs.replace(state, calls=calls), text, intent).state
        assert after.is_now
        assert after.calls_made is None


def test_a_refusal_and_a_question_are_no_new_alarm() -> None:
    """Only words of danger bring the card again."""
    state = State(risk=Risk.immediate_harm)
    refused = said(
        state, "edt said monday", urgent=True, urgent_because="x", calls=[call(None, "refused")]
    )
    assert refused.state.red_flag is None
    news = said(state, "he's gone out", urgent=True, urgent_because="x", flags=[])
    assert news.state.red_flag is None
    flag = {"family": "assault", "heard": "hitting her", "when": "now"}
    again = said(state, "he's hitting her now", urgent=True, urgent_because="x", flags=[flag])
    assert again.state.danger_now


@pytest.mark.parametrize("when", ["today", "recent", "past", "unknown"])
@pytest.mark.parametrize("stated", [None, *Risk])
def test_danger_now_stays_so_whatever_else_is_told(stated: Risk | None, when: str) -> None:
    """Bruises of last week, told while somebody is hitting a child, make it no less."""
    state = State(risk=stated, red_flag="hitting her right now", danger_now=True)
    flag = {"family": "injury", "heard": "bruises last week", "when": when}
    told = said(state, "he had bruises", urgent=True, urgent_because="bruises", flags=[flag]).state
    assert told.danger_now
    assert told.red_flag == "hitting her right now"
    assert told.with_heard_risk().risk is Risk.immediate_danger


@pytest.mark.parametrize("told", [risk for risk in Risk if risk not in URGENT_RISKS])
@pytest.mark.parametrize("stated", [None, Risk.concern, Risk.no_harm])
def test_what_was_heard_is_not_held_against_whoever_says_it_is_less(
    stated: Risk | None, told: Risk
) -> None:
    """A red flag that was heard ends with "worried, not immediate": that is the risk, said back."""
    heard = State(risk=stated, red_flag="low weight", danger_now=True)
    answer = said(heard, "worried, not immediate", facts={"risk": str(told)})
    assert "risk" in answer.filled
    after = answer.state
    assert after.red_flag is None
    assert after.risk is min(filter(None, (stated, told)), key=GRAVEST_FIRST.index)
    assert not after.danger_now


@pytest.mark.parametrize("stated", URGENT)
@pytest.mark.parametrize("told", [risk for risk in Risk if risk not in URGENT_RISKS])
def test_a_stated_urgent_risk_is_not_lowered_by_a_word(stated: Risk, told: Risk) -> None:
    """Whoever stated it is asked again before anything less is believed."""
    for flag in (None, "a knife"):
        before = State(risk=stated, red_flag=flag)
        assert said(before, "just worried", facts={"risk": str(told)}).state.risk in {stated, None}


@pytest.mark.parametrize("partnership", [None, *IDS])
@pytest.mark.parametrize("mine", [None, *Agency])
def test_the_urgent_card_names_ones_own_lead_until_they_were_told(
    partnership: str | None, mine: Agency | None
) -> None:
    """Whoever else refused or did not answer before, and whoever comes first for it."""
    for risk, told_call in product(URGENT, ("", "police.refused", f"{SOCIAL_CARE}.no_answer")):
        state = State(
            risk=risk,
            red_flag="a weapon",
            partnership=partnership,
            my_agency=mine,
            calls=(told_call,) if told_call else (),
        )
        told = advice(state)
        lead = [who.do for who in told.turn_to if who.to is CallTo.safeguarding_lead]
        card = danger_card(told, state, handbook().phrases)
        steps = {item.text for item in card.sections[0].items}
        assert set(lead[:1]) <= steps, (risk, told_call)
        # A call to one's own agency was to its lead.
        assert lead or told_call.startswith(str(mine)), (risk, told_call)


@pytest.mark.parametrize("partnership", [None, *IDS])
def test_who_must_report_fgm_themselves_is_told_so_at_once(partnership: str | None) -> None:
    """Telling one's lead does not do it; of any other danger nothing of the kind is said."""
    phrases = handbook().phrases
    duty = phrases.say("card_step_fgm")
    for harms, practice in (((Harm.fgm,), True), ((Harm.forced_marriage,), False), ((), False)):
        for risk in URGENT:
            state = State(risk=risk, harms=harms, partnership=partnership)
            card = danger_card(advice(state), state, phrases)
            found = [item for item in card.sections[0].items if item.text == duty]
            assert bool(found) is practice
            assert all(item.source and item.source.section == "Duties to report" for item in found)
