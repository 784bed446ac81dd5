"""The danger grows while help is on its way, an option was a slip, a missing child is back."""

from typing import Any

import pytest

from bot.core.cards.urgent import danger_card
from bot.core.conversation.calls import with_calls
from bot.core.conversation.crisis import Asked, crisis_note, has_come_back, has_grown
from bot.core.conversation.state import State
from bot.core.conversation.whom import ToldCall
from bot.core.vocabulary import CallOutcome, CallTo, Harm, Risk
from tests.support.core import IDS, handbook
from tests.support.crisis import URGENT, advice, said

SENT = ["police.made", "police.coming", "police.coming.here", "other.coming.by_999"]
WORSE: dict[str, Any] = {
    "urgent": True,
    "urgent_because": "signs that a child may need an ambulance (“stopped breathing”)",
    "flags": [{"family": "failing_body", "heard": "stopped breathing", "when": "now"}],
}
SOUNDS: dict[str, Any] = {
    "urgent": True,
    "urgent_because": "something that sounds as if a child is in danger (“he's taken her”)",
    "flags": [{"family": "sounds_like_danger", "heard": "he's taken her", "when": "now"}],
}


@pytest.mark.parametrize("policy", IDS)
@pytest.mark.parametrize("sent", SENT)
def test_999_comes_first_again_once_the_danger_has_grown(sent: str, policy: str) -> None:
    """Police on their way bring no ambulance, and whoever has left is no help."""
    before = State(risk=Risk.immediate_danger, partnership=policy, calls=(sent,))
    assert advice(before).turn_to[0].address != "999"
    heard = said(before, "he's stopped breathing", **WORSE).state
    assert advice(heard).turn_to[0].address == "999"
    card = danger_card(advice(heard), heard, handbook().phrases)
    assert card.title == "Call 999 now"
    told = [item.text for item in card.sections[0].items]
    assert any("ring again" in text and "ambulance" in text for text in told)


def test_a_child_who_is_taken_away_is_told_to_999_again() -> None:
    """No rule names it, so no card comes: 999 stands in the first line all the same."""
    before = State(risk=Risk.immediate_danger, calls=("police.coming", "safeguarding_lead.made"))
    heard = said(before, "he's taken her", **SOUNDS).state
    asked = Asked("inform", words=3, worse=has_grown(SOUNDS, heard))
    note = crisis_note(advice(heard), asked)
    text = handbook().phrases.say(note.name, **note.gaps)
    assert text.startswith("**Ring 999 again now")
    assert "which way" in text


def test_what_only_sounds_like_danger_is_no_call_while_the_police_are_there() -> None:
    """They see for themselves."""
    before = State(risk=Risk.immediate_danger, calls=("police.coming.here",))
    assert said(before, "he's taken her", **SOUNDS).state.calls == before.calls


def test_ringing_again_is_a_call_of_its_own() -> None:
    """After it 999 is behind them once more, and what they told before stands."""
    worse = State(risk=Risk.immediate_danger, calls=("police.coming.earlier",))
    rang = with_calls(worse, [ToldCall(CallTo.police, CallOutcome.coming)])
    assert rang.calls == ("police.coming.earlier", "police.coming")
    assert advice(rang).turn_to[0].address != "999"
    assert not has_grown({"calls": [{"to": "police"}]}, rang)


@pytest.mark.parametrize("risk", URGENT)
@pytest.mark.parametrize(
    "text", ["sorry i hit the wrong one, meant 4", "wrong button", "i meant option 5", "misclicked"]
)
def test_an_option_chosen_by_mistake_is_asked_again(risk: Risk, text: str) -> None:
    """What they say they meant answers nothing: they choose."""
    heard = said(State(risk=risk, partnership="kent"), text, objects=True)
    assert (heard.state.risk, heard.state.partnership) == (None, "kent")
    (note,) = heard.notes
    assert "999" in handbook().phrases.say(note.name)


def test_no_slip_takes_back_danger_or_a_call_that_was_told() -> None:
    """Only a risk that was chosen, and nothing else told since, is asked for again."""
    chosen = State(risk=Risk.immediate_danger)
    for state in (
        State(risk=Risk.immediate_danger, red_flag="a knife", danger_now=True),
        State(risk=Risk.immediate_danger, calls=("police.refused",)),
    ):
        assert said(state, "wrong button", objects=True).state.risk is Risk.immediate_danger
    for text in ("i rang the wrong number", "they went to the wrong house", "she meant it"):
        assert said(chosen, text).state.risk is Risk.immediate_danger


MISSING = State(risk=Risk.immediate_harm, harms=(Harm.missing,), calls=("police.made",))


@pytest.mark.parametrize("text", ["she just walked in, shes fine", "hes back", "they found her"])
def test_a_missing_child_who_is_back_is_reported_missing_no_more(text: str) -> None:
    """The police are told, and the risk stays what the person said."""
    heard = said(MISSING, text)
    assert (heard.state.harms, heard.state.risk) == ((), Risk.immediate_harm)
    assert has_come_back(text, heard.state, {"harms"})
    note = crisis_note(advice(heard.state), Asked("inform", words=3, back=True))
    said_back = handbook().phrases.say(note.name, **note.gaps)
    assert said_back.startswith("**Tell the police that the child is back")
    assert "nobody has been sent" not in said_back


@pytest.mark.parametrize(
    "text", ["shes not back", "is she back?", "her dad is back", "no one found"]
)
def test_who_is_not_back_stays_missing(text: str) -> None:
    """Nor is anybody back whose coming is feared."""
    assert said(MISSING, text).state.harms == (Harm.missing,)


def test_a_child_who_is_back_and_hurt_is_danger() -> None:
    """Another harm told with it is heard."""
    assert said(MISSING, "shes back and not breathing", **WORSE).state.danger_now
