"""Recognise a choice: a button pressed, or its number or title typed.

A payload names the intent of a button. The server writes all payloads, and only those that this
conversation was shown are accepted; anything else a client sends is text.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from bot.channels.messages import Button
from bot.core.conversation.answers import SAFETY
from bot.core.conversation.questions.spec import Question
from bot.understanding.own_words import without_own_words

PAYLOAD = re.compile(r"answer:[a-z_]+:[a-z0-9_.-]+|do:[a-z_]+(:[a-z0-9_.-]+)?")
_NUMBER_WORDS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
)  # fmt: skip
_SAID = {
    word: number for words in (_NUMBER_WORDS, _ORDINALS) for number, word in enumerate(words, 1)
}
_NUMBER = re.compile(
    r"(?:(?:i\s+(?:choose|pick|want|mean|meant)|its|it\s+is|answer|option|choice|number|button|"
    r"no\.?|nr\.?|num\.?|the|#|\()[\s:]*)*"
    r"(?P<number>0?[1-9][0-9]?|" + "|".join(_SAID) + r")(?:st|nd|rd|th)?"
    r"(?:\s+(?:one|option|choice|button|please|pls))*[\s.)!,:]*",
)
"""A number in any dress: "2)", "no. 2", "option two", "the second one", "2️⃣"."""
_ORDINAL = re.compile(r"\b(?:" + "|".join(_ORDINALS) + r"|\d{1,2}(?:st|nd|rd|th))\b")
_OPTION = re.compile(r"\b(?:option|answer|choice|button|number)\b|#")
_MEANT = re.compile(r"\bmeant\b", re.IGNORECASE)
"""Says which option was meant before: while the calls are open, one of the risks."""
_NOBODY = re.compile(r"(?:no|the) one[\s.!,]*")
"""Means a person, and no number."""
_KEYCAP = str.maketrans("", "", "\ufe0f\u20e3")

_LETTERS = {"n": "no", "y": "yes"}
"""A letter that stands for the whole title of a button."""
ABOUT_SAFETY = tuple(f"answer:{name}:" for name in SAFETY)
"""How the payloads of questions about safety begin."""
CALLS = f"answer:{Question.calls_made}:"
FEWEST_TYPED = 2
"""Words of a title that stand for it; one alone may mean anything."""


def find_chosen_button(
    text: str, last: Sequence[Button], shown: Iterable[Button], beside: Iterable[Button] = ()
) -> Button | None:
    """The button that the text stands for, or None for ordinary text.

    `last` are the buttons of the guide's last turn in order, `shown` all buttons that the
    conversation was shown, newest first. Those `beside` the lines of the last cards have a title
    and no number.
    """
    wanted = without_own_words(text).strip()
    if PAYLOAD.fullmatch(wanted):
        return next((button for button in shown if button.payload == wanted), None)
    corrects = _MEANT.search(wanted) and any(one.payload.startswith(CALLS) for one in last)
    number = None if corrects else number_said(wanted)
    if number and number <= len(last):
        return last[number - 1]
    title = _comparable(wanted)
    title = _LETTERS.get(title, title)
    titled = (button for button in (*last, *beside) if _comparable(button.title) == title)
    return next(titled, None) or _begun(title, last) or _named(title, last)


def _begun(title: str, buttons: Sequence[Button]) -> Button | None:
    """Return the one button of whose title at least half was typed: "somewhere else".

    Part of a title never answers a question about safety.
    """
    said = _words_in_order(title)
    found = [
        button
        for button in buttons
        if (whole := _words_in_order(button.title))[: len(said)] == said
        and max(FEWEST_TYPED, len(whole) / 2) <= len(said)
        and not button.payload.startswith(ABOUT_SAFETY)
    ]
    return found[0] if len(found) == 1 else None


AGREED = "answer:priority:"
_UNKNOWN = f"{AGREED}unknown"
_FILLERS = {
    *("a", "agreed", "as", "between", "both", "by", "chose", "decided", "for", "have", "i", "is"),
    *("it", "its", "of", "on", "our", "said", "that", "thats", "the", "them", "they", "think"),
    *("this", "to", "us", "use", "was", "we", "weve", "went", "with"),
}
"""Words beside the name of what was agreed that change nothing of it."""


def _named(said: str, buttons: Sequence[Button]) -> Button | None:
    """Return the agreed track that a sentence names, if it says nothing else.

    Policies name them in words of their own, so no list of sentences holds them: "we agreed the
    standard track", "the standard one".
    """
    agreed = (button for button in buttons if button.payload.startswith(AGREED))
    tracks = [button for button in agreed if button.payload != _UNKNOWN]
    names = {button.payload: _words(button.title) - _FILLERS for button in tracks}
    shared = set.intersection(*names.values()) if len(names) > 1 else set()
    told = _words(said) - _FILLERS - shared - {"one"}
    found = [button for button in tracks if told and told == names[button.payload] - shared]
    return found[0] if len(found) == 1 else None


def _words(text: str) -> set[str]:
    return set(_words_in_order(text))


def _words_in_order(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("'", "").replace("’", ""))


def is_answer(payload: str) -> bool:
    """Say whether a button answers a question, and so is done with once the question is."""
    return payload.startswith("answer:")


def number_said(text: str) -> int | None:
    """Return the number that a text stands for as a whole, or None.

    >>> number_said("option No. 1"), number_said("the second one"), number_said("no")
    (1, 2, None)
    """
    plain = unicodedata.normalize("NFKC", text).translate(_KEYCAP).strip().lower()
    found = _NUMBER.fullmatch(plain.replace("'", "").replace("’", ""))
    if found is None or _NOBODY.fullmatch(plain):
        return None
    said = found["number"]
    return _SAID[said] if said in _SAID else int(said)


def may_be_a_child(text: str, button: Button) -> bool:
    """Say whether an ordinal that stands for an answer about safety may be one of several children.

    >>> may_be_a_child("the first one", Button("Yes", "answer:risk:immediate_danger"))
    True
    """
    said = text.casefold()
    ordinal = _ORDINAL.search(said) and not _OPTION.search(said)
    return (
        bool(ordinal) and button.payload.startswith(ABOUT_SAFETY) and number_said(text) is not None
    )


def parse_data(button: Button) -> dict[str, Any] | None:
    """Parse data for a pressed button, as Rasa would give it; None if the payload is not ours.

    >>> parse_data(Button("Kent", "answer:partnership:kent"))["entities"]
    [{'entity': 'question', 'value': 'partnership'}, {'entity': 'value', 'value': 'kent'}]
    """
    if not PAYLOAD.fullmatch(button.payload):
        return None
    kind, name, *value = button.payload.split(":")
    if kind == "answer":
        intent = "answer"
        entities = [entity("question", name), entity("value", value[0])]
    else:
        intent = name
        entities = [entity("value", value[0])] if value else []
    return certain_intent(intent, button.title, entities)


def other_language_intent(code: str, text: str) -> dict[str, Any]:
    """Parse data for a message in another language, stored as `text` only."""
    return certain_intent("other_language", text, [entity("language", code)])


def certain_intent(
    intent: str, text: str = "", entities: Sequence[dict[str, str]] = ()
) -> dict[str, Any]:
    """Parse data for an intent that is known, not guessed."""
    return {
        "intent": {"name": intent, "confidence": 1.0},
        "entities": list(entities),
        "text": text,
        "intent_ranking": [],
    }


def entity(name: str, value: str) -> dict[str, str]:
    """An entity as Rasa's understanding would give it."""
    return {"entity": name, "value": value}


def _comparable(title: str) -> str:
    return " ".join(title.split()).rstrip(".").rstrip().casefold()
