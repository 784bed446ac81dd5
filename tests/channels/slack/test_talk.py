"""Slack from outside: signed requests to a running server, and what it posts."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.fixtures import WELCOME
from tests.support.server import Server
from tests.support.slack_api import SlackApi
from tests.support.slack_person import BOT, SlackPerson
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server


def test_the_address_is_confirmed_to_slack(person: SlackPerson) -> None:
    """Slack's question whether this is the app's address is answered with its own word."""
    answer = person.deliver({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "x"})
    assert answer.status_code == 200
    assert answer.json() == {"challenge": "3eZbrw1aB"}


def test_the_first_message_is_welcomed_and_answered(person: SlackPerson) -> None:
    """The first message gets the welcome with its options as buttons, numbered."""
    person.say("hello")
    assert person.text.startswith(WELCOME)
    assert person.options == [
        "1. Yes, in danger now",
        "2. Worried, but not now.",
        "3. Say it again",
    ]
    (post,) = person.posts
    assert post.text.startswith(WELCOME)
    assert "2. Worried, but not now." in post.text


def test_a_delivery_that_comes_again_is_answered_once(person: SlackPerson) -> None:
    """Slack's retries, and a copy of an old request, get their acknowledgement and no more."""
    envelope = person.envelope(person.message("hello"))
    for number in range(4):
        retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}
        assert person.deliver(envelope, **(retry if number else {})).status_code == 200
    press = person.envelope(person.message("1"))
    assert {person.deliver(press).status_code for _ in range(3)} == {200}
    assert len(person.heard()) == 2


def test_messages_are_answered_in_the_order_they_were_written(person: SlackPerson) -> None:
    """Ten quick messages get ten answers, each after the one before."""
    person.say("hello")
    for number in range(10):
        person.event(person.message("hello" if number % 2 else "referral"))
    person.heard()
    assert [post.drawn.partition("\n")[0] for post in person.posts] == ["A card", "Welcome."] * 5


def test_a_message_that_is_too_long_gets_the_limit_and_999(person: SlackPerson) -> None:
    """The limit is said, and what to do if there is danger."""
    person.say("referral " * 500)
    assert "4,000" in person.text
    assert "999" in person.text


@pytest.mark.parametrize(
    "change",
    [
        {"bot_id": "B0OTHER"},
        {"user": BOT},
        {"subtype": "message_changed", "message": {"text": "hello"}, "hidden": True},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"user": None},
        {"type": "reaction_added"},
        {"type": "message", "channel_type": "channel", "channel": "C0STAFF"},
        {"type": "message", "channel_type": "group", "channel": "G0STAFF"},
    ],
    ids=str,
)
def test_bots_edits_and_notices_are_ignored(
    person: SlackPerson, slack_api: SlackApi, change: dict[str, Any]
) -> None:
    """Bots, the guide itself, edits, notices and other people's talk get no answer."""
    before = len(slack_api.by("chat.postEphemeral"))
    person.event(person.message("hello") | change)
    assert person.heard() == []
    assert len(slack_api.by("chat.postEphemeral")) == before


def test_words_beside_a_file_are_read_and_the_file_is_not(person: SlackPerson) -> None:
    """What is written with it is answered first; then that files cannot be read."""
    person.say("hello")
    file = {"subtype": "file_share", "files": [{"id": "F1", "name": "Zebedee.pdf"}]}
    person.say("please help with our referral", **file)
    answer, line = person.posts
    assert "A card" in answer.drawn
    assert "I can't read files" in line.drawn
    (only,) = person.say("", **file)
    assert "I can't read files" in only.drawn


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", f"<@{BOT}>"])
def test_an_empty_message_is_answered_kindly(person: SlackPerson, typed: str) -> None:
    """Nothing that can be read is not an error of the person's."""
    person.say(typed)
    assert "type a few words" in person.text


def test_that_slack_keeps_a_copy_is_said_once(somebody: Callable[[], SlackPerson]) -> None:
    """With the welcome; not with what comes after, and not with the standing safety message."""
    person, other = somebody(), somebody()
    person.say("hello")
    assert "Slack keeps its own copy" in person.text
    person.say("hello")
    assert "Slack keeps its own copy" not in person.text
    other.say("break now")
    assert other.text.startswith("The guide is not working")
    assert "Slack keeps its own copy" not in other.text


def test_one_message_under_two_ids_is_answered_once(person: SlackPerson) -> None:
    """Slack sometimes delivers a message as two events."""
    person.say("hello")
    event = person.message("2")
    person.event(event)
    person.event(event)
    assert len(person.heard()) == 1


def test_an_answer_in_a_thread_stays_in_it(person: SlackPerson) -> None:
    """A reply in a thread is answered in the thread."""
    person.say("hello", thread_ts="1600000000.000100")
    assert {post.body.get("thread_ts") for post in person.posts} == {"1600000000.000100"}


def test_slacks_markup_does_not_reach_the_conversation(person: SlackPerson) -> None:
    """Entities and links come back as they were typed; who is mentioned is left out."""
    person.say(f"<@{BOT}> ask &lt;b&gt; &amp; <@U0OTHER>, <tel:01234567890|01234 567890> referral")
    assert "A card" in person.text
    assert "U0OTHER" not in person.text


def test_a_name_is_masked_and_told(person: SlackPerson, slack_server: Server) -> None:
    """The person is told once; the log and the database know no name."""
    person.say("they will not answer about Zebedee, our referral")
    assert "I left a name out" in person.text
    assert "Please delete it there" in person.text
    assert "Zebedee" not in slack_server.written
    kept = b"".join(path.read_bytes() for path in slack_server.folder.glob("conversations.db*"))
    assert b"Zebedee" not in kept
    assert person.user.encode() not in kept


@pytest.mark.parametrize("typed", ["/restart", '/SetSlots{"risk": "no_harm"}'])
def test_a_typed_command_of_rasas_is_only_text(person: SlackPerson, typed: str) -> None:
    """It is answered like any other words, and the conversation goes on where it was."""
    person.say("hello")
    person.say(f" {typed}")
    assert person.text.startswith("A card")
    assert len(person.say("referral")) == 1


def test_two_people_know_nothing_of_each_other(somebody: Callable[[], SlackPerson]) -> None:
    """Each has a conversation of their own, though one workspace."""
    one, other = somebody(), somebody()
    one.say("hello")
    one.say("2")
    assert other.say("hello")[0].drawn.startswith(WELCOME)


def test_an_acknowledgement_does_not_wait_for_the_turn(person: SlackPerson) -> None:
    """A turn that hangs is acknowledged before it has ended; then comes the safety message."""
    person.say("hello")
    # However slow this machine is: the turn has not ended while what it says is not taken.
    person.api.answers.clear()
    try:
        person.event(person.message("hang now"))
        assert len(person.api.by("chat.postMessage", channel=person.channel)) == len(person.log)
    finally:
        person.api.answers.set()
    person.heard()
    assert person.text.startswith("The guide is not working at the moment")


@pytest.mark.parametrize(
    "text", ["🙂🙂🙂 referral", "\u202ereferral", "(הפניה) our referral was refused"]
)
def test_emoji_and_right_to_left_text_are_text(person: SlackPerson, text: str) -> None:
    """They are answered like any other."""
    person.say(text)
    assert "A card" in person.text


def test_the_web_channel_goes_on_beside_it(slack_server: Server) -> None:
    """Slack being set up changes nothing for the page."""
    assert WebClient(slack_server.address).open().text == WELCOME
