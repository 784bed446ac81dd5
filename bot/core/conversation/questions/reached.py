"""The questions about how far it has got: the highest stage tried, and those before it."""

from msgspec.structs import replace

from bot.core.conversation.earlier import (
    relevant_earlier,
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
    day_options,
    day_or,
    for_side,
    in_policy,
    limit_source,
    shows_all,
    without_gaps,
)
from bot.core.conversation.state import (
    EVERY,
    FOLLOWED,
    IN_DOUBT,
    LEFT_OUT,
    NOTHING,
    UNKNOWN,
    Policies,
    State,
)
from bot.core.handbook.safety_guidance import SafetyGuidance
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import AND_NUMBER, Policy, level_of
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.text import parse_day
from bot.core.vocabulary import Level, Side

GAP = "gap"
"""Suffix of a level: the highest stage tried, but an earlier stage that matters was left out."""


def _reached_options(menu: Menu) -> list[Option]:
    """Offer every stage; on demand again without an earlier stage that matters."""
    # Who was asked to answer cannot say that nobody has been asked.
    found = menu.titled("reached", NOTHING) if menu.state.on_side is Side.raiser else []
    whole, gaps = shows_all(menu.state, Question.reached), False
    for stage in menu.policy.stages:
        rung = menu.policy.rung(stage)
        found.append(Option(rung, f"{stage.label}: {stage.title}"))
        before = relevant_earlier(replace(menu.state, reached=rung), menu.policies)
        gaps = gaps or bool(before)
        if before and whole:
            name = "reached_gap" if len(before) == 1 else "reached_gaps"
            title = menu.phrases.say(f"option_{name}", stage=stage.label, missing=before[0].label)
            found.append(Option(f"{rung}.{GAP}", title))
    return [*found, *menu.titled("reached", EVERY)] if gaps and not whole else found


def _take_reached(state: State, value: str, policies: Policies) -> State | None:
    if value == EVERY:
        return replace(state, listed=str(Question.reached))
    rung, _, gap = value.partition(".")
    if not _is_reached(rung) or gap not in {"", GAP}:
        return None
    # What was told before the stage is the stage's own: "last friday", "no agreement".
    early = state.reached is None and rung != NOTHING
    day, outcome = (state.step_on, state.step_outcome) if early else (None, None)
    reached = replace(
        state, reached=rung, step_on=day, step_outcome=outcome, settled_on=None, earlier={}
    )
    policy = reached.policy(policies)
    before = [policy.rung(stage) for stage in relevant_earlier(reached, policies)] if policy else []
    if not gap:
        return replace(reached, earlier=dict.fromkeys(before, FOLLOWED))
    # If several may have been left out, the guide asks which.
    return replace(
        reached, earlier=dict.fromkeys(before, LEFT_OUT if len(before) == 1 else IN_DOUBT)
    )


def at_raised_stage(state: State, policies: Policies) -> State:
    """Return the state at the stage that was told by its number before its policy was known."""
    policy, number = state.policy(policies), state.raised_stage
    if policy is None or number is None:
        return state
    waits = replace(state, raised_stage=None)
    stage = next((stage for stage in policy.stages if stage.number == number), None)
    if stage is None or state.reached is not None:
        return waits
    return _take_reached(waits, policy.rung(stage), policies) or waits


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


def _followed_needed(state: State, policies: Policies) -> bool:
    """Say whether it is asked: whoever has to answer owes it, whatever came before."""
    return state.on_side is Side.raiser and bool(unconfirmed_stages(state, policies))


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


def _earlier_on_options(menu: Menu) -> list[Option]:
    stage = stage_to_date(menu.state, menu.policies)
    followed = stage and menu.state.earlier.get(menu.policy.rung(stage)) == FOLLOWED
    left_out = [] if followed else menu.titled("earlier_on", LEFT_OUT)
    return [*day_options(menu), *left_out]


def _earlier_on_gaps(menu: Menu, _: SafetyGuidance) -> dict[str, str]:
    stage = stage_to_date(menu.state, menu.policies)
    return {"stage": f"{stage.label} ({stage.title})" if stage else ""}


def _take_earlier_on(state: State, value: str, policies: Policies) -> State | None:
    policy, stage = state.policy(policies), stage_to_date(state, policies)
    if policy is None or stage is None or not (value in {LEFT_OUT, UNKNOWN} or parse_day(value)):
        return None
    return replace(state, earlier={**state.earlier, policy.rung(stage): value})


def _counted_from_earlier(policy: NarrowedPolicy, state: State, policies: Policies) -> str | None:
    return (
        None
        if stage_counted_from(state, policies) is None
        else limit_source(policy, state, policies)
    )


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
        needed=_followed_needed,
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
)
