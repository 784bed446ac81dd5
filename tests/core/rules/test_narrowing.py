"""A policy is narrowed by the facts once, and everything that meets both sees the narrowed one."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.core.conversation.earlier import required_earlier
from bot.core.conversation.state import UNKNOWN, State, facts_of
from bot.core.policy.model import Applies, Stage
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import applies, narrowed
from bot.core.rules.stages import next_move, position, required_before
from bot.core.vocabulary import Action, Agency, ChildStatus, Disagreement, Level, Risk
from bot.documents.case import case_from
from bot.paths import ROOT
from tests.support.core import TODAY, handbook, policies, shapes

ALL = {**policies(), **shapes()}
FACTS = {"Facts", "Position", "StageMove"}
ENTRANCES = {
    "bot.core.rules.narrowing.narrowed": "narrows",
    "bot.core.rules.narrowing._version_for": "chooses the version to narrow",
    "bot.core.rules.narrowing._tracks": "narrows for each priority that nobody has named",
    "bot.documents.case.case_from": "narrows, and remembers which file the policy was",
    "bot.core.enquiry.lines.Lines.__init__": (
        "an answer about a policy says every line with its condition, and leaves out only what "
        "does not hold"
    ),
}
"""Everything that may have facts and a whole policy at hand, with the reason."""


@st.composite
def states(draw: st.DrawFn, /) -> State:
    """Draw the answers of a conversation under any policy, known or not, in any combination."""
    partnership = draw(st.sampled_from(sorted(ALL)))

    def one_of(kind: Any) -> st.SearchStrategy[str | None]:
        return st.sampled_from([None, UNKNOWN, *map(str, kind)])

    areas = [area.id for area in ALL[partnership].areas]
    statuses = st.lists(st.sampled_from([UNKNOWN, *map(str, ChildStatus)]), max_size=3).map(tuple)
    return State(
        risk=Risk.concern,
        partnership=partnership,
        area=draw(st.sampled_from([None, UNKNOWN, *areas])),
        disagreement=draw(one_of(Disagreement)),
        my_agency=draw(one_of(Agency)),
        their_agency=draw(one_of(Agency)),
        child_status=draw(st.none() | statuses),
        reached=str(draw(st.sampled_from(Level))),
        step_on="2026-11-16",
        step_outcome=draw(st.sampled_from(["awaiting", "unresolved", "no_response"])),
    )


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Applies(), True),
        (Applies(my_agency=(Agency.health,)), True),
        (Applies(my_agency=(Agency.police,)), False),
        (Applies(not_my_agency=(Agency.health,)), False),
        (Applies(not_my_agency=(Agency.police,)), True),
        (Applies(their_agency=(Agency.police,)), True),
        (Applies(their_agency=(Agency.health,)), False),
        (Applies(not_their_agency=(Agency.police,)), False),
        (Applies(child_status=(ChildStatus.looked_after,)), True),
        (Applies(child_status=(ChildStatus.early_help, ChildStatus.looked_after)), True),
        (Applies(child_status=(ChildStatus.early_help,)), False),
        (Applies(area=("luton",)), True),
        (Applies(area=("bedford_borough",)), False),
        (Applies(my_agency=(Agency.health,), child_status=(ChildStatus.early_help,)), False),
    ],
)
def test_a_condition_holds_when_all_that_it_names_hold(
    condition: Applies,
    holds: bool,  # noqa: FBT001 - a table.
) -> None:
    """A health worker, the police, a looked-after child in Luton."""
    facts = Facts(
        my_agency=Agency.health,
        their_agency=Agency.police,
        child_status=(ChildStatus.looked_after,),
        area="luton",
    )
    assert applies(condition, facts) is holds


@given(states())
@settings(deadline=None)
def test_questions_figures_and_letters_see_the_policy_that_advice_sees(state: State) -> None:
    """Whatever the answers, the conversation's policy is the one narrowed by the facts."""
    facts = facts_of(state, ALL)
    own = narrowed(ALL[str(state.partnership)], facts)
    assert state.policy(ALL) == own
    assert narrowed(own, facts) == own
    assert case_from(facts, ALL[own.id], handbook(), TODAY, "key").policy == own


