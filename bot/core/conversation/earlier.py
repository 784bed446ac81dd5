"""The stages below the highest stage tried: which of them matter, and what is still to ask."""

from bot.core.conversation.state import FOLLOWED, IN_DOUBT, Policies, State
from bot.core.policy.model import Anchor, Stage
from bot.core.rules.stages import required_before

COUNTED_FROM_EARLIER = {Anchor.earlier_stage_start, Anchor.escalation_start}


def required_earlier(state: State, policies: Policies) -> list[Stage]:
    """Return the lower stages that the policy requires before the highest or the next stage."""
    policy, top = state.policy(policies), state.stage(policies)
    if policy is None or top is None:
        return []
    ahead = policy.following(top) or top
    return [stage for stage, _ in required_before(policy, ahead, top) if stage.number < top.number]


def unconfirmed_stages(state: State, policies: Policies) -> list[Stage]:
    """Return the required earlier stages that nobody has confirmed yet."""
    policy = state.policy(policies)
    return [
        stage
        for stage in required_earlier(state, policies)
        if policy and state.earlier.get(policy.rung(stage)) in {None, IN_DOUBT}
    ]


def stage_counted_from(state: State, policies: Policies) -> Stage | None:
    """Return the earlier stage from which a limit of the highest stage is counted, if any."""
    policy, top = state.policy(policies), state.stage(policies)
    if policy is None or top is None:
        return None
    for limit in top.to_answer:
        for reading in limit.readings:
            if reading.stage is None or reading.stage >= top.number:
                continue
            if reading.counted_from in COUNTED_FROM_EARLIER:
                return policy.stage(reading.stage)
    return None


def stage_to_date(state: State, policies: Policies) -> Stage | None:
    """Return the earlier stage whose date a limit needs and the guide has not asked for yet."""
    policy, stage = state.policy(policies), stage_counted_from(state, policies)
    if policy is None or stage is None:
        return None
    return stage if state.earlier.get(policy.rung(stage)) in {None, FOLLOWED} else None


def relevant_earlier(state: State, policies: Policies) -> list[Stage]:
    """Return the lower stages that are required or that a limit is counted from."""
    stage = stage_counted_from(state, policies)
    wanted = required_earlier(state, policies)
    return wanted if stage is None or stage in wanted else [*wanted, stage]
