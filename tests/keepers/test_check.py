"""`policies check` is the one gate: each mistake by file, key, line, and what would be right."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.core.policy.checks import Problem
from bot.core.policy.loader import load_policy
from bot.documents.forms import forms
from bot.keepers.check import file_notes, file_problems
from bot.paths import ROOT
from tests.support.core import handbook

SHAPES = ROOT / "tests/policies/shapes"
TODAY = date(2026, 11, 24)


def put(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """Copy an invented file with the first place of each text replaced."""
    text = (SHAPES / name).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, "utf-8")


def problems(folder: Path) -> list[Problem]:
    """Return what has to be mended."""
    return file_problems(folder, handbook(), forms())


WRONG = [
    ("what: The practitioners talk.", "what: Consult: the managers", "(file)", "quotation marks"),
    (
        '    source: "1"',
        "    source: Use form # 3",
        "(file)",
        "quotation marks around a text with a #",
    ),
    ('    source: "1"', "    source: 2", "stages[0].source", 'quotation marks, as "2"'),
    ("title: Practitioners", "title: 'Practitioners", "(file)", "closing quotation mark"),
    ("amount: 3", "amount: 190:20:30", "stages[0].to_answer[0].amount", "a whole number"),
    ("amount: 3", "amount: 010", "stages[0].to_answer[0].amount", "a whole number"),
    ("own_areas: []", f"own_areas: {'[' * 9000}{']' * 9000}", "(file)", "a file like"),
    ("own_areas: []", f"own_areas: {'[' * 90}{']' * 90}", "(file)", "a file like"),
    ("id: fernley", "id: Fernley", "id", "the file's own name, fernley"),
    ("level: senior_manager", "level: practitioner", "stages", "levels that never go down"),
    (
        "who: receiver",
        "who: everybody",
        "stages[0].to_answer[0].who",
        "one of both, partnership, raiser, receiver",
    ),
    (
        "    to_answer:\n",
        (
            "    to_close:\n"
            "      - {what: End, who: raiser, unit: without_delay, source: '1',\n"
            "         readings: [{counted_from: decision}]}\n"
            "    to_answer:\n"
        ),
        "stages[0].to_close[0].readings[0].counted_from",
        "settled, the day on which this stage settled it",
    ),
    (
        "readings: [{counted_from: stage_start}]",
        "readings: [{counted_from: settled}]",
        "stages[0].to_answer[0].readings[0].counted_from",
        "settled is for to_close",
    ),
    (
        "readings: [{counted_from: stage_start}]",
        "readings: [{counted_from: other_limit, limit: Reply}]",
        "stages[0].to_answer[0].readings[0].limit",
        "the `what` of a limit of Stage 1, from",
    ),
    (
        "readings: [{counted_from: stage_start}]",
        "readings: [{counted_from: other_limit, limit: Answer the practitioner}]",
        "stages[0].to_answer[0].readings[0].limit",
        "a limit that does not follow this one in the end",
    ),
    (
        "readings: [{counted_from: stage_start}]",
        "readings: [{counted_from: other_limit}]",
        "stages[0].to_answer[0].readings[0].limit",
        "the `what` of another limit",
    ),
    (
        "roles: [{role: Practitioner involved, ",
        "roles: [{role: Practitioner involved, party: [both], ",
        "stages[0].roles[0].party",
        "at least one of raiser, receiver, partnership",
    ),
    (
        "own_areas: []",
        (
            "own_areas: []\ndocuments: {guidance: The guidance}\n"
            "learning: [{what: Lessons., source: 'guidence: 3.2'}]"
        ),
        "learning[0].source",
        "one of ['guidance'] before the colon",
    ),
    (
        "own_areas: []",
        (
            "own_areas: []\nforms: [{id: f, name: F, what: Fill it in., send_to: The office,\n"
            "         source: '9', template: no_such_form}]"
        ),
        "forms[0].template",
        "a file in bot/documents/forms",
    ),
    (
        "own_areas: []",
        (
            "own_areas: []\nareas:\n"
            "  - {id: north, name: North, places: [Hill], source: '1'}\n"
            "  - {id: south, name: South, places: [hill], source: '1'}"
        ),
        "areas[1].places",
        "places of this area alone",
    ),
    (
        "own_areas: []",
        "own_areas: []\nareas: [{id: North Isle, name: North, places: [Hill], source: '1'}]",
        "areas[0].id",
        "small letters",
    ),
    (
        "own_areas: []",
        (
            "own_areas: []\nareas: [{id: north, name: North, places: [Hill], source: '1',\n"
            "         excluded: {what: Elsewhere., source: '1', policy: nowhere}}]"
        ),
        "areas[0].excluded.policy",
        "the id of another policy",
    ),
]


@pytest.mark.long
@pytest.mark.parametrize(
    ("old", "new", "key", "expected"), WRONG, ids=[case[1][:40] for case in WRONG]
)
def test_each_mistake_is_told_with_its_line_and_what_would_be_right(
    tmp_path: Path, old: str, new: str, key: str, expected: str
) -> None:
    """In words for whoever keeps the file, and no other problem beside it."""
    put(tmp_path, "fernley.yml", (old, new))
    (problem,) = problems(tmp_path)
    assert (problem.file, problem.key) == ("fernley.yml", key)
    assert expected in problem.expected
    assert problem.line or expected == "a file like"
    assert not re.search(r"unicode|Traceback|NoneType|mapping values", str(problem))


def test_a_section_number_is_read_as_it_is_written(tmp_path: Path) -> None:
    """2.10 is the tenth part of 2, and not 2.1; a word such as no stays a word."""
    changes = [('    source: "1"', "    source: 2.10"), ("title: Practitioners", "title: No")]
    put(tmp_path, "fernley.yml", *changes)
    assert problems(tmp_path) == []
    stage = load_policy(tmp_path / "fernley.yml").stages[0]
    assert (stage.source, stage.title) == ("2.10", "No")


def test_a_place_that_two_policies_claim_is_a_problem(tmp_path: Path) -> None:
    """Unless one of them names it to send people to the other."""
    put(tmp_path, "fernley.yml")
    put(tmp_path, "longmere.yml", ("places: [Longmere]", "places: [Longmere, FERNLEY]"))
    (problem,) = problems(tmp_path)
    assert (problem.file, problem.key, problem.got) == ("longmere.yml", "places", "fernley")
    assert "fernley.yml has it too" in problem.expected


def test_an_excluded_area_may_share_its_place_with_its_own_policy(tmp_path: Path) -> None:
    """Without the name of the policy the overlap would be a riddle, and is a problem."""
    put(tmp_path, "isles.yml")
    put(tmp_path, "far_isle.yml")
    assert problems(tmp_path) == []
    put(tmp_path, "isles.yml", (", policy: far_isle}", "}"))
    (problem,) = problems(tmp_path)
    assert problem.got == "far isle"


def test_a_file_name_that_cannot_be_an_id_is_refused(tmp_path: Path) -> None:
    """Such a name would break buttons, figures and addresses of files."""
    put(tmp_path, "fernley.yml", ("id: fernley", "id: Fernley Vale"))
    (tmp_path / "fernley.yml").rename(tmp_path / "Fernley Vale.yml")
    (problem,) = problems(tmp_path)
    assert problem.expected.startswith("a file name of small letters")


CASES = "fernley.cases.yml"


@pytest.mark.parametrize(
    ("old", "new", "key", "expected", "got"),
    [
        ("case: Whoever has", "case: Whoever: has", "(file)", "quotation marks", "Whoever: has"),
        ("action: discuss", "action: wait", "cases[0].expect", "Whoever has waited", "got discuss"),
        (
            "action: discuss",
            "acton: discuss",
            "cases[0].expect.acton",
            "one of the keys",
            "unknown",
        ),
        ("disagreement: threshold", "disagreement: x", "cases[0].facts", "facts as", "x"),
        ("due: 2026-11-11", "due: 2026-02-31", "cases[0].expect", "a date that exists", "02-31"),
    ],
)
def test_case_files_are_checked_too(
    tmp_path: Path, old: str, new: str, key: str, expected: str, got: str
) -> None:
    """A case that does not hold says what was expected and what the guide says."""
    put(tmp_path, "fernley.yml")
    put(tmp_path, CASES, (old, new))
    first = problems(tmp_path)[0]
    assert first.file == CASES
    assert first.key.startswith(key)
    assert first.line
    assert expected in first.expected
    assert got in first.got


def test_cases_without_their_policy_are_named(tmp_path: Path) -> None:
    """They may be of a policy that was renamed."""
    put(tmp_path, "fernley.yml")
    put(tmp_path, "longmere.cases.yml")
    (problem,) = problems(tmp_path)
    assert (problem.file, problem.got) == ("longmere.cases.yml", "longmere")


def test_silence_is_a_note_and_never_a_problem(tmp_path: Path) -> None:
    """Nobody has to invent words on support, on their own manager or on what is left at the end."""
    put(tmp_path, "fernley.yml", ("    not_stated: [{what: Fernley does not say", "    # "))
    text = (tmp_path / "fernley.yml").read_text("utf-8")
    (tmp_path / "fernley.yml").write_text(text.partition("    # ")[0], "utf-8")
    assert problems(tmp_path) == []
    noted = {(note.key, note.file) for note in file_notes(tmp_path, TODAY)}
    assert noted >= {
        ("stages[2].to_answer", "fernley.yml"),
        ("remaining", "fernley.yml"),
        ("(cases)", "fernley.yml"),
    }


def test_long_sentences_are_noted(tmp_path: Path) -> None:
    """They stop nothing."""
    long = "word " * 41
    put(tmp_path, "fernley.yml", ("what: The practitioners talk.", f"what: {long}"))
    assert problems(tmp_path) == []
    notes = file_notes(tmp_path, TODAY)
    assert ("stages[0].what", "one of 41") in {(note.key, note.got) for note in notes}


def test_a_version_in_force_that_nobody_signed_is_noted(tmp_path: Path) -> None:
    """A partnership that is slow to sign is the usual case."""
    signed = (
        "status: signed\nfact_checked: {role: lead, day: 2026-01-05}\n"
        "signed: {role: manager, day: 2026-01-06}\nid: penhallow"
    )
    put(tmp_path, "penhallow.yml", ("id: penhallow", signed))
    put(tmp_path, "penhallow.2027.yml")
    after = [note.file for note in file_notes(tmp_path, date(2027, 1, 11)) if note.key == "status"]
    assert after == ["penhallow.2027.yml"]
    before = [note for note in file_notes(tmp_path, date(2027, 1, 10)) if note.key == "status"]
    assert before == []


def test_cases_that_are_missing_are_noted_by_name(tmp_path: Path) -> None:
    """So that a keeper sees what to add."""
    put(tmp_path, "fernley.yml")
    put(tmp_path, CASES)
    (note,) = [note for note in file_notes(tmp_path, TODAY) if note.key == "cases"]
    assert "a case that waits at Stage 1" in note.expected
    assert re.search(r"and \d+ more", note.expected)
