"""Read the Bot Connector's deliveries: who speaks where, and what was said or pressed."""

import html
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from bot.channels.enclosed import Received
from bot.privacy.masking.patterns import PLACEHOLDERS

PERSONAL = "personal"
QUOTED = "messagereference"
PASSED_ON = "forwardedmessagereference"

_QUOTE_MARK = re.compile(r"<quoted\b[^<>]*>(?:\s*</quoted>)?", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


class Account(msgspec.Struct, frozen=True):
    """A person or a bot. The display name is not read."""

    id: str = ""


class Conversation(msgspec.Struct, frozen=True, rename="camel"):
    """A conversation in Teams; the type of a private chat is `personal`."""

    id: str = ""
    conversation_type: str | None = None
    tenant_id: str | None = None


class Activity(msgspec.Struct, frozen=True, rename="camel"):
    """A delivery, without the fields that the guide does not use."""

    type: str = ""
    id: str = ""
    channel_id: str = ""
    service_url: str = ""
    sender: Account = msgspec.field(name="from", default=Account())
    recipient: Account = Account()
    conversation: Conversation = Conversation()
    text: str | None = None
    value: Any = None
    entities: list[Any] | None = None
    attachments: list[Any] | None = None
    members_added: list[Account] | None = None
    action: str | None = None
    channel_data: Any = None

    @property
    def tenant(self) -> str:
        """The organisation it comes from, "" if it does not say."""
        data = self.channel_data if isinstance(self.channel_data, dict) else {}
        tenant = data.get("tenant")
        named = tenant.get("id") if isinstance(tenant, dict) else None
        return named if isinstance(named, str) and named else self.conversation.tenant_id or ""

    @property
    def personal(self) -> bool:
        """Whether it is certainly a private chat with one person."""
        return self.conversation.conversation_type == PERSONAL

    @property
    def adds_bot(self) -> bool:
        """Whether it says that the guide was installed or added here."""
        if self.type == "installationUpdate":
            # After an upgrade of the app ("add-upgrade") nobody is to be welcomed.
            return self.action == "add"
        added = [member.id for member in self.members_added or ()]
        return self.type == "conversationUpdate" and self.recipient.id in added

    @property
    def edited(self) -> bool:
        """Whether it says that somebody edited an earlier message."""
        data = self.channel_data if isinstance(self.channel_data, dict) else {}
        return self.type == "messageUpdate" and data.get("eventType") == "editMessage"


def read_activity(body: bytes) -> Activity:
    """Return the activity in a body; raises ValueError if it is not one."""
    try:
        activity = msgspec.json.decode(body, type=Activity)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise ValueError("The body is not an activity.") from None
    if not activity.type:
        raise ValueError("The activity has no type.")
    return activity


def read_teams_message(activity: Activity) -> Received:
    """Return what the activity says. A pressed payload takes precedence over its text."""
    attached = activity.attachments or ()
    files = any(not _is_words(_kind(each)) for each in attached)
    others = [words for each in attached for words in _passed_on(each)]
    passed_on = "\n".join(filter(None, others)) if others else None
    return Received(_choice(activity.value) or _typed(activity), files, passed_on)


def _choice(value: object) -> str:
    """Return the payload that a card sent back, or ""."""
    if isinstance(value, str):
        # A button's own value may come back as the text of its JSON.
        try:
            value = msgspec.json.decode(value)
        except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
            return ""
    choice = value.get("choice") if isinstance(value, dict) else None
    return choice if isinstance(choice, str) else ""


def _typed(activity: Activity) -> str:
    """Return the text without mentions of the guide, and with other people's names masked."""
    text = activity.text or ""
    for entity in activity.entities or ():
        if not isinstance(entity, dict) or entity.get("type") != "mention":
            continue
        mentioned, shown = entity.get("mentioned"), entity.get("text")
        if not isinstance(shown, str) or not shown or not isinstance(mentioned, dict):
            continue
        own = mentioned.get("id") == activity.recipient.id
        text = text.replace(shown, " " if own else PLACEHOLDERS["name"])
    return html.unescape(_QUOTE_MARK.sub(" ", text)).replace("\xa0", " ").strip()


def _kind(attachment: object) -> str:
    kind = attachment.get("contentType") if isinstance(attachment, dict) else None
    return kind.lower() if isinstance(kind, str) else ""


def _is_words(kind: str) -> bool:
    """Say whether it is a copy of the message's text, as Teams sends it, or another message."""
    return kind.startswith("text/") or kind in {QUOTED, PASSED_ON}


def _passed_on(attachment: object) -> Iterator[str]:
    """Yield the words of a quoted or passed on message, unless the guide said them itself."""
    if not isinstance(attachment, dict) or _kind(attachment) not in {QUOTED, PASSED_ON}:
        return
    content = attachment.get("content")
    if isinstance(content, str):
        try:
            content = msgspec.json.decode(content)
        except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
            content = None
    content = content if isinstance(content, dict) else {}
    sender = content.get("messageSender") or content.get("originalMessageSender")
    if isinstance(sender, dict) and sender.get("application"):
        return
    words = content.get("originalMessageContent") or content.get("messagePreview")
    yield html.unescape(_TAG.sub(" ", words)).strip() if isinstance(words, str) else ""
