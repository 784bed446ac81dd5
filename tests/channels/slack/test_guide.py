"""The whole guide in Slack: danger first, advice, drafts, files and case codes."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from bot.channels.guard import LARGEST_BODY
from tests.support.fixtures import TODAY, start_guide
from tests.support.server import Server
from tests.support.slack_api import SlackApi
from tests.support.slack_limits import wrong_view
from tests.support.slack_person import SlackPerson, settings

pytestmark = pytest.mark.server

DANGER = "*Call <tel:999|999> now*"
CODE = re.compile(r"EG(?:-[a-z]{3,8}){13}")
TO_ADVICE = (
    "Worried, but it isn't immediate",
    "Kent",
    "No",
    "The level of need, or a referral not accepted",
    "School, college or other education",
    "Children's social care",
    "Stage 1: Team manager",
    "Yesterday",
    "It was not settled",
)


@pytest.fixture(scope="session")
def slack_guide(tmp_path_factory: pytest.TempPathFactory, slack_api: SlackApi) -> Iterator[Server]:
    """The guide as `make run` starts it, with Slack set up."""
    database = tmp_path_factory.mktemp("slack_guide") / "conversations.db"
    server = start_guide(database, TODAY, **settings(slack_api))
    yield server
    server.stop()


@pytest.fixture
def practitioner(slack_guide: Server, slack_api: SlackApi) -> Iterator[Callable[[], SlackPerson]]:
    """Gives a new person; at the end, nothing may have been posted that Slack refuses."""
    slack_api.problems.clear()
    yield lambda: SlackPerson(slack_guide.address, slack_api)
    assert slack_api.problems == []


@pytest.fixture
def person(practitioner: Callable[[], SlackPerson]) -> SlackPerson:
    """A new person."""
    return practitioner()


@pytest.mark.parametrize(
    "typed",
    [
        "a child is being beaten right now",
        "Jayden Smith is being beaten by his stepfather right now",
        "<@U0OTHER> says mum &amp; baby are being attacked with a knife right now",
    ],
)
def test_danger_in_the_first_message_is_answered_with_999_first(
    person: SlackPerson, typed: str
) -> None:
    """No welcome and no notice of what was masked stands before it."""
    person.say(typed)
    first = person.posts[0]
    assert first.text.startswith(DANGER)
    assert first.blocks[0]["text"]["text"] == "Call 999 now"
    assert "Jayden" not in person.text


def test_danger_with_the_command_is_answered_with_999_first(person: SlackPerson) -> None:
    """Both where it was typed and in the private chat."""
    answer = person.command("a child is being beaten right now")
    assert "999" in answer.json()["text"]
    person.heard()
    assert person.posts[0].text.startswith(DANGER)


def test_danger_in_the_middle_is_answered_with_999_first(person: SlackPerson) -> None:
    """The answers given so far are kept."""
    person.say("hello")
    for title in TO_ADVICE[:3]:
        person.press(title)
    person.say("he has just been stabbed")
    assert person.posts[0].text.startswith(DANGER)
    person.say("It isn't happening now")
    assert "Is a child at risk of serious harm right now" in person.text
    person.press(TO_ADVICE[0])
    assert "Where does the child live" not in person.text
    assert "What is the disagreement" in person.text


def test_a_button_of_danger_from_long_ago_is_danger(
    person: SlackPerson, practitioner: Callable[[], SlackPerson]
) -> None:
    """Its conversation was deleted, but the words on the button are still read."""
    other = practitioner()
    other.say("hello")
    payload = other.pressing("Yes, in danger now")
    payload["user"]["id"] = person.user
    payload["channel"]["id"] = person.channel
    person.interact(payload)
    person.heard()
    assert person.posts[0].text.startswith(DANGER)


def test_a_conversation_by_buttons_ends_in_advice_with_the_stages(person: SlackPerson) -> None:
    """Each press is answered, and the advice has its picture of the stages and its sources."""
    person.say("hello")
    for title in TO_ADVICE:
        person.press(title)
    assert "under Stage 2" in person.text
    assert "▶ *Stage 1: Team manager (you are here)*" in person.text
    assert "→ Stage 2: Designated safeguarding lead or service manager (next)" in person.text
    assert "Source: Kent Escalation and Professional Challenge" in person.text
    assert "How this was counted: " in person.text


def test_a_draft_is_there_to_copy_and_its_file_to_fetch_once(
    person: SlackPerson, slack_guide: Server
) -> None:
    """The text stands in blocks of code; the link gives the file on its page's button, once."""
    person.say("hello")
    for title in TO_ADVICE:
        person.press(title)
    person.press("Draft the e-mail")
    assert "```\nDear [their name]" in person.text
    (link,) = re.findall(r"<(https://guide\.example\.org/files/[^|>]+)\|", person.text)
    client = httpx.Client(base_url=slack_guide.address, trust_env=False, timeout=30)
    path = urlsplit(link).path
    page = client.get(path)
    assert page.status_code == 200
    assert "<button>" in page.text
    fetched = client.post(path)
    assert fetched.status_code == 200
    assert fetched.headers["content-type"].startswith("message/rfc822")
    assert client.post(path).status_code == 410


