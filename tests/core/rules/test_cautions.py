"""What to bear in mind: warnings, the policy's age, and what it does not state."""

from datetime import date

import msgspec
import pytest

from bot.core.policy.model import Policy
from bot.core.rules.cautions import handed_over
from bot.core.rules.duties import cited_items
from bot.core.rules.facts import Facts
from bot.core.vocabulary import Risk
from tests.support.core import advice_for, advised, policies, shapes, what


def test_what_to_do_if_it_becomes_immediate_is_said_as_an_if() -> None:
    """Hackney's rule for immediate harm is not an instruction while the risk is only a concern."""
    told = what(advice_for("city_and_hackney").warnings)
    (rule,) = [text for text in told if "Designated Safeguarding Lead" in text]
    assert rule.startswith("If the risk to the child becomes immediate: ")


def test_both_sides_being_the_same_kind_of_agency_is_pointed_out() -> None:
    """It may be one organisation, which has its own procedure."""
    same = advice_for("kent", their_agency="health")
    assert any("same kind of agency" in text for text in what(same.warnings))
    assert not any("same kind of agency" in text for text in what(advice_for("kent").warnings))


def test_without_an_area_the_areas_are_named() -> None:
    """Bedfordshire's three, and everybody's notifications; with one, only its own."""
    talked = ("practitioner", "23", "unresolved")
    advice = advice_for("pan_bedfordshire", talked)
    (told,) = [text for text in what(advice.warnings) if "Say which member" in text]
    for area in policies()["pan_bedfordshire"].areas:
        assert area.name in told
    assert len(advice.notify) == 3
    assert len(advice_for("pan_bedfordshire", talked, area="luton").notify) == 1


def test_the_trusts_guidance_says_that_the_local_policy_comes_first() -> None:
    """On the stages, when settled, and on the way to another procedure."""
    for advice in (
        advice_for("trust_guidance"),
        advice_for("trust_guidance", ("line_manager", "23", "resolved")),
        advice_for("trust_guidance", exit="complaint"),
    ):
        assert any("comes first" in text for text in what(advice.warnings))


@pytest.mark.parametrize("policy", policies().values(), ids=lambda policy: policy.id)
def test_what_the_policy_does_not_state_is_said(policy: Policy) -> None:
    """Its general silences are in every answer by stages, with the policy as their source."""
    told = {(silence.what, silence.source) for silence in advice_for(policy.id).not_stated}
    assert {(silence.what, policy.cite(silence.source)) for silence in policy.not_stated} <= told


@pytest.mark.parametrize(
    ("review", "passed"),
    [(date(2026, 11, 23), True), (date(2026, 11, 24), False), (date(2026, 11, 25), False)],
)
def test_a_review_has_passed_only_after_its_day(review: date, passed: bool) -> None:  # noqa: FBT001 - a table
    """On the review day itself the policy does not yet count as out of date."""
    kent = policies()["kent"]
    document = msgspec.structs.replace(kent.document, next_review=review)
    facts = Facts(partnership="kent", risk=Risk.concern)
    due = advised(facts, msgspec.structs.replace(kent, document=document)).warnings
    never = msgspec.structs.replace(kent.document, next_review=None)
    plain = advised(facts, msgspec.structs.replace(kent, document=never)).warnings
    assert len(due) - len(plain) == passed


@pytest.mark.parametrize(
    ("begins", "waits"),
    [(date(2026, 11, 25), True), (date(2026, 11, 24), False), (date(2026, 11, 23), False)],
)
def test_a_version_is_in_force_on_its_first_day(begins: date, waits: bool) -> None:  # noqa: FBT001 - a table
    """Only before that day does the advice say that it is not yet in force."""
    kent = policies()["kent"]
    document = msgspec.structs.replace(kent.document, effective_from=begins)
    held = msgspec.structs.replace(kent, document=document, replaces=None)
    told = advised(Facts(partnership="kent", risk=Risk.concern), held).warnings
    assert len([item for item in told if "takes effect on" in item.what]) == waits


def test_an_area_with_a_policy_of_its_own_is_told_whose_is_used() -> None:
    """In the region's words and from its section; nobody else is told."""
    given = {"partnership": "isles", "area": "far_isle"}
    (told,) = cited_items(handed_over(given, "far_isle", shapes()))
    assert told.what == "Far Isle has a policy of its own."
    assert (told.source.document, told.source.section) == ("Isles Escalation Policy", "1.2")
    for other in ({**given, "area": "north_isle"}, {**given, "area": None}, ["isles"], {}):
        assert list(handed_over(other, "isles", shapes())) == []
