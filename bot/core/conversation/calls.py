"""Today's calls in a conversation: how they are held, and what one more changes."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from bot.core.conversation.questions.spec import member_of
from bot.core.conversation.state import BY_999, EARLIER, HERE, UNNAMED, State, call_told
from bot.core.conversation.whom import ToldCall, who_was_told, whose_call
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy
from bot.core.rules.facts import Call
from bot.core.rules.ladder import UNFINISHED, each_once
from bot.core.vocabulary import CALM_RISKS, Agency, CallOutcome, CallTo, Level, Risk

OUTCOMES = (CallOutcome.coming, CallOutcome.refused, CallOutcome.no_answer)
"""What came of a call, in the order in which it is offered."""


def with_calls(state: State, told: Iterable[ToldCall]) -> State:
    """Return the state with calls added; `whom` says who "they" are.

    A refusal or no answer opens the question about the calls again; once everybody who comes first
    has been told, it is answered. A call that nothing puts on anybody waits to be asked about.
    """
    calls = list(state.calls)
    unplaced = None
    for call in (one for one in told if not _tells_nothing_new(state.calls, one)):
        if call.taken_back:
            return _without(state, call.to)
        meant, level = call.to, call.level
        if meant is None:
            known = who_was_told(replace(state, calls=tuple(calls)))
            meant, level = whose_call(call, known)
            # "They are coming" of whoever was rung on 101 is no answer of 999.
            level = level or (Level.practitioner if _rang_101(calls, meant) else None)
        if meant is None and call.outcome not in UNFINISHED and state.turning_to:
            unplaced = str(call.outcome)
        unnamed = f"{meant}.{CallOutcome.made}.{UNNAMED}"
        if unnamed in calls and call.outcome is CallOutcome.made and meant != state.turning_to:
            # One of "the calls" is told by itself now.
            calls[calls.index(unnamed)] = f"{meant}.{CallOutcome.made}"
            continue
        if meant is not None and not _told_before(calls, call, state.turning_to):
            sent = call.by_999 or (meant is CallTo.other and _is_sent_by_999(calls))
            rest = (HERE if call.here else None, level, BY_999 if sent else None)
            calls.append(".".join(map(str, filter(None, (meant, _outcome(calls, call), *rest)))))
    state = replace(state, unplaced=unplaced)
    if tuple(calls) == state.calls:
        # What somebody refused is not over, whoever it was.
        return replace(state, calls_made=None) if unplaced else state
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
    return state.risk is Risk.unsure and leads and told in CALM_RISKS


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
