"""Shapes that published policies have: lettered stages, bare times, stages told as questions."""

import pytest

from bot.keepers.draft.draft import Kind
from bot.keepers.draft.words import posts_in
from tests.support.published import bound, draft_after_opening, labels

LETTERED = """Stage A: practitioner to practitioner

The practitioner with the concern contacts their colleague. Timescale: within 1 working day.
The colleague responds. Timescale: within 2 working days.

Stage B: manager to manager

Managers hold a discussion and agree actions. Timescale: 3 working days.
"""


def test_stages_with_letters_are_stages() -> None:
    """Stage A and Stage B are read in their order, as the policy calls them."""
    assert labels(draft_after_opening(LETTERED)) == ["Stage A", "Stage B"]


def test_a_bare_timescale_binds_whoever_acts_in_the_sentence_before_it() -> None:
    """It says nothing of whom; the sentence that it stands behind does."""
    assert bound(draft_after_opening(LETTERED)) == [
        ("stages.0.to_begin.0", 1, "raiser"),
        ("stages.0.to_answer.0", 2, "receiver"),
        ("stages.1.to_answer.0", 3, "shared"),
    ]


def test_the_passage_of_a_bare_timescale_is_both_sentences() -> None:
    """Whoever checks it sees who acts and how long they have, word for word."""
    found = draft_after_opening(LETTERED)
    limit = next(p for p in found.proposals if p.path.endswith("answer.0"))
    assert limit.quote == "The colleague responds. Timescale: within 2 working days."


def test_stages_that_answer_questions_are_read() -> None:
    """A stage's title may be an order of a few words, with its sentences on the same line."""
    found = draft_after_opening(
        "What do I do first?\nPhase 1. Have the conversation. Contact the professional you "
        "disagree with, tell them that you are using this policy and hear their reasons first."
        "\n\n"
        "What if that fails?\nPhase 2. Bring in managers. Managers must speak within 48 hours and "
        "tell the practitioners what they have decided, so that both can put it on record.\n"
    )
    assert labels(found) == ["Phase 1", "Phase 2"]


@pytest.mark.parametrize(
    "sentence",
    [
        "No dispute shall continue beyond fifteen working days in all.",
        "From start to finish an escalation should be concluded inside fifteen working days.",
    ],
)
def test_a_time_for_the_whole_is_one_over_all_stages(sentence: str) -> None:
    """However a text says it, it stands over the stages and makes nobody late."""
    ((path, amount, _),) = [
        limit
        for limit in bound(draft_after_opening(f"{LETTERED}\nTimescales\n\n{sentence}\n"))
        if limit[1] == 15
    ]
    assert (path, amount) == ("caps.0", 15)


@pytest.mark.parametrize(
    "sentence",
    [
        "They have until the third day to reply.",
        "It is settled before the end of the next week.",
    ],
)
def test_a_time_that_no_unit_counts_is_told(sentence: str) -> None:
    """It stands in no limit, and is never dropped without a word."""
    found = draft_after_opening(LETTERED.rstrip() + f"\n{sentence}\n")
    assert any(sentence in trouble for trouble in found.troubles)


@pytest.mark.parametrize(
    ("text", "title", "agency"),
    [
        ("the Head of Early Years decides", "Head of Early Years", "early_years"),
        (
            "the Head of the Youth Justice Service",
            "Head of the Youth Justice Service",
            "youth_justice",
        ),
        ("the Director of Family Help answers", "Director of Family Help", None),
    ],
)
def test_a_head_or_director_of_anything_is_a_post(
    text: str, title: str, agency: str | None
) -> None:
    """No list can hold every title: its shape shows it, and its words whose it is."""
    (post,) = posts_in(text)
    assert (post.title, post.agency) == (title, agency)


def test_a_post_named_at_a_place_is_that_agencys() -> None:
    """The chief executive "in the voluntary sector" is nobody else's."""
    text = (
        "Stage 1: Heads of service\n\nThe head of service (in health, the Designated Nurse; in the "
        "voluntary sector, the chief executive) takes it on.\n\nStage 2: The partnership\n\nThe "
        "Independent Scrutineer will give a view within 5 working days.\n"
    )
    found = {
        (p.value["role"].lower(), *p.value.get("agencies", []))
        for p in draft_after_opening(text).proposals
        if p.kind is Kind.role
    }
    assert {("designated nurse", "health"), ("chief executive", "voluntary")} <= found
