"""A page as a Word file for screen readers too: real headings, tagged tables, en-GB.

The bytes depend on the page and the day alone: no clock is read, and the archive has fixed times.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import nsmap, qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

from bot.documents.bars import WIDTH_CM as PICTURE_CM
from bot.documents.bars import bars_png
from bot.documents.page import (
    Bars,
    Box,
    Bullets,
    Heading,
    Marks,
    Page,
    PageGap,
    PageTable,
    Paragraph,
    Part,
    Strong,
    Text,
)
from bot.documents.plain import clean_text, one_line

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE = "en-GB"
CURRENT_WORD = "15"
AUTHOR = "Escalation Guide"
FONT = "Arial"
INK = RGBColor(0x0B, 0x0C, 0x0C)
HEADER_SHADE = "F3F2F1"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can hold."""
SIZES = {False: (11, 18, 13, 9.5), True: (8.5, 14, 10, 7.5)}
"""Sizes in points of text, title, headings and notes; True for a small page."""
MARGINS = {False: 2.0, True: 1.2}
WIDTH_CM, HEIGHT_CM = 21.0, 29.7
MOST_CM = 23.0
"""The greatest height of a picture, so that its sentence fits on the same page."""
TWIPS_PER_CM = 567
NAMES = {"w": nsmap["w"]}
W = f"{{{nsmap['w']}}}"
KEEP_BLANKS = "{http://www.w3.org/XML/1998/namespace}space"
HEADERS = {
    **dict.fromkeys(("firstRow", "firstColumn", "noVBand"), "1"),
    **dict.fromkeys(("lastRow", "lastColumn", "noHBand"), "0"),
}
"""Marks the first row and the first column of a table as headers."""
KEPT_STYLES = {
    *(
        "Normal",
        "Default Paragraph Font",
        "Normal Table",
        "No List",
        "Table Grid",
        "Footer",
    ),
    *("heading 1", "heading 2", "List Bullet", "Note", "Cell", "Gap"),
}
"""The template has 160 further styles, which would make a file four times as large."""
NOT_NEEDED = {"thumbnail", "stylesWithEffects", "customXml", "webSettings", "extended-properties"}
"""Parts of the template to leave out: a thumbnail without a description, and old copies."""


def word_file(page: Page, day: date, marks: Marks) -> bytes:
    """Return the page as the bytes of a .docx; `marks` says how open gaps are shown."""
    return _Writer(page, day, marks).bytes()


