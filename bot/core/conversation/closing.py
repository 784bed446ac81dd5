"""Closing the loop: at which stage it was settled, what helped, and what lay behind it."""

from collections.abc import Sequence

from msgspec.structs import replace

from bot.core.conversation.state import FOLLOWED, OPEN, UNKNOWN, Policies, State
from bot.core.policy.model import Stage
from bot.core.vocabulary import Outcome

NOT_SETTLED = "no"
"""The answer that takes "it has been settled" back."""


def offer_to_close(state: State, policies: Policies) -> State:
    """Ask at which stage it was settled, where there is any. What is for today comes first."""
    return replace(state, settled=OPEN) if stages_to_settle_at(state, policies) else state


def stages_to_settle_at(state: State, policies: Policies) -> Sequence[Stage]:
    """Return the stages from the one they had reached on: more may have happened since."""
    policy = state.policy(policies)
    if policy is None or state.urgent or state.reached is None:
        return ()
    here = state.stage(policies) or policy.stages[0]
    return [stage for stage in policy.stages if stage.number >= here.number]


def take_settled(state: State, value: str, policies: Policies) -> State | None:
    """Return the state settled at a level, or as it was; None for a level that is not on offer."""
    if value == NOT_SETTLED:
        return replace(state, settled=None)
    stages = {str(stage.level): stage for stage in stages_to_settle_at(state, policies)}
    if value not in stages:
        return None
    settled = replace(state, settled=None, follow_up=None, step_outcome=str(Outcome.resolved))
    here = state.stage(policies)
    if here and here.number == stages[value].number:
        return settled
    below = [stage for stage in stages.values() if stage.number < stages[value].number]
    earlier = {**state.earlier, **{str(stage.level): FOLLOWED for stage in below}}
    if state.tried:
        earlier[str(state.tried)] = state.step_on or UNKNOWN
    # On which day it went there is not asked: nothing is counted from it any more.
    return replace(settled, reached=value, step_on=UNKNOWN, earlier=earlier)
