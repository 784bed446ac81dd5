"""Learns how accounts are read, from those that people annotated: the last part of `make tune`.

An annotation says which talks there were, not in which clause each is told. So each talk is first
given to the clause that fits it best by its day, its rung and its verb, and then once more by what
was learned from that.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from bot.core.vocabulary import Agency, Level
from bot.paths import ROOT
from bot.privacy.masking.masker import mask
from bot.understanding.account.outcome_traits import outcome_traits, said_of_it
from bot.understanding.account.outcomes import NO_ANSWER, answer_clauses
from bot.understanding.account.party import lower
from bot.understanding.account.told import NONE, RuledAccount, RuledClause
from bot.understanding.account.traits import (
    agency_traits,
    clause_traits,
    day_traits,
    may_be_wished,
    other_agency_traits,
    whole_traits,
    wish_traits,
)
from bot.understanding.account.weights import NO, WEIGHTS, YES, Learned, Weighed, write_weights
from bot.understanding.account.whole import read_by_rules, told_of
from bot.understanding.model.lines import training_lines
from bot.understanding.model.ranker import OUTCOME, Ranker, rank_clauses, train_clauses
from bot.understanding.words.patterns import pattern

log = logging.getLogger(__name__)
ACCOUNTS = ROOT / "data/accounts"
STRENGTH = {"talk": 0.7, "day": 1.0, "wish": 0.7, "level": 0.3, "outcome": 0.4}
"""The inverse of the regularisation (scikit-learn's C), where it is not HALF."""
HALF = 0.5
FEWEST = 2
"""A trait that only one account has is not weighed."""
TIMES = 2
"""How often the talks are given to clauses."""
LIGHT = 0.4
"""How much an account that was cut short counts, beside one that somebody wrote."""
NO_FIT = 9.0
"""How badly a clause fits that tells of no contact with the other side."""
FITS = 1.2
"""The least by which a clause fits a talk that is told in it."""


class Step(msgspec.Struct, frozen=True):
    """A step as annotated."""

    level: str
    on: str | None = None
    outcome: str | None = None


class Facts(msgspec.Struct, frozen=True):
    """What a text says, as annotated; other keys are not learned from."""

    my_agency: str | None = None
    their_agency: str | None = None
    side: str | None = None
    level: str | None = None
    wish: str | None = None
    steps: tuple[Step, ...] = ()


class Annotated(msgspec.Struct, frozen=True):
    """An account with the day it is counted from and what it tells."""

    text: str
    today: date
    facts: Facts


class Line(NamedTuple):
    """An annotated account with what its traits are taken from."""

    told: RuledAccount
    facts: Facts


Given = dict[int, Step]
"""Each talk by the number of the clause that it was given to."""


def annotated(folder: Path = ACCOUNTS) -> list[Line]:
    """Return every annotated account, read by the rules as it would be stored."""
    outcomes = train_clauses(answers(), OUTCOME)
    return [
        _line(msgspec.json.decode(raw, type=Annotated), outcomes)
        for path in sorted(folder.glob("*.jsonl"))
        for raw in path.read_bytes().splitlines()
    ]


def answers() -> list[tuple[str, str]]:
    """Return the clauses of `data/nlu/outcomes.yml`, each with what it answers."""
    return [(line.text, line.outcome) for line in training_lines() if line.intent == OUTCOME]


def _line(account: Annotated, outcomes: Ranker) -> Line:
    text = mask(account.text).text
    answers = rank_clauses(answer_clauses(text), outcomes)
    ruled = read_by_rules(text, account.today, answers)
    return Line(told_of(ruled, text, account.today, answers), account.facts)


def learn(lines: Sequence[Line]) -> Learned:
    """Return all that is learned of accounts."""
    own = [(told, facts, facts.my_agency) for told, facts in lines]
    side = [(whole_traits(told, mine), _yes(_receives(facts))) for told, facts, mine in own]
    level = [(whole_traits(told, mine), facts.level) for told, facts, mine in own if facts.level]
    found = {
        "mine": _weigh("mine", _agencies(lines, mine=True)),
        "theirs": _weigh("theirs", _agencies(lines, mine=False)),
        "side": _weigh("side", side),
        "level": _weigh("level", level),
        "wish": _weigh(
            "wish",
            [
                (wish_traits(told, one), _yes(facts.wish == one.level.value))
                for told, facts in lines
                for one in may_be_wished(told)
            ],
        ),
    }
    given, talk = _given(lines)
    days, outcomes, nothing, said = [], [], [], answers()
    for (told, facts), talks in zip(lines, given, strict=True):
        numbers, receives = tuple(talks), facts.side if _receives(facts) else None
        for number, step in talks.items():
            days += [
                (
                    day_traits(told, number, day, numbers),
                    _yes(step.on and _on(day) == step.on),
                )
                for day in told.dates
            ]
            traits = outcome_traits(told, number, numbers, receives)
            outcomes.append((traits, step.outcome or NONE))
            said.append((said_of_it(told, number, numbers), step.outcome or NONE))
            nothing += [(traits, NONE) for traits in _cut_short(told, number, numbers, receives)]
    weighed = {
        **found,
        "talk": talk,
        "day": _weigh("day", days),
        "outcome": _weigh("outcome", outcomes, nothing),
    }
    return Learned(weighed, train_clauses(said, OUTCOME))


def _cut_short(
    told: RuledAccount, number: int, numbers: Sequence[int], side: str | None
) -> Iterator[set[str]]:
    """Yield a talk's traits in its account without what comes after it: there nothing came of it.

    Once as far as it goes, and once with the sentences before it moved behind it.
    """
    here = told.clauses[number]
    if here.outcomes or told.answer(here)[0] != NO_ANSWER:
        return
    end = here.clause.at.end
    yield from _of_the_rest(
        told, told.words[:end], number, [n for n in numbers if n <= number], side
    )
    first = next(
        n for n, part in enumerate(told.clauses) if part.clause.sentence == here.clause.sentence
    )
    begin = told.clauses[first].clause.at.start
    if first and not any(n < first for n in numbers):
        turned = f"{told.words[begin:end].strip()}. {told.words[:begin]}"
        kept = [n - first for n in numbers if first <= n <= number]
        yield from _of_the_rest(told, turned, number - first, kept, side)


def _of_the_rest(
    told: RuledAccount, words: str, number: int, numbers: Sequence[int], side: str | None
) -> Iterator[set[str]]:
    ruled = read_by_rules(words, told.today, told.answers)
    short = told_of(ruled, words, told.today, told.answers)
    if number < len(short.clauses):
        yield outcome_traits(short, number, tuple(numbers), side)


def _receives(facts: Facts) -> bool:
    return facts.side == "receiver"


def _yes(is_so: object) -> str:
    return YES if is_so else NO


def _on(day: Any) -> str:
    return day.on.isoformat() if day.on else ""


def _agencies(lines: Sequence[Line], *, mine: bool) -> list[tuple[set[str], str]]:
    found = []
    for told, facts in lines:
        wanted = facts.my_agency if mine else facts.their_agency
        traits = agency_traits(told)
        if not mine:
            traits = other_agency_traits(traits, facts.my_agency or NONE)
        found += [(traits[agency.value], _yes(wanted == agency.value)) for agency in Agency]
    return found


def _given(lines: Sequence[Line]) -> tuple[list[Given], Weighed]:
    """Give every talk to a clause, and return the weights that tell clauses with a talk."""
    given = [_give(line, None) for line in lines]
    talk = _weigh("talk", _clauses(lines, given))
    for _ in range(TIMES - 1):
        given = [_give(line, talk) for line in lines]
        talk = _weigh("talk", _clauses(lines, given))
    return given, talk


def _clauses(lines: Sequence[Line], given: Sequence[Given]) -> list[tuple[set[str], str]]:
    return [
        (
            clause_traits(told, number, facts.side if _receives(facts) else None, facts.my_agency),
            talks[number].level if number in talks else NONE,
        )
        for (told, facts), talks in zip(lines, given, strict=True)
        for number in range(len(told.clauses))
    ]


def _give(line: Line, talk: Weighed | None) -> Given:
    """Give every talk of an account to the clause that fits it best."""
    from scipy.optimize import linear_sum_assignment

    told, facts = line
    if not facts.steps or not told.clauses:
        return {}
    fits = np.array(
        [[_fits(line, number, step) for number in range(len(told.clauses))] for step in facts.steps]
    )
    if talk:
        for number in range(len(told.clauses)):
            side = facts.side if _receives(facts) else None
            shares = talk.shares(clause_traits(told, number, side, facts.my_agency))
            for at, step in enumerate(facts.steps):
                fits[at, number] += 1.5 * (np.log(shares.get(step.level, 0.0) + 0.01) + 2.5)
    pairs = zip(*linear_sum_assignment(-fits), strict=True)
    return {int(number): facts.steps[at] for at, number in pairs if fits[at, number] >= FITS}


def _fits(line: Line, number: int, step: Step) -> float:
    told, facts = line
    here = told.clauses[number]
    at = here.clause.at
    theirs = [one for one in here.mentions if told.whose(one) == "theirs"]
    fit = _day_fits(told, number, step) - 0.02 * number - NO_FIT * here.is_no_talk
    own = Level(facts.level) if facts.level and here.by_writer and not _receives(facts) else None
    if any(lower(one.level, own).value == step.level for one in theirs):
        plain = step.level == Level.practitioner and not any(one.is_person for one in theirs)
        fit += 1.2 if plain else 2
    elif any(one.level.value == step.level for one in here.mentions):
        fit += 1
    if pattern("history", "spoke").search(told.words, at.start, at.end):
        fit += 1.7
    elif pattern("history", "raised").search(told.words, at.start, at.end):
        fit += 1.3
    if here.frame:
        fit += 1.8 if here.frame.level.value == step.level else 0.8
    return fit - 1.5 * here.is_planned


def _day_fits(told: RuledAccount, number: int, step: Step) -> float:
    """How well the days in and beside a clause fit a step's day."""
    here = _days(told.clauses[number])
    if not step.on:
        return -0.5 if here else 0.0
    if step.on in here:
        return 3.0
    if here:
        return -1.0
    beside = told.clauses[number + 1 : number + 2], told.clauses[max(0, number - 1) : number]
    after, before = (any(step.on in _days(part) for part in parts) for parts in beside)
    return 1.6 if after else 1.2 if before else 0.0


def _days(part: RuledClause) -> set[str]:
    return {day.on.isoformat() for day in part.dates if day.on}


Labelled = Iterable[tuple[set[str], str]]


def _weigh(about: str, lines: Labelled, light: Labelled = ()) -> Weighed:
    """Return the weights by which traits speak for labels. Lines that were made count less."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    written, made = list(lines), list(light)
    told = written + made
    times = Counter(trait for traits, _ in told for trait in traits)
    rows = [
        dict.fromkeys((t for t in sorted(traits) if times[t] >= FEWEST), 1.0) for traits, _ in told
    ]
    columns = DictVectorizer(dtype=np.float64)
    model = LogisticRegression(C=STRENGTH.get(about, HALF), max_iter=300)
    counts = [1.0] * len(written) + [LIGHT] * len(made) if made else None
    model.fit(columns.fit_transform(rows), [label for _, label in told], sample_weight=counts)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # noqa: PLR2004 - scikit-learn folds two classes into one row
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    log.info("%s: %d traits, %d lines", about, weights.shape[1], len(told))
    return Weighed(
        {trait: at for at, trait in enumerate(columns.feature_names_)},
        np.ascontiguousarray(weights.T, dtype=np.float32),
        bias.astype(np.float32),
        tuple(str(label) for label in model.classes_),
    )


def main(path: Path = WEIGHTS) -> None:
    """Learn from every account of `data/accounts` and write the weights."""
    write_weights(learn(annotated()), path)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    main()
