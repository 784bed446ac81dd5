"""The tables of the figures and the titles of their cells.

Every table shares out a number of escalations among the values of one closed list, so that each
escalation is in at most one cell of it.
"""

from itertools import product

import msgspec

from bot.core.conversation.figures import Decision, Helped, Learned
from bot.core.conversation.questions.spec import Question
from bot.core.policy.model import Policy, Stage
from bot.core.vocabulary import URGENT_ROUTES, Agency, Disagreement, Route
from bot.figures.chance import STEP
from bot.figures.words import ending, option, words

UNKNOWN = ""
YES, NO = "yes", "no"
NO_QUESTION = "no_question"
"""No question was open when a conversation ended, as after the advice: the usual end."""
ESCALATIONS = "escalations"
RECEIVED, TALKS, CROWDED = "received", "talks", "crowded"
APART = (RECEIVED, TALKS, *URGENT_ROUTES, Route.exit, CROWDED)
"""The cells of the first table that are no escalations told by whoever raised them."""
BANDS = (0, 2, 6, 11, 21)
"""The first number of working days of each band."""


class TableShape(msgspec.Struct, frozen=True):
    """A table before it is counted: the titles of its cells by value, in order, UNKNOWN last."""

    key: str
    title: str
    cells: dict[str, str]
    kind: str = ""
    """The key of the table whose sentences it shares, where not its own."""
    of: tuple[str, str] | None = None
    """The table and cell that it shares out, which is its total. None where there is no such count:
    a sum of its cells would be changed as often as there are cells."""
    least: int = STEP
    """The smallest count that is shown. Of many empty cells some would be shown by chance."""

    @property
    def sentences(self) -> dict[str, str]:
        """The sentences about this table."""
        found: dict[str, str] = words()["tables"][self.kind or self.key]
        return found


ALL = ("counted", ESCALATIONS)
SETTLED = ("settled", YES)


def _shape(
    key: str,
    cells: dict[str, str],
    unknown: str = "",
    *,
    of: tuple[str, str] | None = ALL,
    of_stage: tuple[str, str] = ("", ""),
    least: int = STEP,
) -> TableShape:
    """Return a table; `of_stage` names the kind of a table that each stage has, and the stage."""
    kind, stage = of_stage
    last = {UNKNOWN: unknown} if unknown else {}
    title = words()["tables"][kind or key]["title"].format(stage=stage)
    return TableShape(key, title, cells | last, kind, of, least)


def counted(*, own_log: bool) -> TableShape:
    """Return the first table: escalations, and what is counted apart from them."""
    titles: dict[str, str] = words()["cells"]["counted"]
    cells = [ESCALATIONS] if own_log else [ESCALATIONS, *APART]
    return _shape("counted", {cell: titles[cell] for cell in map(str, cells)}, of=None)


def disagreements(key: str = "disagreement", of: tuple[str, str] = ALL) -> TableShape:
    """Return a table of kinds of disagreement."""
    cells = {str(kind): option("disagreement", kind) for kind in Disagreement}
    return _shape(key, cells, words()["cells"]["unknown"], of=of)


def agencies(key: str) -> TableShape:
    """Return the table of raisers or of receivers."""
    cells = {str(agency): option("agency", agency) for agency in Agency}
    return _shape(key, cells, words()["cells"]["unknown"])


def pairs() -> TableShape:
    """Return the table of pairs of agencies, the raiser first."""
    names = {agency: option("agency", agency) for agency in Agency}
    called = words()["cells"]["pair"]
    cells = {
        pair_value(raiser, receiver): called.format(raiser=names[raiser], receiver=names[receiver])
        for raiser, receiver in product(Agency, Agency)
    }
    return _shape("pair", cells, least=2 * STEP)


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
    return {str(stage.level): stage_name(stage) for stage in policy.stages}


def stage_name(stage: Stage) -> str:
    """Return a stage's number and title."""
    return f"{stage.label}: {stage.title}"


def stages(key: str, policy: Policy | None) -> TableShape:
    """Return a table of stages: the furthest, or the one that settled it."""
    return _shape(key, levels(policy), of=SETTLED if key == "settled_at" else ALL)


def answers(stage: Stage) -> TableShape:
    """Return the table of answers against the limit of one stage."""
    cells = dict(words()["cells"]["answered"])
    key = f"answered_{stage.level}"
    return _shape(key, cells, of=None, of_stage=("answered", stage_name(stage)))


def days(level: str, title: str) -> TableShape:
    """Return the table of working days at one level, where they are known."""
    cells = dict(words()["cells"]["days"])
    return _shape(f"days_{level}", cells, of=None, of_stage=("days", title))


def band(count: int) -> str:
    """Return the band of a number of working days.

    >>> band(1), band(2), band(400)
    ('0', '2', '21')
    """
    return str(max(first for first in BANDS if first <= max(count, 0)))


def decisions() -> TableShape:
    """Return the table of whether the decision was changed."""
    cells = {str(change): option("decision", change) for change in Decision}
    return _shape("decision", cells, words()["cells"]["told"], of=SETTLED)


def helped() -> TableShape:
    """Return the table of what helped."""
    cells = {str(reason): option("helped", reason) for reason in Helped}
    return _shape("helped", cells, words()["cells"]["told"], of=SETTLED)


def learned() -> TableShape:
    """Return the table of what lay behind the disagreements."""
    cells = {str(reason): option("learned", reason) for reason in Learned}
    return _shape("learned", cells, words()["cells"]["told"], of=SETTLED)


def yes_no(key: str) -> TableShape:
    """Return a table of yes and no."""
    return _shape(key, dict(words()["cells"]["yes_no"]))


def endings() -> TableShape:
    """Return the table of the questions at which conversations ended."""
    cells = {str(question): ending(question) for question in Question}
    cells |= {NO_QUESTION: words()["cells"]["no_question"]}
    return _shape("endings", cells, of=None, least=2 * STEP)
