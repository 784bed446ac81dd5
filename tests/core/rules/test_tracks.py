"""A limit that depends on a priority nobody has named, and what is left once a case is settled."""

from datetime import timedelta
from itertools import product

import pytest
from msgspec.structs import replace

from bot.core.cards.advice import card_stages
from bot.core.letters.drafting import LetterCase
from bot.core.policy.model import Policy, Stage
from bot.core.rules.headline import inside_sentence
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import Action, Outcome, Route, Side
from tests.support.core import advised, handbook, policies
from tests.support.drafts import every_draft
from tests.support.invented import INVENTED, TODAY, facts_at

EVERY_POLICY = {**policies(), **INVENTED}
BY_TRACK = [
    pytest.param(policy, stage, id=f"{name} {stage.label}")
    for name, policy in INVENTED.items()
    for stage in policy.stages
    if any(limit.applies.priority for limit in stage.to_answer)
]
WAITING = (Outcome.awaiting, Outcome.no_response)


@pytest.mark.parametrize(("policy", "stage"), BY_TRACK)
@pytest.mark.parametrize("outcome", WAITING)
def test_nobody_goes_on_while_any_track_still_gives_them_time(
    policy: Policy, stage: Stage, outcome: Outcome
) -> None:
    """Until the track is named they wait as long as on the longest, and not a day longer."""
    for days in range(25):
        facts = facts_at(policy, stage, outcome, TODAY - timedelta(days=days), Side.raiser)
        told = [
            advised(replace(facts, priority=priority.id), policy, TODAY)
            for priority in policy.priorities
        ]
        silent = advised(facts, policy, TODAY)
        late = [any(limit.overdue for limit in one.deadlines) for one in told]
        wait = any(one.next.action is Action.wait for one in told)
        assert (silent.next.action is Action.wait) is wait
        assert ("over on every track" in silent.next.summary) is all(late)
        if not all(late):
            assert silent.headline
            assert "which it is" in silent.headline.do


@pytest.mark.parametrize(("policy", "stage"), BY_TRACK)
def test_no_letter_says_that_there_is_no_date_where_the_track_decides_it(
    policy: Policy, stage: Stage
) -> None:
    """It names the tracks, and asks which one they take it to be."""
    below = [other for other in policy.stages if other.number < stage.number]
    steps = facts_at(policy, stage, Outcome.awaiting, TODAY, Side.raiser).steps
    for facts in (
        facts_at(policy, stage, Outcome.awaiting, TODAY, Side.raiser),
        replace(facts_at(policy, stage, Outcome.awaiting, TODAY, Side.raiser), steps=steps[:-1]),
    ):
        if not facts.steps and below:
            continue
        case = LetterCase(facts, narrowed(policy, facts), advised(facts, policy, TODAY), TODAY)
        for made in every_draft(case):
            assert "sets no date" not in made.text


@pytest.mark.parametrize("name", INVENTED)
def test_no_note_beside_a_draft_is_said_twice(name: str) -> None:
    """Where both sides owe the same by one day, its source is named once."""
    policy = INVENTED[name]
    tracks = [None, *(one.id for one in policy.priorities)]
    for stage, track in product(policy.stages, tracks):
        facts = facts_at(policy, stage, Outcome.awaiting, TODAY, Side.raiser)
        facts = replace(facts, priority=track)
        case = LetterCase(facts, narrowed(policy, facts), advised(facts, policy, TODAY), TODAY)
        for made in every_draft(case):
            assert len(made.draft.notes) == len(set(made.draft.notes))


@pytest.mark.parametrize("name", EVERY_POLICY)
@pytest.mark.parametrize("side", Side)
def test_nobody_is_asked_for_an_answer_that_has_come(name: str, side: Side) -> None:
    """What is left of a settled case is to close it, however late that is told."""
    policy = EVERY_POLICY[name]
    for stage, ago in product(policy.stages, (0, 1, 20)):
        began = TODAY - timedelta(days=ago + 5)
        facts = facts_at(policy, stage, Outcome.resolved, began, side)
        settled = replace(facts.steps[-1], settled_on=TODAY - timedelta(days=ago))
        facts = replace(facts, steps=(*facts.steps[:-1], settled))
        advice = advised(facts, policy, TODAY)
        assert advice.route is Route.resolved
        assert advice.headline
        assert "for the answer" not in advice.headline.do
        stages = card_stages(advice, narrowed(policy, facts), handbook().phrases)
        assert not any(one.by for one in stages)
        owed = [
            limit for limit in advice.deadlines if limit.who.value == side.value and limit.overdue
        ]
        if owed:
            first = min(owed, key=lambda limit: limit.due)
            assert first.what.casefold() in advice.headline.do.casefold()
            told = [one.who for one in advice.notify if one.source == first.source]
            assert not told or advice.headline.who == inside_sentence(told[0])
