"""Whom to turn to today, in order, when a child is at immediate risk (design, section 4).

The rungs stand in the guide's safety guidance; the policy's own roles take the guide's place where
it names them. Whoever was called today is behind us, and whoever is above them comes first.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.handbook.safety_guidance import Chain, Rung
from bot.core.policy.model import Nation, Party, Role, Stage
from bot.core.rules.duties import LEAD, roles_at
from bot.core.rules.facts import Call, Facts
from bot.core.rules.narrowing import NarrowedPolicy, applies
from bot.core.rules.results import TurnTo
from bot.core.rules.working_days import is_working_day
from bot.core.vocabulary import Agency, CallOutcome, CallTo, Exit, Level, Risk, Route

SERVICES = {Chain.police: Agency.police, Chain.social_care: Agency.childrens_social_care}
"""The chains that belong to one agency, whoever the disagreement is with."""
ASKED = {Agency.police: CallTo.police, Agency.childrens_social_care: CallTo.childrens_social_care}
OWN_SIDE = {CallTo.safeguarding_lead, CallTo.own_manager}
OUTSIDE = {Chain.theirs, *SERVICES}
BEYOND = {Chain.partnership, Chain.door}
GRADE = re.compile(r"A child is at immediate risk(?: of significant harm)?")
"""The grade of risk in what the guidance gives to say. Who is not sure does not give it."""
UNFINISHED = {CallOutcome.made, CallOutcome.coming}
"""Outcomes that a later call to the same people completes."""

Meaning = Callable[[Rung], bool]


class Place(msgspec.Struct, frozen=True):
    """A rung that holds for the facts, and whoever stands on it."""

    rung: Rung
    who: TurnTo


def ladder(
    way: Route, facts: Facts, policy: NarrowedPolicy | None, today: date, handbook: Handbook
) -> list[Place]:
    """Return everybody whom these facts allow to turn to, whoever was called, lowest first.

    Neither the person themselves, nor anybody at or below their own level on their own side.
    """
    guidance = handbook.safety_guidance
    nation = policy.nation if policy else Nation.england
    works = is_working_day(today, nation)
    rungs = [
        rung
        for rung in guidance.ladder
        if _holds(rung, way, facts) and (works or not rung.working_days)
    ]
    asked = {call.to for call in _that_count(facts, emergency=way is Route.emergency)}
    # The police's own managers are above whoever in the police did not act.
    police = CallTo.police in asked or (
        CallTo.their_manager in asked and facts.their_agency is Agency.police
    )
    return [
        Place(rung, who)
        for rung in rungs
        if police or not rung.asked
        for who in _people(rung, facts, policy, today, handbook)
    ]


def people_to_turn_to(places: list[Place], facts: Facts) -> tuple[TurnTo, ...]:
    """Return whom to turn to now, in order. It is never empty: the last rung is never used up."""
    last = len(places) - 1
    untried = list(range(last))
    above: list[int] = []
    latest: Chain | None = None
    emergency = any(_is_by_999(place.rung) for place in places)
    # An ambulance that did not come was sent for through 999, which is not behind us.
    called = each_once(_that_count(facts, emergency=emergency))
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
        if chain is None and not gone:
            continue
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
    if emergency and calls and calls[-1].to in OWN_SIDE and calls[-1].outcome not in UNFINISHED:
        told = [index for index in untried if places[index].rung.first]
        own = [*told, *(i for i in untried if places[i].rung.chain is Chain.own)][:1]
    order = list(dict.fromkeys([*first, *own, *above, *untried, last]))
    return tuple(dict.fromkeys(places[index].who for index in order))


def _is_by_999(rung: Rung) -> bool:
    return rung.chain in {Chain.police, Chain.door} and rung.routes == (Route.emergency,)


def _chain_reached(
    call: Call, places: list[Place], facts: Facts, latest: Chain | None
) -> Chain | None:
    """Return whose people somebody of a known rung belongs to, or None if the rung is not known."""
    if call.level is None:
        return None
    for meant in _meanings(call, facts, latest):
        for place in places:
            if meant(place.rung) and place.rung.chain in OUTSIDE:
                return place.rung.chain
    return None


def _behind(call: Call, chain: Chain, left: list[tuple[int, Rung]]) -> list[int]:
    """Return the places behind somebody of a known rung: theirs, and below it where they refused.

    999 stays: whoever refused on the telephone does not answer for it.
    """
    level = call.level or Level.practitioner
    ranks = {level.rank}
    if call.outcome is CallOutcome.refused:
        ranks = set(range(level.rank + 1))
    return [
        index
        for index, rung in left
        if rung.chain is chain
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
    return index > gone[-1]


def _that_count(facts: Facts, *, emergency: bool) -> list[Call]:
    """Return the calls that put somebody behind us: in an emergency 101 is no call to 999."""
    return [call for call in facts.calls if not (emergency and call.by_101)]


def each_once(calls: Iterable[Call]) -> list[Call]:
    """Return the calls without those that a later one completes: rung, and then refused.

    Whoever was told twice was told on two rungs: what came of it is of the last.
    """
    found: list[Call] = []
    for call in calls:
        open_ = [
            index
            for index, earlier in enumerate(found)
            if earlier.to is call.to and earlier.outcome in UNFINISHED
        ]
        if open_ and {found[open_[-1]].outcome, call.outcome} != {CallOutcome.made}:
            del found[open_[-1]]
        found.append(call)
    return found


def is_help_sent(facts: Facts) -> bool:
    """Say whether 999 was reached: the police act or were told, or what else it sent is there."""
    # To the police themselves their own officers are no help that was called.
    police_self = facts.my_agency is Agency.police
    police = None if police_self else answer_of_999(facts)
    told = [call for call in each_once(facts.calls) if _acts(call)]
    told = [call for call in told if not (police_self and call.to is CallTo.police)]
    sent = any(call.here or call.by_999 for call in told)
    return police in UNFINISHED or (police is None and sent)


def _acts(call: Call) -> bool:
    return call.outcome in UNFINISHED


def answer_of_999(facts: Facts) -> CallOutcome | None:
    """Return what came of the latest call to the police but on 101, or None without one."""
    told = [call for call in facts.calls if call.to is CallTo.police and not call.by_101]
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
        if to is ASKED[agency]:
            yield _of(Chain.own if facts.my_agency is agency else chain)
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


def _holds(rung: Rung, way: Route, facts: Facts) -> bool:
    if way not in rung.routes or not applies(rung.applies, facts):
        return False
    if (rung.exits and facts.exit not in rung.exits) or facts.exit in rung.not_exits:
        return False
    if rung.head_accused not in {None, facts.head_accused}:
        return False
    if rung.conflict not in {None, facts.conflict}:
        return False
    if rung.lado_early not in {None, facts.head_accused or facts.conflict}:
        return False
    if rung.chain is Chain.own:
        return facts.me.level is None or rung.level.rank > facts.me.level.rank
    if rung.chain is Chain.theirs:
        named = facts.their_agency not in {None, *SERVICES.values()}
        return named and facts.their_agency is not facts.my_agency
    return facts.my_agency is None or SERVICES.get(rung.chain) is not facts.my_agency


def _people(
    rung: Rung, facts: Facts, policy: NarrowedPolicy | None, today: date, handbook: Handbook
) -> Iterator[TurnTo]:
    """Yield whoever the policy names at a rung, or else the guide's own role."""
    phrases, guidance = handbook.phrases, handbook.safety_guidance
    agency, say = _agency_of(rung, facts), rung.say
    if rung.calm and all(call.outcome in UNFINISHED for call in each_once(facts.calls)):
        say = rung.calm
    if facts.risk is Risk.unsure:
        say = GRADE.sub(phrases.say("turn_to_unsure"), say)
    counts_as = _counts_as(rung)
    how = rung.alone if rung.alone and _is_alone(facts) else rung.do
    if facts.exit is Exit.allegation and rung.chain is Chain.own and not rung.exits:
        how = phrases.say("turn_to_unless_about_them", do=how.rstrip("."))
    if policy is not None:
        named = list(_named(rung, agency, facts, policy))
        for stage, role in named:
            # A name of its own helps whoever rings; "the opposite manager" says no more.
            short = role.role.partition(". ")[0]
            do = phrases.say("turn_to_named", do=how.rstrip("."), role=short)
            yield TurnTo(
                role=role.role,
                agency=agency,
                to=counts_as,
                do=do if role.agencies else how,
                why=phrases.say(
                    "turn_to_why", why=rung.why, policy=policy.short_name, stage=stage.label
                ),
                say=say,
                note=rung.note,
                address=role.address,
                source=policy.cite(role.source),
            )
        if named:
            return
    shut = not is_working_day(today, policy.nation if policy else Nation.england)
    yield TurnTo(
        role=rung.day_off if shut and rung.day_off else rung.role,
        agency=agency,
        to=counts_as,
        do=how,
        why=rung.why,
        say=say,
        note=rung.note,
        address=rung.address,
        source=guidance.cite(rung.source),
    )


