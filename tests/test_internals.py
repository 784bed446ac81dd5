"""What the guide changes of its libraries is recorded, is still there, and is of these versions."""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.internals import INTERNALS, READ_IN, Internal
from bot.paths import ROOT
from tests.support.each import each
from tests.support.source import tree

LIBRARIES = {"rasa", "rasa_sdk", "sanic", "spacy"}
FILES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")])
RECORDED = {(internal.file, internal.name) for internal in INTERNALS}


def is_private(name: str) -> bool:
    """Whether a name is meant for its own class."""
    return name.startswith("_") and not name.startswith("__")


def names_in(node: ast.AST) -> set[str]:
    """Every method, attribute and slot that a piece of source names."""
    found: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(part.name)
        elif isinstance(part, ast.Attribute):
            found.add(part.attr)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            found.add(part.value)
    return found


def names_of(kind: type) -> set[str]:
    """Every name in the source of a library's class and of what it inherits from its library."""
    return {
        name
        for each in kind.__mro__
        if each.__module__.split(".")[0] in LIBRARIES | {"docx"}
        for name in names_in(ast.parse(textwrap.dedent(inspect.getsource(each))))
    }


def library_class(of: str) -> type:
    """The class that a record names as `module:Class`."""
    module, _, name = of.partition(":")
    found: type = getattr(importlib.import_module(module), name)
    return found


def imported(module: ast.Module) -> dict[str, str]:
    """What a file takes from the libraries: its name there, and where it is from."""
    return {
        alias.asname or alias.name: f"{node.module}:{alias.name}"
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LIBRARIES
        for alias in node.names
    }


def touched(path: Path) -> Iterator[str]:
    """The names of a library's own that a file uses, overrides or sets, as its source shows."""
    module = tree(path)
    theirs = imported(module)
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            bases = [
                theirs[ast.unparse(base)] for base in node.bases if ast.unparse(base) in theirs
            ]
            known = {name for base in bases for name in names_of(library_class(base))}
            yield from filter(is_private, names_in(node) & known)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and ast.unparse(target.value) in theirs:
                    yield target.attr
    # Ruff refuses another's private name anywhere else, unless the line says why.
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if "noqa: SLF001" in line:
            yield from (
                node.attr
                for node in ast.walk(module)
                if isinstance(node, ast.Attribute)
                and node.lineno == number
                and is_private(node.attr)
            )


@pytest.mark.parametrize("library", READ_IN)
def test_the_libraries_are_those_that_were_read(library: str) -> None:
    """Another version is taken only once the parts we rely on have been read in it."""
    assert version(library) == READ_IN[library]


@pytest.mark.long
@each("one", INTERNALS)
def test_each_part_is_as_recorded(one: Internal) -> None:
    """What we use or change is there; what we add is not there already."""
    assert (one.name in names_of(library_class(one.of))) == (one.how != "adds")


@each("one", INTERNALS)
def test_each_file_still_does_what_is_recorded(one: Internal) -> None:
    """The record names no part that its file has stopped using."""
    assert one.name in names_in(tree(ROOT / one.file))


@pytest.mark.long
@each("path", FILES)
def test_no_part_of_a_library_is_changed_unrecorded(path: Path) -> None:
    """Whoever touches a private name of Rasa or Sanic writes it down in bot/internals.py."""
    file = str(path.relative_to(ROOT))
    assert {name for name in touched(path) if (file, name) not in RECORDED} == set()
