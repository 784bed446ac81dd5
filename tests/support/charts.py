"""Charts of Word files, read back by a program of others that knows charts."""

from io import BytesIO
from typing import Any, NamedTuple

from docx import Document
from lxml import etree
from openpyxl.chart.chartspace import ChartSpace
from openpyxl.xml.functions import fromstring

from tests.support.documents import document_xml

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


class Read(NamedTuple):
    """One chart: its bars by name and row, how each name's look, and what stands in its place."""

    names: list[str]
    rows: list[str]
    bars: dict[tuple[str, str], int]
    looks: list[tuple[str, int | None]]
    told: str
    high: int
    element: etree._Element
    part: Any


def charts(docx: bytes) -> list[Read]:
    """Return every chart of a Word file, in the order in which it is shown."""
    parts = Document(BytesIO(docx)).part.related_parts
    return [_read(inline, parts) for inline in document_xml(docx).iter(f"{WP}inline")]


def _read(inline: etree._Element, parts: Any) -> Read:
    chart = parts[inline.find(f".//{C}chart").get(f"{R}id")]
    # openpyxl keeps the charts of an area under a name of its own.
    (drawn,) = ChartSpace.from_tree(fromstring(chart.blob)).chart.plotArea._charts  # noqa: SLF001
    rows = [one.v for one in drawn.ser[0].cat.strLit.pt]
    bars = {
        (series.tx.v, rows[one.idx]): int(one.v)
        for series in drawn.ser
        for one in series.val.numLit.pt
    }
    fills = [one.spPr.pattFill.prst if one.spPr.pattFill else _shade(one) for one in drawn.ser]
    lines = [one.spPr.ln.w for one in drawn.ser]
    return Read(
        names=[one.tx.v for one in drawn.ser],
        rows=rows,
        bars=bars,
        looks=list(zip(fills, lines, strict=True)),
        told=inline.find(f"{WP}docPr").get("descr"),
        high=int(inline.find(f"{WP}extent").get("cy")),
        element=inline,
        part=chart,
    )


def _shade(series: Any) -> str:
    """Whether a bar is full or empty, as it is seen without colour."""
    return "empty" if series.spPr.solidFill.srgbClr == "FFFFFF" else "full"
