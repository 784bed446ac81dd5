"""Reads the letter files. Any problem in them stops the start, and all are reported at once."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from bot.core.conversation.rehearsal import REPLIES
from bot.core.letters.confidence import BACKING, GENERAL, LAST, NEXT, URGENT, Confidence
from bot.core.letters.text import CONDITION, GAP, PART, Gap, Letters, Terms, Tone
from bot.core.vocabulary import Agency, Disagreement, Level

FOLDER = Path(__file__).resolve().parent
Shape = TypeVar("Shape")


class LetterError(ValueError):
    """The letter files are wrong. `problems` lists each problem with its file."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@cache
def letters() -> Letters:
    """Return all letter files, read once. Raises LetterError with every problem."""
    return read_letters(FOLDER)


def read_letters(folder: Path) -> Letters:
    """Read the letter files in `folder`. Raises LetterError and OSError."""
    found = Letters(
        texts={
            f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8").strip()
            for path in sorted(folder.glob("*/*.txt"))
        },
        gaps=_read(folder / "gaps.yml", dict[str, Gap]),
        terms=_read(folder / "disagreements.yml", dict[str, Terms]),
        tones={tone: _read(folder / "tones" / f"{tone}.yml", dict[str, str]) for tone in Tone},
        common=_read(folder / "common.yml", dict[str, str]),
        words=_read(folder / "words.yml", dict[str, str]),
    )
    problems = list(_problems(found))
    if problems:
        raise LetterError(problems)
    return found


def _read(path: Path, shape: type[Shape]) -> Shape:
    try:
        return msgspec.convert(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader), shape)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise LetterError([f"{path.name}: {error}"]) from error


def _problems(letters: Letters) -> Iterator[str]:
    yield from _parts(letters)
    for name, text in _texts(letters):
        for line in text.splitlines():
            yield from _gaps(name, line, letters)
    for kind in Disagreement:
        if kind not in letters.terms:
            yield f"disagreements.yml: no terms for {kind}"
    for agency in Agency:
        if f"agency_{agency}" not in letters.words:
            yield f"words.yml: no agency_{agency}"


def _texts(letters: Letters) -> Iterator[tuple[str, str]]:
    """Yield every text that may have gaps, with the name of its file."""
    yield from ((f"{name}.txt", text) for name, text in letters.texts.items())
    for tone, parts in letters.tones.items():
        yield from ((f"tones/{tone}.yml: {name}", text) for name, text in parts.items())
    yield from ((f"common.yml: {name}", text) for name, text in letters.common.items())
    yield from ((f"words.yml: {name}", text) for name, text in letters.words.items())
    for kind, terms in letters.terms.items():
        texts = msgspec.structs.asdict(terms).items()
        yield from (
            (f"disagreements.yml: {kind}: {name}", text)
            for name, text in texts
            if isinstance(text, str)
        )


def _gaps(name: str, line: str, letters: Letters) -> Iterator[str]:
    known = ", ".join(sorted(letters.gaps))
    conditions = CONDITION.findall(line)
    for gap in [*(gap for _, gap in conditions), *GAP.findall(line)]:
        if gap not in letters.gaps:
            yield f"{name}: unknown gap {{{{{gap}}}}}; known gaps: {known}"
    sure = {gap for mark, gap in conditions if mark == "?"}
    for gap in GAP.findall(line):
        if gap in letters.gaps and letters.gaps[gap].optional and gap not in sure:
            yield f"{name}: {{{{{gap}}}}} may have no value: begin the line with {{{{?{gap}}}}}"
    rest = PART.sub("", GAP.sub("", CONDITION.sub("", line)))
    if "{{" in rest or "}}" in rest:
        yield f"{name}: {line.strip()!r} holds braces that are no gap"


def _parts(letters: Letters) -> Iterator[str]:
    """Check that all tones have the same parts, and that letters use exactly these."""
    toned = set().union(*letters.tones.values())
    for tone, parts in letters.tones.items():
        for name in sorted(toned - set(parts)):
            yield f"tones/{tone}.yml: no part {name}"
    named = {part for text in letters.texts.values() for part in PART.findall(text)}
    for part in sorted(named - toned - set(letters.common)):
        users = [name for name, text in letters.texts.items() if part in PART.findall(text)]
        yield f"{', '.join(users)}: unknown part {{{{>{part}}}}}"
    for part in sorted((toned | set(letters.common)) - named):
        yield f"the part {part} is in no letter"
    for name, text in letters.texts.items():
        for line in text.splitlines():
            if ">" in line and PART.search(line) and not PART.fullmatch(line.strip()):
                yield f"{name}.txt: a part stands on a line of its own: {line.strip()!r}"


@cache
def confidence() -> Confidence:
    """Return confidence.yml, read once. Raises LetterError with every problem."""
    return read_confidence(FOLDER)


def read_confidence(folder: Path) -> Confidence:
    """Read confidence.yml in `folder`."""
    name = "confidence.yml"
    gaps = _read(folder / "gaps.yml", dict[str, Gap])
    words = _read(folder / name, Confidence)
    problems = [
        f"{name}: {key}: {problem}"
        for key, text in _every_text("", msgspec.to_builtins(words))
        for problem in (*_unknown_gaps(text, gaps), *(() if text.strip() else ("empty text",)))
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
    for kind, held in (("replies", words.replies), ("challenges", words.challenges)):
        if len(held) < REPLIES:
            problems.append(f"{name}: {kind}: a rehearsal needs {REPLIES}, got {len(held)}")
    if problems:
        raise LetterError(problems)
    return words


def _unknown_gaps(text: str, known: dict[str, Gap]) -> Iterator[str]:
    for gap in GAP.findall(text):
        if gap not in known:
            yield f"text: unknown gap {{{{{gap}}}}}; known gaps: {', '.join(sorted(known))}"


def _every_text(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield every text of a file's data with the path that leads to it."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _every_text(f"{key}.{name}".strip("."), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _every_text(f"{key}.{number}", inner)
