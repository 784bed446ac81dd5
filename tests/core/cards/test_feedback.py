"""What is wrong with an answer is told by its statement, never in words."""

from collections.abc import Iterator
from itertools import product

import msgspec
import pytest

from bot.core.cards.advice import advice_card
from bot.core.cards.card import Card
from bot.core.cards.feedback import (
    MOST_LINES,
    PART,
    WHOLE,
    Chosen,
    Fault,
    Report,
    card_key,
    choices,
    lines_to_name,
    parse_chosen,
    report_on,
    with_feedback,
)
from bot.core.cards.urgent import danger_card
from bot.core.conversation.state import State
from bot.core.handbook.sources import GUIDANCE, HEADLINE
from bot.core.policy.places import statement_places
from bot.core.rules.narrowing import narrowed
from bot.core.rules.read_facts import parse_facts
from bot.core.vocabulary import Agency, Risk
from tests.support.core import IDS, TODAY, advised, handbook, policies, step, told
from tests.support.each import each


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


def urgent_cards(policy_id: str) -> Iterator[Card]:
    """Yield what is shown when danger is heard, and the whole advice after the calls."""
    for risk in ("immediate_danger", "immediate_harm", "unsure"):
        yield card_of(policy_id, risk)
        state = State(partnership=policy_id, risk=Risk(risk), my_agency=Agency.education)
        facts = parse_facts(told(policy_id, risk=risk), policies(), TODAY)
        advice = advised(facts, policies()[policy_id])
        if advice.urgent:
            yield danger_card(advice, state, handbook().phrases)


@each("policy_id", IDS)
def test_of_urgent_advice_it_is_told_below_all_that_is_to_be_done_today(policy_id: str) -> None:
    """A wrong number or role does the most harm there; nothing stands before the action."""
    for card in urgent_cards(policy_id):
        shown = with_feedback(card, handbook().phrases)
        assert shown.sections[:-1] == card.sections
        assert shown.sections[-1].folded
        named = dict(choices(card, None, handbook().phrases))
        assert any(title.startswith(card.title[:20]) for title in named.values())
        assert len(named) > len((HEADLINE, WHOLE))


def reached(card: Card, part: str | None = None) -> Iterator[str]:
    """Yield what can be named through the guide's questions, checking the length of each."""
    found = choices(card, part, handbook().phrases)
    assert len({title.rstrip(".") for _, title in found}) == len(found)
    for line, title in found:
        assert title
        if line.startswith(PART):
            yield from reached(card, line)
        else:
            yield line


@each("policy_id", IDS)
def test_every_line_with_a_source_can_be_named(policy_id: str) -> None:
    """Also where a card has many: then the part is asked first. The words in bold come first."""
    risen = [step("practitioner", "16", "unresolved"), step("line_manager", "18", "unresolved")]
    cards = [card_of(policy_id), card_of(policy_id, "concern", *risen), *urgent_cards(policy_id)]
    for card in cards:
        lines = lines_to_name(card)
        assert {item.text for s in card.sections for item in s.items if item.source} == {
            item.text for item in lines
        }
        first = choices(card, None, handbook().phrases)
        assert len(first) <= max(MOST_LINES, len(card.sections)) + 2
        own = {WHOLE, *map(str, range(len(lines)))}
        assert set(reached(card)) - {HEADLINE} == own
        assert any(title.startswith(card.title[:20]) for _, title in first)
    assert max(len(lines_to_name(card)) for card in cards) > MOST_LINES


def test_the_words_in_bold_are_reported_of_the_policy() -> None:
    """They are made of several statements, so the report names none of them, nor their text."""
    report = report_on(card_of("kent"), HEADLINE, Fault.unclear, policies(), handbook(), "kent")
    assert report == Report(
        "kent", policies()["kent"].fingerprint, HEADLINE, "", "advice", Fault.unclear
    )


@pytest.mark.long
@pytest.mark.parametrize("policy_id", IDS)
def test_a_report_names_the_statement_by_its_place_and_holds_no_words(policy_id: str) -> None:
    """Each line of the advice can be named; the report is made of ids, places and sections."""
    card = card_of(policy_id, "concern", step("practitioner", "16", "unresolved"))
    policy = policies()[policy_id]
    places, lines = statement_places(policy), lines_to_name(card)
    assert lines
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
