"""Whose agency is whose, where a word alone does not say it."""

from datetime import date

import msgspec
import pytest

from bench import measure_understanding as measure
from bot.core.vocabulary import Agency, Level
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.dates import find_dates
from bot.understanding.account.history import find_history
from bot.understanding.account.roles import ORGANISATION
from bot.understanding.account.whole import read_whole
from bot.understanding.words.patterns import SHEETS
from tests.support.each import each


def listed_roles() -> list[list[str]]:
    """The job titles that name an agency, by agency."""
    sheet = msgspec.yaml.decode((SHEETS / "roles.yml").read_bytes())
    return [
        [title for rung, titles in rungs.items() if rung != ORGANISATION for title in titles]
        for agency, rungs in sheet.items()
        if agency in Agency.__members__
    ]


TODAY = date(2026, 11, 20)


def test_my_school_is_mine_and_my_social_worker_is_not() -> None:
    """A place can be one's own; another agency's worker never is."""
    assert find_agencies("my school is in a trust").mine is Agency.education
    assert find_agencies("my social worker says no").mine is None


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("they agreed", ["resolved"]),
        ("they agreed to review it", []),
        ("she agreed to another meeting", []),
        ("nothing", ["no_response"]),
        ("nothing useful came of it", []),
    ],
)
def test_agreeing_to_look_again_is_not_agreement(text: str, outcomes: list[str]) -> None:
    """Only what is settled counts as settled."""
    found = find_history(text, find_dates(text, TODAY), find_agencies(text), TODAY, {})
    assert [str(outcome) for outcome in found.outcomes] == outcomes


@pytest.mark.parametrize(
    ("text", "mine", "level"),
    [
        ("HV in Sandy", Agency.health, Level.practitioner),
        ("probation officer, Dunstable", Agency.probation, Level.practitioner),
        ("detective sergeant, Poole", Agency.police, Level.line_manager),
        ("nursery manager in Deal", Agency.early_years, Level.line_manager),
        ("DSL in Folkestone", Agency.education, Level.line_manager),
        ("im a TA at a primary", Agency.education, Level.practitioner),
        ("Deal, midwife", Agency.health, Level.practitioner),
        (
            "Unborn baby, 34 weeks, no pre-birth assessment started. Midwife.",
            Agency.health,
            Level.practitioner,
        ),
        ("we at school have had enough", Agency.education, None),
        ("HT Poole. our form came back", Agency.education, Level.senior_manager),
        ("MW Dover. they closed it", Agency.health, Level.practitioner),
        ("EP in Dover", Agency.education, Level.practitioner),
        ("HV Beds ref'd to the dentist Tues", Agency.health, Level.practitioner),
        ("PO Luton asked for the plan", Agency.probation, Level.practitioner),
        ("team manager in a school nursing service", Agency.health, Level.line_manager),
        ("service manager at a refuge", Agency.voluntary, Level.senior_manager),
        ("our inspector has rung", Agency.police, None),
    ],
)
def test_a_bare_role_is_the_speaker(text: str, mine: Agency, level: Level | None) -> None:
    """A role that stands alone at the start or the end says who is writing, and on which rung."""
    found = find_agencies(text)
    assert (found.mine, found.theirs, found.level) == (mine, None, level)


@pytest.mark.parametrize(
    "text",
    [
        "The nursery made a referral and it was closed",
        "Housing sent in a referral and has heard nothing",
        "Probation sent a referral and nobody has replied",
        "GP referral was declined",
        "The school referred in March and it was rejected.",
        "School has sent five MARFs, come back NFA",
        "the referral was made by the midwife and they closed it",
    ],
)
def test_whoever_referred_is_not_disagreed_with(text: str) -> None:
    """The agency that referred is never taken for the one that turned it down."""
    assert find_agencies(text).theirs is None


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("i work for social care, it's with another social care team", "childrens_social_care"),
        ("i'm a teacher in luton, a different school refuses to share", "education"),
        ("we are the police, another police force won't send it", "police"),
        ("i'm a health visitor and it is a second health trust that closed it", "health"),
        (
            "im a social worker, another children's services refuse",
            "childrens_social_care",
        ),
    ],
)
def test_another_body_of_ones_own_kind_is_on_the_other_side(text: str, agency: str) -> None:
    """Both sides may be of one kind: whether they are one organisation is then asked."""
    found = find_agencies(text)
    assert (found.mine, found.theirs) == (agency, agency)


@pytest.mark.parametrize(
    "text",
    ["i'm a teacher and another teacher told me", "i work at a school, the school is worried"],
)
def test_a_colleague_is_no_other_side(text: str) -> None:
    """Somebody else of one's own body is on one's own side."""
    assert find_agencies(text).theirs is None