def _is_alone(facts: Facts) -> bool:
    """Say whether one rings the others oneself.

    Somebody on one's own side did not answer today, would not act, or may be who it is about.
    """
    return facts.exit is Exit.allegation or any(
        call.to in OWN_SIDE and call.outcome not in UNFINISHED for call in each_once(facts.calls)
    )


def _named(
    rung: Rung, agency: Agency | None, facts: Facts, policy: NarrowedPolicy
) -> Iterator[tuple[Stage, Role]]:
    """Yield the roles that the policy has at a rung, each with its stage."""
    if rung.chain is Chain.partnership:
        # Without the area, the policies of several partnerships would name all of them.
        if policy.areas and facts.area is None:
            return
        party, agency = Party.partnership, None
    elif rung.level is Level.practitioner or rung.fixed or rung.lead or agency is None:
        return
    else:
        # What the policy calls "you" is whoever reads, on either side.
        party = Party.raiser if rung.chain is Chain.own else Party.receiver
    for stage in policy.stages:
        if stage.level is not rung.level:
            continue
        for role in roles_at(stage, party, agency, facts):
            # For an agency outside the disagreement only its own name says enough.
            known = rung.chain in {Chain.own, Chain.partnership} or agency is facts.their_agency
            # The lead has a rung of their own here.
            is_lead = rung.level is Level.line_manager and LEAD in role.role.lower()
            if (known or role.agencies) and not (rung.chain is Chain.own and is_lead):
                yield stage, role


def _agency_of(rung: Rung, facts: Facts) -> Agency | None:
    if rung.chain is Chain.own:
        return facts.my_agency
    return facts.their_agency if rung.chain is Chain.theirs else SERVICES.get(rung.chain)


def _counts_as(rung: Rung) -> CallTo:
    """Return what a call to somebody on a rung counts as."""
    if rung.chain in SERVICES:
        return ASKED[SERVICES[rung.chain]]
    if rung.chain is Chain.theirs:
        return CallTo.their_manager
    if rung.chain in BEYOND:
        return CallTo.other
    return CallTo.safeguarding_lead if rung.lead else CallTo.own_manager
