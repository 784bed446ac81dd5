"""Messages drawn as Adaptive Cards: whatever is said fits, can be read, and keeps to the schema."""

import html
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.messages import Button, File, Message
from bot.channels.teams.cards import MOST_BYTES, activities, closed, has_question
from bot.channels.wording import load
from tests.support.microsoft import LARGEST, card_problems, elements
from tests.support.rounds import rounds
from tests.support.server import ROOT

WORDING = load(ROOT / "data/responses")
SOURCE = {"document": "Kent Escalation", "section": "Stage 1"}


def drawn(*said: Message) -> list[dict[str, Any]]:
    """The activities of a turn, each checked as the stand-in for Teams does."""
    made = list(activities(said, WORDING))
    for activity in made:
        assert len(json.dumps(activity, ensure_ascii=False).encode()) < LARGEST
        for card in cards(activity):
            assert list(card_problems(card)) == []
    return made


def cards(*made: dict[str, Any]) -> list[dict[str, Any]]:
    """The cards in activities."""
    return [one["content"] for activity in made for one in activity.get("attachments", [])]


def parts(activity: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The elements of a kind in an activity's card."""
    return [one for card in cards(activity) for one in elements(card) if one["type"] == kind]


def words(*made: dict[str, Any]) -> str:
    """All text of activities."""
    shown = [part["text"] for activity in made for part in parts(activity, "TextBlock")]
    return "\n".join([*shown, *(activity["text"] for activity in made if "text" in activity)])


def buttons(number: int, title: str = "Option {}") -> tuple[Button, ...]:
    """So many options."""
    return tuple(Button(title.format(n), f"answer:x:{n}") for n in range(1, number + 1))


def test_options_are_buttons_below_each_other_with_their_numbers() -> None:
    """The numbers go on through the messages of a turn, as typed numbers are read."""
    first, second = drawn(Message("One?", buttons(3)), Message("Two?", buttons(2)))
    titles = [one["title"] for made in (first, second) for one in parts(made, "Action.Submit")]
    assert [title[:2] for title in titles] == ["1.", "2.", "3.", "4.", "5."]
    press = parts(second, "Action.Submit")[0]["data"]
    assert press["choice"] == press["msteams"]["value"]["choice"] == "answer:x:1"
    assert press["msteams"]["displayText"] == press["msteams"]["text"] == "Option 1"
    # Markdown would make a list of a number, a dot and an ordinary blank.
    assert "1. " not in titles[0]


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 3, 21, 60])
def test_a_closed_question_has_nothing_to_press(count: int) -> None:
    """Buttons, boxes and lists alike, in a card or in pieces. What else it holds stays."""
    file = File("Record", "https://guide.example.org/files/x", "application/pdf")
    for text in ("How far?", "A long answer. " * 6000):
        made = drawn(Message(text, buttons(count, "Stage {}: Assistant director"), None, (file,)))
        asking = [one for one in made if has_question(one)]
        assert asking == made[-1:]
        for title in ("Stage 1", ""):
            done = closed(made[-1], title, WORDING)
            assert list(card_problems(cards(done)[0])) == []
            assert not has_question(done)
            assert [one["title"] for one in parts(done, "Action.OpenUrl")] == ["Record"]
            assert parts(made[-1], "Action.Submit")
            assert not [*parts(done, "Action.Submit"), *parts(done, "Input.ChoiceSet")]
            assert ("You chose: **Stage 1**" in words(done)) == bool(title)


def test_what_can_be_asked_for_again_is_not_closed() -> None:
    """A draft, the stages: their buttons stay."""
    (made,) = drawn(Message("Advice.", (Button("Draft the e-mail", "do:ask_draft"),)))
    assert not has_question(made)


def test_long_options_are_boxes_whose_words_go_on() -> None:
    """A button would cut them off on a telephone."""
    (made,) = drawn(
        Message("How far?", buttons(2, "Stage {}: Assistant director, headteacher or so"))
    )
    assert parts(made, "ActionSet") == []
    boxes = [box for box in parts(made, "Container") if "selectAction" in box]
    assert len(boxes) == 2
    assert boxes[1]["items"][0]["text"] == boxes[1]["selectAction"]["title"]


