"""From a published text to a signed policy file, by forms alone, by three people."""

import httpx
import msgspec
import pytest
import yaml

from bot.core.policy.loader import load_policy, policy_files
from bot.core.policy.model import Policy, Status
from bot.documents.forms import forms
from bot.keepers.check import file_problems
from bot.keepers.desk.editing import decided
from bot.keepers.desk.store import Author
from bot.keepers.desk.work import CaseAnswer, Standing, Work
from bot.paths import ROOT
from tests.support.core import handbook
from tests.support.keepers_desk import AT, AtTheDesk
from tests.support.keepers_server import Served

pytestmark = pytest.mark.long

TEXT = (ROOT / "docs/keepers/example/policy.md").read_text("utf-8")


async def begun(client: httpx.AsyncClient, policy: str, name: str = "Ada") -> AtTheDesk:
    """Somebody who pasted the text of the example."""
    at = AtTheDesk(client, name)
    await at.open(f"{AT}/")
    await at.send(at.form("/begin"), policy=policy, text=TEXT)
    assert at.status == 200
    return at


def saved(served: Served, draft: str, work: Work) -> None:
    """Save what many forms would do one by one."""
    store = served.desk.store
    store.save(draft, store.read(draft).change.version, work, Author("Ada", ""), "went on")


async def everything_accepted(served: Served, at: AtTheDesk, draft: str) -> None:
    """Accept the first statements with their own buttons, and all the others like them."""
    await at.open(f"{AT}/{draft}/statements?show=open")
    for _ in range(3):
        form = next(form for form in at.forms() if "accept" in form.buttons)
        await at.send(form, "accept")
    work = served.desk.store.read(draft).work
    opened = [piece.id for piece in work.pieces if piece.standing is Standing.open]
    for piece in opened:
        work = decided(work, piece, Standing.accepted)
    saved(served, draft, work)


async def everything_found(served: Served, at: AtTheDesk, draft: str) -> None:
    """Fill in what the reading did not find, or say that it is not stated."""
    given = {"nation": "england", "places": "Ashdown Vale", "contact": "help@vale.example"}
    for path in served.desk.left(served.desk.store.read(draft).work).unread:
        if path in given:
            await at.open(f"{AT}/{draft}/add?path={path}")
            more = {"source": "front page"} if path == "contact" else {}
            await at.send(at.form("/add"), "save", value=given[path], **more)
        else:
            await at.open(f"{AT}/{draft}/silent?path={path}")
            await at.send(at.form("/silent"), "not_stated")
        assert at.status == 200, at.text


async def every_case_confirmed(served: Served, at: AtTheDesk, draft: str) -> None:
    """Confirm the first cases with their own buttons, and all the others like them."""
    await at.open(f"{AT}/{draft}/cases")
    for _ in range(3):
        form = next(form for form in at.forms() if "confirm" in form.buttons)
        await at.send(form, "confirm")
    work = served.desk.store.read(draft).work
    cases = tuple(
        CaseAnswer(case=one.case.id, answer=one.case.answer, confirmed=True)
        for one in served.desk.left(work).cases
    )
    saved(served, draft, msgspec.structs.replace(work, cases=cases))


async def checked_and_signed(client: httpx.AsyncClient, draft: str) -> AtTheDesk:
    """Ben checks it, Cleo signs it; Cleo is returned."""
    ben, cleo = AtTheDesk(client, "Ben"), AtTheDesk(client, "Cleo")
    await ben.open(f"{AT}/{draft}/sign")
    await ben.send(ben.form("/check"), sure="yes")
    await cleo.open(f"{AT}/{draft}/sign")
    assert "Checked by the safeguarding lead" in cleo.text
    await cleo.send(cleo.form("/sign"), sure="yes")
    assert "Signed by the independent scrutineer" in cleo.text
    return cleo


def file_of(served: Served, name: str) -> Policy:
    """A policy in the desk's folder."""
    return load_policy(served.desk.folder / name)


async def ready(served: Served, client: httpx.AsyncClient, draft: str) -> AtTheDesk:
    """A draft that is ready to sign."""
    at = await begun(client, draft)
    await everything_accepted(served, at, draft)
    await everything_found(served, at, draft)
    await every_case_confirmed(served, at, draft)
    assert "Ready to sign" in await at.open(f"{AT}/{draft}/")
    return at


