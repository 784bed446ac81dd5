"""What the group sets beside its figures: comment and action, and contacts or referrals."""

from datetime import date
from html import unescape
from pathlib import Path

import httpx
import pytest
from docx import Document

from bot.core.policy.loader import load_library
from bot.figures.comments import MOST_LETTERS, WHOLE, CommentBook
from bot.figures.published import NotShownError, PublishedQuarters
from bot.figures.quarters import Period, Quarter
from bot.figures.report import Comment
from bot.keepers.figures_page import FigurePages, WrongCommentError
from bot.paths import POLICIES
from bot.privacy.store.database import make_engine
from tests.figures.rows import database, figures_row
from tests.support.keepers_server import PASSWORD, PASSWORDS, Served, basic

AT = ("kent", "2026-Q3")
SUMMER = Period(Quarter(2026, 3))
SAID = Comment("More came back than before.", "We meet the front door in May. <b>")


def without_names(text: str) -> str:
    """Stands in for masking: it takes one name out."""
    return text.replace("Jones", "[name]")


@pytest.fixture(name="pages")
def fixture_pages(tmp_path: Path) -> FigurePages:
    """The pages of a summer with 60 escalations."""
    engine = database(tmp_path, [figures_row(month="2026-08") for _ in range(60)])
    published = PublishedQuarters(
        engine, load_library(POLICIES), lambda: date(2026, 11, 26), lambda: 0
    )
    return FigurePages(published, CommentBook(engine, without_names))


@pytest.mark.long
def test_a_comment_stands_beside_its_table_and_in_the_report(
    pages: FigurePages, tmp_path: Path
) -> None:
    """With the action, as text and never as markup, and after a restart too."""
    page = pages.keep_comment(*AT, "raiser", SAID)
    assert "What we will do:</strong> We meet the front door in May. &lt;b&gt;" in page
    after = page.partition("<h2>Which agency raised them</h2>")[2]
    assert SAID.comment in after.partition("<h2>")[0]
    (tmp_path / "report.docx").write_bytes(pages.word(*AT))
    texts = [one.text for one in Document(str(tmp_path / "report.docx")).paragraphs]
    assert f"What we will do: {SAID.action}" in texts
    again = CommentBook(make_engine(f"sqlite:///{tmp_path}/figures.db"), without_names)
    assert again.of("kent", SUMMER) == {"raiser": SAID}
    assert again.of("kent", SUMMER.before) == again.of("pan_dorset", SUMMER) == {}


def test_a_comment_changes_no_figure(pages: FigurePages) -> None:
    """It is written over, and an empty one takes it away."""
    before = pages.csv(*AT)
    pages.keep_comment(*AT, WHOLE, SAID)
    pages.keep_comment(*AT, WHOLE, Comment("Another word.", ""))
    assert "Another word." in pages.report(*AT)
    assert SAID.comment not in pages.report(*AT)
    pages.keep_comment(*AT, WHOLE, Comment(" ", ""))
    assert pages.comments
    assert pages.comments.of("kent", SUMMER) == {}
    assert pages.csv(*AT) == before


def test_no_name_in_a_comment_is_kept(pages: FigurePages) -> None:
    """It is masked before it reaches the database; the form asks for none."""
    page = pages.keep_comment(*AT, "raiser", Comment("Mrs Jones rang.", "Thank Mrs Jones."))
    assert "Jones" not in page
    assert pages.comments
    assert "Jones" not in str(pages.comments.of("kent", SUMMER))
    form = unescape(pages.comment_form(*AT, "raiser"))
    assert "Do not write a name" in form
    assert "Mrs [name] rang.</textarea>" in form


