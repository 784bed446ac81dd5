"""Why a question is asked: the reason in a sentence or two, and where it comes from."""

from collections.abc import Callable, Mapping

import msgspec

from bot.core.conversation.questions import Policies, Question, counted_from
from bot.core.conversation.state import State
from bot.core.handbook.handbook import Handbook
from bot.core.handbook.safety_guidance import SafetyGuidance
from bot.core.policy.model import Anchor, Source
from bot.core.rules.duties import WHOLE
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.triage import procedure_named

HOW_THE_GUIDE_WORKS = "How the guide asks"
"""The section of the standing guidance for questions that no policy asks for."""


class Reason(msgspec.Struct, frozen=True):
    """The response that gives the reason, without "utter_", and its source."""

    response: str
    source: Source


def reason_for(
    question: Question | None, state: State, policies: Policies, handbook: Handbook
) -> Reason:
    """Return why the open question is asked; without one, what can be said at any time."""
    safety_guidance, policy = handbook.safety_guidance, state.policy(policies)
    own = safety_guidance.cite(HOW_THE_GUIDE_WORKS)
    if question is None:
        return Reason("help_any", own)
    if question is Question.exit_check and state.exit:
        procedure = procedure_named(state.exit, policy, safety_guidance)
        named = policy if policy and procedure in policy.other_procedures else safety_guidance
        return Reason("help_exit_check", named.cite(procedure.source))
    section = _section_of_policy(question, state, policies)
    if section is not None and policy is not None:
        return Reason(f"help_{question}", policy.cite(section))
    name = STANDING_SECTIONS.get(question)
    return Reason(f"help_{question}", safety_guidance.cite(name(safety_guidance)) if name else own)


STANDING_SECTIONS: Mapping[Question, Callable[[SafetyGuidance], str]] = {
    Question.risk: lambda safety_guidance: safety_guidance.same_day.source,
    Question.calls_made: lambda safety_guidance: safety_guidance.same_day.source,
    Question.partnership: lambda safety_guidance: safety_guidance.no_area.source,
    Question.exit_check: lambda _: HOW_THE_GUIDE_WORKS,
}


def _section_of_policy(question: Question, state: State, policies: Policies) -> str | None:
    """Return the section of the policy that makes the question necessary, or None."""
    policy = state.policy(policies)
    find = SECTIONS.get(question)
    return find(policy, state, policies) if policy and find else None


def _roles(policy: NarrowedPolicy, _: State, __: Policies) -> str:
    named = [role for stage in policy.stages for role in stage.roles if role.agencies]
    return named[0].source if named else policy.stages[0].source


def _statuses(policy: NarrowedPolicy, _: State, __: Policies) -> str | None:
    return next(
        (
            duty.source
            for stage in policy.stages
            for duties in (stage.notify, stage.guidance, stage.records, stage.forms, stage.roles)
            for duty in duties
            if duty.applies.child_status
        ),
        None,
    )


def _order(policy: NarrowedPolicy, _: State, __: Policies) -> str | None:
    return next((one.must_follow.source for one in policy.stages if one.must_follow), None)


def _limit(policy: NarrowedPolicy, state: State, policies: Policies) -> str:
    top = state.stage(policies) or policy.stages[0]
    return top.to_answer[0].source if top.to_answer else top.source


def _counted_from_earlier(policy: NarrowedPolicy, state: State, policies: Policies) -> str | None:
    return None if counted_from(state, policies) is None else _limit(policy, state, policies)


def _concern(policy: NarrowedPolicy, _: State, __: Policies) -> str | None:
    return next(
        (
            limit.source
            for limit in policy.stages[0].to_answer
            for reading in limit.readings
            if reading.counted_from is Anchor.concern
        ),
        None,
    )


SECTIONS: Mapping[Question, Callable[[NarrowedPolicy, State, Policies], str | None]] = {
    Question.area: lambda policy, *_: policy.areas[0].source if policy.areas else None,
    Question.trigger_check: lambda policy, *_: (
        policy.triggers[0].source if policy.triggers else None
    ),
    Question.disagreement: lambda policy, *_: (
        policy.own_areas[0].source if policy.own_areas else WHOLE
    ),
    Question.my_agency: _roles,
    Question.their_agency: _roles,
    Question.child_status: _statuses,
    Question.reached: lambda policy, *_: policy.stages[0].source,
    Question.earlier_followed: _order,
    Question.earlier_on: _counted_from_earlier,
    Question.step_on: _limit,
    Question.step_outcome: _limit,
    Question.concern_on: _concern,
}
"""Where in a policy the reason for a question stands."""
