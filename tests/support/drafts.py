"""Every draft that the guide can write, for the tests of wording and of privacy."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product

import msgspec

from bot.core.letters.drafting import Draft, DraftRequest, Kind, LetterCase, Tone, write_draft
from bot.core.policy.model import Policy, Stage
from bot.core.rules.advice import advise
from bot.core.rules.facts import Facts, Person, Step
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Outcome, Risk
from bot.letters.files import letters
from tests.support.core import handbook, policies

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
