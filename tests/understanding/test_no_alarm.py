"""Ordinary news is no alarm, and hides no danger beside it."""

import pytest

from bench import measure_understanding as measure
from bot.privacy.masking.masker import mask
from bot.understanding.danger.signs import find_signs

CALM_TRADE = 0.10
"""The share of calm lines in trade shorthand that may be taken for danger."""


@pytest.mark.parametrize(
    "text",
    [
        "the midwife hasnt come back to me yet",
        "the head rang them this morning so I've done it",
        "the child is looked after",
        "i could kill the person who invented this form",
    ],
)
def test_ordinary_news_is_no_alarm(text: str) -> None:
    """A reply that is awaited, a call that was made, a legal status, a figure of speech."""
    assert not measure.reader()(text).urgent


@pytest.mark.parametrize(
    "text",
    [
        "we are on the urgent track",
        "SENCO in Poole, rang the TM last thursday. worried, not immediate. no early help",
        "it was on the standard track, not the urgent one",
        "what is police protection?",
        "what is serious harm?",
        "mum is pregnant again",
        "edt said wait til monday what now",
        "I rang the sw yesterday, she said she'd look at it and call me back by tomorrow",
        "she said she'd ring me back tomorrow",
        "told to call back after the weekend",
        "mum is expecting another baby",
        "she rang them friday, no luck",
        "d/w TM Tues, no further forward",
        "her nan is picking her up",
        "[name] is picking her up",
        "he's due in court on thursday",
        "she phoned just now, says they'll hold a strategy meeting next week",
        "i spoke to ms d'silva today",
        "sarge says drop it",
        "its saturday night, who is there to phone",
        "he rang me this morning and said he will reply tomorrow",
        "they phoned again this morning wanting the chronology",
        "mum told me this morning she has complained",
        "she rang this afternoon to say she'll answer",
        "nobody picks up at the front door",
        "School has sent five MARFs, come back NFA",
        "SN Maidstone. CSC NFA'd MARF 16/11. s/w rang 18/11 no joy. TM emailed 20/11. not imm",
        "mum has a new job and the kids are at nan's for the week",
        "my teacher has come to me as DSL, social worker wont do an assessment, Maidstone",
        "saw ms o'connor at the gate, she's had our email",
        "called in on the worker, out till two",
        "caught their manager by the lift, she wont shift",
        "mum is in court on the tenth about the rent",
        "i am frightened of her, she snaps at everybody",
        "our student is scared of the chair",
        "must a midwife report FGM",
        "still hungry most mornings, its in the plan and has been all year",
        "RFS x2 NFA'd, spk ATM 18/11, n/c, ?stg 2",
        "ambulance",
    ],
)
def test_ordinary_news_alone_is_no_alarm(text: str) -> None:
    """However much it sounds like the words around real danger."""
    assert not measure.reader()(text).urgent


@pytest.mark.parametrize(
    "text",
    [
        "i am scared of him, he has got a knife and the kids are in there",
        "ambulance has been, he was hit by his dad",
        "she must report FGM, her dad has booked the cutter for friday",
        "hungry again today and there is no food in the house",
    ],
)
def test_what_may_be_ordinary_hides_no_danger_beside_it(text: str) -> None:
    """A worker's fear, an agency's name, a duty to report, what has long been known."""
    assert measure.reader()(text).urgent


@pytest.mark.long
def test_trade_shorthand_and_errands_are_seldom_danger() -> None:
    """Of 60 calm lines by an author of whom others were learned; at first sight one in nine was."""
    lines = [line.text for line in measure.grouped("calm_trade")]
    readings = {text: measure.reader()(text) for text in lines}
    urgent = [text for text in lines if readings[text].urgent]
    assert len(urgent) <= CALM_TRADE * len(lines), urgent
    now = [text for text in urgent if readings[text].facts.get("risk") == "immediate_danger"]
    assert len(now) <= 1, now


@pytest.mark.parametrize(
    "text",
    [
        "the child's real initials are TMW",
        "they live on the Larkmere est in block c",
        "a house called Orchard Cottage on the green",
        "her prison number is A1234BC",
        "mum has had another baby",
        "I rang the midwife on friday, she promised to let me know by tuesday",
        "they came back to me today and will have another look but i've heard that before",
        "it's a bank holiday tomorrow and nobody is in after five, who do I ring",
    ],
)
def test_a_record_or_news_of_an_office_is_no_danger(text: str) -> None:
    """Who somebody is, where they live, that a baby is born, and who is in, told and no more."""
    assert not measure.reader()(mask(text).text).urgent


@pytest.mark.parametrize(
    "text",
    [
        "nobody is in and she is two",
        "they live in a house with no heating and no food",
        "mum has had another baby and dad hit it",
        "he has moved back to the house with her and the kids",
        "mum rang this morning, its started again",
    ],
)
def test_a_record_hides_no_danger_beside_it(text: str) -> None:
    """A single word more, and all is weighed."""
    assert "only of calls" not in find_signs(mask(text).text, measure.TODAY).by_name


@pytest.mark.parametrize(
    "text",
    [
        "she said she'd ring me back but he has a knife",
        "mum is pregnant and he kicked her",
        "mum is pregnant by her brother",
        "he rang and is at it again this morning",
        "she rang this morning and said he did it again",
        "edt said wait til monday, he is not safe tonight",
        "i rang and she said he is outside with a bat",
    ],
)
def test_news_of_a_call_hides_no_danger_beside_it(text: str) -> None:
    """A single word more, and all is weighed."""
    assert measure.reader()(text).urgent


def test_who_answers_that_nobody_is_in_danger_states_no_danger() -> None:
    """The guide's own question, repeated with a no, is neither danger nor a stated risk."""
    reading = measure.reader()("you asked is anyone in danger, the answer is no")
    assert not reading.urgent
    assert "risk" not in reading.facts
