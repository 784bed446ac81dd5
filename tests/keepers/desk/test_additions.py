"""What an area adds to its region's policy is written, checked and signed on the pages too."""

import shutil
from collections.abc import Iterator
from datetime import date

import httpx
import pytest
import yaml

from bot.core.policy.loader import load_library, load_policy
from bot.core.policy.model import Status
from bot.keepers.approving import approve
from bot.paths import ROOT
from tests.keepers.desk.test_path import (
    checked_and_signed,
    every_case_confirmed,
    everything_found,
)
from tests.support.keepers_desk import AT, AtTheDesk
from tests.support.keepers_server import Served

pytestmark = pytest.mark.long

SHAPES = ROOT / "tests/policies/shapes"


@pytest.fixture(autouse=True)
def fixture_region(served: Served) -> Iterator[None]:
    """A region's policy that is not signed, and an area's addition to it."""
    before = {path.name for path in served.desk.folder.iterdir()}
    for name in ("jurby.yml", "kelderby.yml"):
        shutil.copy(SHAPES / name, served.desk.folder / name)
    yield
    for path in served.desk.folder.iterdir():
        if path.name not in before:
            path.unlink()


def sign_the_region(served: Served) -> None:
    """Have the region's file checked and signed before the addition."""
    path = served.desk.folder / "jurby.yml"
    approve(path, Status.fact_checked, "safeguarding lead", date(2026, 11, 2))
    approve(path, Status.signed, "business manager", date(2026, 11, 3))


async def begun(client: httpx.AsyncClient, **filled: str) -> AtTheDesk:
    """Ada, who has sent the form that begins a draft."""
    ada = AtTheDesk(client, "Ada")
    await ada.open(f"{AT}/")
    form = next(form for form in ada.forms() if set(filled) <= form.names)
    await ada.send(form, **filled)
    assert ada.status == 200, ada.text
    return ada


def limit_of_stage_two(served: Served, draft: str) -> str:
    """The statement that holds the addition's own limit."""
    work = served.desk.store.read(draft).work
    return next(piece.id for piece in work.pieces if piece.path.endswith("to_answer.0"))


async def test_an_addition_is_changed_in_forms_and_signed_with_its_region(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """One limit is changed; the file holds only what the area adds, and counts as signed."""
    sign_the_region(served)
    ada = await begun(stranger, **{"from": "kelderby"})
    await ada.open(f"{AT}/kelderby/statements")
    assert "Stage 1, as the region has it" in ada.text
    limit = limit_of_stage_two(served, "kelderby")
    await ada.send(ada.form(f"/statement/{limit}"), "change")
    await ada.send(ada.form(f"/statement/{limit}"), "save", amount="4")
    assert "How many: 4" in ada.text
    await everything_found(served, ada, "kelderby")
    await every_case_confirmed(served, ada, "kelderby")
    assert "Ready to sign" in await ada.open(f"{AT}/kelderby/")
    cleo = await checked_and_signed(stranger, "kelderby")
    await cleo.send(cleo.form("/publish"))
    assert "Written to kelderby.yml" in cleo.text
    plain = yaml.safe_load((served.desk.folder / "kelderby.yml").read_text("utf-8"))
    assert plain["extends"] == "jurby"
    assert "principles" not in plain
    kelderby = load_library(served.desk.folder).on(date(2026, 11, 24))["kelderby"]
    assert kelderby.status is Status.signed
    assert [limit.amount for limit in kelderby.stage(2).to_answer] == [4]


async def test_a_region_that_changes_unsigns_the_addition_on_the_page(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """Who signed an addition signed it with the region's text as it was."""
    sign_the_region(served)
    ada = await begun(stranger, region="jurby", policy="outer_vale", title="Outer Vale Addition")
    await add_a_duty(ada, "outer_vale")
    await fill_in(served, ada, "outer_vale")
    await every_case_confirmed(served, ada, "outer_vale")
    await checked_and_signed(stranger, "outer_vale")
    region = served.desk.folder / "jurby.yml"
    text = region.read_text("utf-8")
    region.write_text(text.replace("amount: 3", "amount: 1", 1), "utf-8")
    page = await ada.open(f"{AT}/outer_vale/")
    assert "do not hold any more" in page


async def test_a_region_that_is_not_here_is_said(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """The region is typed, since a list would show everybody's policies to every keeper."""
    sign_the_region(served)
    ada = AtTheDesk(stranger, "Ada")
    await ada.open(f"{AT}/")
    form = next(form for form in ada.forms() if "region" in form.names)
    await ada.send(form, region="jurbi", policy="near_vale", title="Near Vale Addition")
    assert ada.status == httpx.codes.BAD_REQUEST
    assert "has no policy here with that short word" in ada.text


async def test_an_addition_is_not_signed_before_its_region(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """Nobody signs a region's text on an area's page."""
    ada = await begun(stranger, region="jurby", policy="inner_vale", title="Inner Vale Addition")
    await add_a_duty(ada, "inner_vale")
    await fill_in(served, ada, "inner_vale")
    await every_case_confirmed(served, ada, "inner_vale")
    ben, cleo = AtTheDesk(stranger, "Ben"), AtTheDesk(stranger, "Cleo")
    await ben.open(f"{AT}/inner_vale/sign")
    await ben.send(ben.form("/check"), sure="yes")
    await cleo.open(f"{AT}/inner_vale/sign")
    await cleo.send(cleo.form("/sign"), sure="yes")
    assert "The region's policy is not signed yet" in cleo.text
    assert served.desk.store.read("inner_vale").work.signed is None


async def test_what_is_added_to_a_stage_stands_beside_the_regions(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """An area that adds somebody to tell at Stage 1 keeps the region's limits and posts."""
    ada = await begun(stranger, region="jurby", policy="upper_vale", title="Upper Vale Addition")
    await add_a_duty(ada, "upper_vale")
    await fill_in(served, ada, "upper_vale")
    policy = served.desk.left(served.desk.store.read("upper_vale").work).policy
    assert policy
    jurby = load_policy(served.desk.folder / "jurby.yml")
    assert [one.who for one in policy.stages[0].notify][-1:] == ["The vale's duty officer"]
    assert policy.stages[0].to_answer[0].amount == jurby.stages[0].to_answer[0].amount
    assert policy.stages[0].title == jurby.stages[0].title


async def add_a_duty(ada: AtTheDesk, draft: str) -> None:
    """Add somebody to tell at the first stage, in a form."""
    await ada.open(f"{AT}/{draft}/add?under=stages.0&kind=notify")
    await ada.send(
        ada.form("/add"),
        "save",
        who="The vale's duty officer",
        what="Tell them on the day.",
        source="A2",
    )
    assert ada.status == 200, ada.text


async def fill_in(served: Served, ada: AtTheDesk, draft: str) -> None:
    """Give the values that an addition has of its own."""
    given = {"short_name": "The Vale", "names": "The Vale", "places": "Valeham"}
    for path, value in given.items():
        await ada.open(f"{AT}/{draft}/add?path={path}")
        await ada.send(ada.form("/add"), "save", value=value)
    state = served.desk.left(served.desk.store.read(draft).work)
    assert state.loaded.mistakes == ()
