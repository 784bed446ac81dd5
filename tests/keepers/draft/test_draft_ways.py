"""Ways in which partnerships write: stages without numbers, times in rows, notices apart."""

from collections.abc import Iterator

import pytest

from bot.keepers.draft import actors
from bot.keepers.draft.draft import Draft, Kind
from bot.keepers.draft.parse import people_in
from tests.support.published import OPENING, bound, draft, draft_after_opening, labels

FIRST = "Stage 1: Workers\n\nThe practitioner with the concern speaks to the other worker.\n\n"
SECOND = "Stage 2: Managers\n\nThe receiving manager must reply within 3 working days.\n\n"


def titles(found: Draft) -> list[str]:
    """Return the titles of the stages."""
    return [str(p.value.get("title")) for p in found.proposals if p.kind is Kind.stage]


def roles(found: Draft, stage: int) -> set[str]:
    """Return the posts of a stage."""
    path = f"stages.{stage}.roles."
    return {p.value["role"].lower() for p in found.proposals if p.path.startswith(path)}


def binds(sentence: str) -> list[tuple[object, str]]:
    """Return the limits of a sentence at the second stage: how many, and whom they bind."""
    found = draft_after_opening(f"{FIRST}Stage 2: Managers\n\n{sentence}\n\n")
    return [(amount, who) for path, amount, who in bound(found) if path.startswith("stages.1.")]


# Stages.

TABLE = """Step | What happens | Who is responsible | Deadline
Early conversation | Raise your worry with the practitioner | Challenger and recipient | Same day
1 | Write to the recipient's team manager | Challenger's manager | Within 2 working days
1 | Consider it and reply in writing | Recipient's team manager | 3 working days from receipt
2 | Issue a recommendation | Independent Scrutineer | Within 1 week of the request

"Challenger" means the practitioner who raises the issue.
"""


def test_each_row_of_a_table_of_steps_binds_whom_it_names() -> None:
    """A row without a number before the first numbered one is the informal talk."""
    found = draft_after_opening(TABLE)
    assert labels(found) == ["Informal", "Step 1", "Step 2"]
    assert [(amount, who) for _, amount, who in bound(found)] == [
        (None, "shared"),
        (2, "raiser"),
        (3, "receiver"),
        (7, "partnership"),
    ]


PROSE = """At the first stage, the professional with the concern speaks to the decision-maker.
This is done within two working days of the decision.

At the second stage, the line manager of the professional takes it to the decision-maker's manager.

At the third and final stage, the matter is put before the Escalation Panel.
"""
TITLED = """First contact. Ring the allocated worker and explain why you see it differently.

Second contact. Ask your manager to ring the allocated worker's manager within two days.

Final contact. Senior managers meet within a week of being asked for it.
"""
APART = """Settlement between workers

The worker who is dissatisfied should contact the other worker within two working days of it.

Settlement between supervisors

The supervisor must raise the matter with the other supervisor by the next working day, by phone.

Settlement by the Board

The Chair must issue a determination within six weeks, and it binds both of the agencies.
"""
TALK = (
    f"Conversation\n\nThe practitioner speaks to the other worker the same day.\n\n{FIRST}{SECOND}"
)
TWICE = (
    "Stage 1: Workers\n\nWorker to worker.\n\nStage 2: Managers\n\nManager to manager.\n\n"
    f"Guidance notes\n\nAll staff have a duty to challenge.\n\n{FIRST}{SECOND}"
)


@pytest.mark.parametrize(
    ("text", "count"), [(PROSE, 3), (TITLED, 3), (APART, 3), (TALK, 3), (TWICE, 2)]
)
def test_stages_are_found_however_they_are_named(text: str, count: int) -> None:
    """By ordinals in sentences, titles on the first line, who acts, a first talk, or told twice."""
    found = draft_after_opening(text)
    assert len(labels(found)) == count
    assert not any("two policies" in trouble for trouble in found.troubles)


RUNNING = """In most cases it is put right by a talk. The worker who has the doubt should speak to
the worker whose judgement is doubted within two working days. This is called the first approach.

If agreement has not been reached, the line manager of the worker who holds the doubt must write to
the opposite number within three working days. This is called the managers' exchange.

Only rarely will the difference remain. It is then laid before the Independent Scrutineer, who gives
an opinion within a fortnight.

The conference chair must be informed by the line manager as soon as the managers' exchange is
opened.
"""


