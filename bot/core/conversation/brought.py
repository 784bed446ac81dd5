"""What a manager is to do with what their own staff have brought them, before the rest is told."""

from msgspec.structs import replace

from bot.core.conversation.state import FOLLOWED, Policies, State
from bot.core.vocabulary import Level, Outcome, Risk, Side


def when_brought(state: State, policies: Policies) -> State | None:
    """Return the state in which it has come up to the person's own rung, or None.

    Whoever has it brought to them acts because it was not settled below. It is only asked about:
    nothing of it is kept.
    """
    policy = state.policy(policies)
    level = Level(state.level) if state.level in set(map(str, Level)) else Level.practitioner
    if policy is None or state.urgent or state.on_side is Side.receiver or state.reached:
        return None
    theirs = policy.stage_for(level)
    below = [stage for stage in policy.stages if stage.number < theirs.number]
    if not below or theirs.level is Level.practitioner:
        return None
    earlier = {policy.rung(stage): FOLLOWED for stage in below[:-1]}
    return replace(
        state,
        risk=state.risk or Risk.concern,
        reached=policy.rung(below[-1]),
        step_outcome=str(Outcome.unresolved),
        earlier=earlier,
    )
