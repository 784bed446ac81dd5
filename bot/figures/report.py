"""What is shown of a period as a report: titles, sentences, and periods side by side.

Every sentence is made from the numbers of its own table, as they are shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bot.core.vocabulary import Agency
from bot.figures.cells import APART, TableShape
from bot.figures.chance import STEP
from bot.figures.quarters import Period
from bot.figures.sentences import (
    NOT_KNOWN,
    PER,
    RAISERS,
    ReportLine,
    contacts_sentences,
    table_sentences,
)
from bot.figures.shown import CountTable, Figures
from bot.figures.words import about, sentence, words

FEW_IN_A_QUARTER = 40
"""A quarter of fewer escalations is read in its year: its tables would hold little but chance."""
CHANGED = 3 * STEP
"""A smaller difference between two periods may be chance alone."""
DRAWN = 2
"""So many of the periods have bars in a chart: this one and the one before."""
LEFT_OUT = "counted"
"""The table of what is counted apart, which has a place of its own."""
CONTACTS = "contacts"
"""The section of escalations beside the contacts or referrals that the group entered."""
COMPARED = ("disagreement", "raiser", "receiver", "area", "stage", "settled", "decision", "learned")
"""The tables whose changes are told together."""


class Comment(msgspec.Struct, frozen=True):
    """What the partnership's own group says beside a table, and what it will do."""

    comment: str = ""
    action: str = ""


class ReportSection(msgspec.Struct, frozen=True):
    """A table with its sentences. Its columns are periods, newest first, then agency logs.

    The column of an agency log has its figures of this period, which are in no other column.
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
    said: Comment = Comment()


class PeriodReport(msgspec.Struct, frozen=True):
    """The report of a policy and period.

    `changes` are sentences on what changed. `few` are the titles of tables with few in every row.
    `instead` is the period to read where this one has too few.
    """

    policy: str
    period: Period
    title: str
    sentence: str
    changes: tuple[str, ...]
    sections: tuple[ReportSection, ...]
    few: tuple[str, ...]
    apart: ReportSection
    instead: Period | None = None


def report_title(name: str, period: Period) -> str:
    """Return the title of a policy's period."""
    return f"{name}: {period.in_words()}"


def period_report(
    name: str,
    found: Sequence[Figures],
    lost: int = 0,
    comments: Mapping[str, Comment] | None = None,
    contacts: Mapping[Agency, int] | None = None,
) -> PeriodReport:
    """Put the periods of a policy side by side: the reported one, then earlier ones.

    `name` is the policy's. The figures of agency logs follow those of the guide. `lost` is the
    number of entries of this period that were lost, over all policies. `comments` are the group's
    own, by the key of their section, `contacts` the contacts or referrals that it entered.
    """
    beside = _SideBySide(found, comments or {})
    now = beside.now
    small = not now.period.year and (now.total or 0) < FEW_IN_A_QUARTER
    keys = [] if small else beside.keys()
    told = [key for key in keys if beside.tells_something(key)]
    sections = [beside.section(key) for key in told]
    if contacts and RAISERS in keys:
        after = told.index(RAISERS) + 1 if RAISERS in told else 0
        sections.insert(after, beside.contacts(contacts))
    return PeriodReport(
        policy=now.policy,
        period=now.period,
        title=report_title(name, now.period),
        sentence=" ".join(beside.opening(lost, small=small)),
        changes=() if small else tuple(beside.changes()),
        sections=tuple(sections),
        few=tuple(beside.shape(key).title for key in keys if key not in told),
        apart=beside.apart(),
        instead=Period(now.period.last, year=True) if small else None,
    )


