"""The law and guidance behind the guide's own statements, and what is said of what is open."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.core.handbook.sources import basis_problems, load_sources
from bot.core.handbook.topics import Topic
from bot.core.policy.loader import PolicyError
from bot.core.rules.results import Advice
from bot.core.vocabulary import Exit
from tests.support.core import IDS, advice_for, handbook

LOOKED_AT = date(2026, 11, 30)
NOT_ESTABLISHED = "not established"


def term(name: str) -> str:
    """Return what a term is said to mean."""
    (found,) = handbook().answers.terms_named(name)
    return found.what


def told(advice: Advice) -> str:
    """Return all that an exit says on where to go."""
    return " ".join([advice.next.summary, *(item.what for item in advice.guidance)])


def test_every_statement_of_the_guide_rests_on_a_source_somebody_looked_at() -> None:
    """With an owner, the day it was looked at, the day of the next look, and what was read."""
    book = handbook()
    assert list(basis_problems(book.statements(), book.sources)) == []
    assert len(book.statements()) > 100
    assert book.sources.owner
    for source in book.sources.sources:
        assert source.looked_at <= LOOKED_AT < source.next_review
        assert source.read


@pytest.mark.parametrize(
    "name",
    [
        "mandatory reporting",
        "duty to report child sexual abuse",
        "section 16la",
        "macpt",
        "family group decision making",
    ],
)
def test_what_could_not_be_established_is_said_as_that_with_the_day(name: str) -> None:
    """Whether a duty is in force is never guessed."""
    assert NOT_ESTABLISHED in term(name)
    assert re.search("(29|30) November 2026", term(name))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("family help", "targeted early help and support for children in need"),
        ("family help plan", "one plan"),
        ("lead child protection practitioner", "experienced social worker"),
        ("multi-agency child protection team", "one team"),
        ("working together", "The edition of 2026 has replaced that of 2023"),
        ("section 47", "lives, or is found, in its area"),
        ("significant harm", "of a similar child"),
        ("child in need", "significantly impaired"),
        ("fgm", "must themselves report"),
        ("fgm", "tells you that it was done to her, or you see signs"),
        ("section 20", "duty to give a child in need somewhere to live"),
        ("section 47", "in police protection or under an emergency protection order"),
        ("looked after", "more than 24 hours"),
        ("police protection", "up to 72 hours"),
        ("emergency protection order", "A court can make"),
        ("gillick", "enough to decide"),
        ("prevent duty", "drawn into terrorism"),
        ("children's social care", "the local council's service"),
        ("PLO", "may ask a court for a care or supervision order"),
        ("special guardianship order", "The parents keep parental responsibility"),
        ("chronology", "by date"),
        ("child in need review", "how a child in need plan is going"),
        ("single assessment", "up to 45 working days"),
        ("the guardian", "not part of the council"),
        ("supervision order", "no parental responsibility"),
        ("private fostering", "28 days or more"),
        ("EHCP", "SEND Tribunal"),
        ("NRM", "need not agree"),
    ],
)
def test_terms_are_those_of_the_law_and_guidance_of_today(name: str, said: str) -> None:
    """As they stood on the day the sources were looked at."""
    assert said in term(name)


@pytest.mark.parametrize("partnership", IDS)
def test_an_allegation_never_goes_to_the_person_it_is_about(partnership: str) -> None:
    """Nobody knows whom it is about, so the answer carries the branches."""
    advice = advice_for(partnership, exit="allegation")
    whole = told(advice)
    assert "never the person it is about" in advice.next.summary
    assert "headteacher or principal. If it is about them, tell the chair of governors" in whole
    assert "conflict of interest, go straight to the LADO" in whole
    assert "if it is about your safeguarding lead or your manager, pass them over" in whole
    assert "within one working day" in whole
    assert "the police and children's social care first" in whole
    assert "Tell your designated safeguarding lead" not in whole
    assert advice.headline is not None
    assert "if it is about them, tell the chair of governors" in advice.headline.do
    assert "About anybody else, tell whoever your organisation names" in whole
    assert "have not been read for this guide" in whole


@pytest.mark.parametrize("name", ["kcsie", "working together"])
def test_an_edition_that_nobody_read_is_said_to_be_unread(name: str) -> None:
    """Practitioners are told, and not only the keepers' register."""
    assert "not been read for this guide" in term(name)


def test_the_duty_to_share_is_told_with_the_acts_own_limits() -> None:
    """It binds organisations, to each other, so far as it helps, and not against the child."""
    consent = " ".join(one.what for one in handbook().answers.guidance_on(Topic.consent))
    for told_as in (term("section 16la"), consent):
        for limit in ("rganisation", "to each other|with each other", "so far as", "worse for the"):
            assert re.search(limit, told_as)
        assert "not in force on 30 May 2026" in told_as
    assert "it can be your duty" not in consent


@pytest.mark.parametrize("partnership", IDS)
def test_whistleblowing_has_numbers_and_takes_worries_about_others(partnership: str) -> None:
    """The NSPCC's line, Protect and Ofsted, also where a policy has words of its own."""
    whole = told(advice_for(partnership, exit="whistleblowing"))
    for said in ("0800 028 0285", "020 3117 2520", "Ofsted", "another organisation"):
        assert said in whole


def test_the_guides_own_words_on_another_procedure_never_stand_under_a_policys_name() -> None:
    """Kent says what it says; where to go then is the guide's standing guidance."""
    for name in (Exit.own_agency, Exit.risk_increased):
        advice = advice_for("kent", exit=str(name))
        own, *ours = advice.guidance
        assert own.source.document == "Kent Escalation and Professional Challenge"
        assert "your line manager" not in own.what
        assert "new referral" not in own.what
        assert {item.source.document for item in ours} == {"Escalation Guide standing guidance"}
        assert ours[0].what in advice.next.summary


HEAD = "document: X\nowner: Somebody\nsources:\n"
ONE = "  - {id: law, title: A law, looked_at: 2026-11-29, next_review: 2027-01-31, read: All.}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ONE + ONE, "each id once"),
        (ONE.replace("2027-01-31", "2026-11-29"), "a day after looked_at"),
        (ONE.replace(", read: All.", ""), "the key read"),
        (ONE.replace("read: All.", "read: ''"), "some text"),
    ],
)
def test_a_wrong_register_is_refused_with_what_was_expected(
    tmp_path: Path, text: str, expected: str
) -> None:
    """It stops the start, as a wrong policy file does."""
    path = tmp_path / "sources.yml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        load_sources(path)
    assert any(expected in str(problem) for problem in error.value.problems)


def test_a_statement_without_a_source_or_with_an_unknown_one_is_a_problem(tmp_path: Path) -> None:
    """And so is a source that nothing rests on."""
    path = tmp_path / "sources.yml"
    path.write_text(HEAD + ONE, encoding="utf-8")
    found = list(basis_problems(handbook().statements(), load_sources(path)))
    assert any(problem.got == "guide" for problem in found)
    assert any(problem.got.startswith("none in") for problem in found)
