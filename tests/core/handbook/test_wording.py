"""The responses: how their files are read, how gaps are filled, and that what is said is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from bot.core.handbook.wording import Phrases, load_sentences
from bot.core.policy.loader import PolicyError
from bot.paths import ROOT
from tests.support.source import tree

SENTENCES = load_sentences(ROOT / "data/responses")
SAYING = ("phrases", "_phrases", "wording")
"""How what says a sentence by name is called, in every room."""


def gaps_in(text: str) -> set[str]:
    """Return the names of the gaps in a text."""
    return {gap for _, gap, _, _ in Formatter().parse(text) if gap is not None}


def problems(folder: Path, **files: str) -> str:
    """Return what is said of response files with these contents."""
    for name, responses in files.items():
        (folder / f"{name}.yml").write_text(f"responses:\n{responses}", "utf-8")
    with pytest.raises(PolicyError) as caught:
        load_sentences(folder)
    return str(caught.value)


def test_a_name_in_two_files_is_refused_with_both(tmp_path: Path) -> None:
    """Neither response wins in silence."""
    hello = "  utter_hello:\n    - text: Hello\n"
    told = problems(tmp_path, one=hello, two=f"{hello}  utter_bye:\n    - text: Bye\n")
    assert told == (
        "two.yml: utter_hello: expected each response in one file; got the one in one.yml again"
    )


def test_a_name_twice_in_one_file_is_refused(tmp_path: Path) -> None:
    """YAML would keep the last."""
    hello = "  utter_hello:\n    - text: Hello\n"
    assert "one.yml:4: utter_hello: expected each key once" in problems(tmp_path, one=hello * 2)


@pytest.mark.parametrize(
    "variants",
    [
        "[]",
        "[{buttons: []}]",
        "[{text: ''}]",
        "[{text: ' '}]",
        "[{text: 5}]",
        "[{text: Hello}, {text: Hi}]",
        "[{text: Hello, channel: slack}]",
        "[{text: Hello, condition: []}]",
    ],
)
def test_a_response_without_exactly_one_text_is_refused(tmp_path: Path, variants: str) -> None:
    """Only Rasa could choose among variants: the core and the channels would say another one."""
    assert "utter_hello" in problems(tmp_path, one=f"  utter_hello: {variants}\n")


def test_a_response_may_have_buttons(tmp_path: Path) -> None:
    """Rasa shows them with the text."""
    buttons = "[{title: 'Yes', payload: 'do:yes'}]"
    (tmp_path / "one.yml").write_text(
        f"responses:\n  utter_hello:\n    - text: Hello\n      buttons: {buttons}\n"
    )
    assert load_sentences(tmp_path) == {"utter_hello": "Hello"}


def test_a_sentence_with_an_unfilled_gap_is_never_said() -> None:
    """Nobody reads "{limit}": the gap's name is the error."""
    with pytest.raises(KeyError, match="limit"):
        Phrases(SENTENCES).say("too_long")
    assert "at most 2,000 characters" in Phrases(SENTENCES).say("too_long", limit="2,000")


def test_a_sentence_that_is_not_there_is_an_error() -> None:
    """A misspelt name is never silence."""
    with pytest.raises(KeyError, match="utter_too_lang"):
        Phrases(SENTENCES).say("too_lang")


def test_every_gap_is_a_plain_name() -> None:
    """No format, no index, no attribute, no stray brace."""
    odd = [
        f"{name}: {gap}"
        for name, text in SENTENCES.items()
        for _, gap, form, conversion in Formatter().parse(text)
        if gap is not None and (not gap.isidentifier() or form or conversion)
    ]
    assert odd == []


# What the code says, as far as its source shows.


def said() -> Iterator[tuple[str, ast.expr, bool, set[str] | None]]:
    """Yield where a response is said, its name, whether that is whole, and the gaps it is given.

    Only Rasa's own call takes a whole name ("utter_hello"). Gaps are None where they are not seen.
    """
    for folder in ("bot", "actions"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            calls = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
            for call in calls:
                found = _said(call)
                if found:
                    yield f"{path.relative_to(ROOT)}:{call.lineno}", *found


def _said(call: ast.Call) -> tuple[ast.expr, bool, set[str] | None] | None:
    given = {keyword.arg or "**": keyword.value for keyword in call.keywords}
    name = ast.unparse(call.func).split(".")
    gaps = {*given}
    if name[-1] == "utter_message" and "response" in given:
        response = given["response"]
        gaps -= {"response", "buttons", "json_message"}
    elif name[-1] in {"say", "message"} and set(name[-2:-1]) & {*SAYING}:
        response = call.args[0]
    elif name[-1] == "Refused":
        response = call.args[2]
    elif name[-1] == "Note":
        response, *rest = call.args
        written = rest[0] if rest else ast.Dict(keys=[], values=[])
        keys = written.keys if isinstance(written, ast.Dict) else [None]
        gaps = {ast.literal_eval(key) if key else "**" for key in keys}
    else:
        return None
    return response, name[-1] == "utter_message", None if "**" in gaps else gaps


def names(response: ast.expr) -> Iterator[str]:
    """Yield a pattern for each literal name in the source."""
    if isinstance(response, ast.Constant):
        yield re.escape(str(response.value))
    elif isinstance(response, ast.JoinedStr):
        parts = response.values
        yield "".join(
            re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in parts
        )
    elif isinstance(response, ast.IfExp):
        yield from names(response.body)
        yield from names(response.orelse)


Said = list[tuple[str, list[str], set[str] | None]]


@pytest.fixture(scope="module")
def in_source() -> Said:
    """Where each response is said, patterns of its names, and the gaps it is given."""
    return [
        (where, [name if whole else f"utter_{name}" for name in names(response)], gaps)
        for where, response, whole, gaps in said()
    ]


@pytest.mark.long
def test_every_response_that_is_said_is_written(in_source: Said) -> None:
    """A name in the source is the name of a response; one put together is that of some."""
    missing = [
        f"{where}: {name}"
        for where, patterns, _ in in_source
        for name in patterns
        if not any(re.fullmatch(name, written) for written in SENTENCES)
    ]
    assert missing == []


@pytest.mark.long
def test_every_call_gives_the_gaps_of_its_response(in_source: Said) -> None:
    """No gap is missing, and none is given in vain."""
    literal = [
        response
        for response in in_source
        if response[2] is not None and response[1] and {*response[1]} <= {*SENTENCES}
    ]
    wrong = [
        f"{where}: {patterns} given {gaps}"
        for where, patterns, gaps in literal
        for needed in [[gaps_in(SENTENCES[name]) for name in patterns]]
        if gaps != set().union(*needed)
    ]
    assert wrong == []
    assert len(literal) > 100
