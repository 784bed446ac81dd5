"""Times that are told by another: the same period, an extension, a day after office hours."""

import pytest

from bot.keepers.draft.draft import Kind, Proposal
from tests.support.published import draft_after_opening

BEFORE = "Stage 1: Workers\n\nThey talk.\n\nStage 2: Managers\n\n"


def limits(text: str) -> list[Proposal]:
    """Return the limits of a second stage."""
    found = draft_after_opening(f"{BEFORE}{text}\n")
    return [p for p in found.proposals if p.kind is Kind.limit]


def told(limit: Proposal) -> tuple[object, str, str]:
    """Return how long a limit is, and whom it binds."""
    value = limit.value
    return value.get("amount"), value["unit"], "shared" if value.get("shared") else value["who"]


@pytest.mark.parametrize("said", ["within the same period", "by the same deadline"])
def test_the_same_period_is_that_of_the_sentence_before(said: str) -> None:
    """Whoever was bound by it does this as well, where nobody else is named."""
    first, second = limits(
        "The challenging manager must tell the conference chair within 3 working days. "
        f"The reviewing officer must be told {said}."
    )
    assert told(second) == told(first) == (3, "working_day", "raiser")
    assert second.value["readings"] == first.value["readings"]


def test_the_same_period_binds_whom_its_own_sentence_names() -> None:
    """Not whoever was bound before."""
    first, second = limits(
        "The challenging manager must send the form within 4 working days. "
        "The responding manager must send a reply within the same timescale."
    )
    assert (told(first)[2], told(second)) == ("raiser", (4, "working_day", "receiver"))


@pytest.mark.parametrize(
    ("said", "reading"),
    [
        ("An extension of up to 3 working days may be agreed.", "other_limit"),
        ("This may be extended by 3 working days.", "other_limit"),
        ("This may be extended to 3 working days.", "stage_start"),
    ],
)
def test_an_extension_binds_whom_the_limit_binds_that_it_extends(said: str, reading: str) -> None:
    """It runs behind that limit, unless it takes its place."""
    first, second = limits(f"The responding manager must reply within 2 working days. {said}")
    assert (told(first)[2], told(second)) == ("receiver", (3, "working_day", "receiver"))
    (counted,) = second.value["readings"]
    assert counted["counted_from"] == reading
    assert counted.get("limit") == (first.value["what"] if reading == "other_limit" else None)


def test_a_day_on_which_offices_close_is_a_working_day() -> None:
    """The close of business on the day after is no Saturday's."""
    (limit,) = limits(
        "The responding manager must reply by close of business on the day after the meeting."
    )
    assert told(limit) == (1, "working_day", "receiver")


def test_earlier_stages_in_a_condition_leave_the_sentence_at_its_own_stage() -> None:
    """What has not settled it only says when."""
    found = draft_after_opening(
        f"{BEFORE}They meet.\n\nStage 3: Heads\n\nIf Stages 1 and 2 do not settle it, the "
        "responding head must reply within 4 working days.\n"
    )
    paths = [p.path for p in found.proposals if p.kind is Kind.limit]
    assert paths == ["stages.2.to_answer.0"]
