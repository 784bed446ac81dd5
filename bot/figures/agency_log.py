"""Reads an agency log: each row of its file becomes a row of the figures or a list of faults.

Some columns depend on each other (a stage without a limit, days at a stage that was left). A row
that contradicts itself or its policy would let hidden numbers be worked out, so it is refused.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple, TypeVar

import msgspec

from bot.core.conversation.figures import AnswerTiming, Decision, Helped, Learned, Row
from bot.core.conversation.row import limits_on_answers
from bot.core.policy.library import Library
from bot.core.policy.model import Policy, Stage
from bot.core.vocabulary import Agency, Disagreement, Level, Route, Word
from bot.figures.agency_log_file import (
    COLUMNS,
    Fault,
    Record,
    WrongLogError,
    log_wording,
    read_records,
)
from bot.figures.quarters import quarter_of
from bot.figures.words import option

T = TypeVar("T")
W = TypeVar("W", bound=Word)
NOT_KNOWN = {"-", "–", "?", "n/a", "not known", "not_known", "unknown"}
YES_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
MONTHS = ("%Y-%m", "%b-%y", "%b %y", "%b %Y", "%B %Y", "%m/%Y", "%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d")
"""Formats in which people and spreadsheets write a month; of a day only its month is used."""
FIRST = date(2000, 1, 1)
MOST_DAYS = 999
AWAITED = {AnswerTiming.waiting, AnswerTiming.overdue}
ANSWERS = {str(timing): timing for timing in AnswerTiming if timing is not AnswerTiming.not_known}
WORDS: dict[str, Iterable[str]] = {
    "disagreement": Disagreement,
    "raiser": Agency,
    "receiver": Agency,
    "answered": ANSWERS,
    "decision": Decision,
    "helped": Helped,
    "learned": Learned,
}
"""The closed list of each column that has one."""
_FORMULA = re.compile(r"[=+@]")


class AgencyLog(msgspec.Struct, frozen=True):
    """The rows of an agency log, and how many rows of the file the guide counted itself."""

    rows: tuple[Row, ...]
    by_guide: int = 0


def read_log(content: bytes, library: Library, today: date) -> AgencyLog:
    """Return the rows of a file. Raises WrongLogError with every fault of the file."""
    rows: list[Row] = []
    faults: list[Fault] = []
    by_guide = 0
    policies = _Policies(library)
    for record in read_records(content):
        reader = _RowReader(record, policies, today)
        row = reader.row()
        faults += reader.faults
        by_guide += reader.by_guide
        if not reader.by_guide:
            rows.append(row)
    if faults:
        raise WrongLogError(
            sorted(faults, key=lambda fault: (fault.row, COLUMNS.index(fault.column)))
        )
    return AgencyLog(tuple(rows), by_guide)


class _PolicyNames(NamedTuple):
    """One version of a policy, with the names by which a log may call its stages and areas."""

    policy: Policy
    stages: dict[str, Stage]
    areas: dict[str, str]


class _Policies:
    """The policies by the names that a log may use, collected once per file."""

    def __init__(self, library: Library) -> None:
        self._library = library
        newest = library.newest().values()
        self.listed = ", ".join(library.newest())
        self.ids = {
            _simplified(name): policy.id for policy in newest for name in (policy.id, policy.name)
        }
        self._named: dict[tuple[str, date], _PolicyNames] = {}

    def on(self, name: str, month: date) -> _PolicyNames:
        """Return a policy as it was at the end of the month's quarter, as the figures count it."""
        end = quarter_of(month).ends
        if (name, end) not in self._named:
            self._named[name, end] = _policy_names(self._library.on(end)[name])
        return self._named[name, end]


def _policy_names(policy: Policy) -> _PolicyNames:
    stages = {
        _simplified(name): stage
        for stage in policy.stages
        for name in (str(stage.number), f"stage {stage.number}", stage.label, str(stage.level))
    }
    areas = {
        _simplified(name): area.id
        for area in policy.member_areas()
        for name in (area.id, area.name)
    }
    return _PolicyNames(policy, stages, areas)


