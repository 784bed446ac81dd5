"""Calls told of in an emergency: to whom, and what came of them."""

import json
from pathlib import Path

import pytest

from bench import measure_understanding as measure
from bot.understanding.danger.calls import find_calls, what_is_asked

LINES = Path(__file__).parents[1] / "lines/crisis.jsonl"
"""What practitioners type after "call 999 now". At first sight 0.52 of their calls were heard."""
ENOUGH = 0.72
"""The least share of lines whose every call is heard as it was meant."""
ENOUGH_ASKED = 0.89


def heard(text: str) -> list[str]:
    """Return the calls of a text as "police refused"."""
    return [
        f"{call.to} {call.outcome}"
        for call in find_calls(text, measure.calls_ranked(text), measure.TODAY)
    ]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("rang 999 they said its civil", ["police refused"]),
        ("police said ring social care", ["police refused"]),
        ("ooh not picking up", ["childrens_social_care no_answer"]),
        ("told to wait til monday", ["None refused"]),
        ("they're on their way", ["None coming"]),
        ("told my dsl", ["safeguarding_lead made"]),
        ("my line manager is on leave", ["own_manager no_answer"]),
        ("the team manager refused too", ["their_manager refused"]),
        ("ambulance coming", ["other coming"]),
        (
            "dsl voicemail. rang mash, they're sending somebody out",
            ["safeguarding_lead no_answer", "childrens_social_care coming"],
        ),
        ("told the police and social care", ["police made", "childrens_social_care made"]),
        ("wait til monday they said. that was edt", ["childrens_social_care refused"]),
        ("knocked it back. the duty social worker", ["childrens_social_care refused"]),
        ("999, dsl, both told", ["police made", "safeguarding_lead made"]),
        ("the duty inspector's phone is off", ["their_manager no_answer"]),
        ("a&e won't look at him", ["other refused"]),
        ("rang social care, no reply", ["childrens_social_care no_answer"]),
    ],
)
def test_each_call_is_heard_with_what_came_of_it(text: str, calls: list[str]) -> None:
    """Whoever is named, or nobody, and the latest that is said of it."""
    assert heard(text) == calls


@pytest.mark.parametrize(
    "text",
    [
        "he's gone out",
        "mum says she'll stay at nan's",
        "should i ring the police",
        "i havent rung anyone",
        "she's locked herself in the bathroom",
        "what do i say to social care",
        "knocked over the drinks",
        "the lads have gone off",
        "",
    ],
)
def test_news_and_questions_are_no_calls(text: str) -> None:
    """Nothing is supposed to have been done."""
    assert heard(text) == []


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("help", "help"),
        ("what now", "what_now"),
        ("they wont come who do i ring next", "what_now"),
        ("whats the number for the duty team", "number"),
        ("what do i say", "say"),
        ("what do i write down", "write_down"),
        ("he's gone out", None),
    ],
)
def test_what_is_asked_for_is_heard(text: str, asks: str | None) -> None:
    """By its words, beside whatever else is told."""
    assert what_is_asked(text) == asks


def test_what_practitioners_type_in_an_emergency_is_heard() -> None:
    """A call to nobody named counts as heard if its outcome is right."""
    lines = [json.loads(line) for line in LINES.read_text("utf-8").splitlines()]
    right = [line for line in lines if _same(line["calls"], line["text"])]
    asked = [line for line in lines if what_is_asked(line["text"]) == line["asks"]]
    assert len(right) >= ENOUGH * len(lines)
    assert len(asked) >= ENOUGH_ASKED * len(lines)


def test_without_a_model_no_call_is_supposed() -> None:
    """What came of a call is learned: nothing is claimed where nobody can say."""
    assert find_calls("rang 999 they said its civil", {}, measure.TODAY) == ()


def _same(meant: list[dict[str, str]], text: str) -> bool:
    found = find_calls(text, measure.calls_ranked(text), measure.TODAY)
    return len(found) == len(meant) and all(
        call.outcome == told["outcome"] and call.to in {None, told["to"]}
        for call, told in zip(found, meant, strict=True)
    )
