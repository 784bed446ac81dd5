"""The neutral message and the channels' own wording."""

from pathlib import Path

import pytest

from bot.channels.messages import Button, File, NeutralOutput, from_rasa
from bot.channels.wording import load
from bot.core.policy.loader import PolicyError
from bot.privacy.masking.patterns import PLACEHOLDERS
from tests.support.core import handbook
from tests.support.server import ROOT


async def test_a_message_stays_whole() -> None:
    """Text with blank lines, its buttons and its card are one message, not several."""
    output = NeutralOutput()
    await output.send_response(
        "someone",
        {
            "text": "One.\n\nTwo.",
            "buttons": [{"title": "Yes", "payload": "do:yes"}, {"title": "No", "payload": None}],
            "custom": {
                "card": {"kind": "advice"},
                "files": [{"title": "Draft", "url": "/files/1", "type": "text/plain"}],
            },
            "image": None,
        },
    )
    (message,) = output.messages
    assert message.text == "One.\n\nTwo."
    assert message.buttons == (Button("Yes", "do:yes"), Button("No", "No"))
    assert message.card == {"kind": "advice"}
    assert message.files == (File("Draft", "/files/1", "text/plain"),)


def test_an_empty_response_is_no_message() -> None:
    """What would show nothing counts as silence."""
    assert from_rasa({"text": " ", "buttons": [], "custom": {}}) is None


def test_the_standing_safety_message_word_for_word() -> None:
    """Safety rule 7: what the guide says when it fails is not changed lightly."""
    (message,) = load(ROOT / "data/responses").safety()
    assert message.text == (
        "The guide is not working at the moment, so it cannot answer you. Please do not wait for "
        "it.\n\nIf a child is in danger now, call 999 first.\n\nIf not, and you are worried about "
        "harm, act today by your established safeguarding procedures: tell your designated "
        "safeguarding lead straight away, and ring children's social care. At night or at a "
        "weekend, ring their emergency duty team. Do not wait for the stages of an escalation "
        "policy."
    )


def test_what_was_masked_is_said_in_words() -> None:
    """Kinds are named in plain English, each once; one nobody has a word for is said as such."""
    wording = load(ROOT / "data/responses")
    assert "I left a name out" in wording.masked(["name"])
    assert "a name, a postcode and an NHS number" in wording.masked(
        ["name", "postcode", "name", "nhs_number"]
    )
    assert "something that could identify a person" in wording.masked(["shoe_size"])


def test_a_start_without_the_safety_message_is_refused(tmp_path: Path) -> None:
    """A server without its safety message must not start."""
    (tmp_path / "channel.yml").write_text("responses:\n  utter_other:\n    - text: Hello\n")
    with pytest.raises(PolicyError, match="utter_standing_safety_message"):
        load(tmp_path)


def test_a_start_with_an_unreadable_response_file_is_refused(tmp_path: Path) -> None:
    """A response file that cannot be read stops the start, and is named."""
    (tmp_path / "privacy.yml").write_text("responses: [")
    with pytest.raises(PolicyError, match="privacy"):
        load(tmp_path)


def test_a_channel_says_a_sentence_of_any_file() -> None:
    """No list says which of the response files a channel may say from."""
    wording = load(ROOT / "data/responses")
    assert wording.message("thank").text == handbook().phrases.say("thank")


def test_every_kind_that_masking_names_has_words() -> None:
    """A new kind of masked thing is not left to "something"."""
    wording = load(ROOT / "data/responses")
    assert [kind for kind in PLACEHOLDERS if not wording.has(f"utter_masked_{kind}")] == []
