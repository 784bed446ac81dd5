"""What the guide says in a situation, in sentences, each with its section."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import Policy
from bot.core.rules.advice import advise
from bot.core.rules.deadlines import Deadline, in_full
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import narrowed
from bot.core.rules.read_facts import FactsError, parse_facts
from bot.core.rules.results import Advice
from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Outcome, Risk, Side
from bot.keepers.desk.answers import Sent, one
from bot.keepers.desk.fields import Choice, Field, value_words, wording

LISTS = (
    "turn_to", "contacts", "deadlines", "notify", "records", "forms", "guidance", "warnings",
    "not_stated",
)  # fmt: skip
"""What is shown of advice, in this order."""


class Line(msgspec.Struct, frozen=True):
    """A sentence and the section that it comes from."""

    text: str
    source: str


class Part(msgspec.Struct, frozen=True):
    """A heading of the advice and its sentences."""

    title: str
    lines: tuple[Line, ...]


class Told(msgspec.Struct, frozen=True):
    """What the guide says: the first sentence, where they stand, and the rest by heading."""

    first: str
    summary: str
    stage: str
    parts: tuple[Part, ...]


def advice_of(policy: Policy, data: Mapping[str, Any], today: date, handbook: Handbook) -> Advice:
    """Return the advice for facts as JSON holds them. Raises FactsError."""
    given = {"partnership": policy.id, "today": today.isoformat(), **data}
    day = date.fromisoformat(given["today"]) if _is_day(given["today"]) else today
    facts = parse_facts(given, {policy.id: policy}, day)
    return advise(facts, narrowed(policy, facts), day, handbook)


def _is_day(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def told(advice: Advice) -> Told:
    """Return advice in sentences."""
    titles = wording()["advice"]
    parts = (Part(titles[name], tuple(_lines(name, getattr(advice, name)))) for name in LISTS)
    return Told(
        advice.headline.do if advice.headline else advice.next.summary,
        advice.next.summary,
        advice.stage.label if advice.stage else "",
        tuple(part for part in parts if part.lines),
    )


def _lines(name: str, items: Sequence[Any]) -> Iterator[Line]:
    for item in items:
        source = f"{item.source.document}, {item.source.section}"
        yield Line(deadline_words(item) if name == "deadlines" else _words(item), source)


def deadline_words(due: Deadline) -> str:
    """Return a deadline as a sentence, with how it was counted."""
    said = wording()["deadline"]
    late = said["overdue"] if due.overdue else ""
    whom = said["who"]["both" if due.shared else due.who.value]
    guide = said[due.strength.value]
    return str(said["line"]).format(
        what=due.what.rstrip("."), day=in_full(due.due), late=late, rule=due.rule, who=whom,
        guide=guide, working=due.working,
    )  # fmt: skip


def _words(item: Any) -> str:
    said = [
        str(value).rstrip(".")
        for name in ("role", "who", "name", "do", "what", "send_to", "address")
        if (value := getattr(item, name, None))
    ]
    return f"{'. '.join(dict.fromkeys(said))}."


class Asked(msgspec.Struct, frozen=True):
    """A question of the form for a situation of one's own. `kind` is day, one or some."""

    name: str
    kind: str
    label: str
    value: str = ""
    choices: tuple[Choice, ...] = ()


def asked_of(
    policy: Policy, given: Mapping[str, Sequence[str]], today: date, handbook: Handbook
) -> list[Asked]:
    """Return the questions of the form, filled with what was sent."""
    said = wording()["situation"]["ask"]
    phrases = handbook.phrases

    def chosen(name: str, kind: Any, usual: str = "") -> tuple[Choice, ...]:
        held = given.get(name) or ([usual] if usual else [])
        return tuple(
            Choice(one.value, value_words(kind, one, phrases), one.value in held) for one in kind
        )

    def own(name: str, listed: Sequence[Any]) -> tuple[Choice, ...]:
        held = given.get(name) or []
        return tuple(Choice(one.id, one.name, one.id in held) for one in listed)

    found = [
        Asked("today", "day", said["today"], _first(given, "today") or today.isoformat()),
        Asked("risk", "one", said["risk"], "", chosen("risk", Risk, "concern")),
        Asked("side", "one", said["side"], "", chosen("side", Side, "raiser")),
        Asked("my_agency", "one", said["my_agency"], "", chosen("my_agency", Agency, "education")),
        Asked(
            "their_agency",
            "one",
            said["their_agency"],
            "",
            chosen("their_agency", Agency, "childrens_social_care"),
        ),
        Asked(
            "disagreement",
            "one",
            said["disagreement"],
            "",
            chosen("disagreement", Disagreement, "threshold"),
        ),
        Asked(
            "child_status", "some", said["child_status"], "", chosen("child_status", ChildStatus)
        ),
    ]
    if policy.member_areas():
        found.append(Asked("area", "one", said["area"], "", own("area", policy.areas)))
    if policy.priorities:
        found.append(
            Asked("priority", "one", said["priority"], "", own("priority", policy.priorities))
        )
    for at, stage in enumerate(policy.stages):
        label = said["outcome"].format(stage=stage.label)
        found.append(Asked(f"outcome.{at}", "one", label, "", chosen(f"outcome.{at}", Outcome)))
        day = said["on"].format(stage=stage.label)
        found.append(Asked(f"on.{at}", "day", day, _first(given, f"on.{at}")))
    return found


def facts_from(policy: Policy, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the facts of a sent form, as JSON holds them."""
    facts: dict[str, Any] = {"steps": [], "child_status": list(given.get("child_status", ()))}
    names = ("today", "risk", "my_agency", "their_agency", "disagreement", "area", "priority")
    for name in names:
        if _first(given, name):
            facts[name] = _first(given, name)
    facts["me"] = {"side": _first(given, "side") or "raiser"}
    for at, stage in enumerate(policy.stages):
        outcome = _first(given, f"outcome.{at}")
        if outcome:
            on = _first(given, f"on.{at}") or None
            facts["steps"].append({"level": stage.level.value, "on": on, "outcome": outcome})
    return facts


def _first(given: Mapping[str, Sequence[str]], name: str) -> str:
    values = given.get(name) or [""]
    return values[0].strip()


__all__ = [
    "Asked",
    "Facts",
    "FactsError",
    "Told",
    "advice_of",
    "asked_of",
    "deadline_words",
    "facts_from",
    "told",
]


def tried(policy: Policy | None, sent: Sent, today: date, handbook: Handbook) -> dict[str, Any]:
    """Return what a page for trying out shows: the form, and the advice or what is wrong."""
    shown: dict[str, Any] = {"asked": [], "said": None, "problems": []}
    if policy is None:
        return shown
    shown["asked"] = [
        Field(
            name=asked.name,
            kind=asked.kind,
            label=asked.label,
            value=asked.value,
            choices=asked.choices,
        )
        for asked in asked_of(policy, sent, today, handbook)
    ]
    if one(sent, "my_agency"):
        try:
            facts = facts_from(policy, sent)
            shown["said"] = told(advice_of(policy, facts, today, handbook))
        except FactsError as error:
            shown["problems"] = error.problems
    return shown
