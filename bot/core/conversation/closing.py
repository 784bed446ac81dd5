"""Closing a disagreement: the stage that settled it, what came of it, and its cause."""

from collections.abc import Sequence

from msgspec.structs import replace

from bot.core.conversation.state import FOLLOWED, OPEN, UNKNOWN, Policies, State
from bot.core.policy.model import Stage
from bot.core.vocabulary import Outcome

NOT_SETTLED = "no"
"""The answer "not settled after all"."""


def offer_to_close(state: State, policies: Policies) -> State:
    """Ask which stage settled it, if any can have. Urgent advice comes first."""
    return replace(state, settled=OPEN) if stages_to_settle_at(state, policies) else state


def stages_to_settle_at(state: State, policies: Policies) -> Sequence[Stage]:
    """Return the stage reached and all later ones: more may have happened since."""
    policy = state.policy(policies)
    if policy is None or state.urgent or state.reached is None:
        return ()
    here = state.stage(policies) or policy.stages[0]
    return [stage for stage in policy.stages if stage.number >= here.number]


def take_settled(state: State, value: str, policies: Policies) -> State | None:
    """Return the state settled at a level, or not settled; None for a level not on offer."""
    if value == NOT_SETTLED:
        return replace(state, settled=None)
    policy = state.policy(policies)
    found = stages_to_settle_at(state, policies)
    stages = {policy.rung(stage): stage for stage in found} if policy else {}
    if value not in stages:
        return None
    settled = replace(state, settled=None, follow_up=None, step_outcome=str(Outcome.resolved))
    here = state.stage(policies)
    if here and here.number == stages[value].number:
        return settled
    below = [rung for rung, stage in stages.items() if stage.number < stages[value].number]
    earlier = {**state.earlier, **dict.fromkeys(below, FOLLOWED)}
    if state.tried and state.reached:
        earlier[state.reached] = state.step_on or UNKNOWN
    # Its day is not asked: nothing is counted from it any more.
    return replace(settled, reached=value, step_on=UNKNOWN, earlier=earlier)
