"""Files on request: offered in a message, made anew at each fetch, and never stored.

A message that offers files records its time, its day and a random offer id of 128 bits. At a fetch
the conversation is read up to that message, and the file is made from the answers at that point.
So no file on the server can be kept too long, found by others or lost, and an offer is valid only
in its own conversation.

A web request carries the session's token. A link in Teams or Slack cannot, so it is signed,
names the conversation and is good for one fetch.
"""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any

import jwt
import msgspec
from rasa.shared.core.events import (
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from bot.core.conversation.slots import from_slots
from bot.core.handbook.handbook import Handbook, load_handbook
from bot.documents.case import Case, case_of
from bot.documents.forms import forms, template_problems
from bot.documents.library import FileOffer, briefing_offers, find_file
from bot.letters.files import letters
from bot.offered import offered_library, offered_policies
from bot.paths import ROOT
from bot.privacy.store.single_use import SingleUse

AT = "/webhooks/web/files/"
_AUDIENCE = "escalation-guide-file"


class NoFile(Exception):
    """There is no such file; `over` says that its offer has expired or was used."""

    def __init__(self, *, over: bool) -> None:
        super().__init__("over" if over else "unknown")
        self.over = over


class DownloadFile(msgspec.Struct, frozen=True):
    """A file to send."""

    name: str
    type: str
    content: bytes


log = logging.getLogger(__name__)


@cache
def check_file_sources() -> Handbook:
    """Read and check, once, what files are made from: policies, sentences, letters, forms."""
    known = forms()
    for policy in offered_library().newest().values():
        for key, expected, got in template_problems(policy, known):
            told = f"{policy.id}: {key}: expected {expected}; got {got}"
            log.error("A form is not offered, because its file does not fit. %s", told)
    letters()
    return load_handbook(ROOT)


def files_message(files: Sequence[FileOffer], day: date) -> dict[str, Any]:
    """Return the part of a message that offers files: their addresses and the offer."""
    offer = secrets.token_hex(16)
    return {
        "files": [
            {"title": file.title, "url": f"{AT}{offer}/{file.name}", "type": file.type}
            for file in files
        ],
        "offer": {"id": offer, "day": day.isoformat()},
    }


def fetch(
    events: Sequence[Event], conversation: str, offer: str, name: str, since: float
) -> DownloadFile:
    """Make a file of an offer in a conversation, from the answers at the time of the offer.

    Offers before `since`, in seconds since 1970, have expired. Raises NoFile.
    """
    for index, event in enumerate(events):
        if isinstance(event, BotUttered) and _offer(event).get("id") == offer:
            if event.timestamp <= since:
                raise NoFile(over=True)
            day = date.fromisoformat(_offer(event)["day"])
            case = _case(events[:index], conversation, day)
            found = (find_file(case, name) if case else None) or _briefing(name, day)
            if found:
                return DownloadFile(found.name, found.type, found.make())
    raise NoFile(over=False)


def _briefing(name: str, day: date) -> FileOffer | None:
    """Return the one-page briefing of that name: of a policy, whatever the conversation holds."""
    handbook = check_file_sources()
    offers = (
        offer
        for policy in offered_library().on(day).values()
        for offer in briefing_offers(policy, handbook, day)
    )
    return next((offer for offer in offers if offer.name == name), None)


def _offer(event: BotUttered) -> Mapping[str, Any]:
    custom = event.message().get("custom") or {}
    offer: Mapping[str, Any] = custom.get("offer") or {}
    return offer


def _case(events: Sequence[Event], conversation: str, day: date) -> Case | None:
    """Return the case of the conversation after these events."""
    slots: dict[str, Any] = {}
    cleared: set[str] = set()
    begun = said = 0
    for event in events:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
            cleared |= {event.key} if event.value is None else set()
        elif isinstance(event, UserUttered):
            said += 1
            begun += _started_again(cleared)
            cleared = set()
        elif isinstance(event, SessionStarted | Restarted):
            slots.clear()
    begun += _started_again(cleared)
    key = sha256(f"{conversation}\n{begun}".encode()).hexdigest()
    return case_of(
        from_slots(slots), offered_policies(), check_file_sources(), day, key=key, revision=said
    )


def _started_again(cleared: set[str]) -> bool:
    """Say whether a turn cleared every answer, so that another child's case begins."""
    return {"risk", "start_again"} <= cleared


class Ticket(msgspec.Struct, frozen=True):
    """The content of a signed link."""

    conversation: str
    offer: str
    name: str


class Links:
    """Signed links to one file each, good once. `clock` gives seconds since 1970.

    The database remembers a used link until it expires, so that no worker accepts it twice.
    Raises StoreUnavailable when that fails.
    """

    def __init__(
        self, secret: str, clock: Callable[[], float], seconds: float, once: SingleUse
    ) -> None:
        self._secret = secret
        self._clock = clock
        self._seconds = seconds
        self._once = once

    def issue(self, conversation: str, url: str) -> str:
        """Return the path of a link to the file that a message offers at `url`."""
        offer, _, name = url.removeprefix(AT).partition("/")
        claims = {
            "aud": _AUDIENCE,
            "sub": conversation,
            "offer": offer,
            "name": name,
            "jti": secrets.token_hex(16),
            "exp": int(self._clock() + self._seconds),
        }
        return f"/files/{jwt.encode(claims, self._secret, 'HS256')}"

    def peek(self, token: str) -> Ticket:
        """Return the ticket of a link without using it up. Raises NoFile."""
        claims = self._claims(token)
        return Ticket(claims["sub"], claims["offer"], claims["name"])

    def redeem(self, token: str) -> Ticket:
        """Return the ticket of a link and use it up. Raises NoFile."""
        claims = self._claims(token)
        if not self._once.use(claims["jti"], claims["exp"]):
            raise NoFile(over=True)
        return Ticket(claims["sub"], claims["offer"], claims["name"])

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=_AUDIENCE,
                # The expiry is checked below, by the clock that issued the link.
                options={
                    "require": ["exp", "sub", "jti", "offer", "name"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidTokenError:
            raise NoFile(over=False) from None
        if claims["exp"] <= self._clock() or self._once.used(claims["jti"]):
            raise NoFile(over=True)
        return claims
