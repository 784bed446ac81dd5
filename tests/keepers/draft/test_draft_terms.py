"""Policies that call the sides, the stages and the days by words of their own."""

import pytest

from bot.keepers.draft.draft import Kind
from tests.support.each import each
from tests.support.published import draft

FILLING = "Everybody who works with children here has agreed to this, and keeps to it. " * 4
TABLE = (
    "Vale Partnership: Challenge Policy\n\n"
    + FILLING
    + """

Level | Who (challenging side) | Who (receiving side) | Timescale
Informal: Talk it over | Practitioner | Allocated worker | Same working day.
1 Line managers | Line manager | Team manager | Written position from team manager: 2 working days.
2 Heads | Head of safeguarding | Service director | Service director answers within a fortnight.

Notes to the table

Level 1. The line manager rings first.
"""
)
PROSE = (
    "Vale Partnership: When Professionals Differ\n\n"
    + FILLING
    + """

The first approach

In the first instance the colleague by whom the decision was made is approached by the \
professional who disagrees, within seventy-two hours. A reply must be given by \
the colleague within two days.

The supervisors' discussion

If agreement has not been reached, the matter must be reported by the professional who disagrees \
to a supervisor on the very same day. The supervisor's opposite number must answer within one \
calendar month.

Where a child may be in danger

The police must be called on 999 without waiting for any conversation described above to take \
place, whoever was asked and whatever was said, and children's social care must be told what \
was done.
"""
)
LADDER = (
    "Vale Partnership: Resolution Ladder\n\n"
    + FILLING
    + """

1. Words
1.1 In this ladder "the originator" means the worker who starts a challenge, and "the partner" \
means the organisation that is challenged. "Day" means a working day.

2. Rung One: Ask
2.1 The originator must telephone the partner within 2 days.
2.2 The partner must offer an explanation within three days.

Ladder v2 | Page 1 of 2

3. Rung Two: Managers
3.1 The partner's line manager must write to the originator's line manager within 4 days.

4. Records
4.1 Each agency must record the rung on the child's file.

Ladder v2 | Page 2 of 2
"""
)
WORKERS = (
    "Vale Partnership: Escalation Protocol\n\nThis protocol covers all of Vale except the "
    "unitary area of Port Elm, which has its own protocol.\n"
    + FILLING
    + """

Informal step: Before Step A the practitioners talk within 2 working days of the decision.
Step A - Workers
The worker raises the concern with the other worker within 24 hours. The other worker should reply \
within 2 working days.
Step B - Managers
The worker's team manager contacts the other team manager within one working day. That manager \
must acknowledge it the same working day.
"""
)


def stages(text: str) -> list[tuple[str, str]]:
    """Return the label and title of each stage."""
    found = [p.value for p in draft(text).proposals if p.kind is Kind.stage]
    return [(stage["label"], stage.get("title", "")) for stage in found]


def limits(text: str) -> list[tuple[str, int | None, str, str]]:
    """Return each limit as its stage's place, amount, unit and whom it binds."""
    return [
        (
            limit.path.split(".")[1],
            limit.value.get("amount"),
            limit.value["unit"],
            "shared" if limit.value.get("shared") else limit.value["who"],
        )
        for limit in draft(text).proposals
        if limit.kind is Kind.limit
    ]


def test_a_table_gives_its_stages_with_the_informal_row_and_bare_numbers() -> None:
    """A row without the word "Level" is a level all the same, and notes below it add to it."""
    assert stages(TABLE) == [
        ("Informal", "Talk it over"),
        ("Level 1", "Line managers"),
        ("Level 2", "Heads"),
    ]


def test_a_column_says_whose_post_a_time_binds() -> None:
    """The team manager stands in the receiving side's column, so the time is theirs."""
    assert limits(TABLE)[1:] == [
        ("1", 2, "working_day", "receiver"),
        ("2", 14, "calendar_day", "receiver"),
    ]


def test_a_post_is_of_the_side_in_whose_column_it_stands() -> None:
    """Each side of the table has its own people."""
    roles = [p for p in draft(TABLE).proposals if p.path.startswith("stages.2.roles")]
    sides = {role.value["role"].lower(): role.value.get("party") for role in roles}
    assert {"head of safeguarding", "service director"} <= set(sides)


def test_headings_without_numbers_are_stages_and_those_about_danger_are_none() -> None:
    """Each opens with what is not settled yet; the draft numbers them."""
    assert stages(PROSE) == [
        ("Step 1", "The first approach"),
        ("Step 2", "The supervisors' discussion"),
    ]


def test_whoever_acts_in_the_passive_is_bound() -> None:
    """The colleague and the professional who disagrees are the two sides."""
    assert limits(PROSE) == [
        ("0", 72, "hour", "raiser"),
        ("0", 2, "calendar_day", "receiver"),
        ("1", None, "same_working_day", "raiser"),
        ("1", 28, "calendar_day", "receiver"),
    ]


def test_a_month_is_taken_as_its_shortest_and_the_keeper_reads_so() -> None:
    """No date is later than the text's own."""
    (month,) = [
        p.value
        for p in draft(PROSE).proposals
        if p.kind is Kind.limit and p.value.get("amount") == 28
    ]
    assert "calendar month" in month["readings"][0]["because"]


