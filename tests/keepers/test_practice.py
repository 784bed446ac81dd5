"""A dozen invented situations a policy, with the guide's own advice to each."""

import re

import pytest

from bot.core.vocabulary import Disagreement, Level, Route, Side
from bot.keepers.practice import practice_files, practice_page, situations, wording
from tests.support.core import IDS, TODAY, advised, handbook, policies, shapes
from tests.support.pages import page_text

DOZEN = 12


@pytest.mark.parametrize("policy_id", IDS)
def test_a_dozen_situations_meet_every_kind_of_help_and_both_sides(policy_id: str) -> None:
    """By stages, same day, another procedure and settled; raised and received; up to the end."""
    policy = policies()[policy_id]
    found = situations(policy, handbook(), TODAY)
    assert len(found) == DOZEN
    routes = {one.case.advice.route for one in found}
    assert routes == {Route.staged, Route.same_day, Route.exit, Route.resolved}
    assert {one.case.facts.me.side for one in found} == set(Side)
    reached = {step.level for one in found for step in one.case.facts.steps}
    assert policy.stages[-1].level in reached
    assert Level.practitioner in reached


@pytest.mark.parametrize("policy_id", IDS)
def test_no_two_are_alike_and_their_kinds_are_the_policys(policy_id: str) -> None:
    """Stories differ, the policy's own kinds come first, and none is one that it excludes."""
    policy = policies()[policy_id]
    found = situations(policy, handbook(), TODAY)
    assert len({one.story for one in found}) == DOZEN
    told = [one.case.facts.disagreement for one in found]
    kinds = [kind for kind in told if kind]
    assert len(set(kinds)) == len(kinds)
    assert not policy.excluded_kinds() & set(kinds)
    own = [kind for area in policy.own_areas for kind in area.all_kinds]
    assert not own or kinds[0] == own[0]


@pytest.mark.parametrize("policy_id", IDS)
def test_the_answer_is_what_the_guide_says_to_anybody(policy_id: str) -> None:
    """Worked out by the same rules, and on the page with its action and its dates."""
    policy = policies()[policy_id]
    text = page_text(practice_page(policy, handbook(), TODAY))
    for one in situations(policy, handbook(), TODAY):
        advice = advised(one.case.facts, policy)
        assert one.case.advice == advice
        assert advice.headline
        assert advice.headline.do in text
        assert one.story in text
        assert one.questions


@pytest.mark.parametrize("policy_id", IDS)
def test_situations_stand_before_all_answers(policy_id: str) -> None:
    """A team can talk before it reads, and is told that nobody in it exists."""
    policy = policies()[policy_id]
    text = page_text(practice_page(policy, handbook(), TODAY))
    answers = text.index("What the guide says")
    assert all(text.index(one.story) < answers for one in situations(policy, handbook(), TODAY))
    assert "Nobody in them exists" in text
    assert text.index("a real child") < text.index("The situations")


@pytest.mark.parametrize("shape", sorted(shapes()))
def test_policies_of_other_shapes_have_situations_too(shape: str) -> None:
    """Whatever the number of stages, each situation has an answer."""
    found = situations(shapes()[shape], handbook(), TODAY)
    assert len(found) == DOZEN
    assert all(one.case.advice.headline for one in found)


def test_each_kind_of_disagreement_has_a_story_told_of_both_sides() -> None:
    """A new kind needs one; no gap is left in any."""
    told = wording()
    assert set(told.kinds) == set(Disagreement)
    for kind in (*told.kinds.values(), *told.today.values()):
        assert set(kind.pair) <= set(told.people)
        assert re.search(r"\{[Oo]urs\}", kind.story)
    text = "".join(
        page_text(practice_page(policy, handbook(), TODAY)) for policy in policies().values()
    )
    assert not re.search(r"[{}]", text)


def test_it_is_made_for_the_web_and_for_word() -> None:
    """Both hold the same situations."""
    html, word = practice_files(policies()["kent"], handbook(), TODAY).values()
    titles = re.findall(r"<h2>(\d+)\. ", html.decode())
    assert titles == 2 * [str(number) for number in range(1, DOZEN + 1)]
    assert word.startswith(b"PK")
