"""Steps, agencies, plans and stated risk, as practitioners tell them."""

from datetime import date

import pytest

from bot.core.vocabulary import Outcome, Risk
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.dates import find_dates
from bot.understanding.account.history import History, find_history
from bot.understanding.danger.risk import stated_risk

TODAY = date(2026, 11, 20)


def told(text: str) -> History:
    """The history in a text."""
    return find_history(text, find_dates(text, TODAY), find_agencies(text), TODAY, {})


def steps_of(text: str) -> list[tuple[str, int | None, str | None]]:
    """The steps as level, day of the month and outcome."""
    return [
        (
            step.level.value,
            step.on.day if step.on else None,
            step.outcome.value if step.outcome else None,
        )
        for step in told(text).steps
    ]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (
            "im dsl at a school in folkestone, i rang them on monday and got nowhere",
            [("practitioner", 16, "unresolved")],
        ),
        (
            "spoke to the social worker on Monday and her manager on Thursday, still no reply",
            [("practitioner", 16, None), ("line_manager", 19, "no_response")],
        ),
        (
            "I emailed the team manager on 3 November, she said she'd get back to me",
            [("line_manager", 3, "awaiting")],
        ),
        (
            "sw closed the case without telling us, i rang her team manager monday and she said no",
            [("line_manager", 16, "unresolved")],
        ),
        (
            (
                "rang MASH tuesday, they wouldn't budge. went to the service manager wednesday, "
                "awaiting reply"
            ),
            [("practitioner", 17, "unresolved"), ("senior_manager", 18, "awaiting")],
        ),
        (
            "escalated to the assistant director last friday, heard nothing",
            [("director", 13, "no_response")],
        ),
    ],
)
def test_complete_steps_are_filled(text: str, steps: list[tuple[str, int, str]]) -> None:
    """A step is its level, day and outcome; going higher does not say what the lower answered."""
    assert steps_of(text) == steps


@pytest.mark.parametrize(
    "text",
    [
        "spoke to my manager on Monday",
        "referred to MASH on monday, no reply",
        "HV ref'd to MASH on monday",
        "the health visitor sent a referral on monday",
        "the social worker told us on monday that it is closed",
    ],
)
def test_what_challenges_nobody_is_no_step(text: str) -> None:
    """One's own manager, a referral and their own decision are no talk about the disagreement."""
    assert told(text).steps == ()


@pytest.mark.parametrize(
    "text",
    [
        "i will ring the team manager next friday, no reply so far",
        "i want to speak to the head of service",
        "I havent spoken to the social worker yet",
        "should i email her manager",
        "we are going to escalate it to the service manager on monday",
        "if the team manager says no i will go to the head of service",
        "calling their manager tomorrow",
    ],
)
def test_what_is_planned_or_wished_is_no_step(text: str) -> None:
    """Only what has happened counts."""
    assert told(text).steps == ()


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("spoke to the social worker on Monday", [("practitioner", 16, None)]),
        ("rang the social worker, no reply", [("practitioner", None, "no_response")]),
        ("emailed the team manager", [("line_manager", None, None)]),
        ("our head has rung the service manager", [("senior_manager", None, None)]),
    ],
)
def test_half_a_step_is_kept(text: str, steps: list[tuple[str, int | None, str | None]]) -> None:
    """The half that is told is kept, so that only the other half is asked for."""
    assert steps_of(text) == steps


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (
            "our inspector raised it with the duty manager on Friday, she'll ring him back",
            [("line_manager", 13, "awaiting")],
        ),
        ("practitioner to practitioner 3 Nov – refused", [("practitioner", 3, "unresolved")]),
        (
            "I emailed the midwife on 3 Nov, no reply. the senior nurse next, then the matron",
            [
                ("practitioner", 3, "no_response"),
                ("line_manager", None, None),
                ("senior_manager", None, None),
            ],
        ),
        (
            "spoke to the social worker on Tuesday, head of service turned it down",
            [("practitioner", 17, None), ("senior_manager", None, "unresolved")],
        ),
        (
            "my manager rang their team manager on Monday, neither would move",
            [("line_manager", 16, "unresolved")],
        ),
        (
            "i rang the SW Monday and got nowhere, my manager took it to hers on Wednesday",
            [("practitioner", 16, "unresolved"), ("line_manager", 18, None)],
        ),
        (
            "SW 3 Nov no reply, TM 6 Nov said no",
            [("practitioner", 3, "no_response"), ("line_manager", 6, "unresolved")],
        ),
        (
            "emailed the service manager on 10 Nov and two days later she said the decision stands",
            [("senior_manager", 10, "unresolved")],
        ),
        ("spoke to HV 5/7 ago, not settled", [("practitioner", 15, "unresolved")]),
        ("d/w SW Fri, no joy", [("practitioner", 13, "unresolved")]),
        ("tel SW 13/11, no joy", [("practitioner", 13, "unresolved")]),
        (
            "HV Beds ref'd to MASH Tues, NFA'd Weds, d/w SW Fri",
            [("practitioner", 13, None)],
        ),
    ],
)
def test_a_frame_needs_no_set_wording(
    text: str, steps: list[tuple[str, int | None, str | None]]
) -> None:
    """Who went to whom is read from roles and clauses, with or without a verb."""
    assert steps_of(text) == steps


