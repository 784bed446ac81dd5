"""The questions about progress: the stages, their days and their outcomes."""

from collections.abc import Iterable
from datetime import timedelta

from msgspec.structs import replace

from bot.core.conversation.earlier import (
    relevant_earlier,
    required_earlier,
    stage_counted_from,
    stage_to_date,
    unconfirmed_stages,
)
from bot.core.conversation.questions.spec import (
    NO,
    YES,
    Menu,
    Option,
    Question,
    QuestionSpec,
    day_or,
    for_side,
    in_policy,
    one_of,
    without_gaps,
)
from bot.core.conversation.state import (
    FOLLOWED,
    IN_DOUBT,
    LEFT_OUT,
    NOTHING,
    UNKNOWN,
    Policies,
    State,
    with_answer,
)
from bot.core.handbook.safety_guidance import SafetyGuidance
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import AND_NUMBER, Anchor, Limit, Party, Policy, level_of
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.text import parse_day
from bot.core.vocabulary import Level, Outcome, Side

GAP = "gap"
"""Suffix of a level: the highest stage tried, but an earlier stage that matters was left out."""


def _reached_options(menu: Menu) -> list[Option]:
    """Offer every stage, and again without an earlier stage that matters."""
    # Who was asked to answer cannot say that nobody has been asked.
    found = menu.titled("reached", NOTHING) if menu.state.on_side is Side.raiser else []
    for stage in menu.policy.stages:
        rung = menu.policy.rung(stage)
        found.append(Option(rung, f"{stage.label}: {stage.title}"))
        before = relevant_earlier(replace(menu.state, reached=rung), menu.policies)
        if before:
            name = "reached_gap" if len(before) == 1 else "reached_gaps"
            title = menu.phrases.say(f"option_{name}", stage=stage.label, missing=before[0].label)
            found.append(Option(f"{rung}.{GAP}", title))
    return found


def _take_reached(state: State, value: str, policies: Policies) -> State | None:
    rung, _, gap = value.partition(".")
    if not _is_reached(rung) or gap not in {"", GAP}:
        return None
    reached = replace(
        state, reached=rung, step_on=None, step_outcome=None, settled_on=None, earlier={}
    )
    policy = reached.policy(policies)
    before = [policy.rung(stage) for stage in relevant_earlier(reached, policies)] if policy else []
    if not gap:
        return replace(reached, earlier=dict.fromkeys(before, FOLLOWED))
    # If several may have been left out, the guide asks which.
    return replace(
        reached, earlier=dict.fromkeys(before, LEFT_OUT if len(before) == 1 else IN_DOUBT)
    )


def _is_reached(value: str, *_: object) -> bool:
    return value in {NOTHING, UNKNOWN} or value.partition(AND_NUMBER)[0] in set(map(str, Level))


def _reached_title(value: str, policy: Policy | None, phrases: Phrases) -> str:
    return (
        phrases.say(f"option_reached_{value}")
        if value == NOTHING
        else stage_title(value, policy, phrases)
    )


def stage_title(rung: str, policy: Policy | None, phrases: Phrases) -> str:
    """Return the policy's name for its stage on a rung; without a policy, the level's name."""
    if policy is None:
        return phrases.say(f"level_{level_of(rung)}")
    stage = policy.stage_on(rung)
    return f"{stage.label}: {stage.title}"


def _followed_options(menu: Menu) -> list[Option]:
    """Offer "all were followed", each stage that may have been left out, and "none"."""
    say = menu.phrases.say
    stages = unconfirmed_stages(menu.state, menu.policies)
    doubted = IN_DOUBT in menu.state.earlier.values()
    found = [] if doubted else [Option("all", say("option_earlier_followed_all"))]
    for stage in stages:
        title = say("option_earlier_followed_left_out", stage=stage.label)
        found.append(Option(menu.policy.rung(stage), title))
    if len(stages) > 1:
        everyone = ".".join(map(menu.policy.rung, stages))
        found.append(Option(everyone, say("option_earlier_followed_none")))
    return found


def _followed_gaps(menu: Menu, _: SafetyGuidance) -> dict[str, str]:
    rules = [stage.must_follow for stage in menu.policy.stages if stage.must_follow]
    return {"what": rules[0].what}


def _take_followed(state: State, value: str, policies: Policies) -> State | None:
    policy = state.policy(policies)
    rungs = [policy.rung(stage) for stage in unconfirmed_stages(state, policies)] if policy else []
    doubted = IN_DOUBT in state.earlier.values()
    if value == UNKNOWN and doubted and rungs:
        # A stage was left out and nobody knows which: the first has to be made up for.
        value = rungs[0]
    if doubted and value == "all":
        return None
    left_out = set() if value in {"all", UNKNOWN} else set(value.split("."))
    if not left_out <= set(rungs):
        return None
    followed = UNKNOWN if value == UNKNOWN else FOLLOWED
    told = {rung: LEFT_OUT if rung in left_out else followed for rung in rungs}
    return replace(state, earlier={**state.earlier, **told})


def _order(policy: NarrowedPolicy, _: State, __: Policies) -> str | None:
    return next((stage.must_follow.source for stage in policy.stages if stage.must_follow), None)


def _day_options(menu: Menu) -> list[Option]:
    yesterday = menu.today - timedelta(days=1)
    return [
        Option(menu.today.isoformat(), menu.phrases.say("option_day_today")),
        Option(yesterday.isoformat(), menu.phrases.say("option_day_yesterday")),
    ]


