"""The questions about the case: the risk, the policy that applies, the agencies and the child."""

from msgspec.structs import replace

from bot.core.conversation.questions.spec import (
    NO,
    UNSURE,
    YES,
    Menu,
    Option,
    Options,
    Question,
    QuestionSpec,
    Take,
    fixed_options,
    for_side,
    in_guidance,
    in_policy,
    member_of,
    one_of,
    shows_all,
    without_gaps,
)
from bot.core.conversation.state import (
    APART,
    CHECKED_BY_POLICY,
    EVERY,
    UNKNOWN,
    Policies,
    State,
    raised_by_trigger,
    reask_risk,
)
from bot.core.handbook.safety_guidance import SafetyGuidance
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy, Source
from bot.core.rules.cautions import WHOLE_DOCUMENT
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.triage import explanation_lines, procedure_named
from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Exit, Risk, Side


def _take_risk(state: State, value: str, _: Policies) -> State | None:
    risk = member_of(Risk, value)
    if risk is None:
        return None
    # The policy's own question about urgency belonged to the earlier risk.
    checked = state.trigger_check if state.risk in {None, risk} else None
    return replace(state, risk=risk, calls_made=None, trigger_check=checked)


def _owes_answer(state: State) -> bool:
    """Say whether somebody has raised it with them.

    What they owe and by when depends on none of the raiser's reasons: they are told it without
    being asked about these.
    """
    return state.on_side is Side.receiver


def _exit_check_needed(state: State, _: Policies) -> bool:
    asks = state.exit is not None and state.exit not in CHECKED_BY_POLICY
    return asks and state.exit_check is None


def _exit_check_gaps(menu: Menu, guidance: SafetyGuidance) -> dict[str, str]:
    if menu.state.exit is None:
        return {}
    further = {step.what for step in guidance.exit(menu.state.exit).then}
    lines = explanation_lines(menu.state.exit, menu.state.policy(menu.policies), guidance)
    # Where to take it in every case stands in the advice: a question is short.
    said = [(what, source) for what, source in lines if what not in further]
    sources = dict.fromkeys(f"{source.document}, {source.section}" for _, source in said)
    return {"what": " ".join(what for what, _ in said), "source": "; ".join(sources)}


def _exit_check_source(state: State, policies: Policies, guidance: SafetyGuidance) -> Source | None:
    if state.exit is None:
        return None
    policy = state.policy(policies)
    procedure = procedure_named(state.exit, policy, guidance)
    named = policy if policy and procedure in policy.other_procedures else guidance
    return named.cite(procedure.source)


def _exit_check_depends(state: State, policies: Policies, guidance: SafetyGuidance) -> str:
    if state.exit is None:
        return ""
    return procedure_named(state.exit, state.policy(policies), guidance).what


def _trigger_needed(state: State, policies: Policies) -> bool:
    policy = state.policy(policies)
    asks = policy is not None and bool(policy.triggers) and state.risk is Risk.concern
    return asks and state.trigger_check is None


def _trigger_gaps(menu: Menu, _: SafetyGuidance) -> dict[str, str]:
    return {"what": " ".join(trigger.question for trigger in menu.policy.triggers)}


def _take_trigger(state: State, value: str, _: Policies) -> State | None:
    if value not in {"yes", "no", UNKNOWN}:
        return None
    told = replace(state, trigger_check=value)
    if value == "no":
        # A "yes" had raised the risk: ask about it again.
        return reask_risk(told) if raised_by_trigger(state) else told
    # Doubt counts as urgent: the answer raises the risk.
    return replace(told, risk=Risk.immediate_harm, calls_made=None)


LIKELIEST = (
    Disagreement.threshold,
    Disagreement.agency_response,
    Disagreement.plan_progress,
)
"""The kinds offered first while nothing typed points to any."""


