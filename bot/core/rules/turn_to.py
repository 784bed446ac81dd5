"""Whom to turn to today, in order, when a child is at immediate risk (design, section 4).

Whoever was called today is behind us, and whoever is above them comes first.
"""

from collections.abc import Callable, Iterator

from bot.core.handbook.safety_guidance import Chain, Rung
from bot.core.rules.facts import Call, Facts
from bot.core.rules.ladder import (
    ASKED,
    BEYOND,
    OUTSIDE,
    OWN_SIDE,
    SERVICES,
    UNFINISHED,
    Place,
    each_once,
    that_count,
)
from bot.core.rules.results import TurnTo
from bot.core.vocabulary import Agency, CallOutcome, CallTo, Level, Route

Meaning = Callable[[Rung], bool]


def people_to_turn_to(places: list[Place], facts: Facts) -> tuple[TurnTo, ...]:
    """Return whom to turn to now, in order. It is never empty: the last rung is never used up."""
    last = len(places) - 1
    untried = list(range(last))
    above: list[int] = []
    latest: Chain | None = None
    emergency = any(_is_by_999(place.rung) for place in places)
    # An ambulance that did not come was sent for through 999, which is not behind us.
    called = each_once(that_count(facts, emergency=emergency))
    calls = [call for call in called if not call.by_999 or _acts(call)]
    for call in calls:
        left = [(index, places[index].rung) for index in untried]
        chain = _chain_reached(call, places, facts, latest)
        if call.to is CallTo.other and (call.here or call.by_999):
            # What 999 sent beside the police, such as an ambulance, is there or on its way.
            gone = [index for index, rung in left if rung.first and _is_by_999(rung)]
        elif chain is None:
            tried = _called(call, left, facts, latest)
            gone = [] if tried is None else [tried]
        else:
            gone = _behind(call, chain, left)
        untried = [index for index in untried if index not in gone]
        above = [index for index in above if index not in gone]
        reached = places[gone[-1]].rung if gone else None
        chain = chain or (reached.chain if reached else None)
        if chain not in OUTSIDE:
            continue
        if call.outcome is CallOutcome.coming:
            # Nobody above whoever comes is needed, nor whoever would stand in for them.
            above = [
                index
                for index in above
                if chain not in {places[index].rung.chain, places[index].rung.backs}
            ]
        if call.outcome not in UNFINISHED:
            higher = [
                index
                for index in untried
                if _is_above(call, chain, gone, (index, places[index].rung))
                # In an emergency one asks through 999; whoever else is above them comes later.
                and (not emergency or chain is not Chain.police or _is_by_999(places[index].rung))
            ]
            beside = [index for index in untried if places[index].rung.backs is chain]
            above = list(dict.fromkeys([*higher[:1], *beside, *above]))
            # "Their manager" is a manager of whoever did not act, if one can be asked for.
            latest = chain if higher or not emergency else None
        elif latest is None:
            latest = chain
    # While 999 was not called in an emergency, nobody else's refusal stands before it.
    first = [
        index for index in untried if places[index].rung.first and _is_by_999(places[index].rung)
    ]
    own: list[int] = []
    if calls and _refused_by_own_side(calls[-1], facts, emergency=emergency):
        told = [index for index in untried if places[index].rung.first]
        ours = [index for index in untried if places[index].rung.chain is Chain.own]
        # Above whoever refused in the service that is to act, somebody decides for it.
        own = ([*ours, *told] if _own_service(facts) else [*told, *ours])[:1]
    order = list(dict.fromkeys([*first, *own, *above, *untried, last]))
    return tuple(dict.fromkeys(places[index].who for index in order))


def _own_service(facts: Facts) -> CallTo | None:
    """Return what a call to the person's own service counts as, if that is one that is to act."""
    return ASKED.get(facts.my_agency) if facts.my_agency else None


def _refused_by_own_side(call: Call, facts: Facts, *, emergency: bool) -> bool:
    """Say whether a call to one's own side came to nothing, and whoever is above them is needed."""
    service = _own_service(facts)
    ours = call.to in OWN_SIDE or call.to is service
    return ours and not _acts(call) and (emergency or service is not None)


def _is_by_999(rung: Rung) -> bool:
    return rung.chain in {Chain.police, Chain.door} and rung.routes == (Route.emergency,)


