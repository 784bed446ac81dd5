"""Words of the policy model as people read them: sides, conditions, dates, and lines of text."""

from collections.abc import Iterable
from datetime import date
from enum import Enum
from textwrap import fill

from bot.core.policy.model import Applies, Party, Policy, Status
from bot.core.policy.signing import changed_since_approved

WIDTH = 96
SIDES = {
    Party.raiser: "whoever raises it",
    Party.receiver: "the other agency",
    Party.partnership: "the partnership",
}


def approval(policy: Policy) -> str:
    """Return the approval of the file: its status, the role behind it and the date."""
    if policy.status is Status.signed and policy.signed:
        return f"signed for the partnership by its {policy.signed.role}, {policy.signed.day}"
    if policy.status is Status.fact_checked and policy.fact_checked:
        checked = f"{policy.fact_checked.role}, {policy.fact_checked.day}"
        return f"checked against the published text ({checked}), not signed by the partnership"
    if changed_since_approved(policy):
        if policy.signed:
            by = f"its {policy.signed.role} signed it on {policy.signed.day}"
        else:
            by = "it was checked"
        return f"changed after {by}, so not signed by the partnership"
    return "written from the published text, not signed by the partnership"


def labels(numbers: Iterable[int], policy: Policy) -> str:
    """Return stages by their labels: "Stage 1, Stage 2"."""
    return ", ".join(policy.stage(number).label for number in numbers)


def condition(applies: Applies, policy: Policy) -> str:
    """Return the condition under which an entry holds, to follow a text; "" for always."""
    tracks = tuple(one.name for one in policy.priorities if one.id in applies.priority)
    said = (
        ("my agency is", applies.my_agency),
        ("their agency is", applies.their_agency),
        ("my agency is not", applies.not_my_agency),
        ("their agency is not", applies.not_their_agency),
        ("the child has or is", applies.child_status),
        ("they disagree about", applies.disagreement),
        ("the area is", applies.area),
        ("it is", tracks),
    )
    return "".join(
        f", if {text} {' or '.join(map(word_text, some))}" for text, some in said if some
    )


def day_words(day: date | None) -> str:
    """Return a date, or "not stated"."""
    return day.isoformat() if day else "not stated"


def word_text(word: Enum | str) -> str:
    """Return a word of a closed list as people write it: with spaces, and "children's"."""
    plain = str(word.value if isinstance(word, Enum) else word).replace("_", " ")
    return plain.replace("childrens", "children's")


def wrapped(text: str, first: str = "", then: str = "  ") -> str:
    """Wrap a text without breaking addresses, so that they can be copied."""
    return fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )
