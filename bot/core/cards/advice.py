"""Advice as a card: the headline, what goes with it today, the stages, and the rest folded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bot.core.cards.card import (
    Card,
    CardItem,
    CardSection,
    CardStage,
    fold,
    named_section,
    without,
    words_in,
)
from bot.core.cards.lines import due_items, item_lines, sign_off
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy, Stage
from bot.core.rules.deadlines import Deadline, show_day
from bot.core.rules.duties import seen_from
from bot.core.rules.headline import inside_sentence
from bot.core.rules.results import Advice, Contact, FormRef, Notify
from bot.core.rules.summary import stage_name
from bot.core.vocabulary import Action, Route, Side

OPEN_WORDS = 120
"""At most so many words of advice stand open; longer matter is folded under its heading."""


def advice_card(
    advice: Advice, policy: Policy | None, phrases: Phrases, side: Side = Side.raiser
) -> Card:
    """Lay out advice as a card: the headline, what goes with it today, and the rest folded.

    `side` is the reader's own.
    """
    title = advice.headline.do if advice.headline else phrases.say(f"card_title_{advice.route}")
    footer = sign_off(policy, phrases) if policy else None
    why = named_section("next", _why(advice), phrases)
    due = named_section(
        "due", due_items(advice.deadlines, phrases, side, urgent=advice.urgent), phrases
    )
    who = named_section("contacts", _contacts(advice, phrases, side), phrases)
    record = named_section("records", item_lines(advice.records), phrases)
    left = OPEN_WORDS - words_in(title) - words_in(footer or "")
    over: list[CardItem] = []
    if advice.urgent:
        opened, folded = [why, record], [due, who]
    elif advice.route is Route.exit:
        lines = item_lines(advice.guidance)
        shown = [*lines[:1], *_fitting(lines[1:], left - words_in(lines[0].text) - 2 * HEADING)]
        over = [line for line in lines if line not in shown]
        opened, folded = [named_section("exit", shown, phrases)], [due, who, record]
    else:
        first = item_lines(advice.first)
        room = left - KEPT_FOR_WARNINGS - sum(words_in(item.text) for item in first)
        now = [*first, *_fitting(_now(advice, policy, phrases), room)]
        opened, folded = [named_section("now", now, phrases)], [why, due, who, record]
    left -= sum(map(_size, opened))
    # What stands open is not said again under its heading.
    folded = [without(section, opened[0]) for section in folded]
    warnings = item_lines([one for one in advice.warnings if one not in advice.first])
    shown = _fitting(sorted(warnings, key=lambda item: _rank(item, policy)), left - HEADING)
    opened.append(named_section("warnings", (one for one in warnings if one in shown), phrases))
    folded = [
        named_section("more", (*over, *(one for one in warnings if one not in shown)), phrases),
        *folded,
        named_section("notify", _told(advice, phrases), phrases),
        named_section("forms", _forms(advice, phrases), phrases),
        named_section("then", _then(advice, policy, phrases), phrases),
        named_section("support", item_lines(advice.support), phrases),
        named_section("grounds", item_lines(advice.grounds), phrases),
        named_section("not_stated", item_lines(advice.not_stated), phrases),
    ]
    apart = advice.urgent or advice.route is Route.exit
    return Card(
        kind=str(advice.route) if advice.urgent else "advice",
        title=title,
        route=str(advice.route),
        # Where another procedure fits, nobody stands at one of these stages.
        stages=() if apart or policy is None else card_stages(advice, policy, phrases),
        sections=(
            *(section for section in opened if section.items),
            *(fold(section) for section in folded if section.items),
        ),
        footer=footer,
    )


KEPT_FOR_WARNINGS = 30
"""Words kept free for what would make it urgent."""
HEADING = 4


def _fitting(items: Iterable[CardItem], words: int) -> list[CardItem]:
    """Return the items, in order, that fit into so many words."""
    found = []
    for item in items:
        if words_in(item.text) <= words:
            found.append(item)
            words -= words_in(item.text)
    return found


def _rank(warning: CardItem, policy: Policy | None) -> tuple[bool, int]:
    """Return what decides which warnings stand open: the guide's own, on danger, then the short."""
    document = warning.source.document if warning.source else ""
    return bool(policy and document == policy.document.title), words_in(warning.text)


def _size(section: CardSection) -> int:
    """Return how many words a section shows when it is open."""
    return words_in(section.heading) + sum(words_in(item.text) for item in section.items)


def card_stages(advice: Advice, policy: Policy, phrases: Phrases) -> tuple[CardStage, ...]:
    """Return the policy's stages; the present and the next carry a mark and a date."""
    here = advice.stage.number if advice.stage else None
    ahead = advice.next.to_stage
    states = [(stage, _state(stage.number, here, ahead)) for stage in policy.stages]
    return tuple(
        CardStage(stage.label, stage.title, state, _by(advice, state, phrases))
        for stage, state in states
    )


def _by(advice: Advice, state: str, phrases: Phrases) -> str | None:
    """Return the first date at a stage: of a running or passed limit, or of the next stage.

    A settled stage owes nothing any more; what is left to do stands among the deadlines.
    """
    if state not in {"current", "next"} or advice.route is Route.resolved:
        return None
    found: Sequence[Deadline] = advice.deadlines
    if advice.next.to_stage is not None:
        found = [deadline for deadline in found if deadline.if_raised_today is (state == "next")]
    if not found:
        return None
    first = min(found, key=lambda deadline: deadline.due)
    name = "by_passed" if first.overdue else "by_if_raised" if first.if_raised_today else "by"
    return phrases.say(f"card_{name}", due=show_day(first.due))


