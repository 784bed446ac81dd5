"""What a child at immediate risk needs today: the policy's own rule, else the guide's.

Never a date later than today (design, section 5, rule 2).
"""

from datetime import date

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.handbook.safety_guidance import Chain
from bot.core.policy.model import Notification, Party, Source
from bot.core.rules.deadlines import Deadline, show_day
from bot.core.rules.facts import Facts
from bot.core.rules.ladder import Place, ladder
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.results import Contact, Headline, TurnTo
from bot.core.rules.turn_to import (
    answer_of_999,
    is_help_sent,
    people_to_turn_to,
)
from bot.core.vocabulary import Exit, Route


class UrgentParts(msgspec.Struct, frozen=True):
    """The parts of advice on the urgent routes. `own_rule`: the policy has its own rule."""

    summary: str
    headline: Headline
    turn_to: tuple[TurnTo, ...]
    deadlines: tuple[Deadline, ...]
    contacts: tuple[Contact, ...]
    notify: tuple[Notification, ...]
    own_rule: bool


def urgent_parts(
    way: Route, facts: Facts, policy: NarrowedPolicy | None, today: date, handbook: Handbook
) -> UrgentParts:
    """Return what is due today on the emergency and same-day routes.

    Without a policy (the partnership is not yet known) only the guide's rule holds.
    """
    safety_guidance = handbook.safety_guidance
    own = [rule for rule in (policy.urgent if policy else ()) if way in rule.routes]
    places = ladder(way, facts, policy, today, handbook)
    turn_to = people_to_turn_to(places, facts)
    if way is Route.emergency and not is_help_sent(facts):
        turn_to = (_beside_999(turn_to[0], handbook), *turn_to[1:])
    emergency = way is Route.emergency and not is_help_sent(facts)
    rules = [(safety_guidance.emergency, safety_guidance)] if emergency else []
    if not own:
        rules.append((safety_guidance.same_day, safety_guidance))
    about_them = facts.exit is Exit.allegation
    found = [
        _due_today(
            (rule.allegation if about_them else None) or rule.what,
            rule.rule,
            today,
            handbook,
            document.cite(rule.source),
        )
        for rule, document in rules
    ]
    if policy:
        found += [
            _due_today(rule.what, rule.rule, today, handbook, policy.cite(rule.source))
            for rule in own
        ]
    return UrgentParts(
        summary=_summary(way, facts, handbook),
        headline=Headline(turn_to[0].do, turn_to[0].role, today),
        turn_to=turn_to,
        deadlines=tuple(found),
        contacts=tuple(_contact(place) for place in places if place.rung.first),
        notify=tuple(note for rule in own for note in rule.notify),
        own_rule=bool(own),
    )


def _summary(way: Route, facts: Facts, handbook: Handbook) -> str:
    """Return the urgent advice in a few sentences, for the agency and after a call to 999."""
    phrases = handbook.phrases
    sent = is_help_sent(facts)
    about_them = "_allegation" if facts.exit is Exit.allegation else ""
    if way is Route.emergency and (sent or answer_of_999(facts)):
        again = "reached" if sent else "again"
        return phrases.say(f"advice_{way}_{again}{about_them}")
    own = f"advice_{way}{about_them or f'_{facts.my_agency}'}"
    return phrases.say(own if phrases.has(f"utter_{own}") else f"advice_{way}")


def _beside_999(who: TurnTo, handbook: Handbook) -> TurnTo:
    """Return whoever stands first in an emergency; 999 is said whoever it is."""
    if "999" in who.do:
        return who
    do = handbook.phrases.say("turn_to_and_999", do=who.do)
    return msgspec.structs.replace(who, do=do)


def _contact(place: Place) -> Contact:
    party = Party.raiser if place.rung.chain is Chain.own else Party.receiver
    who = place.who
    return Contact(who.role, party, who.agency, who.address, who.source)


def _due_today(what: str, rule: str, today: date, handbook: Handbook, source: Source) -> Deadline:
    return Deadline(
        what=what,
        who=Party.raiser,
        due=today,
        rule=rule,
        working=handbook.phrases.say("working_urgent", rule=rule, due=show_day(today)),
        source=source,
    )
