"""A quarter's figures as a page for Word: each sentence with its table."""

from collections.abc import Iterator

from bot.documents.page import Block, Bullets, Heading, Page, Paragraph, Table
from bot.figures.report import Report, Section
from bot.figures.words import shown_count, words

NAME, NUMBER = 6, 2
"""The widths of a column of names and of one of numbers, in proportion."""


def document(told: Report) -> Page:
    """Return what is published of one policy, up to one quarter, as a page."""
    return Page(told.title, tuple(_blocks(told)))


def _blocks(told: Report) -> Iterator[Block]:
    yield Paragraph((told.sentence,))
    yield Paragraph((words()["kept"],), note=True)
    for section in told.sections:
        yield from _section(section)
    if told.nothing:
        said = words()["nothing"]
        yield Heading(said["title"])
        yield Paragraph((said["what"],))
        yield Bullets(tuple((title,) for title in told.nothing))
    yield from _section(told.other_help)
    yield Paragraph((words()["what"],), note=True)


def _section(section: Section) -> Iterator[Block]:
    yield Heading(section.title)
    yield Paragraph((section.sentence,))
    rows = [(line.label, line.counts) for line in section.lines]
    if section.totals:
        rows.append((words()["all"], section.totals))
    yield Table(
        caption=section.title,
        header=(words()["head"], *section.columns),
        rows=tuple(((label,), *((shown_count(one),) for one in counts)) for label, counts in rows),
        shares=(NAME, *(NUMBER for _ in section.columns)),
    )
    if section.note:
        yield Paragraph((section.note,), note=True)
