"""Slack from outside: signed requests to a running server, and what it posts."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.server import Server
from tests.support.slack_api import Fault, SlackApi
from tests.support.slack_person import BOT, SlackPerson
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server

WELCOME = "Welcome.\n\nIs a child at risk now?"
PLACES = ("events", "interactions", "commands")


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


@pytest.mark.parametrize("how", ["2", "worried, but not now", "2."])
def test_an_option_is_its_number_or_its_title(person: SlackPerson, how: str) -> None:
    """What is typed is taken for the option."""
    person.say("hello")
    person.say(how)
    assert person.text.startswith("Answered concern.")


def test_an_option_is_pressed_and_gives_way_to_what_was_chosen(
    person: SlackPerson, slack_api: SlackApi
) -> None:
    """The answer comes, the question's text stays, and its options can no longer be pressed."""
    person.say("hello")
    (question,) = person.posts
    person.press("Worried, but not now.")
    assert person.text.startswith("Answered concern.")
    (update,) = slack_api.by("chat.update", channel=person.channel)
    assert update.body["ts"] == question.body["ts"]
    assert (
        update.drawn
        == f"{question.drawn.partition(chr(10) + '1. ')[0]}\nYou chose: *Worried, but not now.*"
    )
    assert update.options == []


@pytest.mark.parametrize("typed", ["2", "worried, but not now"])
def test_an_option_that_is_typed_is_shown_as_chosen_too(person: SlackPerson, typed: str) -> None:
    """The question's options give way to it as to a press."""
    (question,) = person.say("hello")
    person.say(typed)
    shown = person.now(question)
    assert [block["type"] for block in shown] == ["section", "context"]
    assert shown[1]["elements"][0]["text"] == "You chose: *Worried, but not now.*"


def test_a_question_that_another_has_followed_can_no_longer_be_pressed(
    person: SlackPerson, slack_api: SlackApi
) -> None:
    """Its options go, and nothing is said to have been chosen; a failed turn leaves them."""
    (question,) = person.say("hello")
    person.say("break now")
    assert slack_api.by("chat.update", channel=person.channel) == []
    person.say("good morning")
    assert [block["type"] for block in person.now(question)] == ["section"]


def test_an_option_pressed_twice_is_answered_once(person: SlackPerson) -> None:
    """A second press before the options are gone is the same answer."""
    person.say("hello")
    for _ in range(2):
        person.interact(person.pressing("Worried, but not now."))
    assert len(person.heard()) == 1


def test_options_that_can_be_chosen_again_stay(person: SlackPerson, slack_api: SlackApi) -> None:
    """Options that answer no question stay, with what was chosen below them, once."""
    person.say("hello")
    (post,) = person.say("referral")
    for _ in range(2):
        person.interact(person.pressing("Start again", post))
        person.heard()
        assert person.text.startswith(WELCOME)
    first, second = slack_api.by("chat.update", channel=person.channel, ts=post.body["ts"])
    assert first.drawn.count("You chose: *Start again*") == 1
    assert second.drawn == first.drawn
    assert second.options == ["1. Draft the e-mail", "2. Start again"]


def test_a_press_of_a_deleted_conversation_counts_as_typed(person: SlackPerson) -> None:
    """Slack keeps buttons for longer than the guide keeps a conversation."""
    person.say("hello")
    payload = person.pressing("Worried, but not now.")
    payload["actions"][0]["value"] = "answer:gone:away"
    payload["actions"][0]["text"]["text"] = "4. good morning"
    person.interact(payload)
    person.heard()
    assert person.text.startswith(WELCOME)


def test_a_delivery_that_comes_again_is_answered_once(person: SlackPerson) -> None:
    """Slack's retries, and a copy of an old request, get their acknowledgement and no more."""
    envelope = person.envelope(person.message("hello"))
    for number in range(4):
        retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}
        assert person.deliver(envelope, **(retry if number else {})).status_code == 200
    press = person.envelope(person.message("1"))
    assert {person.deliver(press).status_code for _ in range(3)} == {200}
    assert len(person.heard()) == 2


def test_a_press_that_comes_again_is_answered_once(person: SlackPerson) -> None:
    """A second delivery of one press is acknowledged and no more."""
    person.say("hello")
    payload = person.pressing("Worried, but not now.")
    person.interact(payload)
    person.interact(payload)
    assert len(person.heard()) == 1


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


DANGER = "a child is being hit right now"


def changed(person: SlackPerson, before: str, after: str, **fields: Any) -> dict[str, Any]:
    """Slack's event for a message that was changed."""
    message = person.message(after) | {"edited": {"user": person.user}} | fields
    event = person.message("") | {"subtype": "message_changed", "hidden": True}
    del event["user"], event["text"]
    return event | {"message": message, "previous_message": person.message(before)}


def test_a_change_into_danger_is_answered(person: SlackPerson) -> None:
    """Any other is told not to count, with 999; what a bot or a link's preview changes is not."""
    person.say("hello")
    person.event(changed(person, "no", DANGER))
    person.heard()
    assert person.text.startswith("A card")
    assert "as you first sent it" not in person.text
    person.event(changed(person, "no", "not yet"))
    person.heard()
    assert "as you first sent it" in person.text
    assert "999" in person.text
    person.event(changed(person, "no", "no", attachments=[{"from_url": "https://example.org"}]))
    person.event(changed(person, "no", DANGER, bot_id="B0OTHER"))
    assert person.heard() == []


