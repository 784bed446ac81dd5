"""Several keepers at once: what each may do, and that nobody's work is lost."""

import csv
from io import BytesIO, StringIO

import httpx
import pytest
from docx import Document
from lxml import html

from tests.keepers.desk.test_path import TEXT, begun
from tests.support.keepers_desk import AT, AtTheDesk
from tests.support.keepers_server import PASSWORD, PASSWORDS, Served, basic


def limit_of(served: Served, draft: str, path: str = "stages.2.to_answer.0") -> str:
    """The id of a limit."""
    work = served.desk.store.read(draft).work
    return next(piece.id for piece in work.pieces if piece.path == path)


@pytest.mark.long
async def test_of_two_who_change_one_statement_the_second_is_told_and_loses_nothing(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """They see what the first wrote, keep what they typed, and may still save it."""
    ada = await begun(stranger, "both_vale")
    dana = AtTheDesk(stranger, "Ada")
    limit = limit_of(served, "both_vale")
    page = f"{AT}/both_vale/statement/{limit}"
    await ada.open(page)
    await dana.open(page)
    await ada.send(ada.form(f"/statement/{limit}"), "save", amount="7")
    await dana.send(dana.form(f"/statement/{limit}"), "save", amount="9")
    assert dana.status == 409
    assert "changed this statement while you had it open" in dana.text
    assert "How many: 7" in dana.text
    assert dana.form(f"/statement/{limit}").fields["amount"] == ["9"]
    assert served.desk.store.read("both_vale").work.piece(limit).value["amount"] == 7
    await dana.send(dana.form(f"/statement/{limit}"), "save")
    assert served.desk.store.read("both_vale").work.piece(limit).value["amount"] == 9


@pytest.mark.long
async def test_two_who_change_different_statements_do_not_meet(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """Both changes are kept."""
    ada = await begun(stranger, "apart_vale")
    dana = AtTheDesk(stranger, "Ada")
    first = limit_of(served, "apart_vale")
    other = limit_of(served, "apart_vale", "stages.3.to_answer.0")
    await ada.open(f"{AT}/apart_vale/statement/{first}")
    await dana.open(f"{AT}/apart_vale/statement/{other}")
    await ada.send(ada.form(f"/statement/{first}"), "save", amount="7")
    await dana.send(dana.form(f"/statement/{other}"), "save", amount="9")
    work = served.desk.store.read("apart_vale").work
    assert [work.piece(one).value["amount"] for one in (first, other)] == [7, 9]


@pytest.mark.long
async def test_a_case_is_confirmed_only_as_it_was_seen(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """Whoever confirms an answer that has changed meanwhile is told."""
    ada = await begun(stranger, "seen_vale")
    dana = AtTheDesk(stranger, "Ada")
    await dana.open(f"{AT}/seen_vale/cases")
    form = next(
        form
        for form in dana.forms()
        if "confirm" in form.buttons
        and any(
            one.case.id == form.fields["case"][0] and one.case.group.startswith("Step 3")
            for one in served.desk.left(served.desk.store.read("seen_vale").work).cases
        )
    )
    limit = limit_of(served, "seen_vale")
    await ada.open(f"{AT}/seen_vale/statement/{limit}")
    await ada.send(ada.form(f"/statement/{limit}"), "save", amount="7")
    await dana.send(form, "confirm")
    assert dana.status == 409
    assert "Look at it again" in dana.text
    assert served.desk.store.read("seen_vale").work.cases == ()


@pytest.mark.long
async def test_whoever_keeps_one_policy_sees_and_changes_no_other(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """Not its drafts, its fact sheet, its figures, nor in the audit trail."""
    await begun(stranger, "theirs_vale")
    kit = AtTheDesk(stranger, "Kit")
    assert "theirs_vale" not in await kit.open(f"{AT}/")
    for path in (f"{AT}/theirs_vale/", f"{AT}/theirs_vale/policy.yml", f"{AT}/theirs_vale/sign"):
        await kit.open(path)
        assert kit.status == 403
    for path in ("/keepers/policy/pan_dorset", "/keepers/figures/pan_dorset/2026-Q3"):
        await kit.open(path)
        assert kit.status == 403
    await kit.open("/keepers/compare?old=kent&new=pan_dorset")
    assert kit.status == 403
    assert "pan_dorset" not in await kit.open("/keepers/")
    await kit.open("/keepers/policy/kent")
    assert kit.status == 200
    await kit.open(f"{AT}/")
    await kit.send(kit.form("/begin"), policy="dorset_two", title="Dorset")
    assert kit.status == 403
    audit = await stranger.get(f"{AT}/audit.csv", headers=kit.headers)
    assert "theirs_vale" not in audit.text
    assert served.desk.store.read("theirs_vale").change.version == 1


@pytest.mark.long
async def test_without_a_right_a_form_does_nothing(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """Ben checks and changes nothing; Ada writes and signs nothing; the shared password reads."""
    await begun(stranger, "rights_vale")
    limit = limit_of(served, "rights_vale")
    ada, ben = AtTheDesk(stranger, "Ada"), AtTheDesk(stranger, "Ben")
    await ada.open(f"{AT}/rights_vale/statements")
    form = ada.form(f"/statement/{limit}")
    await ben.open(f"{AT}/rights_vale/statements")
    assert not [one for one in ben.forms() if "strike" in one.buttons]
    await ben.open(f"{AT}/rights_vale/cases")
    own = next(iter(ben.forms()))
    await ben.send_all(form, {**form.filled("strike", {}), "token": own.fields["token"]})
    assert ben.status == 403
    await ada.send_all(
        form, {"token": form.fields["token"], "version": ["1"], "sure": ["yes"], "role": ["x"]}
    )
    for what in ("check", "sign", "publish"):
        form.address = f"{AT}/rights_vale/{what}"
        await ada.send_all(form, {**form.filled("", {}), "sure": ["yes"], "role": ["x"]})
        assert ada.status == 403
    shared = AtTheDesk(stranger, "Ada")
    shared.headers = basic(PASSWORD)
    assert "rights_vale" in await shared.open(f"{AT}/") or "Ashdown" in shared.text
    assert not list(shared.forms())
    assert served.desk.store.read("rights_vale").change.version == 1


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"Origin": "https://elsewhere.example"}, None),
        ({"Sec-Fetch-Site": "cross-site"}, None),
        ({}, "0" * 64),
    ],
)
async def test_no_other_site_can_send_a_form(
    served: Served, stranger: httpx.AsyncClient, headers: dict[str, str], token: str | None
) -> None:
    """A browser sends the password along by itself, so that alone proves nothing."""
    ada = AtTheDesk(stranger, "Ada")
    await ada.open(f"{AT}/")
    form = ada.form("/begin")
    fields = form.filled("", {"policy": "forged_vale", "title": "Forged"})
    if token:
        fields["token"] = [token]
    answer = await stranger.post(form.address, data=fields, headers={**ada.headers, **headers})
    assert answer.status_code == 403
    ben = AtTheDesk(stranger, "Ben")
    answer = await stranger.post(
        form.address, data=form.filled("", {"policy": "forged_vale"}), headers=ben.headers
    )
    assert answer.status_code == 403
    assert "forged_vale" not in {kept.change.draft for kept in served.desk.store.drafts()}


@pytest.mark.long
async def test_a_wrong_password_of_an_account_is_refused(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """Neither a wrong password nor an account that was taken away lets anybody in."""
    for headers in (basic("wrong", "Ada"), basic(PASSWORDS["Ada"], "Ben"), basic("x", "Nobody")):
        assert (await stranger.get(f"{AT}/", headers=headers)).status_code == 401
    served.accounts.keep("Eve", "clerk", "*:read", "a password of hers")
    eve = basic("a password of hers", "Eve")
    assert (await stranger.get(f"{AT}/", headers=eve)).status_code == 200
    served.accounts.keep("Eve", "clerk", "*:read", "another password")
    assert (await stranger.get(f"{AT}/", headers=eve)).status_code == 401
    served.accounts.remove("Eve")
    again = basic("another password", "Eve")
    assert (await stranger.get(f"{AT}/", headers=again)).status_code == 401


async def test_the_audit_trail_names_everything_that_was_done(
    stranger: httpx.AsyncClient,
) -> None:
    """As a table that no spreadsheet takes for a formula."""
    ada = AtTheDesk(stranger, "Ada")
    await ada.open(f"{AT}/")
    await ada.send(ada.form("/begin"), policy="audit_vale", title="=HYPERLINK(1)")
    await ada.open(f"{AT}/audit_vale/silent?path=remaining")
    await ada.send(ada.form("/silent"), "not_stated", what="=2+2")
    answer = await stranger.get(f"{AT}/audit.csv", headers=ada.headers)
    rows = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))
    mine = [row for row in rows if row["policy"] == "audit_vale"]
    assert [row["what"] for row in mine] == ["began it by hand", "said that it is not stated: =2+2"]
    assert {row["who"] for row in mine} == {"Ada"}
    assert {row["role"] for row in mine} == {"business manager"}
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scan.pdf", b"%PDF-1.4 nothing"),
        ("virus.docm", b"PK\x03\x04 vbaProject"),
        ("policy.exe", b"MZ"),
        ("empty.txt", b"   "),
    ],
)
async def test_a_document_that_cannot_be_read_is_refused_in_a_sentence(
    served: Served, stranger: httpx.AsyncClient, name: str, content: bytes
) -> None:
    """No draft is begun, and the form is still there."""
    ada = AtTheDesk(stranger, "Ada")
    await ada.open(f"{AT}/")
    files = {"file": (name, content)}
    await ada.send(ada.form("/begin"), "", files=files, policy="unread_vale")
    assert ada.status == 400
    assert html.fromstring(ada.page).xpath("//*[@role='alert']//p")
    assert ada.form("/begin").fields["policy"] == ["unread_vale"]
    assert "unread_vale" not in {kept.change.draft for kept in served.desk.store.drafts()}


