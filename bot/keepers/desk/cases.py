"""Situations made from the policy itself, for a person to confirm what the guide says in them.

For each stage: waiting, the last day, the day after, not settled, settled, gone straight to, and
from the other side; for each condition a situation in which it holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import (
    ALWAYS,
    Applies,
    Condition,
    Duty,
    Limit,
    Party,
    Policy,
    Role,
    Stage,
)
from bot.core.rules.compare import RAISED
from bot.core.rules.deadlines import in_full
from bot.core.rules.results import Advice
from bot.core.vocabulary import Action, Agency, ChildStatus, Disagreement
from bot.keepers.desk.fields import value_words, wording
from bot.keepers.desk.trying import Told, advice_of, told
from bot.keepers.desk.work import CaseAnswer, Work

WEEK = timedelta(days=7)
USUAL: Mapping[str, Any] = {
    "risk": "concern",
    "disagreement": "threshold",
    "my_agency": "education",
    "their_agency": "childrens_social_care",
    "child_status": [],
    "steps": [],
}
LISTED = ("contacts", "notify", "forms", "records")
"""Lists whose texts a confirmed answer holds."""


class MadeCase(msgspec.Struct, frozen=True, kw_only=True):
    """A situation in words, its facts, and what the guide says in it."""

    id: str
    group: str
    situation: str
    facts: dict[str, Any]
    answer: dict[str, Any]
    said: Told


class CaseStanding(msgspec.Struct, frozen=True):
    """A case and how far it is: open, right, wrong, reported, or changed since it was confirmed.

    `expected` is what the keeper says the guide should answer, in words, where that is something
    else.
    """

    case: MadeCase
    standing: str
    expected: str = ""
    note: str = ""


def first_day(policy: Policy) -> date:
    """Return the Monday on which every case begins: the same each time, and in force."""
    begins = max(policy.document.effective_from or RAISED, RAISED)
    return begins + timedelta(days=-begins.weekday() % 7)


def made_cases(policy: Policy, handbook: Handbook) -> list[MadeCase]:
    """Return every situation to confirm, each once."""
    maker = _Maker(policy, handbook)
    found: dict[str, MadeCase] = {}
    for case in maker.all():
        found.setdefault(case.id, case)
    return list(found.values())


class _Maker:
    def __init__(self, policy: Policy, handbook: Handbook) -> None:
        self.policy = policy
        self.handbook = handbook
        self.said = wording()["situation"]
        self.begin = first_day(policy)

    def all(self) -> Iterator[MadeCase]:
        first = self.policy.stages[0]
        yield self._case(first.label, "nothing", {}, self.begin)
        danger = {"risk": "immediate_harm"}
        yield self._case(self.said["groups"]["danger"], "danger", danger, self.begin)
        for stage in self.policy.stages:
            yield from self._at(stage)
        for stage in self.policy.stages:
            for condition in dict.fromkeys(_conditions(stage)):
                yield self._conditional(stage, condition)
        for other in self.policy.other_procedures:
            if other.exit:
                group = self.said["groups"]["elsewhere"]
                yield self._case(group, "exit", {"exit": other.exit.value}, self.begin)
            for kind in other.kinds:
                facts = {"disagreement": kind.value}
                yield self._case(self.said["groups"]["elsewhere"], "nothing", facts, self.begin)

    def _at(self, stage: Stage) -> Iterator[MadeCase]:
        day = self._day(stage)
        waiting = {"steps": self._steps(stage, "awaiting")}
        if not stage.ends:
            yield from self._waiting(stage, waiting, day)
            for track in _tracks(stage):
                yield from self._waiting(stage, {**waiting, "priority": track}, day)
            theirs = {
                **waiting,
                "me": {"side": "receiver"},
                "my_agency": USUAL["their_agency"],
                "their_agency": USUAL["my_agency"],
            }
            yield self._case(stage.label, "received", theirs, day, stage)
        for outcome in ("unresolved", "resolved"):
            facts = {"steps": self._steps(stage, outcome)}
            yield self._case(stage.label, outcome, facts, day, stage)
        if stage.must_follow:
            straight = {"steps": self._steps(stage, "awaiting")[-1:]}
            yield self._case(stage.label, "straight", straight, day, stage)

    def _waiting(self, stage: Stage, facts: dict[str, Any], day: date) -> Iterator[MadeCase]:
        """Yield the first day of a wait, its last one and the day after."""
        yield self._case(stage.label, "awaiting", facts, day, stage)
        last = self._last_day(facts, day)
        if last is None:
            silent = {**facts, "steps": self._steps(stage, "no_response")}
            yield self._case(stage.label, "no_response", silent, day + 2 * WEEK, stage)
            return
        for seen in (last, last + timedelta(days=1)):
            yield self._case(stage.label, "awaiting", facts, seen, stage)

    def _conditional(self, stage: Stage, condition: Applies) -> MadeCase:
        at = self.policy.stages.index(stage)
        before = self.policy.stages[at - 1] if at else None
        day = self._day(before) if before else self.begin
        facts: dict[str, Any] = dict(_facts_for(condition))
        name = "nothing"
        if before:
            facts["steps"] = self._steps(before, "unresolved")
            name = "unresolved"
        return self._case(self.said["groups"]["conditions"], name, facts, day, before)

    def _day(self, stage: Stage) -> date:
        return self.begin + WEEK * self.policy.stages.index(stage)

    def _steps(self, stage: Stage, outcome: str) -> list[dict[str, Any]]:
        at = self.policy.stages.index(stage)
        steps = [_step(one, self._day(one), "unresolved") for one in self.policy.stages[:at]]
        return [*steps, _step(stage, self._day(stage), outcome)]

    def _last_day(self, facts: Mapping[str, Any], day: date) -> date | None:
        """Return the last day on which the guide says to wait; None where nothing limits it.

        At the last stage they go on waiting, and ask for the answer: its last limit counts.
        """
        advice = self._advice(facts, day)
        if advice.next.action is not Action.wait:
            return None
        running = {due.due for due in advice.deadlines if due.due >= day}
        ends = [
            due for due in sorted(running)
            if self._advice(facts, due + timedelta(days=1)).next.action is not Action.wait
        ]  # fmt: skip
        return ends[0] if ends else max(running, default=None)

    def _advice(self, facts: Mapping[str, Any], day: date) -> Advice:
        data = {**USUAL, **facts, "today": day.isoformat()}
        return advice_of(self.policy, data, day, self.handbook)

    def _case(
        self, group: str, name: str, facts: dict[str, Any], day: date, stage: Stage | None = None
    ) -> MadeCase:
        told_apart = {key: value for key, value in facts.items() if USUAL.get(key) != value}
        given = {**told_apart, "today": day.isoformat()}
        advice = self._advice(facts, day)
        known = msgspec.json.encode(given, order="sorted")
        return MadeCase(
            id=sha256(known).hexdigest()[:16],
            group=group,
            situation=self._situation(name, {**USUAL, **facts}, day, stage),
            facts=given,
            answer=answer_of(advice),
            said=told(advice),
        )

    def _situation(
        self, name: str, facts: Mapping[str, Any], day: date, stage: Stage | None
    ) -> str:
        phrases = self.handbook.phrases
        agency = {
            side: value_words(Agency, Agency(facts[side]), phrases)
            for side in ("my_agency", "their_agency")
        }
        on = in_full(self._day(stage)) if stage else ""
        label = stage.label if stage else self.policy.stages[0].label
        said = [self.said[name].format(**agency, stage=label, day=on)]
        kind = Disagreement(facts["disagreement"])
        if kind.value != USUAL["disagreement"]:
            words = value_words(Disagreement, kind, phrases)
            said.append(self.said["disagreement"].format(what=words))
        for status in facts["child_status"]:
            words = value_words(ChildStatus, ChildStatus(status), phrases)
            said.append(self.said["child_status"].format(what=words))
        for key, listed in (("area", self.policy.areas), ("priority", self.policy.priorities)):
            named = [one.name for one in listed if one.id == facts.get(key)]
            said += [self.said[key].format(what=one) for one in named]
        if facts.get("exit"):
            said.append(self.said["exits"][facts["exit"]])
        return " ".join([*said, self.said["today"].format(day=in_full(day))])


def _tracks(stage: Stage) -> Iterator[str]:
    """Yield each priority that a limit of a stage depends on."""
    yield from dict.fromkeys(one for limit in stage.to_answer for one in limit.applies.priority)


def _step(stage: Stage, day: date, outcome: str) -> dict[str, Any]:
    return {"level": stage.level.value, "on": day.isoformat(), "outcome": outcome}


def _conditions(stage: Stage) -> Iterator[Applies]:
    """Yield every condition of a stage; a post of some agencies is one for each of them."""
    parts: tuple[Role | Limit | Condition | Duty, ...] = (
        *stage.roles, *stage.to_begin, *stage.to_answer, *stage.to_close, *stage.conditions,
        *stage.guidance, *stage.notify, *stage.records, *stage.forms,
    )  # fmt: skip
    for part in parts:
        if part.applies != ALWAYS:
            yield part.applies
    for role in stage.roles:
        for agency in role.agencies:
            if Party.raiser in role.party:
                yield Applies(my_agency=(agency,))
            if Party.receiver in role.party:
                yield Applies(their_agency=(agency,))


def _facts_for(condition: Applies) -> Iterator[tuple[str, Any]]:
    """Yield facts for which a condition holds."""
    for side in ("my_agency", "their_agency"):
        named = getattr(condition, side)
        barred = {*getattr(condition, f"not_{side}")}
        usual = Agency(USUAL[side])
        if named:
            yield side, named[0].value
        elif usual in barred:
            yield side, next(one.value for one in Agency if one not in barred)
    if condition.child_status:
        yield "child_status", [condition.child_status[0].value]
    for name in ("disagreement", "area", "priority"):
        held: Sequence[Any] = getattr(condition, name)
        if held:
            yield name, getattr(held[0], "value", held[0])


def answer_of(advice: Advice) -> dict[str, Any]:
    """Return what a confirmed answer holds: whatever a person on the page has agreed to."""
    answer: dict[str, Any] = {
        "route": advice.route.value,
        "action": advice.next.action.value,
        "to_stage": advice.next.to_stage,
        "stage": advice.stage.number if advice.stage else None,
        "deadlines": [
            {"who": due.who.value, "due": due.due.isoformat(), "overdue": due.overdue}
            for due in advice.deadlines
        ],
    }
    for name in LISTED:
        answer[name] = [_named(item) for item in getattr(advice, name)]
    return answer


def _named(item: Any) -> str:
    return str(
        next(getattr(item, key) for key in ("role", "who", "name", "what") if hasattr(item, key))
    )


def standings(work: Work, cases: Sequence[MadeCase], policy: Policy) -> list[CaseStanding]:
    """Return how far each case is."""
    given = {answer.case: answer for answer in work.cases}
    return [_standing(case, given.get(case.id), policy) for case in cases]


def _standing(case: MadeCase, given: CaseAnswer | None, policy: Policy) -> CaseStanding:
    if given is None:
        return CaseStanding(case, "open")
    if given.confirmed:
        return CaseStanding(case, "right" if given.answer == case.answer else "changed")
    expected = expected_words(given.answer, policy)
    agrees = _agrees(given.answer, case.answer)
    standing = "right" if agrees else "reported" if given.reported else "wrong"
    return CaseStanding(case, standing, expected, given.note)


def _agrees(wanted: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    due = wanted.get("due")
    return (
        wanted["action"] == answer["action"]
        and (wanted["action"] != Action.escalate.value or wanted["to_stage"] == answer["to_stage"])
        and (not due or due in {one["due"] for one in answer["deadlines"]})
    )


def expected_words(wanted: Mapping[str, Any], policy: Policy) -> str:
    """Return what a keeper says the guide should answer."""
    said = wording()["situation"]
    numbers = {stage.number: stage.label for stage in policy.stages}
    to = numbers.get(wanted.get("to_stage") or -1, "")
    words = str(said["actions"][wanted["action"]]).format(stage=to)
    due = wanted.get("due")
    return f"{words} {said['due'].format(day=in_full(date.fromisoformat(due)))}" if due else words


def case_file(work: Work, cases: Sequence[MadeCase], policy: Policy) -> dict[str, Any]:
    """Return the confirmed cases as the values of a `<id>.cases.yml`."""
    right = {one.case.id for one in standings(work, cases, policy) if one.standing == "right"}
    return {
        "partnership": policy.id,
        "given": dict(USUAL),
        "cases": [
            {"case": case.situation, "facts": case.facts, "expect": _expected(case.answer)}
            for case in cases
            if case.id in right
        ],
    }


def _expected(answer: Mapping[str, Any]) -> dict[str, Any]:
    expect = {name: answer[name] for name in ("route", "stage", "action", "to_stage")}
    lists = {name: answer[name] for name in ("deadlines", *LISTED) if answer[name]}
    return {**expect, **lists}
