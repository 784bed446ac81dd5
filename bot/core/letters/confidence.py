"""What helps somebody who hesitates: how to open, what to say to a reply, what to practise.

The wording is a file of `bot/letters`, read into a `Confidence`. Which of it fits is decided here.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from bot.core.letters.text import Letters, fill_gaps
from bot.core.policy.model import Party, Policy, PolicyPart, Stage
from bot.core.rules.deadlines import show_day
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.results import Advice
from bot.core.rules.summary import stage_name
from bot.core.vocabulary import Action, Disagreement, Level

GENERAL = "general"
"""The worry that is answered when a message names none."""
URGENT, BACKING = "urgent", "backing"
"""Openings that belong to no level."""
NEXT, LAST = "next", "last"
"""Closings on the rungs; `urgent` is the third."""


class Worry(PolicyPart, frozen=True, kw_only=True):
    """What somebody is afraid of, answered. `source` is a section of the standing guidance."""

    say: str
    source: str


class Opening(PolicyPart, frozen=True, kw_only=True):
    """How to begin, a spoken line each. `source` as above."""

    say: tuple[str, ...]
    source: str


class Reply(PolicyPart, frozen=True, kw_only=True):
    """What the other side may say, what may lie behind it and what to say back.

    `about` is the kind of disagreement that the reply itself makes; `kinds` and `levels` are where
    it is heard most. `source` as above.
    """

    title: str
    heard: str
    behind: str
    say: tuple[str, str]
    kinds: tuple[Disagreement, ...]
    levels: tuple[Level, ...]
    source: str
    about: Disagreement | None = None


class Confidence(PolicyPart, frozen=True, kw_only=True):
    """The whole file, each part by name, in its order.

    `reply_today` fills the gap `reply_by` where it has to be acted on today.
    """

    worries: Mapping[str, Worry]
    openings: Mapping[str, Opening]
    replies: Mapping[str, Reply]
    closings: Mapping[str, str]
    reply_today: str


class Scene(msgspec.Struct, frozen=True):
    """Where somebody stands when they ask: `advice` is None while it is too early for any."""

    facts: Facts
    policy: NarrowedPolicy | None
    advice: Advice | None
    today: date

    @property
    def urgent(self) -> bool:
        """Whether the stages are set aside, since it has to be acted on today."""
        return self.advice is not None and self.advice.urgent

    @property
    def level(self) -> Level:
        """The level of the conversation to come; while it is not known, the first."""
        stage = stage_in_question(self.advice, self.policy)
        return stage.level if stage else Level.practitioner


class Spoken(msgspec.Struct, frozen=True):
    """Lines to say, their gaps filled or named; `gaps` are the labels still to fill in."""

    lines: tuple[str, ...]
    gaps: tuple[str, ...]


def filled_opening(name: str, scene: Scene, words: Confidence, letters: Letters) -> Spoken:
    """Return an opening with what is known filled in."""
    return _spoken(words.openings[name].say, scene, words, letters)


def opening_name(scene: Scene) -> str:
    """Return the name of the opening that fits."""
    return URGENT if scene.urgent else str(scene.level)


def answer_to_reply(reply: Reply, scene: Scene, words: Confidence, letters: Letters) -> Spoken:
    """Return what to say back to a reply: the child and the reason, a date, the next rung."""
    first, then = reply.say
    lines = (first, f"{then} {words.closings[closing_name(scene)]}")
    return _spoken(lines, scene, words, letters)


def closing_name(scene: Scene) -> str:
    """Return which of the closings holds."""
    if scene.urgent:
        return URGENT
    stage = stage_in_question(scene.advice, scene.policy)
    at_the_end = scene.policy and stage and scene.policy.following(stage) is None
    return LAST if at_the_end else NEXT


def _spoken(lines: tuple[str, ...], scene: Scene, words: Confidence, letters: Letters) -> Spoken:
    values = _values(scene, letters)
    if scene.urgent:
        values["reply_by"] = words.reply_today
    said = [fill_gaps(line, values, letters) for line in lines]
    gaps = dict.fromkeys(gap for _, open_gaps in said for gap in open_gaps)
    return Spoken(tuple(f'"{text}"' for text, _ in said), tuple(gaps))


def stage_in_question(advice: Advice | None, policy: Policy | None) -> Stage | None:
    """Return the stage that is raised next, or waited at; None while it is not known."""
    if policy is None or advice is None or advice.stage is None:
        return None
    ahead = advice.next.to_stage
    return policy.stage(advice.stage.number if ahead is None else ahead)


def _values(scene: Scene, letters: Letters) -> dict[str, str]:
    """Return what is known to fill gaps with, however early it is."""
    terms = letters.terms[str(scene.facts.disagreement or "unknown")]
    # Where no limit gives the date, they choose one.
    values = {"concern": terms.concern, "reply_by": "{{suggested_date}}"}
    policy, advice = scene.policy, scene.advice
    if policy is None:
        return values
    values["policy"] = policy.name
    stage = stage_in_question(advice, policy)
    if advice is None or stage is None:
        return values
    running = [deadline for deadline in advice.deadlines if not deadline.overdue]
    theirs = [deadline for deadline in running if deadline.who is not Party.raiser]
    owed = theirs or (running if advice.next.action is Action.discuss else [])
    before = [lower for lower in policy.stages if lower.number < stage.number]
    after = policy.following(stage)
    return values | {
        "stage": stage_name(stage),
        "next_stage": stage_name(after) if after else "",
        "last_stage": stage_name(before[-1]) if before else "",
        "reply_by": show_day(min(deadline.due for deadline in owed))
        if owed
        else values["reply_by"],
    }


def replies_to_practise(scene: Scene, words: Confidence, number: int) -> tuple[Reply, ...]:
    """Return as many replies as asked for: those heard most about this, and at this level, first.

    The same scene always gives the same replies in the same order, and none twice.
    """
    kind, level = scene.facts.disagreement, scene.level

    def rank(reply: Reply) -> tuple[bool, bool]:
        return kind not in reply.kinds, level not in reply.levels

    return tuple(sorted(words.replies.values(), key=rank)[:number])
