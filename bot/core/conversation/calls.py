"""Today's calls in a conversation: how they are held, and what one more changes."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from bot.core.conversation.questions.spec import member_of
from bot.core.conversation.state import BY_999, EARLIER, HERE, UNNAMED, State, call_told
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy
from bot.core.rules.facts import Call
from bot.core.rules.ladder import ASKED, UNFINISHED, each_once
from bot.core.vocabulary import Agency, CallOutcome, CallTo, Level, Outcome, Risk

SERVICES = {CallTo.police, CallTo.childrens_social_care, CallTo.their_manager}
MANAGED = {CallTo.childrens_social_care, CallTo.their_manager, CallTo.own_manager}
"""Whom "the manager" can be once the guide has said to turn to them."""
THEIR_OWN = {CallTo.safeguarding_lead, CallTo.own_manager}
"""Whom somebody can tell on their own side."""
OUTCOMES = (CallOutcome.coming, CallOutcome.refused, CallOutcome.no_answer)
"""What came of a call, in the order in which it is offered."""


class ToldCall(NamedTuple):
    """A call as it is told: to nobody named, to "the manager", or with the same answer again.

    `put_off`: they were told to wait until an office is open. `level` is the rung of whoever was
    reached, where it was told; `here`: whoever was to come is there. `taken_back`: it was never
    made, or not today. `by_999`: 999 was asked for whoever is coming. `one_person`: it
    is of a single person, who is not named.
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


def with_calls(state: State, told: Iterable[ToldCall]) -> State:
    """Return the state with calls added. "They" are whoever was to act, else who stands first.

    A refusal or no answer opens the question about the calls again; once everybody who comes first
    has been told, it is answered.
    """
    calls = list(state.calls)
    for call in (one for one in told if not _tells_nothing_new(state.calls, one)):
        if call.taken_back:
            return _without(state, call.to)
        meant, level = call.to, call.level
        if meant is None and call.again and _nobody_refused(calls):
            meant, level = _refused_before(state)
        if meant is None:
            meant = _meant(calls, call, state.turning_to)
            # "They are coming" of whoever was rung on 101 is no answer of 999.
            level = level or (Level.practitioner if _rang_101(calls, meant) else None)
        unnamed = f"{meant}.{CallOutcome.made}.{UNNAMED}"
        if unnamed in calls and call.outcome is CallOutcome.made and meant != state.turning_to:
            # One of "the calls" is told by itself now.
            calls[calls.index(unnamed)] = f"{meant}.{CallOutcome.made}"
            continue
        if meant is not None and not _told_before(calls, call, state.turning_to):
            sent = call.by_999 or (meant is CallTo.other and _is_sent_by_999(calls))
            rest = (HERE if call.here else None, level, BY_999 if sent else None)
            calls.append(".".join(map(str, filter(None, (meant, _outcome(calls, call), *rest)))))
    if tuple(calls) == state.calls:
        return state
    after = replace(state, calls=tuple(calls))
    unmet = call_told(calls[-1]).outcome not in UNFINISHED
    if unmet or after.calls_made:
        return replace(after, calls_made=None if unmet else after.calls_made)
    heard = after.with_heard_risk()
    now = heard.risk is Risk.immediate_danger
    told_of = (call for call in _known(after) if not (now and call.by_101))
    if those_to_tell(heard) <= {call.to for call in told_of if call.outcome in UNFINISHED}:
        return replace(heard, calls_made="made", red_flag=None, danger_now=False, rehearsal=None)
    return after


def with_call_put_right(
    state: State, to: CallTo, level: Level | None, instead_of: CallTo | None
) -> State:
    """Return the state with the call that was said to be to somebody else: "it was the police".

    It is the last to whoever it was not, else the last that came to nothing with anybody else, else
    the last of all. What came of it stays.
    """
    told = list(map(call_told, state.calls))
    others = [index for index, call in enumerate(told) if call.to is not to]
    unmet = [index for index in others if told[index].outcome not in UNFINISHED]
    denied = [index for index in others if told[index].to is instead_of]
    at = (denied or unmet or others or list(range(len(told))))[-1]
    calls = list(state.calls)
    calls[at] = ".".join(map(str, filter(None, (to, told[at].outcome, level))))
    return replace(state, calls=tuple(calls))


