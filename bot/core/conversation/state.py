"""What a conversation holds so far: the answers as given, "unknown" included, and their facts.

A `State` mirrors the conversation's slots one to one, so that it can be rebuilt at every turn.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.policy.model import Policy, Stage
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import NarrowedPolicy, for_everybody, narrowed
from bot.core.text import parse_day
from bot.core.vocabulary import (
    URGENT_RISKS,
    Action,
    Agency,
    ChildStatus,
    Disagreement,
    Exit,
    Level,
    Outcome,
    Risk,
)

Policies = Mapping[str, Policy]
"""The policies that are offered, by id."""
UNKNOWN = "unknown"
"""The answer "I don't know". It counts as answered."""
NOTHING = "nothing"
"""Nothing has been tried yet."""
LEFT_OUT = "left_out"
"""An earlier stage that did not take place."""
FOLLOWED = "followed"
"""An earlier stage that took place; its day was not asked."""
IN_DOUBT = "in_doubt"
"""An earlier stage that may be the one that was left out; it is still asked which it was."""
SKIPPED = "skipped"
"""A question about what was learned that the practitioner would rather not answer."""
OPEN = "open"
"""The answers are shown, to be changed."""
CHECKED_BY_POLICY = {Exit.conference_dissent}
"""Exits that are not asked about: the policy says whether its own stages take them."""


class FollowUp(msgspec.Struct, frozen=True):
    """What a saved case was advised and when it was saved (an ISO text)."""

    on: str
    action: Action
    to_stage: int | None = None


class Rehearsal(msgspec.Struct, frozen=True):
    """Where a rehearsal is: the number of the reply, and what is shown with it.

    `shown` is reply, suggest (what could be said was asked for) or answered.
    """

    reply: int = 1
    shown: str = "reply"


class State(msgspec.Struct, frozen=True, kw_only=True):
    """The answers so far. None is "not asked yet"; dates are ISO texts.

    `red_flag` is what a red flag named and `danger_now` whether it is happening now. `guesses`
    are the likeliest kinds of disagreement in what was typed. `reached` is the level of the
    highest stage tried, with `step_on` and `step_outcome` for it; `earlier` maps the levels below
    to their date, FOLLOWED, IN_DOUBT, UNKNOWN or LEFT_OUT. `review` is OPEN while the answers are
    looked through, `start_again` while it is asked whether to clear them. `misses` counts
    messages in a row that were not understood. `case` refers to the saved case of this
    conversation; `follow_up` is there while it is asked what has happened since; `delete_case` is
    OPEN while it is asked whether to delete, then "yes". `rehearsal` is None while nothing is
    rehearsed. `settled` is OPEN while it is asked at which stage it was; `helped` and `learned`
    are what was told about that, or SKIPPED. `taken` names what was taken (wording, draft, form),
    `missed` says whether any message was not understood, and `figure` refers to the row of this
    escalation in the figures.
    """

    risk: Risk | None = None
    red_flag: str | None = None
    danger_now: bool = False
    calls_made: str | None = None
    exit: Exit | None = None
    exit_check: str | None = None
    partnership: str | None = None
    area: str | None = None
    trigger_check: str | None = None
    disagreement: str | None = None
    guesses: tuple[str, ...] = ()
    my_agency: str | None = None
    their_agency: str | None = None
    child_status: tuple[str, ...] | None = None
    reached: str | None = None
    step_on: str | None = None
    step_outcome: str | None = None
    earlier: dict[str, str] = {}
    concern_on: str | None = None
    review: str | None = None
    start_again: str | None = None
    rehearsal: Rehearsal | None = None
    misses: int = 0
    case: str | None = None
    follow_up: FollowUp | None = None
    delete_case: str | None = None
    settled: str | None = None
    helped: str | None = None
    learned: str | None = None
    taken: tuple[str, ...] = ()
    missed: bool = False
    figure: str | None = None

    @property
    def urgent(self) -> bool:
        """Whether something was heard, or said, that has to be acted on today."""
        return self.red_flag is not None or self.risk in URGENT_RISKS

    @property
    def rehearsing(self) -> bool:
        """Whether a rehearsal is going on; one that waits for the risk has not begun."""
        return self.rehearsal is not None and self.risk is not None

    def with_heard_risk(self) -> "State":
        """Return the state with the risk at least as great as what was heard."""
        if self.red_flag is None or (self.risk in URGENT_RISKS and not self.danger_now):
            return self
        heard = Risk.immediate_danger if self.danger_now else Risk.immediate_harm
        return msgspec.structs.replace(self, risk=heard)

    def whole_policy(self, policies: Mapping[str, Policy]) -> Policy | None:
        """Return the policy chosen, with what holds for others too; None while there is none.

        For what does not depend on the answers: what may be asked, which version it is.
        """
        return policies.get(self.partnership) if self.partnership else None

    def policy(self, policies: Mapping[str, Policy]) -> NarrowedPolicy | None:
        """Return the policy chosen as it holds for the answers, or None while there is none."""
        whole = self.whole_policy(policies)
        if whole is None:
            return None
        # Asked many times a turn: the facts are read only where anything depends on them.
        return for_everybody(whole) or narrowed(whole, _without_steps(self, whole))

    @property
    def tried(self) -> Level | None:
        """The level of the highest stage tried, or None when nothing was or it is not known."""
        return None if self.reached in {None, NOTHING, UNKNOWN} else Level(self.reached)

    def stage(self, policies: Mapping[str, Policy]) -> Stage | None:
        """Return the highest stage tried, or None when nothing was or it is not known."""
        policy, tried = self.policy(policies), self.tried
        return policy.stage_for(tried) if policy and tried else None


SLOTS = tuple(State.__struct_fields__)
"""The names of the slots that hold a State, in order."""


def from_slots(slots: Mapping[str, Any]) -> State:
    """Read a State from slot values; slots of other names are passed over."""
    return msgspec.convert(
        {name: slots[name] for name in SLOTS if slots.get(name) is not None}, State
    )


def without_lapsed_policy(state: State, policies: Mapping[str, Policy]) -> State:
    """Return a state without a partnership whose policy is no longer offered: it is asked again."""
    if state.partnership is None or state.partnership in policies:
        return state
    return msgspec.structs.replace(state, partnership=None, area=None)


def to_slots(state: State) -> dict[str, Any]:
    """Return the slot values that hold a State."""
    values: dict[str, Any] = msgspec.to_builtins(state)
    return values


def facts_of(state: State, policies: Mapping[str, Policy]) -> Facts:
    """Return the facts that advice is worked out from; an answer "I don't know" is None."""
    facts = _without_steps(state, state.whole_policy(policies))
    return msgspec.structs.replace(facts, steps=tuple(_steps(state, policies)))


def _without_steps(state: State, policy: Policy | None) -> Facts:
    """Return the facts but for the steps, whose stages the policy names."""
    by_policy = state.exit in CHECKED_BY_POLICY
    return Facts(
        partnership=state.partnership,
        risk=state.risk,
        disagreement=_known(Disagreement, state.disagreement),
        my_agency=_known(Agency, state.my_agency),
        their_agency=_known(Agency, state.their_agency),
        child_status=_statuses(state, policy),
        area=None if state.area == UNKNOWN else state.area,
        exit=state.exit if state.exit_check == "yes" or by_policy else None,
        concern_on=parse_day(state.concern_on),
    )


def _statuses(state: State, policy: Policy | None) -> tuple[ChildStatus, ...]:
    """Return the child's statuses; not knowing is read as every one that the policy acts on."""
    told = state.child_status or ()
    if UNKNOWN in told:
        return tuple(policy.child_statuses()) if policy else ()
    return tuple(ChildStatus(status) for status in told)


def _known(kind: Any, value: str | None) -> Any:
    return None if value in {None, UNKNOWN} else kind(value)


def _steps(state: State, policies: Mapping[str, Policy]) -> list[Step]:
    """Return the steps.

    The stages below the highest are taken to have gone before it, unresolved, unless the
    practitioner said that one was left out.
    """
    policy, top = state.policy(policies), state.stage(policies)
    if policy is None or top is None:
        return []
    below = [stage for stage in policy.stages if stage.number < top.number]
    steps = [
        Step(stage.level, parse_day(state.earlier.get(stage.level)), Outcome.unresolved)
        for stage in below
        if state.earlier.get(stage.level) != LEFT_OUT
    ]
    # Not knowing what came of it is read as not settled: that moves on sooner.
    outcome = _known(Outcome, state.step_outcome) or Outcome.unresolved
    return [*steps, Step(state.tried or top.level, parse_day(state.step_on), outcome)]
