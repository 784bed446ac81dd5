"""The guide's messages as Slack's blocks: within every limit, and nothing of them lost."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.messages import Button, File, Message
from bot.channels.slack.api import LONGEST_TEXT
from bot.channels.slack.blocks import Post, after_choice, home_view, posts, private_chat_offer
from bot.channels.slack.mrkdwn import split_to_fit
from bot.channels.wording import load
from bot.core.cards.advice import advice_card
from bot.core.cards.card import Card, CardItem, CardSection
from bot.core.cards.draft import draft_card
from bot.core.cards.feedback import with_feedback
from bot.core.cards.lines import stages_card
from bot.core.cards.review import review_card
from bot.core.cards.urgent import danger_card
from bot.core.conversation.state import State
from bot.core.vocabulary import Risk
from tests.support.core import IDS, advice_for, handbook, policies
from tests.support.drafts import drafts
from tests.support.rounds import rounds
from tests.support.server import ROOT
from tests.support.slack_limits import Call, options, wrong_message, wrong_view

pytestmark = pytest.mark.xdist_group("drafts")
"""They go through the same drafts, which each process writes once."""

WORDING = load(ROOT / "data/responses")
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=120)
LONG = st.builds(lambda text, times: text * times, TEXT, st.integers(1, 60))
TITLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200).filter(
    str.strip
)


def posted(*messages: Message) -> list[Call]:
    """The messages as they are posted, each checked as Slack checks it."""
    return [checked(post) for post in posts(messages, WORDING)]


def checked(post: Post) -> Call:
    """One post, checked."""
    text = split_to_fit(post.text, draw=str, most=LONGEST_TEXT)[0]
    body = {"text": text, "parse": "none", "unfurl_links": False, "unfurl_media": False}
    call = Call("chat.postMessage", body | {"blocks": post.blocks})
    assert list(wrong_message(call)) == []
    return call


def card(made: Any) -> Message:
    """A message with a card as a channel gets it."""
    return Message("In words.", card=msgspec.to_builtins(made))


def chosen(number: int) -> Message:
    """A question with so many options."""
    buttons = (Button(f"Town {n}", f"answer:area:town_{n}") for n in range(1, number + 1))
    return Message("Which town?", tuple(buttons))


@pytest.mark.parametrize("id_", IDS)
def test_a_notification_does_not_repeat_the_persons_words(id_: str) -> None:
    """A locked screen may show it. What to do now is in it, for those who have it read out."""
    heard = "somebody hurting a child (“is being hit”)"
    state = State(risk=Risk.immediate_danger, red_flag=heard)
    advice = advice_for(id_, risk="immediate_danger")
    urgent = danger_card(advice, state, handbook().phrases)
    (call, *_) = posted(card(urgent))
    assert "is being hit" in call.drawn
    assert "is being hit" not in call.text
    assert "999" in call.text


def test_up_to_twenty_five_options_are_buttons() -> None:
    """Each option is a numbered button."""
    (call,) = posted(chosen(25))
    assert [block["type"] for block in call.blocks] == ["section", "actions"]
    assert [element["type"] for element in call.blocks[1]["elements"]] == ["button"] * 25
    assert call.options[24] == "25. Town 25"


@pytest.mark.parametrize("number", [26, 40, 75, 100, 140])
def test_more_options_are_a_list_to_choose_from(number: int) -> None:
    """Forty options are all there, each with its number and what it stands for."""
    blocks = [block for call in posted(chosen(number)) for block in call.blocks]
    selects = [element for block in blocks[1:] for element in block["elements"]]
    assert {select["type"] for select in selects} == {"static_select"}
    assert (len(selects) == 1) is (number <= 75)
    shown = [option for _, option in options(blocks)]
    assert [option["text"]["text"] for option in shown] == [
        f"{n}. Town {n}" for n in range(1, number + 1)
    ]
    assert [option["value"] for option in shown] == [
        f"answer:area:town_{n}" for n in range(1, number + 1)
    ]


def test_options_of_one_turn_are_numbered_through() -> None:
    """A typed number counts the options of all messages of the turn."""
    first, second = posted(chosen(2), chosen(2))
    assert first.options == ["1. Town 1", "2. Town 2"]
    assert second.options == ["3. Town 1", "4. Town 2"]


def test_an_over_long_title_stands_whole_above_its_button() -> None:
    """The button is shortened; what it says is read in full beside its number."""
    long = "Stage 2 was raised with the senior manager, but Stage 1 before it was left out by us"
    (call,) = posted(Message("How far?", (Button(long, "answer:a:b"), Button("No", "answer:a:c"))))
    assert f"1. {long}\n2. No" in call.drawn
    assert call.options[0].startswith("1. Stage 2 was raised")
    assert call.options[0].endswith("…")
    assert len(call.options[0]) <= 75


def test_titles_that_look_alike_on_a_phone_stand_whole() -> None:
    """A phone shows some thirty letters of a button: what differs after that must be read."""
    same = "Stage 3: Senior managers, but Stage "
    (call,) = posted(Message("?", (Button(f"{same}1", "answer:a:b"), Button(f"{same}2", "do:c"))))
    assert f"1. {same}1\n2. {same}2" in call.drawn


def test_an_option_that_means_too_much_for_a_button_keeps_its_number() -> None:
    """It is in the list, to be typed."""
    long = Button("Kent", "answer:a:" + "b" * 2500)
    (call,) = posted(Message("Where?", (long, Button("Luton", "answer:a:c"))))
    assert "1. Kent\n2. Luton" in call.drawn
    assert call.options == ["2. Luton"]


def test_files_are_links() -> None:
    """Each file is a link with its title and its signed address."""
    file = File("Record | <Word>", "https://guide.example.org/files/abc.d-e_f", "x/y")
    (call,) = posted(Message("Your files.", files=(file,)))
    assert (
        "• <https://guide.example.org/files/abc.d-e_f|Record ¦ &lt;Word&gt;>"
        in call.drawn.split("\n")
    )


@given(st.lists(st.builds(Message, LONG, st.lists(st.builds(Button, TITLE, TITLE), max_size=60)
                          .map(tuple)), min_size=1, max_size=3))  # fmt: skip
@settings(max_examples=rounds(60))
def test_every_message_is_within_slacks_limits(messages: list[Message]) -> None:
    """However long a text and however many its options, Slack takes it, and no option is lost."""
    calls = posted(*messages)
    number = sum(len(message.buttons) for message in messages)
    said = "\n".join(post.text for post in posts(messages, WORDING))
    assert all(f"{n}. " in said for n in range(1, number + 1))
    assert bool(calls) is any(m.text.strip() or m.buttons for m in messages)


@pytest.mark.long
@given(
    TITLE,
    st.lists(
        st.builds(
            CardSection, TEXT, st.lists(st.builds(CardItem, LONG, st.none() | LONG), max_size=20)
            .map(tuple)
        ), max_size=8,
    ),
    LONG,
)  # fmt: skip
@settings(max_examples=rounds(60))
def test_every_card_is_within_slacks_limits(
    title: str, sections: list[CardSection], footer: str
) -> None:
    """However much there is to say, it goes out in as many messages as it takes."""
    made = Card(kind="advice", title=title, route="", sections=tuple(sections), footer=footer)
    assert posted(card(made))


@pytest.mark.parametrize("partnership", IDS)
def test_advice_has_its_stages_items_and_sources(partnership: str) -> None:
    """The stage they are at is marked in words and in a mark; every line and source is there."""
    steps = [("practitioner", "16", "unresolved"), ("line_manager", "19", "awaiting")]
    policy = policies()[partnership]
    made = advice_card(advice_for(partnership, *steps), policy, handbook().phrases)
    calls = posted(card(made))
    drawn = "\n".join(call.drawn for call in calls)
    assert made.title in " ".join(drawn.replace("*", "").split())
    assert drawn.startswith(made.title[:100])
    (here,) = [line for line in drawn.split("\n") if line.startswith("▶")]
    assert "(you are here)" in here
    flat = " ".join(drawn.replace("*", "").split())
    for section in made.sections:
        assert section.heading in drawn
        for item in section.items:
            assert plain_start(item.text) in flat
            assert item.source is None or plain_start(item.source.section) in flat


@pytest.mark.parametrize("kind", ["emergency", "same_day"])
def test_sources_of_what_to_do_now_stand_below_it(kind: str) -> None:
    """In small print, each once, and not between the lines."""
    source = {"document": "Kent Escalation", "section": "Stage 1"}
    items = [{"text": text, "detail": None, "source": source} for text in ("Call 999", "Tell her")]
    section = {"heading": "Do this now", "items": items}
    (call,) = posted(Message("", card={"kind": kind, "title": "Now", "sections": [section]}))
    assert call.drawn.split("\n")[1:] == [
        "*Do this now*",
        "• Call <tel:999|999>",
        "• Tell her",
        "Sources: Kent Escalation, Stage 1",
    ]
    assert call.blocks[-1]["type"] == "context"


def test_sections_without_action_today_are_small_print() -> None:
    """What to do is in sight first; nothing is left out."""
    made = advice_card(advice_for("kent"), policies()["kent"], handbook().phrases)
    (call,) = posted(card(made))
    shown = {
        block["elements"][0]["text"].partition("\n")[0].strip("*"): block
        for block in call.blocks
        if block["type"] == "context"
    }
    folded = [section.heading for section in made.sections if section.folded]
    assert folded
    assert [heading for heading in shown if heading in folded] == folded
    assert not [s.heading for s in made.sections if not s.folded and s.heading in shown]


def plain_start(text: str) -> str:
    """The first words of a text, up to what Slack's markup changes."""
    first = text.replace("**", "").split("\n")[0]
    for mark in ("&", "999", "@", "http", "_", "/", "*"):
        first = first.partition(mark)[0]
    return " ".join(first.split())


