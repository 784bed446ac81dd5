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


def when_owing(state: State, policies: Policies) -> State | None:
    """Return the state of whoever has to answer, before all is told, or None.

    It is only asked about: how long there is and what is owed depend on the stage and its day.
    """
    told = state.policy(policies) is not None and _knows_the_stage(state)
    if not told or state.urgent or state.on_side is not Side.receiver:
        return None
    return replace(
        state,
        risk=state.risk or Risk.concern,
        step_outcome=state.step_outcome or str(Outcome.awaiting),
    )


def _knows_the_stage(state: State) -> bool:
    """Say whether the stage that it was raised at is known."""
    return state.tried is not None and state.step_on is not None
