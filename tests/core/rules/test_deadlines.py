"""By when: what is due, what has passed and since when, and what the summary says of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given

from bot.core.cards.advice import advice_card
from bot.core.cards.card import card_text
from bot.core.rules.working_days import is_working_day
from bot.core.vocabulary import Action
from tests.support.core import (
    Steps,
    advice_for,
    advice_on,
    dues,
    facts_waiting,
    handbook,
    policies,
    step,
    told,
    what,
)


@pytest.mark.parametrize(
    ("partnership", "steps", "expected"),
    [
        ("kent", (("line_manager", "17", "awaiting"),), [("receiver", "2026-11-24", False)]),
        (
            "kent",
            (("line_manager", "16", "awaiting"),),
            [
                ("receiver", "2026-11-23", True),
                ("raiser", "2026-11-24", False),
                ("receiver", "2026-12-01", False),
            ],
        ),
        (
            "kent",
            (("line_manager", "16", "unresolved"),),
            [("raiser", "2026-11-24", False), ("receiver", "2026-12-01", False)],
        ),
        (
            "pan_dorset",
            (("practitioner", "16", "unresolved"),),
            [("raiser", "2026-11-25", False), ("raiser", "2026-11-30", False)],
        ),
        # Working day 10 counts on from Stage 2, also before Stage 3 has begun.
        (
            "pan_dorset",
            (("practitioner", "16", "unresolved"), ("line_manager", "18", "unresolved")),
            [("raiser", "2026-12-02", False)],
        ),
        (
            "pan_dorset",
            (("line_manager", "09", "unresolved"), ("senior_manager", "20", "awaiting")),
            [("raiser", "2026-11-23", True)],
        ),
        # Bedfordshire's 24 hours are those of acting on the concern: a talk that failed inside
        # them does not end them.
        (
            "pan_bedfordshire",
            (("practitioner", "24", "unresolved"),),
            [("raiser", "2026-11-25", False)],
        ),
        ("pan_bedfordshire", (("practitioner", "22", "unresolved"),), []),
        (
            "pan_bedfordshire",
            (("practitioner", "22", "awaiting"),),
            [],
        ),
        ("trust_guidance", (("director", "23", "resolved"),), [("raiser", "2026-11-24", False)]),
        ("trust_guidance", (("director", "23", "unresolved"),), [("raiser", "2026-11-24", False)]),
        ("trust_guidance", (("line_manager", "23", "unresolved"),), []),
    ],
)
def test_deadlines_are_those_running_starting_or_passed(
    partnership: str, steps: Steps, expected: list[tuple[str, str, bool]]
) -> None:
    """Each with who is bound, and the passed one marked overdue."""
    assert dues(advice_for(partnership, *steps)) == expected


@pytest.mark.parametrize(
    ("partnership", "steps", "expected"),
    [
        # An answer is waited for; then it is overdue, and the next stage has a limit of its own.
        ("kent", (("line_manager", "17", "awaiting"),), {"Stage 1": "Due Tue 24 Nov 2026"}),
        (
            "kent",
            (("line_manager", "16", "awaiting"),),
            {
                "Stage 1": "Was due Mon 23 Nov 2026",
                "Stage 2": "Due Tue 24 Nov 2026, if raised today",
            },
        ),
        # The limit that already runs is that of the stage they are at.
        ("pan_bedfordshire", (), {"Stage 1": "Due Wed 25 Nov 2026"}),
        # No limit, no date.
        ("trust_guidance", (("line_manager", "23", "unresolved"),), {}),
    ],
)
def test_the_picture_of_the_stages_says_by_when(
    partnership: str, steps: Steps, expected: dict[str, str]
) -> None:
    """The present and the next stage carry their first date; a passed date is named as passed."""
    policy = policies()[partnership]
    card = advice_card(advice_for(partnership, *steps), policy, handbook().phrases)
    assert {stage.label: stage.by for stage in card.stages if stage.by} == expected


def test_bedfordshires_24_hours_count_from_the_concern() -> None:
    """From `concern_on` where it is given, though talking began later."""
    advice = advice_for(
        "pan_bedfordshire", ("practitioner", "24", "awaiting"), concern_on="2026-11-23"
    )
    assert dues(advice) == [("raiser", "2026-11-24", False)]
    assert advice.next.action == "wait"


def test_bedfordshires_passed_24_hours_are_made_up_for_today() -> None:
    """The talk came too late, and failed: the advice names the passed time and says to go on."""
    talked = ("practitioner", "19", "unresolved")
    advice = advice_for("pan_bedfordshire", talked, concern_on="2026-11-16")
    (late,) = [text for text in what(advice.warnings) if "go on today" in text]
    assert "Tue 17 Nov 2026" in late


@pytest.mark.parametrize("outcome", ["awaiting", "unresolved"])
def test_who_talked_within_bedfordshires_24_hours_has_missed_nothing(outcome: str) -> None:
    """They acted in time. It goes on because it is not settled, and for no other reason."""
    advice = advice_for("pan_bedfordshire", ("practitioner", "16", outcome))
    assert (advice.next.action, advice.next.to_stage) == (Action.escalate, 2)
    assert dues(advice) == []
    assert "has not settled it" in advice.next.summary
    assert not any("passed" in text for text in what(advice.warnings))


def test_a_concern_is_never_later_than_the_first_step() -> None:
    """A slip in `concern_on` does not stretch a limit."""
    advice = advice_for(
        "pan_bedfordshire", ("practitioner", "23", "awaiting"), concern_on="2026-11-24"
    )
    assert dues(advice) == [("raiser", "2026-11-24", False)]


@pytest.mark.parametrize(
    ("partnership", "steps", "said"),
    [
        ("kent", (("line_manager", "20", "awaiting"),), "They still have time to answer"),
        (
            "pan_bedfordshire",
            (("practitioner", "24", "awaiting"),),
            "You have acted in time",
        ),
        ("pan_dorset", (("line_manager", "23", "awaiting"),), "The policy's guide time runs until"),
        ("pan_dorset", (("senior_manager", "23", "awaiting"),), "This is the last stage"),
        ("pan_bedfordshire", (("partnership", "23", "awaiting"),), "This is the last stage"),
        ("trust_guidance", (("line_manager", "23", "awaiting"),), "sets no time limit"),
        ("pan_dorset", (("line_manager", "02", "awaiting"),), "It is a guide, not a rule"),
        ("pan_dorset", (("senior_manager", "02", "awaiting"),), "It is a guide, not a rule"),
        (
            "pan_bedfordshire",
            (("partnership", "02", "awaiting"),),
            "the last stage, passed on Sat 7",
        ),
        (
            "city_and_hackney",
            (("partnership", "23", "no_response"),),
            "stays open until there is one",
        ),
        ("trust_guidance", (("director", "23", "unresolved"),), "look in your local partnership"),
    ],
)
def test_the_summary_says_whose_time_it_is_and_until_when(
    partnership: str, steps: Steps, said: str
) -> None:
    """A limit on the raiser is not called the receiver's, and a guide time is called a guide."""
    assert said in advice_for(partnership, *steps).next.summary


