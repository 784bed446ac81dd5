"""The sentences of a report say what its tables show, whatever they show."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.policy.loader import load_library
from bot.core.policy.model import Policy
from bot.core.vocabulary import Agency
from bot.figures.cells import UNKNOWN
from bot.figures.chance import FEW_AT_MOST
from bot.figures.counting import count_quarter
from bot.figures.files import csv_rows
from bot.figures.quarters import Period, Quarter, period_named
from bot.figures.report import CHANGED, Comment, ReportSection, period_report
from bot.figures.shown import CountTable, Figures, PublishedTable, add_up
from bot.paths import POLICIES
from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import create_figures
from tests.support.rounds import rounds

POLICIES_NOW = load_library(POLICIES).newest()
KENT = POLICIES_NOW["kent"]
YEAR = Period(Quarter(2026, 3), year=True)
NUMBER = re.compile(r"\babout (\d+)\b", re.IGNORECASE)


def empty_tables(policy: Policy = KENT, source: str = "") -> list[PublishedTable]:
    """The tables of a quarter in which nothing was counted."""
    engine = make_engine("sqlite://")
    create_figures(engine)
    with engine.begin() as connection:
        counted = count_quarter(connection, (policy.id, Quarter(2026, 3)), policy, source)
        found = [PublishedTable(table.shape, table.counts) for table in counted]
    engine.dispose()
    return found


TABLES = empty_tables()
SPREADS = [(-6, 12), (-6, 400), (-3, 4), (8, 22), (40, 40)]


@st.composite
def figures(draw: st.DrawFn, period: Period = YEAR, source: str = "") -> Figures:
    """Figures with any counts at all: many alike, few, none, or large."""
    drawing, tables = random.Random(draw(st.integers(0, 10**6))), []  # noqa: S311 - a test's
    for table in TABLES:
        least, most = draw(st.sampled_from(SPREADS))
        counts = {value: drawing.randint(least, most) for value in table.counts}
        tables.append(PublishedTable(table.shape, counts))
    return Figures("kent", period, add_up([tuple(tables)]), source)


def told(**counts: dict[str, int]) -> Figures:
    """Figures of a year with these counts, and zeros in all other cells."""
    tables = tuple(
        PublishedTable(table.shape, {**table.counts, **counts.get(table.shape.key, {})})
        for table in TABLES
    )
    return Figures("kent", YEAR, add_up([tables]))


def section(key: str, *found: Figures) -> ReportSection:
    """The section of a table."""
    report = period_report("Kent", found)
    return next(each for each in report.sections if each.key == key)


def shown_beside(section: ReportSection) -> Iterator[int]:
    """Every number that stands in a section's table."""
    for line in section.lines:
        yield from (count for count in line.counts if count is not None)
    yield from (count for count in section.totals if count is not None)


@pytest.mark.long
@settings(max_examples=rounds(400, 40), deadline=None)
@given(figures(), figures(YEAR.before), figures(source="City Trust"))
def test_every_number_in_a_sentence_stands_in_its_table(
    now: Figures, before: Figures, log: Figures
) -> None:
    """And a table of which everything is few has no section."""
    report = period_report("Kent", [now, before, log])
    for each in report.sections:
        beside = set(shown_beside(each))
        quoted = {int(number) for number in NUMBER.findall(_without_share(each.sentence))}
        assert quoted <= beside, (each.key, each.sentence)
        assert beside
        assert not re.search(r"\bNone\b(?! stands out)", each.sentence)
        assert "{" not in each.sentence
    shown_titles = {each.title for each in report.sections}
    assert not shown_titles & set(report.few)
    tables = {table.shape.title for table in TABLES} - {"Escalations and what is counted apart"}
    assert shown_titles | set(report.few) == tables


def _without_share(sentence: str) -> str:
    return re.sub(r"(about|between) [\d and]+ in 100", "", sentence)


@settings(max_examples=rounds(400, 40), deadline=None)
@given(figures())
def test_what_a_sentence_calls_most_frequent_is_so_in_its_table(now: Figures) -> None:
    """No row that is known and shown is more frequent, nor one step less and left out."""
    for each in period_report("Kent", [now]).sections:
        table = now.tables[each.key]
        named = [
            value
            for value, label in table.shape.cells.items()
            if re.search(rf"“{re.escape(label)}” \(about", each.sentence)
        ]
        if not named:
            continue
        known = {
            value: count or 0
            for value, count in table.counts.items()
            if value not in {UNKNOWN, "not_known"}
        }
        most = max(known.values())
        assert {value for value, count in known.items() if count >= most - 5} == set(named)
        assert most >= 10


