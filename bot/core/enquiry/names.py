"""A policy's own names: what its partnership is called, and what its short names stand for.

Nobody lists them. A policy writes a name out once, with the short one behind it: "Independent Child
Safeguarding Commissioner (ICSC)".
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from bot.core.handbook.guidance import Answers, normalised
from bot.core.policy.model import Policy
from bot.core.policy.remembered import once_per_policy
from bot.core.rules.cautions import WHOLE_DOCUMENT

_IN_BRACKETS = re.compile(r"\((?P<short>[A-Z][A-Za-z&]*[A-Z])\)")
_NO_NAME = re.compile(r"[^\w&'’\s/-]")
"""A sign that no name holds."""
_SHORT = re.compile(r"[A-Z]{3,}")
_BEGINNING = re.compile(r"[\w&][\w&'’-]*")
_WORD = re.compile(r"[\w&][\w&'’]*")
"""A word of a name, and one where a hyphen parts two of them: "Pan-Dorset" is PD."""
_UNCOUNTED = frozenset({"&", "and", "for", "in", "of", "on", "the", "to"})
"""Words that a short name leaves out."""
_AT_THE_END = ("safeguarding children partnership", "scp")
"""How a partnership's name ends, and what people write for that."""


class OwnName(msgspec.Struct, frozen=True):
    """A name that a policy gives. `short` is what stands for it, `partnership` that it is one."""

    names: tuple[str, ...]
    full: str
    source: str
    short: str | None = None
    partnership: bool = False


@once_per_policy
def own_names(policy: Policy) -> tuple[OwnName, ...]:
    """Return the partnership's names, its members' and those that the policy writes out."""
    found: dict[str, OwnName] = {}
    for one in (*_partnerships(policy), *_written_out(policy)):
        found.setdefault(normalised(one.names[0]), one)
    return tuple(found.values())


def own_name(policy: Policy, words: str) -> OwnName | None:
    """Return the name of the policy's own that the words are, if they are one."""
    wanted = normalised(words)
    return next((one for one in own_names(policy) if wanted in map(normalised, one.names)), None)


def policies_naming(words: str, policies: Iterable[Policy]) -> list[Policy]:
    """Return the policies that have the words for a name of their own."""
    return [policy for policy in policies if own_name(policy, words)]


def all_names(policies: Iterable[Policy], answers: Answers) -> frozenset[str]:
    """Return the policies' own names, normalised, without those that the guide's terms have."""
    terms = {normalised(name) for term in answers.terms for name in term.names}
    own = {
        normalised(name) for policy in policies for one in own_names(policy) for name in one.names
    }
    return frozenset(own - terms)


def _partnerships(policy: Policy) -> Iterator[OwnName]:
    if policy.fallback:
        # Guidance that gives way to a local policy belongs to no partnership.
        return
    full, short = _split(policy.partnership)
    yield OwnName(_called(full, short), full, WHOLE_DOCUMENT, short, partnership=True)
    for short, full in _pairs(policy.names):
        yield OwnName(
            _called(full, short),
            full,
            WHOLE_DOCUMENT,
            short,
            partnership="partnership" in full.casefold(),
        )
    for area in policy.member_areas():
        yield OwnName(_called(area.name, None), area.name, area.source, partnership=True)


def _pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each short name that people use for the area, with the long one it stands for."""
    for short in filter(_SHORT.fullmatch, names):
        full = next((name for name in names if _stands_for(short, name) == name), None)
        if full:
            yield short, full


def _split(name: str) -> tuple[str, str | None]:
    short = next((short for short, before in _in_brackets(name.strip()) if before), None)
    return (name.partition("(")[0].strip(), short) if short else (name, None)


def _called(full: str, short: str | None) -> tuple[str, ...]:
    """Return what people call a partnership, the short name first."""
    plain = normalised(full)
    ending, letters = _AT_THE_END
    ways = [plain.removesuffix(ending) + letters] if plain.endswith(ending) else []
    ways += [name.replace("&", "and") for name in (plain, *ways)]
    return tuple(dict.fromkeys(name for name in (short, full, *ways) if name))


def _written_out(policy: Policy) -> Iterator[OwnName]:
    """Yield each name that a statement writes out before its short form."""
    left: list[tuple[object, str]] = [(msgspec.to_builtins(policy), WHOLE_DOCUMENT)]
    while left:
        part, source = left.pop(0)
        if isinstance(part, dict):
            within = str(part.get("source") or source)
            left += [(inner, within) for inner in part.values()]
        elif isinstance(part, (list, tuple)):
            left += [(inner, source) for inner in part]
        elif isinstance(part, str):
            for short, before in _in_brackets(part):
                full = _stands_for(short, before)
                if full:
                    yield OwnName((short, full), full, source, short)


def _in_brackets(text: str) -> Iterator[tuple[str, str]]:
    """Yield each short form in brackets, with the words before it that may be its name."""
    for found in _IN_BRACKETS.finditer(text):
        yield found["short"], _NO_NAME.split(text[: found.start()])[-1]


def _stands_for(short: str, before: str) -> str | None:
    """Return the last words whose first letters are the short name, in their order."""
    starts = [found.start() for found in _BEGINNING.finditer(before)]
    for parts in (_BEGINNING, _WORD):
        letters = list(short.casefold())
        for found in reversed(list(parts.finditer(before))):
            if letters and found.group()[0].casefold() == letters[-1]:
                letters.pop()
                if not letters and found.start() in starts:
                    return before[found.start() :].strip()
            elif found.group().casefold() not in _UNCOUNTED:
                break
    return None
