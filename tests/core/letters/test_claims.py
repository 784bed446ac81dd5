"""A draft claims only what was told: each claim in its text is borne out by the facts."""

import re
from collections.abc import Callable, Iterator
from itertools import product

import msgspec
import pytest

from bot.core.letters.drafting import Kind, LetterCase, Purpose, Tone
from bot.core.rules.advice import advise
from bot.core.rules.facts import Call, Facts, Person, Step
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import (
    Agency,
    CallOutcome,
    CallTo,
    Disagreement,
    Level,
    Outcome,
    Risk,
    Route,
    Side,
)
from bot.letters.files import letters
from tests.support.core import IDS, handbook, policies
from tests.support.drafts import LONG_AGO, RAISED, TODAY, Made, drafts, every_draft, up_to

pytestmark = pytest.mark.xdist_group("drafts")

OPEN = {Outcome.awaiting, Outcome.no_response, Outcome.unresolved}
WAITING = {Outcome.awaiting, Outcome.no_response}
CALLS = (
    (),
    (Call(CallTo.police, CallOutcome.refused),),
    (Call(CallTo.safeguarding_lead, CallOutcome.made),),
)
DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ 20\d\d")


class Claim(msgspec.Struct, frozen=True):
    """What a sentence says was so, and whether the facts say it too."""

    says: str
    holds: Callable[[Made, str], bool]


def steps(made: Made) -> tuple[Step, ...]:
    """Return what was told, the latest last."""
    return made.case.facts.steps


def outcomes(made: Made) -> set[Outcome | None]:
    """Return what came of all that was tried."""
    return {step.outcome for step in steps(made)}


def raised_then(made: Made, said: str) -> bool:
    """Whether the stage that a sentence names was raised, and on the day that it names."""
    policy = made.case.policy
    if policy is None:
        return False
    days = {f"{step.on.day} {step.on:%B %Y}" for step in steps(made) if step.on}
    stages = {policy.stage_for(step.level, step.stage).label for step in steps(made)}
    named = re.findall(r"\b(?:Stage|Step) \w+", said)
    if "first step" in said and not any(step.level is Level.practitioner for step in steps(made)):
        return False
    known = bool(stages) or made.case.facts.me.side is Side.receiver
    return known and set(DAY.findall(said)) <= days and set(named) <= stages


def listed(made: Made, said: str) -> bool:
    """Whether a line of "Tried so far" is a step that was told, with its day and its outcome."""
    policy = made.case.policy
    if policy is None:
        return False
    if said.startswith("- Earlier, not settled: "):
        named = said.removeprefix("- Earlier, not settled: ").rstrip(".").split(", ")
        settled_nothing = [one for one in steps(made) if one.outcome is Outcome.unresolved]
        stages = [policy.stage_for(one.level, one.stage) for one in settled_nothing]
        known = {stage.label if stage.number else letters().words["talk"] for stage in stages}
        return set(named) <= known
    words = {
        Outcome.unresolved: "not settled",
        Outcome.awaiting: "no answer yet",
        Outcome.no_response: "no answer",
        Outcome.resolved: "settled",
    }
    for step in steps(made):
        at = policy.stage_for(step.level, step.stage)
        day = f"{step.on.day} {step.on:%B %Y}" if step.on else ""
        place = "practitioner" if step.level is Level.practitioner else at.label
        came = "taken to" if at.ends and step.outcome is not Outcome.resolved else None
        if day in said and place in said and (came or words.get(step.outcome, "-")) in said:
            return True
    return False


def overdue(made: Made, said: str) -> bool:
    """Whether each day that a sentence says has passed is that of a limit that has."""
    late = {deadline.due for deadline in made.case.advice.deadlines if deadline.overdue}
    days = {f"{day.day} {day:%B %Y}" for day in late}
    return bool(days) and set(DAY.findall(said)) <= days


def going_to(made: Made, said: str) -> bool:
    """Whether the stage that a sentence names is the one that the advice goes to or is at."""
    policy, advice = made.case.policy, made.case.advice
    if policy is None or advice.stage is None:
        return False
    to = advice.next.to_stage
    at = policy.stage(advice.stage.number if to is None else to)
    latest = {policy.stage_for(step.level, step.stage).label for step in steps(made)}
    named = set(re.findall(r"\b(?:Stage|Step) \w+", said))
    return named <= {at.label, *latest}


def at_the_last(made: Made, _: str) -> bool:
    """Whether the last stage was reached, or is the one to go to."""
    policy, advice = made.case.policy, made.case.advice
    if policy is None or advice.stage is None:
        return False
    last = policy.stages[-1]
    reached = [policy.stage_for(step.level, step.stage).number for step in steps(made)]
    return last.number in {*reached, advice.next.to_stage, advice.stage.number}