def with_999_open_again(state: State, *, there: bool) -> State:
    """Return the state after the danger grew: whoever 999 sends was told of it as it was before.

    `there`: also those who are with the child by now.
    """
    calls = tuple(
        f"{call}.{EARLIER}" if _is_of_999(call_told(call), there=there) else call
        for call in state.calls
    )
    return state if calls == state.calls else replace(state, calls=calls, calls_made=None)


def _is_of_999(call: Call, *, there: bool) -> bool:
    """Say whether somebody was sent by 999, or told through it, and knows only what was before."""
    sent = (call.to is CallTo.police and not call.by_101) or call.by_999
    open_ = call.outcome in UNFINISHED and not call.earlier
    return sent and open_ and (there or not call.here)


def lead_says_less(reading: Mapping[str, Any], state: State) -> bool:
    """Say whether the lead was told of, and says that what the person is unsure of is less.

    The guide had asked for that word. It changes no risk: the person does.
    """
    told = member_of(Risk, (reading.get("facts") or {}).get("risk"))
    leads = any(call["to"] == CallTo.safeguarding_lead for call in reading.get("calls") or ())
    return state.risk is Risk.unsure and leads and told in {Risk.concern, Risk.no_harm}


def _told_before(calls: list[str], told: ToldCall, turning_to: str | None) -> bool:
    """Say whether a call says once more who was told, and is to nobody who is to be told now."""
    again = f"{told.to}.{CallOutcome.made}" in calls and told.outcome is CallOutcome.made
    return again and told.to != turning_to


def _tells_nothing_new(calls: tuple[str, ...], told: ToldCall) -> bool:
    """Say whether it is of the last call still, and of no other.

    "Still on hold", where nobody has answered; "they've noted it", where somebody was told.
    """
    same = told.outcome in {CallOutcome.no_answer, CallOutcome.made} and not told.manager
    still = told.to is None and told.again and same
    return still and bool(calls) and call_told(calls[-1]).outcome is told.outcome


def _rang_101(calls: list[str], meant: CallTo | None) -> bool:
    """Say whether the latest call to whoever is meant was to the police on 101."""
    told = [call for call in map(call_told, calls) if call.to is meant]
    return bool(told) and told[-1].by_101


def _is_sent_by_999(calls: list[str]) -> bool:
    """Say whether the ambulance that was told of last was to come."""
    told = [call for call in each_once(map(call_told, calls)) if call.to is CallTo.other]
    return bool(told) and told[-1].by_999


def _nobody_refused(calls: list[str]) -> bool:
    return all(call_told(call).outcome in UNFINISHED for call in calls)


def _refused_before(state: State) -> tuple[CallTo | None, Level | None]:
    """Return whom "they refused again" is about, who refused before the risk was urgent."""
    theirs = member_of(Agency, state.their_agency)
    to = ASKED.get(theirs) if theirs else None
    if to is None or state.reached is None or state.step_outcome != Outcome.unresolved:
        return None, None
    level = Level(state.reached)
    return to, None if level is Level.practitioner else level


def _without(state: State, to: CallTo | None) -> State:
    """Return the state without the calls to somebody that were taken back, else without the last.

    What was told of them is open again, and nothing is said of it in anybody's name.
    """
    named = [call for call in state.calls if call_told(call).to is to]
    back = named or state.calls[-1:]
    kept = tuple(call for call in state.calls if call not in back)
    return replace(state, calls=kept, calls_made=None) if back else state


def _outcome(calls: list[str], told: ToldCall) -> CallOutcome:
    """Return what came of a call. "So did the manager" is whatever came of the one before."""
    unmet = [call.outcome for call in map(call_told, calls) if call.outcome not in UNFINISHED]
    likewise = told.again and told.to is not None and told.outcome is CallOutcome.made
    return unmet[-1] if likewise and unmet else told.outcome


