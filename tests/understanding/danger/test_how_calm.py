"""That a child can wait is believed only where it is said, and of today too."""

import pytest

from bot.core.vocabulary import Risk
from bot.understanding.danger.risk import stated_risk
from bot.understanding.how_risky import without_unsaid_calm
from bot.understanding.model.ranker import CAME_OF_IT, HOW_RISKY


def is_believed(text: str, risk: Risk) -> bool:
    """Say whether a grade that was heard in a reply stands. What else was heard always does."""
    heard = {HOW_RISKY: (str(risk), 0.99), CAME_OF_IT: ("none", 0.9)}
    kept = without_unsaid_calm(heard, text)
    assert CAME_OF_IT in kept
    return HOW_RISKY in kept


@pytest.mark.parametrize("risk", [Risk.concern, Risk.no_harm])
@pytest.mark.parametrize(
    "text",
    [
        "colleague made a mistake on the referral and the kid is at risk",
        "not now, tonight",
        "not this minute but it was this morning",
        "no not now, but last night yes",
        "no, when he gets home",
        "she says its fine, he is in danger",
        "nobody believes that he is at serious risk",
        "the meeting moved",
    ],
)
def test_what_may_be_for_today_is_no_calm_reply(text: str, risk: Risk) -> None:
    """Nor is what says neither that somebody worries nor that all is well."""
    assert not is_believed(text, risk)


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("worried but not today", Risk.concern),
        ("nothing for tonight, its slow", Risk.concern),
        ("can keep till monday", Risk.concern),
        ("safe tonight, its the longer term im bothered about", Risk.concern),
        ("nobody is at risk, it's about minutes", Risk.no_harm),
        ("all fine with the child", Risk.no_harm),
    ],
)
def test_what_says_itself_that_it_can_wait_is_one(text: str, risk: Risk) -> None:
    """A denial of today does not speak of today."""
    assert is_believed(text, risk)


@pytest.mark.parametrize("risk", [Risk.unsure, Risk.immediate_harm, Risk.immediate_danger])
def test_no_words_are_needed_to_be_unsure_or_afraid(risk: Risk) -> None:
    """Only what lets a child wait is held against the words."""
    assert is_believed("hm", risk)


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("no harm at the moment, just a bit worried", Risk.concern),
        ("there's no harm right now but i'm worried", Risk.concern),
        ("no harm, and not worried about safety", Risk.no_harm),
        ("no risk of harm", Risk.no_harm),
    ],
)
def test_a_worry_beside_no_harm_is_a_worry(text: str, risk: Risk) -> None:
    """The greater of the two is what was said."""
    assert stated_risk(text) is risk
