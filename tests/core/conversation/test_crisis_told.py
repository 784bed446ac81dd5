"""While somebody must act today: what changes who is told, and what is only played."""

from itertools import product

import pytest

from bot.core.cards.urgent import danger_card
from bot.core.conversation.crisis import Asked, crisis_note, kept_out_note
from bot.core.conversation.state import State
from bot.core.vocabulary import Agency, CallTo, Exit, Harm, Risk
from tests.support.core import IDS, handbook
from tests.support.crisis import URGENT, advice, call, reply, said
from tests.support.each import each

SAME_DAY = [Risk.immediate_harm, Risk.unsure]
OWN = {CallTo.safeguarding_lead, CallTo.own_manager}


@each(("partnership", "mine", "risk"), product([None, *IDS], Agency, SAME_DAY))
def test_a_missing_child_is_first_reported_and_then_their_supervisor_is_asked(
    partnership: str | None, mine: Agency, risk: Risk
) -> None:
    """Whoever reads: the police once, then whoever is above them, and never a second report."""
    if mine is Agency.police:
        return
    state = State(risk=risk, partnership=partnership, my_agency=mine, harms=(Harm.missing,))
    first = advice(state).turn_to[0]
    assert first.do.startswith("Report the child missing to the police now"), mine
    card = danger_card(advice(state), state, handbook().phrases)
    assert first.do in {item.text for item in card.sections[0].items}
    after = said(state, "police wont come", calls=[call("police", "refused")]).state
    assert "control-room supervisor" in advice(after).turn_to[0].do
    assert first.do not in {who.do for who in advice(after).turn_to}


def test_harm_is_kept_from_what_was_told_until_it_is_not_happening() -> None:
    """It is no answer that a later message can lose; "it was a drill" takes it away."""
    told = said(State(), "she is missing", urgent=True, flags=[], harms=["missing"]).state
    assert told.harms == (Harm.missing,)
    later = said(told, "kent", partnership="kent").state
    assert later.harms == (Harm.missing,)
    assert said(later, "false alarm, it was a drill").state.harms == ()
    assert said(State(risk=Risk.concern), "she is missing", harms=["missing"]).state.harms == ()


@pytest.mark.parametrize("partnership", [None, *IDS])
def test_the_family_is_not_told_of_a_marriage_and_of_no_other_harm(partnership: str | None) -> None:
    """It stands beside whoever comes first."""
    step = handbook().phrases.say("card_step_family")
    for harms, risk in product(((Harm.forced_marriage,), (Harm.fgm,), ()), URGENT):
        state = State(risk=risk, harms=harms, partnership=partnership)
        card = danger_card(advice(state), state, handbook().phrases)
        assert (step in {item.text for item in card.sections[0].items}) is bool(
            Harm.forced_marriage in harms
        )


@each(("partnership", "mine", "who"), product([None, *IDS], Agency, sorted(OWN)))
def test_whoever_is_close_to_the_family_is_passed_over_and_said_to_be(
    partnership: str | None, mine: Agency, who: CallTo
) -> None:
    """No silence or refusal is supposed of them, and nobody is told to go through them."""
    state = State(risk=Risk.immediate_harm, partnership=partnership, my_agency=mine)
    # In social care whoever leads is the manager too.
    same = OWN if mine is Agency.childrens_social_care else {who}
    before = [one.do for one in advice(state).turn_to if one.to in same]
    after = said(state, "my head is his brother", kept_out=who).state
    assert (after.calls, after.kept_out, after.risk) == ((), (who,), Risk.immediate_harm)
    told = advice(after)
    assert told.turn_to
    assert not before or before[0] not in {one.do for one in told.turn_to}
    assert "Ask your lead" not in told.turn_to[0].do
    note = kept_out_note(told, after, handbook().phrases)
    assert note.gaps["who"] in {"your manager", "your safeguarding lead"}


