"""Whether somebody asks, in an emergency, to take a child home or to keep one from a parent."""

import pytest

from bot.understanding.danger.calls import what_is_asked


@pytest.mark.parametrize(
    "text",
    [
        "what if i just take him home with me",
        "could i drive her to mine",
        "can we keep him here till somebody comes",
        "what if mum turns up to collect him",
        "can i lock the door and not let dad take her",
        "do i have to hand him over to mum",
        "should i let dad take her",
        "can we refuse to let mum have the baby",
        "do i need permission to take her home with me",
        "i'm going to take the child home with me",
        "should i let him go",
        "do we have to let her leave with him",
    ],
)
def test_to_take_a_child_home_or_to_keep_one_from_a_parent_is_heard(text: str) -> None:
    """Whoever asks it wants a plain answer, and none about permission."""
    assert what_is_asked(text) == "take_child"


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("do i need permission", "doubt"),
        ("mum wants to take him home and the hospital agrees", None),
        ("social care say take him home", None),
        ("can i keep them on the line", "what_now"),
        ("what if i keep ringing them", None),
        ("should i take her to hospital", None),
        ("if mum comes what do i say", "say"),
        ("is she safe?", "safe"),
        ("will they be ok with us tonight", "safe"),
        ("should i let him go to lunch", None),
        ("whos above her", "above"),
        ("who is the team manager's boss, who's their manager", "above"),
        ("who do i ring next", "what_now"),
        ("sent the form. anything else?", "what_now"),
    ],
)
def test_what_only_sounds_like_it_is_answered_as_before(text: str, asks: str | None) -> None:
    """What another agency or a parent does is no question of it, nor is a way to get help."""
    assert what_is_asked(text) == asks


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("can i ring mum to talk it over", "consent"),
        ("shall i phone dad and check", "consent"),
        ("should we have a word with the parents", "consent"),
        ("so i dont mention it to mum?", "consent"),
        ("we never rang the parents", None),
        ("do i have to phone the police or can my dsl do it", "own_duty"),
        ("who is over the lado", "over_lado"),
        ("the lados manager?", "over_lado"),
        ("ofsted?", "ofsted"),
        ("and what about ofsted", "ofsted"),
        ("should i tell ofsted as well", "ofsted"),
        ("rang ofsted, no answer", None),
        ("the lado said no", None),
    ],
)
def test_whether_to_ring_the_family_is_asked_in_any_words(text: str, asks: str | None) -> None:
    """Whatever they would say to them, and also where a negative asks it."""
    assert what_is_asked(text) == asks
