"""Every shape that the design lists is carried: an invented partnership needs each, with cases.

They lie in `shapes/` and are read as the shipped policies are.
"""

from pathlib import Path

import msgspec
import pytest

from bot.core.policy.library import Library
from bot.core.policy.loader import load_library
from bot.keepers.cases import LISTS, Case, CaseFile, differences, load_case_files
from tests.support.core import advised

FOLDER = Path(__file__).resolve().parent / "shapes"
SHAPES: Library = load_library(FOLDER)
FILES = {file.partnership: file for file in load_case_files(FOLDER)}
CASES = [
    pytest.param(file, case, id=f"{file.partnership}: {case.case}")
    for file in FILES.values()
    for case in file.cases
]


@pytest.mark.parametrize(("file", "case"), CASES)
def test_advice_is_what_the_case_states(file: CaseFile, case: Case) -> None:
    """The version in force on the case's day gives what the case expects, and nothing it bars."""
    today = file.today(case)
    policies = SHAPES.on(today)
    facts = file.facts(case, policies)
    advice = advised(facts, policies[str(facts.partnership)], today)
    assert list(differences(case.expect, advice)) == []


@pytest.mark.parametrize(("file", "case"), CASES)
def test_every_statement_has_its_source(file: CaseFile, case: Case) -> None:
    """Even in shapes that no shipped policy has, every statement cites its section."""
    today = file.today(case)
    policies = SHAPES.on(today)
    facts = file.facts(case, policies)
    advice = advised(facts, policies[str(facts.partnership)], today)
    items = [*advice.deadlines, *(item for name in LISTS for item in getattr(advice, name))]
    assert all(item.source.document and item.source.section for item in items)
    assert msgspec.json.encode(advice)


def test_every_shape_has_its_cases() -> None:
    """No invented partnership is without cases, and no case without its partnership."""
    assert set(FILES) == set(SHAPES.newest())
    assert all(file.cases for file in FILES.values())
