"""What came of a talk, in words that no pattern lists."""

import pytest

from bench import measure_understanding as measure
from bot.core.vocabulary import Outcome
from bot.understanding.account.outcomes import answer_clauses, find_outcomes, is_bare_reply
from bot.understanding.words.text import normal


def last_outcome(text: str) -> Outcome | None:
    """The last outcome that a text tells."""
    found = find_outcomes(normal(text), measure.answers_ranked(text))
    return found[-1][1] if found else None


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("he stood by his worker", Outcome.unresolved),
        ("she wasn't prepared to look at it again", Outcome.unresolved),
        ("asked her on Wednesday, no.", Outcome.unresolved),
        ("he is going to look at the file and ring me", Outcome.awaiting),
        ("she asked for two days to think about it", Outcome.awaiting),
        ("not a word since", Outcome.no_response),
        ("they have never come back to us", Outcome.no_response),
        ("she came round in the end and reopened it", Outcome.resolved),
    ],
)
def test_what_came_of_it_is_learned(text: str, outcome: Outcome) -> None:
    """An answer is understood in words that stand in no list."""
    assert last_outcome(text) is outcome


@pytest.mark.parametrize(
    "text",
    [
        "I spoke to the social worker on Monday",
        "health visitor in Luton",
        "who do I go to next",
        "I will ring her manager on Monday",
        "the baby has a bruise on his cheek",
    ],
)
def test_what_is_no_answer_has_no_outcome(text: str) -> None:
    """An introduction, a contact, a plan of one's own and the concern itself are no answer."""
    assert last_outcome(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "16 November 2026",
        "on the 2nd of November",
        "it was last Friday",
        "3/11",
        "no, it was Thursday 12 November",
    ],
)
def test_a_day_alone_tells_no_outcome(text: str) -> None:
    """Whatever the ranker makes of it: the day of a step is one answer, what came of it another."""
    words = normal(text)
    sure = dict.fromkeys(answer_clauses(text), ("no_response", 0.99))
    assert find_outcomes(words, sure) == []


@pytest.mark.parametrize(
    "text",
    ["yes", "Right", "ok thanks", "got it", "yep, will do", "that's right", "fine", "no", "i see"],
)
def test_a_bare_reply_tells_no_outcome(text: str) -> None:
    """A yes, a no or an "I have read it" says nothing of the case, however it is ranked."""
    words = normal(text)
    sure = dict.fromkeys(answer_clauses(text), ("resolved", 0.99))
    assert is_bare_reply(words)
    assert find_outcomes(words, sure) == []


@pytest.mark.parametrize(
    "text",
    ["yes they agreed", "no they refused", "ok she rang back", "fine by them", "it was settled"],
)
def test_a_reply_with_news_in_it_is_not_bare(text: str) -> None:
    """What comes beside a yes or a no is heard."""
    assert not is_bare_reply(normal(text))


@pytest.mark.parametrize(
    "text",
    [
        "the head rang them this morning so I've done it",
        "we have done that now",
        "rang her manager, that's done",
        "i've sent it today",
        "my manager has done it",
    ],
)
def test_that_it_was_done_tells_no_outcome(text: str) -> None:
    """Somebody who did what was advised does not say what came of it."""
    sure = dict.fromkeys(answer_clauses(text), ("resolved", 0.99))
    told = [outcome for _, outcome in find_outcomes(normal(text), {**sure, **_heard(text)})]
    assert told == []


def _heard(text: str) -> dict[str, tuple[str, float]]:
    """Return that the clauses which tell of a contact are no answer, as the ranker has them."""
    return {one: ("none", 0.9) for one in answer_clauses(text) if "rang" in one.split()}
