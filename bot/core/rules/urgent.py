"""What a child at immediate risk needs today: the policy's own rule, else the guide's.

Never a date later than today (design, section 5, rule 2).
"""

from datetime import date

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.handbook.safety_guidance import UrgentContact
from bot.core.policy.model import Notification, Party, Policy, Source
from bot.core.rules.deadlines import Deadline, show_day
from bot.core.vocabulary import Route


class UrgentParts(msgspec.Struct, frozen=True):
    """The parts of advice on the urgent routes. `own_rule`: the policy has its own rule."""

    deadlines: tuple[Deadline, ...]
    contacts: tuple[UrgentContact, ...]
    notify: tuple[Notification, ...]
    own_rule: bool


def urgent_parts(way: Route, policy: Policy | None, today: date, handbook: Handbook) -> UrgentParts:
    """Return what is due today on the emergency and same-day routes.

    Without a policy (the partnership is not yet known) only the guide's rule holds.
    """
    safety_guidance = handbook.safety_guidance
    own = [rule for rule in (policy.urgent if policy else ()) if way in rule.routes]
    rules = [(safety_guidance.emergency, safety_guidance)] if way is Route.emergency else []
    if not own:
        rules.append((safety_guidance.same_day, safety_guidance))
    found = [
        _due_today(rule.what, rule.rule, today, handbook, document.cite(rule.source))
        for rule, document in rules
    ]
    if policy:
        found += [
            _due_today(rule.what, rule.rule, today, handbook, policy.cite(rule.source))
            for rule in own
        ]
    return UrgentParts(
        deadlines=tuple(found),
        contacts=tuple(
            contact for contact in safety_guidance.urgent_contacts if way in contact.routes
        ),
        notify=tuple(note for rule in own for note in rule.notify),
        own_rule=bool(own),
    )


def _due_today(what: str, rule: str, today: date, handbook: Handbook, source: Source) -> Deadline:
    return Deadline(
        what=what,
        who=Party.raiser,
        due=today,
        rule=rule,
        working=handbook.phrases.say("working_urgent", rule=rule, due=show_day(today)),
        source=source,
    )
