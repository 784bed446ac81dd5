"""Urgent facts with calls of today, drawn or given, and the advice on them."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.core.rules.results import Advice, TurnTo
from bot.core.vocabulary import CallOutcome, CallTo, Level, Side
from tests.support.core import (
    advice_on,
    facts_given,
    told,
    words,
)
from tests.support.rounds import rounds

many = settings(max_examples=rounds(150), suppress_health_check=[HealthCheck.too_slow])
URGENT = ("immediate_danger", "immediate_harm", "unsure")
CALLS = st.lists(
    st.fixed_dictionaries({"to": words(CallTo), "outcome": words(CallOutcome)}), max_size=14
)
PERSON = st.fixed_dictionaries({"side": words(Side), "level": st.none() | words(Level)})


@st.composite
def urgent_facts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw urgent facts with a person and today's calls."""
    given_facts = draw(facts_given(risk=draw(st.sampled_from(URGENT))))
    return {**given_facts, "me": draw(PERSON), "calls": draw(CALLS)}


def who_it_is(who: TurnTo) -> tuple[str, str, str]:
    """Return what tells one person to turn to from another, however they are reached."""
    return who.role, who.why, str(who.agency)


def advice_after(*calls: tuple[str, str], **changes: Any) -> Advice:
    """Return the same-day advice of a school after calls such as ("police", "refused")."""
    facts = {"risk": "immediate_harm", "my_agency": "education", **changes}
    listed = [{"to": to, "outcome": outcome} for to, outcome in calls]
    return advice_on(told(**facts, calls=listed))


def first_roles(advice: Advice) -> list[str]:
    """Return the roles to turn to, first to last."""
    return [who.role for who in advice.turn_to]