def test_what_cannot_be_kept_is_refused(pages: FigurePages) -> None:
    """A table that is not there, a text that is too long, or where nothing can be written."""
    with pytest.raises(NotShownError, match="no table 'shoes'"):
        pages.keep_comment(*AT, "shoes", SAID)
    with pytest.raises(WrongCommentError, match=str(MOST_LETTERS)):
        pages.keep_comment(*AT, "raiser", Comment("x" * (MOST_LETTERS + 1)))
    with pytest.raises(NotShownError):
        FigurePages(pages.published).keep_comment(*AT, "raiser", SAID)
    assert "/comment" not in FigurePages(pages.published).report(*AT)


@pytest.mark.long
def test_escalations_stand_beside_the_contacts_that_each_agency_made(
    pages: FigurePages, tmp_path: Path
) -> None:
    """On the page and in the Word report, with a rate; silent agencies with what they made."""
    page = unescape(
        pages.keep_contacts(*AT, {"education": "1,200", "police": "800", "housing": " "})
    )
    after = page.partition("<h2>Escalations beside contacts or referrals</h2>")[2]
    told, table = after.partition("<h2>")[0].split("<table", 1)
    assert "the most escalations came from “School, college or other education” (about 50)" in told
    assert "Few, or none, came from: Police (800 contacts or referrals)." in told
    assert "<td>1200</td><td>60</td><td>50</td>" in table
    assert "<td>800</td><td>few</td><td>few</td>" in table
    assert "Housing" not in table
    (tmp_path / "report.docx").write_bytes(pages.word(*AT))
    cells = [
        [cell.text for cell in row.cells]
        for each in Document(str(tmp_path / "report.docx")).tables
        for row in each.rows
    ]
    assert ["School, college or other education", "1200", "60", "50"] in cells
    form = pages.contacts_form(*AT)
    assert 'name="education"' in form
    assert 'value="1200"' in form
    assert "beside contacts or referrals</h2>" not in pages.keep_contacts(*AT, {})


def test_contacts_of_another_period_or_policy_stand_elsewhere(pages: FigurePages) -> None:
    """Entered for one, they are in no other, and change no figure of the guide."""
    before = pages.csv(*AT)
    pages.keep_contacts(*AT, {"education": "1200"})
    assert pages.comments
    assert pages.comments.contacts("kent", SUMMER) == {"education": 1200}
    assert pages.comments.contacts("kent", SUMMER.before) == {}
    assert pages.comments.contacts("pan_dorset", SUMMER) == {}
    assert pages.csv(*AT) == before


@pytest.mark.parametrize(
    "wrong", ["4", "0", "-7", "many", "1.5", "1000001", "9" * 5000, "\u0667\u0667"]
)
def test_what_is_no_number_of_contacts_is_refused(pages: FigurePages, wrong: str) -> None:
    """With the agency's name and what would be right; nothing is kept."""
    with pytest.raises(WrongCommentError, match="Police: enter a whole number from 5"):
        pages.keep_contacts(*AT, {"education": "50", "police": wrong})
    assert pages.comments
    assert pages.comments.contacts("kent", SUMMER) == {}


async def test_only_whoever_may_write_a_policy_comments_on_its_figures(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """Not with the shared password, and from no other site's page."""
    (period, *_) = served.figures.published.periods()
    at, said = f"/keepers/figures/kent/{period}/{WHOLE}/comment", {"comment": "Seen."}
    numbers = f"/keepers/figures/kent/{period}/contacts"
    elsewhere = {"Origin": "https://elsewhere.example"}
    for headers in (basic(PASSWORD), basic(PASSWORDS["Ada"], "Ada") | elsewhere):
        refused = await stranger.post(at, data=said, headers=headers)
        assert refused.status_code == httpx.codes.FORBIDDEN
        refused = await stranger.post(numbers, data={"police": "70"}, headers=headers)
        assert refused.status_code == httpx.codes.FORBIDDEN
    ada = basic(PASSWORDS["Ada"], "Ada")
    assert "Seen." in (await stranger.post(at, data=said, headers=ada)).text
    await stranger.post(numbers, data={"police": "70"}, headers=ada)
    assert 'value="70"' in (await stranger.get(numbers, headers=ada)).text
