"""The file of an agency log: how cells are read, and how a wrong file is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.conversation.figures import AnswerTiming, Helped, Learned, Row
from bot.core.conversation.row import limits_on_answers
from bot.core.policy.loader import load_library
from bot.core.vocabulary import Agency, Disagreement, Level, Route
from bot.figures.agency_log import MOST_DAYS, AgencyLog, read_log
from bot.figures.agency_log_file import COLUMNS, Fault, WrongLogError, log_wording
from bot.paths import POLICIES, ROOT

LIBRARY = load_library(POLICIES)
TODAY = date(2026, 11, 26)


def read_file(content: bytes) -> AgencyLog:
    """The rows of a file, read on TODAY."""
    return read_log(content, LIBRARY, TODAY)


def log_file(*rows: dict[str, str], delimiter: str = ",") -> bytes:
    """A file with the columns of its rows; rows default to Kent in September."""
    full = [{"month": "2026-09", "policy": "kent"} | row for row in rows]
    names = list(dict.fromkeys(name for row in full for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in full)]
    return "\r\n".join(delimiter.join(line) for line in lines).encode()


def faults_of(content: bytes) -> list[tuple[int, str, str]]:
    """The faults of a file that is refused."""
    with pytest.raises(WrongLogError) as told:
        read_file(content)
    return [(fault.row, fault.column, fault.what) for fault in told.value.faults]


def test_a_whole_row_is_read() -> None:
    """Every column of a row is read."""
    whole = {
        "disagreement": "threshold",
        "raiser": "education",
        "receiver": "childrens_social_care",
        "stage": "1",
        "settled": "yes",
        "answered": "late",
        "helped": "meeting",
        "learned": "roles",
        "days_practitioner": "3",
        "days_line_manager": "12",
    }
    assert read_file(log_file(whole)).rows == (
        Row(
            month="2026-09",
            policy="kent",
            route=Route.resolved,
            disagreement=Disagreement.threshold,
            raiser=Agency.education,
            receiver=Agency.childrens_social_care,
            stage=1,
            level=Level.line_manager,
            days={Level.practitioner: 3, Level.line_manager: 12},
            answered={Level.line_manager: AnswerTiming.late},
            settled=Level.line_manager,
            helped=Helped.meeting,
            learned=Learned.roles,
        ),
    )


def test_an_empty_cell_counts_as_not_known() -> None:
    """So does a dash or "not known"; only month and policy are required."""
    bare = Row(month="2026-09", policy="kent", route=Route.staged)
    assert read_file(log_file({})).rows == (bare,)
    empty = {"stage": "-", "raiser": "not known", "settled": "No", "days_director": "n/a"}
    assert read_file(log_file(empty)).rows == (bare,)


@pytest.mark.parametrize(
    "month",
    ["2026-09", "Sep-26", "sep 26", "Sep 2026", "September 2026", "09/2026", "14/09/2026",
     "4/9/26", "2026-09-14"],
)  # fmt: skip
def test_a_month_is_read_as_people_and_spreadsheets_write_it(month: str) -> None:
    """Of a date only the month is kept, and the day comes first as in Britain."""
    assert [row.month for row in read_file(log_file({"month": month})).rows] == ["2026-09"]


@pytest.mark.parametrize("month", ["13/2026", "32/01/2026", "09/14/2026", "autumn", "2026", "9"])
def test_a_cell_that_is_not_a_month_is_refused(month: str) -> None:
    """The fault says how a month is written."""
    assert faults_of(log_file({}, {"month": month})) == [(3, "month", log_wording()["month"])]


def test_a_month_in_the_future_or_long_ago_is_refused() -> None:
    """The current month may be loaded."""
    assert read_file(log_file({"month": "2026-11"})).rows
    assert faults_of(log_file({"month": "2026-12"})) == [(2, "month", log_wording()["month_late"])]
    early = log_wording()["month_early"].format(year=2000)
    assert faults_of(log_file({"month": "1999-12"})) == [(2, "month", early)]


@pytest.mark.parametrize("policy", LIBRARY.newest().values(), ids=lambda one: one.id)
def test_every_stage_can_be_named_as_its_policy_does(policy: object) -> None:
    """Its number, label or level is read, in every policy."""
    found = LIBRARY.newest()[policy.id]  # type: ignore[attr-defined]
    for stage in found.stages:
        for name in (str(stage.number), stage.label.upper(), str(stage.level)):
            (row,) = read_file(log_file({"policy": found.name, "stage": name})).rows
            assert (row.policy, row.stage, row.level) == (found.id, stage.number, stage.level)
            limited = limits_on_answers(stage)
            assert row.answered == ({stage.level: AnswerTiming.not_known} if limited else {})


def test_names_used_in_the_conversation_are_read() -> None:
    """So are other delimiters and Excel's own encoding."""
    named = {"raiser": "Youth justice", "receiver": "Children’s social care"}
    for content in (
        log_file(named),
        log_file(named, delimiter=";"),
        log_file(named, delimiter="\t"),
    ):
        for written in (content, b"\xef\xbb\xbf" + content, content.decode().encode("cp1252")):
            (row,) = read_file(written).rows
            assert (row.raiser, row.receiver) == (
                Agency.youth_justice,
                Agency.childrens_social_care,
            )


def test_only_an_area_of_the_policy_is_read() -> None:
    """Its id or name is read; a policy without areas accepts none."""
    policy = next(one for one in LIBRARY.newest().values() if one.member_areas())
    area = policy.member_areas()[0]
    for name in (area.id, area.name):
        (row,) = read_file(log_file({"policy": policy.id, "area": name})).rows
        assert row.area == area.id
    faults = faults_of(log_file({"policy": policy.id, "area": "Narnia"}))
    assert faults[0][:2] == (2, "area")
    assert area.id in faults[0][2]


