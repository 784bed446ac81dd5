"""What a draft says of texts that contradict themselves, hold too much or too little."""

import pytest

from bot.core.vocabulary import Level
from bot.keepers.draft.draft import Draft, Kind
from bot.keepers.draft.finding import LOOKED_FOR, draft_from
from tests.support.each import each

OPENING = (
    "Marrow Vale Escalation Policy\n\nThis policy is for everybody in Marrow Vale who works with "
    "children. It says how agencies settle a disagreement about what keeps a child safe, and who "
    "takes it further if they cannot settle it between them.\n\n"
)
LADDER = (
    "Stage 1: Practitioners\n\nThe practitioners talk to each other.\n\n"
    "Stage 2: Line managers\n\nThe other line manager must respond within 5 working days.\n\n"
    "Stage 3: Senior managers\n\nThe other senior manager must respond within 10 working days.\n\n"
)


def draft(text: str) -> Draft:
    """Return the draft of a text."""
    return draft_from(text.encode(), "policy.txt")


def amounts(found: Draft, stage: int) -> list[int]:
    """Return the amounts of a stage's limits."""
    return [
        p.value["amount"]
        for p in found.proposals
        if p.kind is Kind.limit and p.path.startswith(f"stages.{stage - 1}.")
    ]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "Appendix A: Flowchart\n\nSTAGE 2: THE LINE MANAGER RESPONDS WITHIN 3 WORKING DAYS\n",
        "Good practice\n\nMake sure that at Stage 2 the manager responds within 3 working days.\n",
    ],
)
def test_contradicting_limits_are_both_shown_and_told(elsewhere: str) -> None:
    """A flowchart that says 3 days where the text says 5 leaves the choice to a person."""
    found = draft(OPENING + LADDER + elsewhere)
    assert sorted(amounts(found, 2)) == [3, 5]
    (told,) = [trouble for trouble in found.troubles if "two times" in trouble]
    assert told.startswith("Stage 2")
    assert "5 working days" in told
    assert "3 working days" in told


@pytest.mark.parametrize(
    ("said", "passed_over"),
    [
        ("within 5 working days on the standard track or 1 working day on the urgent track", 1),
        ("within 5 working days, or 24 hours where the child cannot wait", 1),
        ("within 5 working days", 0),
    ],
)
def test_a_second_time_in_one_sentence_is_named_where_it_was_not_read(
    said: str, passed_over: int
) -> None:
    """Whoever sees the passage beside one limit would else take it for read whole."""
    found = draft(OPENING + LADDER.replace("within 5 working days", said))
    told = [trouble for trouble in found.troubles if "no time limit of the draft holds" in trouble]
    assert len(told) == passed_over
    assert all("on which track" in trouble for trouble in told)


def test_the_rule_for_danger_is_no_limit_that_belongs_to_a_stage() -> None:
    """Nobody is asked to put "call 999 the same day" where it belongs."""
    danger = "In danger\n\nCall the police on 999, or contact the front door on the same day.\n\n"
    assert draft(OPENING + danger + LADDER).troubles == ()


def test_a_flowchart_that_agrees_with_the_text_adds_nothing() -> None:
    """The same limit told twice is one limit."""
    flowchart = "Appendix A: Flowchart\n\nSTAGE 2: RESPONDS WITHIN 5 WORKING DAYS\n"
    found = draft(OPENING + LADDER + flowchart)
    assert amounts(found, 2) == [5]
    assert found.troubles == ()


def test_two_policies_in_one_file_are_told_and_not_mixed() -> None:
    """The first is read; nothing of the second gets into its stages."""
    second = LADDER.replace("5 working", "15 working").replace("10 working", "30 working")
    found = draft(f"{OPENING}{LADDER}Policy for adults\n\nThis one is for adults.\n\n{second}")
    assert any("two policies" in trouble for trouble in found.troubles)
    assert [amounts(found, stage) for stage in (1, 2, 3)] == [[], [5], [10]]


def test_a_stage_without_a_heading_between_others_is_told() -> None:
    """A gap in the numbers is pointed out and not filled."""
    found = draft(OPENING + LADDER.replace("Stage 2: Line managers\n\n", ""))
    labels = [p.value["label"] for p in found.proposals if p.kind is Kind.stage]
    assert labels == ["Stage 1", "Stage 3"]
    assert any("No heading was found for Stage 2" in trouble for trouble in found.troubles)


