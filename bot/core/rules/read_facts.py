"""How the facts are read from JSON, with every problem in them (design, section 4)."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeVar

import msgspec

from bot.core.policy.model import Area, Policy, Priority
from bot.core.rules.facts import Call, Facts, Person, Step
from bot.core.text import parse_day, shorten
from bot.core.vocabulary import (
    Agency,
    CallOutcome,
    CallTo,
    ChildStatus,
    Disagreement,
    Exit,
    Level,
    Outcome,
    Risk,
    Side,
)

Choice = TypeVar("Choice", bound=Enum)


class FactsError(Exception):
    """The facts are wrong. `problems` says for each field what is wrong and what is allowed."""

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
    "partnership", "today", *REQUIRED, "child_status", "area", "priority", "exit",
    "concern_on", "steps", "me", "calls",
]  # fmt: skip
A_DAY = "a date that exists, as YYYY-MM-DD,"
STEP = ["level", "on", "outcome", "stage", "settled_on"]
PERSON = ["side", "level"]
CALL = ["to", "outcome", "level"]
EARLIEST = date(2000, 1, 1)
"""No child of today was born by then: an earlier date is a typing error."""
LATEST = date(2099, 12, 31)
"""The calendar has no bank holidays after this day."""


def read_json(text: bytes) -> object:
    """Read JSON. A repeated key is an error: the second value could lower the risk unnoticed."""
    twice: list[str] = []

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = Counter(name for name, _ in pairs)
        twice.extend(name for name, times in names.items() if times > 1)
        return dict(pairs)

    try:
        data: object = json.loads(text.decode("utf-8-sig"), object_pairs_hook=once)
    except ValueError as error:
        told = f"facts: not JSON ({error}); expected one JSON object in UTF-8"
        raise FactsError([told]) from error
    if twice:
        raise FactsError([f"{shorten(name)}: is given twice; expected it once" for name in twice])
    return data


def parse_facts(data: object, policies: Mapping[str, Policy], today: date) -> Facts:
    """Read the facts of the `advise` contract (design, section 4).

    Dates are ISO (YYYY-MM-DD), from EARLIEST to `today`. A `today` among the facts must be a date;
    the caller decides which day counts. Raises FactsError with every problem.
    """
    if not isinstance(data, Mapping):
        what = f"facts: {_shown(data)} is not an object; expected one JSON object with the keys "
        raise FactsError([what + ", ".join(KNOWN)])
    read = _FactsReader(data, today)
    read.today()
    for name in data:
        if name not in KNOWN:
            read.report(shorten(str(name)), "is not a known field", "one of " + ", ".join(KNOWN))
    partnership = read.one_of("partnership", list(policies), required=True)
    policy = policies.get(partnership) if partnership else None
    area = read.policy_id("area", "member areas", policy.areas if policy else None)
    if partnership and policy:
        partnership, area = policy_for_area(partnership, area, policies)
        policy = policies[partnership]
    chosen = {name: read.choice(name, kind, required=True) for name, kind in REQUIRED.items()}
    facts = {
        "partnership": partnership,
        **chosen,
        "area": area,
        "priority": read.policy_id("priority", "priorities", policy.priorities if policy else None),
        "exit": read.choice("exit", Exit),
        "child_status": tuple(read.each("child_status", read.status)),
        "concern_on": read.day("concern_on"),
        "steps": read.steps(policy),
        "me": read.person("me"),
        "calls": tuple(read.each("calls", read.call)),
    }
    if read.problems:
        raise FactsError(read.problems)
    return Facts(**facts)  # type: ignore[arg-type]  # each value was read for its own field


def policy_for_area(
    partnership: str, area: str | None, policies: Mapping[str, Policy]
) -> tuple[str, str | None]:
    """Return the ids of the policy and the area that hold, given those that were named.

    An area that a policy excludes leads to its own policy, where the guide has it.
    """
    for own in policies[partnership].areas:
        to = own.excluded.policy if own.excluded and own.id == area else None
        if to is not None and to in policies:
            return to, None
    return partnership, area


def on_their_stages(steps: Iterable[Step], policy: Policy) -> tuple[Step, ...]:
    """Return steps with the stage that each was, where a policy has several stages at its level.

    Whoever does not say which has gone from one to the next: a further step at a level is its next
    stage once the one before has failed.
    """
    given = tuple(steps)
    if all(step.on for step in given):
        given = tuple(sorted(given, key=lambda step: str(step.on)))
    found: list[Step] = []
    last: dict[Level, Step] = {}
    for step in given:
        rungs = [stage.number for stage in policy.stages_at(step.level)]
        told = step
        if len(rungs) > 1 and step.stage not in rungs:
            stage = _next_rung(rungs, last.get(step.level))
            told = msgspec.structs.replace(step, stage=stage)
        last[step.level] = told
        found.append(told)
    return tuple(found)


def _next_rung(rungs: list[int], before: Step | None) -> int:
    if before is None or before.stage not in rungs:
        return rungs[0]
    if before.outcome in {Outcome.awaiting, Outcome.resolved}:
        return before.stage
    return rungs[min(rungs.index(before.stage) + 1, len(rungs) - 1)]


class _FactsReader:
    """Collects every problem while it reads, to report them all at once."""

    def __init__(self, data: Mapping[Any, Any], latest: date) -> None:
        self.data = data
        self.latest = latest
        self.problems: list[str] = []

    def report(self, field: str, what: str, expected: str) -> None:
        self.problems.append(f"{field}: {what}; expected {expected}")

    def one_of(self, field: str, allowed: list[str], *, required: bool = False) -> str | None:
        value = self.data.get(field)
        if value is None and not required:
            return None
        if isinstance(value, str) and value in allowed:
            return value
        what = "is missing" if value is None else f"{_shown(value)} is not known"
        self.report(field, what, "one of " + ", ".join(allowed))
        return None

    def choice(self, field: str, kind: type[Choice], *, required: bool = False) -> Choice | None:
        value = self.one_of(field, [str(word.value) for word in kind], required=required)
        return None if value is None else kind(value)

    def policy_id(
        self, field: str, called: str, listed: tuple[Area | Priority, ...] | None
    ) -> str | None:
        """Read an id that the policy defines; `listed` is None until the policy is known."""
        if self.data.get(field) is None or listed is None:
            return None
        if not listed:
            self.report(field, f"{self.data['partnership']} has no {called}", "it left out")
            return None
        return self.one_of(field, [own.id for own in listed])

    def each(
        self, field: str, read: Callable[[str, Any], Any], *, required: bool = False
    ) -> list[Any]:
        values = self.data.get(field)
        if values is None and not required:
            return []
        if not isinstance(values, list):
            what = f"{_shown(values)} is not a list" if field in self.data else "is missing"
            self.report(field, what, "a list, which may be empty")
            return []
        found = [read(f"{field}[{index}]", value) for index, value in enumerate(values)]
        return [value for value in found if value is not None]

    def status(self, field: str, value: object) -> ChildStatus | None:
        allowed = [str(word) for word in ChildStatus]
        if isinstance(value, str) and value in allowed:
            return ChildStatus(value)
        self.report(field, f"{_shown(value)} is not known", "one of " + ", ".join(allowed))
        return None

    def steps(self, policy: Policy | None) -> tuple[Step, ...]:
        steps = self.each("steps", self.step, required=True)
        return tuple(steps) if policy is None else on_their_stages(steps, policy)

    def step(self, field: str, value: object) -> Step | None:
        inner = self.inside(field, value, "a step", STEP)
        if inner is None:
            return None
        level = inner.choice("level", Level, required=True)
        on = inner.day("on")
        outcome = inner.choice("outcome", Outcome, required=True)
        stage = inner.number("stage")
        settled_on = inner.day("settled_on", on)
        if settled_on and outcome is not Outcome.resolved:
            inner.report("settled_on", "is given", "it left out, unless the outcome is resolved")
        self.problems += [f"{field}.{problem}" for problem in inner.problems]
        if level is None or outcome is None or inner.problems:
            return None
        return Step(level, on, outcome, stage, settled_on)

    def person(self, field: str) -> Person:
        value = self.data.get(field)
        inner = None if value is None else self.inside(field, value, "a person", PERSON)
        if inner is None:
            return Person()
        side = inner.choice("side", Side) or Side.raiser
        level = inner.choice("level", Level)
        self.problems += [f"{field}.{problem}" for problem in inner.problems]
        return Person(side, level)

    def call(self, field: str, value: object) -> Call | None:
        inner = self.inside(field, value, "a call", CALL)
        if inner is None:
            return None
        to = inner.choice("to", CallTo, required=True)
        outcome = inner.choice("outcome", CallOutcome, required=True)
        level = inner.choice("level", Level)
        self.problems += [f"{field}.{problem}" for problem in inner.problems]
        return None if to is None or outcome is None else Call(to, outcome, level)

    def inside(
        self, field: str, value: object, called: str, keys: list[str]
    ) -> "_FactsReader | None":
        """Return a reader of an object inside the facts, or None if it is none."""
        if not isinstance(value, Mapping):
            what = f"{_shown(value)} is not {called}"
            self.report(field, what, "an object with " + ", ".join(keys))
            return None
        inner = _FactsReader(value, self.latest)
        for name in value:
            if name not in keys:
                what = "is not a known field"
                inner.report(shorten(str(name)), what, "one of " + ", ".join(keys))
        return inner

    def today(self) -> None:
        value = self.data.get("today")
        if value is None:
            return
        found = parse_day(value)
        if found is None or not EARLIEST <= found <= LATEST:
            what = f"{_shown(value)} is not a date that can be counted from"
            self.report("today", what, f"{A_DAY} from {EARLIEST} to {LATEST}, or left out")
            # Without today's date no day can be called a future day.
            self.latest = LATEST

    def number(self, field: str) -> int | None:
        value = self.data.get(field)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.report(field, f"{_shown(value)} is not a number", "a stage's number, or it left out")
        return None

    def day(self, field: str, after: date | None = None) -> date | None:
        value = self.data.get(field)
        earliest = after or EARLIEST
        expected = f"{A_DAY} from {earliest} to {self.latest}"
        if value is None:
            return None
        found = parse_day(value)
        if found is None:
            self.report(field, f"{_shown(value)} is not a date", expected)
        elif found > self.latest:
            self.report(field, f"{_shown(value)} is in the future", expected)
        elif found < earliest:
            self.report(field, f"{_shown(value)} is too long ago", expected)
        else:
            return found
        return None


def _shown(value: object) -> str:
    return shorten(json.dumps(value, ensure_ascii=False, default=repr))
