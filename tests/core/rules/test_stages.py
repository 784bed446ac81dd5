"""The present stage and the next move, by the rules at the top of bot/core/rules/stages.py."""

from datetime import date

import pytest
from msgspec.structs import replace

from bot.core.rules.facts import Facts, Step
from bot.core.rules.results import Advice
from bot.core.rules.triage import steps_by_date
from bot.core.vocabulary import Agency, Disagreement, Level, Outcome, Risk, Route
from tests.support.core import IDS, TODAY, Steps, advice_for, advised, policies, shapes, undated


def stands(advice: Advice) -> tuple[int | None, str, int | None]:
    """Return the stage, the action and the stage to go to."""
    stage = advice.stage.number if advice.stage else None
    return stage, str(advice.next.action), advice.next.to_stage


FIRST = {"kent": 0}


@pytest.mark.parametrize("partnership", IDS)
def test_with_nothing_done_they_talk_at_the_first_stage(partnership: str) -> None:
    """Kent's first stage is number 0, everybody else's is Stage 1."""
    assert stands(advice_for(partnership)) == (FIRST.get(partnership, 1), "discuss", None)


@pytest.mark.parametrize(
    ("partnership", "level", "stage"),
    [
        ("kent", "practitioner", 0),
        ("kent", "line_manager", 1),
        ("kent", "senior_manager", 2),
        ("kent", "director", 3),
        ("kent", "partnership", 4),
        ("city_and_hackney", "practitioner", 1),
        ("city_and_hackney", "director", 3),
        ("city_and_hackney", "partnership", 4),
        ("pan_dorset", "director", 3),
        ("pan_dorset", "partnership", 3),
        ("pan_bedfordshire", "director", 3),
        ("pan_bedfordshire", "partnership", 4),
        ("trust_guidance", "senior_manager", 3),
        ("trust_guidance", "director", 4),
        ("trust_guidance", "partnership", 4),
    ],
)
def test_a_level_belongs_to_its_own_stage_or_the_one_below(
    partnership: str, level: str, stage: int
) -> None:
    """A director in Dorset is still Stage 3; the trust's fourth stage is the director."""
    advice = advice_for(partnership, (level, "23", "unresolved"))
    assert stands(advice)[0] == stage


@pytest.mark.parametrize(
    ("partnership", "steps", "expected"),
    [
        # Waiting, the last day included, and the day after it.
        ("kent", (("line_manager", "17", "awaiting"),), (1, "wait", None)),
        ("kent", (("line_manager", "16", "awaiting"),), (1, "escalate", 2)),
        ("kent", (("line_manager", "17", "no_response"),), (1, "wait", None)),
        ("kent", (("line_manager", "16", "no_response"),), (1, "escalate", 2)),
        ("kent", (("line_manager", "24", "unresolved"),), (1, "escalate", 2)),
        # No limit: an answer is waited for, silence is not.
        ("trust_guidance", (("line_manager", "02", "awaiting"),), (2, "wait", None)),
        ("trust_guidance", (("line_manager", "24", "no_response"),), (2, "escalate", 3)),
        # A guide that binds us holds nobody back once they do not answer.
        ("city_and_hackney", (("line_manager", "23", "awaiting"),), (2, "wait", None)),
        ("city_and_hackney", (("line_manager", "23", "no_response"),), (2, "escalate", 3)),
        ("pan_bedfordshire", (("practitioner", "24", "no_response"),), (1, "escalate", 2)),
        ("pan_bedfordshire", (("partnership", "20", "no_response"),), (4, "wait", None)),
        # The last stage stays open until there is an answer, however late it is.
        ("pan_bedfordshire", (("partnership", "18", "awaiting"),), (4, "wait", None)),
        ("pan_dorset", (("senior_manager", "06", "awaiting"),), (3, "wait", None)),
        ("pan_dorset", (("senior_manager", "23", "no_response"),), (3, "wait", None)),
        ("kent", (("partnership", "02", "no_response"),), (4, "wait", None)),
        # A time that both managers share obliges nobody to answer.
        ("pan_dorset", (("line_manager", "24", "no_response"),), (2, "escalate", 3)),
        # One that ran out before the stage began makes nobody late who was asked since.
        (
            "city_and_hackney",
            (("practitioner", "02", "unresolved"), ("line_manager", "23", "awaiting")),
            (2, "wait", None),
        ),
        # After the last stage.
        ("pan_dorset", (("senior_manager", "23", "unresolved"),), (3, "record", None)),
        # The trust's guidance ends with the record of its fourth stage: nobody owes an answer.
        ("trust_guidance", (("director", "23", "no_response"),), (4, "record", None)),
        ("trust_guidance", (("director", "23", "awaiting"),), (4, "record", None)),
        # A second step at a stage counts from the first.
        (
            "kent",
            (("line_manager", "09", "no_response"), ("line_manager", "20", "awaiting")),
            (1, "escalate", 2),
        ),
        (
            "pan_dorset",
            (("senior_manager", "23", "unresolved"), ("director", "23", "awaiting")),
            (3, "wait", None),
        ),
        # The highest stage counts, in whatever order the steps come.
        (
            "kent",
            (("line_manager", "23", "awaiting"), ("practitioner", "16", "unresolved")),
            (1, "wait", None),
        ),
        (
            "pan_dorset",
            (("line_manager", "16", "unresolved"), ("practitioner", "23", "awaiting")),
            (2, "escalate", 3),
        ),
    ],
)
def test_the_outcome_and_the_limit_decide(
    partnership: str, steps: Steps, expected: tuple[int, str, int | None]
) -> None:
    """Each line is a rule: the present stage, what to do, and where to go."""
    assert stands(advice_for(partnership, *steps)) == expected


