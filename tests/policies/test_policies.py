"""What holds for the five policy files, and for the template that the next one is copied from.

What holds for every policy file is in `policies check`: tests/keepers/test_check.py.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from bot.core.policy.loader import load_policies, load_policy, policy_schema
from bot.core.policy.model import Moment, Policy, Status
from bot.core.rules.facts import Facts, Step
from bot.core.vocabulary import Disagreement, Level, Outcome, Risk
from bot.paths import POLICIES
from tests.support.core import advised, policies

LOADED = policies()
TEMPLATE = POLICIES / "template" / "partnership.yml"
FILL_IN = "FILL IN"
TODAY = date(2026, 11, 24)
EVERY_POLICY = pytest.mark.parametrize("policy", LOADED.values(), ids=LOADED.keys())


@EVERY_POLICY
def test_the_top_of_a_file_says_what_it_is(policy: Policy) -> None:
    """What it was written from, and, while that is so, that nobody has signed it."""
    head = (POLICIES / f"{policy.id}.yml").read_text(encoding="utf-8").split("\nid:")[0]
    assert policy.document.title.split(" (")[0] in " ".join(head.replace("#", " ").split())
    assert ("ot signed off" in head) is (policy.status is not Status.signed)


@EVERY_POLICY
def test_what_a_practitioner_reads_is_short(policy: Policy) -> None:
    """No sentence runs on: a statement's sentences have at most 40 words, a title 10."""
    read = [text for key, text in texts(policy) if key in {"what", "role"}]
    assert {role.role for stage in policy.stages for role in stage.roles} <= set(read)
    sentences = [sentence for text in read for sentence in text.split(". ")]
    assert [sentence for sentence in sentences if len(sentence.split()) > 40] == []
    assert [stage.title for stage in policy.stages if len(stage.title.split()) > 10] == []


@EVERY_POLICY
def test_every_stage_has_somebody_to_go_to(policy: Policy) -> None:
    """Whatever the two agencies are, each stage has a contact."""
    for stage in policy.stages:
        assert any(not role.agencies for role in stage.roles), stage.label


@EVERY_POLICY
def test_every_stage_has_something_to_record_at_every_moment(policy: Policy) -> None:
    """Raising, leaving and settling a stage each ask for a record."""
    for stage in policy.stages:
        asked = {moment for duty in (*policy.every_stage, *stage.records) for moment in duty.when}
        if policy.when_resolved:
            asked.add(Moment.resolved)
        assert asked == set(Moment), stage.label


@EVERY_POLICY
def test_a_stage_that_sets_no_limit_says_so(policy: Policy) -> None:
    """Silence about time is written down, at the stage or for the whole policy."""
    for stage in policy.stages:
        if not stage.to_answer:
            said = [*stage.not_stated, *policy.not_stated]
            assert any(
                "time limit" in statement.what or "number of days" in statement.what
                for statement in said
            )


@EVERY_POLICY
def test_a_date_that_the_document_does_not_give_is_not_stated(policy: Policy) -> None:
    """A missing review date is said to be missing."""
    assert policy.document.next_review or any(
        "next review" in silence.what for silence in policy.not_stated
    )


@EVERY_POLICY
def test_what_follows_the_last_stage_is_said(policy: Policy) -> None:
    """After the last stage the practitioner hears what the policy says, or that it is silent."""
    assert policy.remaining


@EVERY_POLICY
@pytest.mark.parametrize("kind", Disagreement)
def test_every_disagreement_meets_the_policys_own_areas(policy: Policy, kind: Disagreement) -> None:
    """Advice names the policy's own area for a disagreement, or says that it lists none for it."""
    own = [area.what for area in policy.own_areas if kind in area.kinds]
    facts = Facts(partnership=policy.id, risk=Risk.concern, disagreement=kind)
    grounds = [item.what for item in advised(facts, policy).grounds]
    if own:
        assert grounds == own
    else:
        assert len(grounds) == 1
        assert policy.short_name in grounds[0]


@EVERY_POLICY
def test_somebody_who_hesitates_hears_what_the_policy_says(policy: Policy) -> None:
    """Each policy has a few words for them, and answers for a manager who won't take it up."""
    assert policy.support
    assert 2 <= len([statement for statement in policy.principles if statement.challenge]) <= 3
    assert any("does not say" in statement.what for statement in policy.own_manager)
    assert len(policy.own_manager) > 1


def test_bedfordshire_has_its_three_partnerships() -> None:
    """The areas that a practitioner can choose in Bedfordshire."""
    areas = [area.id for area in LOADED["pan_bedfordshire"].areas]
    assert areas == ["bedford_borough", "central_bedfordshire", "luton"]


def test_only_the_trusts_guidance_gives_way_to_a_local_policy() -> None:
    """A partnership's policy is never called a fallback."""
    assert [policy.id for policy in LOADED.values() if policy.fallback] == ["trust_guidance"]


def test_the_template_is_not_loaded() -> None:
    """A folder with the template in it holds no policy called after it."""
    assert TEMPLATE.exists()
    assert "partnership" not in LOADED


def test_the_template_loads_as_it_stands() -> None:
    """Each placeholder is a valid value, so filling the texts in gives a policy that loads."""
    policy = load_policy(TEMPLATE)
    assert any(FILL_IN in text for _, text in texts(policy))


def test_a_copy_of_the_template_gives_advice(tmp_path: Path) -> None:
    """A copied template under its new name works as a policy from the first day."""
    copy = tmp_path / "new_place.yml"
    text = TEMPLATE.read_text(encoding="utf-8").replace("\nid: partnership", "\nid: new_place")
    copy.write_text(text, encoding="utf-8")
    policy = load_policies(tmp_path)["new_place"]
    step = Step(Level.practitioner, TODAY, Outcome.unresolved)
    facts = Facts(
        partnership="new_place",
        risk=Risk.concern,
        disagreement=Disagreement.threshold,
        steps=(step,),
    )
    assert advised(facts, policy).next.to_stage == 2


def test_the_template_shows_every_key_that_a_policy_can_have() -> None:
    """A new key of the model appears in the template for the next policy."""
    data = yaml.load(TEMPLATE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    written_by_approve = {"digest"}
    assert known_keys() - set(keys(data)) == written_by_approve


def test_the_readme_explains_every_key_that_a_policy_can_have() -> None:
    """policies/README.md explains each key to the person who signs a policy."""
    readme = (POLICIES / "README.md").read_text(encoding="utf-8")
    assert {name for name in known_keys() if f"`{name}`" not in readme} == set()


def known_keys() -> set[str]:
    """Return the name of each key that any part of a policy file can have."""
    parts = policy_schema()["$defs"].values()
    return {name for part in parts for name in part.get("properties", {})}


def keys(value: Any) -> Iterator[str]:
    """Yield each key in a file's data, however deep it lies."""
    if isinstance(value, dict):
        yield from value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from keys(part)


def texts(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield each text of a policy with the key it stands under."""
    yield from _texts("", msgspec.to_builtins(policy))


def _texts(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(name, inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(key, inner)