def _meant(calls: list[str], told: ToldCall, turning_to: str | None) -> CallTo | None:
    """Return whom a call was to that names nobody."""
    unmet = [call.to for call in map(call_told, calls) if call.outcome not in UNFINISHED]
    refused_by = next((to for to in reversed(unmet) if to in SERVICES), None)
    if told.manager:
        return CallTo(turning_to) if turning_to in MANAGED else _manager_of(refused_by)
    if told.again and told.outcome not in UNFINISHED and refused_by is not None:
        return refused_by
    return _the_one_told(calls, told, turning_to) or _they(calls, told, turning_to)


def _the_one_told(calls: list[str], told: ToldCall, turning_to: str | None) -> CallTo | None:
    """Return who "she" is who is away, or has not rung back: the person who was told last.

    Whoever the guide has just said to turn to is meant first, unless that is a service which
    nobody has rung yet.
    """
    if not (told.one_person and calls) or told.outcome is not CallOutcome.no_answer:
        return None
    last = call_told(calls[-1]).to
    rung = {call_told(call).to for call in calls}
    unrung = turning_to in SERVICES - {CallTo.their_manager} and turning_to not in rung
    return last if last in THEIR_OWN | {CallTo.their_manager} and unrung else None


def _manager_of(refused_by: CallTo | None) -> CallTo:
    """Return whose "the manager" is: of whoever did not act, else one's own."""
    return CallTo.own_manager if refused_by is None else CallTo.their_manager


def _they(calls: list[str], told: ToldCall, turning_to: str | None) -> CallTo | None:
    """Return whom "they" means where a call that came to nothing names nobody.

    It is the service rung last; once somebody else was told since, whoever they are told to ring
    next. If that is nobody who acts for the child, it is the last service that was to act. The
    police keep no office hours: who puts off until the morning is social care, if it was asked or
    the police were not.
    """
    asked = {call_told(call).to for call in calls}
    social_care = CallTo.childrens_social_care
    if told.put_off and (social_care in asked or turning_to == CallTo.police):
        return social_care if social_care in asked or CallTo.police not in asked else CallTo.police
    promised = [
        call
        for call in each_once(map(call_told, calls))
        if call.to in SERVICES and call.outcome in UNFINISHED
    ]
    told_last = call_told(calls[-1]).to if calls else None
    if told_last is not None and told_last not in SERVICES and turning_to in SERVICES:
        return CallTo(turning_to)
    # Who was to come is meant before who was only told.
    promised.sort(key=lambda call: call.outcome is CallOutcome.coming)
    if promised and told.outcome is not CallOutcome.made:
        return promised[-1].to
    if told.outcome is CallOutcome.coming and turning_to not in SERVICES:
        # No lead or manager comes out to a child: who does is not known.
        return CallTo.other
    return CallTo(turning_to) if turning_to else None


def who_is_coming(state: State) -> CallTo | None:
    """Return who last said that they were coming, and has not been told of since."""
    coming = [call for call in _known(state) if call.outcome is CallOutcome.coming]
    sent = (call.to for call in reversed(coming) if call.to in SERVICES or call.by_999)
    return next(sent, None)


def made_all(state: State) -> State:
    """Return the state after "I've made the calls": each of those who come first was told."""
    missing = those_to_tell(state) - {call.to for call in _known(state)}
    made = (f"{to}.{CallOutcome.made}.{UNNAMED}" for to in CallTo if to in missing)
    return replace(state, calls=(*state.calls, *made))


def those_to_tell(state: State) -> set[CallTo]:
    """Return whom "those calls" are to: 999 in danger now, the lead, and social care.

    With an allegation it is whoever is above the person it is about, and not the lead.
    """
    lead = CallTo.own_manager if state.alleged_today else CallTo.safeguarding_lead
    first = {lead, CallTo.childrens_social_care}
    if state.risk is Risk.immediate_danger:
        first.add(CallTo.police)
    own = {
        Agency.police: CallTo.police,
        Agency.childrens_social_care: CallTo.childrens_social_care,
    }
    return first - {call for agency, call in own.items() if agency == state.own_agency}


def call_title(told: str, _: Policy | None, phrases: Phrases) -> str:
    """Return a call as the review shows it."""
    call = call_told(told)
    who, outcome = phrases.say(f"call_to_{call.to}"), phrases.say(f"call_{call.outcome}")
    return phrases.say("call_line", who=who, outcome=outcome)


def _known(state: State) -> list[Call]:
    return each_once(map(call_told, state.calls))