def goes_back(made: Made, _: str) -> bool:
    """Whether a stage was told that comes after the one to go to."""
    policy, to = made.case.policy, made.case.advice.next.to_stage
    if policy is None or to is None:
        return False
    return any(policy.stage_for(step.level, step.stage).number >= to for step in steps(made))


def answered(made: Made, said: str) -> bool:
    """Whether the day of an answer was told."""
    told = {
        f"{one.answered_on.day} {one.answered_on:%B %Y}" for one in steps(made) if one.answered_on
    }
    return bool(told) and set(DAY.findall(said.partition("Answered")[2])) <= told


def talked(made: Made, _: str) -> bool:
    """Whether it was told that the practitioners talked, and what came of it."""
    came = {Outcome.unresolved, Outcome.resolved}
    return any(one.level is Level.practitioner and one.outcome in came for one in steps(made))


def has_risk(*risks: Risk) -> Callable[[Made, str], bool]:
    """Return whether the person graded the risk so."""
    return lambda made, _: made.case.facts.risk in risks


def has_outcome(*found: Outcome) -> Callable[[Made, str], bool]:
    """Return whether something tried came to one of these."""
    return lambda made, _: bool(outcomes(made) & {*found})


def chosen(*purposes: Purpose) -> Callable[[Made, str], bool]:
    """Return whether the person asked for a message that says so."""
    return lambda made, _: made.draft.purpose in purposes


CLAIMS = (
    Claim(r"^- ", lambda made, said: "when it was tried" in said or listed(made, said)),
    Claim(r"\braised\b|\bwhat you raised\b", raised_then),
    Claim(r"^So far, |We asked for|been asked|put to", raised_then),
    Claim(r"discussed|talked|spoke|\bmet\b", talked),
    Claim(r"no answer|have your answer yet|is still waiting", has_outcome(*WAITING)),
    Claim(r"passed on|ran until|gave until|was due on|time for an answer has passed", overdue),
    Claim(
        r"has been settled|Thank you for settling|[Ww]hat we agreed|What I understood"
        r"|^It was (?:about|raised)",
        lambda made, _: made.case.advice.route is Route.resolved,
    ),
    Claim(
        r"not settled|isn't settled|unsettled|still open\.|still disagree about|still see it"
        r"|concerns that remain",
        has_outcome(*OPEN),
    ),
    Claim(
        r"\b[Aa]ttach",
        lambda made, _: (
            bool(made.draft.enclosed) or "once you have filled it in]" in made.draft.body
        ),
    ),
    Claim(r"\bcop(?:y|ies|ied)\b", lambda made, _: bool(made.draft.copy_to)),
    Claim(r"in danger now", has_risk(Risk.immediate_danger)),
    Claim(r"believe that a child is at immediate", has_risk(Risk.immediate_harm)),
    Claim(r"not sure how great", has_risk(Risk.unsure)),
    Claim(r"cannot wait|still waiting", lambda made, _: made.draft.tone is Tone.urgent),
    Claim(r"We agree with you\.", chosen(Purpose.agree)),
    Claim(r"agree with you in part", chosen(Purpose.partly)),
    Claim(r"decision stands", chosen(Purpose.hold)),
    Claim(r"^Answered|\. Answered", answered),
    Claim(r"last stage", at_the_last),
    Claim(r"the later ones", goes_back),
    Claim(r"Asked to act before", lambda made, _: bool(made.case.facts.calls)),
    Claim(r"answer on our side was no", lambda made, _: made.case.facts.own_side is not None),
    Claim(r"about to raise|am raising it|am referring|am bringing", going_to),
)
PAST = re.compile(
    r"\b(?:I|[Ww]e|[Yy]ou|[Tt]hey|[Ii]t|agenc\w+|practitioners?)"
    r"(?:['’]ve| have| has| had)?(?: been| already)? (?!need)"
    r"(?:\w+ed|told|rung|rang|spoke|spoken|met|sent|came|come|gone|made|did|done|saw|heard|said|was|were)\b"
)
"""Words that tell what somebody did. A sentence that has them must be one of the claims above."""
MAY_COME = r"(?:If|You may|Please|Afterwards,) "
"""How a sentence begins that says what may come, or what to do."""
UNDER_CONDITION = re.compile(r"^(?:If |To 999, if )[^\n]*:$")
"""The line that opens what is only said in a case that may come."""


def sentences(made: Made) -> Iterator[str]:
    """Yield the sentences of a draft that are said whatever comes of it."""
    body = re.split(r"\n(?:Policy: |For reference\n)", made.draft.body)[0]
    for paragraph in body.split("\n\n"):
        lines = paragraph.splitlines()
        if UNDER_CONDITION.match(lines[0]):
            continue
        for line in lines:
            for one in re.split(r"(?<=[.?!])\s+(?!Answered)", line.strip('"')):
                if one and not one.endswith("?") and not re.match(MAY_COME, one):
                    yield one


