"""The urgent cards: what to do now, and what is left to do after the calls."""

import re

import msgspec

from bot.core.cards.advice import advice_card
from bot.core.cards.card import Card, CardItem, CardSection, fold, named_section, words_in
from bot.core.cards.lines import due_items, item_lines
from bot.core.conversation.state import State, call_told
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy
from bot.core.rules.results import Advice, TurnTo
from bot.core.vocabulary import Agency, CallTo, Route, Side

FGM = re.compile(r"\bFGM\b")
"""Says of a red flag that it may be female genital mutilation, which some must report."""
OPEN_WORDS = 90
"""At most so many words of the urgent card stand open beside what to do now."""
DUTIES = "Duties to report"
"""The section of the guide's own guidance on whom that binds."""


def danger_card(advice: Advice, state: State, phrases: Phrases) -> Card:
    """Return the urgent card: the red flag, what to do now, and that the answers are kept."""
    guidance = advice.contacts[0].source
    said = [phrases.say("card_heard", heard=state.red_flag)] if state.red_flag else []
    if state.red_flag is not None and state.rehearsing:
        said.append(phrases.say("card_rehearsing"))
    elif any(call.to is CallTo.police and not call.by_101 for call in map(call_told, state.calls)):
        said.append(phrases.say("card_police_told"))
    elif advice.route is Route.same_day:
        said.append(phrases.say("card_calm"))
    # Whoever was called already is not to be called again.
    shown = 3 if advice.turn_to[0].address else 2
    people = list(advice.turn_to[:shown])
    lead = next((who for who in advice.turn_to if who.to is CallTo.safeguarding_lead), None)
    if lead and lead not in people:
        # Whoever else is to be rung, one's own lead is told as well.
        people.insert(shown - 1, lead)
    practice = FGM.search(state.red_flag or "")
    if practice:
        people += _services_left_out(advice, people)
    steps = [CardItem(who.do, None, who.source) for who in people]
    if practice:
        duty = msgspec.structs.replace(guidance, section=DUTIES)
        # Next to whoever comes first: whom it binds may not leave it to anybody else on the list.
        steps.insert(1, CardItem(phrases.say("card_step_fgm"), None, duty))
    steps.append(CardItem(phrases.say("card_step_today"), None, guidance))
    first = [*map(CardItem, said), *steps]
    own = [
        deadline for deadline in advice.deadlines if deadline.source.document != guidance.document
    ]
    sections = (
        named_section("do_now", first, phrases),
        named_section("due", due_items(own, phrases, Side.raiser, urgent=True), phrases),
        named_section("warnings", item_lines(advice.warnings), phrases),
    )
    return Card(
        kind=str(advice.route),
        title=phrases.say(f"card_title_{_urgent_title(advice)}"),
        route=str(advice.route),
        sections=tuple(
            section if section is sections[0] else _behind(section, sections[0])
            for section in sections
            if section.items
        ),
        footer=phrases.say("card_kept"),
    )


def _behind(section: CardSection, first: CardSection) -> CardSection:
    """Return a section folded behind what to do now, unless both are short together."""
    words = sum(words_in(item.text) for part in (first, section) for item in part.items)
    return fold(section) if words > OPEN_WORDS else section


def _services_left_out(advice: Advice, people: list[TurnTo]) -> list[TurnTo]:
    """Return the first of children's social care and of the police who are not among the people.

    Both can protect a girl from a journey or a ceremony, so both are told.
    """
    told = {who.agency for who in people}
    return [
        next(who for who in advice.turn_to if who.agency is service)
        for service in (Agency.childrens_social_care, Agency.police)
        if service not in told and any(who.agency is service for who in advice.turn_to)
    ]


def _urgent_title(advice: Advice) -> str:
    """Return the title's name: whoever has reached 999 is not told to call it."""
    known = not any("999" in who.do for who in advice.turn_to[:1])
    return "emergency_reached" if advice.route is Route.emergency and known else str(advice.route)


def after_calls_card(advice: Advice, policy: Policy | None, phrases: Phrases) -> Card:
    """Return the urgent advice after the calls: what to record and what to ask."""
    card, first = advice_card(advice, policy, phrases), advice.turn_to[0]
    still = CardSection(
        phrases.say("card_heading_still"),
        (CardItem(phrases.say("card_still", do=first.do), None, first.source),),
    )
    return msgspec.structs.replace(
        card, title=phrases.say("card_title_after_calls"), sections=(still, *card.sections)
    )
