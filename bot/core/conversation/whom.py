"""Whose call it was that names nobody: one record of who was told what, and an order of evidence.

Evidence is looked at in the order of `EVIDENCE`; the first that says somebody decides. Where none
does, the guide asks whom it was rather than put a refusal on anybody.
"""

from collections.abc import Callable
from typing import NamedTuple

from bot.core.conversation.questions.spec import member_of
from bot.core.conversation.state import State, call_told
from bot.core.rules.facts import Call
from bot.core.rules.ladder import ASKED, UNFINISHED, each_once
from bot.core.vocabulary import Agency, CallOutcome, CallTo, Level, Outcome, Side

SERVICES = {CallTo.police, CallTo.childrens_social_care, CallTo.their_manager}
"""Those outside who are to act for the child."""
MANAGED = {CallTo.childrens_social_care, CallTo.their_manager, CallTo.own_manager}
"""Whom "the manager" can be once the guide has said to turn to them."""
THEIR_OWN = {CallTo.safeguarding_lead, CallTo.own_manager}
"""Whom somebody can tell on their own side."""


class ToldCall(NamedTuple):
    """A call as it is told: to nobody named, to "the manager", or with the same answer again.

    `put_off`: they were told to wait until an office is open. `level` is the rung of whoever was
    reached, where it was told; `here`: whoever was to come is there. `taken_back`: it was never
    made, or not today. `by_999`: 999 was asked for whoever is coming. `one_person`: it
    is of a single person, who is not named. `service`: whose words they are, though they name
    nobody ("not our area"). `comes`: it is of coming to a child, which no lead does, and `several`
    of more than one person.
    """

    to: CallTo | None
    outcome: CallOutcome
    manager: bool = False
    again: bool = False
    put_off: bool = False
    level: Level | None = None
    here: bool = False
    taken_back: bool = False
    by_999: bool = False
    one_person: bool = False
    service: CallTo | None = None
    comes: bool = False
    several: bool = False
    spoken_with: bool = False

    @property
    def outside(self) -> bool:
        """Whether it can be of no lead or manager of one's own."""
        return self.comes or self.several


class WhoWasTold(NamedTuple):
    """Who was told what today, in order, and whom the guide has said to turn to since.

    `disagreed` is the service that they disagreed with before the risk was urgent, and
    `disagreed_level` the rung there that refused. `own` is the service that the person works for,
    which "they" never are.
    """

    calls: tuple[Call, ...] = ()
    turning_to: CallTo | None = None
    disagreed: CallTo | None = None
    disagreed_level: Level | None = None
    own: CallTo | None = None

    @property
    def last(self) -> CallTo | None:
        """Who was told last."""
        return self.calls[-1].to if self.calls else None

    @property
    def asked(self) -> set[CallTo]:
        """Everybody who was told."""
        return {call.to for call in self.calls}

    @property
    def refused(self) -> CallTo | None:
        """The service that refused or did not answer last."""
        unmet = [call.to for call in self.calls if call.outcome not in UNFINISHED]
        return next((to for to in reversed(unmet) if to in SERVICES), None)

    @property
    def coming(self) -> CallTo | None:
        """Who last said that they were coming, and has not been told of since."""
        coming = [call for call in each_once(self.calls) if call.outcome is CallOutcome.coming]
        sent = (call.to for call in reversed(coming) if call.to in SERVICES or call.by_999)
        return next(sent, None)

    @property
    def promised(self) -> CallTo | None:
        """The service that was to come, else the one that was told, and has not refused since."""
        open_ = [call for call in each_once(self.calls) if call.outcome in UNFINISHED]
        services = [call for call in open_ if call.to in SERVICES]
        services.sort(key=lambda call: call.outcome is CallOutcome.coming)
        return services[-1].to if services else None


def who_was_told(state: State) -> WhoWasTold:
    """Return the record of a conversation."""
    theirs = member_of(Agency, state.their_agency)
    open_ = state.on_side is Side.raiser and state.step_outcome != Outcome.resolved
    level = state.tried if state.step_outcome == Outcome.unresolved else None
    own = state.own_agency
    return WhoWasTold(
        tuple(map(call_told, state.calls)),
        member_of(CallTo, state.turning_to),
        ASKED.get(theirs) if theirs and open_ else None,
        None if level is Level.practitioner else level,
        ASKED.get(own) if own else None,
    )


def whose_call(told: ToldCall, known: WhoWasTold) -> tuple[CallTo | None, Level | None]:
    """Return whom a call was to that names nobody, and on which rung; None if nothing says it."""
    for evidence in EVIDENCE:
        to = evidence(told, known)
        if to is not None and to is not known.own:
            first = to is known.disagreed and to not in known.asked
            before = evidence in {_refused_again, _had_refused_before} and first
            return to, told.level or (known.disagreed_level if before else None)
    return None, told.level