@pytest.mark.long
@pytest.mark.parametrize("policy", ["", "../etc", "North Vale", "1st", "a" * 65, "kent.2027"])
async def test_a_policy_needs_a_short_word_that_can_name_a_file(
    stranger: httpx.AsyncClient, policy: str
) -> None:
    """Nothing else reaches the name of a file."""
    ada = AtTheDesk(stranger, "Ada")
    await ada.open(f"{AT}/")
    await ada.send(ada.form("/begin"), policy=policy, title="Vale")
    assert ada.status == 400
    assert "short word" in ada.text


async def test_an_uploaded_document_of_some_megabytes_is_read(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """Its statements stand beside their passages, as those of a pasted text do."""
    document = Document()
    for line in TEXT.splitlines():
        if line.startswith("#"):
            document.add_heading(line.strip("# "), 1 + line.startswith("##"))
        elif line.strip():
            document.add_paragraph(line.replace("**", ""))
    content = BytesIO()
    document.save(content)
    ada = AtTheDesk(stranger, "Ada")
    await ada.open(f"{AT}/")
    files = {"file": ("policy.docx", content.getvalue())}
    await ada.send(ada.form("/begin"), "", files=files, policy="upload_vale")
    assert ada.status == 200
    work = served.desk.store.read("upload_vale").work
    assert sum(piece.path.startswith("stages.") for piece in work.pieces) > 8
    assert "began it from policy.docx" in await ada.open(f"{AT}/upload_vale/history")
