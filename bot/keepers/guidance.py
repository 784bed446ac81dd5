"""The guide's own guidance for those who keep it: what is due, and a table of all statements."""

from collections.abc import Iterator
from datetime import date

from bot.core.handbook.handbook import Handbook
from bot.core.handbook.sources import GuidanceSource, GuidanceSources


def due_lines(handbook: Handbook, today: date) -> list[str]:
    """Return a line for each source that somebody has to look at again, the longest due first."""
    register = handbook.sources
    due = sorted(
        (source for source in register.sources if source.is_due(today)),
        key=lambda source: source.next_review,
    )
    return [
        f"{source.next_review}: {source.title} ({source.id}), last looked at {source.looked_at}. "
        f"{_resting(source, handbook)} Owner: {source.owner or register.owner}."
        for source in due
    ]


def _resting(source: GuidanceSource, handbook: Handbook) -> str:
    many = sum(source.id in one.basis for one in handbook.statements())
    return f"{many} {'statement rests' if many == 1 else 'statements rest'} on it."


def table(handbook: Handbook) -> str:
    """Return every statement with its sources, and every source with its dates, in Markdown."""
    return "\n".join([*_sources(handbook.sources), "", *_statements(handbook)])


def _sources(register: GuidanceSources) -> Iterator[str]:
    yield f"Owner, where a source names nobody else: {register.owner}."
    yield ""
    yield "| source | looked at | next review | what was read | what is open |"
    yield "|---|---|---|---|---|"
    for source in register.sources:
        title = f"[{source.title}]({source.address})" if source.address else source.title
        days = f"{source.looked_at} | {source.next_review}"
        yield f"| {title} (`{source.id}`) | {days} | {source.read} | {source.open or 'nothing'} |"


def _statements(handbook: Handbook) -> Iterator[str]:
    yield "| statement | where | rests on | looked at |"
    yield "|---|---|---|---|"
    for one in handbook.statements():
        named = [handbook.sources.named(name) for name in one.basis]
        dates = sorted(str(source.looked_at) for source in named if source)
        yield f"| {one.what} | {one.file}, {one.key} | {', '.join(one.basis)} | {dates[0]} |"
