"""Mask text again on its way into the store, in case a channel forgot to.

Masking a sentence costs more than storing it, so texts that masking itself returned pass
unchecked.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any, Protocol

REMEMBERED = 4096


class Masked(Protocol):
    """The result of masking."""

    @property
    def text(self) -> str:
        """The text that may be stored."""

    @property
    def kinds(self) -> Iterable[str]:
        """The kinds of thing masked, perhaps repeated; empty if there were none."""


Masker = Callable[[str], Masked]


class RememberingMasker:
    """Masks text and remembers digests of its results, in bounded memory."""

    def __init__(self, mask: Masker) -> None:
        self._mask = mask
        self._clean: OrderedDict[bytes, None] = OrderedDict()

    def __call__(self, text: str) -> Masked:
        """Mask the text, whether or not it was seen before."""
        masked = self._mask(text)
        self.mark_clean(masked.text)
        return masked

    def mark_clean(self, text: str) -> None:
        """Let this text pass from now on: it is masked, or the guide's own."""
        self._clean[_digest(text)] = None
        if len(self._clean) > REMEMBERED:
            self._clean.popitem(last=False)

    def clean(self, text: str) -> str:
        """The text that may be stored."""
        if not text or _digest(text) in self._clean:
            return text
        return self(text).text


def mask_events(events: list[dict[str, Any]], mask: Masker) -> list[dict[str, Any]]:
    """The same events in the same order, with all text masked.

    Where a user's text has to be masked here, everything derived from it in the same turn
    (entities, slots, the guide's answers) is masked too.
    """
    clean = mask.clean if isinstance(mask, RememberingMasker) else lambda text: mask(text).text
    leaked = False
    for event in events:
        if event["event"] == "user" and event.get("text"):
            text = clean(event["text"])
            leaked = leaked or text != event["text"]
    if not leaked:
        return events
    return [_mask_deep(event, clean) for event in events]


# The values of these keys are the project's own words, which masking must not change.
_OURS = {"event", "name", "intent", "intent_ranking", "policy", "message_id", "input_channel"}
_OURS |= {"entity", "extractor", "action_text", "model_id", "assistant_id", "payload"}


def _mask_deep(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_mask_deep(item, clean) for item in value]
    if isinstance(value, dict):
        return {k: v if k in _OURS else _mask_deep(v, clean) for k, v in value.items()}
    return value


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