def _chain_reached(
    call: Call, places: list[Place], facts: Facts, latest: Chain | None
) -> Chain | None:
    """Return whose people somebody of a known rung belongs to, or None if the rung is not known."""
    if call.level is None:
        return None
    if _is_ours(call, facts):
        return Chain.own
    for meant in _meanings(call, facts, latest):
        for place in places:
            if meant(place.rung) and place.rung.chain in OUTSIDE:
                return place.rung.chain
    return None


def _is_ours(call: Call, facts: Facts) -> bool:
    """Say whether a call went to somebody of one's own, on a rung that was told."""
    return call.to in {CallTo.own_manager, _own_service(facts)}


def _behind(call: Call, chain: Chain, left: list[tuple[int, Rung]]) -> list[int]:
    """Return the places behind somebody of a known rung: theirs, and below it where they refused.

    999 stays: whoever refused on the telephone does not answer for it.
    """
    level = call.level or Level.practitioner
    ranks = {level.rank}
    if call.outcome is CallOutcome.refused:
        ranks = set(range(level.rank + 1))
    # Of a school's lead a line manager's refusal says nothing.
    managers = chain is Chain.own and call.to is CallTo.own_manager
    return [
        index
        for index, rung in left
        if rung.chain is chain
        and (rung.manager or not managers)
        and rung.level.rank in ranks
        and not (rung.first and _is_by_999(rung))
    ]


def _is_above(call: Call, chain: Chain, gone: list[int], place: tuple[int, Rung]) -> bool:
    """Say whether a place is above whoever a call reached."""
    index, rung = place
    if rung.chain is not chain:
        return False
    if call.level is not None:
        return rung.level.rank > call.level.rank
    return index > gone[-1] and rung.level is not Level.practitioner


def is_help_sent(facts: Facts) -> bool:
    """Say whether 999 was reached: the police act or were told, or what else it sent is there."""
    # To the police themselves their own officers are no help that was called.
    police_self = facts.my_agency is Agency.police
    police = None if police_self else answer_of_999(facts)
    told = [call for call in each_once(facts.calls) if _acts(call)]
    told = [
        call for call in told if not (call.earlier or (police_self and call.to is CallTo.police))
    ]
    sent = any(call.here or call.by_999 for call in told)
    return police in UNFINISHED or (police is None and sent)


def _acts(call: Call) -> bool:
    return call.outcome in UNFINISHED


def answer_of_999(facts: Facts) -> CallOutcome | None:
    """Return what came of the latest call to the police but on 101, or None without one."""
    police = [call for call in facts.calls if call.to is CallTo.police]
    told = [call for call in police if not (call.by_101 or call.earlier)]
    return told[-1].outcome if told else None


def _called(
    call: Call, untried: list[tuple[int, Rung]], facts: Facts, latest: Chain | None
) -> int | None:
    """Return the place that a call was to: the lowest untried one of its likeliest meaning."""
    for meant in _meanings(call, facts, latest):
        for index, rung in untried:
            if meant(rung):
                return index
    return None


def _meanings(call: Call, facts: Facts, latest: Chain | None) -> Iterator[Meaning]:
    """Yield what a call can mean, the likeliest first. `latest` is whose people did not act."""
    to = call.to
    for chain, agency in SERVICES.items():
        if to is ASKED[agency] and facts.my_agency is not agency:
            yield _of(chain)
    if to is _own_service(facts):
        # An officer's own control room that refuses is no inspector of theirs.
        yield _is_by_999 if to is CallTo.police and not _acts(call) else _of(Chain.own)
    if to is CallTo.safeguarding_lead:
        yield lambda rung: rung.lead
    if to is CallTo.own_manager:
        yield lambda rung: rung.manager
    if to is CallTo.their_manager:
        other = _chain_of(facts.their_agency)
        # Whoever was only told is of the agency that they disagree with.
        first = (other, latest) if call.outcome in UNFINISHED else (latest, other)
        for asked in (*first, *SERVICES):
            if asked:
                yield _of(asked, above=Level.practitioner)
    if to is CallTo.other:
        yield lambda rung: rung.chain in BEYOND


def _of(chain: Chain, above: Level | None = None) -> Meaning:
    return lambda rung: rung.chain is chain and rung.level is not above


def _chain_of(agency: Agency | None) -> Chain:
    return next((chain for chain, of in SERVICES.items() if of is agency), Chain.theirs)
