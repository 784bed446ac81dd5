"""The answers of a conversation so far, "unknown" included, and the facts they give.

A `State` has a field for each of the conversation's slots, so that every turn can rebuild it.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.conversation.held import FollowUp, OtherCase, Rehearsal
from bot.core.handbook.topics import Enquiry
from bot.core.policy.model import Policy, Stage, level_of
from bot.core.rules.facts import Call, Facts, OwnSide, Person, Step
from bot.core.rules.narrowing import NarrowedPolicy, for_everybody, narrowed
from bot.core.text import parse_day
from bot.core.vocabulary import (
    URGENT_RISKS,
    Agency,
    CallOutcome,
    CallTo,
    Child,
    ChildStatus,
    Disagreement,
    Exit,
    Harm,
    Level,
    Outcome,
    Risk,
    Side,
    Worry,
)

Policies = Mapping[str, Policy]
"""The policies on offer, by id."""
UNKNOWN = "unknown"
"""The answer "I don't know". It counts as answered."""
NOTHING = "nothing"
"""Nothing has been tried yet."""
LEFT_OUT = "left_out"
"""An earlier stage that did not take place."""
MARKS = HERE, UNNAMED, BY_999, EARLIER = "here", "unnamed", "by_999", "earlier"
"""Parts of a call, in the order of its fields: whoever was to come is there, and so on."""
FOLLOWED = "followed"
"""An earlier stage that took place on a day not yet asked for."""
IN_DOUBT = "in_doubt"
"""An earlier stage that may have been left out; the guide still has to ask."""
SKIPPED = "skipped"
"""The practitioner would rather not answer a question about what was learned."""
EVERY = "every"
"""Every option is offered, and not the likeliest alone."""
APART = "apart"
"""Both agencies are of one kind, and two organisations."""
OPEN = "open"
"""The answers are shown, to be changed."""
CHECKED_BY_POLICY = {Exit.conference_dissent}
"""Exits that need no question: the policy says whether its own stages handle them."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """The answers so far. None is "not asked yet"; dates are ISO texts.

    `side` and `level` are the person's own, if told; OPEN while the side is asked again. `calls`
    are today's calls, each as "police.refused"; `turning_to` is whom the guide last said to turn
    to, as a call to them counts; `unplaced` what came of a call while it is asked whose it was.
    `red_flag` holds the words of a red flag, `danger_now` whether it
    is happening now. `own_side` is who on their own side says no or cannot be asked, and since
    when, as "own_manager.matron.2026-11-26"; "in_doubt" while it is asked whose manager it is.
    `place` is a place that was told and names no partnership: several have its name, or it is
    outside England. `told_as` is the post of somebody who was only told of an escalation
    ("conference_chair"). `wish` is a rung they want to go to ("stage.3", "level.director"), until
    that is answered; `later` a question to the guide that waits for the area, and `raised_stage`
    the number of a stage that was raised, which waits for it too. `guesses` are the likeliest kinds
    of disagreement in the typed text; `listed` is the question of which every
    option is offered. `same_agency` is APART once two organisations of one kind are known to be
    meant. `reached` is the rung of the highest stage tried, with its `step_on` and `step_outcome`;
    `earlier` maps lower rungs to their date, FOLLOWED, IN_DOUBT, UNKNOWN or LEFT_OUT. `settled_on`
    is the day on which it was settled, `priority` the track that the agencies agreed on. `review`,
    `start_again`, `delete_case`, `other_cases` and `settled` are OPEN while their question is open;
    a confirmed `delete_case` is "yes". `misses` counts messages in a row that were not understood;
    `missed` says whether there was any. `lapsed` is a policy that the case went by and that is no
    longer on offer. `case` is the reference of this conversation's saved case, `others` are cases
    put aside; `children` are the words that tell the children apart of whom a message told at once,
    `child` is that of the present case; `follow_up` is set while the guide asks what has happened
    since. `rehearsal` is None outside a rehearsal. `decision`, `helped` and `learned` are answers
    after a settlement, or SKIPPED. `answered` maps a level to the day of the answer there, or
    UNKNOWN. `taken` names what was taken (wording, draft, files), `figure` refers to the row of
    this escalation in the figures, and `accounts` to those told before "start again". With
    `practice` the case is invented: answers are marked, and nothing is saved, counted or made into
    a file.
    """

    risk: Risk | None = None
    red_flag: str | None = None
    danger_now: bool = False
    calls_made: str | None = None
    calls: tuple[str, ...] = ()
    turning_to: str | None = None
    unplaced: str | None = None
    side: str | None = None
    level: str | None = None
    own_side: str | None = None
    told_as: str | None = None
    wish: str | None = None
    later: Enquiry | None = None
    exit: Exit | None = None
    exit_check: str | None = None
    head_accused: bool = False
    conflict: bool = False
    harms: tuple[Harm, ...] = ()
    kept_out: tuple[CallTo, ...] = ()
    not_lead: bool = False
    partnership: str | None = None
    place: str | None = None
    area: str | None = None
    trigger_check: str | None = None
    disagreement: str | None = None
    guesses: tuple[str, ...] = ()
    listed: str | None = None
    my_agency: str | None = None
    their_agency: str | None = None
    same_agency: str | None = None
    child_status: tuple[str, ...] | None = None
    raised_stage: int | None = None
    reached: str | None = None
    step_on: str | None = None
    step_outcome: str | None = None
    settled_on: str | None = None
    priority: str | None = None
    earlier: dict[str, str] = {}
    concern_on: str | None = None
    review: str | None = None
    start_again: str | None = None
    rehearsal: Rehearsal | None = None
    misses: int = 0
    case: str | None = None
    child: Child | None = None
    children: tuple[Child, ...] = ()
    others: tuple[OtherCase, ...] = ()
    other_cases: str | None = None
    follow_up: FollowUp | None = None
    delete_case: str | None = None
    settled: str | None = None
    decision: str | None = None
    helped: str | None = None
    learned: str | None = None
    answered: dict[str, str] = {}
    taken: tuple[str, ...] = ()
    missed: bool = False
    lapsed: str | None = None
    figure: str | None = None
    practice: bool = False
    accounts: dict[str, str] = {}

    @property
    def urgent(self) -> bool:
        """Whether a red flag or the stated risk calls for action today."""
        return self.red_flag is not None or self.risk in URGENT_RISKS

    @property
    def is_now(self) -> bool:
        """Whether the danger is known to be happening now."""
        return self.danger_now or self.risk is Risk.immediate_danger

    @property
    def alleged_today(self) -> bool:
        """Whether an allegation is told while somebody must act: whom it never goes to is said now.

        Whether that is what it is for is asked once the calls are made.
        """
        return self.urgent and self.alleged

    @property
    def alleged(self) -> bool:
        """Whether an allegation is told, and nobody has said that it is about something else."""
        return self.exit is Exit.allegation and self.exit_check != "no"

    @property
    def own_agency(self) -> Agency | None:
        """The practitioner's own agency, for whom to turn to. None while it is in doubt.

        Children's homes, foster agencies and adult services are easily taken for children's social
        care. Whoever rang it, or disagrees with it, is not its duty team: they need a lead and its
        managers.
        """
        told = _known(Agency, self.my_agency)
        rang = any(call.startswith(f"{CallTo.childrens_social_care}.") for call in self.calls)
        apart = rang or self.their_agency == Agency.childrens_social_care
        doubted = self.urgent and apart and told is Agency.childrens_social_care
        return None if doubted else told

    @property
    def account(self) -> str:
        """What tells one escalation from another in the same conversation."""
        agencies = (self.my_agency, self.their_agency)
        raised = agencies if self.on_side is Side.raiser else agencies[::-1]
        told = (self.partnership, self.area, self.disagreement, *raised, self.reached, self.step_on)
        over = ["settled"] if self.step_outcome == Outcome.resolved else []
        return " ".join([*(str(part or "-") for part in told), *over])

    @property
    def told_before(self) -> str | None:
        """The row of this account, told earlier in the conversation; it may be settled since.

        Whoever waits again after a settlement tells of another child.
        """
        before = msgspec.structs.replace(self, step_outcome=None)
        return self.accounts.get(self.account) or self.accounts.get(before.account)

    @property
    def on_side(self) -> Side:
        """The person's side; whoever has not said has raised it."""
        return Side.receiver if self.side == Side.receiver else Side.raiser

    @property
    def rehearsing(self) -> bool:
        """Whether a rehearsal is under way; before the risk is known it only waits."""
        return self.rehearsal is not None and self.risk is not None

    def with_heard_risk(self) -> "State":
        """Return the state with a risk at least as great as the red flag's."""
        if self.red_flag is None or (self.risk in URGENT_RISKS and not self.danger_now):
            return self
        heard = Risk.immediate_danger if self.danger_now else Risk.immediate_harm
        return msgspec.structs.replace(self, risk=heard)

    def whole_policy(self, policies: Mapping[str, Policy]) -> Policy | None:
        """Return the chosen policy, not narrowed; None while none is chosen.

        For uses that do not depend on the answers, such as the questions or the version.
        """
        return policies.get(self.partnership) if self.partnership else None

    def policy(self, policies: Mapping[str, Policy]) -> NarrowedPolicy | None:
        """Return the chosen policy, narrowed to the answers; None while none is chosen."""
        whole = self.whole_policy(policies)
        if whole is None:
            return None
        # Called many times a turn: it reads the facts only if the policy depends on them.
        return for_everybody(whole) or narrowed(whole, _begun(self, whole))

    @property
    def tried(self) -> Level | None:
        """The level of the highest stage tried, or None if nothing was tried or it is unknown."""
        told = self.reached
        return None if told is None or told in {NOTHING, UNKNOWN} else level_of(told)

    def stage(self, policies: Mapping[str, Policy]) -> Stage | None:
        """Return the highest stage tried, or None if nothing was tried or it is unknown."""
        policy = self.policy(policies)
        return policy.stage_on(self.reached) if policy and self.reached and self.tried else None