class _RowReader:
    """Reads the cells of a row and collects the faults, so that all are reported at once."""

    def __init__(self, record: Record, policies: _Policies, today: date) -> None:
        self.faults: list[Fault] = []
        self._record = record
        self._policies = policies
        self._today = today
        self.by_guide = self._yes_or_no("guide") is True

    def row(self) -> Row:
        """Return the row. Use it only where there are no faults."""
        month = self._month() or self._today
        named = self._policy(month)
        policy = named.policy if named else None
        stage = self._stage(named) if named else None
        settled = self._yes_or_no("settled") is True
        if settled and self._cell("stage") is None:
            self._add_fault("settled", "needs_stage")
        begins = policy.document.effective_from if policy else None
        return Row(
            month=f"{month:%Y-%m}",
            policy=policy.id if policy else "",
            version=begins.isoformat() if begins else "",
            area=self._area(named) if named else None,
            route=Route.resolved if settled else Route.staged,
            disagreement=self._listed_word("disagreement", Disagreement, "disagreement"),
            raiser=self._listed_word("raiser", Agency, "agency"),
            receiver=self._listed_word("receiver", Agency, "agency"),
            stage=stage.number if stage else None,
            level=stage.level if stage else None,
            days=dict(self._days(named, stage, settled=settled)),
            answered=self._answered(stage, settled=settled),
            settled=stage.level if stage and settled else None,
            decision=self._when_settled("decision", Decision, settled=settled),
            helped=self._when_settled("helped", Helped, settled=settled),
            learned=self._when_settled("learned", Learned, settled=settled),
        )

    def _add_fault(self, column: str, what: str, **values: object) -> None:
        self.faults.append(Fault(self._record.row, column, log_wording()[what].format(**values)))

    def _cell(self, column: str) -> str | None:
        """Return a cell in lower case, or None where it is empty or says "not known"."""
        cell = _simplified(self._record.cells.get(column, ""))
        return None if not cell or cell in NOT_KNOWN else cell

    def _value_named(
        self, column: str, named: Mapping[str, T], listed: Iterable[T | str]
    ) -> T | None:
        """Return the value that a cell names. `listed` are the names for the fault's message."""
        cell = self._cell(column)
        if cell is None:
            return None
        found = named.get(cell, named.get(re.sub(r"[ -]", "_", cell)))
        if found is None:
            what = "formula" if _FORMULA.match(cell) else "not_listed"
            self._add_fault(column, what, listed=", ".join(dict.fromkeys(map(str, listed))))
        return found

    def _listed_word(self, column: str, kind: type[W], question: str) -> W | None:
        return self._value_named(column, _words_by_name(kind, question), kind)

    def _yes_or_no(self, column: str) -> bool | None:
        return self._value_named(column, YES_NO, ("yes", "no"))

    def _when_settled(self, column: str, kind: type[W], *, settled: bool) -> W | None:
        found = self._listed_word(column, kind, column)
        if found is not None and not settled:
            self._add_fault(column, "only_settled")
        return found

    def _month(self) -> date | None:
        cell = self._record.cells.get("month", "")
        month = _month(cell)
        if month is None:
            self._add_fault("month", "formula" if _FORMULA.match(cell) else "month")
        elif month < FIRST:
            self._add_fault("month", "month_early", year=FIRST.year)
        elif month > self._today:
            self._add_fault("month", "month_late")
        return month

    def _policy(self, month: date) -> _PolicyNames | None:
        found = self._policies.ids.get(self._cell("policy") or "")
        if found is None:
            self._add_fault("policy", "policy", listed=self._policies.listed)
            return None
        return self._policies.on(found, month)

    def _area(self, named: _PolicyNames) -> str | None:
        listed = named.areas.values() or [log_wording()["no_areas"]]
        return self._value_named("area", named.areas, listed)

    def _stage(self, named: _PolicyNames) -> Stage | None:
        listed = (f"{stage.number} ({stage.level})" for stage in named.policy.stages)
        return self._value_named("stage", named.stages, listed)

    def _answered(self, stage: Stage | None, *, settled: bool) -> dict[Level, AnswerTiming]:
        """Return how the answer at the furthest stage stood, if that stage has a limit."""
        found = self._value_named("answered", ANSWERS, ANSWERS)
        if found and self._cell("stage") is None:
            self._add_fault("answered", "needs_stage")
        elif found and stage and not limits_on_answers(stage):
            self._add_fault("answered", "no_limit", stage=stage.label)
        elif found in AWAITED and settled:
            self._add_fault("answered", "awaited")
        if stage is None or not limits_on_answers(stage):
            return {}
        return {stage.level: found or AnswerTiming.not_known}

    def _days(
        self, named: _PolicyNames | None, stage: Stage | None, *, settled: bool
    ) -> Iterator[tuple[Level, int]]:
        """Yield the days at each stage that was left and, once settled, at the last one."""
        if named is None or (stage is None and self._cell("stage")):
            # Faults of the days would be misleading until the stage is right.
            return
        for level in Level:
            column = f"days_{level}"
            cell = self._cell(column)
            if cell is None:
                continue
            if not (cell.isdecimal() and cell.isascii() and int(cell[:9]) <= MOST_DAYS):
                what = "formula" if _FORMULA.match(cell) else "days"
                self._add_fault(column, what, most=MOST_DAYS)
            elif all(other.level is not level for other in named.policy.stages):
                self._add_fault(column, "days_no_stage")
            elif stage is None or level.rank > stage.level.rank:
                self._add_fault(column, "days_not_reached")
            elif level is stage.level and not settled:
                self._add_fault(column, "days_not_left")
            else:
                yield level, int(cell)


@lru_cache(10_000)
def _simplified(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())


@cache
def _words_by_name(kind: type[W], question: str) -> dict[str, W]:
    """Return a closed list by its values and by the titles used in the conversation."""
    return {
        _simplified(name): word for word in kind for name in (str(word), option(question, word))
    }


@lru_cache(10_000)
def _month(cell: str) -> date | None:
    """Return the first day of a month as people write it, or None."""
    for form in MONTHS:
        try:
            return datetime.strptime(cell, form).date().replace(day=1)  # noqa: DTZ007 - a month
        except ValueError:
            continue
    return None
