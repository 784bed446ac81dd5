"""A new version says in short what changes, and what becomes of cases that are open."""

from datetime import date

import httpx
import msgspec
import pytest

from bot.core.policy.loader import load_policy
from bot.core.policy.model import Policy, Unit
from bot.keepers.desk.changes import open_cases, short_changes
from bot.paths import ROOT
from tests.support.core import handbook, policies
from tests.support.keepers_desk import AT, AtTheDesk
from tests.support.keepers_server import Served

SHAPES = ROOT / "tests/policies/shapes"
BEGINS = date(2026, 12, 1)


def version(policy: Policy, at: int, **changes: object) -> Policy:
    """A version from 1 December with another first limit at a stage."""
    limit = msgspec.structs.replace(policy.stages[at].to_answer[0], **changes)
    stages = list(policy.stages)
    stages[at] = msgspec.structs.replace(stages[at], to_answer=(limit,))
    document = msgspec.structs.replace(policy.document, effective_from=BEGINS)
    return msgspec.structs.replace(policy, stages=tuple(stages), document=document)


def kent_stage() -> int:
    """The place of Kent's first stage with a limit."""
    stages = policies()["kent"].stages
    return next(at for at, stage in enumerate(stages) if len(stage.to_answer) == 1)


def test_a_changed_limit_is_a_sentence_with_its_day() -> None:
    """From 1 December Stage 1 is 3 working days."""
    kent, at = policies()["kent"], kent_stage()
    told = short_changes(kent, version(kent, at, amount=3), handbook())
    label = kent.stages[at].label
    assert told == [f"From 1 December 2026 {label} is 3 working days. It was 5 working days."]
    assert short_changes(kent, kent, handbook()) == []


def test_stages_and_addresses_that_come_and_go_are_told() -> None:
    """Each with its name."""
    kent = policies()["kent"]
    fewer = msgspec.structs.replace(kent, stages=kent.stages[:-1], contact="new@kent.example")
    told = " ".join(short_changes(kent, fewer, handbook()))
    assert f"{kent.stages[-1].label} ({kent.stages[-1].title}) is no longer there." in told
    assert "new@kent.example" in told
    back = " ".join(short_changes(fewer, kent, handbook()))
    assert f"there is a new stage, {kent.stages[-1].label}" in back


def test_open_cases_of_every_stage_are_told_by_both_versions() -> None:
    """On the day the new one begins: who waits less long from then on is seen before it is out."""
    kent, at = policies()["kent"], kent_stage()
    shorter = version(kent, at, amount=None, unit=Unit.without_delay)
    found = open_cases(kent, shorter, BEGINS, handbook())
    changed = [one for one in found if one.before != one.after]
    assert any(kent.stages[at].label in one.situation for one in changed)
    assert {one.situation.split(" ")[1] for one in found} >= {"1", "2"}
    assert all(one.before == one.after for one in open_cases(kent, kent, BEGINS, handbook()))


@pytest.mark.long
async def test_a_new_version_is_begun_from_a_file_and_asks_what_it_changes(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """It opens with the changes in sentences, which are offered for practitioners' notice."""
    ada = AtTheDesk(stranger, "Ada")
    await ada.open(f"{AT}/")
    form = next(form for form in ada.forms() if "from" in form.names)
    await ada.send(form, **{"from": "kent"})
    work = served.desk.store.read("kent").work
    limit = next(
        p for p in work.pieces if ".to_answer." in p.path and p.value.get("unit") == "working_day"
    )
    await ada.open(f"{AT}/kent/statement/{limit.id}")
    await ada.send(ada.form(f"/statement/{limit.id}"), "save", amount="30")
    begins = [p.id for p in work.pieces if p.path == "document.effective_from"]
    assert not begins
    await ada.open(f"{AT}/kent/add?path=document.effective_from")
    await ada.send(ada.form("/add"), "save", value="2027-02-01")
    await ada.open(f"{AT}/kent/changes")
    assert "From 1 February 2027" in ada.text
    assert "30 working days" in ada.text
    left = served.desk.left(served.desk.store.read("kent").work)
    assert "replaces" in left.unread
    await ada.open(f"{AT}/kent/add?path=replaces")
    form = ada.form("/add")
    assert "From 1 February 2027" in form.fields["what"][0]
    await ada.send(form, "save", source="front page")
    name, _ = served.desk.file("kent")
    assert name == "kent.2027-02-01.yml"


def test_the_old_version_is_still_named_by_its_file() -> None:
    """A version's file is compared as it is named, whichever is in force."""
    old = load_policy(SHAPES / "penhallow.yml")
    new = load_policy(SHAPES / "penhallow.2027.yml")
    assert any("3 working days" in line for line in short_changes(old, new, handbook()))
