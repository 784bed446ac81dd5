"""A draft as a card: the text to copy, to whom it goes, and its open gaps."""

from collections.abc import Iterable

import msgspec

from bot.core.handbook.wording import Phrases
from bot.core.letters.drafting import Draft, Recipient
from bot.core.letters.text import Tone


class DraftCard(msgspec.Struct, frozen=True, kw_only=True):
    """A draft to copy, with its open gaps. `head` are the lines above it: the recipients.

    `to` and `cc` are the addresses that the policy gives for them.

    `about` is the draft's request as a button carries it, so that "make it firmer" finds it.
    """

    title: str
    head: tuple[str, ...]
    to: tuple[str, ...]
    cc: tuple[str, ...]
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
        to=_addresses(draft.to),
        cc=_addresses(draft.copy_to),
        subject=draft.subject,
        body=draft.body,
        gaps=draft.gaps,
        about=str(draft.request),
        footer="\n".join(([phrases.say("draft_pressing")] if pressing else []) + [*draft.notes])
        or None,
    )


def _draft_head(draft: Draft, phrases: Phrases) -> Iterable[str]:
    yield phrases.say(f"draft_to_{draft.kind}", who=_who(draft.to, phrases))
    if draft.copy_to:
        yield phrases.say("draft_copy_to", who=_who(draft.copy_to, phrases))


def _addresses(recipients: Iterable[Recipient]) -> tuple[str, ...]:
    return tuple(recipient.address for recipient in recipients if recipient.address)


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
