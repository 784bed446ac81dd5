"""Reads a policy file as plain values, and finds the line of a problem.

It looks lines up only after a problem: a good file costs nothing extra.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.core.policy.checks import Problem
from bot.core.text import shorten

DEEPEST = 20
"""Levels. No key of a policy is deeper than eight."""
LARGEST = 1_000_000
"""Bytes. The longest policy so far has 25,000."""
MAYBE_AN_ANCHOR = re.compile(r"(?:^|[\s\[{,:?])[&*][\w-]")
TEMPLATE = "a file like policies/template/partnership.yml"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
YAML = "YAML in UTF-8"
PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,8})")
CUT = re.compile(
    r"^[ -]*(?:what|source|quote|role|post|name|title|label|question|send_to|because|or_sooner|"
    r"partnership|short_name|address|contact|contact_source|rule|case): +"
    r"(?P<read>[^\s\"'|>#{\[][^\n]*?) +#",
    re.MULTILINE,
)
"""A text without quotation marks that a # cuts short."""
IN_PLAIN_WORDS = {
    "mapping values are not allowed": "quotation marks around a text with a colon in it",
    "while scanning a plain scalar": "quotation marks around a text with such signs in it",
    "while scanning a quoted scalar": "the closing quotation mark of the text",
    "while scanning a simple key": "a key with a colon and a blank after it, such as what:",
    "while parsing a block mapping": "a key that is indented like those beside it",
    "while parsing a block collection": "a dash that is indented like those beside it",
    "while scanning for the next token": "quotation marks around a text with such a sign",
    "while parsing a flow": "a comma or the closing bracket",
}
"""What would be right where YAML stops, by how its own message begins."""
KEY_PARTS = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


class PolicyError(Exception):
    """Policy files are wrong. `problems` holds every problem of every file."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class _YamlReader(yaml.CSafeLoader):
    """Reads YAML, reports repeated keys and leaves all but true, false and whole numbers as text.

    Plain YAML keeps the last of two equal keys, and reads 2.10 as 2.1, 1:30 as 90, 010 as 8 and
    "no" as false. Dates are checked with the other values, so that 31 February is reported with its
    key.
    """

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.repeated: list[tuple[str, int]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML fixes the signature.
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                self.repeated.append((str(key.value), key.start_mark.line + 1))
            elif isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)

    def construct_as_written(self, node: yaml.ScalarNode) -> str:
        """Return a date, or a number with a point, as its text."""
        return str(node.value)

    def construct_number(self, node: yaml.ScalarNode) -> int | str:
        """Return a whole number as people write it, and anything else as its text."""
        return int(node.value) if PLAIN_NUMBER.fullmatch(node.value) else str(node.value)

    def construct_truth(self, node: yaml.ScalarNode) -> bool | str:
        """Return true or false; yes, no, on and off are words."""
        return {"true": True, "false": False}.get(node.value.lower(), str(node.value))


_YamlReader.add_constructor("tag:yaml.org,2002:timestamp", _YamlReader.construct_as_written)
_YamlReader.add_constructor("tag:yaml.org,2002:float", _YamlReader.construct_as_written)
_YamlReader.add_constructor("tag:yaml.org,2002:int", _YamlReader.construct_number)
_YamlReader.add_constructor("tag:yaml.org,2002:bool", _YamlReader.construct_truth)


_KEPT = {f"tag:yaml.org,2002:{name}" for name in ("str", "timestamp", "float")}
_READ: Mapping[str, Callable[[_YamlReader, yaml.ScalarNode], Any]] = {
    "tag:yaml.org,2002:int": _YamlReader.construct_number,
    "tag:yaml.org,2002:bool": _YamlReader.construct_truth,
    "tag:yaml.org,2002:null": lambda _reader, _node: None,
}
_LIST, _MAP = "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"


class _Unusual(Exception):
    """Something that is no plain text, number, list or mapping."""


class _Quick(_YamlReader):
    """Reads the same in half the time: all but plain values is left to PyYAML's own way."""

    def get_single_data(self) -> Any:
        """Return the document's values."""
        node = self.get_single_node()
        if node is None:
            return None
        try:
            return self._built(node)
        except _Unusual:
            self.repeated.clear()
            return self.construct_document(node)

    def _built(self, node: yaml.Node) -> Any:
        tag = node.tag
        if isinstance(node, yaml.ScalarNode):
            if tag in _KEPT:
                return node.value
            if tag in _READ:
                return _READ[tag](self, node)
        elif tag == _MAP:
            return self._mapping(node)
        elif tag == _LIST:
            return [self._built(entry) for entry in node.value]
        raise _Unusual

    def _mapping(self, node: yaml.Node) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Unusual
            if key.value in seen:
                self.repeated.append((key.value, key.start_mark.line + 1))
            seen.add(key.value)
            found[self._built(key)] = self._built(value)
        return found


