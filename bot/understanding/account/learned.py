"""What was learned of whole accounts: sides, rungs, talks with their days and outcomes, wishes.

The weight of every trait is learned from the annotated accounts of `data/accounts` (`make tune`).
In a few words there is too little to weigh: there the rules decide alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log

from bot.core.vocabulary import Agency, Level, Outcome, Side
from bot.understanding.account.history import ReadStep, one_a_level
from bot.understanding.account.outcome_traits import (
    outcome_traits,
    outcomes_at_once,
    outcomes_told,
    said_of_it,
    says_no_reply,
    says_our_answer,
    says_what_came,
)
from bot.understanding.account.party import lower
from bot.understanding.account.told import NONE, RuledAccount
from bot.understanding.account.traits import (
    agency_traits,
    clause_traits,
    day_traits,
    may_be_wished,
    other_agency_traits,
    whole_traits,
    wish_traits,
)
from bot.understanding.account.weights import Learned, Weighed, load_weights

FEWEST_WORDS = 10
"""Of fewer words the rules decide alone."""
MOST_CLAUSES = 60
"""Of a longer text, such as a pasted thread, the rules decide alone."""
MINE, THEIRS = 0.5, 0.4
"""The least share of an agency to be believed. One's own is never guessed."""
A_TALK, A_DAY, A_WISH, RECEIVES = 0.4, 0.4, 0.4, 0.3
BY_WORDS, TINY = 0.5, 1e-9
"""How much the words after a talk count beside its traits; and what keeps a share above nothing."""
AN_OUTCOME = 0.35
"""The least share of all outcomes together, against that none is told."""
LIKELIEST = 0.33
"""The least share of one outcome: below it, what came of a talk is asked."""
PERHAPS = 0.1
"""The same where an answer is told beside the talk: "rang on Monday and got nowhere"."""
IT_IS_SETTLED, SETTLED_AT_LAST = 0.6, 0.3
"""The least share of the outcome that ends a case, and where that is the last thing told."""
SURE_OF_RUNG = 0.7
"""The least share of a rung of one's own that no rule knows."""


@dataclass(frozen=True)
class Account:
    """What an account tells. A step's day or outcome is None where it is not told."""

    mine: Agency | None
    theirs: Agency | None
    side: Side | None
    level: Level | None
    wish: Level | None
    steps: tuple[ReadStep, ...]


def read_account(told: RuledAccount, learned: Learned | None = None) -> Account | None:
    """Return what an account tells, or None where it is too short or too long to weigh."""
    if len(told.words.split()) < FEWEST_WORDS or len(told.clauses) > MOST_CLAUSES:
        return None
    learned = learned or load_weights()
    weights = learned.weighed
    mine, theirs = _agencies(told, weights)
    whole = whole_traits(told, mine)
    side = Side.receiver if weights["side"].yes(whole) >= RECEIVES else None
    level = _level(told, weights["level"].shares(whole))
    steps = _steps(told, learned, side, mine, _rung_of_own_talks(told, side, level))
    return Account(
        Agency(mine) if mine else None,
        Agency(theirs) if theirs else None,
        side,
        level,
        _wish(told, weights["wish"]),
        steps,
    )


def _agencies(told: RuledAccount, weights: Mapping[str, Weighed]) -> tuple[str | None, str | None]:
    traits = agency_traits(told)
    opening = told.agencies.opening or told.agencies.workplace
    # The post or place of work that opens an account is the writer's, whoever else is weighed.
    first = opening.agency if opening else None
    mine = str(first) if first else _likeliest(weights["mine"], traits, MINE)
    theirs = _likeliest(weights["theirs"], other_agency_traits(traits, mine or NONE), THEIRS)
    return mine, (theirs if theirs != mine else None)


def _likeliest(weighed: Weighed, traits: Mapping[str, set[str]], enough: float) -> str | None:
    shares = {name: weighed.yes(one) for name, one in traits.items()}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= enough else None


def _level(told: RuledAccount, shares: Mapping[str, float]) -> Level | None:
    best = max(shares, key=shares.__getitem__)
    if told.level is None and shares[best] < SURE_OF_RUNG:
        return None
    return Level(best)


