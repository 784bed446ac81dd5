"""The numbers that Word counts by itself: "2.1" and "Stage 2:" stand in no paragraph's text."""

import re
from collections.abc import Iterator

import docx.document
import lxml.etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
LEVEL = re.compile(r"%([1-9])")
DEEPEST = 9


class Numbering:
    """Counts a document's numbered paragraphs, in their order."""

    def __init__(self, document: docx.document.Document) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        root = part_of(document, "/numbering")
        if root is None:
            self._styles = {}
            return
        for shape in root.iter(f"{W}abstractNum"):
            levels = {int(_value(level, "ilvl")): _level(level) for level in shape.iter(f"{W}lvl")}
            self._levels[_value(shape, "abstractNumId")] = levels
        for used in root.iter(f"{W}num"):
            self._lists[_value(used, "numId")] = _value(used.find(f"{W}abstractNumId"), "val")
        self._styles = dict(_numbered_styles(document))

    def number_of(self, paragraph: lxml.etree._Element, style: str) -> str | None:
        """Return a paragraph's number as Word shows it, "" for a bullet, None without one."""
        told = paragraph.find(f"{W}pPr/{W}numPr")
        listed, depth = _list_of(told) if told is not None else self._styles.get(style, ("", 0))
        shape = self._lists.get(listed)
        levels = self._levels.get(shape or "", {})
        if shape is None or depth not in levels:
            return None
        counts = self._counts.setdefault(shape, [0] * DEEPEST)
        counts[depth] = (counts[depth] or levels[depth][2] - 1) + 1
        counts[depth + 1 :] = [0] * (DEEPEST - depth - 1)
        if levels[depth][0] in {"bullet", "none"}:
            return ""
        return LEVEL.sub(lambda found: _shown(levels, counts, int(found[1]) - 1), levels[depth][1])


def part_of(document: docx.document.Document, kind: str) -> lxml.etree._Element | None:
    """Return another part of a document, such as its footnotes, or None."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith(kind) and not relation.is_external:
            safe = lxml.etree.XMLParser(resolve_entities=False)
            return lxml.etree.fromstring(relation.target_part.blob, safe)
    return None


def _value(element: lxml.etree._Element | None, name: str) -> str:
    return "" if element is None else str(element.get(f"{W}{name}", ""))


def _level(level: lxml.etree._Element) -> tuple[str, str, int]:
    start = _value(level.find(f"{W}start"), "val")
    return (
        _value(level.find(f"{W}numFmt"), "val"),
        _value(level.find(f"{W}lvlText"), "val"),
        int(start) if start.isdigit() else 1,
    )


def _list_of(told: lxml.etree._Element) -> tuple[str, int]:
    depth = _value(told.find(f"{W}ilvl"), "val")
    return _value(told.find(f"{W}numId"), "val"), min(int(depth or 0), DEEPEST - 1)


def _numbered_styles(document: docx.document.Document) -> Iterator[tuple[str, tuple[str, int]]]:
    for style in document.styles:
        told = style.element.find(f"{W}pPr/{W}numPr")
        if told is not None:
            yield style.style_id, _list_of(told)


def _shown(levels: dict[int, tuple[str, str, int]], counts: list[int], depth: int) -> str:
    form, _, start = levels.get(depth, ("decimal", "", 1))
    count = counts[depth] or start
    letters = "abcdefghijklmnopqrstuvwxyz"
    if form.endswith("Letter"):
        said = letters[(count - 1) % len(letters)]
    elif form.endswith("Roman"):
        said = ROMAN[(count - 1) % len(ROMAN)]
    else:
        return str(count)
    return said.upper() if form.startswith("upper") else said
