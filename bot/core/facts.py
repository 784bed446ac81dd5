"""What the practitioner has told us, and how it is read from outside. Never a child's name."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeVar

import msgspec

from bot.core.policy import Policy
from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Exit, Level, Outcome, Risk

Choice = TypeVar("Choice", bound=Enum)


class Step(msgspec.Struct, frozen=True):
    """Something that was tried. `on` is None when the practitioner does not know the date."""

    level: Level
    on: date | None
    outcome: Outcome


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """All that advice depends on. In conversation any of it may still be missing (None)."""

    partnership: str | None = None
    risk: Risk | None = None
    disagreement: Disagreement | None = None
    my_agency: Agency | None = None
    their_agency: Agency | None = None
    child_status: tuple[ChildStatus, ...] = ()
    area: str | None = None
    exit: Exit | None = None
    concern_on: date | None = None
    steps: tuple[Step, ...] = ()


class FactsError(Exception):
    """The facts are wrong. `problems` says for each field what was wrong and what is allowed."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


REQUIRED: Mapping[str, type[Enum]] = {
    "risk": Risk,
    "disagreement": Disagreement,
    "my_agency": Agency,
    "their_agency": Agency,
}
KNOWN = [
    "partnership", "today", *REQUIRED, "child_status", "area", "exit", "concern_on", "steps",
]  # fmt: skip


def parse_facts(data: object, policies: Mapping[str, Policy], today: date) -> Facts:
    """Read the facts of the `advise` contract (design, section 4).

    Dates are ISO (YYYY-MM-DD), on or before `today`. Raises FactsError with every problem.
    """
    if not isinstance(data, Mapping):
        raise FactsError(["facts: expected one JSON object with the keys " + ", ".join(KNOWN)])
    read = _Reader(data, today)
    for name in data:
        if name not in KNOWN:
            read.wrong(str(name), "is not a known field", "one of " + ", ".join(KNOWN))
    partnership = read.one_of("partnership", list(policies), required=True)
    policy = policies.get(partnership) if partnership else None
    chosen = {name: read.choice(name, kind, required=True) for name, kind in REQUIRED.items()}
    area = read.area(policy)
    facts = {
        "partnership": partnership,
        **chosen,
        "area": area,
        "exit": read.choice("exit", Exit),
        "child_status": tuple(read.each("child_status", read.status)),
        "concern_on": read.day("concern_on", data.get("concern_on")),
        "steps": tuple(read.each("steps", read.step)),
    }
    if read.problems:
        raise FactsError(read.problems)
    return Facts(**facts)  # type: ignore[arg-type]  # each value was read for its own field


class _Reader:
    """Collects every problem while it reads, so that all are told at once."""

    def __init__(self, data: Mapping[Any, Any], today: date) -> None:
        self.data = data
        self.today = today
        self.problems: list[str] = []

    def wrong(self, field: str, what: str, expected: str) -> None:
        self.problems.append(f"{field}: {what}; expected {expected}")

    def one_of(self, field: str, allowed: list[str], *, required: bool = False) -> str | None:
        value = self.data.get(field)
        if value is None and not required:
            return None
        if isinstance(value, str) and value in allowed:
            return value
        what = "is missing" if value is None else f"{_shown(value)} is not known"
        self.wrong(field, what, "one of " + ", ".join(allowed))
        return None

    def choice(self, field: str, kind: type[Choice], *, required: bool = False) -> Choice | None:
        value = self.one_of(field, [str(word.value) for word in kind], required=required)
        return None if value is None else kind(value)

    def area(self, policy: Policy | None) -> str | None:
        value = self.data.get("area")
        if value is None or policy is None:
            return None
        if not policy.areas:
            self.wrong("area", f"{policy.id} has no member areas", "it left out")
            return None
        return self.one_of("area", [area.id for area in policy.areas])

    def each(self, field: str, read: Callable[[str, Any], Any]) -> list[Any]:
        values = self.data.get(field)
        if values is None:
            return []
        if not isinstance(values, list):
            self.wrong(field, f"{_shown(values)} is not a list", "a list, which may be empty")
            return []
        found = [read(f"{field}[{index}]", value) for index, value in enumerate(values)]
        return [value for value in found if value is not None]

    def status(self, field: str, value: object) -> ChildStatus | None:
        allowed = [str(word) for word in ChildStatus]
        if isinstance(value, str) and value in allowed:
            return ChildStatus(value)
        self.wrong(field, f"{_shown(value)} is not known", "one of " + ", ".join(allowed))
        return None

    def step(self, field: str, value: object) -> Step | None:
        keys = ["level", "on", "outcome"]
        if not isinstance(value, Mapping) or set(value) != set(keys):
            self.wrong(field, f"{_shown(value)} is not a step", "an object with level, on, outcome")
            return None
        inner = _Reader(value, self.today)
        level = inner.choice("level", Level, required=True)
        outcome = inner.choice("outcome", Outcome, required=True)
        on = inner.day("on", value["on"])
        if value["on"] is None:
            inner.wrong("on", "is missing", "a date as YYYY-MM-DD")
        self.problems += [f"{field}.{problem}" for problem in inner.problems]
        if level is None or outcome is None or on is None:
            return None
        return Step(level, on, outcome)

    def day(self, field: str, value: object) -> date | None:
        expected = f"a date that exists, as YYYY-MM-DD, on or before {self.today.isoformat()}"
        if value is None:
            return None
        found = parse_day(value)
        if found is None:
            self.wrong(field, f"{_shown(value)} is not a date", expected)
        elif found > self.today:
            self.wrong(field, f"{_shown(value)} is in the future", expected)
            found = None
        return found


def parse_day(value: object) -> date | None:
    """Return the date an ISO text (YYYY-MM-DD) names, or None when it is not one."""
    if not isinstance(value, str) or len(value) != len("2026-11-24"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _shown(value: object) -> str:
    return shorten(repr(value))


def shorten(text: str, width: int = 80) -> str:
    """Return a text cut to `width` characters, with an ellipsis where it was cut."""
    return text if len(text) <= width else f"{text[: width - 1]}…"
