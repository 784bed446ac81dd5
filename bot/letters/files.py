"""Reads the letter files. An unknown gap in any of them is an error at start-up."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from bot.core.confidence import BACKING, GENERAL, LAST, NEXT, URGENT, Confidence
from bot.core.drafting import GAP, Gap, Letters, Terms
from bot.core.rehearsal import REPLIES
from bot.core.vocabulary import Disagreement, Level

FOLDER = Path(__file__).resolve().parent


class LetterError(ValueError):
    """A letter file names an unknown gap, or lacks what the guide looks for in it."""


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
    problems = [problem for name, text in texts.items() for problem in _gaps(name, text, gaps)]
    problems += [
        f"disagreements.yml: no terms for {kind}" for kind in Disagreement if kind not in terms
    ]
    if problems:
        raise LetterError("\n".join(problems))
    return Letters(texts, gaps, terms)


@cache
def confidence() -> Confidence:
    """Return confidence.yml, read once. Raises LetterError naming every problem."""
    return read_confidence(FOLDER)


def read_confidence(folder: Path) -> Confidence:
    """Read confidence.yml in `folder`."""
    name = "confidence.yml"
    gaps = msgspec.convert(_yaml(folder / "gaps.yml"), dict[str, Gap])
    try:
        words = msgspec.convert(_yaml(folder / name), Confidence)
    except msgspec.ValidationError as error:
        raise LetterError(f"{name}: {error}") from error
    problems = [
        f"{name}: {key}: {problem}"
        for key, text in _texts("", msgspec.to_builtins(words))
        for problem in (*_gaps("text", text, gaps), *(() if text.strip() else ("empty text",)))
    ]
    needed = {
        "worries": {GENERAL},
        "openings": {*map(str, Level), URGENT, BACKING},
        "closings": {NEXT, LAST, URGENT},
    }
    problems += [
        f"{name}: {part}: no {one}"
        for part, names in needed.items()
        for one in sorted(names - set(getattr(words, part)))
    ]
    if len(words.replies) < REPLIES:
        problems.append(f"{name}: replies: a rehearsal needs {REPLIES}, got {len(words.replies)}")
    if problems:
        raise LetterError("\n".join(problems))
    return words


def _gaps(name: str, text: str, known: dict[str, Gap]) -> Iterator[str]:
    for gap in re.findall(GAP, text):
        if gap not in known:
            yield f"{name}: unknown gap {{{{{gap}}}}}; known gaps: {', '.join(sorted(known))}"


def _texts(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield every text of a file's data with the path that leads to it."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(f"{key}.{name}".strip("."), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(f"{key}.{number}", inner)


def _yaml(path: Path) -> object:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
