"""How long, in which unit, whom it binds and from when: time limits in the words of policies."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.policy.loader import load_policies
from bot.core.policy.model import Limit, Policy, Stage
from bot.core.vocabulary import Level
from bot.keepers.draft.rungs import Passage, Rung
from bot.keepers.draft.times import limits_of
from bot.paths import POLICIES

SENTENCES = Path(__file__).with_name("bearers.yml")


def read(sentence: str, level: Level = Level.line_manager, number: int = 2) -> list[dict[str, Any]]:
    """Return the limits of a sentence that stands at a stage, with their lists."""
    rung = Rung(number, f"Stage {number}", "", "", "4.2", (Passage(sentence, "4.2"),), level=level)
    return [limit.value | {"where": limit.where} for limit in limits_of(rung, guide=False)]


AMOUNTS = [
    ("The manager must respond within 5 working days.", 5, "working_day"),
    ("The manager must respond within five (5) working days.", 5, "working_day"),
    ("The manager must respond within a maximum of 3 business days.", 3, "working_day"),
    ("A response is due in no more than 48 hours.", 48, "hour"),
    ("A reply is required within two weeks.", 14, "calendar_day"),
    ("A reply is required within one working week.", 1, "working_week"),
    ("The answer is due no later than working day 10.", 10, "working_day"),
    ("They respond within 48 hours (two working days).", 2, "working_day"),
    ("They respond in 5 – 10 working days.", 10, "working_day"),
    ("A response is due by the end of the working day.", None, "same_working_day"),
    ("The manager must reply without delay.", None, "without_delay"),
    ("Managers have 7 days to respond.", 7, "calendar_day"),
    ("The answer is due within twenty-five working days.", 25, "working_day"),
    ("The answer is due within twenty one working days.", 21, "working_day"),
    ("They reply not later than the second working day.", 2, "working_day"),
    ("The manager must reply forthwith.", None, "without_delay"),
]


@pytest.mark.parametrize(("sentence", "amount", "unit"), AMOUNTS)
def test_amount_and_unit_are_read_as_written(sentence: str, amount: int | None, unit: str) -> None:
    """Days without "working" are calendar days; what stands in brackets explains."""
    (limit,) = read(sentence)
    assert (limit.get("amount"), limit["unit"]) == (amount, unit)


NO_LIMITS = [
    "The duty team can be reached 24 hours a day.",
    "The child was 10 days old.",
    "The child is at immediate risk of harm.",
    "This policy is reviewed after three years.",
    "Five practitioners met.",
]


@pytest.mark.parametrize("sentence", NO_LIMITS)
def test_a_time_that_limits_nothing_is_no_limit(sentence: str) -> None:
    """An age, an opening time and a risk are not taken for a deadline."""
    assert read(sentence) == []


PARTIES = [
    ("A written response is required within 5 working days.", "receiver", "to_answer"),
    ("The receiving agency must speak to the practitioner within 3 days.", "receiver", "to_answer"),
    ("The other agency will acknowledge it the same working day.", "receiver", "to_answer"),
    ("The practitioner should raise it within 2 days of the concern.", "raiser", "to_begin"),
    ("The matter must be referred to the service manager without delay.", "raiser", "to_begin"),
    ("The two managers will discuss the case within 4 working days.", "shared", "to_answer"),
    ("This discussion must take place within 24 hours.", "shared", "to_answer"),
    ("The Partnership will make a recommendation within 5 days.", "partnership", "to_answer"),
    ("If agreement is reached, the outcome is sent within 2 days.", "raiser", "to_close"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "party", "where"), PARTIES)
def test_a_limit_binds_whom_the_sentence_binds(sentence: str, party: str, where: str) -> None:
    """The other side answers, the raiser raises, both talk, and the partnership decides."""
    (limit,) = read(sentence)
    bound = "shared" if limit.get("shared") else limit["who"]
    assert (bound, limit["where"]) == (party, where)


BEARERS = [
    (sentence, level, party)
    for party, levels in yaml.safe_load(SENTENCES.read_text("utf-8")).items()
    for level, sentences in levels.items()
    for sentence in sentences
]


@pytest.mark.parametrize(("sentence", "level", "party"), BEARERS)
def test_whoever_acts_in_the_clause_of_a_time_is_bound(
    sentence: str, level: str, party: str
) -> None:
    """The subject of the clause decides, whatever other posts and verbs the sentence has."""
    (limit,) = read(sentence, Level(level))
    assert ("shared" if limit.get("shared") else limit["who"]) == party


def test_a_limit_that_binds_nobody_by_name_makes_nobody_late() -> None:
    """Where the words leave open who has to act, the time is both sides' together."""
    (limit,) = read("This stage: 5 working days.")
    assert limit["shared"] is True


