"""What follows from a manager or lead of one's own who says no, or from nobody who can be asked."""

import re

from bot.core.handbook.handbook import Handbook
from bot.core.handbook.safety_guidance import leads
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy
from bot.core.rules.deadlines import show_day
from bot.core.rules.facts import Facts, OwnSide
from bot.core.rules.results import Item
from bot.core.vocabulary import Agency, Level, Worry

LEAD = re.compile(r"\b(?:d?dsl|dsp|safeguarding|named|designated)\b")
"""Says of a title that it is a safeguarding lead's."""

ABBREVIATED = re.compile(r"\b(?:a?tm|ad|ceo|d?dsl|dsp|gp|hos|hv|slt|sm)\b")
"""Titles that are written in capitals."""


def own_side_words(told: OwnSide, phrases: Phrases) -> str:
    """Return what was told as the review and the record show it: "Matron said no"."""
    who = ABBREVIATED.sub(
        lambda title: title.group().upper(), told.who or phrases.say("own_side_nobody")
    )
    said = phrases.say(f"own_side_{told.worry}", who=f"{who[0].upper()}{who[1:]}")
    return said if told.on is None else phrases.say("own_side_on", said=said, day=show_day(told.on))


def whom_to_ask(told: OwnSide, facts: Facts, phrases: Phrases) -> str:
    """Return whom to ask in the place of whoever says no or cannot be asked.

    Who leads or manages is sent to nobody below them, and not to themselves.
    """
    if told.worry is Worry.own_manager and leads(facts.me.level):
        school = "_school" if facts.my_agency is Agency.education else ""
        return phrases.say(f"headline_past_own_manager_up{school}")
    lead = "_lead" if told.who and LEAD.search(told.who) else ""
    return phrases.say(f"headline_past_{told.worry}{lead}")


def own_side_items(
    told: OwnSide, level: Level | None, policy: Policy, handbook: Handbook
) -> tuple[Item, ...]:
    """Return what the policy says of one's own manager, and what holds anywhere."""
    general = handbook.safety_guidance.confidence
    refused = told.worry is Worry.own_manager
    stated = policy.own_manager if refused else ()
    anywhere = general.own_manager if refused else general.nobody_there
    return (
        *(Item(one.what, policy.cite(one.source)) for one in stated),
        *(Item(one.to(level), handbook.safety_guidance.cite(one.source)) for one in anywhere),
    )