@settings(max_examples=rounds(400, 40), deadline=None)
@given(figures(), figures(YEAR.before))
def test_what_is_said_to_have_changed_has(now: Figures, before: Figures) -> None:
    """By more than chance, and in the direction that the two numbers show."""
    report = period_report("Kent", [now, before])
    assert report.changes
    for change in report.changes:
        if change.startswith("No number changed"):
            assert len(report.changes) == 1
            continue
        after, _, earlier = change.rpartition(": ")[2].partition(", and ")
        numbers = [int((re.findall(r"about (\d+)", part) or ["0"])[0]) for part in (after, earlier)]
        assert abs(numbers[0] - numbers[1]) >= CHANGED


def test_a_table_is_of_those_in_the_quarters_that_had_it() -> None:
    """What was not asked yet in the year's first quarters is not read as an answer left open."""
    asked = told(settled={"yes": 30}, decision={"changed": 20, "changed_in_part": 5})
    assert section("decision", asked).sentence == (
        "Of about 30 known to be settled, the decision was changed in about 20, changed in part in "
        "about 5 and stayed as it was in few. Few did not say."
    )
    quarters = [
        tuple(
            PublishedTable(table.shape, {**table.counts, "yes": 30})
            if table.shape.key == "settled"
            else table
            for table in TABLES
            if with_it or table.shape.key != "decision"
        )
        for with_it in (True, False, False)
    ]
    assert add_up(quarters)["decision"].total == 30
    assert add_up(quarters)["helped"].total == 90


@settings(max_examples=rounds(400, 40), deadline=None)
@given(figures(), st.dictionaries(st.sampled_from(Agency), st.integers(5, 5000), min_size=1))
def test_rates_are_made_of_shown_numbers_and_named_only_where_chance_leaves_them(
    now: Figures, contacts: dict[Agency, int]
) -> None:
    """Whoever divides back finds the number in the table, and no tie is told as a difference."""
    report = period_report("Kent", [now], contacts=contacts)
    beside = next(each for each in report.sections if each.key == "contacts")
    raised = now.tables["raiser"]
    assert {line.label for line in beside.lines} == {raised.shape.cells[one] for one in contacts}
    for line, one in zip(beside.lines, [one for one in Agency if one in contacts], strict=True):
        made, count, rate = line.counts
        assert (made, count) == (contacts[one], raised.counts[one])
        assert rate == (None if count is None else round(1000 * count / contacts[one]))
    lowest = {
        line.label: ((line.counts[1] or 5) - 5) / (line.counts[0] or 1) for line in beside.lines
    }
    highest = {
        line.label: ((line.counts[1] or 2) + 5) / (line.counts[0] or 1) for line in beside.lines
    }
    named = {label for label in lowest if f"“{label}” (" in beside.sentence}
    for label in set(lowest) - named if named else ():
        assert highest[label] < max(lowest.values())


def test_the_share_in_time_is_of_those_that_had_a_limit_and_are_known() -> None:
    """Neither of all escalations, nor of those whose answer nobody told or still awaits."""
    found = told(
        counted={"escalations": 200},
        answered_line_manager={
            "in_time": 30, "late": 6, "overdue": 4, "waiting": 20, "not_known": 90,
        },
    )  # fmt: skip
    said = section("answered_line_manager", found).sentence
    assert said.startswith("In time: about 30. After the limit: about 5. Still open though the")
    assert "Of those of which it is known, between 70 and 90 in 100 were in time." in said
    few = told(answered_line_manager={"in_time": 8, "late": 6, "waiting": 90})
    assert "too few for a share" in section("answered_line_manager", few).sentence
    none = told(answered_line_manager={"in_time": 2, "late": 60})
    assert "between 0 and 10 in 100" in section("answered_line_manager", none).sentence
    all_known = told(answered_line_manager={"in_time": 30, "late": 15, "overdue": 15})
    assert "about 50 in 100" in section("answered_line_manager", all_known).sentence


@pytest.mark.parametrize("late", range(FEW_AT_MOST + 1))
@pytest.mark.parametrize("overdue", range(FEW_AT_MOST + 1))
def test_what_is_few_is_not_taken_for_none_in_a_share(late: int, overdue: int) -> None:
    """Whatever few stands for, the share that it makes lies between the two that are told."""
    said = section("answered_line_manager", told(answered_line_manager={"in_time": 20})).sentence
    least, most = map(int, re.findall(r"between (\d+) and (\d+) in 100", said)[0])
    assert least - 5 <= 100 * 20 / (20 + late + overdue) <= most + 5


def test_no_total_is_a_sum_of_changed_rows() -> None:
    """Where nothing was counted that a table shares out, it has no total on page or in files."""
    found = told(
        endings={"no_question": 60},
        answered_line_manager={"in_time": 20},
        days_practitioner={"2": 30},
    )
    for key in ("endings", "answered_line_manager", "days_practitioner"):
        assert section(key, found).totals == ()
    rows = {(row[3], row[4]) for row in csv_rows(found)}
    assert {table for table, value in rows if value == "all"} == {
        table.shape.key for table in TABLES if table.shape.of
    }