@pytest.mark.parametrize(
    ("steps", "expected", "missing"),
    [
        ((("senior_manager", "23", "unresolved"),), (2, "escalate", 1), True),
        ((("practitioner", "23", "unresolved"),), (0, "escalate", 1), False),
        ((("director", "23", "awaiting"),), (3, "escalate", 1), True),
        (
            (("line_manager", "02", "unresolved"), ("director", "23", "awaiting")),
            (3, "escalate", 2),
            True,
        ),
        # The rule binds Stage 3: once the Board has it, nobody is sent back down.
        ((("partnership", "23", "unresolved"),), (4, "record", None), False),
        (
            (("line_manager", "02", "unresolved"), ("partnership", "23", "awaiting")),
            (4, "wait", None),
            False,
        ),
        # Sent back to Stage 1 and now waiting for it: wait, then go on to Stage 3.
        (
            (("senior_manager", "16", "unresolved"), ("line_manager", "20", "awaiting")),
            (2, "wait", None),
            False,
        ),
        (
            (("senior_manager", "20", "unresolved"), ("line_manager", "20", "awaiting")),
            (2, "wait", None),
            False,
        ),
        (
            (("senior_manager", "06", "unresolved"), ("line_manager", "09", "awaiting")),
            (2, "escalate", 3),
            False,
        ),
        (
            (("senior_manager", "16", "unresolved"), ("line_manager", "20", "unresolved")),
            (2, "escalate", 3),
            False,
        ),
        # Stage 1 was never answered, and they went on to Stage 2, the same day or later.
        (
            (("line_manager", "20", "awaiting"), ("senior_manager", "20", "unresolved")),
            (2, "escalate", 3),
            False,
        ),
        (
            (("line_manager", "19", "awaiting"), ("senior_manager", "20", "unresolved")),
            (2, "escalate", 3),
            False,
        ),
    ],
)
def test_kents_stages_1_and_2_come_before_stage_3(
    steps: Steps,
    expected: tuple[int, str, int | None],
    missing: bool,  # noqa: FBT001 - a table.
) -> None:
    """The advice sends them to the missing stage, and a warning says why."""
    advice = advice_for("kent", *steps)
    assert stands(advice) == expected
    rule = any("does not allow a Stage 3" in warning.what for warning in advice.warnings)
    assert rule is missing


def test_a_stage_that_must_come_first_is_not_also_asked_to_be_explained() -> None:
    """They are sent back to it, so they need not explain why they left it out."""
    advice = advice_for(
        "kent", ("practitioner", "09", "unresolved"), ("director", "23", "awaiting")
    )
    assert not any("You did not mention" in warning.what for warning in advice.warnings)


def test_a_stage_left_out_is_only_a_warning_where_no_rule_forbids_it() -> None:
    """Dorset has no such rule."""
    advice = advice_for("pan_dorset", ("senior_manager", "23", "awaiting"))
    told = [warning.what for warning in advice.warnings if "You did not mention" in warning.what]
    assert len(told) == 2
    assert "say why it was left out" in told[0]


def test_dates_out_of_order_are_warned_of() -> None:
    """A step at Stage 1 after one at Stage 2."""
    advice = advice_for(
        "pan_dorset", ("line_manager", "16", "unresolved"), ("practitioner", "20", "unresolved")
    )
    assert any("out of order: Stage 1" in warning.what for warning in advice.warnings)


REOPENED = ("director", "02", "resolved")


