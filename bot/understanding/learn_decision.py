"""Learns how the signs of danger are weighed, and writes `decision.json`: the end of `make tune`.

Every line is heard by an encoder (`held_out.npz`) and a ranker that saw neither it nor its author.
"""

import logging
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.understanding.danger.red_flags import SET_ASIDE
from bot.understanding.danger.signs import TIMES, find_signs
from bot.understanding.model.decision import (
    COMES_LATER,
    FEW_WORDS,
    HAPPENING,
    RULE,
    SET_ASIDE_ONLY,
    SHORT,
    WEIGHTS,
    Decision,
    Heard,
    Weighing,
    log_odds,
)
from bot.understanding.model.lines import (
    NOW,
    Example,
    authors,
    heard_unseen,
    line_key,
    parts,
    training_lines,
)
from bot.understanding.model.ranker import CLAUSES, DANGER, ENQUIRY, loudest_clause, train_danger
from bot.understanding.words.text import one_message

log = logging.getLogger(__name__)
A_DAY = date(2026, 11, 20)
"""The day on which the lines are read."""
MARK, MARK_OF_RULE = 0.1, 0.08
"""The share from which danger is heard, and the same where a rule names it: what was learned seldom
gainsays a rule. Chosen on the batches of `tests/understanding` that no encoder learned from. The
encoder that ships has learned more of what is calm than those whose hearing is weighed, so the
mark that hears nearly all of what they heard (0.2) would be too high. Of 1,900 lines of danger the
one that a rule names and the learned parts hear least has 0.09: below it is room for another
processor's arithmetic, and at 0.05 a third more of the calm lines that only hint was alarm."""
HAPPENING_WEIGHS = 1.25
"""What the encoder hears of now weighs this much. Those whose hearing is weighed each learned when
from few lines, and earn it half of that; the one that ships learned it from more. Measured on lines
that it had not learned from, as are the mark and the strength below."""
NOW_FROM = 0.2
"""The share from which danger is now. Below it the guide asks whether it is happening now."""
STRENGTH = {DANGER: 0.02, NOW: 0.5}
"""The inverse of the regularisation (scikit-learn's C)."""
EXCUSES = {f"set aside {reason}" for reason in SET_ASIDE} | {SET_ASIDE_ONLY}
FEWEST = 8
"""A sign that fewer lines have is not weighed."""


class Case(NamedTuple):
    """A line with its signs, as they are for somebody who never saw its author."""

    example: Example
    signs: Mapping[str, float]
    plainly: bool


@one_message()
def cases(examples: Sequence[Example]) -> list[Case]:
    """Return every line that an encoder has heard unseen, with its signs.

    The features of a line are worked out once for all rankers that learn from it.
    """
    by_encoder = heard_unseen()
    told = [example for example in examples if not example.open]
    found = []
    for part in parts([example for example in told if example.intent not in {ENQUIRY, *CLAUSES}]):
        unseen = {line_key(example.text) for example in part}
        ranker = train_danger(
            [(each.text, each.intent) for each in told if line_key(each.text) not in unseen]
        )
        for example in part:
            scores = by_encoder.get(line_key(example.text))
            if scores is None:
                continue
            share = dict(ranker.rank(example.text))[DANGER]
            clause, worst = loudest_clause(example.text, ranker)
            heard = Heard(scores[0], log_odds(share), log_odds(clause), scores[1], worst)
            signs = find_signs(example.text, A_DAY)
            found.append(Case(example, {**signs.by_name, **heard.signs()}, signs.said_plainly))
    return found


def is_danger(case: Case) -> bool:
    """Say whether a line has a child in danger."""
    return case.example.intent == DANGER


def is_now(case: Case) -> bool:
    """Say whether the danger of a line is happening or about to."""
    return case.example.when == NOW