def _disagreement_options(menu: Menu) -> list[Option]:
    """Offer the likeliest kinds, and all of them on demand: fourteen buttons are no list."""
    if shows_all(menu.state, Question.disagreement):
        return menu.titled("disagreement", *map(str, Disagreement))
    return menu.titled("disagreement", *(menu.state.guesses or map(str, LIKELIEST)), EVERY)


def guessed(state: State) -> tuple[str, ...]:
    """Return the likeliest kinds in what was typed; none once all of them are shown."""
    return () if shows_all(state, Question.disagreement) else state.guesses


def _take_disagreement(state: State, value: str, _: Policies) -> State | None:
    if value == EVERY:
        return replace(state, listed=str(Question.disagreement))
    known = value == UNKNOWN or member_of(Disagreement, value) is not None
    return replace(state, disagreement=value) if known else None


LIKELIEST_AGENCIES = (
    Agency.childrens_social_care,
    Agency.education,
    Agency.health,
    Agency.police,
)
"""The agencies offered first: twelve buttons are no list. Any other can be typed at once."""


def _agency_options(question: Question) -> Options:
    """Return a function that offers the likeliest agencies, and all of them on demand."""

    def offered(menu: Menu) -> list[Option]:
        if shows_all(menu.state, question):
            return menu.titled("agency", *map(str, Agency))
        return menu.titled("agency", *map(str, LIKELIEST_AGENCIES), EVERY)

    return offered


def _take_agency(question: Question) -> Take:
    def taken(state: State, value: str, _: Policies) -> State | None:
        if value == EVERY:
            return replace(state, listed=str(question))
        known = value == UNKNOWN or member_of(Agency, value) is not None
        return replace(state, **{str(question): value, "same_agency": None}) if known else None

    return taken


def _same_agency_needed(state: State, _: Policies) -> bool:
    """Say whether one agency stands on both sides, so that one of them may have been misread."""
    named = state.my_agency not in {None, UNKNOWN} and state.my_agency == state.their_agency
    return named and state.same_agency is None and state.exit_check != "yes"


def _same_agency_gaps(menu: Menu, _: SafetyGuidance) -> dict[str, str]:
    return {"agency": menu.phrases.say(f"option_agency_{menu.state.my_agency}")}


def _take_same_agency(state: State, value: str, _: Policies) -> State | None:
    changed: dict[str, dict[str, object]] = {
        "mine": {"their_agency": None},
        "theirs": {"my_agency": None},
        APART: {"same_agency": APART},
        UNKNOWN: {"same_agency": UNKNOWN},
        "inside": {"exit": Exit.own_agency, "exit_check": "yes"},
    }
    return replace(state, **changed[value]) if value in changed else None


def _agency_title(value: str, _: Policy | None, phrases: Phrases) -> str:
    return phrases.say(f"option_agency_{value}")


def _roles(policy: NarrowedPolicy, _: State, __: Policies) -> str:
    named = [role for stage in policy.stages for role in stage.roles if role.agencies]
    return named[0].source if named else policy.stages[0].source


def _my_agency_needed(state: State, policies: Policies) -> bool:
    """Say whether it is asked: of whoever owes an answer only where it names their posts."""
    policy = state.whole_policy(policies)
    by_agency = policy is not None and any(
        role.agencies for stage in policy.stages for role in stage.roles
    )
    return state.my_agency is None and (by_agency or not _owes_answer(state))


def _status_needed(state: State, policies: Policies) -> bool:
    policy = state.whole_policy(policies)
    asks = policy is not None and bool(policy.child_statuses())
    return asks and state.child_status is None and not _owes_answer(state)


def _status_options(menu: Menu) -> list[Option]:
    policy = menu.state.whole_policy(menu.policies)
    named = [str(status) for status in policy.child_statuses()] if policy else []
    several = menu.titled("child_status", "all") if len(named) > 1 else []
    return [
        *menu.titled("child_status", *named),
        *(Option(".".join(named), option.title) for option in several),
        *menu.titled("child_status", "none"),
    ]


