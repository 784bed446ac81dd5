"""What somebody says of their own manager or lead is told from what the other side says."""

import pytest

from bench import measure_understanding as measure
from bot.core.vocabulary import Agency

SAYS_NO, NOBODY = "own_manager", "nobody_there"


@pytest.mark.parametrize(
    ("text", "worry"),
    [
        ("my manager refuses to escalate", SAYS_NO),
        ("my team leader says leave it and wont take it further, i think she's wrong", SAYS_NO),
        ("line manager not backing me on this", SAYS_NO),
        ("my own service manager says no, we cant fall out with social care", SAYS_NO),
        ("our head has put her foot down, we're not taking it to their director", SAYS_NO),
        ("my matron just isn't having it", SAYS_NO),
        ("DSL off sick. am i allowed to ring social care myself", NOBODY),
        ("head is away and no deputy on site, can i phone social care myself as a TA", NOBODY),
        ("my supervisor is on a training day, so there's nobody to sign it off", NOBODY),
        ("our named nurse is on leave until monday", NOBODY),
        ("DSL on leave til monday, head is new. can I go to social care myself", NOBODY),
        ("im just a student nurse, the ward disagree but nobody is saying anything", None),
        ("their manager says no", None),
        ("im a social worker and the head wont share the chronology", None),
        ("my manager rang their manager on monday and got a flat no", None),
        ("our head emailed the service manager on friday, no reply", None),
        ("our dsl thinks it meets threshold but social care said no", None),
        ("the social worker's manager is off sick so nobody can decide", None),
        ("ive told my dsl and she thinks social care got it wrong too", None),
        ("my manager decided on thursday we go to stage 2, she hasnt rung yet", None),
        ("my dsl said no further action is wrong", None),
        ("its my head thats going to ring, who does she ring", None),
        ("my manager thinks that's the wrong decision", None),
        ("our line managers met friday and no agreement, theyre health", None),
        ("my supervisor agrees it needs escalating", None),
        ("my manager thinks im wrong", SAYS_NO),
        ("my manager says we were wrong to refer", SAYS_NO),
        ("my boss is not going to ring", SAYS_NO),
        ("my manager agrees with social care and not with me", SAYS_NO),
        ("line manager", None),
        ("add it to my calendar", None),
        ("worried, not immediate", None),
    ],
)
def test_ones_own_side_is_told_from_the_other(text: str, worry: str | None) -> None:
    """Only a manager or lead of their own who says no, or cannot be asked, is such a worry."""
    told = measure.reader()(text).own_side
    assert (told.worry if told and told.is_told else None) == worry


@pytest.mark.parametrize(
    ("text", "who", "agency"),
    [
        ("matron won't phone them", "matron", Agency.health),
        ("the deputy head isn't willing to ring anyone", "deputy head", Agency.education),
        ("charge nurse told me to forget about it", "charge nurse", Agency.health),
        ("sergeant reckons we should leave it be", "sergeant", Agency.police),
        ("the team manager won't take it up", "team manager", None),
        ("head of service says let it lie", "head of service", None),
    ],
)
def test_a_title_alone_leaves_it_to_the_conversation_whose_it_is(
    text: str, who: str, agency: Agency | None
) -> None:
    """The words do not say it; the title's agency may, or that it is asked."""
    told = measure.reader()(text).own_side
    assert told is not None
    assert (told.is_told, told.who, told.agency) == (False, who, agency)


@pytest.mark.parametrize(
    "text",
    ["my head won't let me take it to stage 2", 'ward sister: "we\'ve reported it, leave it"'],
)
def test_what_ones_own_side_says_fills_nothing_else(text: str) -> None:
    """No stage, no other agency, no other procedure, and no post of whoever writes."""
    reading = measure.reader()(text)
    assert reading.own_side is not None
    assert (reading.exit, reading.side) == (None, None)
    assert reading.level in {None, "practitioner"}
    assert not {"their_agency", "steps"} & set(reading.facts)


@pytest.mark.parametrize(
    "text",
    [
        "the head won't give us the register",
        "ward manager here, social care won't come to the discharge meeting",
        "the inspector won't send a car",
        "their team manager says leave it with her",
    ],
)
def test_what_the_other_side_refuses_is_no_matter_of_ones_own(text: str) -> None:
    """Only a challenge is refused on one's own side: nobody else is to share, come or send."""
    assert measure.reader()(text).own_side is None


def test_the_day_of_a_no_is_kept_with_it() -> None:
    """It is no day of a stage."""
    told = measure.reader()("my matron said no on tuesday").own_side
    assert told is not None
    assert str(told.on) == "2026-11-17"


def test_the_lead_who_is_away_is_not_the_person_who_asks() -> None:
    """A teaching assistant whose lead is off sick is no lead."""
    assert measure.reader()("DSL off sick. can i ring social care myself").level is None


def test_no_line_of_these_tests_is_trained_on() -> None:
    """Otherwise it would only be known by heart."""
    trained = {text for text, intent in measure.intent_examples() if intent == "own_side"}
    assert not trained & {"our head has put her foot down", "my matron just isnt having it"}


def test_a_manager_who_has_done_it_refuses_nothing() -> None:
    """That one's head did what was advised is no refusal, and nothing came of it yet."""
    for text in ("my head has done that", "our manager has sent it", "my dsl did what you said"):
        reading = measure.reader()(text)
        assert reading.own_side is None
        assert reading.outcomes == ()
