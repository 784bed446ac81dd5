"""The published figures as a report: titles, sentences, and four quarters side by side."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from bot.figures.cells import OTHER, UNKNOWN, YES, TableShape
from bot.figures.counting import CountTable, Figures
from bot.figures.quarters import Quarter, quarter_of
from bot.figures.words import words

NOT_KNOWN = {UNKNOWN, OTHER}
SIDE_BY_SIDE = 4
SHOWN_BACK = 8
"""The number of past quarters on offer."""
ALONE = "month"
"""The table whose cells differ from quarter to quarter."""


class ReportLine(msgspec.Struct, frozen=True):
    """A row of a section: a count for each quarter, None where it is not shown."""

    label: str
    counts: tuple[int | None, ...]
    rest: bool = False


class ReportSection(msgspec.Struct, frozen=True):
    """A table with its sentence. Its columns are quarters, newest first, then agency logs.

    The column of an agency log has its figures of this quarter, which are in no other column.
    `drawn` are the columns of the chart, each with its look, which is the same in every chart.
    """

    key: str
    title: str
    sentence: str
    columns: tuple[str, ...] = ()
    lines: tuple[ReportLine, ...] = ()
    totals: tuple[int | None, ...] = ()
    note: str = ""
    drawn: tuple[tuple[int, int], ...] = ()


class QuarterReport(msgspec.Struct, frozen=True):
    """The report of a policy up to a quarter."""

    policy: str
    quarter: Quarter
    title: str
    sentence: str
    sections: tuple[ReportSection, ...]
    not_shown: tuple[str, ...]
    """The titles of the tables that cannot be shown for this quarter."""
    other_help: ReportSection


def quarters_shown(today: date, many: int = SHOWN_BACK) -> list[Quarter]:
    """Return the last `many` quarters that are shown on a day, newest first."""
    newest = quarter_of(today).before
    while newest.shown_from > today:
        newest = newest.before
    shown = [newest]
    while len(shown) < many:
        shown.append(shown[-1].before)
    return shown


def quarter_words(quarter: Quarter, form: str = "%B") -> str:
    """Return a quarter in words.

    >>> quarter_words(Quarter(2026, 2)), quarter_words(Quarter(2026, 2), "%b")
    ('April to June 2026', 'Apr to Jun 2026')
    """
    first, *_, last = (date.fromisoformat(f"{month}-01") for month in quarter.months())
    return f"{first.strftime(form)} to {last.strftime(form)} {quarter.year}"


def report_title(name: str, quarter: Quarter) -> str:
    """Return the title of a policy's quarter."""
    return f"{name}: {quarter_words(quarter)}"


def quarter_report(name: str, found: Sequence[Figures], lost: int = 0) -> QuarterReport:
    """Put the quarters of a policy side by side: the reported quarter, then earlier ones.

    `name` is the policy's. The figures of agency logs follow those of the guide. `lost` is the
    number of entries of this quarter that were lost, over all policies.
    """
    beside = _SideBySide(found)
    now = beside.now
    shown = beside.tables_shown()
    return QuarterReport(
        policy=now.policy,
        quarter=now.quarter,
        title=report_title(name, now.quarter),
        sentence=_opening(beside, lost),
        sections=tuple(beside.section(key) for key in shown),
        not_shown=tuple(table.shape.title for key, table in now.tables.items() if key not in shown),
        other_help=_other_help(beside.quarters),
    )