def raised_by_trigger(state: State) -> bool:
    """Say whether the policy's own question about safety has raised the risk."""
    return state.trigger_check in {"yes", UNKNOWN}


def reask_risk(state: State) -> State:
    """Clear the risk so that the guide asks about it again."""
    return msgspec.structs.replace(state, risk=None, calls_made=None)


def with_answer(state: State, day: str) -> State:
    """Return the state with the day of the answer at the stage they are at, or UNKNOWN.

    An answer that settles it is the settlement.
    """
    if state.step_outcome == Outcome.resolved:
        return msgspec.structs.replace(state, settled_on=day)
    return msgspec.structs.replace(state, answered={**state.answered, str(state.tried): day})


def facts_of(state: State, policies: Mapping[str, Policy]) -> Facts:
    """Return the facts for advice; an answer "I don't know" becomes None."""
    facts = _without_steps(state, state.whole_policy(policies))
    return msgspec.structs.replace(facts, steps=tuple(_steps(state, policies)))


def _without_steps(state: State, policy: Policy | None) -> Facts:
    """Return the facts without the steps, which need the narrowed policy."""
    by_policy = state.exit in CHECKED_BY_POLICY
    return Facts(
        partnership=state.partnership,
        risk=state.risk,
        disagreement=_known(Disagreement, state.disagreement),
        my_agency=state.own_agency,
        their_agency=_known(Agency, state.their_agency),
        child_status=_statuses(state, policy),
        area=None if state.area == UNKNOWN else state.area,
        priority=None if state.priority == UNKNOWN else state.priority,
        exit=state.exit if state.exit_check == "yes" or by_policy or state.alleged_today else None,
        concern_on=parse_day(state.concern_on),
        calls=tuple(map(call_told, state.calls)),
        me=Person(state.on_side, _known(Level, state.level)),
        own_side=own_side_told(state.own_side),
        head_accused=state.head_accused,
        conflict=state.conflict,
        harms=state.harms,
        kept_out=state.kept_out,
        not_lead=state.not_lead,
    )


