"""The syntax of the letter files, and how to render a letter.

A line is a sentence; the lines of a paragraph run on, and an empty line ends it.

- `{{name}}` is a gap. If the facts do not fill it, its label appears in square brackets.
- `{{?name}}` at the start keeps the line only if the gap has a value, `{{!name}}` only if it has
  none. A paragraph without lines is left out.
- `{{>name}}` on a line of its own includes a part of the tone, or a part that all letters share.
- `| ` begins a separate line. In a call's script the other lines appear in quotation marks.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from bot.core.vocabulary import Word

GAP = re.compile(r"\{\{(\w+)\}\}")
CONDITION = re.compile(r"\{\{([?!])(\w+)\}\} *")
PART = re.compile(r"\{\{>(\w+)\}\}")
OWN_LINE = "| "
_NEW_SENTENCE = re.compile(r'(?:\A|\n|[.?!] )"?\Z')


class Tone(Word):
    """The tone of a message. `urgent` presses for time; it does not mean the urgent route."""

    collaborative = "collaborative"
    firm = "firm"
    urgent = "urgent"


class Gap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A gap's label; `fill`: the guide fills it; `optional`: it may stay without a value."""

    label: str
    fill: bool = False
    optional: bool = False


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words for a kind of disagreement. `by_decision`: it is about a decision that was made."""

    concern: str
    ask: str
    question: str
    by_decision: bool = False


class Letters(msgspec.Struct, frozen=True):
    """The letter files: texts by "kind/name", their parts and their gaps.

    `tones` holds the parts of each tone, `common` the parts that all letters share, `words` the
    phrases for the values of gaps, `terms` the words for each kind of disagreement.
    """

    texts: Mapping[str, str]
    gaps: Mapping[str, Gap]
    terms: Mapping[str, Terms]
    tones: Mapping[Tone, Mapping[str, str]]
    common: Mapping[str, str]
    words: Mapping[str, str]

    def say(self, name: str, /, **gaps: str) -> str:
        """Return a phrase with the given gaps filled."""
        return GAP.sub(lambda match: gaps.get(match[1], match[0]), self.words[name])

    def has_tones(self, name: str) -> bool:
        """Say whether a letter differs by tone."""
        parts = PART.findall(self.texts[name])
        return any(part in self.tones[Tone.collaborative] for part in parts)

    def has_lengths(self, name: str) -> bool:
        """Say whether a letter has lines that only its longer form shows."""
        parts = PART.findall(self.texts[name])
        return any("{{?longer}}" in self.common.get(part, "") for part in parts)


def render(
    name: str, tone: Tone, values: Mapping[str, str], letters: Letters, *, spoken: bool
) -> tuple[str, tuple[str, ...]]:
    """Return a letter's text and the labels of its open gaps."""
    parts = {**letters.common, **letters.tones[tone]}
    lines = [
        line
        for written in letters.texts[name].splitlines()
        for line in included_lines(written, parts)
        if conditions_hold(line, values)
    ]
    paragraphs = (_laid_out(paragraph, spoken=spoken) for paragraph in _paragraphs(lines))
    return fill_gaps(
        "\n\n".join(paragraph for paragraph in paragraphs if paragraph), values, letters
    )


def included_lines(line: str, parts: Mapping[str, str]) -> list[str]:
    """Return the line, or the lines of the part that it includes."""
    named = PART.fullmatch(line.strip())
    return parts[named[1]].splitlines() if named else [line]


def conditions_hold(line: str, values: Mapping[str, str]) -> bool:
    """Say whether every condition at the start of a line holds."""
    return all(bool(values.get(name)) is (mark == "?") for mark, name in CONDITION.findall(line))


def fill_gaps(
    text: str, values: Mapping[str, str], letters: Letters
) -> tuple[str, tuple[str, ...]]:
    """Fill the gaps that have a value; show the labels of the others in square brackets.

    A value may hold gaps itself. At the start of a sentence it begins with a capital.
    """
    open_gaps: dict[str, None] = {}

    def value_of(name: str) -> str:
        value = values.get(name)
        if value:
            return GAP.sub(lambda match: value_of(match[1]), value)
        label = letters.gaps[name].label
        open_gaps[label] = None
        return f"[{label}]"

    done, at = "", 0
    for match in GAP.finditer(text):
        done += text[at : match.start()]
        value = value_of(match[1])
        begins = _NEW_SENTENCE.search(done, max(0, len(done) - len('. "')))
        done += f"{value[:1].upper()}{value[1:]}" if begins else value
        at = match.end()
    return done + text[at:], tuple(open_gaps)


def _paragraphs(lines: Iterable[str]) -> Iterator[list[str]]:
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            paragraph.append(CONDITION.sub("", line).strip())
        elif paragraph:
            yield paragraph
            paragraph = []


def _laid_out(paragraph: Iterable[str], *, spoken: bool) -> str:
    """Return a paragraph: separate lines as they are, the others joined."""
    rows: list[str] = []
    running: list[str] = []

    def end_run() -> None:
        if running:
            said = " ".join(running)
            rows.append(f'"{said}"' if spoken else said)
            running.clear()

    for line in paragraph:
        if line.startswith(OWN_LINE):
            end_run()
            rows.append(line.removeprefix(OWN_LINE))
        else:
            running.append(line)
    end_run()
    return "\n".join(rows)
