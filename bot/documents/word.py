"""A page as a Word file that a screen reader can read: real headings, tagged tables, en-GB.

Bytes depend on the page and the day alone: no clock, and an archive without times of its own.
"""

import zipfile
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from bot.documents.page import (
    Block,
    Bullets,
    Gap,
    Heading,
    Marks,
    Page,
    Paragraph,
    Strong,
    Table,
    Text,
)
from bot.documents.plain import one_line, plain

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE = "en-GB"
AUTHOR = "Escalation Guide"
FONT = "Arial"
INK = RGBColor(0x0B, 0x0C, 0x0C)
HEADER_SHADE = "F3F2F1"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip archive can hold."""
SIZES = {False: (11, 18, 13, 9.5), True: (8.5, 14, 10, 7.5)}
"""Points for text, title, headings and notes; True for a page that is set small."""
MARGINS = {False: 2.0, True: 1.2}
WIDTH_CM = 21.0
KEPT_STYLES = {
    *("Normal", "Default Paragraph Font", "Normal Table", "No List", "Table Grid", "Footer"),
    *("heading 1", "heading 2", "List Bullet", "Note", "Cell", "Gap"),
}
"""The template brings 160 styles more, which make a file four times as large."""


def word_file(page: Page, day: date, marks: Marks) -> bytes:
    """Return the page as the bytes of a .docx; open gaps are shown as `marks` says."""
    return _Writer(page, day, marks).bytes()


class _Writer:
    def __init__(self, page: Page, day: date, marks: Marks) -> None:
        self.page = page
        self.marks = marks
        self.document: Any = Document()
        self.text, self.title, self.heading, self.note = SIZES[page.small]
        self._set_up(day)

    def bytes(self) -> bytes:
        """Write every block and return the archive."""
        self.document.add_paragraph(one_line(self.page.title), style="Heading 1")
        for block in self.page.blocks:
            self._block(block)
        saved = BytesIO()
        self.document.save(saved)
        return _same_each_time(saved.getvalue())

    # -- What holds for the whole document --

    def _set_up(self, day: date) -> None:
        properties = self.document.core_properties
        made = datetime.combine(day, time())
        properties.title = one_line(self.page.title)
        properties.author = properties.last_modified_by = AUTHOR
        properties.comments = ""
        properties.language = LANGUAGE
        properties.created = properties.modified = made
        properties.revision = 1
        # The template brings a picture of itself, which no reader can describe.
        package = self.document.part.package
        for name, relation in list(package.rels.items()):
            if relation.reltype.endswith("/thumbnail"):
                del package.rels[name]
        self._styles()
        self._paper()

    def _styles(self) -> None:
        styles = self.document.styles
        language = styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
        for kind in ("w:val", "w:eastAsia"):
            language.set(qn(kind), LANGUAGE)
        sizes = {
            "Normal": (self.text, 4, False),
            "Heading 1": (self.title, 6, True),
            "Heading 2": (self.heading, 3, True),
            "List Bullet": (self.text, 2, False),
        }
        for name, (size, after, bold) in sizes.items():
            self._style(styles[name], size, after, bold=bold)
        self._style(styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH), self.note, 3, bold=False)
        self._style(styles.add_style("Cell", WD_STYLE_TYPE.PARAGRAPH), self.text, 0, bold=False)
        for name in ("Note", "Cell"):
            styles[name].base_style = styles["Normal"]
        gap = styles.add_style("Gap", WD_STYLE_TYPE.CHARACTER)
        gap.element.get_or_add_rPr().append(_shading())
        self.ids = {style.name: style.style_id for style in styles}
        for element in list(styles.element.style_lst):
            if element.name_val not in KEPT_STYLES:
                styles.element.remove(element)

    def _style(self, style: Any, size: float, after: float, *, bold: bool) -> None:
        tight = 0.5 if self.page.small else 1.0
        style.font.name = FONT
        style.font.size = Pt(size)
        style.font.color.rgb = INK
        style.font.bold = bold
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
        for kind in ("w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), FONT)
        format_ = style.paragraph_format
        format_.space_after = Pt(after * tight)
        # Some room above as well: a paragraph may follow a table, which leaves none below it.
        before = after * (3 if bold else 1)
        format_.space_before = Pt(before * tight)
        format_.line_spacing = 1.0 if self.page.small else 1.1
        format_.keep_with_next = bold

    def _paper(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(WIDTH_CM), Cm(29.7)
        margin = Cm(MARGINS[self.page.small])
        section.left_margin = section.right_margin = margin
        section.top_margin = section.bottom_margin = margin
        section.footer_distance = Cm(0.8)
        if not self.page.small:
            self._page_number(section.footer.paragraphs[0])

    def _page_number(self, paragraph: Any) -> None:
        paragraph._p.style = self.ids["Note"]  # noqa: SLF001 - by name it is slow
        paragraph.add_run(f"{one_line(self.page.title)}, page ")
        run = paragraph.add_run()
        for kind, code in (("begin", None), (None, "PAGE"), ("separate", None)):
            _field_part(run, kind, code)
        run.add_text("1")
        _field_part(run, "end", None)

    # -- Blocks --

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.document.add_paragraph(one_line(block.text), style=f"Heading {block.level}")
        elif isinstance(block, Paragraph):
            style = "Note" if block.note else "Normal"
            self._write(self.document.add_paragraph(style=style), block.text)
        elif isinstance(block, Bullets):
            for item in block.items:
                self._write(self.document.add_paragraph(style="List Bullet"), item)
        else:
            self._table(block)

    def _table(self, table: Table) -> None:
        drawn = self.document.add_table(rows=0, cols=len(table.header), style="Table Grid")
        drawn.autofit = False
        _describe(drawn, one_line(table.caption), ", ".join(table.header), small=self.page.small)
        room = WIDTH_CM - 2 * MARGINS[self.page.small]
        widths = [Cm(room * share / sum(table.shares)) for share in table.shares]
        header = drawn.add_row()
        _child(header._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001 - no other way in
        for cell, name in zip(header.cells, table.header, strict=True):
            cell._tc.get_or_add_tcPr().append(_shading())  # noqa: SLF001 - no other way in
            self._fill(cell, (Strong(name),))
        for row in table.rows:
            cells = drawn.add_row().cells
            self._fill(cells[0], _strong(row[0]))
            for cell, text in zip(cells[1:], row[1:], strict=True):
                self._fill(cell, text)
        for column, width in zip(drawn.columns, widths, strict=True):
            column.width = width
            for cell in column.cells:
                cell.width = width

    def _fill(self, cell: Any, text: Text) -> None:
        """Write a text into a cell, a paragraph for each of its lines."""
        lines = _lines(text)
        for number, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph._p.style = self.ids["Cell"]  # noqa: SLF001 - by name it is slow
            self._write(paragraph, line)

    def _write(self, paragraph: Any, text: Text) -> None:
        for part in text:
            if isinstance(part, Gap):
                run = paragraph.add_run(one_line(self.marks.show(part)))
                run._r.style = self.ids["Gap"]  # noqa: SLF001 - by name it is slow
            elif isinstance(part, Strong):
                paragraph.add_run(plain(part.text)).bold = True
            else:
                paragraph.add_run(plain(part))


def _lines(text: Text) -> list[Text]:
    """Return a text by its lines; blank lines are left out."""
    lines: list[list[Any]] = [[]]
    for part in text:
        if isinstance(part, Gap):
            lines[-1].append(part)
            continue
        words = part.text if isinstance(part, Strong) else part
        first, *others = plain(words).split("\n")
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


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _child(parent: Any, tag: str, **attributes: str) -> Any:
    element = _element(tag, **attributes)
    parent.append(element)
    return element


def _describe(table: Any, caption: str, columns: str, *, small: bool) -> None:
    """Give a table its alternative text, and say that its first row and column are headers."""
    properties = table._tbl.tblPr  # noqa: SLF001 - no other way in
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        properties.remove(look)
    above = 0 if small else 50
    padding = _child(properties, "w:tblCellMar")
    for side, twips in (("top", above), ("left", 100), ("bottom", above), ("right", 100)):
        _child(padding, f"w:{side}", w=str(twips), type="dxa")
    _child(
        properties,
        "w:tblLook",
        val="00A0",
        firstRow="1",
        lastRow="0",
        firstColumn="1",
        lastColumn="0",
        noHBand="0",
        noVBand="1",
    )
    _child(properties, "w:tblCaption", val=caption)
    _child(properties, "w:tblDescription", val=columns)


def _shading() -> Any:
    return _element("w:shd", val="clear", color="auto", fill=HEADER_SHADE)


def _field_part(run: Any, kind: str | None, code: str | None) -> None:
    """Add a piece of a field, such as the page number, to a run."""
    if code is None:
        _child(run._r, "w:fldChar", fldCharType=str(kind))  # noqa: SLF001 - no other way in
        return
    instruction = _child(run._r, "w:instrText")  # noqa: SLF001 - no other way in
    instruction.text = code


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
