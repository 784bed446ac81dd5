"""Policies, handbook and facts for the tests of the core."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st

from bot.core.handbook.handbook import Handbook, load_handbook
from bot.core.policy.loader import load_library, load_policies
from bot.core.policy.model import Policy
from bot.core.rules.advice import advise
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import narrowed
from bot.core.rules.read_facts import parse_facts
from bot.core.rules.results import Advice
from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Exit, Level, Outcome, Risk
from bot.paths import POLICIES, ROOT

TODAY = date(2026, 11, 24)
"""A Tuesday with no bank holiday near it."""
Steps = tuple[tuple[str, str, str], ...]
"""Steps such as ("line_manager", "16", "awaiting")."""


@cache
def policies() -> dict[str, Policy]:
    """Return the five policies of the design by id, whatever else lies beside them."""
    loaded = load_policies(POLICIES)
    return {name: loaded[name] for name in IDS}


@cache
def shapes() -> dict[str, Policy]:
    """Return the invented policies by id, each in the version in force today."""
    return load_library(ROOT / "tests/policies/shapes").on(TODAY)


@cache
def handbook() -> Handbook:
    """Return the shipped standing guidance and sentences."""
    return load_handbook(ROOT)


IDS = ["city_and_hackney", "kent", "pan_bedfordshire", "pan_dorset", "trust_guidance"]
"""The policies that the guide ships (design, section 2)."""


def stage_told(
    number: int, on: str | None = None, outcome: str | None = None, answered_on: str | None = None
) -> dict[str, Any]:
    """Return a stage that somebody says was raised, as a reading holds it."""
    return {"number": number, "on": on, "outcome": outcome, "answered_on": answered_on}


def told(partnership: str = "kent", **changes: Any) -> dict[str, Any]:
    """Return facts as JSON holds them: an ordinary concern between health and social care."""
    return {
        "partnership": partnership,
        "today": TODAY.isoformat(),
        "risk": "concern",
        "disagreement": "threshold",
        "my_agency": "health",
        "their_agency": "childrens_social_care",
        "child_status": [],
        "steps": [],
        **changes,
    }


def step(level: str, on: date | str | None, outcome: str) -> dict[str, Any]:
    """Return a step as JSON holds it; `on` may be a day of November 2026, such as "16"."""
    if isinstance(on, date):
        on = on.isoformat()
    elif on is not None and len(on) == 2:
        on = f"2026-11-{on}"
    return {"level": level, "on": on, "outcome": outcome}


def advised(
    facts: Facts, policy: Policy | None, today: date = TODAY, book: Handbook | None = None
) -> Advice:
    """Return the advice by a policy as it was loaded."""
    own = None if policy is None else narrowed(policy, facts)
    return advise(facts, own, today, book or handbook())


def advice_on(data: dict[str, Any], policy: Policy | None = None) -> Advice:
    """Read facts as the command line does and work out the advice."""
    today = date.fromisoformat(data["today"])
    known = policies() if policy is None else {policy.id: policy}
    return advised(parse_facts(data, known, today), known[data["partnership"]], today)


def advice_for(
    partnership: str, *steps: tuple[str, str, str], policy: Policy | None = None, **changes: Any
) -> Advice:
    """Return the advice for steps such as ("line_manager", "16", "awaiting")."""
    listed = [step(*one) for one in steps]
    return advice_on(told(partnership, steps=listed, **changes), policy)


def what(items: Any) -> list[str]:
    """Return what a list of the advice says."""
    return [item.what for item in items]


def dues(advice: Advice) -> list[tuple[str, str, bool]]:
    """Return who, when and whether it is overdue, deadline by deadline."""
    return [
        (str(deadline.who.value), deadline.due.isoformat(), deadline.overdue)
        for deadline in advice.deadlines
    ]


def undated(partnership: str, *steps: tuple[str, date | None, str], **changes: Any) -> Advice:
    """Return the advice where a step's day may be unknown, as only a conversation allows."""
    facts = Facts(
        partnership=partnership,
        risk=Risk.concern,
        disagreement=Disagreement.threshold,
        my_agency=Agency.health,
        their_agency=Agency.childrens_social_care,
        steps=tuple(Step(Level(level), on, Outcome(outcome)) for level, on, outcome in steps),
    )
    facts = msgspec.structs.replace(facts, **changes)
    return advised(facts, policies()[partnership])


def days_before(today: date, most: int = 45) -> st.SearchStrategy[str]:
    """Draw a day up to `today`."""
    return st.integers(0, most).map(lambda n: (today - timedelta(days=n)).isoformat())


def words(kind: Any) -> st.SearchStrategy[str]:
    """Draw a word of a closed list."""
    return st.sampled_from([str(word) for word in kind])


@st.composite
def facts_given(draw: st.DrawFn, /, **fixed: Any) -> dict[str, Any]:
    """Draw facts that `parse_facts` accepts, as JSON holds them; `fixed` ones are kept."""
    today = draw(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
    partnership = draw(st.sampled_from(IDS))
    areas = [area.id for area in policies()[partnership].areas]
    steps = draw(
        st.lists(
            st.fixed_dictionaries(
                {"level": words(Level), "on": days_before(today), "outcome": words(Outcome)}
            ),
            max_size=6,
        )
    )
    return {
        "partnership": partnership,
        "today": today.isoformat(),
        "risk": draw(words(Risk)),
        "disagreement": draw(words(Disagreement)),
        "my_agency": draw(words(Agency)),
        "their_agency": draw(words(Agency)),
        "child_status": draw(st.lists(words(ChildStatus), max_size=4)),
        "area": draw(st.sampled_from([None, *areas])),
        "exit": draw(st.none() | words(Exit)),
        "concern_on": draw(st.none() | days_before(today, 60)),
        "steps": steps,
        **fixed,
    }


@st.composite
def facts_waiting(draw: st.DrawFn, /) -> dict[str, Any]:
    """Draw facts of a concern whose highest step still waits for an answer."""
    data = draw(facts_given(risk="concern", exit=None, concern_on=None, steps=[]))
    today = date.fromisoformat(data["today"])
    top = draw(st.sampled_from(list(Level)))
    raised = today - timedelta(days=draw(st.integers(0, 15)))
    outcome = draw(st.sampled_from(["awaiting", "awaiting", "no_response"]))
    steps = [{"level": str(top), "on": raised.isoformat(), "outcome": outcome}]
    for level in Level:
        if level.rank < top.rank and draw(st.integers(0, 5)):
            on = draw(days_before(raised, 20))
            steps.append({"level": str(level), "on": on, "outcome": draw(st.sampled_from(FAILED))})
    return {**data, "steps": steps}


FAILED = ["unresolved", "unresolved", "no_response", "awaiting"]
