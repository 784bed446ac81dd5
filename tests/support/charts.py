"""Charts of Word files: each is a picture with its text, and what can be seen in it."""

from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from docx import Document
from docx.opc.part import Part
from docx.oxml.ns import qn
from lxml import etree
from PIL import Image

from tests.support.documents import document_xml

BLUE = (0x1D, 0x70, 0xB8)
"""Of the first of a row's bars."""


class Picture(NamedTuple):
    """One picture: its alternative text, its size on the page, and the file it is."""

    told: str
    wide: int
    high: int
    png: bytes
    element: etree._Element
    part: Part


def charts(docx: bytes) -> list[Picture]:
    """Return every picture of a Word file, in the order in which it is shown."""
    parts = Document(BytesIO(docx)).part.related_parts
    found = []
    for inline in document_xml(docx).iter(qn("wp:inline")):
        part = parts[inline.find(f".//{qn('a:blip')}").get(qn("r:embed"))]
        told, extent = inline.find(qn("wp:docPr")).get("descr"), inline.find(qn("wp:extent"))
        size = int(extent.get("cx")), int(extent.get("cy"))
        found.append(Picture(told, *size, part.blob, inline, part))
    return found


def solid_bars(png: bytes) -> list[int]:
    """Return the lengths in dots of the solid bars of a picture, from the top, its key first."""
    dots = np.asarray(Image.open(BytesIO(png)).convert("RGB"))
    lengths = (dots == BLUE).all(axis=2).sum(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], lengths > 0, [0]))))
    return [int(lengths[begin:end].max()) for begin, end in edges.reshape(-1, 2)]


def greys(png: bytes) -> Any:
    """Return a picture's dots as shades of grey, 0 for black."""
    return np.asarray(Image.open(BytesIO(png)).convert("L"))
