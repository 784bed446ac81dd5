"""What `parse_facts` takes, and what it says about the rest."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.rules.facts import Call, Facts, Person, Step
from bot.core.rules.read_facts import KNOWN, FactsError, parse_facts, read_json
from bot.core.vocabulary import (
    Agency,
    CallOutcome,
    CallTo,
    ChildStatus,
    Disagreement,
    Exit,
    Level,
    Outcome,
    Risk,
    Side,
)
from tests.support.core import IDS, TODAY, facts_given, policies, step, told
from tests.support.rounds import rounds


def problems(data: object, today: date = TODAY) -> list[str]:
    """Return what is said about wrong facts."""
    with pytest.raises(FactsError) as caught:
        parse_facts(data, policies(), today)
    return caught.value.problems


def test_facts_are_read_into_words_and_dates() -> None:
    """Every field of the contract arrives as its own kind of value."""
    data = told(
        "pan_bedfordshire",
        child_status=["looked_after"],
        area="luton",
        exit="complaint",
        concern_on="2026-11-02",
        steps=[step("line_manager", "23", "awaiting")],
        me={"side": "receiver", "level": "senior_manager"},
        calls=[{"to": "police", "outcome": "refused"}, {"to": "other", "outcome": "coming"}],
    )
    assert parse_facts(data, policies(), TODAY) == Facts(
        partnership="pan_bedfordshire",
        risk=Risk.concern,
        disagreement=Disagreement.threshold,
        my_agency=Agency.health,
        their_agency=Agency.childrens_social_care,
        child_status=(ChildStatus.looked_after,),
        area="luton",
        exit=Exit.complaint,
        concern_on=date(2026, 11, 2),
        steps=(Step(Level.line_manager, date(2026, 11, 23), Outcome.awaiting),),
        me=Person(Side.receiver, Level.senior_manager),
        calls=(
            Call(CallTo.police, CallOutcome.refused),
            Call(CallTo.other, CallOutcome.coming),
        ),
    )


def test_whoever_says_nothing_of_themselves_is_the_raiser_at_no_known_level() -> None:
    """Side and level may be left out, together or one by one."""
    assert parse_facts(told(), policies(), TODAY).me == Person(Side.raiser, None)
    given = parse_facts(told(me={"level": "director"}), policies(), TODAY)
    assert given.me == Person(Side.raiser, Level.director)
    given = parse_facts(told(me={"side": "receiver", "level": None}), policies(), TODAY)
    assert given.me == Person(Side.receiver, None)


def test_a_step_may_have_a_day_that_nobody_knows() -> None:
    """The day of a step may be null; the step still counts."""
    facts = parse_facts(told(steps=[step("line_manager", None, "awaiting")]), policies(), TODAY)
    assert facts.steps == (Step(Level.line_manager, None, Outcome.awaiting),)


@pytest.mark.parametrize(
    "field", ["today", "child_status", "area", "exit", "concern_on", "me", "calls"]
)
@pytest.mark.parametrize("how", ["left out", "null"])
def test_a_field_that_may_be_left_out_may_also_be_null(field: str, how: str) -> None:
    """The optional fields are optional in both ways."""
    data: dict[str, Any] = {**told(), field: None}
    if how == "left out":
        del data[field]
    assert parse_facts(data, policies(), TODAY).risk is Risk.concern


CLOSED: dict[str, Sequence[str]] = {
    "partnership": IDS,
    "risk": list(Risk),
    "disagreement": list(Disagreement),
    "my_agency": list(Agency),
    "their_agency": list(Agency),
}


@pytest.mark.parametrize("field", CLOSED)
@pytest.mark.parametrize("value", ["nonsense", "", None, 3, True, ["kent"], {"a": 1}])
def test_a_wrong_word_is_named_with_every_word_allowed(field: str, value: object) -> None:
    """A field of a closed list says which it is and lists the whole list."""
    (problem,) = problems({**told(), field: value})
    assert problem.startswith(f"{field}: ")
    assert problem.endswith("expected one of " + ", ".join(str(word) for word in CLOSED[field]))


@pytest.mark.parametrize("field", [*CLOSED, "steps"])
def test_a_missing_required_field_is_refused_by_name(field: str) -> None:
    """A missing field of the contract is an error that names the field."""
    data = told()
    del data[field]
    (problem,) = problems(data)
    assert problem.startswith(f"{field}: is missing; expected ")


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("exit", "nonsense", [str(word) for word in Exit]),
        ("child_status", ["looked_after", "adopted"], [str(word) for word in ChildStatus]),
        ("child_status", "looked_after", ["a list"]),
        ("steps", None, ["a list, which may be empty"]),
        ("steps", {"level": "practitioner"}, ["a list, which may be empty"]),
        ("steps", "none", ["a list, which may be empty"]),
        ("steps", [None], ["an object with level, on, outcome"]),
        ("steps", [[]], ["an object with level, on, outcome"]),
        ("steps", [step("headteacher", "16", "awaiting")], [str(word) for word in Level]),
        ("steps", [step("director", "16", "hopeless")], [str(word) for word in Outcome]),
        ("me", "a teacher", ["an object with side, level"]),
        ("me", {"side": "both"}, [str(word) for word in Side]),
        ("me", {"level": "boss"}, [str(word) for word in Level]),
        ("me", {"role": "teacher"}, ["side, level"]),
        ("calls", {"to": "police"}, ["a list, which may be empty"]),
        ("calls", ["police"], ["an object with to, outcome"]),
        ("calls", [{"to": "mum", "outcome": "made"}], [str(word) for word in CallTo]),
        ("calls", [{"to": "police"}], [str(word) for word in CallOutcome]),
        ("calls", [{"to": "police", "outcome": "made", "at": "9"}], ["to, outcome"]),
        ("steps", [{"level": "director", "on": "2026-11-16"}], [str(word) for word in Outcome]),
        ("steps", [{**step("director", "16", "awaiting"), "by": "me"}], ["level, on, outcome"]),
        ("area", "essex", ["it left out"]),
        ("concern_on", 20261102, ["YYYY-MM-DD"]),
        ("concern_on", "2 November", ["YYYY-MM-DD"]),
        ("concern_on", "20261102", ["YYYY-MM-DD"]),
        ("today", "tomorrow", ["YYYY-MM-DD"]),
        ("today", 0, ["YYYY-MM-DD"]),
        ("today", "9999-12-31", ["2099-12-31"]),
        ("tomorrow", "2026-11-25", KNOWN),
    ],
)
def test_anything_else_wrong_is_named_with_what_is_allowed(
    field: str, value: object, allowed: list[str]
) -> None:
    """A single problem that begins with the field and says what would be right."""
    (problem,) = problems({**told(), field: value})
    assert problem.startswith(field)
    _, _, expected = problem.partition("; expected ")
    assert all(word in expected for word in allowed), problem


def test_an_area_must_be_one_of_the_policy() -> None:
    """Bedfordshire says which three areas it has."""
    (problem,) = problems(told("pan_bedfordshire", area="bedford"))
    assert problem.startswith('area: "bedford" is not known; expected one of ')
    assert problem.endswith("bedford_borough, central_bedfordshire, luton")


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-02-31", "is not a date"),
        ("2025-02-29", "is not a date"),
        ("2026-13-01", "is not a date"),
        ("2026-11-25", "is in the future"),
        ("0026-11-16", "is too long ago"),
        ("1999-12-31", "is too long ago"),
    ],
)
def test_an_impossible_day_is_refused_by_name(day: str, why: str) -> None:
    """31 February, tomorrow and a year with a slip in it, in a step and in concern_on."""
    (first,) = problems(told(steps=[step("practitioner", day, "awaiting")]))
    assert first.startswith(f'steps[0].on: "{day}" {why}; expected a date that exists')
    assert "from 2000-01-01 to 2026-11-24" in first
    (second,) = problems(told(concern_on=day))
    assert second.startswith(f'concern_on: "{day}" {why}')


def test_today_itself_is_not_the_future() -> None:
    """A step taken today is accepted."""
    assert parse_facts(told(steps=[step("practitioner", TODAY, "awaiting")]), policies(), TODAY)


def test_all_problems_are_reported_at_once() -> None:
    """Eight mistakes at once, each with its field, in reading order."""
    data = {
        "partnership": "essex",
        "today": "2026-02-30",
        "disagreement": "threshold",
        "my_agency": "shop",
        "their_agency": "police",
        "colour": "red",
        "steps": [
            step("practitioner", "16", "unresolved"),
            {"level": "boss", "on": "2026-02-31", "outcome": "perhaps"},
        ],
    }
    fields = [problem.partition(": ")[0] for problem in problems(data)]
    assert sorted(fields) == [
        "colour",
        "my_agency",
        "partnership",
        "risk",
        "steps[1].level",
        "steps[1].on",
        "steps[1].outcome",
        "today",
    ]


def test_a_wrong_today_does_not_make_other_days_the_future() -> None:
    """A day that cannot be compared is not reported."""
    data = told(today="2030-02-30", steps=[step("practitioner", "2030-02-20", "awaiting")])
    (problem,) = problems(data)
    assert problem.startswith("today: ")


@pytest.mark.parametrize("data", [None, 3, "kent", [], [told()], True, 1.5])
def test_facts_that_are_not_an_object_are_refused(data: object) -> None:
    """A list of facts, or nothing, is not facts."""
    (problem,) = problems(data)
    assert "expected one JSON object with the keys partnership, today, risk" in problem


def test_a_long_value_is_shown_shortened() -> None:
    """A page of text typed into a field does not fill the message."""
    (problem,) = problems(told(exit="x" * 5000))
    assert len(problem) < 300
    assert "…" in problem


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@pytest.mark.long
@settings(max_examples=rounds(150))
@given(facts_given(), st.sampled_from([*KNOWN, "other"]), anything)
def test_nonsense_in_any_field_is_read_or_refused_by_name(
    data: dict[str, Any], field: str, value: object
) -> None:
    """Whatever a field holds, either the facts are read or FactsError names that field."""
    today = date.fromisoformat(data["today"])
    said: list[str] = []
    try:
        parse_facts({**data, field: value}, policies(), today)
    except FactsError as error:
        said = error.problems
    starts = (field, "area") if field == "partnership" else (field,)
    assert all(problem.startswith(starts) for problem in said)
    assert said or field != "other"


WORDS_OF = {kind: ", ".join(map(str, kind)) for kind in (ChildStatus, CallTo, Level, Outcome, Side)}
DAY = "expected a date that exists, as YYYY-MM-DD, from 2000-01-01 to 2026-11-24"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"when": 3}, f"when: is not a known field; expected one of {', '.join(KNOWN)}"),
        ({"exit": "x"}, f'exit: "x" is not known; expected one of {", ".join(map(str, Exit))}'),
        (
            {"child_status": ["x", 3]},
            (
                f'child_status[0]: "x" is not known; expected one of {WORDS_OF[ChildStatus]}\n'
                f"child_status[1]: 3 is not known; expected one of {WORDS_OF[ChildStatus]}"
            ),
        ),
        ({"steps": "x"}, 'steps: "x" is not a list; expected a list, which may be empty'),
        ({"calls": 3}, "calls: 3 is not a list; expected a list, which may be empty"),
        (
            {"steps": [3]},
            (
                "steps[0]: 3 is not a step; expected an object with level, on, outcome, stage, "
                "settled_on"
            ),
        ),
        ({"calls": [3]}, "calls[0]: 3 is not a call; expected an object with to, outcome, level"),
        ({"me": 3}, "me: 3 is not a person; expected an object with side, level"),
        (
            {"steps": [{"by": 1}]},
            (
                "steps[0].by: is not a known field; expected one of level, on, outcome, stage, "
                "settled_on\n"
                f"steps[0].level: is missing; expected one of {WORDS_OF[Level]}\n"
                f"steps[0].outcome: is missing; expected one of {WORDS_OF[Outcome]}"
            ),
        ),
        (
            {"steps": [{**step("director", "16", "awaiting"), "stage": "3"}]},
            'steps[0].stage: "3" is not a number; expected a stage\'s number, or it left out',
        ),
        (
            {"steps": [{**step("director", "16", "awaiting"), "settled_on": "2026-11-20"}]},
            ("steps[0].settled_on: is given; expected it left out, unless the outcome is resolved"),
        ),
        (
            {"steps": [{**step("director", "16", "resolved"), "settled_on": "2026-11-15"}]},
            (
                'steps[0].settled_on: "2026-11-15" is too long ago; '
                + DAY.replace("2000-01-01", "2026-11-16")
            ),
        ),
        (
            {"me": {"side": "both"}},
            f'me.side: "both" is not known; expected one of {WORDS_OF[Side]}',
        ),
        (
            {"calls": [{"outcome": "made"}]},
            f"calls[0].to: is missing; expected one of {WORDS_OF[CallTo]}",
        ),
        ({"concern_on": "x"}, f'concern_on: "x" is not a date; {DAY}'),
        ({"concern_on": "2026-11-25"}, f'concern_on: "2026-11-25" is in the future; {DAY}'),
        ({"concern_on": "1999-12-31"}, f'concern_on: "1999-12-31" is too long ago; {DAY}'),
        (
            {"today": "x"},
            (
                'today: "x" is not a date that can be counted from; expected a date that exists, '
                "as YYYY-MM-DD, from 2000-01-01 to 2099-12-31, or left out"
            ),
        ),
        ({"area": "luton"}, "area: kent has no member areas; expected it left out"),
        ({"priority": "high"}, "priority: kent has no priorities; expected it left out"),
    ],
)
def test_each_problem_says_the_field_the_fault_and_what_would_be_right(
    given: dict[str, Any], said: str
) -> None:
    """Whoever sends facts can mend them from the message alone."""
    assert problems(told("kent", **given)) == said.split("\n")


def test_facts_must_be_one_json_object_without_repeated_keys() -> None:
    """A repeated key is refused: the second value could lower the risk unnoticed."""
    with pytest.raises(FactsError) as caught:
        read_json(b'{"risk": "immediate_danger", "me": {"side": 1, "side": 2}, "risk": "concern"}')
    assert caught.value.problems == [
        "side: is given twice; expected it once",
        "risk: is given twice; expected it once",
    ]
    with pytest.raises(FactsError) as caught:
        read_json(b"{")
    (problem,) = caught.value.problems
    assert problem.startswith("facts: not JSON (")
    assert problem.endswith("); expected one JSON object in UTF-8")
    assert read_json(b'\xef\xbb\xbf{"risk": "concern"}') == {"risk": "concern"}


def test_facts_that_are_no_object_are_told_the_keys() -> None:
    """The message shows what came and lists every key there is."""
    keys = ", ".join(KNOWN)
    assert problems([1]) == [
        f"facts: [1] is not an object; expected one JSON object with the keys {keys}"
    ]