def test_forty_options_are_a_list() -> None:
    """One choice and one button to send it; every option is there, with its payload."""
    (made,) = drawn(Message("Choose", buttons(40)))
    (choice,) = parts(made, "Input.ChoiceSet")
    assert [one["value"] for one in choice["choices"]] == [f"answer:x:{n}" for n in range(1, 41)]
    assert choice["id"] == "choice"
    (send,) = parts(made, "Action.Submit")
    assert "data" not in send


def test_a_card_says_its_text_to_an_app_that_draws_none() -> None:
    """The fallback text also says why, and lists the options."""
    (made,) = drawn(Message("**Act today**\n- Ring them", buttons(2), {"kind": "x", "title": "T"}))
    fallback = cards(made)[0]["fallbackText"]
    assert "Here it is in words" in fallback
    assert "- Ring them" in fallback
    assert "2. Option 2" in fallback


def test_a_notification_tells_nothing() -> None:
    """A notification may show on a locked screen, so it reveals nothing."""
    (made,) = drawn(Message("A child is in danger"))
    assert made["summary"] == "The Escalation Guide has answered"
    assert "text" not in made


def test_bold_lines_become_headings_and_dashes_bullets() -> None:
    """A line in bold is a heading, dashes are a list, and nothing is lost."""
    (made,) = drawn(Message("**First**\n- one\n- two\n\nNot **all** bold\n1. same"))
    shown = parts(made, "TextBlock")
    assert [one["text"] for one in shown] == [
        "First",
        "• one",
        "• two",
        "Not **all** bold",
        "1. same",
    ]
    assert [one.get("style") for one in shown] == ["heading", None, None, None, None]


def test_an_item_shows_its_source_once_and_how_it_was_counted_on_demand() -> None:
    """Items in a row with one source show it after the last; a date's working is hidden first."""
    items = [
        {"text": "One", "detail": "Counted so", "source": SOURCE},
        {"text": "Two", "detail": None, "source": SOURCE},
        {"text": "Three", "detail": None, "source": {**SOURCE, "section": "Stage 2"}},
    ]
    section = {"heading": "By when", "items": items}
    (made,) = drawn(Message("t", (), {"kind": "advice", "title": "T", "sections": [section]}))
    assert words(made).split("\n") == [
        "T",
        "By when",
        "• One",
        "• Two",
        "Source: Kent Escalation, Stage 1",
        "• Three",
        "Source: Kent Escalation, Stage 2",
        "Counted so",
    ]
    (hidden,) = [one for one in parts(made, "Container") if one.get("isVisible") is False]
    (toggle,) = parts(made, "Action.ToggleVisibility")
    assert toggle["targetElements"] == [hidden["id"]]


def test_what_is_folded_holds_how_its_dates_were_counted() -> None:
    """The working stands with its line, and no second button offers it again."""
    items = [{"text": "By Friday", "detail": "5 working days", "source": SOURCE}]
    section = {"heading": "By when", "folded": True, "items": items}
    (made,) = drawn(Message("t", (), {"kind": "advice", "title": "T", "sections": [section]}))
    (toggle,) = parts(made, "Action.ToggleVisibility")
    (hidden,) = [one for one in parts(made, "Container") if one.get("isVisible") is False]
    assert toggle["targetElements"] == [hidden["id"]]
    shown = [one["text"] for one in hidden["items"]]
    assert shown == ["By when", "• By Friday", "5 working days", "Source: Kent Escalation, Stage 1"]


@pytest.mark.parametrize("kind", ["emergency", "same_day"])
def test_sources_of_what_to_do_now_are_one_tap_away(kind: str) -> None:
    """Not between the lines, each once, and never lost."""
    items = [{"text": text, "detail": None, "source": SOURCE} for text in ("Call 999", "Tell her")]
    section = {"heading": "Do this now", "items": items}
    (made,) = drawn(Message("t", (), {"kind": kind, "title": "T", "sections": [section]}))
    (hidden,) = [one for one in parts(made, "Container") if one.get("isVisible") is False]
    assert [one["text"] for one in hidden["items"]] == ["Kent Escalation, Stage 1"]
    assert words(made).split("\n")[:4] == ["T", "Do this now", "• Call 999", "• Tell her"]


@pytest.mark.parametrize(("kind", "style"), [("emergency", "attention"), ("same_day", "warning")])
def test_urgent_cards_look_urgent(kind: str, style: str) -> None:
    """It also says so first."""
    (made,) = drawn(Message("t", (), {"kind": kind, "title": "Call 999 now", "sections": []}))
    first = cards(made)[0]["body"][0]
    assert first["style"] == style
    assert first["items"][0]["text"] == "Call 999 now"


