"""While somebody must act today: the order of evidence by which "they" are somebody."""

from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from bot.core.conversation.answers import choose
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import options, question_response
from bot.core.conversation.state import State, call_told
from bot.core.conversation.whom import SERVICES, THEIR_OWN, ToldCall, who_was_told, whose_call
from bot.core.rules.ladder import ASKED
from bot.core.vocabulary import Agency, CallOutcome, CallTo, Risk
from tests.support.core import TODAY, handbook, policies
from tests.support.crisis import advice, call, said

SOCIAL_CARE = "childrens_social_care"
TOLD_TODAY = [
    (),
    ("police.refused",),
    ("police.made",),
    (f"{SOCIAL_CARE}.refused",),
    (f"{SOCIAL_CARE}.coming",),
    ("safeguarding_lead.made",),
    (f"{SOCIAL_CARE}.refused", "own_manager.made"),
    ("their_manager.refused", "police.coming"),
]
TELLINGS = [
    ToldCall(None, outcome, manager, again, put_off, one_person=one, service=service, comes=out)
    for outcome in CallOutcome
    for manager, again, put_off, one, out in [
        (False, False, False, False, False),
        (True, False, False, False, False),
        (False, True, False, False, True),
        (False, False, True, False, True),
        (False, False, False, True, False),
        (False, False, False, False, True),
    ]
    for service in (None, CallTo.police, CallTo.childrens_social_care)
]


def whose(told: ToldCall, state: State) -> CallTo | None:
    """Return whom a call is put on."""
    return whose_call(told, who_was_told(state))[0]


def test_they_are_never_the_person_themselves() -> None:
    """Whatever was told, and whoever stands first: no police officer is "they" of the police."""
    for agency, calls, named, theirs in product(Agency, TOLD_TODAY, CallTo, (None, *ASKED)):
        state = State(
            risk=Risk.immediate_harm,
            my_agency=agency,
            their_agency=theirs,
            calls=calls,
            turning_to=named,
        )
        if state.own_agency in ASKED:
            for told in TELLINGS:
                assert whose(told, state) is not ASKED[state.own_agency]


def test_a_service_that_refuses_to_come_is_never_ones_own_lead_or_manager() -> None:
    """Where none can be told from what was said, it is asked whose it was."""
    for calls, named in product(TOLD_TODAY, CallTo):
        state = State(risk=Risk.immediate_harm, calls=calls, turning_to=named)
        for told in TELLINGS:
            unmet = told.outcome in {CallOutcome.refused, CallOutcome.no_answer}
            if unmet and told.outside and not told.manager:
                assert whose(told, state) not in THEIR_OWN
            asked = {call_told(one).to for one in calls} & SERVICES
            if unmet and told.outside and asked and not told.put_off:
                assert whose(told, state) is not None


@pytest.mark.parametrize("service", sorted(SERVICES - {CallTo.their_manager}))
def test_words_that_only_one_service_says_are_its_own(service: CallTo) -> None:
    """Social care alone says "not our area", whoever stands first and was told last."""
    for calls, named in product(TOLD_TODAY, CallTo):
        state = State(risk=Risk.immediate_harm, calls=calls, turning_to=named)
        assert whose(ToldCall(None, CallOutcome.refused, service=service), state) is service


def test_who_comes_after_all_is_who_had_refused() -> None:
    """Not 999, which nobody has called: it stands first until somebody has."""
    state = State(
        risk=Risk.immediate_danger, calls=(f"{SOCIAL_CARE}.refused",), turning_to="police"
    )
    came = said(state, "theyre going out to him now", calls=[call(None, "coming")]).state
    assert came.calls[-1] == f"{SOCIAL_CARE}.coming"
    assert advice(came).turn_to[0].address == "999"
    back = said(came, "theyve rung back, theyre not", calls=[call(None, "refused")]).state
    assert back.calls[-1] == f"{SOCIAL_CARE}.refused"


def test_who_refused_before_today_is_who_will_not_come() -> None:
    """The other agency of the disagreement, where nobody was rung since."""
    told = {**call(None, "refused"), "several": True}
    state = State(risk=Risk.immediate_harm, turning_to="safeguarding_lead", their_agency="police")
    assert said(state, "nobody will come", calls=[told]).state.calls == ("police.refused",)


def asked_whose() -> State:
    """Return the state of somebody whom the guide asks whose refusal it was."""
    told = {**call(None, "refused"), "several": True}
    state = State(risk=Risk.immediate_harm, turning_to="safeguarding_lead")
    return said(state, "they wont come", calls=[told]).state


def test_a_refusal_that_is_nobodys_is_asked_about() -> None:
    """It is put on nobody, and each of those it can be is offered."""
    state = asked_whose()
    assert (state.calls, state.unplaced) == ((), "refused")
    menu = Menu(state, policies(), TODAY, handbook().phrases)
    assert question_response(Question.calls_made, menu) == "ask_calls_whose"
    for option, to in zip(options(Question.calls_made, menu), CallTo, strict=False):
        after = choose(state, Question.calls_made, option.value, policies()).state
        assert (after.calls, after.unplaced) == ((f"{to}.refused",), None)


@pytest.mark.parametrize(
    "reading",
    [{"call_was": {"to": SOCIAL_CARE}}, {"asks_about": SOCIAL_CARE, "is_name_alone": True}],
)
def test_whose_it_was_may_be_typed(reading: dict[str, Any]) -> None:
    """As "it was edt", and "edt" alone."""
    after = said(asked_whose(), "edt", **reading).state
    assert (after.calls, after.unplaced) == ((f"{SOCIAL_CARE}.refused",), None)


def test_news_beside_the_question_is_told_as_ever() -> None:
    """That the police are coming is no answer to whose refusal it was, and ends the question."""
    told = [call("police", "coming")]
    after = said(asked_whose(), "police are coming", calls=told, asks_about="police").state
    assert (after.calls, after.unplaced) == (("police.coming",), None)


def test_what_was_refused_by_nobody_known_keeps_the_calls_open() -> None:
    """After everybody was told, too."""
    told = {**call(None, "refused"), "several": True}
    state = replace(asked_whose(), unplaced=None, calls_made="made")
    assert said(state, "they wont come", calls=[told]).state.calls_made is None