def _begun(state: State, policy: Policy) -> Facts:
    """Return the facts without the steps, but with the earliest day of the case."""
    facts = _without_steps(state, policy)
    days = [parse_day(told) for told in (state.step_on, *state.earlier.values())]
    known = [day for day in (facts.concern_on, *days) if day is not None]
    return msgspec.structs.replace(facts, concern_on=min(known, default=None))


def call_told(told: str) -> Call:
    """Return a call from the text that holds it: "police.refused", "police.refused.director"."""
    to, outcome, *rest = told.split(".")
    level = next((Level(part) for part in rest if part not in MARKS), None)
    return Call(CallTo(to), CallOutcome(outcome), level, *(mark in rest for mark in MARKS))


def own_side_told(told: str | None) -> OwnSide | None:
    """Return what a text holds of one's own side; None if nothing, or while it is in doubt."""
    worry, _, rest = (told or "").partition(".")
    if worry not in set(map(str, Worry)):
        return None
    who, _, on = rest.partition(".")
    return OwnSide(Worry(worry), who or None, parse_day(on))


def _statuses(state: State, policy: Policy | None) -> tuple[ChildStatus, ...]:
    """Return the child's statuses; "unknown" means every status that the policy acts on."""
    told = state.child_status or ()
    if UNKNOWN in told:
        return tuple(policy.child_statuses()) if policy else ()
    return tuple(ChildStatus(status) for status in told)


def _known(kind: Any, value: str | None) -> Any:
    return None if value in {None, UNKNOWN} else kind(value)


def _steps(state: State, policies: Mapping[str, Policy]) -> list[Step]:
    """Return the steps.

    Lower stages count as tried without success before the highest, unless the practitioner said
    that they were left out.
    """
    policy, top = state.policy(policies), state.stage(policies)
    if policy is None or top is None:
        return []
    below = [stage for stage in policy.stages if stage.number < top.number]
    steps = [
        Step(
            stage.level,
            parse_day(state.earlier.get(policy.rung(stage))),
            Outcome.unresolved,
            _told_apart(policy, stage),
            answered_on=parse_day(state.answered.get(str(stage.level))),
        )
        for stage in below
        if state.earlier.get(policy.rung(stage)) != LEFT_OUT
    ]
    # An unknown outcome counts as not settled: that moves on sooner.
    outcome = _known(Outcome, state.step_outcome) or Outcome.unresolved
    last = Step(
        state.tried or top.level,
        parse_day(state.step_on),
        outcome,
        _told_apart(policy, top),
        parse_day(state.settled_on) if outcome is Outcome.resolved else None,
        parse_day(state.answered.get(str(state.tried)))
        if state.step_outcome == Outcome.unresolved
        else None,
    )
    return [*steps, last]


def _told_apart(policy: Policy, stage: Stage) -> int | None:
    """Return a stage's number where its level alone does not say which stage it is."""
    return stage.number if len(policy.stages_at(stage.level)) > 1 else None
