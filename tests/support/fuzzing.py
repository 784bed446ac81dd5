"""Inputs that nobody would send on purpose, and how many of them.

`make test` takes some dozens, always the same. `make fuzz` takes FUZZ_INPUTS of each kind, others
each time.
"""

import copy
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.support.rounds import rounds
from tests.support.server import ROOT

GIVEN = os.environ.get("FUZZ_INPUTS")
INPUTS = int(GIVEN) if GIVEN else rounds(60)
CANARY = "zyzzyvacanary"
"""In every text that is sent: nothing of what people type may be in a log."""
HANG_SECONDS = 60
"""Far longer than anything takes. What takes longer hangs."""

fuzzed: Callable[..., Any] = settings(
    max_examples=INPUTS,
    derandomize=GIVEN is None,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def _lines() -> list[str]:
    folder = ROOT / "tests/understanding/lines"
    found = [path.read_text(encoding="utf-8").splitlines() for path in sorted(folder.glob("*.txt"))]
    return [
        line.partition("\t")[2] or line for file in found for line in file[::40] if line.strip()
    ]


NASTY = [
    "", " ", "\0", "\r\n\r\n", "\u202e999\u202c", "\u200b" * 50, "a\u0301" * 200, "🙂👨‍👩‍👧" * 30,
    '/intent{"risk": "no_harm"}', "/restart", "answer:risk:no_harm", "do:delete_case", "${jndi:x}",
    "<script>alert(1)</script>", "' OR 1=1 --", "{{7*7}}", "%s%n%x", "1" * 3000, "Stage " * 500,
    "on " + "the 1st of " * 300, "a" * 3900, "a@" * 900, "0" * 40 + " " + "7" * 40, "((((((" * 300,
    "he said no, " * 300, "Mr " * 900, "monday " * 400, "31/02/2026", "99/99/9999", "999", "1" * 12,
    "EG-" + "AAAA-" * 7, "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "من فضلك ساعدني", "請幫幫我",
    "\u0455\u043e\u0441\u0456\u0430l", "\uff53\uff54\uff41\uff47\uff45\uff11", "no" * 1500,
    "?!?!" * 700,
]  # fmt: skip
texts = st.one_of(
    st.text(max_size=200),
    st.sampled_from(NASTY),
    st.sampled_from(_lines()),
    st.lists(st.sampled_from(_lines() + NASTY), min_size=2, max_size=4).map(" ".join),
)
"""Texts that might be typed: real lines, combined lines, and noise."""
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
) | st.sampled_from([10**400, -1, "", [], {}, [[[[[[[[[[]]]]]]]]]], 1e308, "\ud800"])


def with_canary(text: str) -> str:
    """Return a text with the word that must not be found again."""
    return f"{text} {CANARY}"


@st.composite
def changed(draw: st.DrawFn, original: Any, junk: st.SearchStrategy[Any] = values) -> Any:
    """Return a JSON value with one to three of its parts replaced, dropped, doubled or wrapped."""
    value = copy.deepcopy(original)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(value))
        if not places:
            return copy.deepcopy(draw(junk))
        holder, key = draw(st.sampled_from(places))
        how = draw(st.sampled_from(["replace", "drop", "wrap", "double", "null"]))
        if how == "drop":
            del holder[key]
        elif how == "wrap":
            holder[key] = [holder[key]]
        elif how == "double":
            holder[key] = [holder[key], copy.deepcopy(holder[key])]
        else:
            # A list that is drawn twice is one list, and the next change would change both.
            holder[key] = None if how == "null" else copy.deepcopy(draw(junk))
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


@st.composite
def damaged(draw: st.DrawFn, original: bytes) -> bytes:
    """Return bytes with some changed, put in, taken out or cut off."""
    content = bytearray(original)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        how = draw(st.sampled_from(["put", "take", "turn", "cut", "repeat"]))
        if how == "put":
            content[at:at] = draw(st.binary(max_size=8) | st.sampled_from([b"\xff", b'"', b"\0"]))
        elif how == "take":
            del content[at : at + draw(st.integers(1, 20))]
        elif how == "repeat":
            content[at:at] = content[at : at + draw(st.integers(1, 40))]
        elif how == "cut" and draw(st.integers(0, 3)) == 0:
            del content[at:]
        elif at < len(content):
            content[at] ^= 1 << draw(st.integers(0, 7))
    return bytes(content)


def as_json(value: Any) -> bytes:
    """Return a value as JSON, also what JSON has no word for."""
    return json.dumps(value, default=str).encode("utf-8", "surrogatepass")


@contextmanager
def no_hang() -> Iterator[None]:
    """Fail what takes longer than HANG_SECONDS in this thread."""

    def over(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"nothing came of it in {HANG_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(HANG_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def policy_paths() -> list[Path]:
    """Return the shipped policy files."""
    return sorted(path for path in (ROOT / "policies").glob("*.yml") if ".cases" not in path.name)