class _Writer:
    """Writes the body as XML, ten times as fast as through python-docx's objects."""

    def __init__(self, page: Page, day: date, marks: Marks) -> None:
        self.page = page
        self.marks = marks
        blank, self.ids = _blank(small=page.small)
        self.document: Any = Document(BytesIO(blank))
        properties = self.document.core_properties
        properties.title = one_line(page.title)
        properties.created = properties.modified = datetime.combine(day, time())

    def bytes(self) -> bytes:
        """Write every block and return the archive."""
        body = self.document.element.body
        paper = body[-1]
        for element in self._elements():
            paper.addprevious(element)
        if not self.page.small:
            footer = self.document.sections[0].footer.paragraphs[0]._p  # noqa: SLF001 - the XML
            footer.getparent().replace(footer, self._page_number())
        saved = BytesIO()
        self.document.save(saved)
        return _same_each_time(saved.getvalue())

    def _elements(self) -> Iterator[Any]:
        yield self._paragraph("heading 1", (self.page.title,))
        for block in self.page.blocks:
            if isinstance(block, Heading):
                yield self._paragraph(f"heading {block.level}", (one_line(block.text),))
            elif isinstance(block, Paragraph):
                style = "Note" if block.note else "Normal"
                yield self._paragraph(style, block.text, leads=block.leads)
            elif isinstance(block, Bullets):
                yield from (self._paragraph("List Bullet", item) for item in block.items)
            else:
                if block.bars:
                    yield self._picture(block.bars)
                yield self._table(block)

    def _paragraph(self, style: str, text: Text, *, leads: bool = False) -> Any:
        runs = [self._run(part) for part in text]
        look = [_w("pStyle", val=self.ids[style]), *([_w("keepNext")] if leads else [])]
        return _w("p", _w("pPr", *look), *runs)

    def _run(self, part: Part) -> Any:
        if isinstance(part, PageGap):
            look = _w("rPr", _w("rStyle", val=self.ids["Gap"]))
            return _w("r", look, *_words(one_line(self.marks.show(part))))
        if isinstance(part, Strong):
            return _w("r", _w("rPr", _w("b")), *_words(clean_text(part.text)))
        if isinstance(part, Box):
            return _w("r", *_words(f"☐ {one_line(part.label)}"))
        return _w("r", *_words(clean_text(part)))

    def _table(self, table: PageTable) -> Any:
        """Return a table with its caption and with its headers marked."""
        room = (WIDTH_CM - 2 * MARGINS[self.page.small]) * TWIPS_PER_CM
        widths = [str(round(room * share / sum(table.shares))) for share in table.shares]
        above = "0" if self.page.small else "50"
        room_within = {"top": above, "left": "100", "bottom": above, "right": "100"}
        properties = _w(
            "tblPr",
            _w("tblStyle", val=self.ids["Table Grid"]),
            _w("tblW", w=str(sum(map(int, widths))), type="dxa"),
            _w("tblLayout", type="fixed"),
            _w("tblCellMar", *(_w(at, w=size, type="dxa") for at, size in room_within.items())),
            _w("tblLook", val="00A0", **HEADERS),
            _w("tblCaption", val=one_line(table.caption)),
            _w("tblDescription", val=one_line(", ".join(table.header))),
        )
        header = [
            self._cell((Strong(name),), width, shaded=True, leads=table.bars is not None)
            for name, width in zip(table.header, widths, strict=True)
        ]
        # A row that leads stays on the page of the next: the table begins on the chart's page, and
        # may go on, under its header, on the next.
        last = 1 if table.bars and len(table.rows) > 1 else 0
        rows = [
            [
                self._cell(text, width, leads=at < last)
                for text, width in zip(texts, widths, strict=True)
            ]
            for at, texts in enumerate((_strong(row[0]), *row[1:]) for row in table.rows)
        ]
        return _w(
            "tbl",
            properties,
            _w("tblGrid", *(_w("gridCol", w=width) for width in widths)),
            _w("tr", _w("trPr", _w("tblHeader")), *header),
            *(_w("tr", *cells) for cells in rows),
        )

    def _cell(self, text: Text, width: str, *, shaded: bool = False, leads: bool = False) -> Any:
        """Return a cell with a paragraph for each line of its text."""
        look = [_w("tcW", w=width, type="dxa"), *([_shading()] if shaded else [])]
        lines = (self._paragraph("Cell", line, leads=leads) for line in _lines(text))
        return _w("tc", _w("tcPr", *look), *lines)

    def _picture(self, bars: Bars) -> Any:
        """Return a paragraph with the chart, kept on the page of its table."""
        part = self.document.part
        image = BytesIO(bars_png(bars))
        inline = part.new_pic_inline(image, width=Cm(PICTURE_CM))
        if inline.extent.cy > Cm(MOST_CM):
            inline = part.new_pic_inline(image, height=Cm(MOST_CM))
        inline.docPr.set("descr", bars.alt_text)
        return _w("p", _w("pPr", _w("keepNext")), _w("r", _w("drawing", inline)))

    def _page_number(self) -> Any:
        title = self._run(f"{one_line(self.page.title)}, page ")
        field = _w("fldSimple", self._run("1"), instr="PAGE")
        return _w("p", _w("pPr", _w("pStyle", val=self.ids["Note"])), title, field)


def _w(tag: str, *children: Any, **attributes: str) -> Any:
    """Return an element of a Word document with its attributes and what is in it."""
    named = {f"{W}{name}": value for name, value in attributes.items()}
    element = etree.Element(f"{W}{tag}", named, nsmap=NAMES)
    element.extend(children)
    return element


def _words(text: str) -> list[Any]:
    """Return a text as elements; it holds a line break for each of its newlines."""
    elements: list[Any] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            elements.append(_w("br"))
        words = _w("t")
        words.text = line
        words.set(KEEP_BLANKS, "preserve")
        elements.append(words)
    return elements


def _shading() -> Any:
    return _w("shd", val="clear", color="auto", fill=HEADER_SHADE)


