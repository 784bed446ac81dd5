"""Word files, read as a screen reader and a second program do."""

import itertools
import zipfile
from io import BytesIO

import pytest
from docx import Document

from bot.core.rules.facts import Step
from bot.core.vocabulary import Level, Outcome
from bot.documents.library import file_offers
from bot.documents.word import MEDIA
from tests.support.documents import RAISED, W, case, document_xml

CASES = {
    "kent": case("kent", Step(Level.director, RAISED, Outcome.unresolved)),
    "pan_dorset": case("pan_dorset", Step(Level.senior_manager, RAISED, Outcome.resolved)),
    "pan_bedfordshire": case(
        "pan_bedfordshire", Step(Level.line_manager, RAISED, Outcome.awaiting)
    ),
    "city_and_hackney": case("city_and_hackney"),
    "trust_guidance": case("trust_guidance", risk="immediate_danger"),
    "no policy": case(None, risk="immediate_harm"),
}
MADE = [
    pytest.param(offer.make(), id=f"{named} {offer.name}")
    for named, found in CASES.items()
    for offer in file_offers(found)
    if offer.type == MEDIA
]


@pytest.mark.parametrize("docx", MADE)
def test_the_language_and_the_title_are_set(docx: bytes) -> None:
    """A screen reader speaks en-GB and names the document; no clock is in it."""
    document = Document(BytesIO(docx))
    properties = document.core_properties
    assert properties.language == "en-GB"
    assert properties.title == document.paragraphs[0].text
    assert str(properties.created)[:10] == str(properties.modified)[:10] == "2026-12-22"
    styles = document_xml(docx, "word/styles.xml")
    spoken = styles.find(f"{W}docDefaults").iter(f"{W}lang")
    assert [one.get(f"{W}val") for one in spoken] == ["en-GB"]
    assert {one.get(f"{W}val") for one in styles.iter(f"{W}lang")} == {"en-GB"}


@pytest.mark.parametrize("docx", MADE)
def test_headings_are_real_and_in_order(docx: bytes) -> None:
    """One heading 1, the first paragraph; below it no level is left out."""
    named = [
        (str(paragraph.style and paragraph.style.name), paragraph.text)
        for paragraph in Document(BytesIO(docx)).paragraphs
    ]
    levels = [int(name[-1]) for name, _ in named if str(name).startswith("Heading")]
    assert str(named[0][0]) == "Heading 1"
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert len(levels) > 1


@pytest.mark.parametrize("docx", MADE)
def test_nothing_is_spaced_by_empty_paragraphs(docx: bytes) -> None:
    """Every paragraph says something."""
    paragraphs = document_xml(docx).iter(f"{W}p")
    assert all("".join(paragraph.itertext(f"{W}t")).strip() for paragraph in paragraphs)


@pytest.mark.parametrize("docx", MADE)
def test_tables_have_header_rows_and_names(docx: bytes) -> None:
    """The header row is marked and repeated, the first column too; each says what it holds."""
    tables = list(document_xml(docx).iter(f"{W}tbl"))
    assert tables
    for table in tables:
        first, *others = table.findall(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert others
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in others)
        look = table.find(f"{W}tblPr/{W}tblLook")
        assert (look.get(f"{W}firstRow"), look.get(f"{W}firstColumn")) == ("1", "1")
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val").strip()
        assert table.find(f"{W}tblPr/{W}tblDescription").get(f"{W}val").strip()
        width = len(first.findall(f"{W}tc"))
        assert {len(row.findall(f"{W}tc")) for row in others} == {width}


@pytest.mark.parametrize("docx", MADE)
def test_every_style_that_is_named_is_there(docx: bytes) -> None:
    """Taking the unused styles out left none dangling."""
    known = {one.get(f"{W}styleId") for one in document_xml(docx, "word/styles.xml")}
    for part in ("word/document.xml", "word/styles.xml"):
        root = document_xml(docx, part)
        for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link"):
            assert {one.get(f"{W}val") for one in root.iter(f"{W}{tag}")} <= known, tag


@pytest.mark.parametrize("docx", MADE)
def test_the_archive_holds_no_time_and_no_picture(docx: bytes) -> None:
    """Every entry has the same fixed time; nothing needs a text in place of a picture."""
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
        names = archive.namelist()
    assert names[0] == "[Content_Types].xml"
    assert not [name for name in names if not name.endswith((".xml", ".rels"))]


@pytest.mark.parametrize("docx", MADE)
def test_text_is_dark_on_white_or_nearly_white(docx: bytes) -> None:
    """No colour is needed to read it: one ink, and one light shade behind it."""
    inks = {one.get(f"{W}val") for one in document_xml(docx, "word/styles.xml").iter(f"{W}color")}
    shades = {one.get(f"{W}fill") for one in document_xml(docx).iter(f"{W}shd")}
    assert inks == {"0B0C0C"}
    assert shades <= {"F3F2F1"}
