"""What files are read, and what a business manager is told of those that are not."""

import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph
from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from pypdf import PdfWriter

from bot.keepers.draft.draft import Kind, UnreadableText
from bot.keepers.draft.finding import draft_from
from bot.keepers.draft.reading import read_text

FOOTNOTES = RELATIONSHIP_TYPE.FOOTNOTES
KELDER = (Path(__file__).parent / "texts/kelder.txt").read_text("utf-8")
STAGES = [
    ("Stage 1: Practitioners", "The practitioners talk to each other within 2 working days."),
    ("Stage 2: Line managers", "The other line manager must respond within 5 working days."),
    ("Stage 3: Senior managers", "The senior managers meet and resolve it within 10 working days."),
]
TITLE = "Marrow Vale Escalation Policy"
OPENING = (
    "This policy is for everybody in Marrow Vale who works with children. It says how agencies "
    "settle a disagreement about what keeps a child safe, and who takes it further if they cannot."
)


def word_file(change: Callable[[DocumentObject], None] | None = None) -> bytes:
    """Return a Word document of the invented policy."""
    document = Document()
    document.add_heading(TITLE, 0)
    document.add_paragraph(OPENING)
    for heading, text in STAGES:
        document.add_heading(heading, 1)
        document.add_paragraph(text)
    if change:
        change(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_file(pages: list[list[str]]) -> bytes:
    """Return a PDF with lines of text on each page; a page without lines holds a picture."""
    out = BytesIO()
    with rc_context({"pdf.fonttype": 42}), PdfPages(out) as pdf:
        for lines in pages:
            figure = Figure(figsize=(8, 11))
            if lines:
                figure.text(0.05, 0.95, "\n".join(lines), va="top", fontsize=8)
            else:
                figure.add_axes((0, 0, 1, 1), frameon=False, xticks=[], yticks=[]).imshow([[0, 1]])
            pdf.savefig(figure)
    return out.getvalue()


def blank_pages(count: int) -> bytes:
    """Return a PDF of so many pages with nothing on them."""
    writer, out = PdfWriter(), BytesIO()
    for _ in range(count):
        writer.add_blank_page(500, 700)
    writer.write(out)
    return out.getvalue()


def as_lines() -> list[str]:
    """Return the invented policy as the lines of a page."""
    opening = [OPENING[:90], OPENING[90:]]
    return [TITLE, "", *opening, "", *(line for stage in STAGES for line in (*stage, ""))]


def as_webpage() -> bytes:
    """Return the invented policy as a web page."""
    stages = "".join(f"<h2>{heading}</h2><p>{text}</p>" for heading, text in STAGES)
    return f"<html><body><h1>{TITLE}</h1><p>{OPENING}</p>{stages}</body></html>".encode()


FILES: dict[str, Callable[[], bytes]] = {
    "policy.docx": word_file,
    "policy.pdf": lambda: pdf_file([as_lines()]),
    "policy.html": as_webpage,
    "policy.txt": lambda: "\n".join(as_lines()).encode(),
    "windows.txt": lambda: "\n".join(as_lines()).replace("cannot", "can’t").encode("cp1252"),
    "wide.txt": lambda: "\n".join(as_lines()).encode("utf-16"),
}


@cache
def written(name: str) -> bytes:
    """Return the invented policy as one of the FILES."""
    return FILES[name]()


@pytest.mark.parametrize("name", FILES)
def test_the_same_policy_is_read_from_every_kind_of_file(name: str) -> None:
    """Word, PDF, web page and text give the same stages and time limits."""
    draft = draft_from(written(name), name)
    told = [
        (p.value.get("label"), p.value.get("amount"), p.value.get("who"))
        for p in draft.proposals
        if p.kind in {Kind.stage, Kind.limit}
    ]
    assert draft.title == TITLE
    assert told == [
        ("Stage 1", None, None),
        (None, 2, "raiser"),
        ("Stage 2", None, None),
        (None, 5, "receiver"),
        ("Stage 3", None, None),
        (None, 10, "raiser"),
    ]


def test_a_file_is_read_by_what_it_holds_and_not_by_its_name() -> None:
    """A Word document that somebody called .pdf is read as what it is."""
    assert draft_from(written("policy.docx"), "policy.pdf").title == TITLE


def test_a_table_of_stages_in_a_word_document_is_read() -> None:
    """Each row with a stage's label is that stage."""
    document = Document()
    document.add_heading(TITLE, 0)
    document.add_paragraph(OPENING)
    table = document.add_table(rows=0, cols=3)
    for at, (heading, text) in enumerate(STAGES, 1):
        cells = table.add_row().cells
        cells[0].text, cells[1].text, cells[2].text = f"Step {at}", heading.partition(": ")[2], text
    out = BytesIO()
    document.save(out)
    draft = draft_from(out.getvalue(), "table.docx")
    labels = [p.value["label"] for p in draft.proposals if p.kind is Kind.stage]
    amounts = [p.value["amount"] for p in draft.proposals if p.kind is Kind.limit]
    assert (labels, amounts) == (["Step 1", "Step 2", "Step 3"], [2, 5, 10])


NUMBERS = """<w:abstractNum {space} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>
<w:lvlText w:val="{label}"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>
<w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>"""


def numbered(label: str) -> bytes:
    """Return a Word document whose headings and paragraphs are numbered by Word itself."""

    def number(paragraph: Paragraph, depth: int) -> None:
        told = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(told))  # noqa: SLF001 - no numbers there

    document = Document()
    document.add_heading(TITLE, 0)
    document.add_paragraph(OPENING)
    lists = document.part.numbering_part.element
    lists.insert(0, parse_xml(NUMBERS.format(space=nsdecls("w"), label=label)))
    used = f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'
    lists.append(parse_xml(used))
    for heading, text in STAGES:
        spoken = heading if label == "%1." else heading.partition(": ")[2]
        number(document.add_heading(spoken, 1), 0)
        number(document.add_paragraph(text), 1)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("label", "source"),
    [("%1.", "2. Stage 2: Line managers"), ("Stage %1:", "Stage 2: Line managers")],
)
def test_numbers_that_word_counts_itself_are_read(label: str, source: str) -> None:
    """Sections are named by the numbers that a reader sees, and "Stage 2" may be such a number."""
    draft = draft_from(numbered(label), "numbered.docx")
    stages = [p for p in draft.proposals if p.kind is Kind.stage]
    limits = [p for p in draft.proposals if p.kind is Kind.limit]
    assert [p.value["label"] for p in stages] == ["Stage 1", "Stage 2", "Stage 3"]
    assert stages[1].source == source
    assert [(p.value["amount"], p.source) for p in limits] == [(2, "1.1"), (5, "2.1"), (10, "3.1")]


