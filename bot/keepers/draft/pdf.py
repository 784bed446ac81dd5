"""A PDF's text as blocks."""

from io import BytesIO

import pypdf
from pypdf.errors import PyPdfError

from bot.keepers.draft.blocks import DAMAGED, MOST_LETTERS, MOST_PAGES, TOO_LONG, Blocks
from bot.keepers.draft.draft import UnreadableText
from bot.keepers.draft.lines import lines_as_blocks

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
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        raise UnreadableText(DAMAGED) from error
    with_text = [text for text in texts if len(text.strip()) >= FEWEST_LETTERS_A_PAGE]
    if not with_text:
        raise UnreadableText(
            "This PDF holds pictures of pages and no text: it was scanned. Ask for the Word file, "
            "or have the text recognised first (OCR)."
        )
    troubles = []
    if len(with_text) < len(texts):
        missing = [str(at) for at, text in enumerate(texts, 1) if text not in with_text]
        troubles.append(
            f"No text could be read on page {', '.join(missing)}. Look there for a picture, such "
            "as a flowchart, and compare it with the draft."
        )
    lines = [line for text in texts for line in text.splitlines()]
    return Blocks(tuple(lines_as_blocks(lines)), tuple(troubles))


def _pages(reader: pypdf.PdfReader) -> list[str]:
    texts: list[str] = []
    for page in reader.pages:
        texts.append(page.extract_text())
        if sum(map(len, texts)) > MOST_LETTERS:
            raise UnreadableText(TOO_LONG)
    return texts