ANCHORS = [
    ("They must respond within 5 days of the escalation.", "stage_start", None),
    ("They must meet within five days of Stage 1.", "earlier_stage_start", 1),
    ("They must talk within 1 day of the concern arising.", "concern", None),
    ("The worker must contact the manager within 24 hours of the decision.", "decision", None),
]


@pytest.mark.parametrize(("sentence", "anchor", "stage"), ANCHORS)
def test_a_limit_is_counted_from_what_the_sentence_names(
    sentence: str, anchor: str, stage: int | None
) -> None:
    """The day 0 is the concern, the decision, this stage or an earlier one."""
    (limit,) = read(sentence)
    (reading,) = limit["readings"]
    assert (reading["counted_from"], reading.get("stage")) == (anchor, stage)
    assert "because" not in reading


def test_a_day_that_the_text_does_not_name_is_said_to_be_unnamed() -> None:
    """The start of the stage is a reading of ours, and the draft says so."""
    (limit,) = read("A response is required within 5 working days.")
    assert "does not name the day" in limit["readings"][0]["because"]


def test_several_limits_in_one_sentence_are_each_read() -> None:
    """An acknowledgement and an answer are two limits, not one."""
    found = read("They must acknowledge it the same working day and respond within 3 working days.")
    assert [(limit["what"], limit.get("amount")) for limit in found] == [
        ("Acknowledge the escalation", None),
        ("Respond to the escalation", 3),
    ]


def test_a_further_time_is_said_to_follow_another() -> None:
    """A further 5 days begin when another limit ends: the keeper has to look."""
    (limit,) = read("The service manager will convene a meeting within a further 5 working days.")
    assert "further" in limit["readings"][0]["because"]


@pytest.mark.parametrize(
    ("sentence", "strength"),
    [
        ("The managers should meet within 5 days.", "guide"),
        ("As a guide, managers resolve it within a week.", "guide"),
        ("The managers must meet within 5 days.", None),
        ("A response is required within 5 days.", None),
    ],
)
def test_should_guides_and_must_binds(sentence: str, strength: str | None) -> None:
    """The strength of a limit is that of its verb."""
    (limit,) = read(sentence)
    assert limit.get("strength") == strength


@pytest.mark.parametrize(
    ("sentence", "owed"),
    [
        ("The two managers must meet within 10 working days.", "meeting"),
        ("The service manager must meet the deadline within 10 working days.", None),
    ],
)
def test_to_meet_somebody_is_to_hold_a_meeting(sentence: str, owed: str | None) -> None:
    """Whoever must meet owes a meeting and no answer; a deadline is met otherwise."""
    (limit,) = read(sentence)
    assert limit.get("owed") == owed


def test_sooner_and_in_writing_are_read() -> None:
    """What is sooner keeps the policy's own words; a written answer is marked."""
    (limit,) = read("They respond in writing within 5 days, or sooner if the child needs it.")
    assert limit["written"] is True
    assert limit["or_sooner"] == "or sooner if the child needs it"


def shipped() -> Iterator[tuple[str, Policy, Stage, Limit]]:
    """Yield each limit of a stage in the shipped policies that has its passage."""
    for name, policy in load_policies(POLICIES).items():
        for stage in policy.stages:
            for limit in (*stage.to_begin, *stage.to_answer, *stage.to_close):
                if limit.quote:
                    yield name, policy, stage, limit


SHIPPED = list(shipped())


@pytest.mark.parametrize(
    ("policy", "stage", "limit"),
    [(policy, stage, limit) for _, policy, stage, limit in SHIPPED],
    ids=[f"{name}-{stage.number}-{at}" for at, (name, _, stage, _) in enumerate(SHIPPED)],
)
def test_the_passage_of_each_shipped_limit_gives_that_limit(
    policy: Policy, stage: Stage, limit: Limit
) -> None:
    """From the words of a real policy comes what two people wrote into its file."""
    assert policy.stages
    heading = limit.quote if limit.source.endswith(limit.quote or "") else ""
    passage = Passage(limit.quote or "", limit.source)
    rung = Rung(
        stage.number,
        stage.label,
        stage.title,
        heading or "",
        limit.source,
        (passage,),
        (),
        stage.level,
    )
    found = [
        (told.value.get("amount"), told.value["unit"], told.value["who"], told.value.get("shared"))
        for told in limits_of(rung, guide=False)
    ]
    shared = True if limit.shared else None
    assert (limit.amount, limit.unit.value, limit.who.value, shared) in found
