"""What a new version changes, in the words that practitioners read, and for cases that are open."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import Limit, Policy, Stage
from bot.core.rules.deadlines import in_full
from bot.core.rules.limit_words import rule_text
from bot.core.vocabulary import Level
from bot.keepers.desk.cases import USUAL
from bot.keepers.desk.fields import wording
from bot.keepers.desk.trying import advice_of


class OpenCase(msgspec.Struct, frozen=True):
    """A case that is open on the day a version begins, and what the guide says of it by each."""

    situation: str
    before: str
    after: str


def short_changes(old: Policy, new: Policy, handbook: Handbook) -> list[str]:
    """Return the changes of stages, limits and addresses: "From 1 December Stage 2 is …"."""
    said = wording()["changes"]
    begins = new.document.effective_from
    when = said["from"].format(day=f"{begins.day} {begins:%B %Y}") if begins else said["now"]
    return [f"{when} {text}" for text in _short(old, new, handbook, said)]


def _short(old: Policy, new: Policy, handbook: Handbook, said: dict[str, str]) -> Iterator[str]:
    before, after = _by_level(old), _by_level(new)
    for key, stage in after.items():
        was = before.get(key)
        if was is None:
            yield said["stage_new"].format(stage=stage.label, title=stage.title)
            continue
        if was.label != stage.label:
            yield said["stage_named"].format(stage=stage.label, was=was.label)
        for name in ("to_begin", "to_answer", "to_close"):
            yield from _limits(getattr(was, name), getattr(stage, name), stage, handbook, said)
    for key, stage in before.items():
        if key not in after:
            yield said["stage_gone"].format(stage=stage.label, title=stage.title)
    if old.contact != new.contact:
        yield said["contact"].format(
            now=new.contact or said["none"], was=old.contact or said["none"]
        )


def _by_level(policy: Policy) -> dict[tuple[Level, int], Stage]:
    """Return the stages by level, and by their order where a level has several."""
    found: dict[tuple[Level, int], Stage] = {}
    for stage in policy.stages:
        at = sum(level is stage.level for level, _ in found)
        found[stage.level, at] = stage
    return found


def _limits(
    before: tuple[Limit, ...],
    after: tuple[Limit, ...],
    stage: Stage,
    handbook: Handbook,
    said: dict[str, str],
) -> Iterator[str]:
    old = {_about(limit): limit for limit in before}
    new = {_about(limit): limit for limit in after}
    # A limit that is worded anew is still the same where it is the only one.
    if len(old) == len(new) == 1:
        old = {next(iter(new)): next(iter(old.values()))}
    for about, limit in new.items():
        now = rule_text(limit, handbook.phrases)
        was = rule_text(old[about], handbook.phrases) if about in old else ""
        gaps = {"stage": stage.label, "what": limit.what.rstrip("."), "now": now, "was": was}
        if not was:
            yield said["limit_new"].format(**gaps)
        elif was != now:
            yield said["limit" if len(new) == 1 else "limit_named"].format(**gaps)
    for about, limit in old.items():
        if about not in new:
            was = rule_text(limit, handbook.phrases)
            yield said["limit_gone"].format(stage=stage.label, what=limit.what, was=was)


def _about(limit: Limit) -> tuple[str, str, str]:
    return limit.what, limit.who.value, repr(limit.applies)


def open_cases(old: Policy, new: Policy, day: date, handbook: Handbook) -> list[OpenCase]:
    """Return what each version says, on the day the new one begins, of cases at every rung."""
    said = wording()["changes"]
    found = []
    for at, stage in enumerate(old.stages):
        for outcome in ("awaiting", "unresolved"):
            if outcome == "awaiting" and stage.ends:
                continue
            steps = [
                {
                    "level": one.level.value,
                    "on": (day - timedelta(days=7 * (at - place) + 1)).isoformat(),
                    "outcome": "unresolved" if place < at else outcome,
                }
                for place, one in enumerate(old.stages[: at + 1])
            ]
            facts = {**USUAL, "steps": steps, "today": day.isoformat()}
            answers = [_answer(policy, facts, day, handbook) for policy in (old, new)]
            began = in_full(day - timedelta(days=1))
            situation = said[outcome].format(stage=stage.label, day=began)
            found.append(OpenCase(situation, *answers))
    return found


def _answer(policy: Policy, facts: dict[str, object], day: date, handbook: Handbook) -> str:
    advice = advice_of(policy, facts, day, handbook)
    return advice.headline.do if advice.headline else advice.next.summary
