"""The questions about progress: the stages, their days and their outcomes."""

from collections.abc import Collection, Iterable
from typing import Any

from msgspec.structs import replace

from bot.core.conversation.earlier import (
    required_earlier,
    stage_counted_from,
)
from bot.core.conversation.questions.spec import (
    NO,
    Menu,
    Needed,
    Option,
    Question,
    QuestionSpec,
    Section,
    day_options,
    day_or,
    for_side,
    in_policy,
    limit_source,
    one_of,
    without_gaps,
)
from bot.core.conversation.state import (
    LEFT_OUT,
    NOTHING,
    UNKNOWN,
    Policies,
    State,
    with_answer,
)
from bot.core.handbook.safety_guidance import SafetyGuidance
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import CLOSING, Anchor, Limit, Party, Policy
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.text import parse_day
from bot.core.vocabulary import Outcome, Side


def _step_on_needed(state: State, policies: Policies) -> bool:
    if state.tried is None or state.step_on is not None:
        return False
    if state.step_outcome == Outcome.resolved:
        # No limit is counted from the day of the stage that settled it.
        return False
    # The day changes nothing if they are sent back to a stage that was left out, or if the limit
    # is counted from an earlier stage.
    policy = state.policy(policies)
    if policy is None:
        return True
    sent_back = any(
        state.earlier.get(policy.rung(stage)) == LEFT_OUT
        for stage in required_earlier(state, policies)
    )
    before = stage_counted_from(state, policies)
    left_out = before is not None and state.earlier.get(policy.rung(before)) == LEFT_OUT
    return not sent_back and (before is None or left_out)


def _step_on_gaps(menu: Menu, _: SafetyGuidance) -> dict[str, str]:
    top = menu.state.stage(menu.policies)
    return {"stage": f"{top.label} ({top.title})" if top else ""}


def _take_step_on(state: State, value: str, _: Policies) -> State | None:
    day = parse_day(value)
    if day is None and value != UNKNOWN:
        return None
    earlier = {
        level: told
        for level, told in state.earlier.items()
        if not (day and (parse_day(told) or day) > day)
    }
    return replace(state, step_on=value, earlier=earlier)


def _outcome_options(menu: Menu) -> list[Option]:
    """Offer what can have come of it; who owes the answer cannot say that nobody responded."""
    if menu.state.on_side is Side.raiser:
        return menu.titled("step_outcome", *map(str, Outcome))
    own = (Outcome.awaiting, Outcome.unresolved, Outcome.resolved)
    return menu.titled("received_step_outcome", *map(str, own))


def _concern_on_needed(state: State, policies: Policies) -> bool:
    policy = state.policy(policies)
    if policy is None or state.reached != NOTHING or state.concern_on is not None:
        return False
    return _concern(policy, state, policies) is not None


def _concern(policy: NarrowedPolicy, _: State, __: Policies) -> str | None:
    first = policy.stages[0]
    return _counted_from({Anchor.concern}, (*first.to_begin, *first.to_answer))


def _counted_from(anchors: Collection[Anchor], limits: Iterable[Limit]) -> str | None:
    """Return the section of the first limit that is counted from an event, if there is one."""
    return next(
        (
            limit.source
            for limit in limits
            if any(reading.counted_from in anchors for reading in limit.readings)
        ),
        None,
    )


def _settled_on_needed(state: State, policies: Policies) -> bool:
    policy = state.policy(policies)
    asks = state.step_outcome == Outcome.resolved and state.settled_on is None
    return asks and policy is not None and _settled(policy, state, policies) is not None


def _settled(_: NarrowedPolicy, state: State, policies: Policies) -> str | None:
    """Return the section of a limit whose date depends on the day of the settlement.

    What is due without delay is due today, whenever it was settled.
    """
    stage = state.stage(policies)
    own = Party.receiver if state.on_side is Side.receiver else Party.raiser
    counted = (
        limit
        for limit in (stage.to_close if stage else ())
        if limit.amount is not None and limit.who in {own, Party.partnership}
    )
    return _counted_from(CLOSING, counted)


MOST_WORDS = 30
"""A question has 40 words at most."""


