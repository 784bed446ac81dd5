"""Accounts read as a whole: whom somebody talked to, on which rung and day, and what came of it."""

from datetime import date

import pytest

from bench.measure_understanding import answers_ranked
from bot.core.vocabulary import Agency, Level, Outcome, Side
from bot.understanding.account import learned
from bot.understanding.account.outcomes import find_outcomes
from bot.understanding.account.whole import read_whole
from bot.understanding.words.text import normal
from tests.support.accounts import SUNDAY, whole


@pytest.mark.parametrize(
    ("text", "side", "level", "on"),
    [
        (
            (
                "im a team manager in childrens social care in hackney, a school raised stage two "
                "with me on tuesday about us closing a case. what do i owe them"
            ),
            Side.receiver,
            Level.line_manager,
            24,
        ),
        (
            (
                "head of a nursery rang me on thursday to challenge our closing a referral. "
                "I'm a team manager in MASH, Kent"
            ),
            Side.receiver,
            None,
            26,
        ),
        (
            (
                "health visitor in luton. i told the social worker on monday that the plan is not "
                "working, then my team leader rang her manager on wednesday and he will think "
                "about it"
            ),
            Side.raiser,
            Level.line_manager,
            25,
        ),
    ],
)
def test_side_rung_and_day_come_out_of_one_account(
    text: str, side: Side, level: Level | None, on: int
) -> None:
    """Who raised it with whom, on which rung, on which day."""
    read = whole(text)
    top = read.history.steps[-1]
    assert read.side is side
    assert top.on is not None
    assert top.on.day == on
    assert level is None or top.level is level


def test_what_is_not_told_of_a_talk_is_not_guessed() -> None:
    """Only with whom and when: what came of it is asked."""
    text = (
        "school nurse in Biggleswade, spoke to the social worker on Monday and her manager on "
        "Thursday, still no reply"
    )
    told = read_whole(text, SUNDAY, answers_ranked(text))
    first, second = told.history.steps
    assert (first.level, first.outcome) == (Level.practitioner, None)
    assert (second.level, second.outcome) == (Level.line_manager, Outcome.no_response)


@pytest.mark.parametrize(
    "text",
    [
        "threshold",
        "it was about thresholds",
        "The level of need, or a referral not accepted",
        "information sharing",
        "A plan that is not making progress",
    ],
)
def test_what_it_is_about_is_no_outcome(text: str) -> None:
    """Typed while the outcome is asked for, it leaves that question open."""
    learned_of_it = {normal(text): ("unresolved", 0.9)}
    assert find_outcomes(normal(text), learned_of_it) == []
    assert find_outcomes("refused, threshold not met", {}) != []


ANSWERS = {
    Outcome.unresolved: (
        "she said that's not for us",
        "he reckons the school can do it with early help",
        '"we\'re at capacity" was all I got',
        "her manager is of the same opinion",
        "she told me to get the GP to refer him",
    ),
    Outcome.awaiting: (
        "she is going to run it past her boss",
        "he's pulling the file and will ring me",
        "she wants to see our chronology before she says anything",
        "they will let us know after their meeting",
    ),
    Outcome.no_response: (
        "not so much as a text since",
        "it just goes to answerphone",
        "I've rung four times since and nobody rings back",
    ),
    Outcome.resolved: ("they have taken him back on", "she agreed and reopened it that day"),
}


def test_reported_speech_says_what_came_of_a_talk() -> None:
    """An open class: most are read, hardly any wrongly, and the rest is asked."""
    right: list[str] = []
    wrong: list[str] = []
    for meant, clauses in ANSWERS.items():
        for answer in clauses:
            text = f"school nurse in Luton. I rang the social worker on Monday about it, {answer}"
            read = read_whole(text, SUNDAY, answers_ranked(text))
            heard = read.history.steps[0].outcome
            (right if heard is meant else wrong if heard else []).append(answer)
    assert len(right) >= 10, right
    assert len(wrong) <= 1, wrong


