"""What was learned of whole accounts: sides, rungs, talks with their days and outcomes, wishes.

`accounts.npz` beside this file holds the weight of every trait, learned from the annotated accounts
of `data/accounts` (`make tune`). It contains only arrays, no code. In a few words there is too
little to weigh: there the rules decide alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.core.vocabulary import Agency, Level, Outcome, Side
from bot.understanding.account.history import ReadStep, one_a_level
from bot.understanding.account.traits import (
    NONE,
    Told,
    agency_traits,
    clause_traits,
    day_traits,
    may_be_wished,
    other_agency_traits,
    outcome_traits,
    outcomes_at_once,
    outcomes_told,
    says_no_reply,
    says_our_answer,
    says_what_came,
    whole_traits,
    wish_traits,
)

WEIGHTS = Path(__file__).with_name("accounts.npz")
YES, NO = "yes", "no"
FEWEST_WORDS = 10
"""Of fewer words the rules decide alone."""
MOST_CLAUSES = 60
"""Of a longer text, such as a pasted thread, the rules decide alone."""
MINE, THEIRS = 0.5, 0.4
"""The least share of an agency to be believed. One's own is never guessed."""
A_TALK, A_DAY, A_WISH, RECEIVES = 0.4, 0.4, 0.4, 0.3
AN_OUTCOME = 0.35
"""The least share of all outcomes together, against that none is told."""
PERHAPS = 0.1
"""The same where an answer is told beside the talk: "rang on Monday and got nowhere"."""
IT_IS_SETTLED, SETTLED_AT_LAST = 0.6, 0.3
"""The least share of the outcome that ends a case, and where that is the last thing told."""
SURE_OF_RUNG = 0.7
"""The least share of a rung of one's own that no rule knows."""