class _SideBySide:
    """The columns of the report: the guide's periods, and this period of each agency log."""

    def __init__(self, found: Sequence[Figures], comments: Mapping[str, Comment]) -> None:
        self.periods = [figures for figures in found if not figures.source]
        self.logs = [figures for figures in found if figures.source]
        self.now = self.periods[0]
        self.before = self.periods[1] if len(self.periods) > 1 else None
        self._all = [*self.periods, *self.logs]
        self._comments = comments
        called = words()["own_column"]
        self._log_columns = tuple(called.format(source=log.source) for log in self.logs)

    def keys(self) -> list[str]:
        """Return the keys of the tables of this period, in order."""
        keys = dict.fromkeys(key for each in (self.now, *self.logs) for key in each.tables)
        return [key for key in keys if key != LEFT_OUT]

    def shape(self, key: str) -> TableShape:
        """Return the words of a table."""
        return next(each.tables[key].shape for each in self._all if key in each.tables)

    def tells_something(self, key: str) -> bool:
        """Say whether any count of this period is more than few."""
        found = [each.tables[key] for each in (self.now, *self.logs) if key in each.tables]
        return any(table.tells_something for table in found)

    def opening(self, lost: int, *, small: bool) -> Iterator[str]:
        """Yield the sentences that the report begins with."""
        said: Mapping[str, str] = words()["opening"]
        now, length = self.now, words()["lengths"]["year" if self.now.period.year else "quarter"]
        if not now.tables:
            yield said["no_guide"]
        else:
            yield sentence(said["total"].format(count=about(now.total)))
        if now.since:
            yield said["since"].format(since=now.since)
        if self.before:
            yield said["before"].format(count=about(self.before.total), length=length)
        for log in self.logs:
            yield said["own"].format(source=log.source, count=about(log.total))
        if small:
            yield said["small"]
        if lost:
            # Counted as it is, and not changed by chance.
            few = words()["lost_few"].format(least=STEP)
            yield words()["lost"].format(count=about(lost) if lost >= STEP else few)

    def changes(self) -> Iterator[str]:
        """Yield a sentence for each number that changed by more than chance since before."""
        if self.before is None:
            return
        said: Mapping[str, str] = words()["changes"]
        found = [
            said["line"].format(
                table=now.shape.title,
                label=label,
                now=about(now.counts[value]),
                before=about(before.counts.get(value)),
            )
            for now, before in self._compared()
            for value, label in now.shape.cells.items()
            if value not in NOT_KNOWN
            and abs((now.counts[value] or 0) - (before.counts.get(value) or 0)) >= CHANGED
        ]
        yield from found or [said["none"].format(least=CHANGED)]

    def _compared(self) -> Iterator[tuple[CountTable, CountTable]]:
        before = self.before.tables if self.before else {}
        for key in COMPARED:
            if key in self.now.tables and key in before:
                yield self.now.tables[key], before[key]

    def section(self, key: str) -> ReportSection:
        """Return the section of a table. A log without the table has no column in it."""
        shape = self.shape(key)
        at = [place for place, each in enumerate(self._all) if key in each.tables]
        tables = [self._all[place].tables[key] for place in at]
        names = (*_columns(self.periods), *self._log_columns)
        many = len(self.periods)
        own = [place for place in at if place >= many]
        sentences = (
            list(table_sentences(self.now.tables[key], self._before(key))) if 0 in at else []
        )
        for place in own:
            said = " ".join(table_sentences(self._all[place].tables[key], None))
            sentences += [f"{names[place]}: {said}"] if said else []
        drawn = [place for place in at if place < DRAWN or place >= many]
        looks = [place if place < many else DRAWN + place - many for place in drawn]
        return ReportSection(
            key=key,
            title=shape.title,
            sentence=" ".join(sentences),
            columns=tuple(names[place] for place in at),
            lines=tuple(_lines(shape, tables)),
            totals=tuple(table.total for table in tables) if shape.of else (),
            note=shape.sentences.get("note", ""),
            drawn=tuple((at.index(place), look) for place, look in zip(drawn, looks, strict=True)),
            said=self._comments.get(key, Comment()),
        )

    def _before(self, key: str) -> CountTable | None:
        return self.before.tables.get(key) if self.before else None

    def contacts(self, contacts: Mapping[Agency, int]) -> ReportSection:
        """Return the section of what each agency raised beside the contacts that it made."""
        said: Mapping[str, Any] = words()["tables"][CONTACTS]
        raised = self.now.tables[RAISERS]
        lines = []
        for value, label in raised.shape.cells.items():
            if value in contacts:
                made, count = contacts[Agency(value)], raised.counts[value]
                rate = None if count is None else round(PER * count / made)
                lines.append(ReportLine(label, (made, count, rate)))
        return ReportSection(
            CONTACTS,
            said["title"],
            " ".join(contacts_sentences(lines, said)),
            tuple(said["columns"]),
            tuple(lines),
            note=said["note"],
            said=self._comments.get(CONTACTS, Comment()),
        )

    def apart(self) -> ReportSection:
        """Return the section of what is counted apart from the escalations."""
        said: Mapping[str, str] = words()["apart"]
        tables = [each.tables.get(LEFT_OUT) for each in self.periods]
        found = [table for table in tables if table]
        titles = found[0].shape.cells if found else {}
        lines = [
            ReportLine(titles[value], tuple(table.counts.get(value) for table in found))
            for value in map(str, APART)
            if value in titles
        ]
        columns = _columns(
            [each for each, table in zip(self.periods, tables, strict=True) if table]
        )
        return ReportSection(
            LEFT_OUT,
            said["title"],
            said["what"],
            columns,
            tuple(lines),
            note=said["note"],
            said=self._comments.get(LEFT_OUT, Comment()),
        )


def _columns(found: Sequence[Figures]) -> tuple[str, ...]:
    return tuple(figures.period.in_words("%b") for figures in found)


def _lines(shape: TableShape, tables: Sequence[CountTable]) -> Iterator[ReportLine]:
    """Yield the rows; of very many only those of which any number is more than few."""
    for value, label in shape.cells.items():
        counts = tuple(table.counts.get(value) for table in tables)
        if shape.least == STEP or any(counts):
            yield ReportLine(label, counts)
