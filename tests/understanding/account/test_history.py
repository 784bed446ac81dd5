"""Steps, agencies, plans and stated risk, as practitioners tell them."""

from datetime import date

import pytest

from bot.core.vocabulary import Risk
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.dates import find_dates
from bot.understanding.account.history import History, find_history
from bot.understanding.danger.risk import stated_risk

TODAY = date(2026, 11, 20)


def told(text: str) -> History:
    """The history in a text."""
    return find_history(text, find_dates(text, TODAY), TODAY)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (
            "im dsl at a school in folkestone, i rang them on monday and got nowhere",
            [("practitioner", 16, "unresolved")],
        ),
        (
            "spoke to the social worker on Monday and her manager on Thursday, still no reply",
            [("practitioner", 16, "unresolved"), ("line_manager", 19, "no_response")],
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
    """Level, day and outcome together make a step; going higher says the lower did not settle."""
    found = [(str(step.level), step.on.day, str(step.outcome)) for step in told(text).steps]
    assert found == steps


@pytest.mark.parametrize(
    "text",
    [
        "spoke to my manager on Monday",
        "spoke to the social worker on Monday",
        "rang the social worker, no reply",
        "referred to MASH on monday, no reply",
        "i will ring the team manager next friday, no reply so far",
    ],
)
def test_half_a_step_is_not_filled(text: str) -> None:
    """A step needs a level, a past day and an outcome; the practitioner's manager is not a step."""
    assert told(text).steps == ()


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
