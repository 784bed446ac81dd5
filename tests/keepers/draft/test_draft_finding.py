"""What a draft says of duties, of what it did not find, and of a text that is read again."""

import pytest

from bot.keepers.draft.draft import Kind
from bot.keepers.draft.finding import LOOKED_FOR
from tests.support.published import LADDER, OPENING, amounts, draft


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "For a child on a CP plan inform the Conference Chair; for a child in care the IRO.",
            {"Conference Chair": ["child_protection_plan"], "IRO": ["looked_after"]},
        ),
        (
            "If a child is in care, tell the IRO; for children on a plan, the CP chair.",
            {
                "IRO": ["looked_after"],
                "CP chair": ["child_protection_plan"],
            },
        ),
        ("The chair of governors must be told.", {"chair of governors": None}),
    ],
)
def test_each_is_told_of_the_children_that_the_clause_names(
    said: str, told: dict[str, list[str] | None]
) -> None:
    """Nobody hears of every child where the text names some."""
    found = draft(OPENING + LADDER.replace("each other.", f"each other. {said}"))
    notices = [p.value for p in found.proposals if p.kind is Kind.notification]
    assert {one["who"]: one.get("applies", {}).get("child_status") for one in notices} == told


def test_a_duty_to_tell_that_stands_at_no_stage_is_told() -> None:
    """The policy file has such duties at its stages only: a person says at which."""
    found = draft(OPENING + LADDER + "Good practice\n\nThe business manager must be informed.\n")
    (told,) = found.troubles
    assert "business manager" in told
    assert "at no stage" in told


def test_a_sentence_that_sends_two_things_elsewhere_names_both() -> None:
    """The second is told in words of its own: "complaints made by families"."""
    said = "This policy does not apply to allegations against staff or to complaints from parents."
    found = draft(f"{OPENING}Scope\n\n{said}\n\n{LADDER}")
    assert [p.value["exit"] for p in found.proposals if p.kind is Kind.exclusion] == [
        "allegation",
        "complaint",
    ]


def test_kinds_of_disagreement_behind_a_colon_are_read_one_by_one() -> None:
    """Each is proposed by itself, with the kind that the guide has for it."""
    said = "Disagreements may arise over: thresholds; drift in a plan; and attendance at meetings."
    found = draft(f"{OPENING}Scope\n\n{said}\n\n{LADDER}")
    areas = [p.value for p in found.proposals if p.path.startswith("own_areas.")]
    assert [area["what"] for area in areas] == [
        "thresholds",
        "drift in a plan",
        "attendance at meetings",
    ]
    assert [area["kinds"] for area in areas] == [
        ["threshold"],
        ["plan_progress"],
        ["meeting_attendance"],
    ]


def test_the_same_text_gives_the_same_draft() -> None:
    """Ids stay when a file is read again, so that a person's answers stay with their statements."""
    first, again = draft(OPENING + LADDER), draft(OPENING + LADDER)
    assert first == again
    ids = [p.id for p in first.proposals]
    assert len(set(ids)) == len(ids)


def test_a_change_of_one_stage_leaves_the_ids_of_the_others() -> None:
    """A new version of a text keeps the ids of the statements that it leaves as they are."""
    old = draft(OPENING + LADDER)
    new = draft(OPENING + LADDER.replace("10 working", "8 working"))
    kept = {p.id for p in old.proposals} & {p.id for p in new.proposals}
    changed = {p.id for p in old.proposals} - kept
    assert {p.path.split(".")[1] for p in old.proposals if p.id in changed} == {"2"}


def test_a_sentence_put_in_before_others_leaves_their_ids() -> None:
    """What moves down in a list keeps its id: it is the same statement."""
    principles = "Principles\n\nChallenge is welcome from everybody at any time.\n\n"
    old = draft(OPENING + principles + LADDER)
    more = principles.replace("\n\nCh", "\n\nThe welfare of the child is paramount to all.\n\nCh")
    new = draft(OPENING + more + LADDER)
    assert {p.id for p in old.proposals} < {p.id for p in new.proposals}


def test_what_was_not_found_is_unread_and_never_not_stated() -> None:
    """A draft proposes no silence of the policy: only a person can say that it is silent."""
    found = draft(OPENING + LADDER)
    assert set(LOOKED_FOR) - {"short_name"} <= set(found.unread)
    assert not any("not_stated" in p.path for p in found.proposals)
    assert not any("does not say" in str(p.value.get("what", "")) for p in found.proposals
                   if isinstance(p.value, dict))  # fmt: skip


def test_the_digest_is_that_of_the_text() -> None:
    """The same words in another layout have the same digest; other words do not."""
    text = OPENING + LADDER
    assert draft(text).digest == draft(text.replace("\n\n", "\n\n\n")).digest
    assert draft(text).digest != draft(text.replace("5 working", "6 working")).digest


def test_a_very_long_sentence_is_read_in_pieces() -> None:
    """A text without full stops takes no longer than one with them, and loses no limit."""
    endless = "and then they discuss it again " * 400
    found = draft(
        OPENING + LADDER + f"{endless} and the manager must respond within 7 working days."
    )
    assert 7 in amounts(found, 3)
    assert all(len(p.quote) <= 2000 for p in found.proposals)