@pytest.mark.parametrize(
    ("steps", "expected", "said"),
    [
        (
            (REOPENED, ("line_manager", "23", "awaiting")),
            (3, "wait", None),
            "Stage 1 (team manager) has begun. They still have time",
        ),
        (
            (REOPENED, ("line_manager", "09", "awaiting")),
            (3, "escalate", 4),
            "The limit at Stage 1 (team manager) passed on Mon 16 Nov 2026",
        ),
        (
            (REOPENED, ("line_manager", "09", "no_response"), ("practitioner", "23", "awaiting")),
            (3, "escalate", 4),
            "The limit at Stage 1 (team manager) passed",
        ),
        (
            (REOPENED, ("line_manager", "23", "unresolved"), ("practitioner", "24", "awaiting")),
            (3, "escalate", 4),
            "Stage 1 (team manager) has not settled it",
        ),
    ],
)
def test_what_was_settled_and_comes_up_again_is_open(
    steps: Steps, expected: tuple[int, str, int | None], said: str
) -> None:
    """The highest stage since then decides, and the right stage is named."""
    before: Steps = (("line_manager", "01", "unresolved"), ("senior_manager", "01", "unresolved"))
    advice = advice_for("kent", *before, *steps)
    assert advice.route == "staged"
    assert stands(advice) == expected
    assert said in advice.next.summary
    again = any("has come up again" in warning.what for warning in advice.warnings)
    assert again


def test_a_limit_from_before_it_was_settled_does_not_count() -> None:
    """Dorset's Stage 3 is not counted from a Stage 2 that led to a settlement."""
    advice = advice_for(
        "pan_dorset", ("line_manager", "02", "resolved"), ("senior_manager", "23", "awaiting")
    )
    assert stands(advice) == (3, "wait", None)
    assert [deadline.due for deadline in advice.deadlines] == [date(2026, 12, 7)]


def test_a_step_the_same_day_after_a_settlement_opens_it_again() -> None:
    """Within a day the order given decides."""
    settled = ("line_manager", "23", "resolved")
    again = ("line_manager", "23", "unresolved")
    assert advice_for("kent", again, settled).route == "resolved"
    assert advice_for("kent", settled, again).route == "staged"


# Only a conversation allows a day that is not known.


@pytest.mark.parametrize("partnership", ["kent", "pan_dorset", "pan_bedfordshire"])
def test_an_unknown_day_is_taken_as_past_the_limit(partnership: str) -> None:
    """Waiting on a limit that nobody can count would be waiting without end."""
    level = "practitioner" if partnership == "pan_bedfordshire" else "line_manager"
    advice = undated(partnership, (level, None, "awaiting"))
    assert advice.next.action == "escalate"
    assert "is not known, so this takes the limit as passed" in advice.next.summary
    assert any("Find out when" in warning.what for warning in advice.warnings)


def test_hackneys_week_is_not_counted_from_today_when_no_day_is_known() -> None:
    """Today would stretch a limit that began with the concern."""
    advice = undated("city_and_hackney", ("practitioner", None, "awaiting"))
    assert advice.next.action == "escalate"
    known = undated("city_and_hackney", ("practitioner", None, "awaiting"), concern_on=TODAY)
    assert known.next.action == "wait"


def test_a_step_without_a_day_stands_before_the_stage_above_it() -> None:
    """An undated settlement lower down is older than a dated step above it."""
    advice = undated(
        "kent", ("practitioner", None, "resolved"), ("line_manager", TODAY, "awaiting")
    )
    assert stands(advice) == (1, "wait", None)
    assert advice.route == "staged"


def test_a_cap_does_not_run_from_a_later_stage_while_its_start_is_not_known() -> None:
    """With the practitioners' day unknown no later day is day 0: that would be too late."""
    facts = Facts(
        partnership="caldmoor", risk=Risk.concern, disagreement=Disagreement.threshold,
        my_agency=Agency.health, their_agency=Agency.police,
        steps=(
            Step(Level.practitioner, None, Outcome.unresolved),
            Step(Level.line_manager, date(2026, 11, 20), Outcome.awaiting),
        ),
    )  # fmt: skip
    advice = advised(facts, shapes()["caldmoor"])
    assert stands(advice) == (2, "wait", None)
    assert any("Find out when Stage 1" in warning.what for warning in advice.warnings)
    assert "2026-12-11" not in {deadline.due.isoformat() for deadline in advice.deadlines}
    known = replace(facts.steps[0], on=date(2026, 11, 16))
    told = advised(replace(facts, steps=(known, facts.steps[1])), shapes()["caldmoor"])
    assert stands(told) == (2, "wait", None)
    assert [deadline.due for deadline in told.deadlines if deadline.rule == "15 working days"] == [
        date(2026, 12, 7)
    ]


def test_a_step_without_a_day_comes_after_those_of_its_level() -> None:
    """It goes just before the first dated step of a higher level, and settles what came before."""
    dated = Step(Level.line_manager, date(2026, 11, 16), Outcome.unresolved)
    settled = Step(Level.line_manager, None, Outcome.resolved)
    higher = Step(Level.senior_manager, date(2026, 11, 18), Outcome.awaiting)
    assert steps_by_date((settled, dated)) == [dated, settled]
    assert steps_by_date((higher, settled, dated)) == [dated, settled, higher]
    facts = Facts(risk=Risk.concern, disagreement=Disagreement.threshold, steps=(dated, settled))
    assert advised(facts, policies()["kent"]).route is Route.resolved
    assert advised(replace(facts, steps=(settled, dated)), policies()["kent"]).route is (
        Route.resolved
    )