def _rung_of_own_talks(told: RuledAccount, side: Side | None, level: Level | None) -> Level | None:
    """Return the rung of whoever writes, on which their own talks are, or None if it is not told.

    A title that they give themselves stands before what is weighed. A lead who is challenged
    answers on the rung of whoever came.
    """
    if told.titled or told.level is None:
        return told.titled
    if side is None:
        return level
    return None if told.agencies.is_lead else Level(told.level)


def _wish(told: RuledAccount, weighed: Weighed) -> Level | None:
    shares = [(weighed.yes(wish_traits(told, one)), one) for one in may_be_wished(told)]
    share, best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return best.level if best and share >= A_WISH else None


def talks(
    told: RuledAccount, weighed: Weighed, side: str | None, mine: str | None, own: Level | None
) -> dict[int, Level]:
    """Return the rung of each talk by the number of its clause.

    A talk that somebody on the rung `own` had themselves has reached no higher one. One that came
    to them from the other side is on theirs.
    """
    found: dict[int, Level] = {}
    for number, part in enumerate(told.clauses):
        if part.is_no_talk:
            continue
        shares = weighed.shares(clause_traits(told, number, side, mine))
        nothing = shares.pop(NONE)
        if 1 - nothing >= A_TALK:
            best = Level(max(shares, key=shares.__getitem__))
            here = own if part.by_writer else None
            found[number] = here if here and side == Side.receiver else lower(best, here)
    return found


def _steps(
    told: RuledAccount, learned: Learned, side: str | None, mine: str | None, own: Level | None
) -> tuple[ReadStep, ...]:
    if told.history.contacts.nobody_asked:
        return ()
    found = talks(told, learned.weighed["talk"], side, mine, own)
    numbers = tuple(found)
    return one_a_level(
        ReadStep(
            level,
            _day(told, learned.weighed["day"], number, numbers),
            _outcome(told, learned, number, numbers, side),
            side is None and told.clauses[number].by_writer,
        )
        for number, level in found.items()
    )


def _day(told: RuledAccount, weighed: Weighed, number: int, numbers: Sequence[int]) -> date | None:
    counted = told.days.counted_here(told.clauses[number].clause.at)
    if counted:
        return counted
    days = [day for day in told.dates if day.on and day.on <= told.today]
    shares = [(weighed.yes(day_traits(told, number, day, numbers)), day.on) for day in days]
    share, best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or share < A_DAY:
        return None
    # "On 9 and 16 November": whoever wrote twice has waited since the first time.
    return told.days.first_of(told.clauses[number].clause.at, best)


def _outcome(
    told: RuledAccount, learned: Learned, number: int, numbers: Sequence[int], side: str | None
) -> Outcome | None:
    if not says_what_came(told, number, numbers):
        return None
    weighed = learned.weighed["outcome"].shares(outcome_traits(told, number, numbers, side))
    shares = joined(weighed, dict(learned.said.rank(said_of_it(told, number, numbers))))
    nothing = shares.pop(NONE)
    best = max(shares, key=shares.__getitem__)
    if outcomes_told(told, number, numbers)[-1:] == [Outcome.resolved]:
        best = best if shares[Outcome.resolved] < SETTLED_AT_LAST else Outcome.resolved
    elif (
        1 - nothing < AN_OUTCOME
        or shares[best] < LIKELIEST
        or (best == Outcome.resolved and shares[best] < IT_IS_SETTLED)
    ):
        at_once = outcomes_at_once(told, number, numbers)
        if not at_once or 1 - nothing < PERHAPS:
            return Outcome.no_response if says_no_reply(told, number, numbers, side) else None
        best = at_once[-1]
    # Whoever was challenged owes an answer until they say what they answered.
    owes = side == Side.receiver and best != Outcome.awaiting and not says_our_answer(told)
    return None if owes else Outcome(best)


def joined(weighed: Mapping[str, float], ranked: Mapping[str, float]) -> dict[str, float]:
    """Return the shares on which two that learned apart agree best."""
    logs = {
        name: (1 - BY_WORDS) * log(share + TINY) + BY_WORDS * log(ranked[name] + TINY)
        for name, share in weighed.items()
    }
    total = sum(map(exp, logs.values()))
    return {name: exp(value) / total for name, value in logs.items()}
