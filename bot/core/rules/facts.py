"""The facts the practitioner gave, and how to read them from JSON. Never a child's name."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeVar

import msgspec

from bot.core.policy.model import Area, Policy, Priority
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
    Worry,
)

Choice = TypeVar("Choice", bound=Enum)


class Step(msgspec.Struct, frozen=True):
    """Something already tried. `on` is None if the practitioner does not know the date.

    `stage` tells which stage it was where a policy has several at a level. `settled_on` is the day
    on which it was settled, which may be later than the day on which it began; `answered_on` the
    day of an answer that did not settle it.
    """

    level: Level
    on: date | None
    outcome: Outcome
    stage: int | None = None
    settled_on: date | None = None
    answered_on: date | None = None


class Person(msgspec.Struct, frozen=True):
    """The person who asks: their side, and the level they themselves stand on, if told."""

    side: Side = Side.raiser
    level: Level | None = None


class Call(msgspec.Struct, frozen=True):
    """What came of trying to get somebody to act today.

    `level`: the rung of whoever was reached, where told. `here`: they came; `by_999`: it sent them.
    `unnamed`: told as one of "the calls": nothing is written of it in the person's name.
    """

    to: CallTo
    outcome: CallOutcome
    level: Level | None = None
    here: bool = False
    unnamed: bool = False
    by_999: bool = False

    @property
    def by_101(self) -> bool:
        """Whether it was to the police below 999: on 101, which is not for danger now."""
        return self.to is CallTo.police and self.level is Level.practitioner


class OwnSide(msgspec.Struct, frozen=True):
    """Who on the person's own side says no or cannot be asked, by their title, and since when."""

    worry: Worry
    who: str | None = None
    on: date | None = None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything advice depends on. During a conversation any field may be missing (None).

    `calls` are today's, in the order in which they were made. `head_accused` says of an allegation
    that it is against the head where the person works, so far as the conversation knows;
    `conflict` that whoever would be told is close to whoever it is about.
    """

    partnership: str | None = None
    risk: Risk | None = None
    disagreement: Disagreement | None = None
    my_agency: Agency | None = None
    their_agency: Agency | None = None
    child_status: tuple[ChildStatus, ...] = ()
    area: str | None = None
    priority: str | None = None
    exit: Exit | None = None
    concern_on: date | None = None
    steps: tuple[Step, ...] = ()
    me: Person = Person()
    calls: tuple[Call, ...] = ()
    own_side: OwnSide | None = None
    head_accused: bool = False
    conflict: bool = False

    @property
    def began(self) -> date | None:
        """The earliest day that is known, on which the case began."""
        days = [self.concern_on, *(step.on for step in self.steps)]
        return min((day for day in days if day is not None), default=None)

    @property
    def as_raised(self) -> "Facts":
        """The facts as the raiser would tell them: policies speak of the two sides in that way."""
        if self.me.side is Side.raiser:
            return self
        return msgspec.structs.replace(
            self, my_agency=self.their_agency, their_agency=self.my_agency, me=Person()
        )


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