@given(states())
@settings(deadline=None)
def test_no_question_is_about_a_part_that_does_not_hold(state: State) -> None:
    """Every condition in the policy that a question is made from holds for the answers."""
    facts = facts_of(state, ALL)
    own = state.policy(ALL)
    assert own is not None
    for stage in own.stages:
        assert all(applies(part.applies, facts) for part in _parts(stage))


@given(states())
@settings(deadline=None)
def test_advice_sends_back_only_to_stages_that_the_questions_ask_about(state: State) -> None:
    """Which stages must come first is worked out once, for questions and advice alike."""
    facts, own, top = facts_of(state, ALL), state.policy(ALL), state.stage(ALL)
    assert own is not None
    assert top is not None
    asked = required_earlier(state, ALL)
    left_out = replace(state, earlier={own.rung(condition): "left_out" for condition in asked})
    where = position(facts_of(left_out, ALL), own, TODAY)
    move = next_move(own, where, handbook().phrases)
    if asked:
        assert move.action is not Action.record
        assert move.to in asked
        assert move.missing is not None
    elif move.missing:
        assert move.to is not None
        assert move.to.number >= top.number
    rules = [rule for _, rule in required_before(own, own.stages[-1], own.stages[0])]
    assert all(applies(rule.applies, facts) for rule in rules)


@pytest.mark.parametrize("agency", Agency)
def test_a_files_fingerprint_does_not_depend_on_the_facts(agency: Agency) -> None:
    """A record names the version of the whole policy, whoever it is made for."""
    state = State(risk=Risk.concern, partnership="elvering", their_agency=str(agency))
    case = case_from(facts_of(state, ALL), ALL["elvering"], handbook(), TODAY, "key")
    nobody = replace(case.facts, their_agency=None)
    other = case_from(nobody, ALL["elvering"], handbook(), TODAY, "key")
    assert case.fingerprint == other.fingerprint


def test_a_policy_is_told_from_its_next_version() -> None:
    """What is remembered of one policy is never handed out for another that takes its place."""
    facts = facts_of(State(partnership="kent"), ALL)
    for label in ("Step 1", "Step 2"):
        first, *others = ALL["kent"].stages
        kent = replace(ALL["kent"], stages=(replace(first, label=label), *others))
        assert narrowed(kent, facts).stages[0].label == label


def _parts(stage: Stage) -> Iterator[Any]:
    yield from (*stage.to_begin, *stage.to_answer, *stage.to_close, *stage.conditions)
    yield from (rule for rule in (stage.must_follow, stage.may_skip) if rule)


@pytest.mark.long
def test_nothing_takes_facts_beside_a_whole_policy() -> None:
    """Where both are at hand the policy is a narrowed one, but at the entrances that are listed."""
    found = {name for path in _files() for name in _mixed(path)}
    assert found == set(ENTRANCES)


def _files() -> Iterator[Path]:
    for folder in ("bot", "actions"):
        yield from (ROOT / folder).rglob("*.py")


def _mixed(path: Path) -> Iterator[str]:
    """Yield each function and class of a file that has facts and a whole policy."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    scopes: list[tuple[str, ast.AST]] = [(module, ast.parse(path.read_text("utf-8")))]
    while scopes:
        inside, node = scopes.pop()
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            name = f"{inside}.{child.name}"
            scopes.append((name, child))
            if isinstance(child, ast.ClassDef):
                held = [part.annotation for part in child.body if isinstance(part, ast.AnnAssign)]
            else:
                held = [
                    parameter.annotation for parameter in child.args.args if parameter.annotation
                ]
            words = {
                part.id for note in held for part in ast.walk(note) if isinstance(part, ast.Name)
            }
            if words & FACTS and "Policy" in words:
                yield name
