"""A PDF's text as blocks."""

import logging
import re
from collections import Counter
from io import BytesIO

import pypdf
from pypdf.errors import PyPdfError

from bot.keepers.draft.blocks import BROKEN, DAMAGED, MOST_LETTERS, MOST_PAGES, TOO_LONG, Blocks
from bot.keepers.draft.draft import UnreadableText
from bot.keepers.draft.lines import lines_as_blocks, without_numbers

logging.getLogger("pypdf").setLevel(logging.CRITICAL)
# What it mends in a file while reading is nothing that a keeper could act on.
EDGE = 2
"""Lines at the top and the foot of a page that may stand on every page."""
SAYS_WHEN = re.compile(r"\b(?:days?|hours?|weeks?|immediately|delay)\b|@", re.IGNORECASE)
FEWEST_LETTERS_A_PAGE = 40
"""A page with fewer is a picture of a page."""


def pdf_file(content: bytes) -> Blocks:
    """Return a PDF's blocks. Raises UnreadableText."""
    try:
        reader = pypdf.PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableText("This PDF has a password. Save it without one, and try again.")
        pages = len(reader.pages)
        if pages > MOST_PAGES:
            raise UnreadableText(TOO_LONG)
        texts = _pages(reader)
    except (PyPdfError, *BROKEN) as error:
        raise UnreadableText(DAMAGED) from error
    with_text = [text for text in texts if len(text.strip()) >= FEWEST_LETTERS_A_PAGE]
    if not with_text:
        raise UnreadableText(
            "This PDF holds pictures of pages and no text: it was scanned. Ask for the Word file, "
            "or have the text recognised first (OCR)."
        )
    troubles = []
    if len(with_text) < len(texts):
        missing = [
            str(at) for at, text in enumerate(texts, 1) if len(text.strip()) < FEWEST_LETTERS_A_PAGE
        ]
        troubles.append(
            f"No text could be read on page {', '.join(missing)}. Look there for a picture, such "
            "as a flowchart, and compare it with the draft."
        )
    lines = [line for page in _without_heads_and_feet(texts) for line in page]
    return Blocks(tuple(lines_as_blocks(lines)), tuple(troubles))


def _pages(reader: pypdf.PdfReader) -> list[str]:
    texts: list[str] = []
    for page in reader.pages:
        texts.append(page.extract_text())
        if sum(map(len, texts)) > MOST_LETTERS:
            raise UnreadableText(TOO_LONG)
    return texts


def _without_heads_and_feet(texts: list[str]) -> list[list[str]]:
    """Return the lines of each page; what stands at the edge of most pages is kept once.

    A line that gives a time or an address is always kept: each stage may end with the same.
    """
    pages = [[line for line in text.splitlines() if line.strip()] for text in texts]
    times = Counter(
        said for page in pages for said in {without_numbers(page[at]) for at in _edge(page)}
    )
    often = {said for said, count in times.items() if count > max(1, len(pages) // 2)}
    kept: list[list[str]] = []
    seen: set[str] = set()
    for page in pages:
        edge, lines = _edge(page), []
        for at, line in enumerate(page):
            said = without_numbers(line)
            if at not in edge or said not in often or said not in seen or SAYS_WHEN.search(line):
                lines.append(line)
            seen.add(said)
        kept.append(lines)
    return kept


def _edge(page: list[str]) -> set[int]:
    """Return the places of a page's first and last lines."""
    places = range(len(page))
    return {*places[:EDGE], *places[-EDGE:]}
