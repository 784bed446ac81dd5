"""Every sentence of advice.yml and headline.yml is used by the core, which fills all gaps."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from string import Formatter
from typing import Any

import msgspec
import pytest
import yaml

from bot.core.handbook.handbook import Handbook
from bot.core.handbook.wording import Phrases
from bot.core.policy.loader import load_library
from bot.core.policy.model import (
    Anchor,
    Area,
    Cap,
    Limit,
    LimitReading,
    MustFollow,
    OfferedPolicy,
    OpenCases,
    OtherProcedure,
    Owed,
    Party,
    Policy,
    Priority,
    Replaces,
    Strength,
    Unit,
)
from bot.core.policy.parts import Excluded
from bot.core.rules.facts import Call, Facts, OwnSide, Person, Step
from bot.core.vocabulary import (
    Agency,
    CallOutcome,
    CallTo,
    Disagreement,
    Exit,
    Level,
    Outcome,
    Risk,
    Side,
    Worry,
)
from bot.paths import ROOT
from tests.support.core import advised, handbook, policies, shapes
from tests.support.each import each
from tests.support.invented import facts_at, unread

WRITTEN: dict[str, list[dict[str, str]]] = {
    name: said
    for file in ("advice", "headline")
    for name, said in yaml.safe_load((ROOT / f"data/responses/{file}.yml").read_text("utf-8"))[
        "responses"
    ].items()
}


class Heard(Phrases):
    """Phrases that note which were said, and refuse a gap that the sentence does not have."""

    def __init__(self, sentences: dict[str, str]) -> None:
        super().__init__(sentences)
        self.said: set[str] = set()

    def say(self, name: str, /, **gaps: object) -> str:
        """Note the name, and say it."""
        self.said.add(f"utter_{name}")
        told = super().say(name, **gaps)
        assert not re.search(r"[{}]|None", told), told
        return told


def all_shapes() -> Policy:
    """Return Dorset with limits of every unit, strength and reading that others may have."""
    dorset = policies()["pan_dorset"]
    start = (LimitReading(counted_from=Anchor.stage_start),)
    both = (*start, LimitReading(counted_from=Anchor.concern))
    back = (
        *start,
        LimitReading(counted_from=Anchor.earlier_stage_start, stage=1, because="a reason"),
    )

    def limit(unit: Unit, amount: int | None, readings: tuple[LimitReading, ...] = start) -> Limit:
        return Limit(
            what="Act", who=Party.raiser, unit=unit, amount=amount, readings=readings, source="1"
        )

    one, two, three = dorset.stages
    answer = (
        msgspec.structs.replace(limit(Unit.working_week, 1, both), or_sooner="it is needed"),
        limit(Unit.calendar_day, 9, back),
        limit(Unit.hour, 24 * 9),
    )
    limits = (
        limit(Unit.same_working_day, None, (LimitReading(counted_from=Anchor.decision),)),
        limit(Unit.without_delay, None, (LimitReading(counted_from=Anchor.decision),)),
    )
    concern = (LimitReading(counted_from=Anchor.concern),)
    must = msgspec.structs.replace(limit(Unit.hour, 24, concern), strength=Strength.must)
    late = msgspec.structs.replace(limit(Unit.working_day, 4), strength=Strength.must)
    begun = (*start, LimitReading(counted_from=Anchor.escalation_start))
    return msgspec.structs.replace(
        dorset,
        own_areas=(),
        priorities=(Priority(id="high", name="High", what="Agree it.", source="1"),),
        stages=(
            msgspec.structs.replace(one, to_answer=(must,)),
            msgspec.structs.replace(two, to_answer=answer, to_begin=limits),
            msgspec.structs.replace(
                three,
                to_answer=(
                    late,
                    limit(Unit.working_day, 90, begun),
                    limit(Unit.unspecified, None),
                ),
            ),
        ),
    )


def only_capped(policy: Policy) -> Policy:
    """Return a policy whose stages have no limit but that over several of them."""
    stages = tuple(
        msgspec.structs.replace(
            stage, to_answer=tuple(limit for limit in stage.to_answer if isinstance(limit, Cap))
        )
        for stage in policy.stages
    )
    return msgspec.structs.replace(policy, stages=stages)


def in_force(
    begins: date | None,
    review: date | None,
    open_cases: OpenCases | None = None,
    retired: date | None = None,
) -> Policy:
    """Return Kent as a version that replaces another."""
    kent = policies()["kent"]
    document = msgspec.structs.replace(
        kent.document, effective_from=begins, next_review=review, retired=retired
    )
    changed = Replaces(what="Stage 2 is new.", source="1", open_cases=open_cases)
    return msgspec.structs.replace(kent, document=document, replaces=changed)


def owing(owed: Owed) -> Policy:
    """Return Caldmoor with everything that is owed at a stage of one kind."""
    caldmoor = shapes()["caldmoor"]
    stages = tuple(
        msgspec.structs.replace(
            stage,
            to_answer=tuple(msgspec.structs.replace(limit, owed=owed) for limit in stage.to_answer),
        )
        for stage in caldmoor.stages
    )
    return msgspec.structs.replace(caldmoor, stages=stages)


def beside(**others: Any) -> Policy:
    """Return Kent with a newer version beside it."""
    kent = policies()["kent"]
    fields = {name: getattr(kent, name) for name in Policy.__struct_fields__}
    return OfferedPolicy(**fields, **others)


def untimed() -> Policy:
    """Return Kent with limits whose length its document does not say, and an area left out."""
    kent = policies()["kent"]
    stages = tuple(
        msgspec.structs.replace(
            stage,
            to_answer=tuple(
                msgspec.structs.replace(limit, unit=Unit.unspecified, amount=None)
                for limit in stage.to_answer
            ),
        )
        for stage in kent.stages
    )
    excluded = Excluded(what="Ask there.", source="1")
    area = Area(id="far", name="Far", places=("Far",), source="1", excluded=excluded)
    return msgspec.structs.replace(kent, stages=stages, areas=(area,))


def few_rungs() -> Iterator[Policy]:
    """Yield Kent with a talk and a director, and with a director alone; much goes elsewhere."""
    kent = policies()["kent"]
    talk, director = kent.stages[0], kent.stages[3]
    first = MustFollow(stages=(0,), what="Talk first.", source="1")
    talk_first = msgspec.structs.replace(director, must_follow=first)
    yield msgspec.structs.replace(kent, stages=(talk, talk_first))
    yield msgspec.structs.replace(
        kent,
        stages=(msgspec.structs.replace(director, must_follow=None),),
        other_procedures=(
            OtherProcedure(what="Use another.", source="1", kinds=(Disagreement.communication,)),
            OtherProcedure(what="Use another.", source="1", exit=Exit.conference_dissent),
        ),
    )


def ask_of_unread(book: Handbook, on: date) -> None:
    """Ask from both sides at each stage of a policy whose time limits nobody has read."""
    blank = unread(policies()["kent"])
    for stage, side in product(blank.stages, Side):
        advised(facts_at(blank, stage, Outcome.awaiting, on, side), blank, on, book)


@pytest.fixture(name="heard", scope="module")
def fixture_heard() -> Heard:
    """Walk every branch: each policy, level, outcome, risk, exit, and days known or not."""
    heard = Heard({name: said[0]["text"] for name, said in WRITTEN.items()})
    book = Handbook(handbook().safety_guidance, heard, handbook().answers, handbook().sources)
    christmas = date(2026, 12, 30)
    days = (None, date(2026, 12, 1), date(2026, 12, 24), date(2026, 12, 29), date(2027, 1, 1))
    alike = [in_force(begins, review) for begins, review in ((days[2], days[1]), (days[4], None))]
    alike.append(in_force(days[2], days[1], OpenCases.new))
    named = ("ashcombe", "caldmoor", "dunmere", "fernley", "harcombe", "thornmere")
    invented = [shapes()[name] for name in named]
    invented.append(load_library(ROOT / "tests/policies/shapes").on(christmas)["rookhope"])
    alike.append(beside(unsigned_since=days[1]))
    for told in (None, *OpenCases):
        coming = Replaces(what="Stage 2 is new.", source="1", open_cases=told)
        alike.append(beside(coming_on=date(2027, 1, 4), coming=coming))
    alike.append(in_force(days[1], None, retired=days[2]))
    alike += [untimed(), only_capped(shapes()["caldmoor"]), *map(owing, Owed)]
    every_day = (*policies().values(), all_shapes(), *few_rungs(), *invented)
    for at, policy in enumerate((*every_day, *alike)):
        # Of a policy that differs from another in one thing, each person asks on two days.
        asked_on = days[:4] if at < len(every_day) else (days[1], days[3])
        plain = Facts(
            partnership=policy.id,
            risk=Risk.concern,
            disagreement=Disagreement.meeting_attendance,
            my_agency=Agency.health,
            their_agency=Agency.police,
        )
        changes: list[dict[str, Any]] = [{"disagreement": kind} for kind in Disagreement]
        changes += [{"risk": risk, "exit": way} for risk, way in product(Risk, (None, *Exit))]
        changes += [{"risk": Risk.immediate_harm, "my_agency": agency} for agency in Agency]
        changes += [
            {
                "risk": Risk.immediate_danger,
                "exit": way,
                "calls": (Call(CallTo.police, outcome),) * times,
            }
            for outcome, times, way in product(CallOutcome, (1, 3), (None, Exit.allegation))
        ]
        changes += [{"me": Person(*me)} for me in product(Side, (None, *Level))]
        changes += [{"their_agency": agency} for agency in Agency] + [
            {"area": area.id} for area in policy.areas
        ]
        changes += [
            {"steps": (Step(level, date(2026, 12, 1), Outcome.resolved, None, ended),)}
            for level, ended in product(Level, (date(2026, 12, 2), christmas))
        ]
        went = {"steps": (Step(Level.practitioner, date(2026, 12, 2), Outcome.unresolved),)}
        changes += [
            {**went, "own_side": OwnSide(worry, who)}
            for worry, who in product((Worry.own_manager, Worry.nobody_there), ("matron", "dsl"))
        ]
        lead = Person(Side.raiser, Level.line_manager)
        changes += [
            {**went, "own_side": OwnSide(Worry.own_manager, "head"), "me": lead, "my_agency": mine}
            for mine in (Agency.education, Agency.health)
        ]
        for change in (*changes, {"concern_on": days[1]}):
            advised(msgspec.structs.replace(plain, **change), policy, christmas, book)
        for level, outcome, on, first in product(Level, Outcome, days[:4], (None, *Outcome)):
            steps = [Step(level, on, outcome)]
            if first:
                steps.insert(0, Step(Level.line_manager, date(2026, 12, 23), first))
                steps.insert(0, Step(Level.practitioner, date(2026, 12, 2), Outcome.unresolved))
            told = msgspec.structs.replace(plain, steps=tuple(steps))
            advised(told, policy, christmas, book)
            if first or on not in asked_on:
                continue
            for me in product(Side, (None, *Level)):
                advised(msgspec.structs.replace(told, me=Person(*me)), policy, christmas, book)
        # A policy that names nobody at a stage: the guide's own word for that rung.
        nobody = tuple(msgspec.structs.replace(stage, roles=()) for stage in policy.stages)
        for level in Level:
            told = msgspec.structs.replace(plain, steps=(Step(level, days[0], Outcome.unresolved),))
            advised(told, msgspec.structs.replace(policy, stages=nobody), christmas, book)
        # What passed on the Friday has no working day after it by the Sunday.
        friday = (Step(Level.line_manager, date(2026, 11, 27), Outcome.awaiting),)
        advised(msgspec.structs.replace(plain, steps=friday), policy, date(2026, 12, 6), book)
    tracks = shapes()["thornmere"]
    asked = facts_at(tracks, tracks.stages[-1], Outcome.awaiting, date(2026, 11, 2), Side.raiser)
    advised(asked, tracks, christmas, book)
    meet = facts_at(tracks, tracks.stages[2], Outcome.awaiting, christmas, Side.raiser)
    advised(msgspec.structs.replace(meet, priority="standard"), tracks, christmas, book)
    ask_of_unread(book, christmas)
    return heard


@pytest.mark.long
def test_every_sentence_is_used(heard: Heard) -> None:
    """A sentence that no branch says is dead wording."""
    assert sorted(set(WRITTEN) - heard.said) == []


@pytest.mark.long
def test_every_sentence_said_is_written(heard: Heard) -> None:
    """The core says nothing that these files do not hold, nor prints an unfilled gap."""
    assert heard.said <= set(WRITTEN)


@each("name", WRITTEN)
def test_every_gap_is_a_known_one(name: str) -> None:
    """Sentences are asked for one text each, with plain named gaps only."""
    (variant,) = WRITTEN[name]
    gaps = {gap for _, gap, _, _ in Formatter().parse(variant["text"]) if gap is not None}
    assert gaps <= {
        "after", "agency", "ago", "amount", "anchor", "area", "areas", "because", "count",
        "do", "done", "due", "first", "only_if", "time", "holidays",
        "level", "limit", "listed", "manager", "names", "next", "others", "ours", "owed",
        "partnership", "policy",
        "post", "remaining", "role", "rule", "s", "stage", "start", "summary", "then", "title",
        "to_do", "what", "when", "who", "why", "working",
    }  # fmt: skip


def test_a_sentence_or_a_gap_that_is_not_there_is_an_error() -> None:
    """A typing slip never ends in half a sentence."""
    with pytest.raises(KeyError):
        handbook().phrases.say("advice_that_nobody_wrote")
    with pytest.raises(KeyError):
        handbook().phrases.say("advice_discuss")


# Safety wording is pinned word for word.


def test_the_words_said_in_danger_are_pinned() -> None:
    """A change here needs a safeguarding lead."""
    assert WRITTEN["utter_advice_emergency"][0]["text"] == (
        "Call 999 now. Then tell your designated safeguarding lead and act today by your "
        "established safeguarding procedures. Do not wait for the stages."
    )
    assert WRITTEN["utter_advice_same_day"][0]["text"] == (
        "Act today by your established safeguarding procedures. Tell your designated safeguarding "
        "lead now and ring children's social care, out of hours too. Do not wait for the stages. "
        "If a child is in danger now, call 999."
    )
