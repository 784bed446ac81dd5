"""The questions about the place: which partnership's policy holds, and which of its areas."""

from msgspec.structs import replace

from bot.core.conversation.questions.reached import at_raised_stage
from bot.core.conversation.questions.spec import (
    Menu,
    Option,
    Question,
    QuestionSpec,
    in_guidance,
    in_policy,
    without_gaps,
)
from bot.core.conversation.state import (
    IN_DOUBT,
    UNKNOWN,
    Policies,
    State,
    raised_by_trigger,
    reask_risk,
)
from bot.core.handbook.safety_guidance import SafetyGuidance
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy
from bot.core.rules.read_facts import policy_for_area

MOST_LISTED = 12
"""With more partnerships than this the guide lists none, and asks for the place instead."""


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
    if menu.state.place:
        return "ask_partnership_told"
    return "ask_partnership_typed" if too_many_to_list(menu.policies) else "ask_partnership"


def _partnership_gaps(menu: Menu, _: SafetyGuidance) -> dict[str, str]:
    return {
        "policy": (menu.state.lapsed or "").replace("_", " ").title(),
        "place": menu.state.place or "",
    }


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
    changed = replace(
        state, partnership=partnership, place=None, area=area, priority=None, lapsed=None
    )
    if state.partnership is None:
        return at_raised_stage(changed, policies)
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
    if policy is not None and not policy.fallback:
        return policy.short_name
    # Guidance that gives way to the local policy is no place.
    return phrases.say(f"option_partnership_{'elsewhere' if policy else value}")


def _area_needed(state: State, policies: Policies) -> bool:
    policy = state.policy(policies)
    return bool(policy and policy.areas) and state.area is None


def _area_fits(value: str, _: Policies, policy: Policy | None) -> bool:
    return value == UNKNOWN or (policy is not None and value in {area.id for area in policy.areas})


def _area_title(value: str, policy: Policy | None, _: Phrases) -> str:
    areas = policy.areas if policy else ()
    return next((area.name for area in areas if area.id == value), value)


SPECS = (
    QuestionSpec(
        name=Question.partnership,
        needed=lambda state, _: state.partnership is None,
        # In danger the rest can wait.
        ends=lambda state, _: state.urgent,
        options=_partnership_options,
        response=_partnership_response,
        gaps=_partnership_gaps,
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
)
