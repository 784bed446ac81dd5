"""A card as every channel draws it: a title, the stages, and sections of short lines.

Where lines stand open or folded is decided here. `card_text` gives the same as plain text.
"""

from collections.abc import Iterable, Iterator

import msgspec

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Source


class CardItem(msgspec.Struct, frozen=True):
    """A line. `detail` is shown on demand, such as how a date was counted.

    `change` is the payload of a button in the line, which asks this answer again; `change_title`
    says what it does, and `label` what stands on it, unless that is "Change".
    """

    text: str
    detail: str | None = None
    source: Source | None = None
    change: str | None = None
    change_title: str | None = None
    label: str | None = None


class CardSection(msgspec.Struct, frozen=True):
    """A heading with its lines. `folded`: a channel may hide the lines until asked."""

    heading: str
    items: tuple[CardItem, ...]
    folded: bool = False


class CardStage(msgspec.Struct, frozen=True):
    """A stage in the overview of all stages. `state` is done, current, next or later.

    `by` is the first date of the present or the next stage, in words.
    """

    label: str
    title: str
    state: str
    by: str | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel draws. `kind` is advice, emergency, same_day, review or answer."""

    kind: str
    title: str
    route: str
    stages: tuple[CardStage, ...] = ()
    sections: tuple[CardSection, ...] = ()
    footer: str | None = None

    def without_changes(self) -> "Card":
        """Return the card without buttons in its lines, for channels that put them below it."""
        sections = tuple(
            msgspec.structs.replace(
                section,
                items=tuple(msgspec.structs.replace(item, change=None) for item in section.items),
            )
            for section in self.sections
        )
        return msgspec.structs.replace(self, sections=sections)

    def with_section(self, section: CardSection, after: int) -> "Card":
        """Return the card with another section after its first `after` sections."""
        sections = (*self.sections[:after], section, *self.sections[after:])
        return msgspec.structs.replace(self, sections=sections)


def opened_within(
    words: int, sections: Iterable[CardSection], phrases: Phrases
) -> Iterator[CardSection]:
    """Yield the sections in order, those lines open that fit into so many words, the rest folded.

    The first line always stands open: it is the answer. Where a section does not fit whole, the
    rest of it and all that follows is folded.
    """
    full = False
    for number, section in enumerate(sections):
        if full:
            yield fold(section)
            continue
        shown: list[CardItem] = []
        left = words - words_in(section.heading)
        for item in section.items:
            if words_in(item.text) > left and (shown or number):
                break
            shown.append(item)
            left -= words_in(item.text)
        words, full = left, len(shown) < len(section.items)
        if not shown:
            yield fold(section)
            continue
        yield msgspec.structs.replace(section, items=tuple(shown))
        if full:
            rest = phrases.say("card_heading_rest", heading=section.heading)
            yield CardSection(rest, section.items[len(shown) :], folded=True)


def without(section: CardSection, opened: CardSection) -> CardSection:
    """Return a section without the lines that stand open already."""
    said = {item.text for item in opened.items}
    kept = tuple(item for item in section.items if item.text not in said)
    return msgspec.structs.replace(section, items=kept)


def fold(section: CardSection) -> CardSection:
    """Return a section whose lines a channel shows on demand."""
    return msgspec.structs.replace(section, folded=True)


def words_in(text: str) -> int:
    """Return how many words a text has."""
    return len(text.split())


def card_text(card: Card, phrases: Phrases) -> str:
    """Return a card as plain lines, for a channel that does not draw cards."""
    lines = [f"**{card.title}**"]
    if card.stages:
        shown = (
            phrases.say(f"card_state_{stage.state}", label=stage.label) for stage in card.stages
        )
        lines.append(phrases.say("card_path", stages=" → ".join(shown)))
    for section in card.sections:
        lines += [f"**{section.heading}**"] if section.heading else []
        lines += [f"- {item.text}" for item in section.items]
    sources = _sources(item.source for section in card.sections for item in section.items)
    if sources:
        lines.append(phrases.say("card_sources", sources=sources))
    if card.footer:
        lines.append(card.footer)
    return "\n".join(lines)


def _sources(sources: Iterable[Source | None]) -> str:
    """Return each document once, followed by its cited sections in order."""
    sections: dict[str, dict[str, None]] = {}
    for source in sources:
        if source:
            sections.setdefault(source.document, {})[source.section] = None
    return ". ".join(f"{document}: {'; '.join(used)}" for document, used in sections.items())


def named_section(name: str, items: Iterable[CardItem], phrases: Phrases) -> CardSection:
    """Return a section under a heading of the responses."""
    return CardSection(phrases.say(f"card_heading_{name}"), tuple(items))