def test_danger_in_a_message_that_is_passed_on_is_answered(person: SlackPerson) -> None:
    """It counts as said. Of any other it is said that it is not read, with 999."""
    person.say("hello")
    shared = {"is_share": True, "text": "mum has just kicked him, he is bleeding"}
    person.say("", attachments=[shared])
    assert person.text.startswith("A card")
    assert "quote or pass on" not in person.text
    person.say("", attachments=[shared | {"text": "see you at the meeting"}])
    assert "quote or pass on" in person.text
    assert "999" in person.text
    assert "meeting" not in person.text


def test_one_message_under_two_ids_is_answered_once(person: SlackPerson) -> None:
    """Slack sometimes delivers a message as two events."""
    person.say("hello")
    event = person.message("2")
    person.event(event)
    person.event(event)
    assert len(person.heard()) == 1


def test_danger_in_public_is_answered_every_time(person: SlackPerson, slack_api: SlackApi) -> None:
    """Though the same line was shown a moment ago. It begins with 999."""
    mention = {"type": "app_mention", "channel": "C0STAFF9", "channel_type": None}
    for _ in range(3):
        person.event(person.message(f"<@{BOT}> {DANGER}", **mention))
    person.heard()
    lines = slack_api.by("chat.postEphemeral", user=person.user)
    assert len(lines) == 3
    starts = {line.drawn.partition(".")[0] for line in lines}
    assert starts == {"If a child is in danger now, call <tel:999|999> first"}


@pytest.mark.parametrize(
    ("event", "channel"),
    [
        ({"type": "app_mention"}, "C0STAFF1"),
        ({"type": "app_mention", "thread_ts": "1.2"}, "C0STAFF2"),
        ({"channel_type": "mpim"}, "G0GROUP1"),
    ],
)
def test_in_public_it_only_offers_a_private_chat(
    person: SlackPerson, slack_api: SlackApi, event: dict[str, Any], channel: str
) -> None:
    """One line, shown to that person only, and nothing of what was written is taken in."""
    words = f"<@{BOT}> Zebedee did not come, our referral was refused"
    for _ in range(2):
        mention = person.message(words, **({"channel": channel, "channel_type": None} | event))
        person.event(mention)
    assert person.heard() == []
    (line,) = slack_api.by("chat.postEphemeral", user=person.user)
    assert line.body["channel"] == channel
    assert line.body.get("thread_ts") == event.get("thread_ts")
    assert "private chat" in line.drawn
    assert "999" in line.drawn
    assert "Zebedee" not in line.drawn
    person.say("hello")
    assert person.text.startswith(WELCOME)


def test_the_offer_comes_privately_if_it_is_not_a_member(
    person: SlackPerson, refuse: Callable[..., None]
) -> None:
    """Mentioned in a channel that it is not a member of, it makes its offer in a private chat."""
    refuse("chat.postEphemeral", "not_in_channel")
    mention = {"type": "app_mention", "channel": "C0OTHER", "channel_type": None}
    person.event(person.message("help", **mention))
    person.heard()
    assert "private chat" in person.text
    assert person.options == ["Open a private chat"]


def test_the_offer_opens_a_private_chat(person: SlackPerson, slack_api: SlackApi) -> None:
    """Pressed in a channel, the button begins the conversation in a direct message."""
    person.event(person.message("help", type="app_mention", channel="C0A", channel_type=None))
    person.heard()
    (line,) = slack_api.by("chat.postEphemeral", user=person.user)
    block = line.blocks[-1]
    payload = person.payload(line, line.blocks, block, block["elements"][0])
    payload["channel"] = {"id": "C0A", "name": "staff"}
    person.interact(payload)
    person.heard()
    assert person.text.startswith(WELCOME)


def test_the_command_opens_a_private_chat(person: SlackPerson, slack_api: SlackApi) -> None:
    """Only the sender sees that it worked; the welcome comes in a direct message."""
    answer = person.command()
    assert answer.status_code == 200
    assert answer.json()["response_type"] == "ephemeral"
    assert "private chat" in answer.json()["text"]
    assert "999" in answer.json()["text"]
    person.heard()
    assert person.text.startswith(WELCOME)
    assert slack_api.by("conversations.open", users=person.user)


def test_words_with_the_command_are_answered_privately(person: SlackPerson) -> None:
    """They count as the first message, and are not repeated where the command was given."""
    answer = person.command("please help with our referral")
    assert "referral" not in answer.text
    person.heard()
    assert "A card" in person.text


def test_slacks_own_check_of_the_command_is_answered(person: SlackPerson) -> None:
    """Slack looks now and then whether the address is there."""
    answer = person.form("commands", {"ssl_check": "1", "token": "x"})
    assert answer.status_code == 200


def test_opening_the_chat_is_welcomed_once(person: SlackPerson) -> None:
    """Opening it again says nothing."""
    opened = {
        "type": "app_home_opened",
        "user": person.user,
        "channel": person.channel,
        "tab": "messages",
    }
    for _ in range(2):
        person.event(opened)
    (welcome,) = person.heard()
    assert welcome.drawn.startswith(WELCOME)


def test_the_home_tab_explains_privacy_after_999(person: SlackPerson, slack_api: SlackApi) -> None:
    """999 first, no names, how long it is kept, and that Slack keeps its own copy."""
    person.heard()
    (call,) = slack_api.by("views.publish", user_id=person.user)
    view = json.dumps(call.body["view"], ensure_ascii=False)
    assert view.index("999") < view.index("private chat")
    for said in ("Please don't write names", "30 days", "*Slack keeps its own copy*"):
        assert said in view


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


@pytest.fixture
def refuse(slack_api: SlackApi) -> Callable[..., None]:
    """Makes Slack refuse the next call of a method, with its own name for why."""

    def one(method: str, error: str, times: int = 1) -> None:
        body = json.dumps({"ok": False, "error": error}).encode()
        slack_api.faults[method] += [Fault(200, body)] * times

    return one
