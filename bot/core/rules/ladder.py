"""The ladder of today: everybody whom the facts allow to turn to, lowest first.

The rungs stand in the guide's safety guidance; the policy's own roles take the guide's place where
it names them.
"""

import re
from collections.abc import Iterable, Iterator
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
from bot.core.vocabulary import Agency, CallOutcome, CallTo, Exit, Level, Risk, Route, Side

SERVICES = {Chain.police: Agency.police, Chain.social_care: Agency.childrens_social_care}
"""The chains that belong to one agency, whoever the disagreement is with."""
ASKED = {Agency.police: CallTo.police, Agency.childrens_social_care: CallTo.childrens_social_care}
LED_BELOW = {Agency.education, Agency.early_years}
"""Where the safeguarding lead stands on the lowest of the managers' rungs."""
OWN_SIDE = {CallTo.safeguarding_lead, CallTo.own_manager}
OUTSIDE = {Chain.theirs, *SERVICES}
BEYOND = {Chain.partnership, Chain.door}
GRADE = re.compile(r"A child is at immediate risk(?: of significant harm)?")
"""The grade of risk in what the guidance gives to say. Who is not sure does not give it."""
UNFINISHED = {CallOutcome.made, CallOutcome.coming}
"""Outcomes that a later call to the same people completes."""


class Place(msgspec.Struct, frozen=True):
    """A rung that holds for the facts, and whoever stands on it."""

    rung: Rung
    who: TurnTo


def ladder(
    way: Route, facts: Facts, policy: NarrowedPolicy | None, today: date, handbook: Handbook
) -> list[Place]:
    """Return everybody whom these facts allow to turn to, whoever was called, lowest first.

    Neither the person themselves, nor anybody at or below their own level on their own side, but
    their lead if that is somebody else.
    """
    guidance = handbook.safety_guidance
    nation = policy.nation if policy else Nation.england
    works = is_working_day(today, nation)
    rungs = [
        rung
        for rung in guidance.ladder
        if _holds(rung, way, facts) and (works or not rung.working_days)
    ]
    rungs = _without_kept_out(rungs, facts)
    asked = {call.to for call in that_count(facts, emergency=way is Route.emergency)}
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


def that_count(facts: Facts, *, emergency: bool) -> list[Call]:
    """Return the calls that put somebody behind us.

    In an emergency 101 is no call to 999, nor is what was told before the danger grew.
    """
    return [call for call in facts.calls if not (emergency and (call.by_101 or call.earlier))]


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


def _holds(rung: Rung, way: Route, facts: Facts) -> bool:
    if way not in rung.routes or not (applies(rung.applies, facts) and _fits(rung, facts)):
        return False
    if rung.chain is Chain.own:
        above = facts.me.level is None or rung.level.rank > facts.me.level.rank
        return above or (rung.lead and facts.not_lead)
    if rung.chain is Chain.theirs:
        if facts.me.side is Side.receiver and facts.my_agency in SERVICES.values():
            # Whoever warned them waits for them to act, and is not whom to challenge.
            return False
        named = facts.their_agency not in {None, *SERVICES.values()}
        return named and facts.their_agency is not facts.my_agency
    return facts.my_agency is None or SERVICES.get(rung.chain) is not facts.my_agency


def _fits(rung: Rung, facts: Facts) -> bool:
    """Say whether what is told of the child, and of whom it is about, lets the rung stand."""
    told = set(facts.harms)
    return (
        (not rung.exits or facts.exit in rung.exits)
        and facts.exit not in rung.not_exits
        and (not rung.harms or not told.isdisjoint(rung.harms))
        and told.isdisjoint(rung.not_harms)
        and rung.head_accused in {None, facts.head_accused}
        and rung.conflict in {None, facts.conflict}
        and rung.lado_early
        in {None, facts.head_accused or facts.conflict or _refused_at_work(facts)}
    )


def _refused_at_work(facts: Facts) -> bool:
    """Say whether the head or manager was told of an allegation today, and will not act."""
    told = (call for call in facts.calls if call.to is CallTo.own_manager)
    return any(call.outcome is CallOutcome.refused for call in told)


def _without_kept_out(rungs: list[Rung], facts: Facts) -> list[Rung]:
    """Return the rungs without those on one's own side who are close to the family.

    Of the managers it is the lowest; in a school or nursery those above the lead, up to the head.
    """
    out = set(facts.kept_out)
    if not out.intersection(OWN_SIDE):
        return rungs
    own = [rung for rung in rungs if rung.chain is Chain.own and not rung.exits]
    gone = [rung for rung in own if rung.lead and CallTo.safeguarding_lead in out]
    if CallTo.own_manager in out:
        managers = [rung for rung in own if rung.manager]
        heads = [rung for rung in managers if rung.level.rank <= Level.senior_manager.rank]
        gone += heads if facts.my_agency in LED_BELOW else managers[:1]
    return [rung for rung in rungs if rung not in gone]


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
        how = phrases.say("turn_to_unless_about_them", do=how.removesuffix("."))
    if policy is not None:
        named = list(_named(rung, agency, facts, policy))
        for stage, role in named:
            # A name of its own helps whoever rings; "the opposite manager" says no more.
            short = role.role.partition(". ")[0]
            do = phrases.say("turn_to_named", do=how.removesuffix("."), role=short)
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

    Somebody on one's own side did not answer today, would not act, or may be who it is about; or
    whoever reads is the lead of a school or nursery themselves.
    """
    level = facts.me.level
    leads = level not in {None, Level.practitioner} and facts.my_agency in LED_BELOW
    return (
        (leads and not facts.not_lead)
        or facts.exit is Exit.allegation
        or bool(facts.kept_out)
        or any(
            call.to in OWN_SIDE and call.outcome not in UNFINISHED
            for call in each_once(facts.calls)
        )
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