class _SideBySide:
    """The columns of the report: the guide's quarters, and this quarter of each agency log."""

    def __init__(self, found: Sequence[Figures]) -> None:
        self.quarters = [figures for figures in found if not figures.source]
        self.now = self.quarters[0]
        self.loaded_logs = [
            figures for figures in found if figures.source and figures.quarter == self.now.quarter
        ]
        self.agency_logs = [log for log in self.loaded_logs if log.total is not None]
        self._earlier = {(figures.source, figures.quarter): figures for figures in found}
        self._log_columns = tuple(
            words()["own_column"].format(source=log.source) for log in self.agency_logs
        )

    def tables_shown(self) -> list[str]:
        """Return the keys of the tables with something to show in this quarter."""
        shown: dict[str, bool] = {}
        for figures in (self.now, *self.agency_logs):
            for key, table in figures.tables.items():
                shown[key] = shown.get(key, False) or _shows_something(table)
        return [key for key in shown if shown[key]]

    def section(self, key: str) -> ReportSection:
        """Return the section of a table."""
        beside = [*self.quarters, *self.agency_logs]
        shape = next(figures.tables[key].shape for figures in beside if key in figures.tables)
        tables = [figures.tables.get(key) or CountTable(shape) for figures in beside]
        many = len(self.quarters)
        own = tables[many:]
        before = tables[1] if many > 1 else None
        sentences = [_sentence(tables[0], None if key == ALONE else before)]
        for column, table in zip(self._log_columns, own, strict=True):
            said = _sentence(table, None)
            sentences += [f"{column}: {said}"] if said else []
        columns = _columns(self.quarters)
        drawn = [*range(min(many, 2)), *range(many, len(tables))]
        looks = [*range(min(many, 2)), *range(2, 2 + len(own))]
        totals = tuple(table.total for table in tables)
        if key == ALONE:
            # Its cells differ from quarter to quarter, so they are listed below each other.
            columns, totals, drawn = (words()["escalations"],), (), [*range(len(own) + 1)]
            looks = [0, *range(2, 2 + len(own))]
        return ReportSection(
            key=key,
            title=shape.title,
            sentence=" ".join(filter(None, sentences)),
            columns=(*columns, *self._log_columns),
            lines=tuple(self._months() if key == ALONE else _lines(shape, tables)),
            totals=totals,
            note=shape.sentences.get("note", ""),
            drawn=tuple(zip(drawn, looks, strict=True)),
        )

    def _months(self) -> list[ReportLine]:
        """Return a line for each month of the quarters that show any."""
        lines: list[ReportLine] = []
        for quarter in reversed(self.quarters):
            at = [
                ("", quarter.quarter),
                *((log.source, quarter.quarter) for log in self.agency_logs),
            ]
            tables = [
                self._earlier[place].tables.get(ALONE) if place in self._earlier else None
                for place in at
            ]
            counts = [table.counts if table else {} for table in tables]
            if any(counts):
                shape = next(table.shape for table in tables if table)
                lines += [
                    ReportLine(label, tuple(count.get(value) for count in counts))
                    for value, label in shape.cells.items()
                ]
        return lines


def _shows_something(table: CountTable) -> bool:
    return bool(set(table.counts) - NOT_KNOWN)


def _opening(beside: _SideBySide, lost: int) -> str:
    said: Mapping[str, str] = words()["opening"]
    found = beside.quarters
    now, before = found[0].total, found[1].total if len(found) > 1 else None
    if now is None:
        sentences = [said["too_few"]]
    else:
        sentences = [said["total"].format(count=now)]
        none = before is None
        sentences.append(said["before_none"] if none else said["before"].format(count=before))
    for log in beside.loaded_logs:
        form = said["own_too_few" if log.total is None else "own_total"]
        sentences.append(form.format(source=log.source, count=log.total))
    if lost:
        sentences.append(words()["lost"].format(count=lost))
    return " ".join(sentences)


def _other_help(found: Sequence[Figures]) -> ReportSection:
    said: Mapping[str, str] = words()["routes"]
    lines = [
        ReportLine(said[str(route)], tuple(figures.other_help[route] for figures in found))
        for route in found[0].other_help
    ]
    return ReportSection("other_help", said["title"], said["what"], _columns(found), tuple(lines))


def _columns(found: Sequence[Figures]) -> tuple[str, ...]:
    return tuple(quarter_words(figures.quarter, "%b") for figures in found)


def _lines(shape: TableShape, tables: Sequence[CountTable]) -> list[ReportLine]:
    lines = [
        ReportLine(label, tuple(table.counts.get(value) for table in tables))
        for value, label in shape.cells.items()
        if any(value in table.counts for table in tables)
    ]
    rest = tuple(table.rest for table in tables)
    if any(count is not None for count in rest):
        lines.append(ReportLine(words()["rest"], rest, rest=True))
    return lines


def _sentence(now: CountTable, before: CountTable | None) -> str:
    """Return a sentence on the most frequent value or on "yes", compared with the quarter before.

    Return "" for a table that shows nothing.
    """
    if not _shows_something(now):
        return ""
    said = now.shape.sentences
    if YES in said:
        sentence = said[YES].format(count=now.counts[YES], total=now.total)
        return _compared(sentence, YES, before)
    known = {value: count for value, count in now.counts.items() if value not in NOT_KNOWN}
    most = max(known.values())
    top = [value for value, count in known.items() if count == most]
    names = [now.shape.cells[value] for value in top]
    listed = f"{', '.join(names[:-1])} {words()['and']} {names[-1]}" if len(top) > 1 else names[0]
    # A hidden count could be as high.
    hedged = now.rest is not None and now.rest >= most
    form = words()["highest"] if hedged else said["tied" if len(top) > 1 else "top"]
    sentence = form.format(label=listed, count=most, total=now.total)
    return sentence if len(top) > 1 else _compared(sentence, top[0], before)


def _compared(sentence: str, value: str, before: CountTable | None) -> str:
    if before is None:
        return sentence
    if value not in before.counts:
        return f"{sentence} {words()['before_none']}"
    compared = words()["before"].format(count=before.counts[value], total=before.total)
    return f"{sentence} {compared}"
