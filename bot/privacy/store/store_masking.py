"""The net under the channel: what reaches the store is masked once more.

The channel masks what people type before anything else sees it. Should a channel forget,
the store would keep a name. So the store asks again; and since masking a sentence costs
more than storing it, sentences that masking itself gave out are let through.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any, Protocol

REMEMBERED = 4096


class Masked(Protocol):
    """What masking gives."""

    @property
    def text(self) -> str:
        """The text as it may be stored."""

    @property
    def kinds(self) -> Iterable[str]:
        """The kinds of thing left out, each once or more; empty where nothing was."""


Masker = Callable[[str], Masked]


class RememberingMasker:
    """Masks, and knows again what it has masked, by digest and in bounded memory."""

    def __init__(self, mask: Masker) -> None:
        self._mask = mask
        self._clean: OrderedDict[bytes, None] = OrderedDict()

    def __call__(self, text: str) -> Masked:
        """Mask the text, whatever was seen before."""
        masked = self._mask(text)
        self.mark_clean(masked.text)
        return masked

    def mark_clean(self, text: str) -> None:
        """Let this text through from now on: it was masked, or it is the guide's own."""
        self._clean[_digest(text)] = None
        if len(self._clean) > REMEMBERED:
            self._clean.popitem(last=False)

    def clean(self, text: str) -> str:
        """The text as it may be stored."""
        if not text or _digest(text) in self._clean:
            return text
        return self(text).text


def mask_event(events: list[dict[str, Any]], mask: Masker) -> list[dict[str, Any]]:
    """Events as they may be stored: as many, in the same order.

    Where a user's text has to be masked here, everything drawn from it in the same turn
    (entities, slots, what was said back) is masked too.
    """
    clean = mask.clean if isinstance(mask, RememberingMasker) else lambda text: mask(text).text
    leaked = False
    for event in events:
        if event["event"] == "user" and event.get("text"):
            text = clean(event["text"])
            leaked = leaked or text != event["text"]
    if not leaked:
        return events
    return [_deep(event, clean) for event in events]


# Keys whose values are the project's own words, which masking must not change.
_OURS = {"event", "name", "intent", "intent_ranking", "policy", "message_id", "input_channel"}
_OURS |= {"entity", "extractor", "action_text", "model_id", "assistant_id", "payload"}


def _deep(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_deep(one, clean) for one in value]
    if isinstance(value, dict):
        return {k: v if k in _OURS else _deep(v, clean) for k, v in value.items()}
    return value


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