def test_the_branches_of_a_stage_are_one_stage() -> None:
    """Stage 2a and Stage 2b are both read, as Stage 2."""
    branches = (
        "Stage 2a: Line managers\n\nThe line manager must respond within 5 working days.\n\n"
        "Stage 2b: Conference chairs\n\nThe chair must reply within 7 working days.\n\n"
    )
    first, _, last = LADDER.partition("Stage 2: Line managers")
    found = draft(OPENING + first + branches + last[last.index("Stage 3") :])
    labels = [p.value["label"] for p in found.proposals if p.kind is Kind.stage]
    assert labels == ["Stage 1", "Stage 2", "Stage 3"]
    assert sorted(amounts(found, 2)) == [5, 7]


def test_more_stages_than_levels_are_all_read() -> None:
    """Six stages are six proposals; their levels never go down."""
    ladder = "".join(
        f"Stage {at}: {who}\n\nThe {who.lower()} meet within {at} working days.\n\n"
        for at, who in enumerate(
            (
                "Workers",
                "Team managers",
                "Service managers",
                "Heads of service",
                "Directors",
                "Board",
            ),
            1,
        )
    )
    found = draft(OPENING + ladder)
    levels = [Level(p.value["level"]).rank for p in found.proposals if p.kind is Kind.stage]
    assert len(levels) == 6
    assert levels == sorted(levels)
    assert [amounts(found, at) for at in range(1, 7)] == [[at] for at in range(1, 7)]


def test_levels_of_need_are_no_stages() -> None:
    """Level 4 of a threshold document is not a rung of the policy."""
    found = draft(
        OPENING + "Levels of need\n\nLevel 4 is for children at risk.\n\nLevel 3 is for others.\n\n"
        + LADDER
    )  # fmt: skip
    labels = [p.value["label"] for p in found.proposals if p.kind is Kind.stage]
    assert labels == ["Stage 1", "Stage 2", "Stage 3"]


def test_a_text_without_stages_is_said_to_have_none() -> None:
    """No ladder is made up for a text that has none."""
    found = draft(OPENING + "Talk to each other. Then talk to your managers. Write it down.")
    assert [p for p in found.proposals if p.kind in {Kind.stage, Kind.limit, Kind.role}] == []
    assert "stages" in found.unread
    assert any("No stages were found" in trouble for trouble in found.troubles)


UNNUMBERED = (
    "Practitioners should try to resolve it by talking within one working week.\n\n"
    "If they cannot be resolved in this way, disagreements go further up.\n\n"
    "A team manager contacts the equivalent in the other agency, e.g.:\n\n"
    "- a detective sergeant\n- a named nurse\n\n"
    "If it is unresolved, it must be referred without delay to the service manager.\n\n"
    "Records must be kept at all stages.\n"
)


def test_stages_without_numbers_are_read_by_who_acts_and_told() -> None:
    """A text that only says who takes it on gives its stages, and the keeper is to name them."""
    found = draft(OPENING + UNNUMBERED)
    stages = [(p.value["label"], p.value["level"]) for p in found.proposals if p.kind is Kind.stage]
    assert stages == [
        ("Step 1", "practitioner"),
        ("Step 2", "line_manager"),
        ("Step 3", "senior_manager"),
    ]
    limits = [(p.path, p.value["unit"]) for p in found.proposals if p.kind is Kind.limit]
    assert limits == [
        ("stages.0.to_answer.0", "working_week"),
        ("stages.2.to_begin.0", "without_delay"),
    ]
    assert any("does not number its stages" in trouble for trouble in found.troubles)
    assert any(p.path.startswith("every_stage") for p in found.proposals)


def test_a_time_limit_outside_the_stages_is_placed_or_told() -> None:
    """No number of days of the text is lost without a word."""
    found = draft(
        OPENING + LADDER + "Meetings\n\nThe chair must send minutes within 7 days of a meeting.\n"
    )
    told = [*found.troubles, *(str(p.value) for p in found.proposals if p.kind is Kind.limit)]
    assert any("within 7 days" in said for said in told)


TIMES = [
    ("The chair writes to both a week before the meeting.", "a week"),
    ("Minutes are due 10 working days later.", "10 working days"),
    ("Both have five days’ notice.", "five days"),
    ("All of this is recorded by the end of the following day.", "following day"),
    ("Managers tell their teams the next working day.", "next working day"),
    ("The minutes are shared tomorrow.", "tomorrow"),
    ("A first view is usually formed 48 hrs on.", "48 hrs"),
    ("Lessons are shared with everybody as soon as practicable.", "as soon as practicable"),
    ("The file stays open for two months.", "two months"),
    ("Schools have 3 school days.", "3 school days"),
    ("Escalate if nothing has come by noon on the third working day.", "third working day"),
    ("A view is due on day five, or by return.", "day five"),
    ("Both have until Friday.", "until Friday"),
    ("The longest that it lasts is a fortnight, or 5 working days.", "a fortnight"),
]


