"""Questions about the law, and about when a post of a policy comes in: what they look up."""

import pytest

from bench import measure_understanding as measure
from bot.core.handbook.topics import Topic
from bot.understanding.enquiry.enquiries import find_enquiry
from tests.support.core import handbook


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("is working together 2023 still the current edition?", "working together"),
        ("has KCSIE 2025 been superseded", "KCSIE"),
        ("does the children act 1989 still apply", "children act"),
        ("is the children's wellbeing and schools act in force yet", "children's wellbeing"),
        ("is the crime and policing act 2026 in effect", "crime and policing act"),
        ("do we have a statutory duty to share information", "duty to share information"),
        ("what does KCSIE say about disagreements between agencies", "KCSIE"),
    ],
)
def test_a_question_about_the_law_is_answered_by_its_term(text: str, named: str) -> None:
    """Whether it is current, in force or a duty: never silence, and never garbled words."""
    found = find_enquiry(text, measure.everything_named())
    assert found is not None
    assert found.topic is Topic.about
    (term,) = handbook().answers.terms_named(found.words or "")
    assert term.names[0].startswith(named)


@pytest.mark.parametrize(
    ("text", "post"),
    [
        ("when does the chair of governors come in?", "chair of governor"),
        ("when do the governors get involved", "governor"),
        ("who refers it to the head of safeguarding?", "head of safeguarding"),
        ("who brings in the resolution panel", "resolution panel"),
        ("at which stage does the executive board step in", "executive board"),
    ],
)
def test_when_a_post_comes_in_is_looked_up_by_the_post_alone(text: str, post: str) -> None:
    """Not by the words around it, which no policy uses of anybody."""
    found = find_enquiry(text, measure.everything_named())
    assert found is not None
    assert (found.topic, found.words) == (Topic.about, post)


@pytest.mark.parametrize(
    ("text", "post"),
    [
        ("how long does the commissioner have?", "commissioner"),
        ("how long has the partner representative got", "partner representative"),
        ("what are the time limits", None),
    ],
)
def test_whose_time_is_asked_for_is_heard(text: str, post: str | None) -> None:
    """The limit of a post is that of its own stage."""
    found = find_enquiry(text, measure.everything_named())
    assert found is not None
    assert (found.topic, found.words) == (Topic.limits, post)
