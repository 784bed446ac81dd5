"""Read Slack's requests, and only the parts that the channel acts on.

There are three kinds: events (JSON), presses (a form with JSON in it) and commands (a form):
https://docs.slack.dev/apis/events-api, https://docs.slack.dev/interactivity.
"""

from typing import Any, TypeVar
from urllib.parse import parse_qs

import msgspec

from bot.channels.enclosed import Received
from bot.channels.slack.blocks import CHOICE, NO_WORDS, OPEN
from bot.channels.slack.cards import CHANGE
from bot.channels.slack.mrkdwn import without_markup

Decoded = TypeVar("Decoded")

MOST_FIELDS = 50
# People's own messages have no subtype or one of these; others are edits, notices and bots.
OWN_WORDS = {"", "file_share", "me_message", "thread_broadcast"}
EDITED = "message_changed"
COMMANDS = "slash_commands"
"""What a connection calls a command."""


class Unreadable(Exception):
    """The request is not what Slack sends."""


class Person(msgspec.Struct, frozen=True):
    """A person: `team` is the workspace where it happened, `home` the person's own."""

    team: str
    user: str
    home: str = ""

    @property
    def teams(self) -> set[str]:
        """The workspace where it happened and the person's own."""
        return {self.team, self.home or self.team}


class Challenge(msgspec.Struct, frozen=True):
    """Slack asks whether this address is the app's."""

    challenge: str


class TypedText(msgspec.Struct, frozen=True):
    """Wrote to the guide in a direct message; `edited` if it is a change of an earlier one."""

    heard: Received
    edited: bool = False


class Pressed(msgspec.Struct, frozen=True):
    """Pressed an option of a message of the guide."""

    pressed: dict[str, Any]
    message: dict[str, Any]
    response_url: str


class PrivateChat(msgspec.Struct, frozen=True):
    """Asked for a private chat, by the command with this text, or by the button of an offer.

    `option` is the title of one that is then to be chosen.
    """

    text: str
    response_url: str
    by_button: bool = False
    option: str = ""


class Elsewhere(msgspec.Struct, frozen=True):
    """Spoke to the guide where others can read it."""

    words: str = ""


class ChatOpened(msgspec.Struct, frozen=True):
    """Opened the direct messages with the guide."""


class HomeOpened(msgspec.Struct, frozen=True):
    """Opened the guide's home tab."""


Act = TypedText | Pressed | PrivateChat | Elsewhere | ChatOpened | HomeOpened


class SlackRequest(msgspec.Struct, frozen=True):
    """What a person did, and where. `id` stays the same however often Slack delivers it."""

    id: str
    person: Person
    act: Act
    channel: str = ""
    thread: str = ""


class _Event(msgspec.Struct):
    type: str
    subtype: str | None = None
    user: str | None = None
    bot_id: str | None = None
    hidden: bool = False
    text: str | None = None
    channel: str | None = None
    channel_type: str | None = None
    thread_ts: str | None = None
    tab: str | None = None
    files: list[Any] | None = None
    attachments: list[dict[str, Any]] | None = None
    ts: str | None = None
    message: dict[str, Any] | None = None
    previous_message: dict[str, Any] | None = None
    user_team: str | None = None
    source_team: str | None = None


class _Authorization(msgspec.Struct):
    user_id: str | None = None


class _Envelope(msgspec.Struct):
    type: str
    challenge: str | None = None
    team_id: str | None = None
    event_id: str | None = None
    event: dict[str, Any] | None = None
    authorizations: list[_Authorization] | None = None


class _Id(msgspec.Struct):
    id: str
    team_id: str | None = None


class _Container(msgspec.Struct):
    message_ts: str | None = None
    thread_ts: str | None = None


class _Press(msgspec.Struct):
    user: _Id
    team: _Id | None = None
    channel: _Id | None = None
    container: _Container = msgspec.field(default_factory=_Container)
    message: dict[str, Any] = msgspec.field(default_factory=dict)
    actions: list[dict[str, Any]] = msgspec.field(default_factory=list)
    trigger_id: str | None = None
    response_url: str | None = None


def read_event(body: bytes) -> SlackRequest | Challenge | None:
    """Read an event; None if it is not for the guide. Raises Unreadable."""
    envelope = _decoded(body, _Envelope)
    if envelope.type == "url_verification":
        return Challenge(_given(envelope.challenge))
    if envelope.type != "event_callback":
        return None
    team, id_ = _given(envelope.team_id), _given(envelope.event_id)
    kind = (envelope.event or {}).get("type")
    if kind not in ("message", "app_mention", "app_home_opened"):
        # The many other kinds of event are not even validated.
        return None
    happened = _edited(_converted(envelope.event, _Event))
    bot = next((granted.user_id or "" for granted in envelope.authorizations or ()), "")
    if happened.bot_id or happened.hidden or not happened.user or happened.user == bot:
        return None
    act = _act_of(happened, bot)
    if act is None:
        return None
    person = Person(team, happened.user, happened.user_team or happened.source_team or "")
    if happened.type != "app_home_opened" and happened.ts:
        # Slack may deliver one message under several event ids.
        id_ = f"{happened.channel} {happened.ts}"
    return SlackRequest(id_, person, act, happened.channel or "", happened.thread_ts or "")


