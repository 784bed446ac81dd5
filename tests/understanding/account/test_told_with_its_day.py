"""An answer, a stage or a worry that is told at once is read as it was told."""

from typing import Any

import pytest

from bench import measure_understanding as measure
from bot.core.vocabulary import Level, Outcome, Side
from bot.understanding.account.outcomes import tells_of_answer


def stages(text: str) -> list[tuple[Any, ...]]:
    """Return each stage raised: its number, day, outcome and the day of the answer."""
    read = measure.reader()(text)
    return [
        tuple(one[part] for part in ("number", "on", "outcome", "answered_on"))
        for one in read.raised
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "stage 1 raised on 9 nov with social care, answered 13 nov, not settled. hv in Dover",
            [(1, "2026-11-09", "unresolved", "2026-11-13")],
        ),
        (
            (
                "dsl, Kent. stage 2 service manager answered 18 nov after we raised on 12 nov, "
                "still not agreed, stage 1 was raised 3 nov and not settled"
            ),
            [
                (1, "2026-11-03", "unresolved", None),
                (2, "2026-11-12", "unresolved", "2026-11-18"),
            ],
        ),
        (
            "dsl luton. stage 2 was on 12 november, their manager replied yesterday saying no",
            [(2, "2026-11-12", "unresolved", "2026-11-19")],
        ),
        (
            (
                "the officer's deadline passed yesterday, no written reply to our stage 1 of "
                "12 november. kent midwife team leader"
            ),
            [(1, "2026-11-12", "no_response", None)],
        ),
        (
            "the time ran out on wednesday, they never answered our stage 2 from 9 november. dsl",
            [(2, "2026-11-09", "no_response", None)],
        ),
    ],
)
def test_a_stage_keeps_its_day_and_the_answer_has_its_own(
    text: str, told: list[tuple[Any, ...]]
) -> None:
    """Neither the day of an answer nor that of a missed limit is the day of raising."""
    assert stages(text) == told


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (
            (
                "police sergeant kent. raised with csc team manager on monday 9th, they answered "
                "friday in writing, no. who next"
            ),
            Outcome.unresolved,
        ),
        (
            (
                "dsl luton. wrote to the team manager on 12 november, she replied tuesday that she "
                "will look into it"
            ),
            Outcome.awaiting,
        ),
    ],
)
def test_whoever_was_answered_is_not_waiting(text: str, outcome: Outcome) -> None:
    """An answer is no silence; a promise to look into it is still awaited."""
    assert [step["outcome"] for step in measure.reader()(text).facts["steps"]] == [outcome]


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("they answered friday in writing", True),
        ("she came back to us", True),
        ("the reply came on tuesday", True),
        ("they have not answered", False),
        ("nobody came back to us", False),
        ("if they replied", False),
        ("we replied yesterday", False),
        ("reply due friday", False),
        ("unanswered since friday", False),
    ],
)
def test_an_answer_is_told_from_silence(clause: str, told: bool) -> None:  # noqa: FBT001
    """Only an answer that came from the other side is one."""
    assert tells_of_answer(clause) is told


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("we've done the three rungs in hackney, last one ended friday, not agreed", [3]),
        ("we have been through stage one, two and three in hackney, not agreed", [1, 2, 3]),
        ("stg 2 was raised on 12 november. dsl in luton", [2]),
        ("the team manager refused stage 1, i cant ring him again", [1]),
        ("my manager refused stage 1", []),
        ("managers met at stage 2 last week. who has to come to stage 3 with me", [2]),
        ("what are the three stages", []),
        ("we raised stages 1, 2 and 3 with social care in hackney", [1, 2, 3]),
        ("raised stage 1, 2 weeks ago. dsl in luton", [1]),
        ("we did stage one two weeks ago. dsl in luton", [1]),
        ("raised stage 1 and 2 days later they said no. dsl in luton", [1]),
        ("stage 1, 2 nov, was raised. dsl in luton", [1]),
    ],
)
def test_stages_are_raised_as_they_are_told(text: str, numbers: list[int]) -> None:
    """However they are counted; what one's own side turns down, or is still to come, is none."""
    assert [one[0] for one in stages(text)] == numbers


@pytest.mark.parametrize(
    ("text", "side", "level"),
    [
        (
            (
                "hv team lead, kent: one of my health visitors has brought me a dispute with a "
                "social worker, they talked on thursday and didnt agree"
            ),
            Side.raiser,
            Level.line_manager,
        ),
        (
            (
                "matron in luton, my staff nurse has passed me her dispute with the social worker, "
                "they met on wednesday"
            ),
            Side.raiser,
            Level.senior_manager,
        ),
        (
            (
                "detective inspector Dorset police. school's head has rung me direct at stage 3 "
                "about us not sharing info, today"
            ),
            Side.receiver,
            Level.senior_manager,
        ),
    ],
)
def test_whose_dispute_it_is(text: str, side: Side, level: Level) -> None:
    """What their own staff bring is theirs to raise; another agency's is to be answered."""
    read = measure.reader()(text)
    assert (read.side, read.level) == (side, level)