def _earlier_on_options(menu: Menu) -> list[Option]:
    stage = stage_to_date(menu.state, menu.policies)
    followed = stage and menu.state.earlier.get(menu.policy.rung(stage)) == FOLLOWED
    left_out = [] if followed else menu.titled("earlier_on", LEFT_OUT)
    return [*_day_options(menu), *left_out]


def _earlier_on_gaps(menu: Menu, _: SafetyGuidance) -> dict[str, str]:
    stage = stage_to_date(menu.state, menu.policies)
    return {"stage": f"{stage.label} ({stage.title})" if stage else ""}


def _take_earlier_on(state: State, value: str, policies: Policies) -> State | None:
    policy, stage = state.policy(policies), stage_to_date(state, policies)
    if policy is None or stage is None or not (value in {LEFT_OUT, UNKNOWN} or parse_day(value)):
        return None
    return replace(state, earlier={**state.earlier, policy.rung(stage): value})


def _counted_from_earlier(policy: NarrowedPolicy, state: State, policies: Policies) -> str | None:
    return None if stage_counted_from(state, policies) is None else _limit(policy, state, policies)


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


def _limit(policy: NarrowedPolicy, state: State, policies: Policies) -> str:
    top = state.stage(policies) or policy.stages[0]
    return top.to_answer[0].source if top.to_answer else top.source


def _concern_on_needed(state: State, policies: Policies) -> bool:
    policy = state.policy(policies)
    if policy is None or state.reached != NOTHING or state.concern_on is not None:
        return False
    return _concern(policy, state, policies) is not None


def _concern(policy: NarrowedPolicy, _: State, __: Policies) -> str | None:
    first = policy.stages[0]
    return _counted_from(Anchor.concern, (*first.to_begin, *first.to_answer))


def _counted_from(anchor: Anchor, limits: Iterable[Limit]) -> str | None:
    """Return the section of the first limit that is counted from an event, if there is one."""
    return next(
        (
            limit.source
            for limit in limits
            if any(reading.counted_from is anchor for reading in limit.readings)
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
    return _counted_from(Anchor.settled, counted)


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


def _answered_on_response(menu: Menu) -> str:
    if menu.state.step_outcome == Outcome.resolved:
        return "ask_settled_day"
    return for_side("ask_answered_on")(menu)


def _take_answered_on(state: State, value: str, _: Policies) -> State | None:
    if state.tried is None or not (value == UNKNOWN or parse_day(value)):
        return None
    return with_answer(state, value)


SPECS = (
    QuestionSpec(
        name=Question.reached,
        needed=lambda state, _: state.reached is None,
        response=for_side("ask_reached"),
        options=_reached_options,
        source=in_policy(lambda policy, *_: policy.stages[0].source),
        values=_is_reached,
        take=_take_reached,
        short={NO: NOTHING},
        forgets=("step_on", "step_outcome", "settled_on", "earlier"),
        shown=True,
        title=_reached_title,
        depends=without_gaps,
        recognised_by=True,
    ),
    QuestionSpec(
        name=Question.earlier_followed,
        needed=lambda state, policies: bool(unconfirmed_stages(state, policies)),
        options=_followed_options,
        response=lambda menu: (
            "ask_earlier_left_out"
            if IN_DOUBT in menu.state.earlier.values()
            else "ask_earlier_followed"
        ),
        gaps=_followed_gaps,
        source=in_policy(_order),
        field="earlier",
        values=day_or(UNKNOWN, LEFT_OUT, FOLLOWED, IN_DOUBT),
        take=_take_followed,
        short={YES: "all"},
        shown=True,
        quiet=True,
        lapses=True,
        depends=without_gaps,
    ),
    # A second question about the field of `earlier_followed`, whose record holds the rest.
    QuestionSpec(
        name=Question.earlier_on,
        needed=lambda state, policies: stage_to_date(state, policies) is not None,
        options=_earlier_on_options,
        gaps=_earlier_on_gaps,
        source=in_policy(_counted_from_earlier),
        field="earlier",
        take=_take_earlier_on,
        day=True,
    ),
    QuestionSpec(
        name=Question.step_on,
        needed=_step_on_needed,
        response=for_side("ask_step_on"),
        options=_day_options,
        gaps=_step_on_gaps,
        source=in_policy(_limit),
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
        source=in_policy(_limit),
        values=one_of(Outcome, UNKNOWN),
        shown=True,
        lapses=True,
        depends=without_gaps,
        recognised_by=True,
    ),
    QuestionSpec(
        name=Question.settled_on,
        needed=_settled_on_needed,
        options=_day_options,
        source=in_policy(_settled),
        values=day_or(UNKNOWN),
        day=True,
        shown=True,
        lapses=True,
    ),
    QuestionSpec(
        name=Question.priority,
        needed=_priority_needed,
        options=_priority_options,
        source=in_policy(
            lambda policy, *_: policy.priorities[0].source if policy.priorities else None
        ),
        values=_priority_fits,
        shown=True,
        title=_priority_title,
        lapses=True,
    ),
    QuestionSpec(
        name=Question.concern_on,
        needed=_concern_on_needed,
        options=_day_options,
        source=in_policy(_concern),
        values=day_or(UNKNOWN),
        day=True,
        shown=True,
        depends=without_gaps,
    ),
    QuestionSpec(
        name=Question.answered_on,
        needed=None,
        aside=True,
        response=_answered_on_response,
        options=lambda menu: [*_day_options(menu), *menu.titled("any", UNKNOWN)],
        unknown=False,
        field="answered",
        values=day_or(UNKNOWN),
        take=_take_answered_on,
        day=True,
    ),
)