def home(person: SlackPerson) -> tuple[str, dict[str, dict[str, Any]]]:
    """What the home tab says below its title, and its buttons by what they say in the chat."""
    person.heard()
    view = person.api.by("views.publish", user_id=person.user)[-1].body["view"]
    assert list(wrong_view(view)) == []
    words = "\n".join(block["text"]["text"] for block in view["blocks"] if "text" in block)
    buttons = [one for block in view["blocks"] for one in block.get("elements", ())]
    return words, {one["value"]: {"view": view, "actions": [one]} for one in buttons}


def press_at_home(person: SlackPerson, pressed: dict[str, Any]) -> None:
    """Press a button of the home tab."""
    team = {"id": person.team}
    who = {"type": "block_actions", "user": {"id": person.user, "team_id": person.team}}
    trigger = f"{person.user}.{len(person.log)}"
    person.interact(who | {"team": team, "trigger_id": trigger} | pressed)
    person.heard()


def test_the_home_tab_lists_ones_own_open_cases(person: SlackPerson) -> None:
    """The present one with its advice, and those put aside: where, stage, next date, a button."""
    person.say("hello")
    assert "Your open cases" not in home(person)[0]
    for title in TO_ADVICE:
        person.press(title)
    words, buttons = home(person)
    assert words.index("999") < words.index("Your open cases") < words.index("Kent, Stage 1, ")
    assert "for their written answer by Friday 27 November 2026" in words
    press_at_home(person, buttons["Show the advice again"])
    assert "under Stage 2" in person.text

    person.say("I have another child")
    person.press("Save this one and begin another")
    assert "Kent" in person.text, "the place goes with them to the next child"
    person.press("Worried, but it isn't immediate")
    person.say("it's in Dorset")
    words, buttons = home(person)
    first = next(line for line in words.split("\n") if line.startswith("Kent, Stage 1, "))
    assert first.endswith("next date Fri 20 Nov 2026")
    assert "Pan-Dorset" in words
    assert "for their written answer" not in words, "the advice is the other case's"
    press_at_home(person, buttons[f"my cases\nGo on with {first}"])
    assert "Is a child at risk of serious harm right now?" in person.text
    person.press("Worried, but it isn't immediate")
    assert "under Stage 2" in person.text

    person.press("It has been settled")
    person.press(next(title for title in person.options if "Stage" in title))
    assert "Kent" not in home(person)[0]


def test_a_case_that_is_gone_from_the_list_opens_no_other(person: SlackPerson) -> None:
    """An old home tab's button shows the list that there is now."""
    person.say("hello")
    for title in TO_ADVICE:
        person.press(title)
    person.say("I have another child")
    person.press("Save this one and begin another")
    _, buttons = home(person)
    old = next(value for value in buttons if value.startswith("my cases"))
    button = buttons[old]["actions"][0]
    press_at_home(person, {"actions": [button | {"value": f"{old}, and more"}]})
    assert "Which one do you want to go on with?" in person.text


def test_an_answer_is_changed_where_it_is_shown(person: SlackPerson) -> None:
    """The button beside a line asks that question again."""
    person.say("hello")
    for title in TO_ADVICE:
        person.press(title)
    shown = next(post for post in person.posts if "What you told me" in post.drawn)
    line = next(
        block for block in shown.blocks if block.get("text", {}).get("text", "").startswith("You: ")
    )
    person.interact(person.payload(shown, shown.blocks, line, line["accessory"]))
    person.heard()
    assert "Which agency do you work for?" in person.text
    person.press("Police")
    assert "You: Police" in person.text


def test_a_case_code_moves_between_the_page_and_slack(
    person: SlackPerson, slack_guide: Server
) -> None:
    """Saved in one, it opens in the other, both ways, with the same answers."""
    page = slack_guide.client()
    for title in TO_ADVICE:
        page.press(title)
    page.say("save this please")
    code = next(m["card"]["code"] for m in page.messages if (m["card"] or {}).get("code"))
    person.say(code)
    assert "Welcome back" in person.text
    assert "Where: Kent" in person.text
    person.say("save this please")
    person.press("Give me a new code")
    found = CODE.findall(person.text)
    assert found
    assert found[0] != code
    again = slack_guide.client()
    again.say(found[0])
    assert "Welcome back" in again.text
    assert "Where: Kent" in again.text


@pytest.mark.parametrize(
    "language", ["لم تقبل الخدمات الاجتماعية إحالتنا", "דחו את ההפניה שלנו לשירותי הרווחה"]
)
def test_another_script_is_answered_in_words(person: SlackPerson, language: str) -> None:
    """Right-to-left text is answered, with 999, and nothing of it is repeated."""
    person.say(language)
    assert "999" in person.text
    assert language not in person.text


def test_the_longest_press_is_accepted(
    person: SlackPerson,
) -> None:
    """The longest of the guide's messages comes back whole with a press, and is answered."""
    person.say("hello")
    for title in TO_ADVICE:
        person.press(title)
    person.press("Show all the stages")
    longest = max(person.log, key=lambda post: len(str(post.blocks)))
    title = longest.options[-1]
    payload = person.pressing(title, longest)
    assert len(str(payload)) < LARGEST_BODY / 3
    person.interact(payload)
    person.heard()
    assert person.posts
