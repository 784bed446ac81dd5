"""The letter files: their syntax, and every mistake reported at start-up."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
import yaml

from bot.core.letters.text import Tone, render
from bot.letters.files import FOLDER, LetterError, letters, read_letters


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path) -> Path:
    """A copy of the letter files that a test may spoil."""
    copy = tmp_path / "letters"
    shutil.copytree(FOLDER, copy)
    return copy


def problems(folder: Path) -> list[str]:
    """Return what is wrong in a folder of letter files."""
    with pytest.raises(LetterError) as refused:
        read_letters(folder)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return refused.value.problems


def add(path: Path, text: str) -> None:
    """Add text at the end of a file."""
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def written(text: str, values: Mapping[str, str], *, spoken: bool = False) -> str:
    """Return a letter of this text, with these values."""
    files = msgspec.structs.replace(letters(), texts={"email/it": text})
    return render("email/it", Tone.firm, values, files, spoken=spoken)[0]


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("email/chase.txt", "\nDear {{their_nam}}\n", "email/chase.txt: unknown gap {{their_nam}}"),
        ("email/chase.txt", "\n{{?nobody}}Yes.\n", "email/chase.txt: unknown gap {{nobody}}"),
        ("words.yml", 'more: "{{daye}}"\n', "words.yml: more: unknown gap {{daye}}"),
        ("tones/firm.yml", "more: Yes.\n", "tones/collaborative.yml: no part more"),
        ("common.yml", "more: Yes.\n", "the part more is in no letter"),
        ("call/chase.txt", "\n{{>nobody}}\n", "call/chase: unknown part {{>nobody}}"),
        ("call/chase.txt", "\nAnd {{>tried}}\n", "a part stands on a line of its own: 'And"),
        ("call/chase.txt", "\nBy {{reply_by}}.\n", "begin the line with {{?reply_by}}"),
        (
            "call/chase.txt",
            "\n{{!reply_by}}By {{reply_by}}.\n",
            "begin the line with {{?reply_by}}",
        ),
        ("call/chase.txt", "\nBy {{ today }}.\n", "'By {{ today }}.' holds braces that are no gap"),
    ],
)
def test_a_mistake_is_named_with_its_file(folder: Path, name: str, text: str, said: str) -> None:
    """An unknown gap or part, and a gap that could be empty in a sentence."""
    add(folder / name, text)
    assert any(said in problem for problem in problems(folder))


def test_every_mistake_is_reported_at_once(folder: Path) -> None:
    """Two files with a mistake each are two problems."""
    add(folder / "email/chase.txt", "\n{{one}}\n")
    add(folder / "call/chase.txt", "\n{{two}}\n")
    assert len(problems(folder)) == 2


def test_a_kind_of_disagreement_needs_its_terms(folder: Path) -> None:
    """One that is left out is named."""
    path = folder / "disagreements.yml"
    terms = yaml.safe_load(path.read_text("utf-8"))
    del terms["threshold"]
    path.write_text(yaml.safe_dump(terms), "utf-8")
    assert problems(folder) == ["disagreements.yml: no terms for threshold"]


def test_a_file_of_another_shape_is_named(folder: Path) -> None:
    """Terms without a question are refused with the file's name."""
    (folder / "disagreements.yml").write_text("threshold: {concern: this}\n", "utf-8")
    assert problems(folder)[0].startswith("disagreements.yml: ")


def test_each_letter_is_there_by_phone_and_in_writing() -> None:
    """What can be written can be said."""
    names: dict[str, set[str]] = {"call": set(), "email": set()}
    for name in letters().texts:
        kind, _, letter = name.partition("/")
        names[kind].add(letter)
    assert names["call"] == names["email"]


def test_every_gap_is_used() -> None:
    """A gap that nothing names, not even as a condition, is dead wording."""
    everything = " ".join(path.read_text("utf-8") for path in FOLDER.rglob("*.[ty]*"))
    named = set(re.findall(r"\{\{[?!]?(\w+)\}\}", everything))
    assert sorted(set(letters().gaps) - named) == []


# The language


def test_a_gap_without_a_value_is_shown_by_its_label() -> None:
    """A gap with a value is filled."""
    assert written("Dear {{their_name}}, {{today}}.", {"today": "Monday"}) == (
        "Dear [their name], Monday."
    )


def test_a_line_stands_or_falls_with_its_condition() -> None:
    """A paragraph that keeps no line is left out."""
    text = "One.\n{{?form}}A {{form}}.\n{{!form}}No form.\n\n{{?form}}Only that.\n\nThree."
    assert written(text, {}) == "One. No form.\n\nThree."
    assert written(text, {"form": "paper"}) == "One. A paper.\n\nOnly that.\n\nThree."


def test_what_is_spoken_stands_in_quotation_marks() -> None:
    """Lines of their own are directions, and are not spoken."""
    assert written("| Then:\nYes.\nNo.\n\nWell.", {}, spoken=True) == 'Then:\n"Yes. No."\n\n"Well."'


def test_a_value_that_begins_a_sentence_begins_with_a_capital() -> None:
    """Elsewhere it keeps its small letter."""
    values = {"concern": "it matters.", "ask": "a plan"}
    assert written("{{concern}} We want {{ask}}.\n{{ask}}: yes.", values) == (
        "It matters. We want a plan. A plan: yes."
    )


def test_a_value_may_hold_a_gap() -> None:
    """It is filled or shown like any other."""
    assert written("{{history}}", {"history": "- {{step_date}}: it"}) == (
        "- [the date of this step]: it"
    )


def test_text_that_looks_like_a_gap_in_a_value_is_never_looked_up_twice() -> None:
    """A value is put in as it is, apart from the gaps that we know."""
    assert written("{{what}}", {"what": "{braces} and $1 \\1"}) == "{braces} and $1 \\1"
