"""The names of drafts: what is on the buttons and above the drafts, and plain short names."""

import pytest
import yaml

from bot.core.letters.drafting import ANSWERS, Purpose
from bot.paths import ROOT
from bot.understanding.account.wanted import find_draft_request, named_draft
from bot.understanding.enquiry.requests import DRAFT, find_request

RESPONSES = yaml.safe_load((ROOT / "data/responses/drafts.yml").read_text("utf-8"))["responses"]
OF_LETTERS = {
    **{letter: purpose for purpose, letter in ANSWERS.items()},
    "answer": Purpose.answer,
    "partnership": Purpose.partnership,
    "told": Purpose.partnership,
    "settled": Purpose.partnership,
    "chase": Purpose.chase,
    "outcome": Purpose.outcome,
    "written_outcome": Purpose.outcome,
    "own_manager": Purpose.manager,
    "own_manager_ready": Purpose.manager,
    "own_manager_end": Purpose.manager,
}
"""The purpose of each letter; all others are the next message to the other agency."""
SHORT = {
    Purpose.counterpart: ("write to the other agency", "an email to their manager"),
    Purpose.manager: (
        "brief for my manager",
        "write to my head please",
        "and one to my own manager",
    ),
    Purpose.partnership: ("email the partnership", "a message to the partnership"),
    Purpose.chase: ("chase them", "chase the answer please"),
    Purpose.outcome: ("confirm the outcome", "confirm what we agreed in writing"),
    Purpose.acknowledge: ("acknowledge", "acknowledge it please"),
    Purpose.agree: ("answer: we agree", "say we agree"),
    Purpose.partly: ("answer: we agree in part", "answer: we agree partly"),
    Purpose.hold: ("answer: the decision stands", "tell them our decision stands"),
    Purpose.more: ("ask them for more", "ask for more information"),
    Purpose.meeting: ("invite them", "ask for a meeting"),
    Purpose.answer: ("my answer", "our reply to them"),
}


def titles() -> list[tuple[str, Purpose]]:
    """Return the title of every button and of every draft, with its purpose."""
    found = []
    for name, (response,) in RESPONSES.items():
        _, _, letter = name.partition("_title_email_")
        letter = letter or name.partition("_title_call_")[2]
        purpose = name.partition("_offer_message_")[2]
        if letter:
            found.append((response["text"], OF_LETTERS.get(letter, Purpose.counterpart)))
        elif purpose:
            found.append((response["text"], Purpose(purpose)))
    return found


@pytest.mark.parametrize(("title", "purpose"), titles())
def test_the_title_of_every_draft_asks_for_it(title: str, purpose: Purpose) -> None:
    """Typed later, when its button is gone, a title is still followed."""
    assert find_request(title) == DRAFT
    assert find_draft_request(title)["purpose"] == purpose


@pytest.mark.parametrize(
    ("name", "purpose"), [(name, purpose) for purpose in SHORT for name in SHORT[purpose]]
)
def test_plain_short_names_ask_for_a_draft(name: str, purpose: Purpose) -> None:
    """Two ways to say it for each message that there is."""
    assert set(SHORT) == set(Purpose)
    assert find_request(name) == DRAFT
    assert find_draft_request(name)["purpose"] == purpose


@pytest.mark.parametrize(
    "text",
    [
        "we agree",
        "no reply",
        "my manager",
        "i chased them",
        "they agree in part",
        "they sent an acknowledgement on monday",
        "we invited them to a meeting and they didnt come",
        "do i tell the partnership",
        "it took longer",
    ],
)
def test_what_happened_is_no_name_of_a_draft(text: str) -> None:
    """An account or a question with the same words stays that."""
    assert named_draft(text) == {}


@pytest.mark.parametrize("text", ["shorter", "make it shorter please", "Shorter"])
def test_a_length_alone_asks_for_the_last_draft(text: str) -> None:
    """It names the length, and no other message."""
    assert find_request(text) == DRAFT
    assert find_draft_request(text) == {"length": "shorter"}


@pytest.mark.parametrize(
    "text",
    [
        "draft something for my sergeant",
        "write to my inspector",
        "please could you draft the email to the service manager",
        "draft message to SPO",
    ],
)
def test_words_for_anybody_are_a_wish_for_a_draft(text: str) -> None:
    """Whoever is to get it has done nothing yet."""
    assert find_request(text) == DRAFT


@pytest.mark.parametrize(
    "text", ["i wrote to my inspector on monday", "my manager emailed the service manager"]
)
def test_what_was_written_is_no_wish_for_a_draft(text: str) -> None:
    """It is a step."""
    assert find_request(text) is None
