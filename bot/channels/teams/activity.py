"""What the Bot Connector delivers, read: who speaks where, and what was said or pressed."""

import html
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.privacy.masking.patterns import PLACEHOLDERS

PERSONAL = "personal"


class Account(msgspec.Struct, frozen=True):
    """A person or a bot. The display name is not read."""

    id: str = ""


class Conversation(msgspec.Struct, frozen=True, rename="camel"):
    """Where it was said: a private chat is `personal`."""

    id: str = ""
    conversation_type: str | None = None
    tenant_id: str | None = None


class Activity(msgspec.Struct, frozen=True, rename="camel"):
    """One delivery. Fields that the guide has no use for are not read."""

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
        """The organisation it comes from, "" where it does not say."""
        data = self.channel_data if isinstance(self.channel_data, dict) else {}
        tenant = data.get("tenant")
        named = tenant.get("id") if isinstance(tenant, dict) else None
        return named if isinstance(named, str) and named else self.conversation.tenant_id or ""

    @property
    def personal(self) -> bool:
        """Whether it is a private chat with one person; in doubt it is not."""
        return self.conversation.conversation_type == PERSONAL

    @property
    def adds_bot(self) -> bool:
        """Whether it says that the guide was installed or added here."""
        if self.type == "installationUpdate":
            # An upgrade of the app ("add-upgrade") is not somebody who begins.
            return self.action == "add"
        added = [member.id for member in self.members_added or ()]
        return self.type == "conversationUpdate" and self.recipient.id in added

    @property
    def edited(self) -> bool:
        """Whether it says that somebody changed a message that was sent before."""
        data = self.channel_data if isinstance(self.channel_data, dict) else {}
        return self.type == "messageUpdate" and data.get("eventType") == "editMessage"


@dataclass(frozen=True)
class TeamsMessage:
    """What a person said: typed, or the payload of what was pressed; and whether files came too."""

    text: str
    files: bool = False


def read(body: bytes) -> Activity:
    """Return the activity in a body; raises ValueError where it is none."""
    try:
        activity = msgspec.json.decode(body, type=Activity)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise ValueError("The body is not an activity.") from None
    if not activity.type:
        raise ValueError("The activity has no type.")
    return activity


def said(activity: Activity) -> TeamsMessage:
    """Return what the activity says. What was pressed comes before the text that shows it."""
    files = any(not _is_the_text(one) for one in activity.attachments or ())
    return TeamsMessage(_choice(activity.value) or _typed(activity), files)


def _choice(value: object) -> str:
    """Return the payload that a card sent back, "" where there is none."""
    if isinstance(value, str):
        # A button's own value may come back as the text of its JSON.
        try:
            value = msgspec.json.decode(value)
        except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
            return ""
    choice = value.get("choice") if isinstance(value, dict) else None
    return choice if isinstance(choice, str) else ""


def _typed(activity: Activity) -> str:
    """Return the text without the guide's own mention; another person's name is left out."""
    text = activity.text or ""
    for entity in activity.entities or ():
        if not isinstance(entity, dict) or entity.get("type") != "mention":
            continue
        mentioned, shown = entity.get("mentioned"), entity.get("text")
        if not isinstance(shown, str) or not shown or not isinstance(mentioned, dict):
            continue
        own = mentioned.get("id") == activity.recipient.id
        text = text.replace(shown, " " if own else PLACEHOLDERS["name"])
    return html.unescape(text).replace("\xa0", " ").strip()


def _is_the_text(attachment: object) -> bool:
    """Say whether an attachment is only the message itself, as Teams sends it a second time."""
    kind = attachment.get("contentType") if isinstance(attachment, dict) else None
    return isinstance(kind, str) and kind.lower().startswith("text/")