def test_a_duty_team_manager_is_social_care() -> None:
    """The trade's own titles name their agency."""
    found = find_agencies("dsl in Norwich, i spoke to the duty team manager on wednesday")
    assert (found.mine, found.theirs) == (Agency.education, Agency.childrens_social_care)


@each("role", sorted(role for agency in listed_roles() for role in agency))
def test_every_job_title_of_the_list_opens_an_account(role: str) -> None:
    """Whatever job title is added to the list, somebody can begin with it."""
    found = find_agencies(f"{role} in Luton. The plan has not been shared")
    assert found.mine is not None
    assert found.theirs is None


@pytest.mark.parametrize("text", ["SW Said no to us", "HV Monday was rude", "sw closed it"])
def test_a_title_before_what_somebody_did_is_not_the_writer(text: str) -> None:
    """A capital alone makes no place of a word."""
    assert find_agencies(text).mine is None


def test_a_role_with_its_place_between_commas_is_the_writer() -> None:
    """Wherever it stands in the account; whoever was spoken to is somebody else."""
    asked = find_agencies("is this worth it, school nurse in luton, they closed the case")
    assert (asked.mine, asked.theirs) == (Agency.health, None)
    told = find_agencies("spoke to the duty team, social worker at mash, she said no")
    assert (told.mine, told.theirs) == (None, Agency.childrens_social_care)


@pytest.mark.parametrize(
    "text",
    ["Poole Hospital", "Great Ormond Street Hospital", "Canterbury Christ Church", "in hospital"],
)
def test_a_place_of_treatment_is_no_agency(text: str) -> None:
    """It answers where the child is, not who works where or who is disagreed with."""
    found = find_agencies(text)
    assert (found.mine, found.theirs) == (None, None)


def test_a_hospital_that_did_something_is_one() -> None:
    """And so is one's own."""
    assert find_agencies("the hospital won't share the notes").theirs is Agency.health
    assert find_agencies("nurse at Poole Hospital, they closed it").mine is Agency.health


@pytest.mark.parametrize(
    ("text", "mine"),
    [
        (
            "SW on call, bournemouth, 1am. police refuse to use PPO, hospital refuse a bed",
            Agency.childrens_social_care,
        ),
        ("duty SW. ward wont keep a baby with a fracture, police say civil, kent", "same"),
        ("eds worker luton here, the police and the ward both refuse", "same"),
        ("EDS luton. police control refusing a welfare check", "same"),
        ("duty sergeant, gravesend. edt refuse to come out, hospital want her gone", Agency.police),
        ("edt wont come, ward wont keep him, GP luton", Agency.health),
    ],
)
def test_whoever_opens_with_a_bare_post_is_that(text: str, mine: Agency | str) -> None:
    """However many other agencies the account names."""
    wanted = Agency.childrens_social_care if mine == "same" else mine
    assert read_whole(text, TODAY, {}).agencies.mine is wanted


@pytest.mark.parametrize(
    "text",
    ["dsl voicemail. rang mash", "social worker refused, police refused", "sw says no to us"],
)
def test_a_post_that_something_is_said_of_opens_nothing(text: str) -> None:
    """It is somebody who was rung, or who refused."""
    assert find_agencies(text).opening is None


@each("text", ["social worker lied in her report", "health visitor withheld the photos"])
def test_whoever_is_said_to_do_something_is_not_the_writer(text: str) -> None:
    """A title at the start introduces nobody where what they did follows."""
    found = find_agencies(text)
    assert found.mine is None
    assert found.theirs is not None


@pytest.mark.parametrize(
    ("text", "mine", "theirs"),
    [
        (
            "wont budge: team manager at social care. im a nurse in central beds",
            "health",
            "childrens_social_care",
        ),
        (
            "dsl agrees with me its wrong. ta, bedford, social care shut it",
            "education",
            "childrens_social_care",
        ),
        (
            "a stage 3 came to me from the council service manager on the 24th",
            None,
            "childrens_social_care",
        ),
    ],
)
def test_neither_side_is_taken_for_the_other(
    text: str, mine: str | None, theirs: str | None
) -> None:
    """Whoever is spoken of first, backs the writer, or sent something is on their own side."""
    facts = measure.reader()(text).facts
    assert (facts.get("my_agency"), facts.get("their_agency")) == (mine, theirs)


def test_a_colleague_who_is_to_ring_is_no_wish() -> None:
    """That one's head will ring them is a plan, and no rung somebody wants to go to."""
    assert measure.reader()("my head is going to ring them, dsl, kent, social care").wish is None
