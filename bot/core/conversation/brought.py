"""What somebody is to do by what is told so far, before the rest is told.

A manager with what their own staff have brought them; either side once the stage and its day are
known.
"""

from msgspec.structs import replace

from bot.core.conversation.answers import SAFETY
from bot.core.conversation.questions.table import next_question
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


def when_dated(state: State, policies: Policies) -> State | None:
    """Return the state in which the dates are known, before all is told, or None.

    It is only asked about: how long there is and what is owed depend on the stage and its day. The
    side that raised it has to tell what came of it, and first of all whether it can wait.
    """
    told = state.policy(policies) is not None and _knows_the_stage(state)
    if not told or state.urgent:
        return None
    raises = state.on_side is not Side.receiver
    if raises and (state.step_outcome is None or next_question(state, policies) in SAFETY):
        return None
    return replace(
        state,
        risk=state.risk or Risk.concern,
        step_outcome=state.step_outcome or str(Outcome.awaiting),
    )


def _knows_the_stage(state: State) -> bool:
    """Say whether the stage that it was raised at is known."""
    return state.tried is not None and state.step_on is not None
