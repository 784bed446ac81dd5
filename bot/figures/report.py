"""What is published, as a reader sees it: titles, sentences, and four quarters side by side."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from bot.core.quarters import Quarter, quarter_of
from bot.figures.cells import OTHER, UNKNOWN, YES, Listed
from bot.figures.counting import Figures, Table
from bot.figures.words import words

NOT_KNOWN = {UNKNOWN, OTHER}
SIDE_BY_SIDE = 4
SHOWN_BACK = 8
"""How many quarters can be looked at."""
ALONE = "month"
"""The table whose cells are other ones in each quarter."""


class Line(msgspec.Struct, frozen=True):
    """A row of a section: a count for each quarter, None where it is not shown."""

    label: str
    counts: tuple[int | None, ...]
    rest: bool = False


class Section(msgspec.Struct, frozen=True):
    """One table with its sentence. The quarters stand newest first."""

    key: str
    title: str
    sentence: str
    quarters: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    totals: tuple[int | None, ...] = ()
    note: str = ""


class Report(msgspec.Struct, frozen=True):
    """What is published of one policy, up to one quarter."""

    policy: str
    quarter: Quarter
    title: str
    sentence: str
    sections: tuple[Section, ...]
    nothing: tuple[str, ...]
    """The titles of the tables that cannot be shown for this quarter."""
    other_help: Section


def quarters_shown(today: date, many: int = SHOWN_BACK) -> list[Quarter]:
    """Return the quarters that are shown on a day, the newest first."""
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
    """Return what a policy's quarter is called."""
    return f"{name}: {quarter_words(quarter)}"


def report(name: str, found: Sequence[Figures]) -> Report:
    """Put quarters of one policy side by side: the one that is looked at first, then earlier ones.

    `name` is the policy's.
    """
    now = found[0]
    told = [key for key, table in now.tables.items() if set(table.counts) - NOT_KNOWN]
    return Report(
        policy=now.policy,
        quarter=now.quarter,
        title=report_title(name, now.quarter),
        sentence=_opening(found),
        sections=tuple(_section(key, found) for key in told),
        nothing=tuple(one.listed.title for key, one in now.tables.items() if key not in told),
        other_help=_other_help(found),
    )


def _opening(found: Sequence[Figures]) -> str:
    said: Mapping[str, str] = words()["opening"]
    now, before = found[0].total, found[1].total if len(found) > 1 else None
    if now is None:
        return said["too_few"]
    compared = said["before_none"] if before is None else said["before"].format(count=before)
    return f"{said['total'].format(count=now)} {compared}"


def _other_help(found: Sequence[Figures]) -> Section:
    said: Mapping[str, str] = words()["routes"]
    lines = [
        Line(said[str(route)], tuple(one.other_help[route] for one in found))
        for route in found[0].other_help
    ]
    return Section("other_help", said["title"], said["what"], _columns(found), tuple(lines))


def _columns(found: Sequence[Figures]) -> tuple[str, ...]:
    return tuple(quarter_words(one.quarter, "%b") for one in found)


def _section(key: str, found: Sequence[Figures]) -> Section:
    tables = [one.tables.get(key) or Table(found[0].tables[key].listed) for one in found]
    now = tables[0]
    listed = now.listed
    note = listed.sentences.get("note", "")
    if key == ALONE:
        lines = [
            Line(label, (one.counts.get(value),))
            for one in reversed(tables)
            if one.counts
            for value, label in one.listed.cells.items()
        ]
        heads: tuple[str, ...] = (words()["escalations"],)
        return Section(key, listed.title, _sentence(now, None), heads, tuple(lines))
    return Section(
        key=key,
        title=listed.title,
        sentence=_sentence(now, tables[1] if len(tables) > 1 else None),
        quarters=_columns(found),
        lines=tuple(_lines(listed, tables)),
        totals=tuple(one.total for one in tables),
        note=note,
    )


def _lines(listed: Listed, tables: Sequence[Table]) -> list[Line]:
    lines = [
        Line(label, tuple(one.counts.get(value) for one in tables))
        for value, label in listed.cells.items()
        if any(value in one.counts for one in tables)
    ]
    rest = tuple(one.rest for one in tables)
    if any(count is not None for count in rest):
        lines.append(Line(words()["rest"], rest, rest=True))
    return lines


def _sentence(now: Table, before: Table | None) -> str:
    """Say what is most frequent, or how many it is true of, and how it was before."""
    said = now.listed.sentences
    if YES in said:
        sentence = said[YES].format(count=now.counts[YES], total=now.total)
        return _compared(sentence, YES, before)
    known = {value: count for value, count in now.counts.items() if value not in NOT_KNOWN}
    most = max(known.values())
    top = [value for value, count in known.items() if count == most]
    names = [now.listed.cells[value] for value in top]
    listed = f"{', '.join(names[:-1])} {words()['and']} {names[-1]}" if len(top) > 1 else names[0]
    # One that is kept back could be as frequent.
    hedged = now.rest is not None and now.rest >= most
    form = words()["highest"] if hedged else said["tied" if len(top) > 1 else "top"]
    sentence = form.format(label=listed, count=most, total=now.total)
    return sentence if len(top) > 1 else _compared(sentence, top[0], before)


def _compared(sentence: str, value: str, before: Table | None) -> str:
    if before is None:
        return sentence
    if value not in before.counts:
        return f"{sentence} {words()['before_none']}"
    compared = words()["before"].format(count=before.counts[value], total=before.total)
    return f"{sentence} {compared}"