@pytest.mark.parametrize("route", ["immediate_danger", "immediate_harm", "unsure"])
def test_urgent_advice_says_first_what_to_do(route: str) -> None:
    """Nothing stands before it in the message, and its text for notices begins with it too."""
    advice = advice_for("kent", risk=route)
    made = advice_card(advice, policies()["kent"], handbook().phrases)
    first = posted(card(made))[0]
    assert first.blocks[0]["type"] == "header"
    assert first.blocks[0]["text"]["text"] == made.title
    title = made.title.replace("999", "<tel:999|999>")
    assert first.text.startswith(f"*{title}*")
    assert title.startswith(("Call", "Tell"))


def test_each_answer_can_be_changed_where_it_is_shown() -> None:
    """Every line of the review has a button of its own, which says for a screen reader which."""
    given_so_far = {
        "risk": "Risk: worried",
        "partnership": "Policy: Kent",
        "their_agency": "Police",
    }
    (call,) = posted(card(review_card(given_so_far, handbook().phrases)))
    lines = [block for block in call.blocks if "accessory" in block]
    assert [line["text"]["text"] for line in lines] == list(given_so_far.values())
    assert [line["accessory"]["value"] for line in lines] == [
        f"do:change_answer:{name}" for name in given_so_far
    ]
    assert lines[0]["accessory"]["accessibility_label"] == "Change: Risk: worried"


