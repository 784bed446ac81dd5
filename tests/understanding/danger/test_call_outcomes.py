"""What words say outright came of a call, without any model."""

import pytest

from bot.understanding.danger.call_outcomes import NOTHING, said_outcome


@pytest.mark.parametrize(
    ("clause", "outcome"),
    [
        ("police told us ring mum", "refused"),
        ("the control room said to speak to her parents", "refused"),
        ("edt refuse to come", "refused"),
        ("their duty manager wont talk to us", "refused"),
        ("team manager binned it", "refused"),
        ("got knocked back again", "refused"),
        ("fobbed us off", "refused"),
        ("still ringing out", "no_answer"),
        ("still nobody", "no_answer"),
        ("again", "no_answer"),
        ("nobody has turned up", "no_answer"),
        ("it never came", "no_answer"),
        ("officers havent turned up", "no_answer"),
        ("3 hrs later nothing", "no_answer"),
        ("social care have agreed to go out tonight", "coming"),
        ("ambulance now coming", "coming"),
        ("theyve promised to send someone", "coming"),
        ("i cant go to him", NOTHING),
        ("dont dare talk to her", NOTHING),
    ],
)
def test_words_that_always_mean_the_same_settle_it(clause: str, outcome: str) -> None:
    """Whatever a ranker makes of so few of them."""
    assert said_outcome(clause) == outcome


@pytest.mark.parametrize(
    "clause",
    [
        "he refuses to go home",
        "he wont come out",
        "she wont talk",
        "mum said ring dad",
        "nobody turned up to collect him",
        "he never came home",
        "the police are not coming",
        "they havent agreed to come",
    ],
)
def test_what_a_child_or_a_family_does_is_no_outcome_of_a_call(clause: str) -> None:
    """Nor is help that does not come."""
    assert said_outcome(clause) not in {"coming", "refused", "no_answer"}