def _lines(text: Text) -> list[Text]:
    """Return a text by its lines; blank lines are left out."""
    lines: list[list[Part]] = [[]]
    for part in text:
        if isinstance(part, PageGap):
            lines[-1].append(part)
            continue
        if isinstance(part, Box):
            # Each box has a line of its own.
            lines.append([part])
            continue
        words = part.text if isinstance(part, Strong) else part
        first, *others = clean_text(words).split("\n")
        for number, piece in enumerate([first, *others]):
            if number:
                lines.append([])
            if piece.strip():
                lines[-1].append(Strong(piece) if isinstance(part, Strong) else piece)
    return [tuple(line) for line in lines if line] or [("",)]


def _strong(text: Text) -> Text:
    """Return a row's header in bold, but for the help on its further lines."""
    first, *others = _lines(text)
    strong = tuple(Strong(part) if isinstance(part, str) else part for part in first)
    return (*strong, *(part for line in others for part in ("\n", *line)))


@cache
def _blank(*, small: bool) -> tuple[bytes, dict[str, str]]:
    """Return an empty document with paper, language and styles set, and each style's id."""
    document: Any = Document()
    properties = document.core_properties
    properties.author = properties.last_modified_by = AUTHOR
    properties.comments = ""
    properties.language = LANGUAGE
    properties.revision = 1
    for owner in (document.part.package, document.part):
        for name, relation in list(owner.rels.items()):
            if relation.reltype.rpartition("/")[2] in NOT_NEEDED:
                del owner.rels[name]
    section = document.sections[0]
    section.page_width, section.page_height = Cm(WIDTH_CM), Cm(HEIGHT_CM)
    margin = Cm(MARGINS[small])
    section.left_margin = section.right_margin = margin
    section.top_margin = section.bottom_margin = margin
    section.footer_distance = Cm(0.8)
    settings = document.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), LANGUAGE)
    # Without it Word opens the file in a mode for old versions, and says so in its title.
    settings.find(f".//{qn('w:compatSetting')}").set(qn("w:val"), CURRENT_WORD)
    ids = _set_styles(document.styles, small=small)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue(), ids


def _set_styles(styles: Any, *, small: bool) -> dict[str, str]:
    """Set the styles that are used, take the others out, and return the ids by name."""
    language = styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    for kind in ("w:val", "w:eastAsia"):
        language.set(qn(kind), LANGUAGE)
    for name in ("Note", "Cell"):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    gap = styles.add_style("Gap", WD_STYLE_TYPE.CHARACTER)
    gap.element.get_or_add_rPr().append(_shading())
    text, title, heading, note = SIZES[small]
    for name, size, after, bold in (
        ("Normal", text, 4, False),
        ("Heading 1", title, 6, True),
        ("Heading 2", heading, 3, True),
        ("List Bullet", text, 2, False),
        ("Note", note, 3, False),
        ("Cell", text, 0, False),
    ):
        # Some room above as well: a paragraph may follow a table, which leaves none below it.
        before = after * (3 if bold else 1)
        tight = 0.5 if small else 1.0
        _set_style(styles[name], size, (before * tight, after * tight), bold=bold)
        styles[name].paragraph_format.line_spacing = 1.0 if small else 1.1
    for element in list(styles.element.style_lst):
        if element.name_val not in KEPT_STYLES:
            styles.element.remove(element)
    kept = {element.styleId for element in styles.element.style_lst}
    for link in styles.element.findall(f".//{qn('w:link')}"):
        if link.get(qn("w:val")) not in kept:
            link.getparent().remove(link)
    return {element.name_val: element.styleId for element in styles.element.style_lst}


def _set_style(style: Any, size: float, room: tuple[float, float], *, bold: bool) -> None:
    style.font.name = FONT
    style.font.size = Pt(size)
    style.font.color.rgb = INK
    style.font.bold = bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(kind), None)
    for kind in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)
    paragraph = style.paragraph_format
    paragraph.space_before, paragraph.space_after = Pt(room[0]), Pt(room[1])
    paragraph.keep_with_next = bold


def _same_each_time(archive: bytes) -> bytes:
    """Return a zip archive with its times, systems and rights set to fixed values."""
    again = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(archive)) as made,
        zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as fixed,
    ):
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0
            fixed.writestr(entry, made.read(name))
    return again.getvalue()