def weigh(lines: Sequence[Case], wanted: Sequence[bool], about: str) -> Weighing:
    """Return weights that tell the wanted lines from the others, calibrated to these lines."""
    from sklearn.linear_model import LogisticRegression

    counts = Counter(name for case in lines for name, size in case.signs.items() if size)
    names = sorted(n for n, times in counts.items() if times >= FEWEST and _counts(n, about))
    # Authors told of today more often than of now, which says nothing of how often either is.
    balance = "balanced" if about == NOW else None
    model = LogisticRegression(C=STRENGTH[about], max_iter=1000, class_weight=balance)
    model.fit(_matrix(lines, names), list(wanted))
    weights = {
        # A sign that words of danger are set aside only excuses them: it adds no danger.
        name: min(weight, 0.0) if about == DANGER and name in EXCUSES else weight
        for name, weight in zip(names, np.round(model.coef_[0], 4).tolist(), strict=True)
    }
    return Weighing(round(float(model.intercept_[0]), 4), weights, 0.5)


def _counts(name: str, about: str) -> bool:
    """Say whether a sign is weighed: when it is says nothing of whether there is danger."""
    if name == SHORT:  # It says how sure one must be, and nothing of what is told.
        return False
    if name.startswith("rule "):
        return True
    return (name in {HAPPENING, COMES_LATER, *TIMES}) == (about == NOW)


def _matrix(lines: Sequence[Case], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[case.signs.get(name, 0.0) for name in names] for case in lines])


def left_out(lines: Sequence[Case], wanted: Sequence[bool], about: str) -> list[float]:
    """Return each line's share of yes by weights that were learned without its author."""
    told = dict(zip(map(id, lines), wanted, strict=True))
    shares: dict[int, float] = {}
    for part in _by_author(lines):
        held = set(map(id, part))
        others = [case for case in lines if id(case) not in held]
        weighing = weigh(others, [told[id(case)] for case in others], about)
        shares |= {id(case): weighing.share(case.signs) for case in part}
    return [shares[id(case)] for case in lines]


def _by_author(lines: Sequence[Case]) -> list[list[Case]]:
    named: dict[str, list[Case]] = {}
    for case in lines:
        named.setdefault(case.example.by, []).append(case)
    rest = named.pop("", [])
    random.Random(7).shuffle(rest)  # noqa: S311 - the same parts each time, nothing secret
    parts = list(named.values())
    return parts + ([rest[at::5] for at in range(5)] if rest else [])


def _believed(case: Case, share: float, mark: float) -> bool:
    return FEW_WORDS in case.signs or share >= mark


def learn(lines: Sequence[Case]) -> Decision:
    """Return both weighings with their marks, and log what they hear of authors left out."""
    wanted = [is_danger(case) for case in lines]
    believed = msgspec.structs.replace(
        weigh(lines, wanted, DANGER), mark=MARK, mark_of_rule=MARK_OF_RULE
    )
    # What a rule is believed for is heard whatever the other mark.
    shares = [
        1.0
        if case.plainly or (RULE in case.signs and _believed(case, share, MARK_OF_RULE))
        else share
        for case, share in zip(lines, left_out(lines, wanted, DANGER), strict=True)
    ]
    _tell(DANGER, lines, shares, wanted, MARK)
    timed = [case for case in lines if case.example.when]
    at_once = [is_now(case) for case in timed]
    late = left_out(timed, at_once, NOW)
    _tell(NOW, timed, late, at_once, NOW_FROM)
    now = weigh(timed, at_once, NOW)
    now.weights[HAPPENING] = HAPPENING_WEIGHS
    return Decision(
        believed,
        msgspec.structs.replace(now, mark=NOW_FROM, mark_of_rule=NOW_FROM),
    )


def _tell(
    name: str, lines: Sequence[Case], shares: Sequence[float], wanted: Sequence[bool], mark: float
) -> None:
    log.info("%s: mark %.3f", name, mark)
    for by in ["all", *authors(case.example for case in lines)]:
        part = [
            (share, yes)
            for case, share, yes in zip(lines, shares, wanted, strict=True)
            if by in ("all", case.example.by)
        ]
        yes = [float(share >= mark) for share, danger in part if danger]
        no = [float(share >= mark) for share, danger in part if not danger]
        log.info(
            "  %-12s heard %.3f of %4d, wrongly %.3f of %4d",
            by or "other lines", np.mean(yes or [0.0]), len(yes), np.mean(no or [0.0]), len(no),
        )  # fmt: skip


def main(path: Path = WEIGHTS) -> None:
    """Learn from every line of `data/nlu` and write the weights."""
    decision = learn(cases(training_lines()))
    path.write_bytes(msgspec.json.format(msgspec.json.encode(decision), indent=1) + b"\n")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    main()