class _Marker(_YamlReader):
    """Notes the line of every key and entry, by the object that holds it."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.lines: dict[int, dict[object, int]] = {}

    def construct_marked_map(self, node: yaml.MappingNode) -> Iterator[dict[Any, Any]]:
        """Return a mapping and note its lines."""
        data: dict[Any, Any] = {}
        yield data
        data.update(self.construct_mapping(node))
        self.lines[id(data)] = {key.value: key.start_mark.line + 1 for key, _ in node.value}

    def construct_marked_list(self, node: yaml.SequenceNode) -> Iterator[list[Any]]:
        """Return a list and note its lines."""
        data: list[Any] = []
        yield data
        data.extend(self.construct_sequence(node))
        self.lines[id(data)] = {
            at: entry.start_mark.line + 1 for at, entry in enumerate(node.value)
        }


_Marker.add_constructor("tag:yaml.org,2002:map", _Marker.construct_marked_map)
_Marker.add_constructor("tag:yaml.org,2002:seq", _Marker.construct_marked_list)


def read_plain(path: Path, *, anchors: bool = False) -> tuple[object, list[Problem]]:
    """Return a file as built-in values, and its repeated keys and cut texts. Raises PolicyError.

    With `anchors`, a text may stand for another one: in files that nobody signs.
    """
    text = _text(path)
    if not anchors and MAYBE_AN_ANCHOR.search(text):
        _refuse_anchors(path, text)
    try:
        reader = _Quick(text)
        plain = reader.get_single_data()
    except (yaml.YAMLError, RecursionError, TypeError, ValueError) as error:
        raise PolicyError([_torn(path, text, error)]) from error
    repeated = [
        Problem(path.name, key, "each key once", f"the key again in line {line}", line)
        for key, line in reader.repeated
    ]
    cut = _cut_short(path, text) if " #" in text else ()
    return plain, [*repeated, *cut]


def refuse_too_deep(path: Path, plain: object) -> None:
    """Raise PolicyError for a file that nobody could describe, so deep are its lists."""
    level: list[Any] = [plain] if isinstance(plain, dict | list) else []
    for _ in range(DEEPEST):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, dict | list)
        ]
    if level:
        raise PolicyError([_too_deep(path)])


def _too_deep(path: Path) -> Problem:
    return Problem(path.name, "(file)", TEMPLATE, "lists too deep inside each other")


def _cut_short(path: Path, text: str) -> Iterator[Problem]:
    for found in CUT.finditer(text):
        expected = (
            "quotation marks around a text with a # in it, or the remark on a line of its own"
        )
        told = f"only the text before the #: {found['read']}"
        line = text.count("\n", 0, found.start("read")) + 1
        yield Problem(path.name, "(file)", expected, told, line)


def read_marked(path: Path) -> tuple[object, dict[int, dict[object, int]]]:
    """Return a readable file as built-in values, with the lines of their keys."""
    marker = _Marker(_text(path))
    return marker.get_single_data(), marker.lines


def line_of(key: str, plain: object, lines: dict[int, dict[object, int]]) -> int | None:
    """Return the line of a key such as `stages[1].title`, or of its nearest existing parent."""
    line = None
    for index, name in KEY_PARTS.findall(key):
        part: object = int(index) if index else name.split(", ")[0]
        line = lines.get(id(plain), {}).get(part, line)
        try:
            plain = plain[part]  # type: ignore[index]  # anything may stand in a wrong file
        except (KeyError, IndexError, TypeError):
            break
    return line


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            told = f"{path.stat().st_size:,} bytes"
            raise PolicyError(
                [Problem(path.name, "(file)", f"a policy of at most {LARGEST:,} bytes", told)]
            )
        data = path.read_bytes()
    except OSError as error:
        told = error.strerror or str(error)
        raise PolicyError([Problem(path.name, "(file)", "a file to read", told)]) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = None if data[:2] in UTF_16 else data[: error.start].count(b"\n") + 1
        told = "UTF-16" if line is None else "a character in another encoding"
        told += ": save the file again as UTF-8"
        raise PolicyError([Problem(path.name, "(file)", YAML, told, line)]) from error
    return text


def _refuse_anchors(path: Path, text: str) -> None:
    """Refuse anchors and aliases: people sign a file after reading it from top to bottom."""
    try:
        events = list(yaml.parse(text, yaml.CSafeLoader))
    except yaml.YAMLError:
        return  # Told when the file is read.
    for event in events:
        anchor = getattr(event, "anchor", None)
        if anchor:
            told = f"the YAML anchor or alias '{anchor}'"
            expected = "every text written out where it belongs"
            line = event.start_mark.line + 1 if event.start_mark else None
            raise PolicyError([Problem(path.name, "(file)", expected, told, line)])


def _torn(path: Path, text: str, error: Exception) -> Problem:
    """Return YAML's own error for an unreadable file, in plain words and with the line."""
    told = " ".join(str(error).split()) or type(error).__name__
    # A text without its closing quotation mark runs on to the end of the file.
    begins = "context_mark" if told.startswith("while scanning a quoted") else "problem_mark"
    mark = getattr(error, begins, None)
    line = None if mark is None else mark.line + 1
    lines = text.splitlines()
    if line is not None and line <= len(lines) and lines[line - 1].lstrip(" ").startswith("\t"):
        return Problem(path.name, "(file)", "spaces to indent with", "a tab", line)
    if isinstance(error, RecursionError):
        return _too_deep(path)
    expected = next(
        (right for said, right in IN_PLAIN_WORDS.items() if told.startswith(said)), YAML
    )
    if expected is not YAML and line is not None and line <= len(lines):
        told = shorten(repr(lines[line - 1].strip()))
    return Problem(path.name, "(file)", expected, told, line)
