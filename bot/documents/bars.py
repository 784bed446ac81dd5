"""The bars of a table as a chart of Word's own: letters as letters, sharp at any size.

The chart holds its numbers in itself, without a workbook behind them. They are the table's, and a
number that is not shown is not in it.
"""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, nsmap, qn
from docx.parts.document import DocumentPart
from docx.shared import Cm

from bot.documents.page import Bars

WIDTH_CM, MOST_CM = 17.0, 23.0
"""As wide as the text; at most as high as a page has room for."""
BAR_CM, GAP_CM, LINE_CM, KEY_CM = 0.42, 0.3, 0.45, 0.9
"""A bar, the room between rows, a line of a name, and the names of the bars above them all."""
NAMES, DRAWN = 0.38, 0.53
"""What of the width is for names and for the longest bar; the rest is for the number behind it."""
LETTERS = 34
"""Letters that fit on a line of a name."""
INK, PAPER, NOW, BEFORE = "0B0C0C", "FFFFFF", "1D70B8", "505A5F"
POINTS = 10
THIN, THICK = 9525, 19050
"""The lines around bars, in the file's units."""


def _colour(of: str) -> str:
    return f'<a:srgbClr val="{of}"/>'


def _solid(of: str) -> str:
    return f"<a:solidFill>{_colour(of)}</a:solidFill>"


def _pattern(name: str, of: str) -> str:
    return (
        f'<a:pattFill prst="{name}"><a:fgClr>{_colour(of)}</a:fgClr>'
        f"<a:bgClr>{_colour(PAPER)}</a:bgClr></a:pattFill>"
    )


def _line(of: str, wide: int = THIN) -> str:
    return f'<a:ln w="{wide}">{_solid(of)}</a:ln>'


LOOKS = (
    _solid(NOW) + _line(NOW),
    _pattern("wdUpDiag", BEFORE) + _line(BEFORE),
    _solid(PAPER) + _line(INK, THICK),
    _pattern("pct25", INK) + _line(INK),
)
"""Of a row's bars, one after the other: none needs its colour to be told from the others."""
NONE = "<a:noFill/><a:ln><a:noFill/></a:ln>"
LETTERING = (
    f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{POINTS * 100}">{_solid(INK)}'
    '<a:latin typeface="Arial"/></a:defRPr></a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>'
)
LABELS = (
    f'<c:dLbls><c:spPr>{NONE}</c:spPr>{LETTERING}<c:dLblPos val="outEnd"/>'
    '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
)
# The axis of names begins at the bottom unless it is turned round.
AXES = (
    '<c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling>'
    '<c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>'
    '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
    f"<c:spPr>{_line(BEFORE)}</c:spPr>{LETTERING}"
    '<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
    '<c:lblOffset val="100"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx><c:valAx>'
    '<c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:max val="{most}"/><c:min val="0"/>'
    '</c:scaling><c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="0" sourceLinked="0"/>'
    '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/>'
    '<c:crossAx val="1"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'
)
CHART = (
    f'<c:chartSpace {nsdecls("c", "a")}><c:date1904 val="0"/><c:lang val="en-GB"/>'
    '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout>'
    '<c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
    f'<c:x val="{NAMES}"/><c:y val="{{top:.4f}}"/><c:w val="{DRAWN}"/><c:h val="{{high:.4f}}"/>'
    '</c:manualLayout></c:layout><c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/>'
    f'<c:varyColors val="0"/>{{bars}}<c:gapWidth val="{round(100 * GAP_CM / BAR_CM)}"/>{AXES}'
    f"<c:spPr>{NONE}</c:spPr></c:plotArea>"
    f'<c:legend><c:legendPos val="t"/><c:overlay val="0"/>{LETTERING}</c:legend>'
    '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
    f"<c:spPr>{_solid(PAPER)}<a:ln><a:noFill/></a:ln></c:spPr></c:chartSpace>"
)
INLINE = (
    f"<w:p {nsdecls('w', 'wp', 'a', 'c', 'r')}><w:pPr><w:keepNext/></w:pPr><w:r><w:drawing>"
    '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
    '<wp:docPr id="{number}" name="Chart {number}"/><wp:cNvGraphicFramePr/>'
    f'<a:graphic><a:graphicData uri="{nsmap["c"]}"><c:chart r:id="{{id}}"/>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)


def drawn(bars: Bars, number: int, document: DocumentPart) -> Any:
    """Add the `number`th chart of a document to it, and return the paragraph that shows it."""
    height = _height(bars)
    at = PackURI(f"/word/charts/chart{number}.xml")
    chart = Part(at, CONTENT_TYPE.DML_CHART, _chart(bars, height), document.package)
    related = document.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    shown = INLINE.format(width=Cm(WIDTH_CM), height=Cm(height), number=number, id=related)
    paragraph = parse_xml(shown)
    paragraph.find(f".//{qn('wp:docPr')}").set("descr", bars.told)
    return paragraph


def _height(bars: Bars) -> float:
    """Return the chart's height in cm: each row as high as its name or its bars."""
    beside = BAR_CM * len(bars.names)
    rows = (max(beside, LINE_CM * len(wrap(name, LETTERS))) + GAP_CM for name, _ in bars.rows)
    return min(KEY_CM + sum(rows), MOST_CM)


def _chart(bars: Bars, height: float) -> bytes:
    """Return the chart's part of the file."""
    most = max((count or 0 for _, counts in bars.rows for count in counts), default=0)
    top = KEY_CM / height
    xml = CHART.format(bars="".join(_series(bars)), top=top, high=1 - top, most=max(most, 1))
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}'.encode()


def _series(bars: Bars) -> Iterator[str]:
    """Yield the bars of each look: their name, the names of the rows, and the numbers shown."""
    rows = _points(enumerate(name for name, _ in bars.rows))
    many = f'<c:ptCount val="{len(bars.rows)}"/>'
    for at, (name, look) in enumerate(zip(bars.names, bars.looks, strict=False)):
        counts = ((row, counts[at]) for row, (_, counts) in enumerate(bars.rows))
        shown = _points((row, str(count)) for row, count in counts if count is not None)
        yield (
            f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:v>{escape(name)}</c:v></c:tx>'
            f'<c:spPr>{LOOKS[look]}</c:spPr><c:invertIfNegative val="0"/>{LABELS}'
            f"<c:cat><c:strLit>{many}{rows}</c:strLit></c:cat><c:val><c:numLit>"
            f"<c:formatCode>General</c:formatCode>{many}{shown}</c:numLit></c:val></c:ser>"
        )


def _points(of: Iterable[tuple[int, str]]) -> str:
    return "".join(f'<c:pt idx="{at}"><c:v>{escape(one)}</c:v></c:pt>' for at, one in of)
