"""Mistakes that a schema cannot find, reported with file, line, key and what was expected."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.core.policy.loader import notes_on
from tests.support.core import TODAY
from tests.support.small_policy import limit, problems, put


def cap(**other: Any) -> dict[str, Any]:
    """Return a cap over all three stages."""
    readings = [{"counted_from": "escalation_start", "stage": 1}]
    return {**limit(amount=15, readings=readings), "stages": [1, 2, 3], **other}


def notice(**other: Any) -> dict[str, Any]:
    """Return a notification."""
    return {"who": "The partnership", "what": "Tell it.", "source": "2", **other}


FORM = {
    "id": "f", "name": "F", "what": "Send.", "send_to": "It", "source": "2", "from_stage": 9,
}  # fmt: skip


def test_the_small_policy_is_right(tmp_path: Path) -> None:
    """What the other tests break is whole before."""
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "value", "key", "expected", "got"),
    [
        ("stages.0.roles", [], "stages[0].roles", "somebody to go to", "nobody"),
        (
            "stages.1.roles",
            [{"role": "A post", "source": "2", "agencies": ["police", "health"]}],
            "stages[1].roles",
            "whatever the two agencies are",
            "none for childrens_social_care with childrens_social_care",
        ),
        (
            "stages.1.roles",
            [
                {"role": "A", "source": "2", "applies": {"their_agency": ["health"]}},
                {"role": "B", "source": "2", "applies": {"not_their_agency": ["health", "police"]}},
            ],
            "stages[1].roles",
            "whatever the two agencies are",
            "with police",
        ),
        (
            "stages.0.notify",
            [notice(applies={"my_agency": ["police"], "not_my_agency": ["police"]})],
            "stages[0].notify[0].applies",
            "no agency in both my_agency and not_my_agency",
            "police",
        ),
        (
            "stages.0.notify",
            [notice(applies={"priority": ["high"]})],
            "stages[0].notify[0].applies.priority",
            "a priority of this policy",
            "high",
        ),
        ("stages.0.notify", [notice(who="tbc")], "stages[0].notify[0].who", "a person", "tbc"),
        ("stages.0.notify", [notice(when=[])], "stages[0].notify[0].when", "at least one", "never"),
        (
            "stages.0.notify",
            [notice(), notice()],
            "stages[0].notify[1]",
            "each entry once, unlike notify[0]",
            "Tell it.",
        ),
        (
            "stages.0.notify",
            [notice(address="office at vale")],
            "stages[0].notify[0].address",
            "an e-mail address, a web page or a telephone number",
            "office at vale",
        ),
        ("stages.0.roles.0.party", [], "stages[0].roles[0].party", "at least one of", "none"),
        (
            "stages.1.to_answer.0.readings.0.counted_from",
            "decision",
            "stages[1].to_answer[0].readings[0].counted_from",
            "a day that stays",
            "decision",
        ),
        (
            "stages.1.to_begin",
            [limit()],
            "stages[1].to_begin[0].readings[0].counted_from",
            "an event before this stage",
            "stage_start",
        ),
        (
            "stages.0.to_answer.0.readings.0",
            {"counted_from": "escalation_start", "stage": 2},
            "stages[0].to_answer[0].readings[0].stage",
            "a stage up to this one, 1",
            "2",
        ),
        ("caps", [cap(stages=[1, 7])], "caps[0].stages", "two or more stages of this", "[1, 7]"),
        ("caps", [cap(amount=14)], "caps[0].amount", "at least the 15 working days", "14 work"),
        ("caps", [cap(amount=2, unit="working_week")], "caps[0].amount", "15 working", "2 working"),
        (
            "caps",
            [cap(readings=[{"counted_from": "stage_start"}])],
            "caps[0].readings[0].counted_from",
            "escalation_start or concern",
            "stage_start",
        ),
        (
            "forms",
            [FORM],
            "forms[0].from_stage",
            "a stage of this policy, from [1, 2, 3]",
            "9",
        ),
        (
            "other_procedures",
            [{"what": "Elsewhere.", "source": "2"}],
            "other_procedures[0]",
            "either an exit or kinds of disagreement",
            "neither",
        ),
        (
            "other_procedures",
            [{"kinds": ["threshold"], "what": "Elsewhere.", "source": "2"}],
            "own_areas[0].kinds",
            "no kind that other_procedures sends elsewhere",
            "threshold",
        ),
        ("status", "signed", "status", "who did it and when", "signed"),
        (
            "signed",
            {"role": "Business manager", "day": "2026-11-01"},
            "signed",
            "`status: signed` beside it",
            "draft",
        ),
        (
            "document",
            {"title": "V", "effective_from": "2026-01-01", "next_review": "2025-01-01"},
            "document.next_review",
            "a day after effective_from, 2026-01-01",
            "2025-01-01",
        ),
        ("contact", "ring us", "contact", "an e-mail address", "ring us"),
        (
            "remaining",
            [{"what": "It ends.", "source": "guidanc: 3.2"}],
            "remaining[0].source",
            "`documents` with its word",
            "guidanc",
        ),
        ("instead", ["remaining"], "instead", "unless the file `extends` another", "remaining"),
    ],
)
def test_each_contradiction_is_reported_with_key_and_line(
    tmp_path: Path, path: str, value: object, key: str, expected: str, got: str
) -> None:
    """Gaps, overlaps, dead conditions and missing notifications: key, expected, got and line."""
    changes = [put(path, value)]
    if path == "contact":
        changes.append(put("contact_source", "2"))
    found = [problem for problem in problems(tmp_path, *changes) if problem.key == key]
    assert len(found) == 1, problems(tmp_path, *changes)
    assert expected in found[0].expected
    assert got in found[0].got
    assert found[0].line is not None


def test_limits_for_a_priority_leave_none_out_and_none_twice(tmp_path: Path) -> None:
    """With two priorities, limits for one are a gap, and two for the same thing an overlap."""
    both = [
        {"id": priority, "name": priority, "what": "Agreed.", "source": "2"}
        for priority in ("high", "low")
    ]
    high_only = limit(applies={"priority": ["high"]})
    found = problems(tmp_path, put("priorities", both), put("stages.0.to_answer", [high_only]))
    assert [(each.key, each.got) for each in found] == [("stages[0].to_answer", "none for low")]
    again = limit(applies={"priority": ["high", "low"]}, amount=2)
    found = problems(
        tmp_path, put("priorities", both), put("stages.0.to_answer", [high_only, again])
    )
    assert [each.key for each in found] == ["stages[0].to_answer[1].applies"]
    assert "never hold together" in found[0].expected


def test_a_limit_is_not_counted_from_a_stage_that_may_be_left_out(tmp_path: Path) -> None:
    """Counted from a stage that need not happen it would never begin, unless read otherwise too."""
    skip = put("stages.1.may_skip", {"what": "May be left out.", "source": "2"})
    alone = [{"counted_from": "earlier_stage_start", "stage": 2}]
    found = problems(tmp_path, skip, put("stages.2.to_answer", [limit(readings=alone)]))
    assert [problem.key for problem in found] == ["stages[2].to_answer[0].readings[0].stage"]
    both = [*alone, {"counted_from": "stage_start"}]
    assert problems(tmp_path, skip, put("stages.2.to_answer", [limit(readings=both)])) == []


def test_a_stage_that_has_to_come_first_may_not_be_left_out(tmp_path: Path) -> None:
    """The two rules contradict each other."""
    skip = put("stages.0.may_skip", {"what": "May be left out.", "source": "2"})
    rule = {"stages": [1], "what": "Stage 1 comes first.", "source": "2"}
    found = problems(tmp_path, skip, put("stages.1.must_follow", rule))
    assert [problem.key for problem in found] == ["stages[1].must_follow.stages"]


def test_a_cap_that_the_policy_itself_makes_small_is_kept(tmp_path: Path) -> None:
    """With a reason, a cap smaller than its parts is accepted; the earlier date counts."""
    readings = [{"counted_from": "escalation_start", "stage": 1, "because": "so in section 9"}]
    assert problems(tmp_path, put("caps", [cap(amount=3, readings=readings)])) == []


def test_what_is_left_from_the_template_stops_a_checked_file_and_no_draft(tmp_path: Path) -> None:
    """For a draft it is a note; a file that claims to be checked is refused."""
    left = put("stages.0.title", "FILL IN: a few words")
    assert problems(tmp_path, left) == []
    (note,) = notes_on(tmp_path / "vale.yml", TODAY)
    assert (note.key, note.expected) == ("stages[0].title", "your own words")
    done = {"role": "Business manager", "day": "2026-11-01"}
    found = problems(tmp_path, left, put("status", "fact_checked"), put("fact_checked", done))
    assert [problem.key for problem in found] == ["stages[0].title"]


def test_a_review_that_has_passed_is_a_note_and_stops_nothing(tmp_path: Path) -> None:
    """The policy still works."""
    document = {"title": "V", "next_review": "2026-11-23"}
    assert problems(tmp_path, put("document", document)) == []
    (note,) = notes_on(tmp_path / "vale.yml", TODAY)
    assert note.key == "document.next_review"
    assert note.got == "2026-11-23, which has passed"
    (near,) = notes_on(tmp_path / "vale.yml", date(2026, 8, 25))
    assert near.got == "2026-11-23, in 90 days"
    assert notes_on(tmp_path / "vale.yml", date(2026, 8, 24)) == []


def test_a_limit_on_a_party_without_a_role_is_noted(tmp_path: Path) -> None:
    """A limit on the partnership at a stage without a partnership role is a note."""
    problems(tmp_path, put("stages.1.to_answer.0.who", "partnership"))
    (note,) = notes_on(tmp_path / "vale.yml", TODAY)
    assert note.key == "stages[1].to_answer[0].who"


def test_an_area_without_the_entry_that_the_others_have_is_noted(tmp_path: Path) -> None:
    """Of three areas only two have somebody to notify."""
    areas: list[dict[str, Any]] = [
        {"id": area, "name": area, "places": [], "source": "1"}
        for area in ("north", "south", "east")
    ]
    told = [notice(applies={"area": ["north"]}), notice(applies={"area": ["south"]})]
    problems(tmp_path, put("areas", areas), put("stages.0.notify", told))
    (note,) = notes_on(tmp_path / "vale.yml", TODAY)
    assert (note.key, note.got) == ("stages[0].notify", "none for east")
