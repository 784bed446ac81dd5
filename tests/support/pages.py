"""A page's words and lines, as a reader sees them."""

from collections.abc import Iterator

from bot.documents.page import Bullets, Heading, Page, PageTable, Paragraph, Strong, Text


def words_of(text: Text) -> str:
    """Return a text without its marks of emphasis."""
    return "".join(part.text if isinstance(part, Strong) else str(part) for part in text)


def page_statements(page: Page) -> Iterator[str]:
    """Yield each line of the lists and of the tables, without headers."""
    for block in page.blocks:
        if isinstance(block, Bullets):
            yield from map(words_of, block.items)
        elif isinstance(block, PageTable):
            for row in block.rows:
                for cell in row[1:]:
                    yield from words_of(cell).split("\n")


def page_text(page: Page) -> str:
    """Return all words of a page, line by line."""
    lines = [page.title]
    for block in page.blocks:
        if isinstance(block, Heading):
            lines.append(block.text)
        elif isinstance(block, Paragraph):
            lines.append(words_of(block.text))
        elif isinstance(block, Bullets):
            lines += map(words_of, block.items)
        else:
            lines += [*block.header, *(words_of(cell) for row in block.rows for cell in row)]
    return "\n".join(lines)
