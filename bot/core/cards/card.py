"""Advice as a card: a title, the stages with the present one marked, and sections of short items.

Each channel draws a card in its own way. `card_text` gives the same content as plain text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import shorten
from typing import Any

import msgspec

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Party, Policy, Source, Stage, Status, Strength
from bot.core.rules.deadlines import Deadline, show_ago, show_day
from bot.core.rules.duties import seen_from
from bot.core.rules.headline import inside_sentence
from bot.core.rules.limit_words import rule_text
from bot.core.rules.results import Advice, Contact, FormRef, Item, Notify
from bot.core.rules.summary import stage_name
from bot.core.vocabulary import Action, Route, Side

IN_A_BUTTON = 64
"""The most letters of an answer on the button that changes it: Slack cuts a longer one off."""


class CardItem(msgspec.Struct, frozen=True):
    """A line. `detail` is shown on demand, such as how a date was counted.

    `change` is the payload of a button in the line, which asks this answer again; `change_title`
    says what it does, and `label` what stands on it, unless that is "Change".
    """

    text: str
    detail: str | None = None
    source: Source | None = None
    change: str | None = None
    change_title: str | None = None
    label: str | None = None


class CardSection(msgspec.Struct, frozen=True):
    """A heading with its lines. `folded`: a channel may hide the lines until asked."""

    heading: str
    items: tuple[CardItem, ...]
    folded: bool = False


class CardStage(msgspec.Struct, frozen=True):
    """A stage in the overview of all stages. `state` is done, current, next or later.

    `by` is the first date of the present or the next stage, in words.
    """

    label: str
    title: str
    state: str
    by: str | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel draws. `kind` is advice, emergency, same_day, review or answer."""

    kind: str
    title: str
    route: str
    stages: tuple[CardStage, ...] = ()
    sections: tuple[CardSection, ...] = ()
    footer: str | None = None

    def without_changes(self) -> "Card":
        """Return the card without buttons in its lines, for channels that put them below it."""
        sections = tuple(
            msgspec.structs.replace(
                section,
                items=tuple(msgspec.structs.replace(item, change=None) for item in section.items),
            )
            for section in self.sections
        )
        return msgspec.structs.replace(self, sections=sections)

    def with_section(self, section: CardSection, after: int) -> "Card":
        """Return the card with another section after its first `after` sections."""
        sections = (*self.sections[:after], section, *self.sections[after:])
        return msgspec.structs.replace(self, sections=sections)


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
    return Card(
        kind=str(advice.route) if advice.urgent else "advice",
        title=title,
        route=str(advice.route),
        stages=() if advice.urgent or policy is None else card_stages(advice, policy, phrases),
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


def opened_within(
    words: int, sections: Iterable[CardSection], phrases: Phrases
) -> Iterator[CardSection]:
    """Yield the sections in order, those lines open that fit into so many words, the rest folded.

    The first line always stands open: it is the answer. Where a section does not fit whole, the
    rest of it and all that follows is folded.
    """
    full = False
    for number, section in enumerate(sections):
        if full:
            yield fold(section)
            continue
        shown: list[CardItem] = []
        left = words - words_in(section.heading)
        for item in section.items:
            if words_in(item.text) > left and (shown or number):
                break
            shown.append(item)
            left -= words_in(item.text)
        words, full = left, len(shown) < len(section.items)
        if not shown:
            yield fold(section)
            continue
        yield msgspec.structs.replace(section, items=tuple(shown))
        if full:
            rest = phrases.say("card_heading_rest", heading=section.heading)
            yield CardSection(rest, section.items[len(shown) :], folded=True)


def _rank(warning: CardItem, policy: Policy | None) -> tuple[bool, int]:
    """Return what decides which warnings stand open: the guide's own, on danger, then the short."""
    document = warning.source.document if warning.source else ""
    return bool(policy and document == policy.document.title), words_in(warning.text)


def _size(section: CardSection) -> int:
    """Return how many words a section shows when it is open."""
    return words_in(section.heading) + sum(words_in(item.text) for item in section.items)


def without(section: CardSection, opened: CardSection) -> CardSection:
    """Return a section without the lines that stand open already."""
    said = {item.text for item in opened.items}
    kept = tuple(item for item in section.items if item.text not in said)
    return msgspec.structs.replace(section, items=kept)


def fold(section: CardSection) -> CardSection:
    """Return a section whose lines a channel shows on demand."""
    return msgspec.structs.replace(section, folded=True)


def words_in(text: str) -> int:
    """Return how many words a text has."""
    return len(text.split())


def card_text(card: Card, phrases: Phrases) -> str:
    """Return a card as plain lines, for a channel that does not draw cards."""
    lines = [f"**{card.title}**"]
    if card.stages:
        shown = (
            phrases.say(f"card_state_{stage.state}", label=stage.label) for stage in card.stages
        )
        lines.append(phrases.say("card_path", stages=" → ".join(shown)))
    for section in card.sections:
        lines += [f"**{section.heading}**"] if section.heading else []
        lines += [f"- {item.text}" for item in section.items]
    sources = _sources(item.source for section in card.sections for item in section.items)
    if sources:
        lines.append(phrases.say("card_sources", sources=sources))
    if card.footer:
        lines.append(card.footer)
    return "\n".join(lines)


def _sources(sources: Iterable[Source | None]) -> str:
    """Return each document once, followed by its cited sections in order."""
    sections: dict[str, dict[str, None]] = {}
    for source in sources:
        if source:
            sections.setdefault(source.document, {})[source.section] = None
    return ". ".join(f"{document}: {'; '.join(used)}" for document, used in sections.items())


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


def named_section(name: str, items: Iterable[CardItem], phrases: Phrases) -> CardSection:
    """Return a section under a heading of the responses."""
    return CardSection(phrases.say(f"card_heading_{name}"), tuple(items))


def item_lines(items: Sequence[Item]) -> list[CardItem]:
    """Return a line for each item, without items that a longer item repeats."""
    return [
        CardItem(item.what, None, item.source)
        for item in items
        if not any(
            other.what != item.what
            and other.what.startswith(item.what)
            and other.source == item.source
            for other in items
        )
    ]


def _now(advice: Advice, policy: Policy | None, phrases: Phrases) -> Iterator[CardItem]:
    """Yield what goes with the headline today: whom to tell, the form, the record, what follows."""
    headline = advice.headline.who if advice.headline else ""
    told = [one for one in advice.notify if inside_sentence(one.who) != headline]
    if told:
        who = " and ".join(dict.fromkeys(inside_sentence(one.who) for one in told[:MOST_NAMED]))
        yield CardItem(phrases.say("card_now_tell", who=who), None, told[0].source)
    for form in advice.forms:
        yield CardItem(phrases.say("card_now_form", name=form.name), None, form.source)
    for record in advice.records[:1]:
        yield CardItem(record.what, None, record.source)
    after = _after(advice, policy)
    if policy and after:
        text = phrases.say("card_now_then", next=stage_name(after))
        yield CardItem(text, None, policy.cite(after.source))


MOST_NAMED = 2
"""So many of those to tell are named at once; all of them stand in a section of their own."""


def _why(advice: Advice) -> list[CardItem]:
    """Return what to do in full, and how to go about it."""
    return [CardItem(advice.next.summary), *item_lines(advice.guidance)]


def due_items(
    deadlines: Iterable[Deadline], phrases: Phrases, side: Side, *, urgent: bool
) -> list[CardItem]:
    """Return deadlines as lines."""
    return [due_item(deadline, phrases, side, urgent=urgent) for deadline in deadlines]


def due_item(
    deadline: Deadline, phrases: Phrases, side: Side = Side.raiser, *, urgent: bool
) -> CardItem:
    """Return a deadline as a line: who does what, by when and by which rule."""
    guide = deadline.strength is Strength.guide and not deadline.overdue
    name = "card_overdue" if deadline.overdue else "card_due_guide" if guide else "card_due"
    if urgent:
        name = "card_due_urgent"
    what = deadline.what.rstrip(".")
    text = phrases.say(
        name,
        who=phrases.say(f"card_bound_{seen_from(side, deadline.who).value}"),
        what=what if urgent or deadline.overdue else f"{what[0].lower()}{what[1:]}",
        due=show_day(deadline.due),
        rule=deadline.rule,
        ago=show_ago(deadline, phrases),
    )
    if deadline.if_raised_today and deadline.who is not Party.raiser:
        raised = "they_raise" if side is Side.receiver else "raised"
        text = phrases.say(f"card_if_{raised}_today", text=text)
    return CardItem(text, deadline.working, deadline.source)


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


def review_card(given: Mapping[str, str], phrases: Phrases) -> Card:
    """Return the answers given so far, each on a line with a button to change it.

    `given` maps each answer's name to its line.
    """
    return Card(
        kind="review",
        title=phrases.say("card_title_review"),
        route="",
        sections=(_given(given, phrases),),
    )


def with_given(card: Card, given: Mapping[str, str], phrases: Phrases) -> Card:
    """Return advice with the answers that it rests on, folded behind all that it says."""
    section = msgspec.structs.replace(_given(given, phrases), folded=True)
    return card.with_section(section, after=len(card.sections))


def _given(given: Mapping[str, str], phrases: Phrases) -> CardSection:
    items = tuple(
        CardItem(
            line,
            change=f"do:change_answer:{name}",
            change_title=phrases.say("option_change", line=_in_short(line)),
        )
        for name, line in given.items()
    )
    return CardSection(phrases.say("card_heading_review"), items)


def _in_short(line: str) -> str:
    """Return a line as a button holds it: of a long question its beginning, and the answer."""
    question, mark, answer = line.rpartition("? ")
    if not mark or len(line) <= IN_A_BUTTON:
        return line
    return f"{shorten(question, IN_A_BUTTON - len(answer) - 1, placeholder=' …')}? {answer}"


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


UNSIGNED = {
    Status.draft: "unsigned",
    Status.fact_checked: "fact_checked",
    Status.signed: "unsigned",  # Only if `signed` is missing, and such a file is refused.
}


def sign_off(policy: Policy, phrases: Phrases) -> str:
    """Return the approval of a policy's file in words, and who decides."""
    signed = policy.signed
    if policy.status is Status.signed and signed:
        return phrases.say("card_signed", role=signed.role, day=show_day(signed.day))
    return phrases.say(f"card_{UNSIGNED[policy.status]}")


def stages_card(policy: Policy, phrases: Phrases) -> Card:
    """Return every stage of a policy with what happens there."""
    stages = tuple(
        CardSection(
            f"{stage.label}: {stage.title}",
            (
                CardItem(stage.what, None, policy.cite(stage.source)),
                *(
                    CardItem(
                        f"{limit.what} ({rule_text(limit, phrases)})",
                        None,
                        policy.cite(limit.source),
                    )
                    for limit in (*stage.to_begin, *stage.to_answer)
                ),
            ),
        )
        for stage in policy.stages
    )
    return Card(
        kind="advice",
        title=phrases.say("card_stages_title", policy=policy.short_name),
        route=str(Route.staged),
        sections=stages,
        footer=sign_off(policy, phrases),
    )