def test_a_footnote_stands_where_it_is_called() -> None:
    """What a footnote says belongs to the sentence that calls it."""

    def change(document: DocumentObject) -> None:
        part = Part(
            PackURI("/word/footnotes.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
            f'<w:footnotes {nsdecls("w")}><w:footnote w:id="7"><w:p><w:r><w:t>The members are: the '
            "Chief Nurse.</w:t></w:r></w:p></w:footnote></w:footnotes>".encode(),
            document.part.package,
        )
        document.part.relate_to(part, FOOTNOTES)
        call = f'<w:r {nsdecls("w")}><w:footnoteReference w:id="7"/></w:r>'
        document.paragraphs[-1]._p.append(parse_xml(call))  # noqa: SLF001 - no footnotes there

    draft = draft_from(word_file(change), "notes.docx")
    assert "[The members are: the Chief Nurse.]" in draft.sections[-1].text


def test_tracked_changes_are_read_as_accepted_and_told() -> None:
    """What was struck is not read, what was put in is, and the keeper is told."""

    def change(document: DocumentObject) -> None:
        paragraph = document.paragraphs[-1]._p  # noqa: SLF001 - python-docx has no tracked changes
        deleted = f"<w:del {nsdecls('w')}><w:r><w:delText>99 working days</w:delText></w:r></w:del>"
        inserted = f"<w:ins {nsdecls('w')}><w:r><w:t> Both must agree.</w:t></w:r></w:ins>"
        paragraph.append(parse_xml(deleted))
        paragraph.append(parse_xml(inserted))

    draft = draft_from(word_file(change), "tracked.docx")
    text = " ".join(section.text for section in draft.sections)
    assert "Both must agree." in text
    assert "99" not in text
    assert any("tracked changes" in trouble for trouble in draft.troubles)


def test_a_page_without_text_among_others_is_told() -> None:
    """A flowchart that is a picture is pointed out, with its page."""
    draft = draft_from(pdf_file([as_lines(), []]), "policy.pdf")
    assert any("page 2" in trouble for trouble in draft.troubles)


def test_heads_and_feet_of_pages_are_not_read_as_text() -> None:
    """A line that stands on every page interrupts no sentence."""
    parts = read_text(KELDER.encode(), "kelder.txt").sections
    assert sum("LOCAL SAFEGUARDING BOARD" in part.text for part in parts) <= 1


@pytest.mark.long
def test_heads_and_feet_of_a_pdf_are_left_out_and_what_stages_repeat_is_kept() -> None:
    """A foot on every page goes; a line that each stage has stays at each stage."""
    pages = [
        [TITLE, *([OPENING[:90], OPENING[90:]] if at == 1 else []), f"Stage {at}: Managers",
         "The managers discuss it.", "Time limit: 5 working days", f"Marrow Vale, page {at}"]
        for at in (1, 2, 3)
    ]  # fmt: skip
    draft = draft_from(pdf_file(pages), "policy.pdf")
    text = " ".join(section.text for section in draft.sections)
    assert text.count("Marrow Vale, page") <= 1
    assert text.count("Time limit: 5 working days") == 3


def with_macros() -> bytes:
    """Return a Word document with a macro, called as one without."""
    out = BytesIO(written("policy.docx"))
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("word/vbaProject.bin", b"Sub AutoOpen()")
    return out.getvalue()


def bomb() -> bytes:
    """Return a small file that unpacks to a very large one."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * 80_000_000)
    return out.getvalue()


def entities() -> bytes:
    """Return a Word document whose text is to grow without end."""
    bad = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><w:document>&b;</w:document>'
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(written("policy.docx"))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, bad if name == "word/document.xml" else old.read(name))
    return out.getvalue()


WELSH = (
    "Mae'r polisi hwn yn nodi sut y dylai ymarferwyr ddatrys anghytundebau proffesiynol rhwng "
    "asiantaethau ynghylch diogelwch plentyn. Rhaid i bob asiantaeth gofnodi'r penderfyniad ar "
    "ffeil y plentyn ac ymateb o fewn pum diwrnod gwaith. Os na ellir datrys y mater, bydd yn mynd "
    "at y rheolwr llinell ac yna at y bwrdd diogelu plant. "
)
MANUAL_LINES = (f"Part {at} says much about this.\n" for at in range(45_000))
LONG_MANUAL = f"A manual\n{''.join(MANUAL_LINES)}"
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "scanned.pdf": (lambda: pdf_file([[], []]), "scanned"),
    "macros.docx": (with_macros, "macros"),
    "macros.docm": (lambda: written("policy.docx"), "macros"),
    "bomb.docx": (bomb, "5 MB"),
    "entities.docx": (entities, "damaged"),
    "large.txt": (lambda: b"a " * 3_000_000, "5 MB"),
    "manual.txt": (LONG_MANUAL.encode, "300"),
    "manual.pdf": (
        lambda: pdf_file([["A page of a manual, with some words on it."]] * 301),
        "300",
    ),
    "welsh.txt": (lambda: WELSH.encode() * 3, "Welsh"),
    "empty.docx": (lambda: b"", "empty"),
    "short.txt": (lambda: b"Escalation policy", "too little"),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 900, "cannot read this kind"),
    "picture.png": (lambda: b"\x89PNG\r\n" + b"x" * 900, "cannot read this kind"),
    "book.xlsx": (lambda: b"PK\x05\x06" + b"\0" * 18, "not a Word document"),
    "torn.docx": (lambda: written("policy.docx")[:2000], "damaged"),
    "torn.pdf": (lambda: b"%PDF-1.7\n" + b"x" * 900, "damaged"),
    "binary.txt": (lambda: b"\x00\xff\xfe\x81" * 300, "damaged"),
}


@pytest.mark.long
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_in_plain_words(name: str) -> None:
    """The sentence says what is wrong and what to do, without a word of programming."""
    content, said = REFUSED[name]
    with pytest.raises(UnreadableText) as refused:
        draft_from(content(), name)
    assert said in str(refused.value)
    assert not any(word in str(refused.value) for word in ("Error", "xml", "zip", "bytes"))


def test_a_text_in_two_languages_is_read_and_told() -> None:
    """The English part is read, and the keeper hears of the other."""
    draft = draft_from((KELDER + "\n\n" + WELSH * 2).encode(), "both.txt")
    assert any("Welsh" in trouble for trouble in draft.troubles)
    assert any(p.kind is Kind.stage for p in draft.proposals)


def damaged(content: bytes, chance: Random) -> bytes:
    """Return a file with bytes changed, lost and put in."""
    torn = bytearray(content)
    for _ in range(chance.randint(1, 30)):
        at = chance.randrange(len(torn))
        kind = chance.random()
        if kind < 0.5:
            torn[at] = chance.randrange(256)
        elif kind < 0.75:
            del torn[at : at + chance.randint(1, 60)]
        else:
            torn[at:at] = chance.randbytes(chance.randint(1, 20))
    return bytes(torn)


@pytest.mark.long
@pytest.mark.parametrize("name", ["policy.docx", "policy.pdf", "policy.html", "policy.txt"])
def test_a_damaged_file_is_read_or_refused_and_breaks_nothing(name: str) -> None:
    """Whatever is uploaded, the keeper gets a draft or a sentence."""
    chance = Random(name)  # noqa: S311 - the same damage in every run
    refused = []
    for _ in range(40):
        try:
            draft_from(damaged(written(name), chance), name)
        except UnreadableText as told:
            refused.append(str(told))
    assert refused
    assert all(told.endswith((".", "?")) for told in refused)


def test_a_pdf_with_a_fault_is_read_and_nothing_of_it_is_printed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The library finds its way round a wrong table of contents by itself."""
    whole = written("policy.pdf")
    broken = whole[: whole.rindex(b"startxref")] + b"startxref\n12\n%%EOF\n"
    assert draft_from(broken, "policy.pdf").title == TITLE
    assert caplog.records == []
