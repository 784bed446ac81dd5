"""Talking with the guide in Teams: whole deliveries in, whole activities out."""

import json
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.fixtures import start_teams, teams_environment
from tests.support.microsoft import BOT, Microsoft
from tests.support.server import Server
from tests.support.teams_client import TeamsClient, texts

pytestmark = pytest.mark.server


@pytest.fixture
def person(microsoft: Microsoft, tiny_teams: Server) -> TeamsClient:
    """Somebody in a private chat of their own."""
    return TeamsClient(microsoft, tiny_teams.address)


def test_the_guide_welcomes_once_when_it_is_installed(person: TeamsClient) -> None:
    """Teams tells of an installation in two ways; the welcome says that Microsoft keeps copies."""
    person.install()
    assert person.text.count("Welcome.") == 1
    assert "Microsoft Teams keeps its own copy" in person.text
    assert person.titles == ["Yes, in danger now", "Worried, but not now.", "Say it again"]


@pytest.mark.parametrize("how", ["2", "worried, but not now", "press"])
def test_a_button_is_its_number_its_title_or_its_press(person: TeamsClient, how: str) -> None:
    """All three give the same answer."""
    person.install()
    person.press("Worried, but not now.") if how == "press" else person.say(how)
    assert person.text.startswith("Answered concern.")


def test_a_choice_from_a_list_is_a_choice(person: TeamsClient) -> None:
    """What a list of options sends back is its payload and no text."""
    person.install()
    person.send_well(person.activity(value={"choice": "answer:risk:concern"}))
    assert person.text.startswith("Answered concern.")


OPEN = ["Yes, in danger now", "Worried, but not now.", "Say it again"]


@pytest.mark.parametrize("how", ["2", "worried, but not now", "press"])
def test_a_question_that_is_answered_can_not_be_pressed_again(
    person: TeamsClient, how: str
) -> None:
    """Its card says what was chosen, in place of the options; the rest of it stays."""
    person.install()
    asked = cards_shown(person, person.log[-1:])
    person.press("Worried, but not now.") if how == "press" else person.say(how)
    before, *_ = person.log
    assert asked["titles"] == OPEN
    assert cards_shown(person, [before]) == {
        "titles": [],
        "said": [*asked["said"], "You chose: **Worried, but not now.**"],
    }


def test_a_question_that_another_followed_is_closed(person: TeamsClient) -> None:
    """Its card says so, though nothing of it was chosen; only the newest can be pressed."""
    person.install().press("Say it again")
    first, *_, last = person.log
    assert "Draft the e-mail" in cards_shown(person, [last])["titles"]
    assert cards_shown(person, [first])["titles"] == []
    assert "This question is closed" in cards_shown(person, [first])["said"][-1]


@pytest.mark.parametrize("typed", ["break now", ""])
def test_a_question_that_nothing_followed_stays_open(person: TeamsClient, typed: str) -> None:
    """After a failure or an empty message its buttons are the way on."""
    person.install().say(typed)
    assert cards_shown(person, person.log[:1])["titles"] == OPEN


def test_a_card_that_can_not_be_closed_takes_nothing_from_the_answer(
    person: TeamsClient, microsoft: Microsoft
) -> None:
    """Teams refuses the change of the old card only; the answer is there, and the next one too."""
    person.install()
    microsoft.refused_changes = 1
    person.press("Worried, but not now.")
    assert person.text.startswith("Answered concern.")
    assert cards_shown(person, person.log[:1])["titles"] == OPEN
    assert microsoft.refused_changes == 0
    assert person.say("they will not answer our referral").activities


