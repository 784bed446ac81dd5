"""Every time of a text is a limit of the draft, or told: contradicting, shared or out of place."""

import pytest

from bot.keepers.draft.draft import Kind
from tests.support.each import each
from tests.support.published import LADDER, OPENING, amounts, draft


@pytest.mark.parametrize(
    "elsewhere",
    [
        "Appendix A: Flowchart\n\nSTAGE 2: THE LINE MANAGER RESPONDS WITHIN 3 WORKING DAYS\n",
        "Good practice\n\nMake sure that at Stage 2 the manager responds within 3 working days.\n",
    ],
)
def test_contradicting_limits_are_both_shown_and_told(elsewhere: str) -> None:
    """A flowchart that says 3 days where the text says 5 leaves the choice to a person."""
    found = draft(OPENING + LADDER + elsewhere)
    assert sorted(amounts(found, 2)) == [3, 5]
    (told,) = [trouble for trouble in found.troubles if "two times" in trouble]
    assert told.startswith("Stage 2")
    assert "5 working days" in told
    assert "3 working days" in told


@pytest.mark.parametrize(
    ("said", "passed_over"),
    [
        ("within 5 working days on the standard track or 1 working day on the urgent track", 1),
        ("within 5 working days, or 24 hours where the child cannot wait", 1),
        ("within 5 working days", 0),
    ],
)
def test_a_second_time_in_one_sentence_is_named_where_it_was_not_read(
    said: str, passed_over: int
) -> None:
    """Whoever sees the passage beside one limit would else take it for read whole."""
    found = draft(OPENING + LADDER.replace("within 5 working days", said))
    told = [trouble for trouble in found.troubles if "no time limit of the draft holds" in trouble]
    assert len(told) == passed_over
    assert all("on which track" in trouble for trouble in told)


def test_the_rule_for_danger_is_no_limit_that_belongs_to_a_stage() -> None:
    """Nobody is asked to put "call 999 the same day" where it belongs."""
    danger = "In danger\n\nCall the police on 999, or contact the front door on the same day.\n\n"
    assert draft(OPENING + danger + LADDER).troubles == ()


def test_a_flowchart_that_agrees_with_the_text_adds_nothing() -> None:
    """The same limit told twice is one limit."""
    flowchart = "Appendix A: Flowchart\n\nSTAGE 2: RESPONDS WITHIN 5 WORKING DAYS\n"
    found = draft(OPENING + LADDER + flowchart)
    assert amounts(found, 2) == [5]
    assert found.troubles == ()


def test_a_time_limit_outside_the_stages_is_placed_or_told() -> None:
    """No number of days of the text is lost without a word."""
    found = draft(
        OPENING + LADDER + "Meetings\n\nThe chair must send minutes within 7 days of a meeting.\n"
    )
    told = [*found.troubles, *(str(p.value) for p in found.proposals if p.kind is Kind.limit)]
    assert any("within 7 days" in said for said in told)


TIMES = [
    ("The chair writes to both a week before the meeting.", "a week"),
    ("Minutes are due 10 working days later.", "10 working days"),
    ("Both have five days’ notice.", "five days"),
    ("All of this is recorded by the end of the following day.", "following day"),
    ("Managers tell their teams the next working day.", "next working day"),
    ("The minutes are shared tomorrow.", "tomorrow"),
    ("A first view is usually formed 48 hrs on.", "48 hrs"),
    ("Lessons are shared with everybody as soon as practicable.", "as soon as practicable"),
    ("The file stays open for two months.", "two months"),
    ("Schools have 3 school days.", "3 school days"),
    ("Escalate if nothing has come by noon on the third working day.", "third working day"),
    ("A view is due on day five, or by return.", "day five"),
    ("Both have until Friday.", "until Friday"),
    ("The longest that it lasts is a fortnight, or 5 working days.", "a fortnight"),
]