def test_a_referral_is_no_talk_beside_one() -> None:
    """The day of the talk is kept, not that of the referral."""
    text = "HV Beds ref'd to MASH Tues, NFA'd Thurs, d/w SW Fri n/f/a, TM to ring?"
    (step,) = whole(text).history.steps
    assert (step.level, step.on) == (Level.practitioner, date(2026, 11, 27))


@pytest.mark.parametrize(
    "text",
    [
        "GP in Hackney. csc closed the case after I referred. Grandad phoned me on tuesday.",
        "School Kent, csc refused referral. her sister rang me last monday",
        "Rang the pharmacy friday. gp kent csc nfa. nobody has spoken to csc yet",
        "Mum's solicitor phoned me yesterday. I'm a hv in luton and csc refused the referral",
        "csc refused referral, school in Kent. I told our nurse about it on thursday.",
        "The landlord emailed us on monday. youth club in luton, csc said no further action",
    ],
)
def test_a_talk_with_anybody_else_is_no_step(text: str) -> None:
    """However long the account, and whatever was learned."""
    assert whole(text).history.steps == ()


@pytest.mark.parametrize(
    "text",
    [
        "quick - need an email to the csc manager in bedford, they refused s47, i'm the dsl here",
        "i want to write to their team manager, kent, we're a school and they said no to our form",
        "can you draft a letter to the head of service for me, gp in poole, they shut the case",
    ],
)
def test_a_letter_to_be_written_is_no_step(text: str) -> None:
    """Nothing is booked that somebody only asks help with."""
    assert whole(text).history.steps == ()


def test_few_words_are_read_by_rules_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is too little to weigh in an answer."""
    monkeypatch.setattr(learned, "load_weights", pytest.fail)
    assert whole("hv in luton").agencies.mine is Agency.health
    with pytest.raises(pytest.fail.Exception):
        whole("hv in luton, we have asked and asked the school for the records of this child")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (
            "school nurse, Luton, I rang the team manager on monday about the closure, no",
            Level.practitioner,
        ),
        (
            "tenancy officer, Poole. their team manager phoned me on monday and wouldn't reopen it",
            Level.practitioner,
        ),
        (
            "HV in Sandy, e-mailed the service manager on tuesday, the plan fails, refused",
            Level.practitioner,
        ),
        (
            "school nurse, Luton, my team lead rang the team manager on monday, she said no",
            Level.line_manager,
        ),
        (
            "midwife, Deal. told my manager, who then rang their team manager on monday, no",
            Level.line_manager,
        ),
        (
            "DSL at a school in Hackney, I rang the social worker on monday and she wouldn't move",
            Level.practitioner,
        ),
        (
            "DSL at a school in Hackney, I rang the team manager on monday and she wouldn't move",
            Level.line_manager,
        ),
        (
            "we are a school in Kent and I spoke to the duty team manager on monday, she said no",
            Level.line_manager,
        ),
    ],
)
def test_a_talk_is_on_the_rung_that_both_sides_have_reached(text: str, level: Level) -> None:
    """Whoever rings a manager has not had their own manager ring, whichever of them rang.

    Where the post of whoever writes is not told, it is on the rung of whoever they spoke to.
    """
    (step,) = whole(text).history.steps
    assert step.level is level


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("HV Sandy, rang SW Tues re closing, n/j", Outcome.unresolved),
        ("HV Sandy, e-mailed SW Tues re closing, n/r", Outcome.no_response),
        ("HV Sandy, rang SW Tues re closing, n/a x3", Outcome.no_response),
        ("HV Sandy, d/w SW Tues re closing, no joy", Outcome.unresolved),
        ("HV Sandy, d/w SW Tues re closing, nfa'd again", Outcome.unresolved),
        ("HV Sandy, d/w SW Tues re closing, n/f/a", Outcome.unresolved),
    ],
)
def test_the_short_forms_of_an_answer_are_read(text: str, outcome: Outcome) -> None:
    """As they stand in a case note."""
    (step,) = read_whole(text, SUNDAY, answers_ranked(text)).history.steps
    assert step.outcome is outcome
