"""What readers say is wrong or unclear: on which statement, and of which kind. Never any text.

A card ends, folded, with a button. It asks what is wrong and where; a report then names the
statement by its place in the policy's file, so that keepers find the very line.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256

import msgspec

from bot.core.cards.card import Card, CardItem, CardSection
from bot.core.handbook.handbook import Handbook
from bot.core.handbook.sources import GUIDANCE, HEADLINE, Document
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Policy
from bot.core.policy.places import Placed, statement_places
from bot.core.text import shorten
from bot.core.vocabulary import Word

INTENT = "feedback"
WHOLE = "all"
"""The choice of the whole answer in place of one of its lines."""
MOST_LINES = 9
"""Of more lines the part is asked first: a longer choice is one that nobody reads."""
PART = "part"
"""Begins what a button carries for a part of the card, before its number."""
LONGEST_LINE = 70


class Fault(Word):
    """What is wrong with a statement or an answer."""

    wrong_person = "wrong_person"
    out_of_date = "out_of_date"
    does_not_fit = "does_not_fit"
    unclear = "unclear"
    did_not_help = "did_not_help"


class Report(msgspec.Struct, frozen=True):
    """A report. `statement` is its place in the file of the policy, or "" for a whole answer.

    HEADLINE stands for the words in bold, which are made of several statements, and a Document for
    itself.

    `policy` is an id, GUIDANCE for the guide's own files, or "" where none was chosen. `kind` is
    the card's kind; `section` is the document's section, for a statement that has no place alone.
    """

    policy: str
    version: str
    statement: str
    section: str
    kind: str
    fault: Fault


class Chosen(msgspec.Struct, frozen=True):
    """What a button of the feedback carries: the card, then the fault, then the line.

    The line may be a part whose lines are asked next. A Document stands in place of its card.
    """

    card: str
    fault: str | None = None
    line: str | None = None

    @property
    def document(self) -> Document | None:
        """What the guide wrote or made, where the report is about that."""
        return Document(self.card) if self.card in set(map(str, Document)) else None

    def __str__(self) -> str:
        return ".".join(filter(None, (self.card, self.fault, self.line)))


def parse_chosen(value: str) -> Chosen:
    """Return what a button carries. What does not fit leads to a card that nobody has."""
    card, fault, line, *_ = [*value.split("."), None, None]
    known = fault if fault in set(map(str, Fault)) else None
    return Chosen(str(card), known, line if known else None)


def with_feedback(card: Card, phrases: Phrases) -> Card:
    """Return the card with the button at its folded end, below all that is to be done."""
    if not any(_sourced(card)):
        return card
    item = CardItem(
        phrases.say("feedback_line"),
        change=f"do:{INTENT}:{card_key(card)}",
        change_title=phrases.say("option_feedback"),
        label=phrases.say("option_feedback"),
    )
    heading = phrases.say("card_heading_feedback")
    return card.with_section(CardSection(heading, (item,), folded=True), len(card.sections))


def card_key(card: Card) -> str:
    """Return a short text that stands for the card's statements."""
    said = "\n".join([card.title, *(item.text for item in _sourced(card))])
    return sha256(said.encode()).hexdigest()[:10]


def lines_to_name(card: Card) -> list[CardItem]:
    """Return the lines that a reader can name, each statement once."""
    found: dict[str, CardItem] = {}
    for item in _sourced(card):
        found.setdefault(item.text, item)
    return list(found.values())


def choices(card: Card, part: str | None, phrases: Phrases) -> list[tuple[str, str]]:
    """Return what a reader can name, as what its button carries and its title.

    First what stands in bold, last the whole answer. Between them the lines; where there are too
    many the parts of the card, and those of a part once it is chosen.
    """
    lines = lines_to_name(card)
    named = {
        item.text: (str(at), shorten(item.text, LONGEST_LINE)) for at, item in enumerate(lines)
    }
    parts = _parts(card, named)
    whole = (WHOLE, phrases.say("option_feedback_all"))
    if part in parts:
        return [*parts[part][1], whole]
    first = (HEADLINE, shorten(card.title, LONGEST_LINE))
    if len(named) > MOST_LINES:
        return [first, *((key, heading) for key, (heading, _) in parts.items()), whole]
    # Where a line says the same as the words in bold, it names the statement.
    same = card.title.rstrip(".") in {item.text.rstrip(".") for item in lines}
    return [*([] if same else [first]), *named.values(), whole]


def _parts(
    card: Card, named: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Return the parts of a card that have lines to name, by what their buttons carry."""
    found, seen = {}, set[str]()
    for at, section in enumerate(card.sections):
        new = [item.text for item in section.items if item.text in named and item.text not in seen]
        seen |= set(new)
        if new:
            heading = section.heading or named[new[0]][1]
            found[f"{PART}{at}"] = (heading, [named[text] for text in new])
    return found


def report_on(
    card: Card, line: str, fault: Fault, policies: Mapping[str, Policy], handbook: Handbook, of: str
) -> Report | None:
    """Return the report on a line of the card, or on all of it; None for a line it does not have.

    `of` is the id of the chosen policy, or "".
    """
    if line in {WHOLE, HEADLINE}:
        version = policies[of].fingerprint if of in policies else ""
        return Report(of, version, "" if line == WHOLE else line, "", card.kind, fault)
    lines = lines_to_name(card)
    if not line.isdigit() or int(line) >= len(lines):
        return None
    item = lines[int(line)]
    document, section = (item.source.document, item.source.section) if item.source else ("", "")
    for policy in sorted(policies.values(), key=lambda policy: policy.id != of):
        cited = {policy.document.title, *policy.documents.values()}
        if document in cited:
            place = _longest(item.text, section, statement_places(policy))
            return Report(policy.id, policy.fingerprint, place, section, card.kind, fault)
    places = {
        f"{one.file}: {one.key}": Placed(one.what, one.source) for one in handbook.statements()
    }
    place = _longest(item.text, section, places)
    return Report(GUIDANCE, "", place, section, card.kind, fault)


def report_on_document(
    document: Document, fault: Fault, policies: Mapping[str, Policy], of: str
) -> Report:
    """Return the report on what the guide wrote or made by the chosen policy `of`, or ""."""
    version = policies[of].fingerprint if of in policies else ""
    return Report(of, version, str(document), "", str(document), fault)


def _longest(text: str, section: str, places: Mapping[str, Placed]) -> str:
    """Return the place of the longest statement of the section that stands in a line, or ""."""
    said = text.casefold()
    fitting = [
        (len(one.words), place)
        for place, one in places.items()
        if one.section == section and one.words.rstrip(".").casefold() in said
    ]
    return max(fitting, key=lambda found: found[0])[1] if fitting else ""


def _sourced(card: Card) -> Iterator[CardItem]:
    return (item for section in card.sections for item in section.items if item.source)
