"""Who rings or writes with an answer has raised nothing: the day and the outcome are theirs."""

from datetime import date

import pytest

from bench import measure_understanding as measure


@pytest.mark.parametrize(
    "text",
    [
        "the social worker rang today and said no",
        "the team manager emailed me yesterday and refused",
        "their head of service phoned on Tuesday to say the decision stands",
        "I disagree with social care. Their manager phoned me this morning and said no",
        "the school rang me yesterday and said they wont share it",
        "we got the stage 2 reply from the service manager on Tuesday and its a no",
        "their director wrote to me under stage 3 with a refusal",
        "police in Poole, stage 2 on 10 November. the team manager emailed me and said no",
    ],
)
def test_an_answer_makes_nobody_the_one_who_owes_one(text: str) -> None:
    """Whoever hears the answer to their challenge goes on as the one who raised it."""
    assert measure.reader()(text).side != "receiver"


@pytest.mark.parametrize(
    "text",
    [
        "the DSL rang me on Monday, she isnt happy that we closed it, i said no",
        "a school DSL rang me yesterday and said she doesnt agree with our decision",
        "the head rang me on Tuesday to challenge our decision and I refused",
        "we got a stage 2 from the school on Monday",
        "ive received a stage 2 escalation, my answer is due on Friday",
    ],
)
def test_a_challenge_is_heard_as_one(text: str) -> None:
    """Whoever is told that somebody disagrees with them owes the answer."""
    assert measure.reader()(text).side == "receiver"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("they answered this morning and said no", 20),
        ("the social worker rang back today and says core group is on Thursday", 20),
        ("core group is on Thursday, their manager replied on Wednesday", 18),
        ("I rang them this morning and they said no", None),
        ("my manager rang theirs on Tuesday", None),
        ("the meeting is on Thursday", None),
        ("they will ring back today", None),
    ],
)
def test_the_day_of_an_answer_is_the_one_beside_it(text: str, day: int | None) -> None:
    """A meeting or a call of one's own has a day that is not the answer's."""
    told = measure.reader()(text).answered_on
    assert (date.fromisoformat(told).day if told else None) == day


def test_a_stage_keeps_its_day_when_they_rang_on_another() -> None:
    """The day of the call is that of the answer."""
    text = "I raised stage 2 on 10 November and their manager rang today and said no"
    (stage,) = measure.reader()(text).raised
    assert (stage["on"], stage["outcome"]) == ("2026-11-10", "unresolved")
    assert stage["answered_on"] == measure.TODAY.isoformat()


def test_a_call_that_answers_is_no_day_of_the_stage() -> None:
    """Where only the call has a day, the stage's is asked for."""
    (stage,) = measure.reader()(
        "I raised stage 2 and their manager rang me today and said no"
    ).raised
    assert (stage["on"], stage["answered_on"]) == (None, measure.TODAY.isoformat())


@pytest.mark.parametrize(
    ("text", "number", "on"),
    [
        ("school in Luton, stage 4 told the partnership on 10 November, waiting", 4, "2026-11-10"),
        ("stage 4 partnership notified on 10 November, no answer", 4, "2026-11-10"),
        ("social care step down. Stage 3 meeting was on 10 November, not settled", 3, None),
        ("stage 3 decision came on 10 November and we still disagree", 3, None),
    ],
)
def test_a_stage_named_by_its_number_stays_that_stage(
    text: str, number: int, on: str | None
) -> None:
    """A meeting or a decision has a day of its own; the stage was raised before."""
    (stage,) = measure.reader()(text).raised
    assert (stage["number"], stage["on"]) == (number, on)
