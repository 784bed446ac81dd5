"""Twenty and more invented partnerships beside the five: nothing that the guide makes needs code.

Each file in `shapes/` has another shape. What `policies check` lets through is advised on, drafted
for, put into files and shown to keepers, whatever it is.
"""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.letters.drafting import LetterCase
from bot.core.policy.loader import load_library, policy_files
from bot.core.policy.model import Cap, Party, Policy, Stage
from bot.core.rules.deadlines import stage_deadlines
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import narrowed
from bot.core.rules.results import Advice
from bot.core.rules.stages import position
from bot.core.vocabulary import Action, Outcome, Side
from bot.documents.forms import forms
from bot.keepers.cases import LISTS
from bot.keepers.check import CASES, file_problems
from bot.paths import POLICIES
from tests.support.core import IDS, advised, handbook
from tests.support.drafts import every_draft
from tests.support.invented import EVERY_ONE, FOLDER, INVENTED, NAMES, TODAY, facts_at


def situations(policy: Policy) -> Iterator[tuple[Facts, Advice]]:
    """Yield each rung, each outcome, in time and late, from both sides."""
    for stage in policy.stages:
        for outcome in Outcome:
            for on in (TODAY, TODAY - timedelta(days=60)):
                for side in Side:
                    facts = facts_at(policy, stage, outcome, on, side)
                    yield facts, advised(facts, policy, TODAY)


@pytest.mark.long
def test_more_than_twenty_files_pass_the_gate_beside_the_five(tmp_path: Path) -> None:
    """In one folder, with their cases: no problem, and no line of code for any of them."""
    for path in (*FOLDER.glob("*.yml"), *policy_files(POLICIES), *CASES.glob("*.cases.yml")):
        shutil.copy(path, tmp_path)
    assert len(NAMES) >= 20
    assert file_problems(tmp_path, handbook(), forms()) == []
    assert set(load_library(tmp_path).newest()) == {*NAMES, *IDS}


@EVERY_ONE
def test_every_rung_has_advice_for_both_sides(name: str) -> None:
    """It stands where the steps say, has something to do, and cites its source for everything."""
    policy = INVENTED[name]
    for facts, advice in situations(policy):
        assert advice.headline
        assert advice.stage
        at = policy.stage_for(facts.steps[-1].level, facts.steps[-1].stage)
        assert advice.stage.number == at.number
        items = [*advice.deadlines, *(item for kind in LISTS for item in getattr(advice, kind))]
        assert all(item.source.document and item.source.section for item in items)
        assert msgspec.json.encode(advice)


@EVERY_ONE
def test_every_stage_leads_on_or_to_the_record(name: str) -> None:
    """A stage that failed goes to another one, and only the last to the record."""
    policy = INVENTED[name]
    for stage in policy.stages:
        facts = facts_at(policy, stage, Outcome.unresolved, TODAY, Side.raiser)
        told = advised(facts, policy, TODAY).next
        last = policy.following(stage) is None
        assert told.action is (Action.record if last else Action.escalate)
        assert (told.to_stage is None) is last


@EVERY_ONE
def test_every_rung_has_its_drafts(name: str) -> None:
    """Whoever is at a stage can write: no gap is left in braces, and nothing says a dead date."""
    policy = INVENTED[name]
    for stage in policy.stages:
        for outcome in (Outcome.awaiting, Outcome.unresolved):
            facts = facts_at(policy, stage, outcome, TODAY - timedelta(days=30), Side.raiser)
            own = narrowed(policy, facts)
            case = LetterCase(facts, own, advised(facts, policy, TODAY), TODAY)
            for made in every_draft(case):
                assert "{{" not in made.text
                assert made.draft.to


@cache
def waited_at(name: str) -> tuple[Stage, ...]:
    """Return the stages of a policy at which somebody may wait for an answer."""
    return tuple(stage for stage in INVENTED[name].stages if not stage.ends)


@st.composite
def waits(draw: st.DrawFn) -> tuple[Policy, Stage, date, int]:
    """Draw a stage that was begun on some day, and the days since."""
    name = draw(st.sampled_from([name for name in NAMES if waited_at(name)]))
    stage = draw(st.sampled_from(waited_at(name)))
    began = draw(st.dates(date(2026, 9, 1), date(2027, 2, 1)))
    return INVENTED[name], stage, began, draw(st.integers(0, 60))


@given(waits())
def test_nobody_goes_on_while_a_limit_of_the_other_side_runs(
    wait: tuple[Policy, Stage, date, int],
) -> None:
    """Of several limits the last one decides, and one over several stages makes nobody late."""
    policy, stage, began, days = wait
    today = began + timedelta(days=days)
    facts = facts_at(policy, stage, Outcome.awaiting, began, Side.raiser)
    advice = advised(facts, policy, today)
    own = narrowed(policy, facts)
    here = own.stage(stage.number)
    theirs = [
        limit
        for limit in here.to_answer
        if limit.who is Party.receiver and not isinstance(limit, Cap)
    ]
    anchors = position(facts, own, today).anchors
    due = stage_deadlines(theirs, here, own, anchors, handbook().phrases)
    if any(not deadline.overdue for deadline in due):
        assert advice.next.action is Action.wait
        assert advice.headline
        assert advice.headline.by == max(deadline.due for deadline in due)


@given(waits())
def test_time_that_passes_never_turns_going_on_into_waiting(
    wait: tuple[Policy, Stage, date, int],
) -> None:
    """Once the advice is to go on, the next day it is so again."""
    policy, stage, began, days = wait
    facts = facts_at(policy, stage, Outcome.awaiting, began, Side.raiser)
    today = began + timedelta(days=days)
    now = advised(facts, policy, today).next
    later = advised(facts, policy, today + timedelta(days=1)).next
    if now.action is Action.escalate:
        assert later == now or later.action is Action.escalate