@each(
    ("said", "time", "where"),
    [(said, time, at) for said, time in TIMES for at in ("stage", "section", "appendix")],
)
def test_no_time_of_the_text_is_lost(said: str, time: str, where: str) -> None:
    """It is a limit with that passage, or told: wherever it stands, and if others are as long."""
    ladder = LADDER.replace("each other.", f"each other. {said}") if where == "stage" else LADDER
    behind = {"section": "Good practice", "appendix": "Appendix A: Flowchart"}
    more = f"{behind[where]}\n\n{said}\n" if where in behind else ""
    found = draft(OPENING + ladder + more)
    limits = [p.quote for p in found.proposals if p.kind is Kind.limit]
    assert said in limits or any(f"“{time}”" in trouble for trouble in found.troubles)


@pytest.mark.parametrize(
    "said", ["The duty team answers 24 hours a day.", "She is 14 years old, he is 9 weeks old."]
)
def test_a_time_that_only_describes_is_not_told(said: str) -> None:
    """A list of what limits nothing would not be read."""
    assert draft(f"{OPENING}{LADDER}Good practice\n\n{said}\n").troubles == ()


COVERING = [
    ("Stages 1 to 2 must be completed within 10 working days.", [1, 2]),
    ("In no case should Stages 2 to 3 take longer than 10 working days.", [2, 3]),
    ("The overall timescale for Stages 1-3 is 10 working days.", [1, 2, 3]),
    ("Stage 1 through Stage 3 should be concluded in 10 working days.", [1, 2, 3]),
    ("Stages 1, 2 and 3 together take no more than 10 working days in total.", [1, 2, 3]),
    ("The whole process should be finished within 10 working days.", [1, 2, 3]),
]


@each(("said", "stages", "head"), [(*one, at) for one in COVERING for at in ("", "Timescales")])
def test_one_time_for_several_stages_is_a_limit_over_them(
    said: str, stages: list[int], head: str
) -> None:
    """In a section of its own and at the end of the last stage; never the limit of one stage."""
    found = draft(f"{OPENING}{LADDER}{head}\n\n{said}\n")
    (cap,) = [p for p in found.proposals if p.path.startswith("caps.")]
    assert (cap.value["amount"], cap.value["stages"], cap.quote) == (10, stages, said)
    (reading,) = cap.value["readings"]
    assert reading["counted_from"] == "escalation_start"
    assert reading.get("stage", 1) == stages[0]
    assert [amounts(found, stage) for stage in (1, 2)] == [[], [5]]
    assert found.troubles == ()


@pytest.mark.parametrize(
    "said",
    [
        "Managers move from Stage 1 to Stage 2 within 9 working days.",
        "Stages 1 and 2 take 9 working days each.",
    ],
)
def test_a_time_for_each_stage_or_between_two_is_no_limit_over_them(said: str) -> None:
    """It is told, since a person has to say what it limits."""
    found = draft(f"{OPENING}{LADDER}Timescales\n\n{said}\n")
    assert not [p for p in found.proposals if p.path.startswith("caps.")]
    assert any("“9 working days”" in trouble for trouble in found.troubles)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "For a child on a CP plan inform the Conference Chair; for a child in care the IRO.",
            {"Conference Chair": ["child_protection_plan"], "IRO": ["looked_after"]},
        ),
        (
            "If a child is in care, tell the IRO; for children on a plan, the CP chair.",
            {
                "IRO": ["looked_after"],
                "CP chair": ["child_protection_plan"],
            },
        ),
        ("The chair of governors must be told.", {"chair of governors": None}),
    ],
)
def test_each_is_told_of_the_children_that_the_clause_names(
    said: str, told: dict[str, list[str] | None]
) -> None:
    """Nobody hears of every child where the text names some."""
    found = draft(OPENING + LADDER.replace("each other.", f"each other. {said}"))
    notices = [p.value for p in found.proposals if p.kind is Kind.notification]
    assert {one["who"]: one.get("applies", {}).get("child_status") for one in notices} == told


def test_a_duty_to_tell_that_stands_at_no_stage_is_told() -> None:
    """The policy file has such duties at its stages only: a person says at which."""
    found = draft(OPENING + LADDER + "Good practice\n\nThe business manager must be informed.\n")
    (told,) = found.troubles
    assert "business manager" in told
    assert "at no stage" in told


def test_a_sentence_that_sends_two_things_elsewhere_names_both() -> None:
    """The second is told in words of its own: "complaints made by families"."""
    said = "This policy does not apply to allegations against staff or to complaints from parents."
    found = draft(f"{OPENING}Scope\n\n{said}\n\n{LADDER}")
    assert [p.value["exit"] for p in found.proposals if p.kind is Kind.exclusion] == [
        "allegation",
        "complaint",
    ]


