"""What is counted of long ago is taken away; what was published of it stays, or goes as well."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.core.policy.loader import load_library
from bot.core.vocabulary import Agency
from bot.figures.comments import CommentBook
from bot.figures.published import NotShownError, PublishedQuarters
from bot.figures.purging import purge_figures
from bot.figures.quarters import Period, Quarter
from bot.figures.report import Comment
from bot.paths import POLICIES
from bot.privacy.store.tables import ENDINGS, ESCALATIONS
from tests.figures.rows import database, figures_row
from tests.support.commands import run_here

TODAY = date(2026, 11, 26)
SPRING, SUMMER, AUTUMN = (Quarter(2026, number) for number in (2, 3, 4))
LIBRARY = load_library(POLICIES)
MONTHS = ("2026-05", "2026-08", "2026-10")


@pytest.fixture(name="engine")
def fixture_engine(tmp_path: Path) -> Iterator[Engine]:
    """Fifty rows of spring, summer and autumn each, in the guide's log and in an agency's own."""
    rows = [
        figures_row(month=month, source=source)
        for month in MONTHS
        for source in ("", "Kent Police")
        for _ in range(50)
    ]
    engine = database(tmp_path, rows)
    ended = {"month": "2026-05", "policy": "kent", "question": "", "conversations": 40}
    with engine.begin() as connection:
        connection.execute(ENDINGS.insert(), ended)
    yield engine
    engine.dispose()


def published(engine: Engine) -> PublishedQuarters:
    """The published figures as a guide that has just started reads them, unchanged by chance."""
    return PublishedQuarters(engine, LIBRARY, lambda: TODAY, lambda: 0)


def months(engine: Engine) -> set[str]:
    """The months of which there are rows or endings."""
    with engine.connect() as connection:
        queries = (sa.select(ESCALATIONS.c.month), sa.select(ENDINGS.c.month))
        return {month for query in queries for month in connection.execute(query).scalars()}


def test_rows_go_and_what_is_published_stays(engine: Engine) -> None:
    """Also of a quarter that nobody had read, of an agency's log, and after a restart."""
    done = purge_figures(engine, published(engine), date(2026, 7, 1), TODAY, all_of_it=False)
    assert (done.rows, done.quarters, done.stays) == (100, (SPRING,), ())
    assert months(engine) == {"2026-08", "2026-10"}
    now, log = (
        found
        for found in published(engine).periods_back("kent", Period(SPRING))
        if found.period == Period(SPRING)
    )
    assert (now.total, log.source, log.total) == (50, "Kent Police", 50)
    assert now.tables["endings"].counts["no_question"] == 40
    assert Period(SPRING) in published(engine).periods()


def test_all_of_it_goes_when_that_is_asked_for(engine: Engine) -> None:
    """With the comments and contacts beside it; later quarters stay as they were published."""
    before = published(engine).periods_back("kent", Period(SUMMER))[0]
    book = CommentBook(engine, str)
    for quarter in (SPRING, SUMMER):
        book.keep("kent", Period(quarter), "report", Comment("Read in the group."))
        book.keep_contacts("kent", Period(quarter), {Agency.police: 70})
    done = purge_figures(engine, published(engine), date(2026, 7, 1), TODAY, all_of_it=True)
    assert done.published > 0
    with pytest.raises(NotShownError, match="not in use"):
        published(engine).find_period("kent", str(SPRING))
    assert not book.of("kent", Period(SPRING))
    assert not book.contacts("kent", Period(SPRING))
    assert book.of("kent", Period(SUMMER))
    assert book.contacts("kent", Period(SUMMER)) == {"police": 70}
    assert published(engine).periods_back("kent", Period(SUMMER))[0].tables == before.tables


@pytest.mark.parametrize(
    ("before", "quarters", "stays"),
    [
        (date(2026, 6, 30), (), ()),
        (date(2026, 7, 1), (SPRING,), ()),
        (date(2026, 10, 1), (SPRING, SUMMER), ()),
        (date(2030, 1, 1), (SPRING, SUMMER), (AUTUMN,)),
    ],
)
def test_only_whole_quarters_that_stand_still_go(
    engine: Engine, before: date, quarters: tuple[Quarter, ...], stays: tuple[Quarter, ...]
) -> None:
    """A quarter that is still counted stays whatever day is named."""
    done = purge_figures(engine, published(engine), before, TODAY, all_of_it=False)
    assert (done.quarters, done.stays) == (quarters, stays)
    assert "2026-10" in months(engine)


def test_the_command_says_what_went_and_what_stays(engine: Engine, tmp_path: Path) -> None:
    """A second time there is nothing more; a day that is none is refused."""
    settings = {
        "ESCALATION_GUIDE_TODAY": TODAY.isoformat(),
        "ESCALATION_GUIDE_DATABASE": str(engine.url),
    }
    purge = ("figures", "purge", "--before")
    done = run_here(*purge, "2027-01-01", folder=tmp_path, **settings)
    assert done.returncode == 0, done.stderr
    assert "Taken away of 2026-Q2 and 2026-Q3: 200 rows" in done.stdout
    assert "What is published of them stays." in done.stdout
    assert "2026-Q4 ended before that day and is not shown yet" in done.stdout
    all_of_it = run_here(*purge, "2026-10-01", "--published", folder=tmp_path, **settings)
    assert "with the comments and contacts beside it" in all_of_it.stdout
    again = run_here(*purge, "2026-10-01", folder=tmp_path, **settings)
    assert again.stdout.strip() == "Nothing is kept of quarters that ended before that day."
    assert run_here(*purge, "last year", folder=tmp_path, **settings).returncode == 2