@pytest.mark.parametrize(
    ("today", "ago"),
    [
        ("2026-11-24", "passed on Mon 23 Nov 2026, 1 working day ago"),
        ("2026-11-26", "passed on Mon 23 Nov 2026, 3 working days ago"),
        ("2026-11-30", "passed on Mon 23 Nov 2026, 5 working days ago"),
    ],
)
def test_a_passed_limit_says_how_many_working_days_ago(today: str, ago: str) -> None:
    """Weekends do not count, and the card says it as the summary does."""
    advice = advice_for("kent", ("line_manager", "16", "awaiting"), today=today)
    assert ago in advice.next.summary
    card = advice_card(advice, policies()["kent"], handbook().phrases)
    assert ago.replace("passed", "Passed") in card_text(card, handbook().phrases)


def test_bank_holidays_do_not_count_since_a_limit_passed() -> None:
    """Passed on Christmas Eve: on the Tuesday after, one working day has gone by."""
    raised = step("line_manager", "2026-12-17", "awaiting")
    advice = advice_on(told("kent", steps=[raised], today="2026-12-29"))
    assert "passed on Thu 24 Dec 2026, 1 working day ago" in advice.next.summary
    weekend = advice_on(told("kent", steps=[raised], today="2026-12-27"))
    assert "and no working day has gone by since" in weekend.next.summary


@given(facts_waiting())
def test_overdue_counts_the_working_days_since(data: dict[str, Any]) -> None:
    """Every passed limit of every policy counts them; a running limit counts none."""
    today = date.fromisoformat(data["today"])
    nation = policies()[data["partnership"]].nation
    for deadline in advice_on(data).deadlines:
        since = [deadline.due + timedelta(days=n + 1) for n in range((today - deadline.due).days)]
        counted = sum(is_working_day(day, nation) for day in since)
        assert deadline.overdue_by == (counted if deadline.overdue else None)


def test_at_the_last_stage_nobody_is_told_to_move_on() -> None:
    """There is nowhere to move on to."""
    for partnership, level in (("pan_dorset", "senior_manager"), ("trust_guidance", "director")):
        assert "move on" not in advice_for(partnership, (level, "23", "awaiting")).next.summary


@pytest.mark.parametrize("partnership", ["pan_bedfordshire", "city_and_hackney"])
def test_a_talk_that_should_have_happened_is_for_today(partnership: str) -> None:
    """Nothing done yet and the time has passed: talk today, and the limit is shown as overdue."""
    advice = advice_for(partnership, concern_on="2026-11-02")
    assert advice.next.action == "discuss"
    assert "today" in advice.next.summary
    assert "passed on" in advice.next.summary
    assert ("guide" in advice.next.summary) is (partnership == "city_and_hackney")
    assert [deadline.overdue for deadline in advice.deadlines] == [True]


def test_a_stage_that_is_a_name_keeps_its_capital() -> None:
    """Not "independent Child Safeguarding Commissioner", but "team manager"."""
    up = advice_for("city_and_hackney", ("senior_manager", "23", "unresolved")).next.summary
    assert "Stage Four (Independent Child Safeguarding Commissioner)" in up
    up = advice_for("kent", ("practitioner", "23", "unresolved")).next.summary
    assert "Stage 1 (team manager)" in up


def test_the_design_s_example_is_due_on_30_november() -> None:
    """Kent, Stage 1 raised on Monday 23 November."""
    advice = advice_for(
        "kent", ("practitioner", "16", "unresolved"), ("line_manager", "23", "awaiting")
    )
    assert [deadline.due for deadline in advice.deadlines] == [date(2026, 11, 30)]
