"""Whose rung a talk is on, on what day it was and what came of it, however it is put."""

from typing import Any

import pytest

from bench import measure_understanding as measure


def steps(text: str) -> list[tuple[Any, ...]]:
    """Return each step: its level, day and outcome. Today is Friday 20 November 2026."""
    read = measure.reader()(text)
    return [(step["level"], step["on"], step["outcome"]) for step in read.facts.get("steps", ())]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        (
            (
                "Director of Children's Services, Calderdale. The chief nurse and I spoke on 11 "
                "November about health refusing therapy for a girl of ours. She did not move."
            ),
            ["director"],
        ),
        (
            (
                "Service manager, CSC, Bury. Mental health nurses do not come to our meetings. My "
                "SW asked the CPN on the 2nd: nothing back. I rang their service manager on Tues "
                "and she'll see and let me know."
            ),
            ["practitioner", "senior_manager"],
        ),
    ],
)
def test_a_talk_of_their_own_is_on_the_rung_of_their_title(text: str, levels: list[str]) -> None:
    """A title that somebody gives themselves stands before what is only weighed."""
    assert [step[0] for step in steps(text)] == levels


def test_a_challenge_that_came_to_the_writer_is_on_their_rung() -> None:
    """A worker whom a teacher wrote to answers as one, and their manager as a manager."""
    told = (
        "I'm the social worker here, Kidderminster. Teacher emailed me Thursday last week saying "
        "the plan is drifting. Then their DSL rang my team manager yesterday, he said he'd check "
        "and ring her back."
    )
    assert [step[:2] for step in steps(told)] == [
        ("practitioner", "2026-11-12"),
        ("line_manager", "2026-11-19"),
    ]


def test_whoever_of_theirs_asked_nobody_is_no_denial_of_ours() -> None:
    """That the worker "never asked health" leaves the writer's own talks as told."""
    told = (
        "The social worker closed the case off her own bat, never asked health or school. "
        "Challenged her on Tuesday, she said it's done. My line manager spoke to her line manager "
        "on Wednesday and they've agreed to reopen. School nurse, Kettering"
    )
    assert [step[0] for step in steps(told)] == ["practitioner", "line_manager"]


@pytest.mark.parametrize(
    ("said", "on"),
    [
        ("I think the assessment is wrong. I rang the social worker yest", "19"),
        ("EDT would not meet on Saturday. Argued it with the social worker that night", "14"),
        ("I think the assessment is wrong. I rang the social worker 17th", "17"),
        ("I spoke to the social worker Sat re one we'd closed at the front door", "14"),
        ("The assessment is wrong. Argued it with the social worker Tue and again yesterday", "17"),
        ("The assessment is wrong. Told the social worker so on 11 Nov and on the 18th", "11"),
        ("I think the assessment is wrong. I rang the social worker this aft", "20"),
    ],
)
def test_the_day_of_a_talk_is_found(said: str, on: str) -> None:
    """The day is that of the night before it, or a bare number; "we'd" is no Wednesday.

    Of two days on one rung it is the first, since when an answer has been waited for.
    """
    told = f"PC on response, Halifax. {said}, she wouldn't change it."
    assert [step[1] for step in steps(told)] == [f"2026-11-{on}"]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("They want to step him down from CP, we don't agree.", ["child_protection_plan"]),
        ("She's coming off CIN on the 31st and I objected.", ["child_in_need"]),
        ("School excluded a child in need on Thursday.", ["child_in_need"]),
        ("They want to close a CIN case and I don't agree.", ["child_in_need"]),
        ("They won't step the kids up from CIN.", ["child_in_need"]),
        ("We cannot agree who leads for an early help family.", ["early_help"]),
        ("The school wants a child in need plan.", None),
        ("The early help worker closed the case.", None),
        ("The family's early help worker closed the case.", ["early_help"]),
        ("Their care plan has gone nowhere since August.", ["looked_after"]),
        ("We were told off for not offering therapy to a looked after lad.", ["looked_after"]),
        ("She should be a looked after child.", None),
        ("We say this child in need has to be stepped up.", ["child_in_need"]),
    ],
)
def test_a_plan_counts_while_leaving_it_is_only_proposed(
    told: str, status: list[str] | None
) -> None:
    """Stepping down that is wanted or to come leaves the plan; a worker's title is no plan."""
    found = measure.reader()(f"School nurse, Deal. {told}").facts.get("child_status")
    assert found == status


def test_a_call_with_somebody_having_a_go_is_a_challenge() -> None:
    """Whoever had somebody on the phone having a go has to answer."""
    told = (
        "HV team leader, Luton. Had a social work team manager on the phone Monday having a go, "
        "she says checking the home every week is our job."
    )
    assert measure.reader()(told).side == "receiver"


@pytest.mark.parametrize(
    ("told", "mine"),
    [
        ("HV team manager, Deal.", "health"),
        ("School nurse team leader, Deal.", "health"),
        ("Service manager, CAMHS, Deal.", "health"),
        ("Early help family worker, Deal.", "childrens_social_care"),
        ("I'm the chief officer of the NHS trust, Deal.", "health"),
    ],
)
def test_a_title_of_many_agencies_belongs_to_the_trade_beside_it(told: str, mine: str) -> None:
    """In "HV team manager" the first word says whose, and so does the place that stands after."""
    read = measure.reader()(f"{told} School will not share the records of a boy we work with.")
    assert read.facts.get("my_agency") == mine


def test_whoever_does_not_see_eye_to_eye_with_the_writer_is_the_other_agency() -> None:
    """An agency that the disagreement is only about is not the one that is disagreed with."""
    told = (
        "Class teacher, Deal. Health visitor and me don't see eye to eye on whether he is over the "
        "threshold for social care. We had a chat on Monday, she said she'd let me know."
    )
    assert measure.reader()(told).facts.get("their_agency") == "health"


def test_an_answer_that_the_writer_repeats_is_told() -> None:
    """Told "I don't accept that", whoever came has had the answer of the one they challenged."""
    told = (
        "Designated lead, academy, Deal. Police sergeant rang me Tuesday saying we broke procedure "
        "by talking to the parents first. I don't accept that and told him so."
    )
    assert steps(told) == [("line_manager", "2026-11-17", "unresolved")]


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (
            (
                "Duty SW, children's, Deal. GP phoned me on Monday unhappy with our NFA, I said "
                "threshold not met and left it at that. Their named nurse then rang my service "
                "manager yesterday; SM promised to look at it again."
            ),
            [
                ("practitioner", "2026-11-16", "unresolved"),
                ("senior_manager", "2026-11-19", "awaiting"),
            ],
        ),
        (
            (
                "Health visiting team leader, Deal. Social care will not step the family up. My "
                "worker and the SW spoke on 10 November, SW refused. I spoke to the TM on 12 "
                "November; refused."
            ),
            [
                ("practitioner", "2026-11-10", "unresolved"),
                ("line_manager", "2026-11-12", "unresolved"),
            ],
        ),
    ],
)
def test_a_talk_is_not_cut_in_two_after_whoever_had_it(
    told: str, meant: list[tuple[str, str, str]]
) -> None:
    """In "their nurse then rang ours" and "my worker and the SW spoke" the first is who spoke."""
    assert steps(told) == meant