def claimed_wrongly(made: Made) -> list[str]:
    """Return the sentences that say what the facts do not."""
    found = []
    for said in sentences(made):
        bare = re.sub(r"\[[^\]]+\]", "X", said)
        label = re.fullmatch(r"[^:]+(?:: X| is X)[.?]?", bare)
        claims = [claim for claim in CLAIMS if re.search(claim.says, bare)]
        if any(not claim.holds(made, said) for claim in claims):
            found.append(said)
        elif not claims and not label and PAST.search(bare):
            found.append(f"no claim that is known: {said}")
    return found


def told(partnership: str) -> Iterator[LetterCase]:
    """Yield the case of each side, post, stage, outcome, day and way there, and each urgent one."""
    policy = policies()[partnership]
    area = policy.areas[0].id if policy.areas else None
    ways: list[tuple[Step, ...]] = [()]
    for stage, outcome, on in product(policy.stages, Outcome, (RAISED, LONG_AGO, None)):
        if on == LONG_AGO and outcome not in WAITING:
            continue
        whole = up_to(policy, stage, outcome, on)
        ways += [whole, whole[-1:]]
        if on == RAISED and outcome is Outcome.unresolved:
            answered_today = msgspec.structs.replace(whole[-1], answered_on=TODAY)
            ways.append((*whole[:-1], answered_today))
    kinds = list(Disagreement)
    for number, (side, way) in enumerate(product(Side, ways)):
        yield case_of(
            Facts(
                partnership=partnership,
                risk=(Risk.concern, Risk.no_harm)[number % 2],
                disagreement=kinds[number % len(kinds)],
                my_agency=(Agency.education, Agency.health, Agency.police)[number % 3],
                their_agency=Agency.childrens_social_care,
                area=area,
                me=Person(side, way[-1].level if way and number % 2 else None),
                steps=way,
            )
        )
    for risk, side, calls in product(
        (Risk.immediate_danger, Risk.immediate_harm, Risk.unsure), Side, CALLS
    ):
        yield case_of(
            Facts(
                partnership=partnership,
                risk=risk,
                my_agency=Agency.health,
                me=Person(side),
                calls=calls,
                steps=ways[-1],
            )
        )


def case_of(facts: Facts) -> LetterCase:
    """Return the case of these facts today."""
    own = narrowed(policies()[str(facts.partnership)], facts)
    return LetterCase(facts, own, advise(facts, own, TODAY, handbook()), TODAY)


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_a_draft_claims_only_what_was_told(partnership: str) -> None:
    """Talks, calls, stages, days, attachments, copies, the risk, agreement: each as it was told."""
    wrong: dict[str, tuple[str, Facts]] = {}
    for case in told(partnership):
        for made in every_draft(case):
            for said in claimed_wrongly(made):
                wrong.setdefault(said, (f"{made.draft.name} {made.draft.tone}", case.facts))
    assert not wrong


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_what_they_ask_for_is_left_for_them_to_say(partnership: str) -> None:
    """Nobody told what they hope for: what others ask for stands beside the draft, never in it."""
    offered = 0
    for made in drafts(partnership):
        assert not any(terms.ask in made.draft.body for terms in letters().terms.values())
        kind = made.case.facts.disagreement
        beside = [note for note in made.draft.notes if note.startswith("You could ask for")]
        asks = "[what you ask for]" in made.draft.body
        assert len(beside) == bool(kind and asks)
        assert all(kind and letters().terms[kind].ask in note for note in beside)
        offered += len(beside)
    assert offered


@pytest.mark.parametrize(
    "sentence",
    [
        "On Thursday 5 November 2026 I raised a disagreement with you.",
        "- 5 November 2026: Stage 2, not settled.",
        "I have told my safeguarding lead.",
        "We spoke on the phone.",
        "I attach the form.",
        "A child is in danger now.",
        "We agree with you.",
        "Our answer was due on Thursday 5 November 2026.",
        "They refused.",
    ],
)
def test_a_claim_that_nobody_told_is_found(sentence: str) -> None:
    """The test above is no test of words that never come: each kind of claim is seen."""
    facts = Facts(
        partnership="kent",
        risk=Risk.concern,
        steps=(Step(Level.line_manager, RAISED, Outcome.unresolved),),
    )
    for made in every_draft(case_of(facts)):
        if made.draft.kind is Kind.email:
            body = f"{sentence}\n\n{made.draft.body}"
            changed = Made(
                made.case, made.wanted, msgspec.structs.replace(made.draft, body=body, enclosed=())
            )
            assert any(sentence in said for said in claimed_wrongly(changed)), made.draft.name