@each(
    ("said", "time", "where"),
    [(said, time, at) for said, time in TIMES for at in ("stage", "section", "appendix")],
)
def test_no_time_of_the_text_is_lost(said: str, time: str, where: str) -> None:
    """It is a limit with that passage, or told: wherever it stands, and if others are as long."""
    ladder = LADDER.replace("each other.", f"each other. {said}") if where == "stage" else LADDER
    behind = {"section": "Good practice", "appendix": "Appendix A: Flowchart"}
    more = f"{behind[where]}\n\n{said}\n" if where in behind else ""
    found = draft(OPENING + ladder + more)
    limits = [p.quote for p in found.proposals if p.kind is Kind.limit]
    assert said in limits or any(f"“{time}”" in trouble for trouble in found.troubles)


@pytest.mark.parametrize(
    "said", ["The duty team answers 24 hours a day.", "She is 14 years old, he is 9 weeks old."]
)
def test_a_time_that_only_describes_is_not_told(said: str) -> None:
    """A list of what limits nothing would not be read."""
    assert draft(f"{OPENING}{LADDER}Good practice\n\n{said}\n").troubles == ()


COVERING = [
    ("Stages 1 to 2 must be completed within 10 working days.", [1, 2]),
    ("In no case should Stages 2 to 3 take longer than 10 working days.", [2, 3]),
    ("The overall timescale for Stages 1-3 is 10 working days.", [1, 2, 3]),
    ("Stage 1 through Stage 3 should be concluded in 10 working days.", [1, 2, 3]),
    ("Stages 1, 2 and 3 together take no more than 10 working days in total.", [1, 2, 3]),
    ("The whole process should be finished within 10 working days.", [1, 2, 3]),
]


@each(("said", "stages", "head"), [(*one, at) for one in COVERING for at in ("", "Timescales")])
def test_one_time_for_several_stages_is_a_limit_over_them(
    said: str, stages: list[int], head: str
) -> None:
    """In a section of its own and at the end of the last stage; never the limit of one stage."""
    found = draft(f"{OPENING}{LADDER}{head}\n\n{said}\n")
    (cap,) = [p for p in found.proposals if p.path.startswith("caps.")]
    assert (cap.value["amount"], cap.value["stages"], cap.quote) == (10, stages, said)
    (reading,) = cap.value["readings"]
    assert reading["counted_from"] == "escalation_start"
    assert reading.get("stage", 1) == stages[0]
    assert [amounts(found, stage) for stage in (1, 2)] == [[], [5]]
    assert found.troubles == ()


@pytest.mark.parametrize(
    "said",
    [
        "Managers move from Stage 1 to Stage 2 within 9 working days.",
        "Stages 1 and 2 take 9 working days each.",
    ],
)
def test_a_time_for_each_stage_or_between_two_is_no_limit_over_them(said: str) -> None:
    """It is told, since a person has to say what it limits."""
    found = draft(f"{OPENING}{LADDER}Timescales\n\n{said}\n")
    assert not [p for p in found.proposals if p.path.startswith("caps.")]
    assert any("“9 working days”" in trouble for trouble in found.troubles)


def test_days_of_a_kind_the_guide_does_not_know_are_told() -> None:
    """School days are not taken for working days."""
    found = draft(OPENING + LADDER.replace("5 working days", "5 school days"))
    assert amounts(found, 2) == []
    assert any("5 school days" in trouble for trouble in found.troubles)


def test_a_time_in_a_stages_heading_is_both_sides_together() -> None:
    """A number of days in brackets behind a heading binds nobody by name."""
    found = draft(
        OPENING + LADDER.replace("Line managers", "Refer to managers (1 – 4 working days)")
    )
    heading = next(p for p in found.proposals if p.kind is Kind.limit and p.value["amount"] == 4)
    assert heading.value["shared"] is True
    assert heading.path.startswith("stages.1.to_answer.")
    assert heading.quote == "Stage 2: Refer to managers (1 – 4 working days)"