def test_kinds_of_disagreement_behind_a_colon_are_read_one_by_one() -> None:
    """Each is proposed by itself, with the kind that the guide has for it."""
    said = "Disagreements may arise over: thresholds; drift in a plan; and attendance at meetings."
    found = draft(f"{OPENING}Scope\n\n{said}\n\n{LADDER}")
    areas = [p.value for p in found.proposals if p.path.startswith("own_areas.")]
    assert [area["what"] for area in areas] == [
        "thresholds",
        "drift in a plan",
        "attendance at meetings",
    ]
    assert [area["kinds"] for area in areas] == [
        ["threshold"],
        ["plan_progress"],
        ["meeting_attendance"],
    ]


def test_days_of_a_kind_the_guide_does_not_know_are_told() -> None:
    """School days are not taken for working days."""
    found = draft(OPENING + LADDER.replace("5 working days", "5 school days"))
    assert amounts(found, 2) == []
    assert any("5 school days" in trouble for trouble in found.troubles)


def test_the_same_text_gives_the_same_draft() -> None:
    """Ids stay when a file is read again, so that a person's answers stay with their statements."""
    first, again = draft(OPENING + LADDER), draft(OPENING + LADDER)
    assert first == again
    ids = [p.id for p in first.proposals]
    assert len(set(ids)) == len(ids)


def test_a_change_of_one_stage_leaves_the_ids_of_the_others() -> None:
    """A new version of a text keeps the ids of the statements that it leaves as they are."""
    old = draft(OPENING + LADDER)
    new = draft(OPENING + LADDER.replace("10 working", "8 working"))
    kept = {p.id for p in old.proposals} & {p.id for p in new.proposals}
    changed = {p.id for p in old.proposals} - kept
    assert {p.path.split(".")[1] for p in old.proposals if p.id in changed} == {"2"}


def test_a_sentence_put_in_before_others_leaves_their_ids() -> None:
    """What moves down in a list keeps its id: it is the same statement."""
    principles = "Principles\n\nChallenge is welcome from everybody at any time.\n\n"
    old = draft(OPENING + principles + LADDER)
    more = principles.replace("\n\nCh", "\n\nThe welfare of the child is paramount to all.\n\nCh")
    new = draft(OPENING + more + LADDER)
    assert {p.id for p in old.proposals} < {p.id for p in new.proposals}


def test_a_time_in_a_stages_heading_is_both_sides_together() -> None:
    """A number of days in brackets behind a heading binds nobody by name."""
    found = draft(
        OPENING + LADDER.replace("Line managers", "Refer to managers (1 – 4 working days)")
    )
    heading = next(p for p in found.proposals if p.kind is Kind.limit and p.value["amount"] == 4)
    assert heading.value["shared"] is True
    assert heading.path.startswith("stages.1.to_answer.")
    assert heading.quote == "Stage 2: Refer to managers (1 – 4 working days)"


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("Raise the matter with the other practitioner and their team manager.", True),
        ("If it cannot be resolved, raise it with your team manager.", False),
    ],
)
def test_a_manager_acts_at_the_first_stage_only_where_it_is_raised_with_them(
    sentence: str,
    read: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """Whom an unsettled matter goes to next is not who acts at this stage."""
    found = draft(OPENING + LADDER.replace("The practitioners talk to each other.", sentence))
    roles = [
        p.value["role"].lower() for p in found.proposals if p.path.startswith("stages.0.roles")
    ]
    assert any("team manager" in role and "practitioner" not in role for role in roles) is read


def test_what_was_not_found_is_unread_and_never_not_stated() -> None:
    """A draft proposes no silence of the policy: only a person can say that it is silent."""
    found = draft(OPENING + LADDER)
    assert set(LOOKED_FOR) - {"short_name"} <= set(found.unread)
    assert not any("not_stated" in p.path for p in found.proposals)
    assert not any("does not say" in str(p.value.get("what", "")) for p in found.proposals
                   if isinstance(p.value, dict))  # fmt: skip


def test_the_digest_is_that_of_the_text() -> None:
    """The same words in another layout have the same digest; other words do not."""
    text = OPENING + LADDER
    assert draft(text).digest == draft(text.replace("\n\n", "\n\n\n")).digest
    assert draft(text).digest != draft(text.replace("5 working", "6 working")).digest


def test_a_very_long_sentence_is_read_in_pieces() -> None:
    """A text without full stops takes no longer than one with them, and loses no limit."""
    endless = "and then they discuss it again " * 400
    found = draft(
        OPENING + LADDER + f"{endless} and the manager must respond within 7 working days."
    )
    assert 7 in amounts(found, 3)
    assert all(len(p.quote) <= 2000 for p in found.proposals)
