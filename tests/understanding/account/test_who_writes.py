"""Who writes: their employer, their side and their rung."""

import pytest

from bot.core.vocabulary import Agency, Level, Side
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.position import said_side
from tests.support.accounts import whole


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("night worker in a children's home in luton", Agency.other),
        ("im a social worker in adult services, dorset", Agency.adult_services),
        ("family support worker at a womens refuge in bedford", Agency.voluntary),
        ("supervising social worker from an independent agency in Kent", Agency.voluntary),
        ("social worker in a fostering agency, poole", Agency.voluntary),
        ("im a social worker at the hospital", Agency.childrens_social_care),
    ],
)
def test_whoever_runs_the_place_is_the_employer(text: str, agency: Agency) -> None:
    """A social worker or support worker is not always children's social care."""
    assert find_agencies(text).mine is agency


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (
            (
                "I manage a team of school nurses in Kent and the social worker has closed the "
                "case on us without asking anybody"
            ),
            Level.line_manager,
        ),
        (
            (
                "i oversee the outreach workers at a refuge in Poole, the police never told us "
                "that he had been bailed"
            ),
            Level.line_manager,
        ),
        (
            (
                "I'm a health visitor in Luton and social care have closed it without a word to me "
                "or to my manager"
            ),
            Level.practitioner,
        ),
    ],
)
def test_own_rung_that_is_said_overrules_what_was_learned(text: str, level: Level) -> None:
    """Whoever says that they manage people is believed."""
    assert whole(text).level is level


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("the school have raised a stage two against us", Side.receiver),
        ("i'm the one being challenged", Side.receiver),
        ("i am not the one escalating", Side.receiver),
        ("one of my health visitors has escalated to me", Side.raiser),
        ("we disagree", None),
    ],
)
def test_a_side_that_is_said_overrules_what_was_learned(text: str, side: Side | None) -> None:
    """Plain words need no weighing."""
    assert said_side(text, find_agencies(text)) is side


@pytest.mark.parametrize(
    ("text", "introduces"),
    [
        ("teacher", True),
        ("im a teacher in kent", True),
        ("teacher here, hackney school", True),
        ("I'm a coach at a football club", True),
        ("I'm a teacher in Outer Hebrides", True),
        ("a teacher hit a pupil", False),
        ("a teacher at our school hit a pupil", False),
        ("teacher slapped him", False),
        ("our teacher is sleeping with a pupil", False),
        ("the head says leave it", False),
        ("im a teacher and the social worker has closed the case", False),
    ],
)
def test_a_bare_introduction_is_known(text: str, introduces: bool) -> None:  # noqa: FBT001
    """It asks for no other procedure."""
    assert find_agencies(text).is_introduction is introduces


@pytest.mark.parametrize(
    "text",
    [
        "police came",
        "police on way",
        "police car outside",
        "ambulance arrived",
        "duty came out",
        "EDT just voicemail",
        "csc turned up at last",
        "CAMHS rang",
        "police attending",
    ],
)
def test_news_of_an_agency_is_not_who_writes(text: str) -> None:
    """Few words with an agency in them tell what it did, in the middle of an emergency too."""
    assert find_agencies(text).mine is None


@pytest.mark.parametrize(
    ("text", "mine"),
    [
        ("police, Luton", "police"),
        ("CAMHS Poole. They closed it", "health"),
        ("A&E reg at Whiston, mash said no", "health"),
        ("Hackney nursery, referral refused", "early_years"),
        ("independent school", "education"),
    ],
)
def test_an_agency_with_no_more_than_its_place_is_who_writes(text: str, mine: str) -> None:
    """So do people begin who are in a hurry."""
    assert find_agencies(text).mine == mine


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("I'm a DI in Kent and a school raised it with me on wednesday", "senior_manager"),
        ("DCI, dorset. a health visitor challenged me on tuesday about our nfa", "senior_manager"),
        ("head of service, csc, bedford. a head wrote to me on thursday", "senior_manager"),
        (
            "team manager csc, poole, a midwife rang me on friday to challenge it",
            "line_manager",
        ),
        (
            "director of nursing, dorchester hospital. csc wrote to me under stage 3 on wednesday",
            "director",
        ),
    ],
)
def test_who_was_written_to_stands_on_the_rung_of_their_title(text: str, level: str) -> None:
    """Their post, and what was raised with them, are on the rung that their title names."""
    read = whole(text)
    assert read.side is Side.receiver
    assert str(read.level) == level
    assert [str(step.level) for step in read.history.steps] in ([level], [])
