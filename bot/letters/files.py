"""Reads the letter files. An unknown gap in any of them is an error at start-up."""

import re
from functools import cache
from pathlib import Path

import msgspec
import yaml

from bot.core.drafting import GAP, Gap, Letters, Terms
from bot.core.vocabulary import Disagreement

FOLDER = Path(__file__).resolve().parent


class LetterError(Exception):
    """A letter file names an unknown gap, or a kind of disagreement lacks its terms."""


@cache
def letters() -> Letters:
    """Return all letter files, read once. Raises LetterError naming every problem."""
    return read_letters(FOLDER)


def read_letters(folder: Path) -> Letters:
    """Read the letter files in `folder`."""
    gaps = msgspec.convert(_yaml(folder / "gaps.yml"), dict[str, Gap])
    terms = msgspec.convert(_yaml(folder / "disagreements.yml"), dict[str, Terms])
    texts = {
        f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8").strip()
        for path in sorted(folder.glob("*/*.txt"))
    }
    problems = [
        f"{name}: unknown gap {{{{{gap}}}}}; known gaps: {', '.join(sorted(gaps))}"
        for name, text in texts.items()
        for gap in re.findall(GAP, text)
        if gap not in gaps
    ]
    problems += [
        f"disagreements.yml: no terms for {kind}" for kind in Disagreement if kind not in terms
    ]
    if problems:
        raise LetterError("\n".join(problems))
    return Letters(texts, gaps, terms)


def _yaml(path: Path) -> object:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