def _state(number: int, here: int | None, ahead: int | None) -> str:
    if number == ahead:
        return "next"
    if number == here:
        return "current"
    return "done" if here is not None and number < here else "later"


def _now(advice: Advice, policy: Policy | None, phrases: Phrases) -> Iterator[CardItem]:
    """Yield what goes with the headline: who acts, whom to tell, form, record, what follows."""
    headline = advice.headline.who if advice.headline else ""
    yield from item_lines(advice.acting)
    # While an answer is awaited, whoever had to be told when it was raised has very likely been.
    waits = advice.next.action is Action.wait
    carried = [one for one in advice.notify if one.carried or waits]
    told = [
        one for one in advice.notify if one not in carried and inside_sentence(one.who) != headline
    ]
    if told:
        who = " and ".join(dict.fromkeys(inside_sentence(one.who) for one in told[:MOST_NAMED]))
        yield CardItem(phrases.say("card_now_tell", who=who), None, told[0].source)
    if carried:
        who = " and ".join(dict.fromkeys(inside_sentence(one.who) for one in carried[:MOST_NAMED]))
        yield CardItem(phrases.say("card_now_check", who=who), None, carried[0].source)
    for form in advice.forms:
        name = _how_to_send(form, advice, policy)
        yield CardItem(phrases.say(name, name=form.name), None, form.source)
    for record in advice.records[:1]:
        yield CardItem(record.what, None, record.source)
    after = _after(advice, policy)
    if policy and after:
        text = phrases.say("card_now_then", next=stage_name(after))
        yield CardItem(text, None, policy.cite(after.source))


def _how_to_send(form: FormRef, advice: Advice, policy: Policy | None) -> str:
    """Return the words for a form: now, or once what comes before its stage is done."""
    ahead = advice.next.to_stage
    if policy is None or ahead is None:
        return "card_now_form"
    stage = policy.stage(ahead)
    own = next((one for one in stage.forms if one.id == form.id), None)
    if own and any(condition.first for condition in stage.conditions):
        return "card_then_message" if own.message else "card_then_form"
    return "card_now_message" if own and own.message else "card_now_form"


MOST_NAMED = 2
"""So many of those to tell are named at once; all of them stand in a section of their own."""


def _why(advice: Advice) -> list[CardItem]:
    """Return what to do in full, and how to go about it."""
    return [CardItem(advice.next.summary), *item_lines(advice.guidance)]


def _contacts(advice: Advice, phrases: Phrases, side: Side) -> list[CardItem]:
    def text(contact: Contact) -> str:
        whose = "urgent" if advice.urgent else seen_from(side, contact.party).value
        return phrases.say(f"card_contact_{whose}", role=contact.role)

    return [_addressed(text(contact), contact, phrases) for contact in advice.contacts]


def _told(advice: Advice, phrases: Phrases) -> list[CardItem]:
    return [
        _addressed(
            phrases.say("card_told", who=notification.who, what=notification.what),
            notification,
            phrases,
        )
        for notification in advice.notify
    ]


def _forms(advice: Advice, phrases: Phrases) -> list[CardItem]:
    return [
        _addressed(phrases.say("card_form", name=form.name, what=form.what), form, phrases)
        for form in advice.forms
    ]


def _addressed(text: str, addressee: Contact | Notify | FormRef, phrases: Phrases) -> CardItem:
    shown = (
        phrases.say("card_address", text=text, address=addressee.address)
        if addressee.address
        else text
    )
    return CardItem(shown, None, addressee.source)


def _after(advice: Advice, policy: Policy | None) -> Stage | None:
    """Return the stage after the one to go to or to wait at, if there is one."""
    if policy is None or advice.stage is None or advice.route is not Route.staged:
        return None
    if advice.next.action is Action.record:
        return None
    ahead = advice.next.to_stage
    return policy.following(policy.stage(advice.stage.number if ahead is None else ahead))


def _then(advice: Advice, policy: Policy | None, phrases: Phrases) -> list[CardItem]:
    """Return what comes after the stage to go to or to wait at."""
    if policy is None or advice.route is not Route.staged or advice.next.action is Action.record:
        return []
    after = _after(advice, policy)
    if after is None:
        return [
            CardItem(statement.what, None, policy.cite(statement.source))
            for statement in policy.remaining
        ]
    text = phrases.say("card_then", next=stage_name(after), what=after.what)
    return [CardItem(text, None, policy.cite(after.source))]


def correction_card(card: Card, before: Mapping[str, Any], lines: Iterable[str]) -> Card | None:
    """Return only what a correction changed in advice; None if the advice is another now.

    `before` is the card that was shown last. It is the same advice while route, place and next
    stage are the same; its dates may differ.
    """
    drawn = [(stage["label"], stage["state"]) for stage in before["stages"]]
    same = drawn == [(stage.label, stage.state) for stage in card.stages]
    if not same or before["route"] != card.route:
        return None
    told = CardSection("", tuple(map(CardItem, lines)))
    return msgspec.structs.replace(card, stages=(), sections=(told,))
