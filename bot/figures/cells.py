"""The tables of the figures and the titles of their cells.

Every table shares out a number of escalations among the values of one closed list. Its cells are
in the order of that list and are held back from the end, so that the frequent ones at the top
stay. "Not known" is held back last, since it depends on what is known in other tables.
"""

from itertools import product

import msgspec

from bot.core.conversation.figures import AnswerTiming, Helped, Learned
from bot.core.conversation.questions.spec import Question
from bot.core.policy.model import Policy
from bot.core.vocabulary import Agency, Disagreement
from bot.figures.quarters import MONTHS, Quarter
from bot.figures.words import ending, option, words

UNKNOWN = ""
OTHER = "other"
YES, NO = "yes", "no"
BANDS = (0, 2, 6, 11, 21)
"""The first number of working days of each band."""


class TableShape(msgspec.Struct, frozen=True):
    """A table before it is counted: the titles of its cells by value, in order, UNKNOWN last."""

    key: str
    title: str
    cells: dict[str, str]
    kind: str = ""
    """The key of the table whose sentences it shares, where not its own."""

    @property
    def sentences(self) -> dict[str, str]:
        """The sentences about this table."""
        found: dict[str, str] = words()["tables"][self.kind or self.key]
        return found


def _shape(key: str, cells: dict[str, str], unknown: str = "") -> TableShape:
    last = {UNKNOWN: unknown} if unknown else {}
    return TableShape(key, words()["tables"][key]["title"], cells | last)


def months(quarter: Quarter) -> TableShape:
    """Return the table of a quarter's months."""
    first = quarter.begins.month
    days = [quarter.begins.replace(month=first + at) for at in range(MONTHS)]
    return _shape("month", {f"{day:%Y-%m}": f"{day:%B %Y}" for day in days})


def disagreements() -> TableShape:
    """Return the table of kinds of disagreement."""
    cells = {str(kind): option("disagreement", kind) for kind in Disagreement}
    return _shape("disagreement", cells, words()["cells"]["unknown"])


def pairs() -> TableShape:
    """Return the table of pairs of agencies, the raiser first."""
    names = {agency: option("agency", agency) for agency in Agency}
    called = words()["cells"]["pair"]
    cells = {
        pair_value(raiser, receiver): called.format(raiser=names[raiser], receiver=names[receiver])
        for raiser, receiver in product(Agency, Agency)
    }
    return _shape("pair", cells, words()["cells"]["unknown"])


def pair_value(raiser: str, receiver: str) -> str:
    """Return the value of a pair."""
    return f"{raiser!s}>{receiver!s}"


def areas(policy: Policy | None) -> TableShape | None:
    """Return the table of a policy's areas, or None where it has at most one."""
    members = policy.member_areas() if policy else []
    cells = {area.id: area.name for area in members}
    return _shape("area", cells, words()["cells"]["unknown"]) if len(cells) > 1 else None


def settled() -> TableShape:
    """Return the table of settled and not settled."""
    return _shape("settled", dict(words()["cells"]["settled"]))


def levels(policy: Policy | None) -> dict[str, str]:
    """Return the levels that a policy has stages for, with their titles."""
    if policy is None:
        return dict(words()["cells"]["level"])
    return {str(stage.level): f"{stage.label}: {stage.title}" for stage in policy.stages}


def stages(key: str, policy: Policy | None) -> TableShape:
    """Return a table of stages. Settled escalations were settled at one of them."""
    nothing = "" if key == "settled_at" else words()["cells"]["nothing"]
    return _shape(key, levels(policy), nothing)


def answers() -> TableShape:
    """Return the table of answers against the limit."""
    cells = dict(words()["cells"]["answered"])
    return _shape("answered", cells | {OTHER: cells.pop(OTHER)})


def answered_value(answered: str) -> str:
    """Return the cell of an answer. "No limit" is not shown: it would reveal the stage."""
    return OTHER if answered in {AnswerTiming.no_limit, AnswerTiming.not_known} else answered


def days(level: str, title: str) -> TableShape:
    """Return the table of working days at one level."""
    cells = dict(words()["cells"]["days"]) | {UNKNOWN: words()["cells"]["unknown"]}
    called = words()["tables"]["days"]["title"].format(stage=title)
    return TableShape(f"days_{level}", called, cells, "days")


def band(count: int) -> str:
    """Return the band of a number of working days.

    >>> band(1), band(2), band(400)
    ('0', '2', '21')
    """
    return str(max(first for first in BANDS if first <= max(count, 0)))


def helped() -> TableShape:
    """Return the table of what helped."""
    cells = {str(reason): option("helped", reason) for reason in Helped}
    return _shape("helped", cells, words()["cells"]["told"])


def learned() -> TableShape:
    """Return the table of what lay behind the disagreements."""
    cells = {str(reason): option("learned", reason) for reason in Learned}
    return _shape("learned", cells, words()["cells"]["told"])


def taken(key: str) -> TableShape:
    """Return a table of yes and no."""
    return _shape(key, dict(words()["cells"]["taken"]))


def endings() -> TableShape:
    """Return the table of the questions at which conversations ended."""
    cells = {str(question): ending(question) for question in Question}
    return _shape("endings", cells, words()["cells"]["no_question"])