@pytest.mark.parametrize(
    "text",
    [
        "grandad phoned me on tuesday about it",
        "rang the pharmacy friday",
        "told our nurse on thursday",
        "mums solicitor emailed me yesterday and I told her I disagree",
        "I had a call from the neighbour on sunday",
        "the garage rang me on monday",
        "the social worker rang mum on wednesday",
        "dad told the social worker on thursday that its not true",
        "spoke with my colleague on friday, she agrees",
    ],
)
def test_a_talk_needs_somebody_of_the_other_side(text: str) -> None:
    """Whoever rings: a relative, a colleague or a shop is no party to the disagreement."""
    assert told(text).steps == ()


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("the TM rang me on monday and she said no", "line_manager"),
        ("my TM rang theirs on monday", "line_manager"),
        ("told the lady on the desk at mash on friday", "practitioner"),
        ("raised mums drinking with the social worker on friday", "practitioner"),
        ("mum and the social worker rang me monday, i told her its wrong", "practitioner"),
        ("spoke to her mums social worker on monday", "practitioner"),
        ("the a&e sister wont listen, I rang her on monday", "practitioner"),
    ],
)
def test_a_talk_with_the_other_side_is_one_whoever_else_is_named(text: str, level: str) -> None:
    """Who rang whom does not matter, nor that a relative is spoken of."""
    assert [str(step.level) for step in told(text).steps] == [level]


@pytest.mark.parametrize(
    ("text", "nobody"),
    [
        ("rang mum on friday. nobody has spoken to csc yet", True),
        ("I've not spoken to anyone there yet", True),
        ("I emailed the social worker my notes monday. we havent raised it with them", True),
        ("nobody's been spoken to yet", True),
        ("I've told nobody so far", True),
        ("nobody has rung us back", False),
        ("I havent spoken to anyone senior yet", False),
        ("he's not spoken to them", False),
        ("nobody has spoken to them bar me", False),
        ("I havent rung her manager yet", False),
        ("we were not told", False),
    ],
)
def test_nobody_was_asked_outweighs_what_sounds_like_a_talk(text: str, nobody: bool) -> None:  # noqa: FBT001
    """What the other side has not done, or who has not been asked yet, is another matter."""
    found = told(text)
    assert found.contacts.nobody_asked is nobody
    assert not (nobody and found.steps)


def test_chasing_is_no_second_step() -> None:
    """A step keeps the day it was raised on, and has the last answer."""
    text = "emailed the social worker on 3 Nov, chased on 10 Nov, still no reply"
    assert steps_of(text) == [("practitioner", 3, "no_response")]