def _priority_needed(state: State, policies: Policies) -> bool:
    """Say whether a limit here or at the next stage depends on a track that nobody has named."""
    policy = state.policy(policies)
    if policy is None or state.reached is None or state.priority is not None:
        return False
    here = state.stage(policies) or policy.stages[0]
    near = {here.number, (policy.following(here) or here).number}
    return state.step_outcome != Outcome.resolved and bool(near & policy.undecided)


def _priority_fits(value: str, _: Policies, policy: Policy | None) -> bool:
    listed = policy.priorities if policy else ()
    return value == UNKNOWN or value in {priority.id for priority in listed}


def _priority_title(value: str, policy: Policy | None, _: Phrases) -> str:
    """Return a priority's name as it begins an option: "The urgent track"."""
    listed = {priority.id: priority.name for priority in (policy.priorities if policy else ())}
    name = listed.get(value, value)
    return f"{name[:1].upper()}{name[1:]}"


def _priority_options(menu: Menu) -> list[Option]:
    listed = menu.policy.priorities
    return [
        Option(priority.id, _priority_title(priority.id, menu.policy, menu.phrases))
        for priority in listed
    ]


def _priority_gaps(menu: Menu, _: SafetyGuidance) -> dict[str, str]:
    """Say what each track is for, where that is short enough for a question."""
    told = "".join(
        f" {_priority_title(one.id, menu.policy, menu.phrases)}: {one.what}"
        for one in menu.policy.priorities
    )
    return {"tracks": told if len(told.split()) <= MOST_WORDS else ""}


def _answered_on_response(menu: Menu) -> str:
    if menu.state.step_outcome == Outcome.resolved:
        return "ask_settled_day"
    return for_side("ask_answered_on")(menu)


def _take_answered_on(state: State, value: str, _: Policies) -> State | None:
    if state.tried is None or not (value == UNKNOWN or parse_day(value)):
        return None
    return with_answer(state, value)


def _counted_day(name: Question, needed: Needed, source: Section, **more: Any) -> QuestionSpec:
    """Return the question for a day that a limit is counted from, and that is no stage's own."""
    return QuestionSpec(
        name=name,
        needed=needed,
        options=day_options,
        source=in_policy(source),
        values=day_or(UNKNOWN),
        day=True,
        shown=True,
        **more,
    )


SPECS = (
    QuestionSpec(
        name=Question.step_on,
        needed=_step_on_needed,
        response=for_side("ask_step_on"),
        options=day_options,
        gaps=_step_on_gaps,
        source=in_policy(limit_source),
        values=day_or(UNKNOWN),
        take=_take_step_on,
        day=True,
        shown=True,
        lapses=True,
        depends=without_gaps,
        recognised_by=True,
    ),
    QuestionSpec(
        name=Question.step_outcome,
        needed=lambda state, _: state.tried is not None and state.step_outcome is None,
        response=for_side("ask_step_outcome"),
        options=_outcome_options,
        source=in_policy(limit_source),
        values=one_of(Outcome, UNKNOWN),
        short_received={NO: str(Outcome.awaiting)},
        shown=True,
        lapses=True,
        depends=without_gaps,
        recognised_by=True,
    ),
    _counted_day(Question.settled_on, _settled_on_needed, _settled, lapses=True),
    QuestionSpec(
        name=Question.priority,
        needed=_priority_needed,
        options=_priority_options,
        gaps=_priority_gaps,
        source=in_policy(
            lambda policy, *_: policy.priorities[0].source if policy.priorities else None
        ),
        values=_priority_fits,
        shown=True,
        title=_priority_title,
        lapses=True,
    ),
    _counted_day(Question.concern_on, _concern_on_needed, _concern, depends=without_gaps),
    QuestionSpec(
        name=Question.answered_on,
        needed=None,
        aside=True,
        response=_answered_on_response,
        options=lambda menu: [*day_options(menu), *menu.titled("any", UNKNOWN)],
        unknown=False,
        field="answered",
        values=day_or(UNKNOWN),
        take=_take_answered_on,
        day=True,
    ),
)