def test_words_that_a_text_defines_for_its_sides_and_days_hold() -> None:
    """The partner here is the side that is challenged, and its days are working days."""
    assert limits(LADDER) == [
        ("0", 2, "working_day", "raiser"),
        ("0", 3, "working_day", "receiver"),
        ("1", 4, "working_day", "receiver"),
    ]


def test_what_stands_on_every_page_and_in_the_next_chapter_is_of_no_stage() -> None:
    """A duty to record at every rung does not end up at the last one."""
    found = draft(LADDER)
    assert [p.path for p in found.proposals if p.kind is Kind.record] == ["every_stage.0"]
    assert not any("Page" in p.quote for p in found.proposals)


def test_the_worker_and_the_other_worker_are_the_two_sides() -> None:
    """Our duty never becomes theirs: they would be late for what we owe."""
    assert limits(WORKERS) == [
        ("0", 2, "working_day", "shared"),
        ("1", 24, "hour", "raiser"),
        ("1", 2, "working_day", "receiver"),
        ("2", 1, "working_day", "raiser"),
        ("2", None, "same_working_day", "receiver"),
    ]


def test_a_place_that_is_left_out_is_an_area_and_a_question() -> None:
    """Whose policy holds there is for a person to say."""
    found = draft(WORKERS)
    (area,) = [p.value for p in found.proposals if p.path.startswith("areas")]
    assert area["name"] == "Port Elm"
    assert "Port Elm" in area["excluded"]["what"]
    assert [told for told in found.troubles if "Port Elm? If not" in told]


@pytest.mark.parametrize(
    "said",
    [
        "Use Fellmoor's own dispute procedure, which has different times.",
        "In the Vale of Orme the national procedures are followed in place of this guidance.",
    ],
)
def test_a_place_that_may_have_its_own_procedure_is_asked_about(said: str) -> None:
    """The draft does not decide it."""
    found = draft(f"{LADDER}\n\n5. Places\n5.1 {said}\n")
    assert any(said in told and "is the policy for" in told for told in found.troubles)


TIMES = [
    ("The counterpart must reply within a fortnight.", 14, "calendar_day"),
    ("The counterpart must reply within seventy-two hours.", 72, "hour"),
    ("The counterpart must reply before the close of the following working day.", 1, "working_day"),
    ("The counterpart must reply not later than noon on the next working day.", 1, "working_day"),
    ("The counterpart must reply by close of business the next working day.", 1, "working_day"),
    (
        "The counterpart must reply as soon as possible and not later than 2 working days.",
        2,
        "working_day",
    ),
    ("The counterpart must explain the decision there and then.", None, "without_delay"),
    ("The counterpart must reply before going home.", None, "same_working_day"),
]


@each(("said", "amount", "unit"), TIMES)
def test_times_are_read_in_the_ways_that_people_write_them(
    said: str, amount: int | None, unit: str
) -> None:
    """Each becomes the unit that is no later than what is meant."""
    text = LADDER.replace("The originator must telephone the partner within 2 days.", said)
    found = [limit for limit in limits(text) if limit[0] == "0"]
    assert found[0][1:] == (amount, unit, "receiver")


ORDINALS = (
    "Vale Partnership: Escalation Policy\n\n"
    + FILLING
    + """

First Stage - Direct Discussion
The member of staff who has concerns should speak to the worker responsible for the decision \
within 24 hours.

Second Stage - Line Managers
The line manager makes contact with their equivalent in the other agency within 2 working days.

Final Stage - Partnership
The Business Manager is notified within one working day by the senior manager of the agency \
raising the concern. She will arrange a panel within ten working days.
"""
)


def test_stages_counted_in_words_are_stages_and_the_final_one_is_the_last() -> None:
    """A stage is labelled so as much as by a figure."""
    assert [label for label, _ in stages(ORDINALS)] == [
        "First Stage",
        "Second Stage",
        "Final Stage",
    ]
    assert limits(ORDINALS) == [
        ("0", 24, "hour", "raiser"),
        ("1", 2, "working_day", "raiser"),
        ("2", 1, "working_day", "raiser"),
        ("2", 10, "working_day", "partnership"),
    ]


def test_a_line_of_a_form_is_no_heading_and_its_times_are_not_lost() -> None:
    """Its words "of the Stage 2 call" begin no stage."""
    line = "When: reply within 3 working days of the Second Stage call"
    text = ORDINALS.replace("Final Stage", f"{line}\n\nFinal Stage")
    found = draft(text)
    assert any(line in p.quote for p in found.proposals if p.kind is Kind.limit)
    assert len(stages(text)) == 3


def test_a_whole_manual_behind_a_heading_is_parsed_in_part_and_the_keeper_is_told() -> None:
    """The work is bounded by sentences that are counted; limits are looked for in all of them."""
    manual = "The duty officer keeps the list of rooms. " * 1500
    late = "The counterpart must reply within 9 working days."
    text = ORDINALS.replace("Second Stage", f"{manual}{late}\n\nSecond Stage")
    found = draft(text)
    assert ("0", 9, "working_day", "receiver") in limits(text)
    assert any("looked for posts in the first" in told for told in found.troubles)