def test_an_answer_can_be_changed_in_its_own_line() -> None:
    """The button is short; what it says in the chat is whole."""
    item = {"text": "Where: Kent", "change": "do:change_answer:x", "change_title": "Change: Where"}
    card = {"kind": "review", "title": "T", "sections": [{"heading": "H", "items": [item]}]}
    (made,) = drawn(Message("t", (), card))
    (press,) = parts(made, "Action.Submit")
    assert press["title"] == "Change"
    assert press["data"]["msteams"]["displayText"] == press["tooltip"] == "Change: Where"


def test_a_button_in_a_line_that_changes_nothing_says_what_it_does() -> None:
    """Its own words stand on it in place of "Change"."""
    own = {"change": "do:feedback:ab12", "change_title": "Something is wrong", "label": "Wrong"}
    item = {"text": "Tell the keepers", **own}
    card = {"kind": "advice", "title": "T", "sections": [{"heading": "H", "items": [item]}]}
    (made,) = drawn(Message("t", (), card))
    (press,) = parts(made, "Action.Submit")
    assert (press["title"], press["tooltip"]) == ("Wrong", "Something is wrong")


@pytest.mark.long
def test_a_text_too_large_for_one_card_comes_in_pieces() -> None:
    """Nothing of it is lost, whatever its lines; the options come last."""
    text = "\n".join([f"Line {number} " + "ä" * 500 for number in range(200)] + ["x" * 9_000])
    made = drawn(Message(text, buttons(3)))
    assert len(made) > 10
    assert "".join(words(*made[:-1]).split()).replace("Moreofthesameanswer:", "") == "".join(
        text.split()
    )
    assert [bool(parts(one, "Action.Submit")) for one in made] == [False] * (len(made) - 1) + [True]


@pytest.mark.long
def test_a_card_too_large_is_said_in_words() -> None:
    """A card with hundreds of lines is told by its text."""
    items = [
        {"text": f"Item {n} " + "é" * 200, "detail": None, "source": SOURCE} for n in range(300)
    ]
    text = "\n".join(f"- {item['text']}" for item in items)
    card = {"kind": "advice", "title": "T", "sections": [{"heading": "H", "items": items}]}
    made = drawn(Message(text, (), card))
    assert all(
        len(json.dumps(one, ensure_ascii=False).encode("utf-16-le")) < MOST_BYTES for one in made
    )
    assert all(f"Item {n} " in words(*made) for n in range(300))


def test_a_draft_too_large_for_a_message_comes_in_two() -> None:
    """In order, each line a line of its own, and nothing of it taken for markup."""
    body = "\n".join(f"Line {n} of <the> draft & more" for n in range(300))
    made = drawn(
        Message("t", (), {"kind": "draft", "title": "T", "body": body, "gaps": ["your name"]})
    )
    texts = [one["text"] for one in made if "text" in one]
    assert len(texts) == 3
    lines = [html.unescape(line) for piece in texts for line in piece.split("<br/>")]
    assert lines == body.split("\n")
    assert {one["textFormat"] for one in made if "text" in one} == {"xml"}
    assert "Still to fill in: your name." in words(made[0])


def test_files_are_links() -> None:
    """Each with its title, as the message gives its address."""
    url = "https://guide.example.org/files/x"
    (made,) = drawn(Message("Your files", files=(File("Form", url, "text/plain"),)))
    (link,) = parts(made, "Action.OpenUrl")
    assert (link["title"], link["url"]) == ("Form", url)


TEXT = st.text(min_size=1, max_size=300).filter(lambda text: bool(text.strip()))


@pytest.mark.long
@settings(max_examples=rounds(60))
@given(
    text=TEXT,
    titles=st.lists(TEXT, max_size=45),
    heading=TEXT,
    items=st.lists(TEXT, min_size=1, max_size=5),
)
def test_any_words_make_a_card_that_teams_takes(
    text: str, titles: list[str], heading: str, items: list[str]
) -> None:
    """Emoji, right to left, signs of Markdown and of JSON, of any length and number."""
    options = tuple(Button(title, f"answer:x:{n}") for n, title in enumerate(titles))
    lines = [{"text": item, "detail": item, "source": SOURCE} for item in items]
    card = {"kind": "advice", "title": heading, "sections": [{"heading": heading, "items": lines}]}
    drawn(Message(text, options), Message(text, (), card))
