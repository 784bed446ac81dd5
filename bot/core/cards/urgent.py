"""The urgent cards: what to do now, and what is left to do after the calls."""

import msgspec

from bot.core.cards.advice import advice_card
from bot.core.cards.card import Card, CardItem, CardSection, fold, named_section
from bot.core.cards.lines import due_items, item_lines
from bot.core.conversation.crisis import BY_999
from bot.core.conversation.state import State, call_told
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy
from bot.core.rules.ladder import ASKED, UNFINISHED
from bot.core.rules.results import Advice, TurnTo
from bot.core.vocabulary import Agency, CallTo, Harm, Route, Side

DUTIES, FAMILY = "Duties to report", "Forced marriage"
"""The sections of the guide's own guidance on whom FGM binds, and on whom is not told."""


def danger_card(advice: Advice, state: State, phrases: Phrases) -> Card:
    """Return the urgent card: the red flag and what to do now. All else is folded."""
    guidance = advice.contacts[0].source
    heard = [CardItem(phrases.say("card_heard", heard=state.red_flag))] if state.red_flag else []
    said = []
    calls = [call_told(call) for call in state.calls]
    police = [call for call in calls if call.to is CallTo.police and not call.by_101]
    rang = any(call.outcome in UNFINISHED and not call.earlier for call in police)
    again = any(call.earlier for call in calls) and advice.turn_to[0].address == BY_999
    if state.red_flag is not None and state.rehearsing:
        said.append(phrases.say("card_rehearsing"))
    elif again:
        said.append(phrases.say("card_again"))
    elif rang:
        said.append(phrases.say("card_police_told"))
    elif advice.route is Route.same_day:
        hurt = Harm.ambulance in state.harms
        said.append(phrases.say("card_calm_hurt" if hurt else "card_calm"))
    # Whoever was called already is not to be called again.
    # With an allegation social care and the police are both told.
    both = state.alleged_today and advice.route is Route.same_day and not rang
    practice = bool({Harm.fgm, Harm.forced_marriage}.intersection(state.harms))
    # Who decides where a child goes is told beside whoever lets them go.
    services = practice or (Harm.sent_home in state.harms and advice.route is Route.same_day)
    more = advice.turn_to[0].address or both or Harm.missing in state.harms
    shown, bound = 3 if more and not services else 2, []
    people = list(advice.turn_to[:shown])
    lead = next((who for who in advice.turn_to if who.to is CallTo.safeguarding_lead), None)
    if lead and lead not in people:
        # Whoever else is to be rung, one's own lead is told as well.
        people.insert(shown - 1, lead)
    if services:
        people += _services_left_out(advice, people, state)
    steps = [CardItem(who.do, None, who.source) for who in people]
    if Harm.forced_marriage in state.harms:
        kept = msgspec.structs.replace(guidance, section=FAMILY)
        steps.insert(1, CardItem(phrases.say("card_step_family"), None, kept))
    if Harm.fgm in state.harms:
        duty = msgspec.structs.replace(guidance, section=DUTIES)
        # Next to whoever comes first: whom it binds may not leave it to anybody else on the list.
        steps.insert(1, CardItem(phrases.say("card_step_fgm"), None, duty))
        bound = [CardItem(phrases.say("card_fgm_bound"), None, duty)]
    if not state.harms:
        # Else each step says that it is for now, and there is more to read.
        steps.append(CardItem(phrases.say("card_step_today"), None, guidance))
    first = [*heard, *(CardItem(text, None, guidance) for text in said), *steps]
    own = [
        deadline for deadline in advice.deadlines if deadline.source.document != guidance.document
    ]
    sections = (
        named_section("do_now", first, phrases),
        fold(named_section("warnings", [*bound, *item_lines(advice.warnings)], phrases)),
        fold(named_section("due", due_items(own, phrases, Side.raiser, urgent=True), phrases)),
    )
    return Card(
        kind=str(advice.route),
        title=phrases.say(f"card_title_{_urgent_title(advice)}"),
        route=str(advice.route),
        sections=tuple(section for section in sections if section.items),
        footer=phrases.say("card_kept"),
    )


def _services_left_out(advice: Advice, people: list[TurnTo], state: State) -> list[TurnTo]:
    """Return the first of children's social care and of the police who are not among the people.

    Both can protect a girl from a journey or a ceremony, and a hurt child from being sent back, so
    both are told, unless they were.
    """
    called = {call_told(call).to for call in state.calls}
    told = {who.agency for who in people} | {of for of, to in ASKED.items() if to in called}
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
    record = phrases.say("card_heading_records")
    rest = [section if section.heading == record else fold(section) for section in card.sections]
    rest.sort(key=lambda section: section.folded)
    return msgspec.structs.replace(
        card, title=phrases.say("card_title_after_calls"), sections=(still, *rest)
    )