@pytest.mark.parametrize(
    ("text", "mine", "theirs"),
    [
        (
            "Portsmouth rd school kent. sw shot down our referral",
            "education",
            "childrens_social_care",
        ),
        (
            (
                "kent school. this delay is killing me, i could murder the duty manager. social "
                "care took a stab at an assessment and closed it"
            ),
            "education",
            "childrens_social_care",
        ),
        ("ta luton", "education", None),
        ("ta", None, None),
    ],
)
def test_the_place_of_work_that_stands_first_is_ones_own(
    text: str, mine: str | None, theirs: str | None
) -> None:
    """Whoever is weighed after it. "Ta" alone may be thanks."""
    facts = measure.reader()(text).facts
    assert (facts.get("my_agency"), facts.get("their_agency")) == (mine, theirs)


@pytest.mark.parametrize(
    "text",
    [
        "worried, nothing tonight. dsl at a primary in whitstable, i rang the social worker",
        "head of year at a school in Deal and the dsl. spoke to sw friday, not settled",
        "dsl in Luton, cant say if its safe, social worker says no",
    ],
)
def test_a_lead_is_read_as_the_lead(text: str) -> None:
    """Wherever in their first words it stands."""
    assert measure.reader()(text).level == Level.line_manager


def test_a_lead_who_is_spoken_of_is_not_who_writes() -> None:
    """Where the lead is tells nothing of the writer's post."""
    assert measure.reader()("teacher in luton. dsl at a conference all day").level != "line_manager"


def test_a_talk_between_the_lead_and_a_manager_keeps_nobody_from_being_asked() -> None:
    """It was the lead's talk: nothing is said of whether the lead can be asked."""
    text = (
        "headteacher in Bedford, stage 2 between my dsl and the team manager finished on friday, "
        "still no agreement with children's social care over threshold."
    )
    assert measure.reader()(text).own_side is None


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("worried, nothing tonight. dsl in kent", "concern"),
        ("concerned but not right now, gp in dover", "concern"),
        ("nothing today, just worried. hv in luton", "concern"),
        ("worried that nothing is being done tonight", None),
        ("worried shes not safe tonight", "immediate_harm"),
    ],
)
def test_a_worry_that_is_stated_is_the_risk(text: str, risk: str | None) -> None:
    """Only where the time is all that is denied; what is graver stays graver."""
    assert measure.reader()(text).facts.get("risk") == risk


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("its about threshold", "threshold"),
        ("levels of need", "threshold"),
        ("mash knocked back my referral", "threshold"),
        ("social care wont accept our referral", "threshold"),
        ("they refused to take the referral", "threshold"),
        ("its about them stepping him down to early help", "step_up_step_down"),
        ("the plan is drifting", "plan_progress"),
        ("social worker says no to a strategy meeting", "child_protection_procedures"),
        ("the school is not coming to core group", "meeting_attendance"),
    ],
)
def test_a_kind_told_in_its_usual_words_is_sure(text: str, kind: str) -> None:
    """It need not be asked again."""
    first = measure.reader()(text).disagreement[0]
    assert (first.name, first.confidence) == (kind, 1.0)


def test_a_core_group_is_no_plan_by_itself() -> None:
    """Whether the child is on a child protection plan is asked."""
    text = "hv in hackney, i spoke to the social worker about the core group"
    assert "child_status" not in measure.reader()(text).facts


@pytest.mark.parametrize(
    "text", ["invite them to a meeting", "please invite the school to a meeting"]
)
def test_an_invitation_asked_for_is_a_draft(text: str) -> None:
    """It says nothing of who does not come to meetings."""
    assert measure.reader()(text).request == "draft"


def test_whoever_takes_a_case_over_wishes_for_no_rung() -> None:
    """Their own post is none to go to."""
    read = measure.reader()("its been handed to me, im the team leader now")
    assert read.takes_over
    assert (read.wish, read.level) == (None, Level.line_manager)


@pytest.mark.parametrize(
    "text", ["no change", "nothing new im afraid", "still the same", "any news needed?"]
)
def test_that_nothing_is_new_is_heard(text: str) -> None:
    """It is the whole message."""
    assert measure.reader()(text).nothing_new


@pytest.mark.parametrize(
    "text", ["no change of plan, they refused", "they say the same as stage 1"]
)
def test_news_is_not_taken_for_none(text: str) -> None:
    """Whatever tells more than that nothing changed is news."""
    assert not measure.reader()(text).nothing_new
