"""The word sheets of this folder: patterns as data, with one alternative per line.

A sheet maps a name to a shape, a regular expression in which `{any}` stands for its alternatives,
and a part's name in braces for one of its words. Patterns match normal text (`text.normal`) and are
compiled at first use.
"""

import re
from functools import cache
from pathlib import Path

import msgspec

SHEETS = Path(__file__).parent


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pattern of a sheet. The alternatives may name `parts`, each one of several words."""

    shape: str
    any: tuple[str, ...] = ()
    parts: dict[str, tuple[str, ...]] = {}

    def expression(self) -> str:
        """Return the regular expression with the alternatives in their order."""
        text = self.shape.replace("{any}", "|".join(self.any)) if self.any else self.shape
        for name, words in self.parts.items():
            text = text.replace(f"{{{name}}}", f"(?:{'|'.join(words)})")
        return text


class FamilyWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family of red flags, as written in the sheet.

    `sign`: the name under which it is weighed, where several families have one.
    """

    name: str
    says: str
    calls_999: bool
    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    at_once: bool = False
    sign: str | None = None


class FlagSheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`words/red_flags.yml`: lists that patterns may name, and the families in order."""

    lists: dict[str, str]
    families: tuple[FamilyWords, ...]


@cache
def sheet(name: str) -> dict[str, Shape]:
    """Return a sheet by its file's stem. Raises msgspec.ValidationError if it is malformed."""
    return msgspec.yaml.decode((SHEETS / f"{name}.yml").read_bytes(), type=dict[str, Shape])


@cache
def pattern(sheet_name: str, name: str) -> re.Pattern[str]:
    """Return a compiled pattern of a sheet."""
    return re.compile(sheet(sheet_name)[name].expression())


@cache
def flag_sheet() -> FlagSheet:
    """Return the sheet of red flags."""
    return msgspec.yaml.decode((SHEETS / "red_flags.yml").read_bytes(), type=FlagSheet)


@cache
def short_forms() -> dict[str, str]:
    """Return the field's short forms and common typing errors, with their meanings."""
    return msgspec.yaml.decode((SHEETS / "short_forms.yml").read_bytes(), type=dict[str, str])