def test_rows_the_guide_counted_itself_are_left_out() -> None:
    """They are counted, so that nobody misses them."""
    log = read_file(log_file({"guide": "yes"}, {"guide": "no"}, {}))
    assert (len(log.rows), log.by_guide) == (2, 1)


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        ({"policy": "narnia"}, "policy", "policy"),
        ({"policy": ""}, "policy", "policy"),
        ({"disagreement": "weather"}, "disagreement", "not_listed"),
        ({"raiser": "Mrs Jones"}, "raiser", "not_listed"),
        ({"receiver": "=HYPERLINK(A1)"}, "receiver", "formula"),
        ({"month": "=TODAY()"}, "month", "formula"),
        ({"days_practitioner": "+1"}, "days_practitioner", "formula"),
        ({"stage": "9"}, "stage", "not_listed"),
        ({"settled": "perhaps"}, "settled", "not_listed"),
        ({"settled": "yes"}, "settled", "needs_stage"),
        ({"answered": "late"}, "answered", "needs_stage"),
        ({"answered": "no_limit", "stage": "1"}, "answered", "not_listed"),
        ({"answered": "late", "stage": "0"}, "answered", "no_limit"),
        ({"answered": "waiting", "stage": "1", "settled": "yes"}, "answered", "awaited"),
        ({"helped": "meeting", "stage": "1"}, "helped", "only_settled"),
        ({"learned": "roles"}, "learned", "only_settled"),
        ({"days_practitioner": "1.5", "stage": "1"}, "days_practitioner", "days"),
        ({"days_practitioner": "-1", "stage": "1"}, "days_practitioner", "days"),
        ({"days_practitioner": "1000", "stage": "1"}, "days_practitioner", "days"),
        ({"days_practitioner": "9" * 5000, "stage": "1"}, "days_practitioner", "days"),
        ({"days_practitioner": "²", "stage": "1"}, "days_practitioner", "days"),
        ({"days_practitioner": "3"}, "days_practitioner", "days_not_reached"),
        ({"days_director": "3", "stage": "1"}, "days_director", "days_not_reached"),
        ({"days_line_manager": "3", "stage": "1"}, "days_line_manager", "days_not_left"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(
    row: dict[str, str], column: str, what: str
) -> None:
    """The fault says what would be right and never repeats the cell, which may be a name."""
    faults = faults_of(log_file({}, row))
    assert [fault[:2] for fault in faults] == [(3, column)]
    assert faults[0][2].split("{")[0].startswith(log_wording()[what].split("{")[0])
    assert not row[column] or len(row[column]) < 3 or row[column] not in faults[0][2]


def test_every_fault_of_a_file_is_listed_at_once() -> None:
    """They are sorted by row and column; a row with line breaks counts as one."""
    broken = {"disagreement": '"a\nb"', "month": "spring"}
    faults = faults_of(log_file({"stage": "9"}, {}, broken, {"raiser": "x"}))
    assert [fault[:2] for fault in faults] == [
        (2, "stage"),
        (4, "month"),
        (4, "disagreement"),
        (5, "raiser"),
    ]


@pytest.mark.parametrize(
    ("content", "row", "column", "what"),
    [
        (b"", 1, "month", "missing_column"),
        (b"policy\r\nkent\r\n", 1, "month", "missing_column"),
        (b"month,policy,child's name\r\n2026-09,kent,A\r\n", 1, "child's_name", "unknown_column"),
        (b"month,policy,month\r\n2026-09,kent,A\r\n", 1, "month", "twice"),
        (b"month,policy\r\n", 1, "", "empty"),
        (b"month,policy\r\n,\r\n", 1, "", "empty"),
        (b"month,policy\r\n2026-09,kent,3\r\n", 2, "", "too_long"),
        (b"PK\x03\x04 a workbook", 1, "", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 1, "", "workbook"),
        ("month,policy\n".encode("utf-16"), 1, "", "workbook"),
        (b'month,policy\r\n"' + b"a" * 200_000, 1, "", "not_csv"),
    ],
)
def test_a_file_that_is_not_a_log_is_refused(
    content: bytes, row: int, column: str, what: str
) -> None:
    """The fault says what the file is and how to save a log."""
    assert (row, column, log_wording()[what]) in faults_of(content)


def test_empty_columns_and_rows_do_no_harm() -> None:
    """Spreadsheets leave them behind deleted cells."""
    assert len(read_file(b"month,policy,,\r\n\r\n2026-09,kent,,\r\n,,,\r\n").rows) == 1


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=12), max_size=6))
def test_any_cell_gives_a_row_or_a_fault(cells: dict[str, str]) -> None:
    """Whatever a cell holds, a fault names its row and column."""
    row = {name: '"' + text.replace('"', '""') + '"' for name, text in cells.items()}
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    try:
        rows = read_file(log_file(row)).rows
    except WrongLogError as error:
        faults = error.faults
    assert all(fault.row and fault.what for fault in faults)
    assert all(0 <= days <= MOST_DAYS for one in rows for days in one.days.values())


def test_the_guide_to_the_figures_names_every_column() -> None:
    """It has the columns in the order and words of the command."""
    told = (ROOT / "docs/figures.md").read_text(encoding="utf-8")
    section = told.partition("## An agency log")[2]
    listed = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert listed == list(COLUMNS) == list(log_wording()["columns"])
