"""Cases to make files from, and files read back by other programs."""

import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import product
from typing import Any

import msgspec
from lxml import etree

from bot.core.rules.facts import Facts, Step
from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Exit, Outcome, Risk
from bot.documents.case import Case, case_from
from bot.documents.library import file_offers
from bot.documents.page import Bullets, Page, PageGap, PageTable, Paragraph, Text
from tests.support.core import handbook, policies

DAY = date(2026, 12, 22)
"""Three days before Christmas: what is counted from here passes bank holidays."""
RAISED = date(2026, 12, 21)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KEY = "web-0123456789abcdef0123456789abcdef"


def case(partnership: str | None, *steps: Step, day: date = DAY, **changes: Any) -> Case:
    """Return the case of a health practitioner against social care; `changes` are facts."""
    facts = msgspec.structs.replace(
        Facts(
            partnership=partnership,
            risk=Risk.concern,
            disagreement=Disagreement.threshold,
            my_agency=Agency.health,
            their_agency=Agency.childrens_social_care,
            child_status=(ChildStatus.looked_after,),
            steps=steps,
        ),
        **changes,
    )
    policy = policies()[partnership] if partnership else None
    return msgspec.structs.replace(case_from(facts, policy, handbook(), day, KEY), revision=3)


def every_case(partnership: str) -> Iterator[tuple[str, Case]]:
    """Yield a case for every stage and outcome, with and without days, each risk and each exit."""
    policy = policies()[partnership]
    yield "nothing tried", case(partnership)
    for stage, outcome, on in product(policy.stages, Outcome, (RAISED, None)):
        before = [
            Step(one.level, date(2026, 12, 1 + one.number) if on else None, Outcome.unresolved)
            for one in policy.stages
            if one.number < stage.number
        ]
        named = f"{stage.label} {outcome} {on}"
        yield named, case(partnership, *before, Step(stage.level, on, outcome))
    for risk in Risk:
        yield str(risk), case(partnership, risk=risk)
    for way in Exit:
        yield str(way), case(partnership, exit=way)


def file_of(found: Case, part: str) -> bytes:
    """Return the one file of a case whose name holds `part`."""
    (one,) = [offer for offer in file_offers(found) if part in offer.name]
    return one.make()


def document_xml(docx: bytes, part: str = "word/document.xml") -> Any:
    """Return a part of a Word file, parsed."""
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        return etree.fromstring(archive.read(part))


def document_words(docx: bytes) -> str:
    """Return every word of a Word file, a paragraph a line."""
    paragraphs = document_xml(docx).iter(f"{W}p")
    return "\n".join("".join(paragraph.itertext(f"{W}t", f"{W}br")) for paragraph in paragraphs)


def rows_of(docx: bytes) -> list[tuple[str, ...]]:
    """Return the rows of every table of a Word file, a text for each cell."""
    return [
        tuple(
            "\n".join("".join(p.itertext(f"{W}t")) for p in cell.iter(f"{W}p"))
            for cell in row.iter(f"{W}tc")
        )
        for row in document_xml(docx).iter(f"{W}tr")
    ]


def open_gaps(page: Page) -> list[PageGap]:
    """Return every open gap of a document, in order."""
    texts: list[Text] = []
    for block in page.blocks:
        if isinstance(block, Paragraph):
            texts.append(block.text)
        elif isinstance(block, Bullets):
            texts += block.items
        elif isinstance(block, PageTable):
            texts += [cell for row in block.rows for cell in row]
    return [part for text in texts for part in text if isinstance(part, PageGap)]
