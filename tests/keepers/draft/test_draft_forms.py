"""Stages that are told as the lines of a form or the cells of a row, and who acts in them."""

import pytest

from tests.support.published import bound, draft_after_opening

FORM = """Stage 1: Talk
Who: professional to professional
What: Contact the person who took the decision. Tell them your worry.
When: same day

Stage 2: Supervisors
Who: your supervisor and the supervisor of the other team
What: Your supervisor writes to the other supervisor and sets out the risk.
When: within 3 working days of Stage 1

Stage 3: Heads
Who: heads of service
What: A meeting is chaired by the head of service hearing the challenge.
When: meeting within 6 working days
"""
ROWS = """Stage | Who | Timescale
A. First talk | The worker with the concern rings the other worker. | Within 2 days of the decision.
B. Supervisors | The supervisor of the responding agency writes to both. | 4 working days.
"""


def test_each_line_of_a_form_is_read_by_itself_and_the_first_to_act_is_bound() -> None:
    """Its lines are no one paragraph; where a line names both sides, whoever begins is bound."""
    assert bound(draft_after_opening(FORM)) == [
        ("stages.0.to_begin.0", None, "raiser"),
        ("stages.1.to_begin.0", 3, "raiser"),
        ("stages.2.to_answer.0", 6, "receiver"),
    ]


def test_a_sentence_in_the_column_of_who_acts_says_who_does() -> None:
    """The cell names the other side too: only its subject is bound."""
    found = [(amount, who) for _, amount, who in bound(draft_after_opening(ROWS))]
    assert found == [(2, "raiser"), (4, "receiver")]


@pytest.mark.parametrize(
    ("said", "party"),
    [
        ("Either director may seek a ruling. The request must be sent within 6 days.", "shared"),
        ("If it stays so, either can ask for a ruling. The request is made in 6 days.", "shared"),
        ("The panel decides the case. Its decision is given within 8 days.", "partnership"),
    ],
)
def test_whoever_does_a_deed_makes_what_it_is_called_by(said: str, party: str) -> None:
    """The sentence before says who asks; the next says by when the request is made."""
    text = (
        f"Stage 1: Workers\n\nTalk first.\n\nStage 2: Heads\n\nMeet.\n\nStage 3: Panel\n\n{said}\n"
    )
    assert [who for path, _, who in bound(draft_after_opening(text))] == [party]
