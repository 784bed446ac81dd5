"""In what the advice differs from what a case expects, in words."""

from collections.abc import Iterable
from typing import Any

import msgspec

from bot.core.rules.deadlines import Deadline
from bot.core.rules.results import Advice
from tests.policies.case_files import Expected, ExpectedDeadline

LISTS = (
    "contacts", "notify", "records", "forms", "guidance", "grounds", "support", "warnings",
    "not_stated",
)  # fmt: skip


def differences(expect: Expected, advice: Advice) -> Iterable[str]:
    """Yield in words each way in which the advice is not what was expected."""
    yield from _standing_differences(expect, advice)
    yield from _deadline_differences(expect, advice)
    yield from _list_differences(expect, advice)
    cited = sorted({f"{item.source.document}, {item.source.section}" for item in _cited(advice)})
    for part in expect.sources:
        if not any(part in source for source in cited):
            yield f"sources: no {part!r} in {cited}"


def _standing_differences(expect: Expected, advice: Advice) -> Iterable[str]:
    stands = {
        "route": advice.route,
        "exit": advice.exit,
        "stage": advice.stage.number if advice.stage else None,
        "action": advice.next.action,
        "to_stage": advice.next.to_stage,
        "by": advice.headline.by if advice.headline else None,
        "in_scope": advice.scope.in_scope if advice.scope else None,
    }
    for name, got in stands.items():
        wanted = getattr(expect, name)
        if wanted is not msgspec.UNSET and wanted != got:
            yield f"{name}: expected {wanted}, got {got}"
    for part in expect.summary:
        if part not in advice.next.summary:
            yield f"summary: no {part!r} in {advice.next.summary!r}"

    headline = advice.headline.do if advice.headline else ""
    for part in expect.headline:
        if part not in headline:
            yield f"headline: no {part!r} in {headline!r}"


def _list_differences(expect: Expected, advice: Advice) -> Iterable[str]:
    for name in LISTS:
        texts = [text_of(item) for item in getattr(advice, name)]
        for part in getattr(expect, name):
            if not any(part in text for text in texts):
                yield f"{name}: no {part!r} in {texts}"
        for part in getattr(expect, f"no_{name}", ()):
            if any(part in text for text in texts):
                yield f"{name}: {part!r} should not be in {texts}"


def _deadline_differences(expect: Expected, advice: Advice) -> Iterable[str]:
    shown = [_show(deadline) for deadline in advice.deadlines]
    left = list(advice.deadlines)
    for wanted in expect.deadlines:
        found = [deadline for deadline in left if _matches(wanted, deadline)]
        if found:
            left.remove(found[0])
        else:
            yield f"deadlines: none is {wanted} in {shown}"
    if expect.only_deadlines and left:
        yield f"deadlines: not expected: {[_show(deadline) for deadline in left]}"
    if expect.only_due and {deadline.due for deadline in advice.deadlines} != {expect.only_due}:
        yield f"deadlines: only {expect.only_due} may be a due day, got {shown}"


def _matches(wanted: ExpectedDeadline, deadline: Deadline) -> bool:
    return (
        (wanted.who, wanted.due) == (deadline.who, deadline.due)
        and wanted.overdue in {None, deadline.overdue}
        and wanted.strength in {None, deadline.strength}
        and wanted.what in deadline.what
        and wanted.rule in deadline.rule
        and wanted.source in deadline.source.section
        and wanted.document in deadline.source.document
    )


def _show(deadline: Deadline) -> str:
    late = " overdue" if deadline.overdue else ""
    rule = f"{deadline.rule} {deadline.strength.value}{late}"
    return f"{deadline.who.value} {deadline.due} {rule} ({deadline.source.section})"


def text_of(item: Any) -> str:
    """Return all texts of an item, to look for a part in."""
    values = msgspec.to_builtins(item)
    return " | ".join(text for text in values.values() if isinstance(text, str))


def _cited(advice: Advice) -> list[Any]:
    return [*advice.deadlines, *(item for name in LISTS for item in getattr(advice, name))]
