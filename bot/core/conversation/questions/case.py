"""The questions about the case: the risk, the policy that applies, the agencies and the child."""

from msgspec.structs import replace

from bot.core.conversation.questions.spec import (
    NO,
    UNSURE,
    YES,
    Menu,
    Option,
    Question,
    QuestionSpec,
    fixed_options,
    for_side,
    in_guidance,
    in_policy,
    member_of,
    one_of,
    without_gaps,
)
from bot.core.conversation.state import CHECKED_BY_POLICY, IN_DOUBT, UNKNOWN, Policies, State
from bot.core.handbook.safety_guidance import SafetyGuidance
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy, Source
from bot.core.rules.cautions import WHOLE_DOCUMENT
from bot.core.rules.facts import policy_for_area
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.triage import explanation_lines, procedure_named
from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Exit, Risk

MOST_LISTED = 12
"""With more partnerships than this the guide lists none, and asks for the place instead."""


def _take_risk(state: State, value: str, _: Policies) -> State | None:
    risk = member_of(Risk, value)
    if risk is None:
        return None
    # The policy's own question about urgency belonged to the earlier risk.
    checked = state.trigger_check if state.risk in {None, risk} else None
    return replace(state, risk=risk, calls_made=None, trigger_check=checked)


def _exit_check_needed(state: State, _: Policies) -> bool:
    asks = state.exit is not None and state.exit not in CHECKED_BY_POLICY
    return asks and state.exit_check is None


def _exit_check_gaps(menu: Menu, guidance: SafetyGuidance) -> dict[str, str]:
    if menu.state.exit is None:
        return {}
    said = explanation_lines(menu.state.exit, menu.state.policy(menu.policies), guidance)
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


def too_many_to_list(policies: Policies) -> bool:
    """Say whether there are more partnerships than a list should show."""
    return sum(not policy.fallback for policy in policies.values()) > MOST_LISTED


def _partnership_options(menu: Menu) -> list[Option]:
    own = [
        Option(policy.id, policy.short_name)
        for policy in menu.policies.values()
        if not policy.fallback
    ]
    shown = [] if too_many_to_list(menu.policies) else own
    return [*shown, *menu.titled("partnership", "elsewhere")]


def _partnership_response(menu: Menu) -> str:
    if menu.state.lapsed:
        return "ask_partnership_gone"
    return "ask_partnership_typed" if too_many_to_list(menu.policies) else "ask_partnership"


def _take_partnership(state: State, value: str, policies: Policies) -> State | None:
    policy = policies.get(value)
    if value in {"elsewhere", UNKNOWN}:
        policy = next((policy for policy in policies.values() if policy.fallback), None)
    return change_partnership(state, policy.id, None, policies) if policy else None


def change_partnership(
    state: State, partnership: str, area: str | None, policies: Policies
) -> State:
    """Change the partnership, and drop answers in the terms of the old policy.

    Levels and their days stay: each policy has a stage for every level.
    """
    partnership, area = policy_for_area(partnership, area, policies)
    if state.partnership == partnership:
        kept = state.area if area is None else area
        return replace(state, area=kept)
    changed = replace(state, partnership=partnership, area=area, priority=None, lapsed=None)
    if state.partnership is None:
        return changed
    if raised_by_trigger(state):
        # What the policy before treats as urgent is asked anew by this one's own question.
        changed = reask_risk(changed)
    return replace(
        changed,
        trigger_check=None,
        earlier={level: told for level, told in state.earlier.items() if told != IN_DOUBT},
        child_status=_statuses_after(state, policies[partnership], policies),
    )


def _take_area(state: State, value: str, policies: Policies) -> State | None:
    if state.partnership is None or not _area_fits(value, policies, state.policy(policies)):
        return None
    return change_partnership(state, state.partnership, value, policies)


def _ends_in_excluded_area(state: State, policies: Policies) -> bool:
    """Say whether the policy is not for the area: everything else would be asked in vain."""
    policy = state.whole_policy(policies)
    areas = policy.areas if policy else ()
    return any(area.excluded and area.id == state.area for area in areas) and not state.urgent


