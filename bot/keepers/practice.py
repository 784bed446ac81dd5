"""`python -m bot policies practice ID`: a dozen invented situations for teams to talk through.

They are made from a policy's own rungs, kinds and sides; the wording is in practice.yml. What the
guide says to each is worked out as for anybody who asks, and stands after all of them.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import cycle
from pathlib import Path

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.loader import read_plain
from bot.core.policy.model import Policy, PolicyPart, Stage
from bot.core.rules.deadlines import show_day
from bot.core.rules.facts import Call, Facts, Person, Step
from bot.core.rules.working_days import working_day_before
from bot.core.vocabulary import (
    Agency,
    CallOutcome,
    CallTo,
    Disagreement,
    Exit,
    Outcome,
    Risk,
    Side,
)
from bot.documents.case import Case, case_from
from bot.documents.numbered import NumberedSources
from bot.documents.page import Block, Bullets, Heading, Marks, Page, Paragraph, Strong
from bot.documents.plain import dated_name
from bot.documents.record import advice_blocks
from bot.documents.webpage import web_file
from bot.documents.word import word_file

FILE = Path(__file__).with_name("practice.yml")
MARKS = Marks("{label}", "{label}")
RECENT, LONG_AGO = 1, 12
"""Working days since a step that is still answered in time, and since one that is not."""


class Kind(PolicyPart, frozen=True):
    """A story, and the two agencies that have it. A kind of disagreement is titled by its name."""

    pair: tuple[Agency, Agency]
    story: str
    title: str = ""


class Wording(PolicyPart, frozen=True):
    """The whole file."""

    people: dict[Agency, str]
    kinds: dict[Disagreement, Kind]
    today: dict[str, Kind]
    points: dict[str, str]
    sides: dict[Side, str]
    questions: dict[str, tuple[str, ...]]
    words: dict[str, str]


class Point(msgspec.Struct, frozen=True):
    """How far a situation has got. `stage` counts from the first; a negative one from the last.

    `ago` is how many working days ago its step was.
    """

    name: str
    stage: int = 0
    outcome: Outcome | None = None
    ago: int = RECENT
    side: Side = Side.raiser
    risk: Risk = Risk.concern
    exit: Exit | None = None
    calls: tuple[Call, ...] = ()

    @property
    def by_kind(self) -> bool:
        """Whether it is about a kind of disagreement, and not about what happens today."""
        return self.risk is Risk.concern and self.exit is None


REFUSED = (Call(CallTo.childrens_social_care, CallOutcome.refused),)
POINTS = (
    Point("nothing"),
    Point("unresolved", 0, Outcome.unresolved),
    Point("awaiting", 1, Outcome.awaiting, side=Side.receiver),
    Point("overdue", 1, Outcome.awaiting, LONG_AGO),
    Point("refused", risk=Risk.immediate_harm, calls=REFUSED),
    Point("no_response", 1, Outcome.no_response),
    Point("overdue", 1, Outcome.awaiting, LONG_AGO, side=Side.receiver),
    Point("unresolved", 1, Outcome.unresolved, LONG_AGO),
    Point("unsure", risk=Risk.unsure),
    Point("allegation", exit=Exit.allegation),
    Point("end", -1, Outcome.unresolved, LONG_AGO),
    Point("settled", 1, Outcome.resolved),
)


class Situation(msgspec.Struct, frozen=True):
    """An invented situation: its title, who reads it, what happened, what to discuss, its case."""

    title: str
    story: str
    questions: tuple[str, ...]
    case: Case


@cache
def wording() -> Wording:
    """Return the wording, read once. Raises msgspec.ValidationError for a wrong file."""
    plain, _ = read_plain(FILE)
    return msgspec.convert(plain, Wording)


def situations(policy: Policy, handbook: Handbook, today: date) -> list[Situation]:
    """Return the dozen situations of a policy, always the same for the same file and day."""
    kinds = cycle(_kinds(policy))
    return [
        _situation(policy, point, next(kinds) if point.by_kind else None, at, handbook, today)
        for at, point in enumerate(POINTS)
    ]


def _kinds(policy: Policy) -> list[Disagreement]:
    """Return the kinds that the policy lists first, then those that it does not exclude."""
    listed = [kind for area in policy.own_areas for kind in area.all_kinds]
    allowed = [kind for kind in Disagreement if kind not in policy.excluded_kinds()]
    return [kind for kind in dict.fromkeys([*listed, *allowed]) if kind in allowed]


def _situation(
    policy: Policy,
    point: Point,
    kind: Disagreement | None,
    at: int,
    handbook: Handbook,
    today: date,
) -> Situation:
    told = wording()
    invented = told.today[point.name] if kind is None else told.kinds[kind]
    ours, theirs = invented.pair
    mine, other = (theirs, ours) if point.side is Side.receiver else (ours, theirs)
    steps = tuple(_steps(policy, point, today))
    areas = policy.member_areas()
    facts = Facts(
        partnership=policy.id,
        risk=point.risk,
        disagreement=kind,
        my_agency=mine,
        their_agency=other,
        child_status=(),
        area=areas[at % len(areas)].id if areas else None,
        exit=point.exit,
        steps=steps,
        me=Person(point.side, None),
        calls=point.calls,
    )
    you, they = "you", f"the {told.people[other].format(a='the')}"
    ours_is, theirs_is = (they, you) if point.side is Side.receiver else (you, they)
    story = invented.story.format(
        ours=ours_is, theirs=theirs_is, Ours=_upper(ours_is), Theirs=_upper(theirs_is)
    )
    return Situation(
        title=invented.title or handbook.phrases.say(f"option_disagreement_{kind}"),
        story=" ".join(
            [
                told.sides[point.side].format(person=told.people[mine].format(a="a")),
                story,
                *_so_far(policy, point, steps),
            ]
        ),
        questions=tuple(_questions(point)),
        case=case_from(facts, policy, handbook, today, ""),
    )


def _stage(policy: Policy, point: Point) -> Stage:
    return policy.stages[min(point.stage, len(policy.stages) - 1)]


def _steps(policy: Policy, point: Point, today: date) -> Iterator[Step]:
    """Yield the steps up to the point: those before it were tried in turn and did not settle it."""
    if point.outcome is None:
        return
    last = _stage(policy, point)
    before = policy.stages[: policy.stages.index(last)]
    for distance, stage in enumerate(before):
        days = point.ago + 3 * (len(before) - distance)
        yield Step(stage.level, _ago(policy, days, today), Outcome.unresolved)
    yield Step(last.level, _ago(policy, point.ago, today), point.outcome)


def _ago(policy: Policy, days: int, today: date) -> date:
    for _ in range(days):
        today = working_day_before(today, policy.nation)
    return today


def _so_far(policy: Policy, point: Point, steps: Sequence[Step]) -> Iterator[str]:
    """Yield how far it has got; what happens today has not got anywhere yet."""
    told = wording()
    if not point.by_kind:
        return
    on = steps[-1].on if steps else None
    label = _stage(policy, point).label
    yield told.points[point.name].format(stage=label, day=show_day(on) if on else "")


def _questions(point: Point) -> Iterator[str]:
    told = wording()
    yield from told.questions["first"]
    if point.exit:
        yield from told.questions["exit"]
    elif not point.by_kind:
        yield from told.questions["urgent"]
    else:
        yield from told.questions[str(point.side)]
    if point.name in {"end", "settled"}:
        yield from told.questions["last"]


def practice_page(policy: Policy, handbook: Handbook, today: date) -> Page:
    """Return the situations of a policy, and then what the guide says to each."""
    words = wording().words
    found = situations(policy, handbook, today)
    sources = NumberedSources(handbook.phrases, "record_cited")
    blocks: list[Block] = [
        Paragraph((words["intro"],)),
        Paragraph((Strong(words["danger"]),)),
        Heading(words["situations"]),
    ]
    for number, one in enumerate(found, 1):
        blocks += [
            Heading(words["situation"].format(number=number, title=one.title)),
            Paragraph((one.story,), leads=True),
            Bullets(tuple((question,) for question in one.questions)),
        ]
    blocks.append(Heading(words["answers"]))
    for number, one in enumerate(found, 1):
        headline = one.case.advice.headline
        blocks += [
            Heading(words["answer"].format(number=number, title=one.title)),
            *([Paragraph((Strong(headline.do),))] if headline else []),
            *advice_blocks(one.case, sources),
        ]
    blocks += [
        Heading(words["sources"]),
        Bullets(tuple((line,) for line in sources.lines())),
        Paragraph((words["wrong"],), note=True),
    ]
    return Page(words["title"].format(policy=policy.name), tuple(blocks))


def practice_files(policy: Policy, handbook: Handbook, today: date) -> dict[str, bytes]:
    """Return the page as files, by name: for the web and for Word."""
    page = practice_page(policy, handbook, today)
    return {
        dated_name(policy.id, "practice", today, "html"): web_file(page, MARKS),
        dated_name(policy.id, "practice", today, "docx"): word_file(page, today, MARKS),
    }


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
