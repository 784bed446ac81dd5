"""What speaks for each outcome of a talk: the words up to the next one, and what they answer."""

from collections.abc import Iterator, Sequence
from functools import partial

from bot.core.vocabulary import Outcome, Side
from bot.understanding.account.outcomes import NO_ANSWER
from bot.understanding.account.told import RuledAccount, RuledClause, grams
from bot.understanding.words.patterns import pattern

_words = partial(pattern, "history")
REACH = 7
"""Clauses from a talk in which it is told what came of it."""
BESIDE_IT = 4
"""Clauses from a talk in which an answer is told in the same breath."""
SHARES = (0.15, 0.3, 0.45, 0.6, 0.8)
"""Shares of an answer that are told apart."""


def outcome_traits(
    told: RuledAccount, number: int, talks: Sequence[int], side: str | None
) -> set[str]:
    """Return what speaks for each outcome of a talk."""
    clauses = told.clauses
    until = min((n for n in talks if n > number), default=len(clauses))
    span = clauses[number : min(until, number + REACH)]
    traits: set[str] = set()
    for place, part in enumerate(span):
        traits.update(grams(part.tokens, 3, "then " if place else "here "))
        traits.update(_answer_traits(told, part, "then" if place else "here"))
        traits |= {f"outcome {outcome}" for outcome in part.outcomes}
    answers = [answer for part in span if (answer := told.answer(part)[0]) != NO_ANSWER]
    traits |= {f"last answer {answers[-1:]}", f"first answer {answers[:1]}"}
    traits.update(*(_answer_traits(told, part, "end") for part in clauses[number:]))
    said = [outcome for part in span for outcome in part.outcomes]
    ever = [outcome for _, outcome in told.history.told][-1:]
    rest = min(len(_after_the_talk(span)), 5)
    traits |= {
        f"last {said[-1:]}", f"first {said[:1]}", f"more {until < len(clauses)}", f"side {side}",
        f"span {len(span)}", f"talks {len(talks)}", f"number {sorted(talks).index(number)}",
        f"ever {ever} {len(talks) == 1}",
        f"rest {rest}", f"rest {rest} {len(span) == 1}", f"rest {rest} {said[-1:]}",
    }  # fmt: skip
    if until < len(clauses):
        return traits | set(grams(clauses[until].tokens, 1, "next "))
    return traits.union(*(grams(part.tokens, 2, "end ") for part in clauses[number:]))


def said_of_it(told: RuledAccount, number: int, talks: Sequence[int]) -> str:
    """Return the words from a talk to the next one."""
    until = min((n for n in talks if n > number), default=len(told.clauses))
    last = told.clauses[min(until, number + REACH) - 1]
    return told.words[told.clauses[number].clause.at.start : last.clause.at.end].strip()


def _answer_traits(told: RuledAccount, part: RuledClause, where: str) -> Iterator[str]:
    """Yield what a clause tells as an answer, once for each share that it reaches."""
    answer, share = told.answer(part)
    if answer != NO_ANSWER:
        for least in SHARES:
            if share >= least:
                yield from (f"{where} {answer} {least}", f"answer {answer} {least}")


def says_what_came(told: RuledAccount, number: int, talks: Sequence[int]) -> bool:
    """Say whether more is told of a talk than who spoke to whom and when, before the next one."""
    until = min((n for n in talks if n > number), default=None)
    return until is None or bool(_after_the_talk(told.clauses[number:until]))


def outcomes_told(told: RuledAccount, number: int, talks: Sequence[int]) -> list[Outcome]:
    """Return the outcomes that are told between a talk and the next one."""
    until = min((n for n in talks if n > number), default=len(told.clauses))
    return [one for part in told.clauses[number:until] for one in part.outcomes]


def outcomes_at_once(told: RuledAccount, number: int, talks: Sequence[int]) -> list[Outcome]:
    """Return the first outcomes that are told in a talk's clause, or soon after in its sentence."""
    until = min((n for n in talks if n > number), default=len(told.clauses))
    here = told.clauses[number]
    for at, part in enumerate(told.clauses[number : min(until, number + BESIDE_IT)]):
        if part.clause.sentence != here.clause.sentence and at > 1:
            break
        if part.outcomes:
            return list(part.outcomes)
    return []


def says_no_reply(told: RuledAccount, number: int, talks: Sequence[int], side: str | None) -> bool:
    """Say whether the one thing told, before a letter or after it, is that nobody replied."""
    at = told.clauses[number].clause.at
    wrote = _words("wrote").search(told.words, at.start, at.end)
    only = {outcome for _, outcome in told.history.told} == {Outcome.no_response}
    return bool(wrote) and only and len(talks) == 1 and side != Side.receiver


def says_our_answer(told: RuledAccount) -> bool:
    """Say whether the practitioner tells what they answered, or what came of it."""
    return bool(told.history.told or _words("our_answer").search(told.words))


def _after_the_talk(span: Sequence[RuledClause]) -> list[str]:
    """The words after the last person and day of a stretch."""
    spoken = [token for part in span for token in part.tokens]
    last = max((at for at, token in enumerate(spoken) if token.startswith("@")), default=-1)
    return spoken[last + 1 :]