def _edited(happened: _Event) -> _Event:
    """Return the message as somebody has changed it, for an event that tells of a change.

    A link's preview, which Slack adds by a change, does not change the words.
    """
    after, before = happened.message or {}, happened.previous_message or {}
    if happened.subtype != EDITED:
        return happened
    if after.get("text") == before.get("text"):
        return msgspec.structs.replace(happened, user=None)
    changed = _converted({"type": "message", **after}, _Event)
    own = (changed.subtype or "") in OWN_WORDS
    return msgspec.structs.replace(
        changed,
        subtype=EDITED if own else changed.subtype,
        ts=happened.ts,
        channel=happened.channel,
        channel_type=happened.channel_type,
    )


def _act_of(happened: _Event, bot: str) -> Act | None:
    if happened.type == "app_home_opened":
        return HomeOpened() if happened.tab == "home" else ChatOpened()
    channel = happened.channel or ""
    edited = happened.subtype == EDITED
    if not (edited or (happened.subtype or "") in OWN_WORDS) or not channel:
        return None
    heard = _heard(happened, bot)
    elsewhere = Elsewhere(f"{heard.text}\n\n{heard.passed_on or ''}")
    if happened.type == "app_mention":
        return None if channel.startswith("D") else elsewhere
    if happened.channel_type == "im":
        return TypedText(heard, edited)
    return elsewhere if happened.channel_type == "mpim" else None


def _heard(happened: _Event, bot: str) -> Received:
    """Return the words, and those of messages that were shared along with them."""
    shared = [
        without_markup(str(one.get("text") or one.get("fallback") or ""), bot)
        for one in happened.attachments or ()
        if one.get("is_share") and one.get("author_id") != bot
    ]
    passed_on = "\n".join(filter(None, shared)) if shared else None
    return Received(without_markup(happened.text or "", bot), bool(happened.files), passed_on)


def read_press(body: bytes) -> SlackRequest | None:
    """Read a press; None if it is not of one of the guide's buttons. Raises Unreadable."""
    return _press(_given(_form(body).get("payload")).encode())


def _press(sent: bytes) -> SlackRequest | None:
    kind: dict[str, Any] = _decoded(sent, dict[str, Any])
    if kind.get("type") != "block_actions":
        return None
    payload = _decoded(sent, _Press)
    channel = payload.channel.id if payload.channel else ""
    pressed = payload.actions[0] if payload.actions else {}
    act = _pressed(payload, pressed, channel)
    if act is None:
        return None
    team = payload.team.id if payload.team else payload.user.team_id
    return SlackRequest(
        payload.trigger_id or _given(pressed.get("action_ts")),
        Person(_given(team), payload.user.id, payload.user.team_id or ""),
        act,
        channel,
        payload.container.thread_ts or "",
    )


def _pressed(payload: _Press, pressed: dict[str, Any], channel: str) -> Act | None:
    response_url = payload.response_url or ""
    action = str(pressed.get("action_id") or "")
    if action == OPEN:
        value = str(pressed.get("value") or "")
        said, _, option = ("" if value == NO_WORDS else value).partition("\n")
        return PrivateChat(said, response_url, by_button=True, option=option)
    if action.partition(":")[0] not in {CHOICE, CHANGE}:
        return None
    if not channel.startswith("D"):
        return Elsewhere()
    message = {**payload.message, "ts": payload.container.message_ts or payload.message.get("ts")}
    return Pressed(pressed, message, response_url)


def read_command(body: bytes) -> SlackRequest | None:
    """Read a command; None for Slack's own check of the address. Raises Unreadable."""
    return _command(_form(body))


def read_delivery(kind: str, payload: Any) -> SlackRequest | None:
    """Read what came over a connection (Socket Mode); None if not for the guide.

    Raises Unreadable.
    """
    sent = msgspec.json.encode(payload)
    if kind == COMMANDS:
        return _command(_decoded(sent, dict[str, str]))
    if kind == "interactive":
        return _press(sent)
    heard = read_event(sent) if kind == "events_api" else None
    return heard if isinstance(heard, SlackRequest) else None


def _command(form: dict[str, str]) -> SlackRequest | None:
    if form.get("ssl_check"):
        return None
    return SlackRequest(
        _given(form.get("trigger_id")),
        Person(_given(form.get("team_id")), _given(form.get("user_id"))),
        PrivateChat(without_markup(form.get("text", "")), form.get("response_url", "")),
        form.get("channel_id", ""),
    )


def _decoded(body: bytes, kind: type[Decoded]) -> Decoded:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Unreadable("not JSON as Slack sends it") from None


def _converted(value: object, kind: type[Decoded]) -> Decoded:
    try:
        return msgspec.convert(value, kind)
    except msgspec.MsgspecError:
        raise Unreadable("not an event as Slack sends it") from None


def _form(body: bytes) -> dict[str, str]:
    try:
        fields = parse_qs(
            body.decode(), strict_parsing=True, keep_blank_values=True, max_num_fields=MOST_FIELDS,
            errors="strict",
        )  # fmt: skip
    except ValueError:
        raise Unreadable("not a form") from None
    return {name: values[0] for name, values in fields.items()}


def _given(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise Unreadable("something is missing")
    return value
