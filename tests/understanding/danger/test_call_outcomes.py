"""What words say outright came of a call, without any model."""

from datetime import date

import pytest

from bot.understanding.danger.call_outcomes import (
    NOTHING,
    before_the_place,
    said_outcome,
    tells_only_of_help,
)
from bot.understanding.danger.calls import call_clauses
from bot.understanding.danger.signs import find_signs
from bot.understanding.model.decision import ONLY_OF_CALLS

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("clause", "outcome"),
    [
        ("police told us ring mum", "refused"),
        ("nobody will come", "refused"),
        ("no one is willing to act", "refused"),
        ("still no", "refused"),
        ("she says no", "refused"),
        ("and they just said no again", "refused"),
        ("she says no marks", None),
        ("he said no to going home", None),
        ("social care are insisting she goes home tonight", "refused"),
        ("its not now", NOTHING),
        ("sorry no its not happening right now", NOTHING),
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
        ("voicemail", "no_answer"),
        ("straight to answerphone again", "no_answer"),
        ("shes off sick", "no_answer"),
        ("the manager is in a meeting", "no_answer"),
        ("away until monday", "no_answer"),
        ("edt said they will go out tonight", "coming"),
        ("she says shes coming round at 6", "coming"),
        ("they will come tomorrow", "refused"),
        ("edt can only visit in the morning", "refused"),
        ("theyve gone to the other site", "no_answer"),
        ("they went to the wrong house", "no_answer"),
        ("its half 4 nobody", "no_answer"),
        ("the ambulance got cancelled", "refused"),
        ("officers were diverted", "refused"),
        ("theyve stood it down", "refused"),
        ("on its way", "coming"),
        ("theyll be here at 6", "coming"),
        ("theyre coming at 2", "coming"),
        ("directors pa said hes in a meeting", "no_answer"),
        ("a machine", "no_answer"),
        ("theyve turned up at the other flat", "no_answer"),
        ("theyre outside the wrong flat", "no_answer"),
        ("its gone to the wrong entrance", "no_answer"),
        ("the ambulance is still not here", "no_answer"),
        ("requested a welfare check from the police", "made"),
        ("weve taken a 6 yr old into police protection", NOTHING),
        ("i told them", "made"),
        ("ive told them all now", "made"),
        ("ive asked the police to go", "made"),
        ("we asked edt for a visit", "made"),
        ("used my powers on two kids", NOTHING),
        ("exercised our police powers", NOTHING),
        ("police used their powers", None),
        ("havent asked the police to go", None),
        ("she told them he hit her", None),
        ("duty said theyll ring back by 3", "made"),
        ("they promised a call back within the hour", "made"),
        ("theyve just noted it", "made"),
        ("noted thats all theyd say", "made"),
        ("my head says shell do it", "made"),
        ("duty worker said friday", "refused"),
        ("mash said not before monday", "refused"),
        ("a car is on the way", "coming"),
        ("police car is coming", "coming"),
        ("shes on it", "coming"),
        ("i cant go to him", NOTHING),
        ("dont dare talk to her", NOTHING),
    ],
)
def test_words_that_always_mean_the_same_settle_it(clause: str, outcome: str | None) -> None:
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
        "shes gone home",
        "hes not in",
        "he is coming out tomorrow",
        "they will go out tonight",
        "the police are not coming",
        "they havent agreed to come",
        "dads car is on the drive",
        "mum is on it",
        "he is in the car",
    ],
)
def test_what_a_child_or_a_family_does_is_no_outcome_of_a_call(clause: str) -> None:
    """Nor is help that does not come."""
    assert said_outcome(clause) not in {"coming", "refused", "no_answer", "made"}


@pytest.mark.parametrize(
    "clause",
    [
        "police said they will ring me back tomorrow",
        "told to ring back when he turns up",
        "they will call back if anyone is free",
        "they never rang me back",
        "they havent noted it",
        "999 said theyll ring back",
    ],
)
def test_an_answer_that_may_never_come_is_none_to_wait_for(clause: str) -> None:
    """Put off, left to the person, or never given: nobody was told and left to act."""
    assert said_outcome(clause) != "made"


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("ambulance now coming", True),
        ("social care have agreed to go out tonight", True),
        ("ok, police on their way, 10 mins", True),
        ("ambulance coming, he has stopped breathing", False),
        ("ambulance coming he is grey", False),
        ("police are coming but dad is back with a knife", False),
        ("the ambulance is not coming", False),
    ],
)
def test_help_on_its_way_is_all_that_is_told_or_danger_is_still_looked_for(
    text: str, *, only: bool
) -> None:
    """No word beside it goes unread."""
    assert tells_only_of_help(call_clauses(text)) is only


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("my head is his brother, i can't go to him", True),
        ("he can't come in today, he's ill (my dsl)", True),
        ("she can't come to the phone", True),
        ("he is the dsl's boss, cant go to him", True),
        ("the lead is her sister so i can't talk to her", True),
        ("he can't come in today, he's ill", False),
        ("dad says she can't come to the phone", False),
        ("the head is with dad, he is hitting her and she cant come out", False),
    ],
)
def test_a_colleague_who_cannot_be_asked_is_no_danger(text: str, *, only: bool) -> None:
    """Where it is said who it is; a child may be unable to come too."""
    assert (ONLY_OF_CALLS in find_signs(text, TODAY).by_name) is only


def test_the_place_they_went_to_by_mistake_was_not_called() -> None:
    """Who is at the wrong school is whoever was sent, and not the school."""
    clause = "they went to the wrong school"
    assert "school" not in before_the_place(clause)
    assert before_the_place("police went to school") == "police went to school"


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("she never rang me back, its 6pm now", True),
        ("they havent called back", True),
        ("she never came home, its 6pm now", False),
        ("she rang me, hes back", False),
    ],
)
def test_a_call_that_was_not_returned_is_no_danger(text: str, *, only: bool) -> None:
    """The hour that it was promised for is over, and no child is told of."""
    assert (ONLY_OF_CALLS in find_signs(text, TODAY).by_name) is only
