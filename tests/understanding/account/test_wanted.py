"""Which message is asked for, in which tone, spoken or written."""

import pytest

from bench import measure_understanding as measure
from bot.core.letters.drafting import Kind, Purpose, Tone
from bot.understanding.account.wanted import find_draft_request
from bot.understanding.words.patterns import sheet

ASKED = {
    "make it firmer please": {"tone": "firm"},
    "could that be a touch gentler": {"tone": "collaborative"},
    "it sounds too harsh": {"tone": "collaborative"},
    "less urgent": {"tone": "collaborative"},
    "can it be more urgent than that": {"tone": "urgent"},
    "write to my manager": {"purpose": "manager"},
    "a firmer e-mail to my own line manager": {
        "purpose": "manager",
        "tone": "firm",
        "kind": "email",
    },
    "they haven't replied, chase them": {"purpose": "chase"},
    "no answer yet, send them a reminder": {"purpose": "chase"},
    "tell the partnership in writing": {"purpose": "partnership", "kind": "email"},
    "put what we agreed in an email": {"purpose": "outcome", "kind": "email"},
    "now one for the other agency": {"purpose": "counterpart"},
    "what do i say when i phone and chase them": {"purpose": "chase", "kind": "call"},
    "say that it cant wait": {"tone": "urgent"},
    "make the message firmer": {"tone": "firm"},
    "draft something": {},
    "write an email that acknowledges their challenge": {"purpose": "acknowledge", "kind": "email"},
    "a holding reply please": {"purpose": "acknowledge"},
    "draft our answer, we agree in part": {"purpose": "partly"},
    "write that we stand by our decision": {"purpose": "hold"},
    "draft a reply asking for more information": {"purpose": "more"},
    "write to invite them to a professionals meeting": {"purpose": "meeting"},
    "draft a reply to tell them we agree": {"purpose": "agree"},
}


@pytest.mark.parametrize("text", ASKED)
def test_purpose_tone_and_kind_are_read(text: str) -> None:
    """Purpose, tone and kind are read from the words; what they do not name is left out."""
    assert find_draft_request(text) == ASKED[text]


def test_every_pattern_stands_for_a_message() -> None:
    """The sheet's names are the fields and values of what can be drafted."""
    known = {
        *(f"purpose_{purpose}" for purpose in Purpose),
        *(f"tone_{tone}" for tone in Tone),
        *(f"kind_{kind}" for kind in Kind),
        "length_longer",
        "length_shorter",
    }
    assert set(sheet("drafts")) == known


@pytest.mark.parametrize(
    "text",
    [
        "could you make that one firmer",
        "softer than that please",
        "put it more urgently",
        "write something to my manager for me",
        "they never answered, please chase them for me",
        "an email for the partnership please",
        "can you write up what was agreed",
    ],
)
def test_asking_for_a_message_is_understood_and_is_no_danger(text: str) -> None:
    """In untrained lines, requests for a message are found; a pressing tone is not a red flag."""
    intents, _ = measure.rankers()
    assert intents.rank(text)[0][0] in {"ask_draft", "ask_wording"}
    assert not measure.reader()(text).urgent


@pytest.mark.parametrize(
    "text",
    [
        "they havent replied",
        "i chased them on monday",
        "my manager",
        "the partnership",
        "its urgent",
        "we agreed a plan",
        "no answer",
    ],
)
def test_telling_something_is_not_asking_for_a_message(text: str) -> None:
    """An answer that names the same things is taken as an answer."""
    intents, _ = measure.rankers()
    name, share = intents.rank(text)[0]
    assert name not in {"ask_draft", "ask_wording"} or share < 0.5