def test_paragraphs_of_running_prose_are_stages_by_what_the_text_calls_them() -> None:
    """Each opens with what is not settled; a notice elsewhere names the stage by its name."""
    found = draft_after_opening(RUNNING)
    assert titles(found)[:2] == ["First approach", "Managers' exchange"]
    assert [(path[:9], amount, who) for path, amount, who in bound(found)] == [
        ("stages.0.", 2, "raiser"),
        ("stages.1.", 3, "raiser"),
        ("stages.1.", None, "raiser"),
        ("stages.2.", 14, "partnership"),
    ]


def test_rows_with_the_same_letter_are_one_stage() -> None:
    """A row for the reply goes on with the stage of the row for the call."""
    found = draft_after_opening(
        "Stage | Action | Timescale\n"
        "A. Supervisors | The supervisor of the referring agency rings the other. | 2 days\n"
        "A. Supervisors (reply) | The responding supervisor answers. | 3 days\n"
        "B. Panel | The panel decides. | 10 days\n"
    )
    assert labels(found) == ["Stage A", "Stage B"]
    assert [(amount, who) for _, amount, who in bound(found)] == [
        (2, "raiser"),
        (3, "receiver"),
        (10, "partnership"),
    ]


def test_a_sentence_at_the_beginning_of_a_paragraph_is_no_title() -> None:
    """What is said of a stage in a short sentence ends it nowhere."""
    said = "Hardly any get this far. The receiving manager must reply within 3 working days."
    run_in = "Background. People differ.\n\nPurpose. It helps them.\n\nScope. All agencies.\n\n"
    found = draft_after_opening(f"{run_in}{FIRST}Stage 2: Managers\n\n{said}\n")
    assert [amount for path, amount, _ in bound(found) if path.startswith("stages.1.")] == [3]


def test_roman_numbers_stay_roman() -> None:
    """Stage II is not called Stage Ii."""
    assert labels(draft_after_opening(f"{FIRST}{SECOND}".replace("Stage 2", "STAGE II"))) == [
        "Stage 1",
        "Stage II",
    ]


# Whom a time binds.


@pytest.mark.parametrize(
    ("sentence", "limits"),
    [
        ("Your service head has ten working days to ask for a reply.", [(10, "raiser")]),
        ("Do it today.", [(None, "raiser")]),
        ("Between them they have three working days to find an answer.", [(3, "shared")]),
        ("The receiving manager must reply within another week.", [(7, "receiver")]),
        (
            (
                "It is reported to the supervisor of the dissatisfied worker, by whom the "
                "opposite number is to be approached within a further three working days."
            ),
            [(3, "raiser")],
        ),
        (
            "The managers must talk, and the receiving manager must write within 5 working days.",
            [(5, "receiver")],
        ),
        (
            "It is the duty of the challenging manager to write a note within 2 working days.",
            [(2, "raiser")],
        ),
        (
            "The note is filed within two days. This is the duty of the responding manager.",
            [(2, "receiver")],
        ),
        (
            (
                "If the reply is not accepted, the manager must pass the dispute to the head of "
                "year (or, in the police, the inspector) no later than the end of the next "
                "working day."
            ),
            [(1, "raiser")],
        ),
        (
            "The manager is required to write to their equivalent within three working days.",
            [(3, "raiser")],
        ),
        (
            "Within 3 calendar days of the decision the Independent Scrutineer will write to both.",
            [(3, "partnership")],
        ),
        ("The two leads reach a decision within a period of 4 days.", [(4, "shared")]),
    ],
)
def test_whom_a_time_binds(sentence: str, limits: list[tuple[int | None, str]]) -> None:
    """Owners, openings, brackets, duties and objects tell it, as well as subjects."""
    assert binds(sentence) == limits


@pytest.mark.parametrize(
    "sentence",
    [
        "The record is kept for six years.",
        "Ten cases came up in the last 6 months.",
        "This should take no longer than half a working day.",
        "It is reviewed every six months.",
    ],
)
def test_what_limits_nothing_at_a_stage_is_no_limit(sentence: str) -> None:
    """How long something is kept, how often it comes, and what no unit counts."""
    assert binds(sentence) == []


def test_at_once_beside_a_day_is_one_limit() -> None:
    """A reader who is told "straight away, on the day Stage 1 ends" has that day."""
    assert binds("Your manager must do this straight away, on the day Stage 1 ends.") == [
        (None, "raiser")
    ]