def _is_the_manager(told: ToldCall, known: WhoWasTold) -> CallTo | None:
    """Whoever the guide named is "the manager", else above who did not act, else one's own."""
    if not told.manager:
        return None
    if known.turning_to in MANAGED:
        return known.turning_to
    return CallTo.own_manager if known.refused is None else CallTo.their_manager


def _is_in_the_words(told: ToldCall, _: WhoWasTold) -> CallTo | None:
    """Social care says "not our area", and the police "a civil matter"."""
    return told.service


def _was_to_come(told: ToldCall, known: WhoWasTold) -> CallTo | None:
    """Who does or does not come, or has left again, is who was to come, else who was told."""
    unmet = told.outcome not in UNFINISHED
    return (known.coming or (known.promised if unmet else None)) if told.comes else None


def _refused_again(told: ToldCall, known: WhoWasTold) -> CallTo | None:
    """Who refuses again is who refused today, else who had refused before it was urgent."""
    if not told.again:
        return None
    if told.outcome not in UNFINISHED and known.refused is not None:
        return known.refused
    nobody = all(call.outcome in UNFINISHED for call in known.calls)
    return known.disagreed if nobody else None


def _is_one_person(told: ToldCall, known: WhoWasTold) -> CallTo | None:
    """Whoever was told last, if a person, is "she" who is away, has not rung back, or says no.

    Whoever the guide has just said to turn to is meant first, unless that is a service which
    nobody has rung yet.
    """
    acts = told.outcome in UNFINISHED or told.outside or told.put_off
    if not told.one_person or acts:
        return None
    named = known.turning_to
    unrung = named in SERVICES - {CallTo.their_manager} and named not in known.asked
    return known.last if known.last in THEIR_OWN | {CallTo.their_manager} and unrung else None


def _keeps_office_hours(told: ToldCall, known: WhoWasTold) -> CallTo | None:
    """Who puts off until the morning is social care, unless the police alone were told."""
    social_care = CallTo.childrens_social_care
    if not told.put_off or known.own is social_care:
        return None
    if social_care in known.asked:
        return social_care
    if known.turning_to is CallTo.police:
        return CallTo.police if CallTo.police in known.asked else social_care
    return None


def _was_rung_since(_: ToldCall, known: WhoWasTold) -> CallTo | None:
    """Once somebody who acts for nobody was told, it is the service to be rung next."""
    since = known.last is not None and known.last not in SERVICES
    return known.turning_to if since and known.turning_to in SERVICES else None


def _had_promised(told: ToldCall, known: WhoWasTold) -> CallTo | None:
    """Who was to come is meant before who was only told."""
    return None if told.outcome is CallOutcome.made else known.promised


def _came_round(told: ToldCall, known: WhoWasTold) -> CallTo | None:
    """Who comes after all is the one who refused, and not a service that nobody has rung.

    To take it for 999 would hide that nobody has called 999.
    """
    unrung = known.turning_to not in known.asked
    return known.refused if told.outcome is CallOutcome.coming and unrung else None


def _had_refused_before(told: ToldCall, known: WhoWasTold) -> CallTo | None:
    """Before today it was the other agency of the disagreement that refused."""
    unmet = told.outside and told.outcome not in UNFINISHED
    return known.disagreed if unmet and not known.calls else None


def _is_whom_the_guide_named(told: ToldCall, known: WhoWasTold) -> CallTo | None:
    """Else whoever the guide has said to turn to, if they can do what is told.

    No lead or manager comes out to a child. Who does is not known, nor who "they" are that refuse.
    """
    named = known.turning_to
    if named in SERVICES or named is None:
        return named
    if told.outcome is CallOutcome.coming:
        return CallTo.other
    refused = told.outcome is not CallOutcome.made
    return None if refused and told.outside and named in THEIR_OWN else named


def _refused_today(told: ToldCall, known: WhoWasTold) -> CallTo | None:
    """Else who refused already; the police put nobody off until an office opens."""
    return None if told.put_off or told.outcome in UNFINISHED else known.refused


EVIDENCE: tuple[Callable[[ToldCall, WhoWasTold], CallTo | None], ...] = (
    _is_the_manager,
    _is_in_the_words,
    _was_to_come,
    _refused_again,
    _is_one_person,
    _keeps_office_hours,
    _was_rung_since,
    _had_promised,
    _came_round,
    _had_refused_before,
    _is_whom_the_guide_named,
    _refused_today,
)
"""What says whose call it was, the surest first."""