@pytest.mark.parametrize(
    "text",
    [
        "the social worker rang back and says core group is on thursday but i dont believe it",
        "they said they will look at it again but I don't trust it",
    ],
)
def test_doubt_about_an_answer_leaves_it_unsettled(text: str) -> None:
    """Whoever doubts a promise has had an answer: they are not waiting for one."""
    assert told(text).outcomes[-1] is Outcome.unresolved


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("they answered but it's no", ["unresolved"]),
        ("they've come back and it's still a no.", ["unresolved"]),
        ("it was a flat no", ["unresolved"]),
        ("still no reply since tuesday", ["no_response"]),
        ("they've accepted it now", ["resolved"]),
        ("sorted", ["resolved"]),
    ],
)
def test_short_outcomes_are_understood(text: str, outcomes: list[str]) -> None:
    """A bare no is an answer, and "no reply" means that there was none."""
    assert [str(one) for one in told(text).outcomes] == outcomes


@pytest.mark.parametrize(
    ("text", "not_done"),
    [
        ("not done yet", True),
        ("haven't raised it yet", True),
        ("I haven't had chance to ring them", True),
        ("[case code] not yet", True),
        ("we still haven't sent it", True),
        ("didn't get round to it", True),
        ("they haven't done anything", False),
        ("they still haven't called", False),
        ("haven't heard back", False),
        ("not settled", False),
    ],
)
def test_not_done_yet_is_about_the_practitioner(text: str, not_done: bool) -> None:  # noqa: FBT001
    """What has not been done yet is the practitioner's own step, not the other agency's."""
    assert told(text).not_done is not_done


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("child is on a cp plan", ["child_protection_plan"]),
        ("she's a looked after child", ["looked_after"]),
        ("he's on a child in need plan", ["child_in_need"]),
        ("open to early help since may", ["early_help"]),
        ("they shut the CIN without us", ["child_in_need"]),
        ("her two olders are CIN", ["child_in_need"]),
        ("a LAC lad with no worker", ["looked_after"]),
        ("I'm the carer's supervising social worker", ["looked_after"]),
        ("the LAC nurse rang", []),
        ("they say it isn't CIN level", []),
        ("she told me it'll be CIN", []),
        ("he's not on a CP plan", []),
        ("they want to step him down to CIN", []),
        ("csc told us to do an early help assessment", []),
    ],
)
def test_plans_are_those_the_child_has(text: str, status: list[str]) -> None:
    """A plan that somebody wants, or that is denied, is not one the child is on."""
    assert [str(one) for one in told(text).child_status] == status


@pytest.mark.parametrize(
    ("text", "mine", "theirs"),
    [
        ("I'm a health visitor and the social worker wont call", "health", "childrens_social_care"),
        ("we at school think csc are wrong", "education", "childrens_social_care"),
        ("im dsl at a primary, the police wont share", "education", "police"),
        ("I'm a school nurse, MASH nfa'd it", "health", "childrens_social_care"),
        ("the sw said log it", None, "childrens_social_care"),
        ("I'm a social worker and the school wont attend", "childrens_social_care", "education"),
        ("we are a refuge, housing wont help", "voluntary", "housing"),
        ("he's missing school", None, None),
        (
            "hackney school, teaching assistant. the social worker has shut the case again",
            "education",
            "childrens_social_care",
        ),
        ("health visitor, luton - csc have closed it", "health", "childrens_social_care"),
        ("health visitor. she wont come out, so we are stuck", None, "health"),
        ("school nurse has gone off sick. csc wont act", None, "childrens_social_care"),
    ],
)
def test_own_and_other_agency_are_told_apart(
    text: str, mine: str | None, theirs: str | None
) -> None:
    """The practitioner's agency is told from the one they disagree with."""
    found = find_agencies(text)
    assert (found.mine and str(found.mine), found.theirs and str(found.theirs)) == (mine, theirs)


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("worried but not immediate", Risk.concern),
        ("it isn't immediate", Risk.concern),
        ("not sure if it's urgent", Risk.unsure),
        ("at immediate risk of significant harm", Risk.immediate_harm),
        ("in danger right now", Risk.immediate_danger),
        ("not in immediate danger", Risk.concern),
        ("nothing about risk here at all", None),
    ],
)
def test_risk_is_only_what_is_stated(text: str, risk: Risk | None) -> None:
    """A stated risk is taken; none is made up."""
    assert stated_risk(text) is risk
