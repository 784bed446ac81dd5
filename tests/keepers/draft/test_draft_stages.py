"""Which stages a draft finds: gaps, branches, more than there are levels, and none."""

import pytest

from bot.core.vocabulary import Level
from bot.keepers.draft.draft import Kind
from tests.support.published import LADDER, OPENING, amounts, draft


def test_two_policies_in_one_file_are_told_and_not_mixed() -> None:
    """The first is read; nothing of the second gets into its stages."""
    second = LADDER.replace("5 working", "15 working").replace("10 working", "30 working")
    found = draft(f"{OPENING}{LADDER}Policy for adults\n\nThis one is for adults.\n\n{second}")
    assert any("two policies" in trouble for trouble in found.troubles)
    assert [amounts(found, stage) for stage in (1, 2, 3)] == [[], [5], [10]]


def test_a_stage_without_a_heading_between_others_is_told() -> None:
    """A gap in the numbers is pointed out and not filled."""
    found = draft(OPENING + LADDER.replace("Stage 2: Line managers\n\n", ""))
    labels = [p.value["label"] for p in found.proposals if p.kind is Kind.stage]
    assert labels == ["Stage 1", "Stage 3"]
    assert any("No heading was found for Stage 2" in trouble for trouble in found.troubles)


def test_the_branches_of_a_stage_are_one_stage() -> None:
    """Stage 2a and Stage 2b are both read, as Stage 2."""
    branches = (
        "Stage 2a: Line managers\n\nThe line manager must respond within 5 working days.\n\n"
        "Stage 2b: Conference chairs\n\nThe chair must reply within 7 working days.\n\n"
    )
    first, _, last = LADDER.partition("Stage 2: Line managers")
    found = draft(OPENING + first + branches + last[last.index("Stage 3") :])
    labels = [p.value["label"] for p in found.proposals if p.kind is Kind.stage]
    assert labels == ["Stage 1", "Stage 2", "Stage 3"]
    assert sorted(amounts(found, 2)) == [5, 7]


def test_more_stages_than_levels_are_all_read() -> None:
    """Six stages are six proposals; their levels never go down."""
    ladder = "".join(
        f"Stage {at}: {who}\n\nThe {who.lower()} meet within {at} working days.\n\n"
        for at, who in enumerate(
            (
                "Workers",
                "Team managers",
                "Service managers",
                "Heads of service",
                "Directors",
                "Board",
            ),
            1,
        )
    )
    found = draft(OPENING + ladder)
    levels = [Level(p.value["level"]).rank for p in found.proposals if p.kind is Kind.stage]
    assert len(levels) == 6
    assert levels == sorted(levels)
    assert [amounts(found, at) for at in range(1, 7)] == [[at] for at in range(1, 7)]


def test_levels_of_need_are_no_stages() -> None:
    """Level 4 of a threshold document is not a rung of the policy."""
    found = draft(
        OPENING + "Levels of need\n\nLevel 4 is for children at risk.\n\nLevel 3 is for others.\n\n"
        + LADDER
    )  # fmt: skip
    labels = [p.value["label"] for p in found.proposals if p.kind is Kind.stage]
    assert labels == ["Stage 1", "Stage 2", "Stage 3"]


def test_a_text_without_stages_is_said_to_have_none() -> None:
    """No ladder is made up for a text that has none."""
    found = draft(OPENING + "Talk to each other. Then talk to your managers. Write it down.")
    assert [p for p in found.proposals if p.kind in {Kind.stage, Kind.limit, Kind.role}] == []
    assert "stages" in found.unread
    assert any("No stages were found" in trouble for trouble in found.troubles)


UNNUMBERED = (
    "Practitioners should try to resolve it by talking within one working week.\n\n"
    "If they cannot be resolved in this way, disagreements go further up.\n\n"
    "A team manager contacts the equivalent in the other agency, e.g.:\n\n"
    "- a detective sergeant\n- a named nurse\n\n"
    "If it is unresolved, it must be referred without delay to the service manager.\n\n"
    "Records must be kept at all stages.\n"
)


def test_stages_without_numbers_are_read_by_who_acts_and_told() -> None:
    """A text that only says who takes it on gives its stages, and the keeper is to name them."""
    found = draft(OPENING + UNNUMBERED)
    stages = [(p.value["label"], p.value["level"]) for p in found.proposals if p.kind is Kind.stage]
    assert stages == [
        ("Step 1", "practitioner"),
        ("Step 2", "line_manager"),
        ("Step 3", "senior_manager"),
    ]
    limits = [(p.path, p.value["unit"]) for p in found.proposals if p.kind is Kind.limit]
    assert limits == [
        ("stages.0.to_answer.0", "working_week"),
        ("stages.2.to_begin.0", "without_delay"),
    ]
    assert any("does not number its stages" in trouble for trouble in found.troubles)
    assert any(p.path.startswith("every_stage") for p in found.proposals)


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("Raise the matter with the other practitioner and their team manager.", True),
        ("If it cannot be resolved, raise it with your team manager.", False),
    ],
)
def test_a_manager_acts_at_the_first_stage_only_where_it_is_raised_with_them(
    sentence: str,
    read: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """Whom an unsettled matter goes to next is not who acts at this stage."""
    found = draft(OPENING + LADDER.replace("The practitioners talk to each other.", sentence))
    roles = [
        p.value["role"].lower() for p in found.proposals if p.path.startswith("stages.0.roles")
    ]
    assert any("team manager" in role and "practitioner" not in role for role in roles) is read
