"""The keepers' page of feedback: by statement, answered with a change or a reason."""

from datetime import date
from pathlib import Path

import httpx
import msgspec
import pytest

from bot.core.cards.feedback import Fault, report_on_document
from bot.core.handbook.sources import HEADLINE, Document
from bot.keepers.feedback import AT, DOCUMENTS, FAULTS, FeedbackPages
from bot.keepers.people import EVERY, READER, Keeper, Right
from bot.paths import POLICIES
from bot.privacy.store.database import make_engine
from bot.privacy.store.feedback import answers, count_report
from bot.privacy.store.tables import create_tables
from tests.support.core import handbook, policies
from tests.support.keepers_server import PASSWORD, PASSWORDS, Served, basic

PLACE = "stages[1].to_answer[0]"
KENT = policies()["kent"]
KEY = {"policy": "kent", "statement": PLACE, "section": KENT.stages[1].to_answer[0].source}
FIELDS = {**KEY, "version": KENT.fingerprint}
WRITER = Keeper("Ada", "business manager", {EVERY: frozenset({Right.write})})
REPORT = {**FIELDS, "kind": "advice", "fault": "out_of_date"}


@pytest.fixture
def pages(tmp_path: Path) -> FeedbackPages:
    """The page over two reports on Kent's first limit and one on the guide's own guidance."""
    engine = make_engine(f"sqlite:///{tmp_path}/guide.db")
    create_tables(engine)
    for _ in range(2):
        count_report(engine, REPORT, date(2026, 11, 20))
    own = {"policy": "guidance", "version": "", "statement": "standing.yml: same_day"}
    section = {"section": "Immediate risk of significant harm", "kind": "answer"}
    count_report(engine, {**own, **section, "fault": "unclear"}, date(2026, 11, 21))
    return FeedbackPages(POLICIES, handbook(), engine, lambda: date(2026, 11, 24))


def test_every_fault_that_can_be_told_has_words() -> None:
    """The page and the conversation know the same list."""
    assert set(FAULTS) == set(map(str, Fault))


def test_each_statement_stands_with_its_words_place_and_counts(pages: FeedbackPages) -> None:
    """Those with the most reports first; the guide's own statements too."""
    shown = pages.index(WRITER)
    assert shown.index("2 × out of date") < shown.index("1 × unclear")
    assert KENT.stages[1].to_answer[0].what in shown
    assert PLACE in shown
    assert handbook().safety_guidance.same_day.what[:40] in shown


def test_a_report_on_an_earlier_version_is_said_to_be_one(pages: FeedbackPages) -> None:
    """Its place may hold another statement now, so those words are not shown."""
    count_report(pages.engine, {**REPORT, "version": "older"}, date(2026, 11, 21))
    assert "Of an earlier version of kent" in pages.index(WRITER)


def test_a_report_on_the_words_in_bold_says_so(pages: FeedbackPages) -> None:
    """They stand in no single place of the file."""
    count_report(pages.engine, {**REPORT, "statement": HEADLINE, "section": ""}, date(2026, 11, 21))
    assert "What stands first, in bold" in pages.index(WRITER)


@pytest.mark.parametrize("document", Document)
def test_a_report_on_what_the_guide_made_says_what_it_was(
    pages: FeedbackPages, document: Document
) -> None:
    """A draft, a file, the one page or the situations, of the policy that they were made by."""
    report = report_on_document(document, Fault.wrong_person, policies(), "kent")
    count_report(pages.engine, msgspec.to_builtins(report), date(2026, 11, 21))
    row = pages.index(WRITER).partition(DOCUMENTS[document])[2].partition("</tr>")[0]
    assert KENT.name in row
    assert "1 × wrong person or role" in row


def test_an_answer_is_shown_beside_its_statement(pages: FeedbackPages) -> None:
    """With its day; what is typed stays text."""
    pages.answer({**FIELDS, "decision": "stays", "reason": "Stage 1 says <b>5</b> working days"})
    assert "2026-11-24: Stays as it is. Stage 1 says &lt;b&gt;5&lt;/b&gt;" in pages.index(WRITER)


@pytest.mark.parametrize(
    "wrong",
    [{"statement": "stages[0]"}, {"decision": "ignored"}, {"reason": " "}, {"reason": "x" * 501}],
)
def test_an_answer_that_does_not_fit_is_refused(
    pages: FeedbackPages, wrong: dict[str, str]
) -> None:
    """To a statement that nobody reported, without a decision, or without a reason."""
    with pytest.raises(ValueError, match=r"\w"):
        pages.answer({**FIELDS, "decision": "stays", "reason": "It is right", **wrong})
    assert answers(pages.engine) == {}


@pytest.mark.long
async def test_the_page_needs_the_keepers_password(stranger: httpx.AsyncClient) -> None:
    """Reading and answering both."""
    assert (await stranger.get(f"{AT}/")).status_code == httpx.codes.UNAUTHORIZED
    sent = await stranger.post(f"{AT}/", data={**FIELDS, "decision": "stays", "reason": "right"})
    assert sent.status_code == httpx.codes.UNAUTHORIZED


def test_only_whoever_may_write_a_policy_is_offered_the_form(pages: FeedbackPages) -> None:
    """Others see the counts: with the shared password, or with another policy to keep."""
    other = Keeper("Kit", "business manager", {"pan_dorset": frozenset({Right.write})})
    assert "<form" not in pages.index(READER)
    assert pages.index(WRITER).count("<form") > pages.index(other).count("<form")
    assert "2 × out of date" in pages.index(READER)


async def test_another_sites_form_answers_nothing(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """A browser would sign in by itself; only the page's own form is taken, from its keepers."""
    client, ada = stranger, basic(PASSWORDS["Ada"], "Ada")
    create_tables(served.engine)
    count_report(served.engine, REPORT, date(2026, 11, 20))
    given = {**FIELDS, "decision": "stays", "reason": "The policy says so"}
    other = await client.post(f"{AT}/", data=given, headers={"Sec-Fetch-Site": "cross-site"} | ada)
    assert other.status_code == httpx.codes.FORBIDDEN
    assert answers(served.engine) == {}
    reader = await client.post(f"{AT}/", data=given, headers=basic(PASSWORD))
    assert reader.status_code == httpx.codes.FORBIDDEN
    assert answers(served.engine) == {}
    own = await client.post(f"{AT}/", data=given, headers={"Sec-Fetch-Site": "same-origin"} | ada)
    assert "Stays as it is. The policy says so" in own.text
