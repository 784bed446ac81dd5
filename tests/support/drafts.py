"""Every draft that the guide can write, for the tests of wording and of privacy."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product
from typing import Any

import msgspec

from bot.core.letters.drafting import (
    Draft,
    DraftRequest,
    Kind,
    LetterCase,
    Purpose,
    Tone,
    write_draft,
)
from bot.core.policy.loader import load_policy
from bot.core.policy.model import Policy, Stage
from bot.core.rules.advice import advise
from bot.core.rules.facts import Call, Facts, Person, Step
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Level, Outcome, Risk
from bot.letters.files import letters
from bot.paths import ROOT
from tests.support.core import handbook, policies, shapes

TODAY = date(2026, 11, 20)
RAISED = date(2026, 11, 19)
LONG_AGO = date(2026, 10, 30)
PRACTITIONER = Person()
"""Somebody on the raising side who has not said what their post is."""


class Made(msgspec.Struct, frozen=True):
    """A draft with what it was made from."""

    case: LetterCase
    wanted: DraftRequest
    draft: Draft

    @property
    def text(self) -> str:
        """Subject and body."""
        return f"{self.draft.subject or ''}\n{self.draft.body}"


def case_for(  # noqa: PLR0913 - each fact that a test may vary
    partnership: str,
    *steps: Step,
    disagreement: Disagreement | None = Disagreement.threshold,
    risk: Risk = Risk.concern,
    area: str | None = None,
    child_status: tuple[ChildStatus, ...] = (),
    my_agency: Agency = Agency.health,
    their_agency: Agency | None = Agency.childrens_social_care,
    me: Person = PRACTITIONER,
    today: date = TODAY,
) -> LetterCase:
    """Return the case of a practitioner, of health if no other agency is named."""
    facts = Facts(
        partnership=partnership,
        risk=risk,
        disagreement=disagreement,
        my_agency=my_agency,
        me=me,
        their_agency=their_agency,
        area=area,
        child_status=child_status,
        steps=steps,
    )
    policy = narrowed(policies()[partnership], facts)
    return LetterCase(facts, policy, advise(facts, policy, today, handbook()), today)


def up_to(
    policy: Policy, top: Stage, outcome: Outcome, on: date | None = RAISED
) -> tuple[Step, ...]:
    """Return the steps of somebody who went through every stage up to `top`."""
    below = [stage for stage in policy.stages if stage.number < top.number]
    before = tuple(Step(stage.level, date(2026, 10, 12), Outcome.unresolved) for stage in below)
    return (*before, Step(top.level, on, outcome))


def cases(partnership: str, disagreement: Disagreement | None) -> Iterator[LetterCase]:
    """Yield a case for nothing done yet, and for each stage, outcome and time."""
    policy = policies()[partnership]
    yield case_for(partnership, disagreement=disagreement)
    for stage, outcome in product(policy.stages, Outcome):
        for on in (RAISED, LONG_AGO):
            steps = up_to(policy, stage, outcome, on)
            yield case_for(partnership, *steps, disagreement=disagreement)


@cache
def drafts(partnership: str) -> list[Made]:
    """Return the drafts of one policy: every case, every purpose that fits, every tone and kind.

    All kinds of disagreement are taken with the first, every outcome and time with each of them.
    """
    made: list[Made] = []
    for case in cases(partnership, None):
        made += every_draft(case)
    for disagreement in Disagreement:
        for stage in (None, *policies()[partnership].stages):
            steps = up_to(policies()[partnership], stage, Outcome.unresolved) if stage else ()
            made += every_draft(case_for(partnership, *steps, disagreement=disagreement))
            if stage:
                *below, last = steps
                answered = msgspec.structs.replace(last, answered_on=TODAY)
                case = case_for(partnership, *below, answered, disagreement=disagreement)
                made += every_draft(case)
                steps = up_to(policies()[partnership], stage, Outcome.awaiting, LONG_AGO)
                made += every_draft(case_for(partnership, *steps, disagreement=disagreement))
    return made


def every_draft(case: LetterCase) -> Iterator[Made]:
    """Yield every draft that fits a case."""
    first = write_draft(DraftRequest(Kind.email), case, letters())
    for kind, purpose, tone in product(Kind, (first.purpose, *first.others), Tone):
        wanted = DraftRequest(kind, purpose, tone)
        made = write_draft(wanted, case, letters())
        assert made.purpose is purpose
        yield Made(case, wanted, made)


def draft_for(
    case: LetterCase,
    purpose: Purpose = Purpose.counterpart,
    tone: Tone | None = None,
    kind: Kind = Kind.email,
) -> Draft:
    """Return a draft."""
    return write_draft(DraftRequest(kind, purpose, tone), case, letters())


def words_of(made: Made) -> str:
    """Return what is said or written to somebody: no reference lines and no closing rule."""
    body = made.draft.body.partition("\nFor reference\n")[0]
    return re.sub(r"^(?:- |What the policy asks for first:).*$", "", body, flags=re.MULTILINE)


def sentences(made: Made) -> list[str]:
    """Return the sentences in the words of a draft, without quotation marks."""
    policy = made.case.policy
    text = words_of(made).replace(policy.name if policy else "-", "X")
    parts = (part.strip().strip('"') for part in re.split(r"\n|(?<=[.?!])\s+", text))
    return [part for part in parts if part]


def length(sentence: str) -> int:
    """Return how many words a sentence has, a gap or brackets as one."""
    return len(re.sub(r"\[[^\]]+\]|\([^)]*\)", "X", sentence).split())


def guided_case(on: date) -> LetterCase:
    """Return a case whose other side has a guide time to answer."""
    step = Step(Level.line_manager, on, Outcome.awaiting)
    facts = Facts(partnership="brackwater", risk=Risk.concern, steps=(step,))
    policy = narrowed(shapes()["brackwater"], facts)
    return LetterCase(facts, policy, advise(facts, policy, TODAY, handbook()), TODAY)


def other_form_case() -> LetterCase:
    """Return a case whose form goes to the partnership, and of which the guide has no copy."""
    policy = load_policy(ROOT / "docs/keepers/example/ashdown_vale.yml")
    steps = (
        Step(Level.practitioner, LONG_AGO, Outcome.unresolved),
        Step(Level.line_manager, RAISED, Outcome.unresolved),
    )
    facts = Facts(partnership=policy.id, risk=Risk.concern, steps=steps)
    own = narrowed(policy, facts)
    return LetterCase(facts, own, advise(facts, own, TODAY, handbook()), TODAY)


def ahead(case: LetterCase) -> Stage:
    """Return the stage that comes next, or the present one."""
    assert case.policy is not None
    assert case.advice.stage is not None
    to = case.advice.next.to_stage
    return case.policy.stage(case.advice.stage.number if to is None else to)


def danger_case(*calls: Call, **told: Any) -> LetterCase:
    """Return an urgent case with these calls."""
    facts = Facts(**{"risk": Risk.immediate_danger, **told}, calls=calls)
    return LetterCase(facts, None, advise(facts, None, TODAY, handbook()), TODAY)