def test_what_is_wrong_can_be_told_below_an_answer() -> None:
    """The last block of the answer has a button with its own words, within Slack's limits."""
    phrases = handbook().phrases
    (call,) = posted(card(with_feedback(stages_card(policies()["kent"], phrases), phrases)))
    (line,) = [block for block in call.blocks if "accessory" in block]
    assert line["accessory"]["text"]["text"] == "Something here is wrong or unclear"
    assert line["accessory"]["value"].startswith("do:feedback:")


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_drafts_can_be_copied_whole(partnership: str) -> None:
    """Subject and text stand in blocks of code, without a mark that was not in the draft."""
    for made in drafts(partnership)[::40]:
        calls = posted(card(draft_card(made.draft, handbook().phrases)))
        code = [
            block["text"]["text"].removeprefix("```\n").removesuffix("\n```")
            for call in calls
            for block in call.blocks
            if block["type"] == "section" and block["text"]["text"].startswith("```")
        ]
        copied = "\n".join(code).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        expected = "\n".join(filter(None, [made.draft.subject, made.draft.body]))
        assert copied == expected
        assert all(gap in "\n".join(call.drawn for call in calls) for gap in made.draft.gaps)


def test_a_case_code_stands_apart_to_be_copied() -> None:
    """Where it was shown before, words say so instead."""
    code = "EG-AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"
    shown = {"kind": "case", "title": "Your case is saved", "code": code, "sections": []}
    (call,) = posted(Message("In words.", card=shown))
    assert f"```\n{code}\n```" in call.drawn
    again = shown | {"code": WORDING.say("case_code_shown")}
    (call,) = posted(Message("In words.", card=again))
    assert "```" not in call.drawn
    assert "cannot be shown again" in call.drawn


def test_a_long_heading_is_shortened_and_stands_whole_below() -> None:
    """The full title is still there."""
    title = "The stages of a policy with a very long name " * 5
    (call,) = posted(Message("", card={"kind": "advice", "title": title.strip(), "sections": []}))
    assert call.blocks[0]["text"]["text"].endswith("…")
    assert title.strip() in call.drawn.replace("*", "")


def test_the_lines_of_the_channel_itself_are_within_limits() -> None:
    """The offer of a private chat and the home tab are drawn as Slack takes them."""
    checked(private_chat_offer(WORDING))
    assert list(wrong_view(home_view(WORDING, 30.0))) == []


def test_a_choice_from_a_list_gives_way_to_what_was_chosen() -> None:
    """The list is gone; the text above it stays."""
    (call,) = posted(chosen(40))
    named = [{**block, "block_id": block.get("block_id", "x")} for block in call.blocks]
    option = named[1]["elements"][0]["options"][6]
    pressed = {"block_id": named[1]["block_id"], "selected_option": option}
    changed = after_choice(named, pressed, WORDING)
    assert [block["type"] for block in changed] == ["section", "context"]
    assert changed[1]["elements"][0]["text"] == "You chose: *Town 7*"


def test_a_change_pressed_beside_an_answer_changes_nothing_above() -> None:
    """The review stays as it is: the question that follows shows what was pressed."""
    (call,) = posted(card(review_card({"risk": "Risk: worried"}, handbook().phrases)))
    named = [{**block, "block_id": f"b{n}"} for n, block in enumerate(call.blocks)]
    line = next(block for block in named if "accessory" in block)
    pressed = {"block_id": line["block_id"], **line["accessory"]}
    assert after_choice(named, pressed, WORDING) is None
    assert after_choice([], pressed, WORDING) is None
