"""What follows from somebody of one's own side who says no or cannot be asked."""

from datetime import date

import pytest

from bot.core.rules.facts import Facts, OwnSide, Person
from bot.core.rules.own_side import own_side_items, own_side_words, whom_to_ask
from bot.core.vocabulary import Agency, Level, Worry
from tests.support.core import IDS, handbook, policies

PHRASES = handbook().phrases


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("dsl", "DSL said no"),
        ("deputy dsl", "Deputy DSL said no"),
        ("matron", "Matron said no"),
        ("head of service", "Head of service said no"),
        (None, "Manager or lead said no"),
    ],
)
def test_a_title_is_written_as_people_write_it(who: str | None, said: str) -> None:
    """Short titles stand in capitals, all others begin with one."""
    assert own_side_words(OwnSide(Worry.own_manager, who), PHRASES) == said


def test_the_day_is_said_where_it_is_known() -> None:
    """After the words, whatever stood in the way."""
    away = OwnSide(Worry.nobody_there, "matron", date(2026, 11, 19))
    assert own_side_words(away, PHRASES) == "Matron can't be asked (Thu 19 Nov 2026)"


@pytest.mark.parametrize(
    ("worry", "who", "level", "agency", "whom"),
    [
        (Worry.own_manager, "matron", None, Agency.health, "your safeguarding lead or the next"),
        (Worry.own_manager, None, None, Agency.health, "your safeguarding lead or the next"),
        (Worry.own_manager, "named nurse", None, Agency.health, "your deputy lead or the next"),
        (Worry.own_manager, "dsl", Level.practitioner, Agency.education, "your deputy lead or"),
        (Worry.own_manager, "head", Level.line_manager, Agency.education, "the next manager up,"),
        (Worry.own_manager, "matron", Level.director, Agency.health, "the next manager up"),
        (Worry.nobody_there, "matron", None, Agency.health, "the deputy, the manager on call"),
        (Worry.nobody_there, None, Level.director, Agency.education, "the deputy, the manager"),
        (Worry.nobody_there, "dsl", Level.director, Agency.education, "the deputy lead, the"),
    ],
)
def test_somebody_else_is_asked_than_who_says_no(
    worry: Worry, who: str | None, level: Level | None, agency: Agency, whom: str
) -> None:
    """Nobody is sent back to the lead who refused; who leads goes up, in a school to its board."""
    facts = Facts(my_agency=agency, me=Person(level=level))
    said = whom_to_ask(OwnSide(worry, who), facts, PHRASES)
    assert said.startswith(whom)
    school = worry is Worry.own_manager and level and level is not Level.practitioner
    assert ("governors" in said) is bool(school and agency is Agency.education)


@pytest.mark.parametrize("name", IDS)
def test_each_policy_says_what_it_has_on_ones_own_manager(name: str) -> None:
    """Its own words by its own section, then the guide's; of nobody there only the guide's."""
    policy, guidance = policies()[name], handbook().safety_guidance
    for level in (None, Level.line_manager):
        stated = [(one.what, policy.cite(one.source)) for one in policy.own_manager]
        for worry, anywhere in (
            (Worry.own_manager, guidance.confidence.own_manager),
            (Worry.nobody_there, guidance.confidence.nobody_there),
        ):
            items = own_side_items(OwnSide(worry, "matron"), level, policy, handbook())
            own = stated if worry is Worry.own_manager else []
            general = [(one.to(level), guidance.cite(one.source)) for one in anywhere]
            assert [(item.what, item.source) for item in items] == [*own, *general]
    assert stated