async def test_a_published_text_becomes_a_signed_file_without_a_line_of_yaml(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """Upload, review, cases, check, signature, file: each step is a page with its forms."""
    ada = await begun(stranger, "ashdown")
    assert "Look at" in ada.text
    assert "Ready to sign" not in ada.text

    # Before the policy is said to be silent, the passages that may say it are read once more.
    await ada.open(f"{AT}/ashdown/silent?path=remaining")
    assert "It may be in one of these passages" in ada.text

    # The passage stands beside each statement.
    await ada.open(f"{AT}/ashdown/statements")
    assert "The managers speak within two working days of Step 2 starting." in ada.text

    # One limit was read wrongly: it is put right in a form.
    work = served.desk.store.read("ashdown").work
    limit = next(piece for piece in work.pieces if piece.path == "stages.1.to_answer.0")
    await ada.send(ada.form(f"/statement/{limit.id}"), "change")
    await ada.send(ada.form(f"/statement/{limit.id}"), "save", amount="x")
    assert "Enter a whole number" in ada.text
    await ada.send(ada.form(f"/statement/{limit.id}"), "save", amount="3", who="receiver")
    assert "How many: 3" in ada.text

    # What the guide will say, before anything is signed.
    await ada.open(f"{AT}/ashdown/try")
    situation = {"outcome.1": "awaiting", "on.1": "2026-11-23", "today": "2026-11-24"}
    await ada.send(ada.form("/try#answer"), **situation)
    assert "Thursday 26 November 2026" in ada.text

    await everything_accepted(served, ada, "ashdown")
    await everything_found(served, ada, "ashdown")
    await every_case_confirmed(served, ada, "ashdown")
    assert "Ready to sign" in await ada.open(f"{AT}/ashdown/")

    cleo = await checked_and_signed(stranger, "ashdown")
    await cleo.send(cleo.form("/publish"))
    assert "Written to ashdown.yml" in cleo.text
    policy = file_of(served, "ashdown.yml")
    assert policy.status is Status.signed
    assert policy.stages[1].to_answer[0].amount == 3
    assert policy.signed
    assert policy.signed.role == "independent scrutineer"
    text = (served.desk.folder / "ashdown.yml").read_text("utf-8")
    assert not any(name in text for name in ("Ada", "Ben", "Cleo"))

    # Its cases go along and pass the gate, and who did what can be read.
    cases = yaml.safe_load(
        (await stranger.get(f"{AT}/ashdown/cases.yml", headers=cleo.headers)).text
    )
    assert len(cases["cases"]) > 15
    assert yaml.safe_load((served.desk.folder / "ashdown.cases.yml").read_text("utf-8")) == cases
    assert file_problems(served.desk.folder, handbook(), forms()) == []
    told = await cleo.open(f"{AT}/ashdown/history")
    for who, what in (("Ada", "began it"), ("Ben", "checked it"), ("Cleo", "signed it")):
        assert who in told
        assert what in told


async def test_what_is_changed_after_the_signature_is_unsigned(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """It can neither be published nor stays signed in the file; back as it was, it holds again."""
    at = await ready(served, stranger, "unsigned_vale")
    cleo = await checked_and_signed(stranger, "unsigned_vale")
    work = served.desk.store.read("unsigned_vale").work
    limit = next(piece for piece in work.pieces if piece.path == "stages.2.to_answer.0")
    await at.open(f"{AT}/unsigned_vale/statement/{limit.id}")
    await at.send(at.form(f"/statement/{limit.id}"), "save", amount="50")
    page = await cleo.open(f"{AT}/unsigned_vale/")
    assert "do not hold any more" in page
    await cleo.open(f"{AT}/unsigned_vale/sign")
    assert not [form for form in cleo.forms() if form.address.endswith("/publish")]
    file = await stranger.get(f"{AT}/unsigned_vale/policy.yml", headers=cleo.headers)
    assert yaml.safe_load(file.text)["status"] == "draft"
    assert "unsigned_vale.yml" not in {path.name for path in policy_files(served.desk.folder)}


async def test_nobody_signs_alone(served: Served, stranger: httpx.AsyncClient) -> None:
    """Who checked it may not sign it, nor anybody in the same role."""
    await ready(served, stranger, "lonely_vale")
    cleo = AtTheDesk(stranger, "Cleo")
    await cleo.open(f"{AT}/lonely_vale/sign")
    await cleo.send(cleo.form("/check"))
    assert "Tick the box" in cleo.text
    await cleo.send(cleo.form("/check"), sure="yes", role="scrutineer")
    await cleo.send(cleo.form("/sign"), sure="yes", role="chair")
    assert "Somebody else has to sign it" in cleo.text
    assert served.desk.store.read("lonely_vale").work.signed is None


async def test_nothing_is_signed_while_something_is_left(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """Not even by a form that somebody sends by hand."""
    await begun(stranger, "early_vale")
    ben = AtTheDesk(stranger, "Ben")
    await ben.open(f"{AT}/early_vale/sign")
    assert not [form for form in ben.forms() if form.address.endswith("/check")]
    other = await ready(served, stranger, "other_vale")
    await ben.open(f"{AT}/other_vale/sign")
    sent = ben.form("/check")
    sent.address = f"{AT}/early_vale/check"
    await ben.send(sent, sure="yes")
    assert served.desk.store.read("early_vale").work.checked is None
    assert other.status == 200
