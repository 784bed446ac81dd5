"""What is wrong with an answer is told by its statement, never in words."""

from itertools import product

import msgspec
import pytest

from bot.core.cards.advice import advice_card
from bot.core.cards.card import Card
from bot.core.cards.feedback import (
    MOST_LINES,
    WHOLE,
    Chosen,
    Fault,
    card_key,
    lines_to_name,
    parse_chosen,
    report_on,
    with_feedback,
)
from bot.core.handbook.sources import GUIDANCE
from bot.core.policy.places import statement_places
from bot.core.rules.facts import parse_facts
from bot.core.rules.narrowing import narrowed
from tests.support.core import IDS, TODAY, advised, handbook, policies, step, told


def card_of(policy_id: str, risk: str = "concern", *steps: object) -> Card:
    """Return the card of advice by a policy."""
    facts = parse_facts(told(policy_id, risk=risk, steps=list(steps)), policies(), TODAY)
    policy = policies()[policy_id]
    return advice_card(advised(facts, policy), narrowed(policy, facts), handbook().phrases)


@pytest.mark.parametrize("policy_id", IDS)
def test_advice_ends_folded_with_the_button(policy_id: str) -> None:
    """It is the last section, folded, and its button is written by the guide."""
    card = card_of(policy_id, "concern", step("practitioner", "16", "unresolved"))
    last = with_feedback(card, handbook().phrases).sections[-1]
    assert last.folded
    (item,) = last.items
    assert item.change == f"do:feedback:{card_key(card)}"
    assert item.change_title == "Something here is wrong or unclear"


@pytest.mark.parametrize(
    ("policy_id", "risk"), product(IDS, ["immediate_danger", "immediate_harm", "unsure"])
)
def test_nothing_of_it_stands_beside_what_to_do_today(policy_id: str, risk: str) -> None:
    """Urgent advice has no such button: it would be one more thing to read."""
    card = card_of(policy_id, risk)
    assert with_feedback(card, handbook().phrases) == card


@pytest.mark.parametrize("policy_id", IDS)
def test_a_report_names_the_statement_by_its_place_and_holds_no_words(policy_id: str) -> None:
    """Each line of the advice can be named; the report is made of ids, places and sections."""
    card = card_of(policy_id, "concern", step("practitioner", "16", "unresolved"))
    policy = policies()[policy_id]
    places, lines = statement_places(policy), lines_to_name(card)
    assert 0 < len(lines) <= MOST_LINES
    placed = 0
    for number, fault in product(range(len(lines)), Fault):
        report = report_on(card, str(number), fault, policies(), handbook(), policy_id)
        assert report
        assert report.fault is fault
        if report.policy == GUIDANCE:
            continue
        assert (report.policy, report.version) == (policy_id, policy.fingerprint)
        assert report.section in {one.section for one in places.values()} | {"whole document"}
        assert report.statement in {"", *places}
        if report.statement:
            placed += 1
            words = places[report.statement].words.rstrip(".").casefold()
            assert words in lines[number].text.casefold()
            assert words not in str(msgspec.to_builtins(report)).casefold()
    assert placed


def test_a_line_that_the_card_does_not_have_is_no_report() -> None:
    """Nor is a number in words; the whole answer always is one, of the chosen policy."""
    card = card_of("kent")
    for wrong in ("99", "two", "-1"):
        assert report_on(card, wrong, Fault.unclear, policies(), handbook(), "kent") is None
    whole = report_on(card, WHOLE, Fault.unclear, policies(), handbook(), "kent")
    assert whole
    assert (whole.policy, whole.statement) == ("kent", "")


def test_what_a_button_carries_comes_back_from_its_payload() -> None:
    """A fault that is not on the list is none, and leads to no line."""
    for chosen in (Chosen("ab12"), Chosen("ab12", "unclear"), Chosen("ab12", "unclear", "3")):
        assert parse_chosen(str(chosen)) == chosen
    assert parse_chosen("ab12.my_own_words.3") == Chosen("ab12")


def test_places_are_those_of_the_file() -> None:
    """A keeper finds the line: each statement once, under its place."""
    places = statement_places(policies()["kent"])
    assert places["stages[1].to_answer[0]"].words == policies()["kent"].stages[1].to_answer[0].what
