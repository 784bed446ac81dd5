"""A button pressed or its number or title typed."""

import pytest

from bot.channels.choices import find_chosen_button, may_be_a_child, parse_data
from bot.channels.messages import Button

YES = Button("Yes, in danger now", "answer:risk:immediate_danger")
CONCERN = Button("Worried, but not now.", "answer:risk:concern")
AGAIN = Button("Start again", "do:restart_guide")
ELSEWHERE = Button("Somewhere else in England", "answer:partnership:elsewhere")
KENT = Button("Kent", "answer:partnership:kent")
LAST = [YES, CONCERN]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1", YES),
        (" 2. ", CONCERN),
        ("2)", CONCERN),
        ("yes, in  danger NOW.", YES),
        ("worried, but not now", CONCERN),
        ("no. 2", CONCERN),
        ("option No 1", YES),
        ("option two", CONCERN),
        ("the second one", CONCERN),
        ("2nd", CONCERN),
        ("#2", CONCERN),
        ("(2)", CONCERN),
        ("02", CONCERN),
        ("1!", YES),
        ("2\ufe0f\u20e3", CONCERN),
        ("\uff12", CONCERN),
        ("one", YES),
        ("answer:risk:concern", CONCERN),
        ("do:restart_guide", AGAIN),
    ],
)
def test_a_number_a_title_or_a_payload_is_the_button(typed: str, meant: Button) -> None:
    """Numbers and titles mean the last turn's buttons; a payload any that was shown."""
    assert find_chosen_button(typed, LAST, [*LAST, AGAIN]) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("somewhere else", ELSEWHERE),
        ("Somewhere else in", ELSEWHERE),
        ("somewhere", None),
        ("somewhere else entirely", None),
        ("yes, in danger", None),
        ("worried but not", None),
    ],
)
def test_half_a_title_is_the_button_but_never_about_safety(
    typed: str, meant: Button | None
) -> None:
    """What was typed begins one title alone, and is at least half of it."""
    assert find_chosen_button(typed, [KENT, ELSEWHERE, *LAST], LAST) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "3",
        "0",
        "1 2",
        "no",
        "no one",
        "the one",
        "stage 2",
        "2 days",
        "option 3",
        "start again",
        "answer:risk:no_harm",
        "do:other",
        "DO:RESTART_GUIDE",
        "",
    ],
)
def test_anything_else_is_ordinary_text(typed: str) -> None:
    """A number without a button, an earlier title and a payload never shown are only text."""
    assert find_chosen_button(typed, LAST, [*LAST, AGAIN]) is None


def test_a_payload_means_the_intent_it_names() -> None:
    """What a press stands for is certain, and its text is the button's title."""
    meant = parse_data(CONCERN)
    assert meant is not None
    assert meant["intent"] == {"name": "answer", "confidence": 1.0}
    assert meant["entities"] == [
        {"entity": "question", "value": "risk"},
        {"entity": "value", "value": "concern"},
    ]
    assert meant["text"] == "Worried, but not now."
    again = parse_data(Button("Draft", "do:draft:stage-1"))
    assert again is not None
    assert again["intent"]["name"] == "draft"
    assert again["entities"] == [{"entity": "value", "value": "stage-1"}]


@pytest.mark.parametrize(
    "payload",
    ['/answer{"risk":"x"}', "answer:risk", "answer:Risk:x", "do:", "answer:risk:x y", "hello"],
)
def test_a_payload_of_another_shape_means_nothing(payload: str) -> None:
    """Not even a button of our own can carry Rasa's command syntax."""
    assert parse_data(Button("Title", payload)) is None


TRACKS = [
    Button("The urgent track", "answer:priority:urgent_track"),
    Button("The standard track", "answer:priority:standard_track"),
    Button("I don't know", "answer:priority:unknown"),
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("we agreed the standard track", TRACKS[1]),
        ("Standard", TRACKS[1]),
        ("it's the standard one", TRACKS[1]),
        ("they said urgent track", TRACKS[0]),
        ("We both decided on the urgent one.", TRACKS[0]),
        ("not the standard track", None),
        ("the track", None),
        ("urgent, he is in danger now", None),
        ("urgent or standard?", None),
    ],
)
def test_a_track_can_be_named_in_a_sentence(typed: str, meant: Button | None) -> None:
    """Whatever else is said beside it is read as ever, danger first of all."""
    assert find_chosen_button(typed, TRACKS, TRACKS) == meant


@pytest.mark.parametrize(
    ("typed", "may_be"),
    [("the first", True), ("2nd one", True), ("2", False), ("one", False), ("option first", False)],
)
def test_an_ordinal_for_an_answer_about_safety_may_be_a_child(typed: str, *, may_be: bool) -> None:
    """A number is the option, and so is an ordinal for any other question."""
    assert may_be_a_child(typed, YES) is may_be
    assert not may_be_a_child(typed, KENT)


def test_which_option_was_meant_before_presses_none_while_the_calls_are_open() -> None:
    """It was one of the risks, and no answer of whoever was rung."""
    calls = [Button("No answer", "answer:calls_made:no_answer.0")]
    assert find_chosen_button("i meant 1", calls, calls) is None
    assert find_chosen_button("i mean option 1", calls, calls) == calls[0]
    assert find_chosen_button("i meant 1", LAST, LAST) == LAST[0]


@pytest.mark.parametrize(("typed", "title"), [("n", "No"), ("N.", "No"), ("y", "Yes")])
def test_a_letter_is_the_whole_title_and_never_a_part_of_one(typed: str, title: str) -> None:
    """As "no" is: "Yes, in danger now" is another title."""
    alone = Button(title, "answer:risk:no_harm")
    assert find_chosen_button(typed, [*LAST, alone], LAST) == alone
    assert find_chosen_button(typed, LAST, LAST) is None