def test_with_an_allegation_whoever_is_close_sends_it_to_the_lado() -> None:
    """As is known of an allegation already."""
    state = State(risk=Risk.immediate_harm, exit=Exit.allegation)
    after = said(state, "and the head is her husband", kept_out="own_manager").state
    assert after.conflict
    assert after.kept_out == ()
    assert "LADO" in advice(after).turn_to[0].do


def test_a_lead_who_says_less_has_it_asked_again_and_lowers_nothing() -> None:
    """It is no refusal. The question is open, and only its answer changes the risk."""
    state = State(risk=Risk.unsure, turning_to="safeguarding_lead")
    result = said(
        state,
        "dsl says its only a worry",
        calls=[call("safeguarding_lead", "refused")],
        facts={"risk": "concern"},
    )
    assert result.state.risk is None
    assert result.state.calls == ("safeguarding_lead.made",)
    assert [note.name for note in result.notes] == ["note_lead_says_less"]
    heard = State(risk=Risk.unsure, red_flag="a weapon", turning_to="safeguarding_lead")
    kept = said(
        heard, "dsl says its only a worry", calls=[call("safeguarding_lead", "refused")],
        facts={"risk": "concern"},
    )  # fmt: skip
    assert (kept.state.risk, kept.state.red_flag) == (Risk.unsure, "a weapon")


@each(
    ("text", "risk"),
    product(
        ["false alarm, it was a drill", "it was only a fire drill", "it was a test, not real"],
        URGENT,
    ),
)
def test_a_drill_has_the_risk_asked_again(text: str, risk: Risk) -> None:
    """An objection it is not, though a model hears one; and it lowers nothing by itself."""
    state = State(risk=risk, turning_to="police")
    result = said(state, text, replies={"how_far": ["wrong", 0.9]})
    assert result.state.risk is None
    assert "note_what_is_wrong" not in {note.name for note in result.notes}
    told = said(state, f"{text}, now he has a knife", urgent=True, urgent_because="a weapon")
    assert told.state.urgent


@pytest.mark.parametrize("to", ["police", "other"])
def test_who_was_coming_and_never_came_is_said_with_999(to: str) -> None:
    """On a day that was for today the danger may be now by then."""
    came = State(risk=Risk.immediate_harm, calls=(f"{to}.coming", f"{to}.no_answer"))
    assert "call 999 at once" in reply(came)
    silent = State(risk=Risk.immediate_harm, calls=(f"{to}.no_answer",))
    assert "call 999 at once" not in reply(silent)


@pytest.mark.parametrize("asks", ["own_duty", "for_me"])
def test_ones_own_duty_is_said_as_long_as_fgm_was_told_of(asks: str) -> None:
    """Also after the calls have begun; of all else it is for whoever wants to ring."""
    state = State(risk=Risk.immediate_harm, harms=(Harm.fgm,), calls=("safeguarding_lead.made",))
    asked = Asked("other", asks, harms=state.harms)
    assert crisis_note(advice(state), asked).name == "crisis_own_duty"
    assert crisis_note(advice(state), Asked("other", asks)).name != "crisis_own_duty"


@pytest.mark.parametrize("harm", [Harm.forced_marriage, Harm.fgm])
def test_the_family_is_not_asked_where_they_may_arrange_the_harm(harm: Harm) -> None:
    """Of all other harm the guide says to be open with them unless that brings risk."""
    state = State(risk=Risk.immediate_harm, harms=(harm,))
    asked = Asked("other", "consent", harms=state.harms)
    assert crisis_note(advice(state), asked).name == "crisis_family"
    assert crisis_note(advice(state), Asked("other", "consent")).name == "crisis_consent"


def test_whether_to_tell_somebody_else_is_no_silence_of_theirs() -> None:
    """A question of two words asks: "and the deputy?" asks; "the deputy is off too" tells."""
    state = State(risk=Risk.immediate_harm, turning_to="police")
    nobody = {"worry": "nobody_there"}
    assert said(state, "and the deputy?", own_side=nobody).state.calls == ()
    assert said(state, "the deputy is off too", own_side=nobody).state.calls
