"""A question's options in Slack: pressed, typed, pressed again, and what becomes of them."""

import pytest

from tests.support.fixtures import WELCOME
from tests.support.slack_api import SlackApi
from tests.support.slack_person import SlackPerson

pytestmark = pytest.mark.server


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


def test_a_press_that_comes_again_is_answered_once(person: SlackPerson) -> None:
    """A second delivery of one press is acknowledged and no more."""
    person.say("hello")
    payload = person.pressing("Worried, but not now.")
    person.interact(payload)
    person.interact(payload)
    assert len(person.heard()) == 1