def test_the_usual_end_of_a_conversation_is_no_flight_from_a_question() -> None:
    """It is a row like any other: without it the sentence would blame the second."""
    found = told(endings={"no_question": 48, "risk": 16, "partnership": 16})
    said = section("endings", found)
    assert any(line.label == "After the advice, or with no question open" for line in said.lines)
    assert "most ended: “After the advice, or with no question open” (about 50)" in said.sentence


def test_agencies_from_which_few_came_are_named() -> None:
    """Few and none are not told apart, and the reader is asked for contacts or referrals."""
    said = section("raiser", told(counted={"escalations": 60}, raiser={"education": 60})).sentence
    assert "Few, or none, came from: Children's social care, Health, Police, " in said
    assert "School, college or other education, " not in said.partition("Few, or none")[2]
    assert "contacts or referrals" in said


def test_a_small_quarter_is_read_in_its_year() -> None:
    """Its tables would hold little but chance; the year has them all."""
    quarter = Period(Quarter(2026, 3))
    small = Figures("kent", quarter, told(counted={"escalations": 30}).tables)
    report = period_report("Kent", [small])
    assert (report.sections, report.instead) == ((), Period(Quarter(2026, 3), year=True))
    assert "too few for a quarter" in report.sentence
    large = Figures("kent", quarter, told(counted={"escalations": 60}).tables)
    assert period_report("Kent", [large]).instead is None
    year = told(counted={"escalations": 30}, raiser={"education": 25})
    assert period_report("Kent", [year]).instead is None
    assert [each.key for each in period_report("Kent", [year]).sections] == ["raiser"]


def test_a_log_beside_may_hold_the_same_escalations() -> None:
    """Nobody is invited to add them up."""
    log = Figures("kent", YEAR, add_up([tuple(empty_tables(source="City Trust"))]), "City Trust")
    now = told(counted={"escalations": 60}, draft={"yes": 30})
    report = period_report("Kent", [now, log])
    assert "City Trust holds few; some of them may be counted above as well" in (report.sentence)
    (drafts,) = (each for each in report.sections if each.key == "draft")
    assert len(drafts.columns) == 1


def test_the_groups_comment_stands_beside_its_table() -> None:
    """And only there."""
    said = Comment("More referrals came back.", "We will meet the front door.")
    now = told(counted={"escalations": 60}, raiser={"education": 60}, receiver={"police": 60})
    report = period_report("Kent", [now], comments={"raiser": said})
    assert [each.key for each in report.sections if each.said != Comment()] == ["raiser"]


@pytest.mark.parametrize(
    ("lost", "told"), [(0, ""), (3, "fewer than 5 entries"), (7, "about 7 entries")]
)
def test_losses_are_told_in_the_same_words(lost: int, told: str) -> None:
    """Below 5 they are few."""
    sentence = period_report("Kent", [Figures("kent", YEAR, {})], lost).sentence
    assert told in sentence
    assert ("could not be kept" in sentence) is bool(lost)


def test_a_table_that_adds_up_quarters_adds_what_was_published() -> None:
    """Below zero as well: what was cut off would make a year too large."""
    shape = TABLES[1].shape
    one, other = (PublishedTable(shape, {"threshold": count}) for count in (12, -4))
    counted = PublishedTable(TABLES[0].shape, {"escalations": 8})
    found = add_up([(counted, one), (counted, other)])[shape.key]
    assert found == CountTable(shape, 15, {**dict.fromkeys(shape.cells), "threshold": 10})


@pytest.mark.parametrize(
    ("name", "words", "quarters"),
    [
        ("2026-Q3", "July to September 2026", ["2026-Q3"]),
        ("2026-27", "April 2026 to March 2027", ["2027-Q1", "2026-Q4", "2026-Q3", "2026-Q2"]),
        ("2026-Q4-year", "January to December 2026", ["2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1"]),
        ("2026-Q1-year", "April 2025 to March 2026", ["2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2"]),
    ],
)
def test_a_period_is_a_quarter_or_a_year(name: str, words: str, quarters: list[str]) -> None:
    """A year runs from April to March, or up to any quarter."""
    period = period_named(name)
    assert period is not None
    assert period.in_words() == words
    assert list(map(str, period.quarters)) == quarters
    assert not set(period.quarters) & set(period.before.quarters)


@pytest.mark.parametrize(
    "name", ["2026", "2026-28", "2026-Q5", "26-27", "2026-Q3-years", "", "9999"]
)
def test_what_names_no_period_is_none(name: str) -> None:
    """Nor does half of one."""
    assert period_named(name) is None


def rows_of(section: ReportSection) -> dict[str, Any]:
    """The rows of a section by their label."""
    return {line.label: line.counts for line in section.lines}


def test_of_pairs_only_the_frequent_have_a_row() -> None:
    """Of so many some would be shown by chance alone."""
    found = told(
        counted={"escalations": 60},
        pair={"education>childrens_social_care": 40, "police>housing": 8},
    )
    assert list(rows_of(section("pair", found)).values()) == [(40,)]
