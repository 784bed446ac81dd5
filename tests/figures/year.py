"""Simulated years of three partnerships, their rows made as the guide makes them.

Each escalation is a conversation's state, advised upon by the core and logged; some come back and
are settled. Only chance decides who disagrees with whom: the same seed gives the same year.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from bot.core.conversation.figures import Decision, Helped, Learned, Row
from bot.core.conversation.row import escalation_row, merge_row
from bot.core.conversation.state import State, facts_of
from bot.core.handbook.handbook import Handbook, load_handbook
from bot.core.policy.loader import load_library
from bot.core.policy.model import Policy
from bot.core.rules.advice import advise
from bot.core.vocabulary import Agency, Disagreement, Exit, Outcome, Risk, Side
from bot.paths import POLICIES, ROOT

YEAR = {"kent": 260, "pan_bedfordshire": 150, "pan_dorset": 36}
"""The number of escalations of each: many, some and few."""
TAKEN = {"wording": 0.3, "draft": 0.6, "files": 0.2}
BEGINS = date(2025, 10, 1)
DAYS = 365


def simulated_year(
    seed: int = 1, year: Mapping[str, int] = YEAR, begins: date = BEGINS
) -> Iterator[Row]:
    """Yield the year's rows."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    policies, handbook = load_library(POLICIES).newest(), load_handbook(ROOT)
    for name, many in year.items():
        for _ in range(many):
            day = begins + timedelta(days=chance.randrange(DAYS))
            yield _escalation(policies[name], policies, handbook, day, chance)


def _escalation(
    policy: Policy,
    policies: Mapping[str, Policy],
    handbook: Handbook,
    day: date,
    chance: random.Random,
) -> Row:
    kinds = list(Disagreement)
    raiser, receiver = chance.choices(
        [
            (Agency.education, Agency.childrens_social_care),
            (Agency.health, Agency.childrens_social_care),
            (Agency.police, Agency.childrens_social_care),
            (Agency.childrens_social_care, Agency.health),
            (chance.choice(list(Agency)), chance.choice(list(Agency))),
        ],
        [40, 25, 8, 12, 15],
    )[0]
    areas = policy.member_areas()
    rank = chance.choices([0, 1, 2, 3], [30, 40, 20, 10])[0]
    stage = policy.stages[min(rank, len(policy.stages) - 1)]
    risk = chance.choices([Risk.immediate_danger, Risk.immediate_harm, Risk.concern], [2, 7, 91])[0]
    outcome = chance.choices(
        [Outcome.awaiting, Outcome.unresolved, Outcome.no_response], [50, 30, 20]
    )[0]
    state = State(
        risk=risk,
        partnership=policy.id,
        area=chance.choice(areas).id if areas else None,
        disagreement=str(chance.choices(kinds, [1.5**-at for at in range(len(kinds))])[0]),
        my_agency=str(raiser),
        their_agency=str(receiver),
        reached=str(stage.level),
        side=chance.choices([None, str(Side.receiver)], [85, 15])[0],
        step_on=(day - timedelta(days=chance.randrange(20))).isoformat(),
        step_outcome=str(outcome),
        exit=chance.choice(list(Exit)) if chance.random() < 0.05 else None,
        taken=tuple(one for one, often in TAKEN.items() if chance.random() < often),
        missed=chance.random() < 0.15,
    )
    row = _row(state, policies, handbook, day)
    if chance.random() < 0.45 and row.level:
        later = day + timedelta(days=chance.randrange(1, 25))
        settled_on = later - timedelta(days=chance.randrange(4))
        told = chance.random() < 0.8
        settled = replace(
            state,
            answered={str(stage.level): settled_on.isoformat()} if told else {},
            step_outcome=str(Outcome.resolved),
            decision=str(chance.choice(list(Decision))) if chance.random() < 0.7 else "skipped",
            helped=str(chance.choice(list(Helped))) if chance.random() < 0.7 else "skipped",
            learned=str(chance.choice(list(Learned))) if chance.random() < 0.6 else "skipped",
        )
        row = merge_row(row, _row(settled, policies, handbook, later))
    return row


def _row(state: State, policies: Mapping[str, Policy], handbook: Handbook, day: date) -> Row:
    advice = advise(facts_of(state, policies), state.policy(policies), day, handbook)
    return escalation_row(state, advice, policies, handbook.phrases, day)
