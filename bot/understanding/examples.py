"""What each ranker learns from: the training lines by their intents, and what is told of them."""

from typing import Any

from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.account.own_side import worded
from bot.understanding.enquiry.sentences import may_hold_question
from bot.understanding.model.joined import KINDS
from bot.understanding.model.lines import OPEN
from bot.understanding.model.ranker import CLAUSES, DANGER, ENQUIRY, NO_DANGER, OWN_SIDE

AS_RANKED = {OWN_SIDE: worded}
"""How a clause is worded before it is ranked, by the intent of its ranker."""


def open_lines(training_data: TrainingData) -> set[str]:
    """Return the lines about something else in which a child may be in danger as well."""
    return {
        str(message.get(TEXT))
        for message in training_data.intent_examples
        if _about(message).get("danger") == OPEN
    }


def clause_examples(training_data: TrainingData, intent: str) -> list[tuple[str, str]]:
    """Return the clauses of an intent with the outcome that each tells of, "none" among them."""
    as_ranked = AS_RANKED.get(intent, str)
    return [
        (as_ranked(str(one.get(TEXT))), str(one.get(METADATA)[METADATA_INTENT]["outcome"]))
        for one in training_data.intent_examples
        if one.get(INTENT) == intent
    ]


def kind_examples(
    training_data: TrainingData,
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the lines of a kind with their kinds: those the encoder has learned from, the others.

    The others name their author.
    """
    seen: list[tuple[str, str]] = []
    unseen: list[tuple[str, str]] = []
    for message in training_data.intent_examples:
        if message.get(INTENT) in KINDS:
            lines = unseen if _about(message).get("by") else seen
            lines.append((str(message.get(TEXT)), str(message.get(INTENT))))
    return seen, unseen


def topic_examples(training_data: TrainingData) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the lines that ask the guide something, with their topics, and the other lines.

    Questions among the lines that only sound like danger are left out, and disagreements that an
    author only hints at, which are often worded as questions ("who even has this family").
    """
    asked: list[tuple[str, str]] = []
    told: list[str] = []
    for message in training_data.intent_examples:
        text, intent = str(message.get(TEXT) or ""), message.get(INTENT)
        if intent in CLAUSES:
            continue
        if intent == ENQUIRY:
            asked.append((text, str(message.get(METADATA)[METADATA_INTENT]["topic"])))
        elif text and intent != DANGER and not _may_be_asked(message, text):
            told.append(text)
    return asked, told


def _may_be_asked(message: Message, text: str) -> bool:
    hinted = message.get(INTENT) in KINDS and "by" in _about(message)
    return (hinted or message.get(INTENT) == NO_DANGER) and may_hold_question(text)


def _about(message: Message) -> dict[str, Any]:
    """Return what the file says of a line beside its intent."""
    about: dict[str, Any] = (message.get(METADATA) or {}).get(METADATA_INTENT, {})
    return about