def test_days_of_a_count_are_limits_from_the_concern() -> None:
    """Day 3 is three days after Day 0, in the kind of days that the text says."""
    found = draft_after_opening(
        f"{FIRST}Stage 2: Managers\n\nStage 2 must be finished by the end of Day 3. "
        "Days are working days.\n"
    )
    (limit,) = [p.value for p in found.proposals if p.path.startswith("stages.1.to_answer")]
    assert (limit["amount"], limit["unit"]) == (3, "working_day")
    assert limit["readings"][0]["counted_from"] == "concern"


# What stands elsewhere.


@pytest.mark.parametrize(
    "sentence",
    [
        "The raising manager must tell the conference chair within 24 hours of Stage 2 starting.",
        (
            "The conference chair should be told when Stage 2 begins. This falls to the raising "
            "manager and should be done within 24 hours."
        ),
    ],
)
def test_a_notice_told_elsewhere_is_a_limit_of_its_stage(sentence: str) -> None:
    """A stage's beginning names the stage, and the next sentence goes on with it."""
    found = draft_after_opening(f"{FIRST}{SECOND}Telling others\n\n{sentence}\n")
    assert [(path[:9], amount, who) for path, amount, who in bound(found) if amount == 24] == [
        ("stages.1.", 24, "raiser")
    ]


def test_a_time_that_changes_a_paragraph_binds_whom_the_paragraph_binds() -> None:
    """Of "in the Dale the period in 2.1 is six days" the receiver is bound, as by 2.1."""
    found = draft_after_opening(
        "1 Stage 1: Workers\n\n1.1 The practitioner with the concern speaks to the worker.\n\n"
        "2 Stage 2: Managers\n\n2.1 The receiving manager must reply within 3 days.\n\n"
        "3 Local variation\n\n3.1 In the Dale the period in 2.1 is six days.\n"
    )
    assert [(amount, who) for _, amount, who in bound(found)] == [(3, "receiver"), (6, "receiver")]


def test_a_time_after_a_meeting_follows_the_limit_of_the_meeting() -> None:
    """Counted from the stage's start it would say that somebody is late who is not."""
    found = draft_after_opening(
        f"{FIRST}Stage 2: Managers\n\nThe managers must meet within 5 working days. The receiving "
        "manager must write to all within two working days of the meeting.\n"
    )
    readings = [
        p.value["readings"][0]
        for p in found.proposals
        if p.path.startswith("stages.1.to_answer") and p.value["amount"] == 2
    ]
    assert readings == [{"counted_from": "other_limit", "limit": "Hold a meeting"}]


# Posts and addresses.


def test_posts_are_read_in_brackets_and_lists() -> None:
    """A post that the lists do not know is told by how its name ends."""
    found = draft_after_opening(
        f"{FIRST}Stage 2: Managers\n\nThe line manager (in the police, the PVP sergeant) rings "
        "the custody sergeant.\n\n- housing: tenancy services team leader\n"
    )
    named = " ".join(roles(found, 1))
    assert all(post in named for post in ("pvp sergeant", "custody sergeant", "team leader"))


def test_a_title_that_anybody_has_hides_no_fuller_one() -> None:
    """The manager of one sentence is the theatre manager of the next."""
    found = draft_after_opening(
        f"{FIRST}Stage 2: Managers\n\nYour manager writes to theirs. In a hospital that is "
        "usually the theatre manager.\n"
    )
    assert "theatre manager" in roles(found, 1)


def test_a_line_with_a_number_to_ring_is_no_heading() -> None:
    """Its number is in the draft."""
    found = draft_after_opening(
        f"{FIRST}{SECOND}10. Contacts\n\n10.1 Co-ordinator: 020 7946 0512\n"
    )
    assert any("020 7946 0512" in str(p.value) for p in found.proposals)


def test_only_the_first_sentences_of_a_stage_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A manual behind a heading is not parsed whole, and the keeper is told."""
    parsed: list[str] = []

    def noted(text: str) -> Iterator[str]:
        parsed.append(text)
        return people_in(text)

    monkeypatch.setattr(actors, "people_in", noted)
    more = " ".join(f"The worker writes note {at} down for the file." for at in range(300))
    text = f"{OPENING}{FIRST}Stage 2: Managers\n\n{more}\n"
    found = draft(text)
    said = [text for text in parsed if "writes note" in text]
    assert len(said) == actors.MOST_SENTENCES
    assert any("in the first 200" in trouble for trouble in found.troubles)