def cards_shown(person: TeamsClient, activities: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The options and the words of cards, as they stand there now."""
    titles = [one["data"]["msteams"]["displayText"] for one in person.buttons(activities)]
    return {"titles": titles, "said": [line for one in activities for line in texts(one)]}


@pytest.mark.parametrize(
    "value", [{"choice": 5}, {"choice": "answer:risk:no_harm"}, "not json", 7, [], {"other": "x"}]
)
def test_a_choice_that_was_never_offered_answers_nothing(
    person: TeamsClient, value: object
) -> None:
    """A client cannot answer a question that was not asked; it gets a kind answer."""
    person.install()
    person.send_well(person.activity(value=value))
    assert "Answered" not in person.text
    assert "You said: answer:risk:no_harm" in person.text or "type a few words" in person.text


def test_the_first_message_is_welcomed_and_answered(person: TeamsClient) -> None:
    """Where Teams told of no installation, or that was long ago."""
    person.say("they will not answer our referral")
    assert person.text.startswith("Welcome.")
    assert "Microsoft Teams keeps its own copy" in person.text
    assert "You said: they will not answer our referral" in person.text
    person.say("they will not answer our referral")
    assert "own copy" not in person.text


def test_an_upgrade_of_the_app_says_nothing(person: TeamsClient) -> None:
    """Nobody gets a message that they did not ask for."""
    person.send_well(person.activity("installationUpdate", action="add-upgrade"))
    assert person.activities == []


def test_somebody_who_talks_is_not_welcomed_again(person: TeamsClient) -> None:
    """Whatever Teams tells afterwards."""
    person.say("they will not answer our referral")
    assert person.install().activities == []


def test_a_name_is_masked_and_its_copy_in_teams_told_of(person: TeamsClient) -> None:
    """The guide cannot take it out of Teams, so that it says who can."""
    person.install()
    person.say("they will not answer about Zebedee, our referral")
    assert "I left a name out" in person.text
    assert "still in this chat in Teams" in person.text
    assert "Zebedee" not in person.text


def test_a_mention_is_stripped(person: TeamsClient) -> None:
    """The guide's own mention is not part of what was said; another's name is left out."""
    person.install()
    own, other = "<at>Escalation Guide</at>", "<at>Marvin Q</at>"
    entities = [
        {"type": "mention", "mentioned": {"id": BOT, "name": "Escalation Guide"}, "text": own},
        {"type": "mention", "mentioned": {"id": "29:other", "name": "Marvin Q"}, "text": other},
        {"type": "clientInfo", "locale": "en-GB"},
        {"type": "mention"},
        5,
    ]
    words = f"{own}&nbsp;they will not answer {other} about our &lt;referral&gt;\r\n"
    person.send_well(person.activity(text=words, entities=entities))
    assert "You said: they will not answer [name] about our <referral>" in person.text


@pytest.mark.parametrize("kind", ["channel", "groupChat", "", None])
def test_outside_a_private_chat_nothing_is_taken_in(
    microsoft: Microsoft, tiny_teams: Server, kind: str | None
) -> None:
    """One line, with the way to a private chat; not even a name in the text is told of."""
    person = TeamsClient(microsoft, tiny_teams.address, kind="channel")
    conversation = {"id": person.conversation, "tenantId": person.tenant}
    conversation |= {} if kind is None else {"conversationType": kind}
    words = "@Guide Zebedee Floss is not safe"
    person.send_well(person.activity(text=words, conversation=conversation))
    (card,) = person.cards()
    assert "only help in a private chat" in person.text
    assert "call 999" in person.text
    assert list(person.files.values()) == [
        f"https://teams.microsoft.com/l/chat/0/0?users={quote(BOT)}"
    ]
    assert "Zebedee" not in str(card)
    assert stored(tiny_teams, "Floss") == 0
    assert "Floss" not in tiny_teams.written
    person.send_well(person.activity(text=words, conversation=conversation))
    assert person.activities == []


def test_added_to_a_team_it_says_where_it_helps(microsoft: Microsoft, tiny_teams: Server) -> None:
    """No welcome, and no question that could be answered there."""
    person = TeamsClient(microsoft, tiny_teams.address, kind="channel").install()
    assert "only help in a private chat" in person.text
    assert len(person.activities) == 1
    assert person.titles == []


def test_another_organisation_is_told_so_and_nothing_is_taken_in(
    microsoft: Microsoft, tiny_teams: Server
) -> None:
    """Only the organisations on the list are answered."""
    person = TeamsClient(
        microsoft, tiny_teams.address, tenant="ffffffff-0000-0000-0000-000000000000"
    )
    person.say("our Floss referral")
    assert "not open to your organisation" in person.text
    assert "call 999" in person.text
    assert stored(tiny_teams, "Floss") == 0


def test_two_people_have_two_conversations(microsoft: Microsoft, tiny_teams: Server) -> None:
    """The same words of another person, or in another chat, are another conversation."""
    one = TeamsClient(microsoft, tiny_teams.address).install()
    one.press("Worried, but not now.")
    other = TeamsClient(microsoft, tiny_teams.address, conversation=one.conversation)
    other.log = one.log
    other.say("please help with social care")
    assert "Risk: None" in other.text
    one.log = other.log
    one.say("please help with social care")
    assert "Risk: concern" in one.text


def test_no_id_of_teams_is_stored(person: TeamsClient, tiny_teams: Server) -> None:
    """A conversation is named by a digest."""
    person.install().say("they will not answer our referral")
    for part in (person.person, person.conversation, person.tenant):
        assert stored(tiny_teams, part) == 0
    assert stored(tiny_teams, "teams-") > 0


def test_files_sent_to_the_guide_are_not_read(person: TeamsClient) -> None:
    """It says so and answers the words beside them. A copy of the text does not count as a file."""
    person.install()
    picture = {"contentType": "image/png", "contentUrl": "https://example.org/x.png"}
    again = {"contentType": "text/html", "content": "<p>they will not answer our referral</p>"}
    person.send_well(person.activity(attachments=[picture]))
    assert "can't read files" in person.text
    assert len(person.activities) == 1
    words = "they will not answer our referral"
    person.send_well(person.activity(text=words, attachments=[again, picture]))
    assert "can't read files" in person.text
    assert f"You said: {words}" in person.text
    person.send_well(person.activity(text=words, attachments=[again]))
    assert "can't read files" not in person.text


def test_a_changed_message_is_told_not_to_count(person: TeamsClient) -> None:
    """Nobody is left to think that the guide saw what they changed."""
    person.install()
    edit = person.activity("messageUpdate", text="x", channelData={"eventType": "editMessage"})
    edit["channelData"]["tenant"] = {"id": person.tenant}
    person.send_well(edit)
    assert "send it as a new message" in person.text
    assert "call 999" in person.text


DANGER = "a child is being hit right now"
NOT_READ = {
    "files": {"contentType": "image/*", "contentUrl": "https://example.org/x.png"},
    "quote or pass on": {
        "contentType": "messageReference",
        "content": json.dumps({"messagePreview": "see you at the meeting"}),
    },
}


@pytest.mark.parametrize("line", list(NOT_READ))
def test_danger_comes_before_what_is_not_read(person: TeamsClient, line: str) -> None:
    """The words are answered first, whatever came along; only then is that said, with 999."""
    person.install()
    person.send_well(person.activity(text=DANGER, attachments=[NOT_READ[line]]))
    first, *_, last = person.activities
    assert f"You said: {DANGER}" in str(first)
    assert line in str(last)
    assert "999" in str(last)
    others = set(NOT_READ) - {line}
    assert not [other for other in others if other in person.text]


@pytest.mark.parametrize("kind", ["messageReference", "forwardedMessageReference"])
def test_danger_in_a_message_that_is_passed_on_is_answered(person: TeamsClient, kind: str) -> None:
    """It counts as said. The guide's own words, quoted, never do."""
    person.install()
    field = "messagePreview" if kind == "messageReference" else "originalMessageContent"
    content: dict[str, Any] = {field: "<p>mum has just kicked him, he is bleeding</p>"}
    attached = {"contentType": kind, "content": json.dumps(content)}
    person.send_well(person.activity(text="what now", attachments=[attached]))
    assert "mum has just kicked him" in person.text
    assert "quote or pass on" not in person.text
    attached["content"] = json.dumps(content | {"messageSender": {"application": {"id": BOT}}})
    person.send_well(person.activity(text="what now", attachments=[attached]))
    assert "kicked" not in person.text
    assert "You said: what now" in person.text


def test_the_mark_of_a_quote_is_not_part_of_what_was_said(person: TeamsClient) -> None:
    """Newer apps put a mark with a number before the words."""
    person.install()
    person.say('<quoted messageId="1772050244572"/> 2')
    assert person.text.startswith("Answered concern.")


def test_a_change_into_danger_is_answered(person: TeamsClient) -> None:
    """Each time, and not only told that it does not count."""
    person.install()
    for _ in range(2):
        edit = person.activity("messageUpdate", text=DANGER)
        edit["channelData"] |= {"eventType": "editMessage"}
        person.send_well(edit)
        assert f"You said: {DANGER}" in person.text


def test_danger_in_a_group_is_answered_every_time(microsoft: Microsoft, tiny_teams: Server) -> None:
    """Though the same line was shown a moment ago. It begins with 999, and nothing is kept."""
    person = TeamsClient(microsoft, tiny_teams.address, kind="groupChat")
    for _ in range(3):
        person.say(f"{DANGER} by Quillmere")
        assert len(person.activities) == 1
        assert person.text.startswith("If a child is in danger now, call 999 first.")
    assert stored(tiny_teams, "Quillmere") == 0


def test_a_message_as_long_as_teams_takes_is_answered(person: TeamsClient) -> None:
    """Though its delivery, which holds it twice, is larger than any the page may send."""
    person.install()
    words = "what they said " * 1800
    twice = {"contentType": "text/html", "content": f"<p>{words}</p>"}
    person.send_well(person.activity(text=words, attachments=[twice]))
    assert "too long" in person.text
    assert "999" in person.text


@pytest.mark.parametrize("typed", ["🙂🙂🙂", "مرحبا بكم", "שלום עולם", "\u202eevil", "e\u0301tat"])
def test_any_script_is_answered(person: TeamsClient, typed: str) -> None:
    """Emoji, right to left, and signs put together."""
    person.install().say(typed)
    assert len(person.activities) >= 1


@pytest.mark.parametrize("typed", [None, "", "   ", "\u200b", "&nbsp;"])
def test_nothing_typed_is_answered_kindly(person: TeamsClient, typed: str | None) -> None:
    """Nothing that can be read is not an error of the person's."""
    person.install()
    person.send_well(person.activity(text=typed))
    assert "type a few words" in person.text


@pytest.mark.parametrize("typed", ["break now", "silence now", "nonsense now", "/restart"])
def test_a_turn_that_fails_says_the_safety_message(person: TeamsClient, typed: str) -> None:
    """A failure is said in the standing words; a typed command is only text."""
    person.install().say(typed)
    if typed.startswith("/"):
        assert "You said: restart" in person.text
    else:
        assert "The guide is not working at the moment" in person.text
        assert "call 999 first" in person.text


def test_too_many_messages_are_told_to_wait_once(person: TeamsClient) -> None:
    """More messages in one go than a person types: some are not answered, and why is said."""
    person.install()
    for _ in range(40):
        assert person.send(person.activity(text="they will not answer our referral")).is_success
    person.listen()
    assert person.text.count("too many messages at once") == 1
    assert len(person.activities) < 40


def stored(server: Server, words: str) -> int:
    """In how many of the stored events the words stand."""
    with sqlite3.connect(server.folder / "conversations.db") as database:
        sql = "SELECT count(*) FROM events WHERE data LIKE ? OR sender_id LIKE ?"
        found: int = database.execute(sql, [f"%{words}%"] * 2).fetchone()[0]
    return found


@pytest.mark.xdist_group("postgres")
def test_two_workers_answer_once(
    microsoft: Microsoft, tiny_model: Path, tiny_teams: Server, postgres_url: str
) -> None:
    """A delivery that comes again to another worker, or after a restart, is not answered again."""
    tiny = [microsoft.address, str(tiny_model), postgres_url]
    shared = {"ESCALATION_GUIDE_SECRET": "the same for all workers, and long"}
    environment = teams_environment(microsoft) | shared
    one, other = (start_teams(tiny, tiny_teams.folder, environment) for _ in range(2))
    try:
        here = TeamsClient(microsoft, one.address).install()
        same = here.activity(text="they will not answer our referral")
        here.send_well(same)
        assert len(here.activities) == 1
        there = TeamsClient(microsoft, other.address, conversation=here.conversation)
        there.log = here.log
        assert there.send_well(same).activities == []
        assert there.send_well({**same, "id": "another"}).activities
    finally:
        one.stop()
        other.stop()
