"""Help for somebody who hesitates: how to open, how to answer a reply, what to practise.

The wording is a file in `bot/letters`, read into a `Confidence`. This module selects what fits.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from bot.core.handbook.safety_guidance import leads
from bot.core.letters.text import Letters, fill_gaps
from bot.core.policy.model import Party, Policy, PolicyPart, Stage
from bot.core.rules.deadlines import show_day
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.results import Advice
from bot.core.rules.summary import stage_name
from bot.core.vocabulary import Action, Disagreement, Level, Side

GENERAL = "general"
"""The worry to answer if a message does not name any."""
URGENT, BACKING = "urgent", "backing"
"""Openings that do not depend on the level."""
NEXT, LAST = "next", "last"
"""Closings for the stages; `urgent` is the third."""


class Worry(PolicyPart, frozen=True, kw_only=True):
    """The answer to a worry. `source` is a section of the safety guidance.

    `lead` is said in its place to somebody on the rung of leads and managers: nobody is told to
    turn to themselves.
    """

    say: str
    source: str
    lead: str | None = None

    def to(self, level: Level | None) -> str:
        """Return what is said to somebody on a rung."""
        return self.lead if self.lead and leads(level) else self.say


class Opening(PolicyPart, frozen=True, kw_only=True):
    """How to begin, line by line. `source` as above."""

    say: tuple[str, ...]
    source: str


class Reply(PolicyPart, frozen=True, kw_only=True):
    """What the other side may say, the possible reason for it, and what to say back.

    `about` is the kind of disagreement that the reply itself is; `kinds` and `levels` say where it
    is most common. `source` as above.
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
    """The whole file, each part by name, in the file's order.

    `challenges` are what the raiser says, for a receiver who practises: they have no closing.

    `reply_today` fills the gap `reply_by` in urgent cases.
    """

    worries: Mapping[str, Worry]
    openings: Mapping[str, Opening]
    replies: Mapping[str, Reply]
    challenges: Mapping[str, Reply]
    closings: Mapping[str, str]
    reply_today: str


class Scene(msgspec.Struct, frozen=True):
    """The situation of somebody who asks. `advice` is None while too little is known."""

    facts: Facts
    policy: NarrowedPolicy | None
    advice: Advice | None
    today: date

    @property
    def urgent(self) -> bool:
        """Whether somebody must act today and the stages do not apply."""
        return self.advice is not None and self.advice.urgent

    @property
    def answers(self) -> bool:
        """Whether it was raised with the person, and danger does not come first."""
        return self.facts.me.side is Side.receiver and not self.urgent

    @property
    def level(self) -> Level:
        """The level of the next conversation, or the first level while that is not known."""
        stage = stage_in_question(self.advice, self.policy)
        return stage.level if stage else Level.practitioner


class Spoken(msgspec.Struct, frozen=True):
    """Lines to say, their gaps filled or named; `gaps` are the labels of the open gaps."""

    lines: tuple[str, ...]
    gaps: tuple[str, ...]


def filled_opening(name: str, scene: Scene, words: Confidence, letters: Letters) -> Spoken:
    """Return an opening with the known gaps filled."""
    return _spoken(words.openings[name].say, scene, words, letters)


def opening_name(scene: Scene) -> str:
    """Return the name of the fitting opening."""
    return URGENT if scene.urgent else str(scene.level)


def answer_to_reply(reply: Reply, scene: Scene, words: Confidence, letters: Letters) -> Spoken:
    """Return the answer to a reply: the child and the reason, a date, the next stage."""
    first, then = reply.say
    if scene.answers:
        return _spoken(reply.say, scene, words, letters)
    lines = (first, f"{then} {words.closings[closing_name(scene)]}")
    return _spoken(lines, scene, words, letters)


def closing_name(scene: Scene) -> str:
    """Return the name of the fitting closing."""
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
    """Return the stage to raise next or to wait at; None while it is not known."""
    if policy is None or advice is None or advice.stage is None:
        return None
    ahead = advice.next.to_stage
    return policy.stage(advice.stage.number if ahead is None else ahead)


def _values(scene: Scene, letters: Letters) -> dict[str, str]:
    """Return the known values for gaps, at any point of a conversation."""
    terms = letters.terms[str(scene.facts.disagreement or "unknown")]
    # Without a limit they choose a date.
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
    """Return `number` different replies, the most common for this kind and level first.

    The same scene always gives the same replies in the same order.
    """
    kind, level = scene.facts.disagreement, scene.level

    def rank(reply: Reply) -> tuple[bool, bool]:
        return kind not in reply.kinds, level not in reply.levels

    heard = words.challenges if scene.answers else words.replies
    return tuple(sorted(heard.values(), key=rank)[:number])


def what_works(scene: Scene) -> str:
    """Return the name of the sentence on what helps in an answer."""
    if scene.answers:
        return "rehearsal_works_received"
    return f"rehearsal_works_{'today' if scene.urgent else 'stages'}"
