"""Advice as a card: a title, the stages with the present one marked, and sections of short items.

Each channel draws a card in its own way. `card_text` gives the same content as plain text.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from bot.core.conversation.state import State
from bot.core.handbook.wording import Phrases
from bot.core.letters.drafting import Draft, DraftRequest, Recipient
from bot.core.letters.text import Tone
from bot.core.policy.model import Party, Policy, Source, Status, Strength
from bot.core.rules.deadlines import Deadline, show_ago, show_day
from bot.core.rules.limit_words import rule_text
from bot.core.rules.results import Advice, Contact, FormRef, Item, Notify
from bot.core.rules.summary import stage_name
from bot.core.vocabulary import Action, CallTo, Route


class CardItem(msgspec.Struct, frozen=True):
    """A line. `detail` is shown on demand, such as how a date was counted.

    `change` is the payload that asks this answer again, and `change_title` its button's title.
    """

    text: str
    detail: str | None = None
    source: Source | None = None
    change: str | None = None
    change_title: str | None = None


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


def advice_card(advice: Advice, policy: Policy | None, phrases: Phrases) -> Card:
    """Lay out advice as a card, with what to do first at the top."""
    sections = [
        _section("next", _next(advice, policy, phrases), phrases),
        _section("due", _due(advice.deadlines, phrases, urgent=advice.urgent), phrases),
        _section("contacts", _contacts(advice.contacts, phrases, urgent=advice.urgent), phrases),
        _section("notify", _told(advice, phrases), phrases),
        _section("forms", _forms(advice, phrases), phrases),
        _section("records", _lines(advice.records), phrases),
        _section("then", _then(advice, policy, phrases), phrases),
        _section("warnings", _lines(advice.warnings), phrases),
        _section("support", _lines(advice.support), phrases),
        _section("grounds", _lines(advice.grounds), phrases),
        _section("not_stated", _lines(advice.not_stated), phrases),
    ]
    return Card(
        kind=str(advice.route) if advice.urgent else "advice",
        title=_title(advice, policy, phrases),
        route=str(advice.route),
        stages=() if advice.urgent or policy is None else card_stages(advice, policy, phrases),
        sections=tuple(section for section in sections if section.items),
        footer=sign_off(policy, phrases) if policy else None,
    )


def card_text(card: Card, phrases: Phrases) -> str:
    """Return a card as plain lines, for a channel that does not draw cards."""
    lines = [f"**{card.title}**"]
    if card.stages:
        shown = (
            phrases.say(f"card_state_{stage.state}", label=stage.label) for stage in card.stages
        )
        lines.append(phrases.say("card_path", stages=" → ".join(shown)))
    for section in card.sections:
        lines.append(f"**{section.heading}**")
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
    """Return the first date at a stage: of a running or passed limit, or of the next stage."""
    if state not in {"current", "next"}:
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


def _title(advice: Advice, policy: Policy | None, phrases: Phrases) -> str:
    if advice.route is not Route.staged or policy is None or advice.stage is None:
        return phrases.say(f"card_title_{advice.route}")
    ahead = advice.next.to_stage
    back = ahead is not None and ahead <= advice.stage.number
    name = f"{advice.next.action}_missing" if back else str(advice.next.action)
    return phrases.say(
        f"card_title_{name}",
        policy=policy.short_name,
        stage=advice.stage.label,
        next="" if ahead is None else policy.stage(ahead).label,
    )


FOLDED = {"support", "grounds", "not_stated"}
"""Sections without anything to do today: a tired reader needs to see the others."""


def _section(name: str, items: Iterable[CardItem], phrases: Phrases) -> CardSection:
    return CardSection(phrases.say(f"card_heading_{name}"), tuple(items), name in FOLDED)


def _lines(items: Sequence[Item]) -> list[CardItem]:
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


def _next(advice: Advice, policy: Policy | None, phrases: Phrases) -> list[CardItem]:
    if advice.next.action is Action.signpost:
        first, *more = advice.guidance
        return [CardItem(advice.next.summary, None, first.source), *_lines(more)]
    lines = [CardItem(advice.next.summary)]
    ahead = advice.next.to_stage
    theirs = [contact for contact in advice.contacts if contact.party is not Party.raiser]
    if policy and ahead is not None and theirs:
        ours = [contact.role for contact in advice.contacts if contact.party is Party.raiser]
        name = "card_contact_them" if not ours else "card_contact_through"
        text = phrases.say(
            name,
            ours=" / ".join(ours),
            theirs=theirs[0].role,
            stage=policy.stage(ahead).label,
            policy=policy.name,
        )
        lines.append(CardItem(text, None, theirs[0].source))
    return [*lines, *_lines(advice.guidance)]


def _due(deadlines: Iterable[Deadline], phrases: Phrases, *, urgent: bool) -> list[CardItem]:
    return [due_item(deadline, phrases, urgent=urgent) for deadline in deadlines]


def due_item(deadline: Deadline, phrases: Phrases, *, urgent: bool) -> CardItem:
    """Return a deadline as a line: who does what, by when and by which rule."""
    guide = deadline.strength is Strength.guide and not deadline.overdue
    name = "card_overdue" if deadline.overdue else "card_due_guide" if guide else "card_due"
    if urgent:
        name = "card_due_urgent"
    text = phrases.say(
        name,
        who=phrases.say(f"card_who_{deadline.who.value}"),
        what=deadline.what.rstrip("."),
        due=show_day(deadline.due),
        rule=deadline.rule,
        ago=show_ago(deadline, phrases),
    )
    if deadline.if_raised_today and deadline.who is not Party.raiser:
        text = phrases.say("card_if_raised_today", text=text)
    return CardItem(text, deadline.working, deadline.source)


def _contacts(contacts: Sequence[Contact], phrases: Phrases, *, urgent: bool) -> list[CardItem]:
    def text(contact: Contact) -> str:
        name = "card_contact_urgent" if urgent else f"card_contact_{contact.party.value}"
        return phrases.say(name, role=contact.role)

    return [_addressed(text(contact), contact, phrases) for contact in contacts]


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


def _then(advice: Advice, policy: Policy | None, phrases: Phrases) -> list[CardItem]:
    """Return a line on what comes after the stage to go to or to wait at."""
    if policy is None or advice.stage is None or advice.route is not Route.staged:
        return []
    if advice.next.action is Action.record:
        return []
    ahead = advice.next.to_stage
    after = policy.following(policy.stage(advice.stage.number if ahead is None else ahead))
    if after is None:
        return [
            CardItem(statement.what, None, policy.cite(statement.source))
            for statement in policy.remaining
        ]
    text = phrases.say("card_then", next=stage_name(after), what=after.what)
    return [CardItem(text, None, policy.cite(after.source))]


def danger_card(advice: Advice, state: State, phrases: Phrases) -> Card:
    """Return the urgent card: the red flag, what to do now, and that the answers are kept."""
    guidance = advice.contacts[0].source
    said = [phrases.say("card_heard", heard=state.red_flag)] if state.red_flag else []
    if state.red_flag is not None and state.rehearsing:
        said.append(phrases.say("card_rehearsing"))
    elif any(call.startswith(CallTo.police) for call in state.calls):
        said.append(phrases.say("card_police_told"))
    elif advice.route is Route.same_day:
        said.append(phrases.say("card_calm"))
    # Whoever was called already is not to be called again.
    shown = 3 if advice.turn_to[0].address else 2
    steps = [CardItem(who.do, None, who.source) for who in advice.turn_to[:shown]]
    steps.append(CardItem(phrases.say("card_step_today"), None, guidance))
    first = [*map(CardItem, said), *steps]
    own = [
        deadline for deadline in advice.deadlines if deadline.source.document != guidance.document
    ]
    sections = (
        _section("next", first, phrases),
        _section("due", _due(own, phrases, urgent=True), phrases),
        _section("warnings", _lines(advice.warnings), phrases),
    )
    return Card(
        kind=str(advice.route),
        title=phrases.say(f"card_title_{_urgent_title(advice)}"),
        route=str(advice.route),
        sections=tuple(section for section in sections if section.items),
        footer=phrases.say("card_kept"),
    )


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


def review_card(given: Mapping[str, str], phrases: Phrases) -> Card:
    """Return the answers given so far, each on a line with a button to change it.

    `given` maps each answer's name to its line.
    """
    items = tuple(
        CardItem(
            line,
            change=f"do:change_answer:{name}",
            change_title=phrases.say("option_change", line=line),
        )
        for name, line in given.items()
    )
    return Card(
        kind="review",
        title=phrases.say("card_title_review"),
        route="",
        sections=(CardSection(phrases.say("card_heading_review"), items),),
    )


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


class DraftCard(msgspec.Struct, frozen=True, kw_only=True):
    """A draft to copy, with its open gaps. `head` are the lines above it: the recipients.

    `about` is the draft's request as a button carries it, so that "make it firmer" finds it.
    """

    title: str
    head: tuple[str, ...]
    subject: str | None
    body: str
    gaps: tuple[str, ...]
    about: str
    footer: str | None = None
    kind: str = "draft"


def draft_card(draft: Draft, phrases: Phrases) -> DraftCard:
    """Lay out a draft as a card to copy from."""
    name = draft.name.replace("/", "_")
    title = phrases.say(f"draft_title_{name}")
    if draft.tone:
        tone = phrases.say(f"draft_tone_{draft.tone}")
        title = phrases.say("draft_title_with_tone", title=title, tone=tone)
    pressing = draft.tone is Tone.urgent
    return DraftCard(
        title=title,
        head=tuple(_draft_head(draft, phrases)),
        subject=draft.subject,
        body=draft.body,
        gaps=draft.gaps,
        about=str(DraftRequest(draft.kind, draft.purpose, draft.tone)),
        footer="\n".join(([phrases.say("draft_pressing")] if pressing else []) + [*draft.notes])
        or None,
    )


def _draft_head(draft: Draft, phrases: Phrases) -> Iterable[str]:
    yield phrases.say(f"draft_to_{draft.kind}", who=_who(draft.to, phrases))
    if draft.copy_to:
        yield phrases.say("draft_copy_to", who=_who(draft.copy_to, phrases))


def _who(recipients: Iterable[Recipient], phrases: Phrases) -> str:
    return "; ".join(
        phrases.say("card_address", text=recipient.role, address=recipient.address)
        if recipient.address
        else recipient.role
        for recipient in recipients
    )


def draft_text(draft: Draft, phrases: Phrases) -> str:
    """Return a draft as plain lines, with its open gaps."""
    card = draft_card(draft, phrases)
    subject = [phrases.say("draft_subject", subject=draft.subject)] if draft.subject else []
    gaps = [phrases.say("draft_gaps", gaps="; ".join(draft.gaps))] if draft.gaps else []
    footer = [card.footer] if card.footer else []
    return "\n".join([f"**{card.title}**", *card.head, *subject, draft.body, *gaps, *footer])