@dataclass(frozen=True)
class Weighed:
    """Weights: (traits, labels), with a bias for each label."""

    traits: Mapping[str, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    labels: tuple[str, ...]

    def shares(self, traits: Collection[str]) -> dict[str, float]:
        """Return every label with its share."""
        known = [self.traits[trait] for trait in traits if trait in self.traits]
        scores = self.bias + self.weights[known].sum(axis=0)
        odds = np.exp(scores - scores.max())
        return dict(zip(self.labels, (odds / odds.sum()).tolist(), strict=True))

    def yes(self, traits: Collection[str]) -> float:
        """Return the share of yes."""
        return self.shares(traits)[YES]


@dataclass(frozen=True)
class Account:
    """What an account tells. A step's day or outcome is None where it is not told."""

    mine: Agency | None
    theirs: Agency | None
    side: Side | None
    level: Level | None
    wish: Level | None
    steps: tuple[ReadStep, ...]


@cache
def load_weights(path: Path = WEIGHTS) -> dict[str, Weighed]:
    """Return the weights by what they tell. Raises OSError if there are none."""
    with np.load(path, allow_pickle=False) as arrays:
        return {name: _weighed(arrays, name) for name in arrays["names"].tolist()}


def _weighed(arrays: Mapping[str, NDArray[Any]], name: str) -> Weighed:
    traits = arrays[f"{name}.traits"].tobytes().decode().split("\n")
    return Weighed(
        {trait: at for at, trait in enumerate(traits)},
        arrays[f"{name}.weights"].astype(np.float32),
        arrays[f"{name}.bias"].astype(np.float32),
        tuple(arrays[f"{name}.labels"].tolist()),
    )


def write_weights(found: Mapping[str, Weighed], path: Path = WEIGHTS) -> None:
    """Write the weights as arrays, half as precise as they are weighed."""
    arrays: dict[str, NDArray[Any]] = {"names": np.array(list(found))}
    for name, one in found.items():
        arrays[f"{name}.traits"] = np.frombuffer("\n".join(one.traits).encode(), np.uint8)
        arrays[f"{name}.weights"] = one.weights.astype(np.float16)
        arrays[f"{name}.bias"] = one.bias
        arrays[f"{name}.labels"] = np.array(one.labels)
    np.savez_compressed(path, **arrays)


def read_account(told: Told, weights: Mapping[str, Weighed] | None = None) -> Account | None:
    """Return what an account tells, or None where it is too short or too long to weigh."""
    if len(told.words.split()) < FEWEST_WORDS or len(told.clauses) > MOST_CLAUSES:
        return None
    weights = weights or load_weights()
    mine, theirs = _agencies(told, weights)
    whole = whole_traits(told, mine)
    side = Side.receiver if weights["side"].yes(whole) >= RECEIVES else None
    steps = _steps(told, weights, side, mine)
    return Account(
        Agency(mine) if mine else None,
        Agency(theirs) if theirs else None,
        side,
        _level(told, weights["level"].shares(whole)),
        _wish(told, weights["wish"]),
        steps,
    )


def _agencies(told: Told, weights: Mapping[str, Weighed]) -> tuple[str | None, str | None]:
    traits = agency_traits(told)
    mine = _likeliest(weights["mine"], traits, MINE)
    theirs = _likeliest(weights["theirs"], other_agency_traits(traits, mine or NONE), THEIRS)
    return mine, (theirs if theirs != mine else None)


def _likeliest(weighed: Weighed, traits: Mapping[str, set[str]], enough: float) -> str | None:
    shares = {name: weighed.yes(one) for name, one in traits.items()}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= enough else None


def _level(told: Told, shares: Mapping[str, float]) -> Level | None:
    best = max(shares, key=shares.__getitem__)
    if told.level is None and shares[best] < SURE_OF_RUNG:
        return None
    return Level(best)


def _wish(told: Told, weighed: Weighed) -> Level | None:
    shares = [(weighed.yes(wish_traits(told, one)), one) for one in may_be_wished(told)]
    share, best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return best.level if best and share >= A_WISH else None


def talks(
    told: Told, weighed: Weighed, side: str | None, mine: str | None
) -> dict[int, tuple[Level, float]]:
    """Return the rung of each talk by the number of its clause, with its share."""
    found = {}
    for number, part in enumerate(told.clauses):
        if part.is_no_talk:
            continue
        shares = weighed.shares(clause_traits(told, number, side, mine))
        nothing = shares.pop(NONE)
        if 1 - nothing >= A_TALK:
            best = max(shares, key=shares.__getitem__)
            found[number] = (Level(best), 1 - nothing)
    return found


def _steps(
    told: Told, weights: Mapping[str, Weighed], side: str | None, mine: str | None
) -> tuple[ReadStep, ...]:
    if told.history.contacts.nobody_asked:
        return ()
    found = talks(told, weights["talk"], side, mine)
    numbers = tuple(found)
    return one_a_level(
        ReadStep(
            level,
            _day(told, weights["day"], number, numbers),
            _outcome(told, weights["outcome"], number, numbers, side),
        )
        for number, (level, _) in found.items()
    )


def _day(told: Told, weighed: Weighed, number: int, numbers: Sequence[int]) -> date | None:
    days = [day for day in told.dates if day.on and day.on <= told.today]
    shares = [(weighed.yes(day_traits(told, number, day, numbers)), day.on) for day in days]
    share, best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or share < A_DAY:
        return None
    # "On 9 and 16 November": whoever wrote twice has waited since the last time.
    return told.days.last_of(told.clauses[number].clause.at, best)


def _outcome(
    told: Told, weighed: Weighed, number: int, numbers: Sequence[int], side: str | None
) -> Outcome | None:
    if not says_what_came(told, number, numbers):
        return None
    shares = weighed.shares(outcome_traits(told, number, numbers, side))
    nothing = shares.pop(NONE)
    best = max(shares, key=shares.__getitem__)
    if outcomes_told(told, number, numbers)[-1:] == [Outcome.resolved]:
        best = best if shares[Outcome.resolved] < SETTLED_AT_LAST else Outcome.resolved
    elif 1 - nothing < AN_OUTCOME or (best == Outcome.resolved and shares[best] < IT_IS_SETTLED):
        at_once = outcomes_at_once(told, number, numbers)
        if not at_once or 1 - nothing < PERHAPS:
            return Outcome.no_response if says_no_reply(told, number, numbers, side) else None
        best = at_once[-1]
    # Whoever was challenged owes an answer until they say what they answered.
    owes = side == Side.receiver and best != Outcome.awaiting and not says_our_answer(told)
    return None if owes else Outcome(best)