def _take_status(state: State, value: str, _: Policies) -> State | None:
    statuses = () if value == "none" else tuple(value.split("."))
    known = set(statuses) <= {*map(str, ChildStatus), UNKNOWN}
    return replace(state, child_status=statuses) if known else None


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


SPECS = (
    QuestionSpec(
        name=Question.risk,
        needed=lambda state, _: state.risk is None,
        options=fixed_options("risk", *map(str, Risk)),
        unknown=False,
        source=in_guidance(lambda guidance: guidance.same_day.source),
        values=one_of(Risk),
        take=_take_risk,
        short={
            YES: str(Risk.immediate_harm),
            NO: str(Risk.concern),
            UNSURE: str(Risk.unsure),
        },
        forgets=("calls_made", "trigger_check"),
        shown=True,
    ),
    QuestionSpec(
        name=Question.exit_check,
        needed=_exit_check_needed,
        ends=lambda state, _: state.exit_check == "yes" and not state.urgent,
        options=fixed_options("exit_check", "yes", "no"),
        gaps=_exit_check_gaps,
        source=_exit_check_source,
        values=one_of("yes", "no", UNKNOWN),
        short={YES: "yes", NO: "no"},
        begins=True,
        shown=True,
        quiet=True,
        depends=_exit_check_depends,
        beside={"exit": one_of(Exit)},
    ),
    QuestionSpec(
        name=Question.trigger_check,
        needed=_trigger_needed,
        options=fixed_options("trigger_check", "yes", "no"),
        gaps=_trigger_gaps,
        source=in_policy(lambda policy, *_: policy.triggers[0].source if policy.triggers else None),
        values=one_of("yes", "no", UNKNOWN),
        take=_take_trigger,
        short={YES: "yes", NO: "no"},
        begins=True,
        shown=True,
        quiet=True,
        lapses=True,
    ),
    QuestionSpec(
        name=Question.disagreement,
        needed=lambda state, _: state.disagreement is None and not _owes_answer(state),
        options=_disagreement_options,
        response=lambda menu: (
            "ask_disagreement_guess" if guessed(menu.state) else "ask_disagreement"
        ),
        source=in_policy(
            lambda policy, *_: policy.own_areas[0].source if policy.own_areas else WHOLE_DOCUMENT
        ),
        values=one_of(Disagreement, UNKNOWN),
        take=_take_disagreement,
        forgets=("guesses",),
        shown=True,
        depends=without_gaps,
        recognised_by=True,
    ),
    QuestionSpec(
        name=Question.my_agency,
        needed=_my_agency_needed,
        options=_agency_options(Question.my_agency),
        take=_take_agency(Question.my_agency),
        source=in_policy(_roles),
        values=one_of(Agency, UNKNOWN),
        shown=True,
        title=_agency_title,
        depends=without_gaps,
    ),
    QuestionSpec(
        name=Question.their_agency,
        needed=lambda state, _: state.their_agency is None,
        response=for_side("ask_their_agency"),
        options=_agency_options(Question.their_agency),
        take=_take_agency(Question.their_agency),
        source=in_policy(_roles),
        values=one_of(Agency, UNKNOWN),
        shown=True,
        title=_agency_title,
        depends=without_gaps,
        recognised_by=True,
    ),
    QuestionSpec(
        name=Question.same_agency,
        needed=_same_agency_needed,
        ends=lambda state, _: state.exit_check == "yes" and not state.urgent,
        options=fixed_options("same_agency", APART, "inside", "mine", "theirs"),
        gaps=_same_agency_gaps,
        source=in_guidance(lambda guidance: guidance.same_organisation.source),
        values=one_of(APART, UNKNOWN),
        take=_take_same_agency,
    ),
    QuestionSpec(
        name=Question.child_status,
        needed=_status_needed,
        options=_status_options,
        source=in_policy(_statuses),
        values=one_of(ChildStatus, UNKNOWN),
        take=_take_status,
        short={NO: "none"},
        shown=True,
        lapses=True,
        depends=without_gaps,
    ),
)