def _statuses_after(state: State, policy: Policy, policies: Policies) -> tuple[str, ...] | None:
    """Return the child's statuses as given, or None if the new policy asks about more."""
    before = state.whole_policy(policies)
    asked = set(before.child_statuses()) if before else set()
    more = set(policy.child_statuses()) - asked
    named = bool(state.child_status) and UNKNOWN not in (state.child_status or ())
    return state.child_status if named or not more else None


def _partnership_title(value: str, policy: Policy | None, phrases: Phrases) -> str:
    return policy.short_name if policy else phrases.say(f"option_partnership_{value}")


def _area_needed(state: State, policies: Policies) -> bool:
    policy = state.policy(policies)
    return bool(policy and policy.areas) and state.area is None


def _area_fits(value: str, _: Policies, policy: Policy | None) -> bool:
    return value == UNKNOWN or (policy is not None and value in {area.id for area in policy.areas})


def _area_title(value: str, policy: Policy | None, _: Phrases) -> str:
    areas = policy.areas if policy else ()
    return next((area.name for area in areas if area.id == value), value)


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


def raised_by_trigger(state: State) -> bool:
    """Say whether the policy's own question about safety has raised the risk."""
    return state.trigger_check in {"yes", UNKNOWN}


def reask_risk(state: State) -> State:
    """Clear the risk so that the guide asks about it again."""
    return replace(state, risk=None, calls_made=None)


def _disagreement_options(menu: Menu) -> list[Option]:
    if menu.state.guesses:
        return menu.titled("disagreement", *menu.state.guesses, "another")
    return menu.titled("disagreement", *map(str, Disagreement))


def _take_disagreement(state: State, value: str, _: Policies) -> State | None:
    if value == "another":
        return replace(state, guesses=())
    known = value == UNKNOWN or member_of(Disagreement, value) is not None
    return replace(state, disagreement=value) if known else None


def _agency_title(value: str, _: Policy | None, phrases: Phrases) -> str:
    return phrases.say(f"option_agency_{value}")


def _roles(policy: NarrowedPolicy, _: State, __: Policies) -> str:
    named = [role for stage in policy.stages for role in stage.roles if role.agencies]
    return named[0].source if named else policy.stages[0].source


def _status_needed(state: State, policies: Policies) -> bool:
    policy = state.whole_policy(policies)
    return state.child_status is None and policy is not None and bool(policy.child_statuses())


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
        name=Question.partnership,
        needed=lambda state, _: state.partnership is None,
        # In danger the rest can wait.
        ends=lambda state, _: state.urgent,
        options=_partnership_options,
        response=_partnership_response,
        gaps=lambda menu, _: {"policy": (menu.state.lapsed or "").replace("_", " ").title()},
        source=in_guidance(lambda guidance: guidance.no_area.source),
        values=lambda value, policies, _: value in policies,
        take=_take_partnership,
        forgets=("area", "trigger_check"),
        shown=True,
        title=_partnership_title,
        recognised_by=True,
    ),
    QuestionSpec(
        name=Question.area,
        needed=_area_needed,
        options=lambda menu: [Option(area.id, area.name) for area in menu.policy.areas],
        source=in_policy(lambda policy, *_: policy.areas[0].source if policy.areas else None),
        ends=_ends_in_excluded_area,
        values=_area_fits,
        take=_take_area,
        shown=True,
        title=_area_title,
        lapses=True,
        depends=without_gaps,
        recognised_by=True,
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
        needed=lambda state, _: state.disagreement is None,
        options=_disagreement_options,
        response=lambda menu: (
            "ask_disagreement_guess" if menu.state.guesses else "ask_disagreement"
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
        needed=lambda state, _: state.my_agency is None,
        options=fixed_options("agency", *map(str, Agency)),
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
        options=fixed_options("agency", *map(str, Agency)),
        source=in_policy(_roles),
        values=one_of(Agency, UNKNOWN),
        shown=True,
        title=_agency_title,
        depends=without_gaps,
        recognised_by=True,
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
