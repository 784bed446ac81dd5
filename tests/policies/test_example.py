"""The worked example for new keepers is a policy that loads, and its cases hold."""

from datetime import date

import pytest
from msgspec.structs import replace

from bot.core.policy.loader import load_library, notes_on
from bot.core.policy.model import Status
from bot.documents.forms import read_forms, template_problems
from bot.keepers.cases import Case, differences, load_case_file
from bot.paths import ROOT
from tests.support.core import advised

FOLDER = ROOT / "docs/keepers/example"
FILE = load_case_file(FOLDER / "ashdown_vale.cases.yml")
LIBRARY = load_library(FOLDER, drafts=False)


@pytest.mark.parametrize("case", FILE.cases, ids=lambda case: str(case.case))
def test_the_example_gives_what_its_cases_state(case: Case) -> None:
    """Keepers learn from an example that works."""
    today = FILE.today(case)
    policies = LIBRARY.on(today)
    advice = advised(FILE.facts(case, policies), policies["ashdown_vale"], today)
    assert list(differences(case.expect, advice)) == []


def test_the_example_is_signed_and_leaves_nothing_to_note() -> None:
    """It ends where a real one should."""
    assert LIBRARY.newest()["ashdown_vale"].status is Status.signed
    assert notes_on(FOLDER / "ashdown_vale.yml", date(2026, 11, 26)) == []


def test_the_example_of_a_form_can_be_named_by_the_policy() -> None:
    """Its gaps are known and its stages are the policy's; a wrong one is told."""
    known = read_forms(ROOT / "bot/documents", FOLDER / "forms")
    policy = LIBRARY.newest()["ashdown_vale"]
    for template, problems in (("ashdown_vale_resolution", 0), ("no_such_form", 1)):
        stages = tuple(
            replace(stage, forms=tuple(replace(form, template=template) for form in stage.forms))
            for stage in policy.stages
        )
        assert any(stage.forms for stage in stages)
        wrong = list(template_problems(replace(policy, stages=stages), known))
        assert len(wrong) >= problems
        assert bool(wrong) is bool(problems)


def test_every_section_that_the_example_names_is_in_its_text() -> None:
    """Each source leads somewhere."""
    text = (FOLDER / "policy.md").read_text("utf-8").replace("**", "")
    policy = LIBRARY.newest()["ashdown_vale"]
    sources = {stage.source for stage in policy.stages} | {rule.source for rule in policy.urgent}
    assert [source for source in sources if source not in text] == []
