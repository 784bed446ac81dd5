"""Drafts with named gaps: what to say and what to send, for where they stand.

Nothing in a draft identifies a child. A gap that the facts fill is filled; every other gap stays
visible in square brackets for the practitioner.
"""

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from bot.core.deadlines import show_day
from bot.core.facts import Facts, Step
from bot.core.policy import Party, Policy, Stage
from bot.core.results import Advice
from bot.core.summary import stage_name
from bot.core.vocabulary import Action, Route, Word

GAP = re.compile(r"\{\{(\w+)\}\}")


class Kind(Word):
    """How it is said: by phone or in writing. The folder of the letter files."""

    call = "call"
    email = "email"


class Gap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A gap's label, and whether the guide fills it from the facts."""

    label: str
    fill: bool = False


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind of disagreement is put into words."""

    concern: str
    ask: str
    question: str


class Letters(msgspec.Struct, frozen=True):
    """The letter files: texts by "kind/name", the gaps they may name, the terms by disagreement."""

    texts: Mapping[str, str]
    gaps: Mapping[str, Gap]
    terms: Mapping[str, Terms]


class Draft(msgspec.Struct, frozen=True):
    """A draft: `subject` is None for a call; `gaps` are the labels still to fill in."""

    name: str
    subject: str | None
    body: str
    gaps: tuple[str, ...]


def draft(
    kind: Kind, facts: Facts, policy: Policy | None, advice: Advice, letters: Letters, today: date
) -> Draft:
    """Return the draft that fits the advice: the next stage's, a chase, the outcome, or urgent."""
    name = f"{kind}/{letter_name(advice, policy)}"
    values = gap_values(facts, policy, advice, letters, today)
    text, open_gaps = fill(letters.texts[name], values, letters)
    subject, _, body = text.partition("\n") if kind is Kind.email else ("", "", text)
    return Draft(
        name=name,
        subject=subject.removeprefix("Subject:").strip() or None,
        body=body.strip(),
        gaps=open_gaps,
    )


def letter_name(advice: Advice, policy: Policy | None) -> str:
    """Return the name of the letter file that fits what comes next."""
    if advice.route in {Route.emergency, Route.same_day}:
        return "urgent"
    if advice.route is Route.resolved:
        return "outcome"
    if advice.next.action is Action.wait:
        return "chase"
    if advice.next.action is Action.record:
        return "remaining"
    stage = stage_in_question(advice, policy)
    return str(stage.level) if stage else "practitioner"


def fill(text: str, values: Mapping[str, str], letters: Letters) -> tuple[str, tuple[str, ...]]:
    """Fill the gaps that have a value; show the label of the others in square brackets."""
    open_gaps: dict[str, None] = {}

    def one(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if value:
            return value
        label = letters.gaps[match[1]].label
        open_gaps[label] = None
        return f"[{label}]"

    return GAP.sub(one, text), tuple(open_gaps)


def stage_in_question(advice: Advice | None, policy: Policy | None) -> Stage | None:
    """Return the stage that is raised next, or waited at; None while it is not known."""
    if policy is None or advice is None or advice.stage is None:
        return None
    ahead = advice.next.to_stage
    return policy.stage(advice.stage.number if ahead is None else ahead)


def gap_values(
    facts: Facts, policy: Policy | None, advice: Advice | None, letters: Letters, today: date
) -> dict[str, str]:
    """Return what is known to fill gaps with; `advice` is None while it is too early for any."""
    terms = letters.terms[str(facts.disagreement or "unknown")]
    values = {
        "today": show_day(today),
        "concern": terms.concern,
        "ask": terms.ask,
        "question": terms.question,
    }
    if policy is None:
        return values
    values["policy"] = policy.name
    stage = stage_in_question(advice, policy)
    if advice is None or stage is None:
        return values
    theirs = [one.role for one in advice.contacts if one.party is not Party.raiser]
    open_limits = [one for one in advice.deadlines if not one.overdue]
    theirs_to_keep = [one for one in open_limits if one.who is not Party.raiser]
    discussing = advice.next.action is Action.discuss
    owed = theirs_to_keep or (open_limits if discussing else [])
    before = [one for one in policy.stages if one.number < stage.number]
    after = policy.following(stage)
    return values | {
        "stage": stage_name(stage),
        "next_stage": stage_name(after) if after else "",
        "section": stage.source,
        "last_stage": stage_name(before[-1]) if before else "",
        "their_role": theirs[0] if theirs else "",
        "history": _history(facts.steps, policy),
        "reply_by": show_day(min(one.due for one in owed)) if owed else "",
        "limit": min(owed, key=lambda one: one.due).rule if owed else "",
    }


def _history(steps: tuple[Step, ...], policy: Policy) -> str:
    """Return the dated steps: "Stage 1 (team manager), raised on Mon 16 Nov 2026"."""
    told = [
        f"{stage_name(policy.stage_for(step.level))}, raised on {show_day(step.on)}"
        for step in steps
        if step.on is not None
    ]
    return "; ".join(told)
