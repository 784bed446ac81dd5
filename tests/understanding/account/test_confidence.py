"""Hesitating, asking what to say to a reply and practising, in lines nobody trained on."""

import pytest

from bench import measure_understanding as measure
from bot.core.vocabulary import Worry
from bot.letters.files import confidence
from bot.understanding.account.confidence import find_pushback, find_worry
from bot.understanding.words.patterns import sheet

INTENTS = ("ask_confidence", "ask_pushback", "rehearse")


@pytest.mark.long
@pytest.mark.parametrize("intent", INTENTS)
def test_intents_are_understood_in_lines_nobody_trained_on(intent: str) -> None:
    """More than eight lines in ten lead to what was asked for."""
    lines = [line for line in measure.grouped("confidence") if line.heading == intent]
    wrong = {
        line.text: measure.asks_for(line.text)
        for line in lines
        if not measure.hesitates(line.text, intent)
    }
    assert len(wrong) <= 0.17 * len(lines), wrong


@pytest.mark.parametrize("line", measure.grouped("pushback"), ids=lambda line: line.text)
def test_a_reply_that_is_named_is_the_one_that_is_answered(
    line: measure.Grouped,
) -> None:
    """In any words; where none is named, none is guessed."""
    assert (find_pushback(line.text) or "none") == line.heading


@pytest.mark.long
@pytest.mark.parametrize("line", measure.grouped("worries"), ids=lambda line: line.text)
def test_a_worry_that_is_named_is_the_one_that_is_answered(
    line: measure.Grouped,
) -> None:
    """In any words; where none is named, the general answer fits."""
    assert (measure.reader()(line.text).worry or "none") == line.heading


def test_the_sheets_name_what_the_letters_answer() -> None:
    """A name that one of them lacks would be understood in vain, or never."""
    assert set(sheet("pushback")) == set(confidence().replies) - {"refused"}
    # That nobody can be asked is learned, and never only supposed.
    assert set(sheet("worries")) == set(confidence().worries) - {"general", Worry.nobody_there}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("gp practice in dartford town", "inform"),
        ("the practice nurse weighed him", "inform"),
        ("they told us they have no capacity for it", "service_provision"),
        ("they say our referral doesn't meet threshold", "threshold"),
        ("what do i say on the phone", "ask_wording"),
        ("i am a teaching assistant at a school in poole", "inform"),
    ],
)
def test_lines_that_only_sound_hesitant_are_understood_otherwise(text: str, intent: str) -> None:
    """What has happened is told, not asked about, and a practice may be a surgery."""
    assert measure.intent(text) == intent


@pytest.mark.parametrize(
    ("text", "worry"),
    [
        ("is this worth escalating", "scope"),
        ("does this even warrant a challenge", "scope"),
        ("can i just leave it", "scope"),
        ("am i overreacting", "scope"),
        ("what if i do nothing", "left"),
        ("what happens if it's left", "left"),
        ("what happens if i dont", "left"),
        ("what would happen if nobody raised it", "left"),
        ("what if we just let it go", "left"),
    ],
)
def test_whether_to_raise_it_is_asked_in_few_words(text: str, worry: str) -> None:
    """Bare, before anything is told, it is answered as no other question."""
    assert find_worry(text) == worry
    assert measure.reader()(text).enquiry is None
    assert measure.intent(text) == "ask_confidence"


@pytest.mark.parametrize("line", measure.grouped("confidence"), ids=lambda line: line.text)
def test_being_afraid_to_challenge_is_no_danger_to_a_child(
    line: measure.Grouped,
) -> None:
    """Words of fear about a telephone call do not ring the alarm."""
    assert not measure.reader()(line.text).urgent


def test_no_line_of_these_tests_is_trained_on() -> None:
    """Otherwise the figures would mean nothing."""
    trained = {text.casefold() for text, _ in measure.intent_examples()}
    tested = {
        line.text.casefold()
        for name in ("confidence", "pushback", "worries")
        for line in measure.grouped(name)
    }
    assert trained & tested == set()
