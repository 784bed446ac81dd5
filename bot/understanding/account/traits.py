"""The traits of an account by which what was learned tells who spoke to whom, when, and what came.

Words stand for themselves; a person or agency stands for whose it is and on which rung, and a date
for whether it has been. So what was learned of "my matron rang their head of service on Tuesday"
holds for every other pair of titles on those rungs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from bot.core.vocabulary import Agency, Level, Outcome, Side
from bot.understanding.account.agencies import Agencies
from bot.understanding.account.clauses import Clause, Days, account_clauses
from bot.understanding.account.dates import FoundDate
from bot.understanding.account.frames import Frame
from bot.understanding.account.history import History
from bot.understanding.account.outcomes import NO_ANSWER, Answers
from bot.understanding.account.party import NO_PARTY, End
from bot.understanding.account.roles import SAFEGUARDING_LEAD, Mention
from bot.understanding.words.patterns import pattern

_words = partial(pattern, "history")
_TOKEN = re.compile(r"[a-z0-9&']+")
_FULL_STOP = re.compile(r"[.;!?\n]+(?=\s|$)")
NONE = "none"
LEVELS = tuple(level.value for level in Level)
NEAR, BESIDE = 60, 5
"""Characters and words around a mention that say whose it is."""
REACH = 7
"""Clauses from a talk in which it is told what came of it."""
BESIDE_IT = 4
"""Clauses from a talk in which an answer is told in the same breath."""
SHARES = (0.15, 0.3, 0.45, 0.6, 0.8)
"""Shares of an answer that are told apart."""
AT_THE_END = 25
"""Characters from the end within which people sign off: "… never came back. HV, Deal"."""


@dataclass(frozen=True)
class Told:
    """An account with what the rules make of it, from which its traits are taken."""

    words: str
    today: date
    dates: tuple[FoundDate, ...]
    agencies: Agencies
    theirs: str | None
    history: History
    answers: Answers
    side: str | None
    level: str | None
    wish: str | None

    @cached_property
    def mine(self) -> str | None:
        """The agency that the rules take for the practitioner's own."""
        return self.agencies.mine.value if self.agencies.mine else None

    @cached_property
    def clauses(self) -> tuple["Part", ...]:
        """The clauses, each with what stands in it."""
        return tuple(self._part(clause) for clause in account_clauses(self.words, list(self.dates)))

    @cached_property
    def days(self) -> Days:
        """The days that are named."""
        return Days(self.words, self.dates, self.today)

    def _part(self, clause: Clause) -> "Part":
        start, end = clause.at.start, clause.at.end
        frame = next((one for one in self.history.contacts.frames if one.at.start == start), None)
        refers = frame is None and _words("referral").search(self.words, start, end)
        return Part(
            clause,
            tuple(one for one in self.agencies.mentions if start <= one.start < end),
            tuple(day for day in self.dates if start <= day.start < end),
            frame,
            tuple(outcome for at, outcome in self.history.told if start <= at < end),
            tuple(self.tokens(start, end)),
            bool(_words("planned").search(self.words, start, end)),
            bool(refers and not _words("spoke").search(self.words, start, end))
            or bool(pattern("party", "to_be_written").search(self.words, start, end)),
            self.history.contacts.ends[start],
        )

    def tokens(self, start: int, end: int) -> list[str]:
        """The words of a stretch, with what stands for people, agencies and dates."""
        found: list[str] = []
        at = start
        for begin, until, name in self._stand_ins:
            if not start <= begin < end or begin < at:
                continue
            found += [*_TOKEN.findall(self.words, at, begin), name]
            at = until
        return found + _TOKEN.findall(self.words, min(at, end), end)

    @cached_property
    def _stand_ins(self) -> list[tuple[int, int, str]]:
        people = [(one.start, one.end, f"@{self.whose(one)}.{one.rung}") for one in self.mentions]
        days = [
            (day.start, day.end, "@ahead" if self.is_ahead(day) else "@day") for day in self.dates
        ]
        return sorted(people + days)

    def answer(self, part: "Part") -> tuple[str, float]:
        """Return what the ranker of outcomes hears in a clause, with its share."""
        words = self.words[part.clause.at.start : part.clause.at.end].strip()
        return self.answers.get(words, (NO_ANSWER, 0.0))

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Every person and agency that is mentioned."""
        return self.agencies.mentions

    def whose(self, one: Mention) -> str:
        """Say whose side the rules take somebody for."""
        return "ours" if one in self.agencies.own else "theirs"

    def is_ahead(self, day: FoundDate) -> bool:
        """Say whether a day is still to come."""
        return day.on is not None and day.on > self.today


@dataclass(frozen=True)
class Part:
    """A clause with what stands in it."""

    clause: Clause
    mentions: tuple[Mention, ...]
    dates: tuple[FoundDate, ...]
    frame: Frame | None
    outcomes: tuple[Outcome, ...]
    tokens: tuple[str, ...]
    is_planned: bool
    only_refers: bool
    """Whether a referral is told of, or a letter to be written, and no talk."""
    other_end: End

    @property
    def is_no_talk(self) -> bool:
        """Whether nobody has been challenged: a referral, or a call from a grandad."""
        return self.only_refers or self.other_end in NO_PARTY


def grams(tokens: Sequence[str], longest: int, prefix: str = "") -> Iterator[str]:
    """Yield every stretch of up to so many tokens."""
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + longest, len(tokens)) + 1):
            yield prefix + " ".join(tokens[start:end])


def agency_traits(told: Told) -> dict[str, set[str]]:
    """Return for each agency what speaks for its being the practitioner's own."""
    words = set(_TOKEN.findall(told.words))
    named = min(len({one.agency for one in told.mentions if one.agency}), 4)
    beside: dict[Agency | None, list[set[str]]] = {}
    for number, one in enumerate(told.mentions):
        if one.agency:
            beside.setdefault(one.agency, []).append(_around(told, one, number))
    found: dict[str, set[str]] = {}
    for agency in Agency:
        here, name = beside.get(agency, []), agency.value
        traits = {
            name,
            f"times {min(len(here), 3)}",
            f"others {named} {bool(here)}",
            f"rule mine {told.mine == name}",
            f"rule mine {told.mine == name} {name}",
            f"rule theirs {told.theirs == name}",
            f"rule theirs {told.theirs == name} {name}",
            f"no rule mine {told.mine is None} {bool(here)}",
            f"no rule theirs {told.theirs is None} {name}",
            *(f"{name}: {word}" for word in words),
        }
        found[name] = traits.union(*here)
    return found


def other_agency_traits(traits: Mapping[str, set[str]], mine: str) -> dict[str, set[str]]:
    """Return what speaks for each agency's being the one that is disagreed with.

    `mine` is one's own, or NONE.
    """
    return {
        name: {*of_it, f"mine {mine}", f"mine {mine} {name}", f"is mine {mine == name}"}
        for name, of_it in traits.items()
    }


def _around(told: Told, one: Mention, number: int) -> set[str]:
    """What stands around a mention, and where in the account it is."""
    words = told.words
    before = _TOKEN.findall(words, max(0, one.start - NEAR), one.start)[-BESIDE:]
    after = _TOKEN.findall(words, one.end, one.end + NEAR)[:BESIDE]
    lead = len(_FULL_STOP.split(words[: one.start])[-1].split())
    rest = len(_FULL_STOP.split(words[one.end :])[0].split())
    own = one in told.agencies.own
    traits = {
        f"owner {one.owner}", f"rung {one.rung}", f"number {min(number, 3)}", f"title {one.word}",
        f"before {' '.join(before[-2:])}", f"after {' '.join(after[:2])}",
        f"first {not words[: one.start].strip()}", f"lead {min(lead, 4)}", f"rest {min(rest, 4)}",
        f"bare {not lead and not one.owner} {min(rest, 3)}", f"own {own}",
        f"last {len(words) - one.end < AT_THE_END}",
        *(f"before {at} {word}" for at, word in enumerate(reversed(before))),
        *(f"after {at} {word}" for at, word in enumerate(after)),
        *(f"near before {word}" for word in before), *(f"near after {word}" for word in after),
    }  # fmt: skip
    if one.is_person:
        traits |= {
            f"person {one.owner}",
            f"person lead {min(lead, 3)}",
            f"person rest {min(rest, 3)}",
        }
    return traits


def whole_traits(told: Told, mine: str | None) -> set[str]:
    """Return what speaks for a side and for a rung of the practitioner's own."""
    traits = set(grams(told.tokens(0, len(told.words)), 3))
    traits |= {
        f"rule side {told.side}", f"rule level {told.level}", f"mine {mine}",
        f"rule level {told.level} {mine}",
    }  # fmt: skip
    for number, one in enumerate(told.mentions):
        if one in told.agencies.own:
            traits |= {f"own {one.rung}", f"own {one.rung} {one.owner}", f"own title {one.word}"}
        if one.agency and one.agency.value == mine:
            traits |= {f"mine {one.rung} {one.owner}", f"my title {one.word} {one.owner}"}
            if not one.owner:
                traits.add(f"bare {one.rung} {number == 0}")
    return traits


def clause_traits(told: Told, number: int, side: str | None, mine: str | None) -> set[str]:
    """Return what speaks for a clause telling of a contact, and on which rung."""
    here = told.clauses[number]
    traits = set(grams(here.tokens, 3))
    if number:
        before = told.clauses[number - 1]
        traits.update(grams(before.tokens, 1, "before "))
        traits |= {
            f"frame before {before.frame is not None}",
            f"ends {' '.join(before.tokens[-2:])}",
        }
    if number + 1 < len(told.clauses):
        after = told.clauses[number + 1]
        traits.update(grams(after.tokens, 1, "after "))
        traits |= {
            f"frame after {after.frame is not None}",
            f"begins {' '.join(after.tokens[:2])}",
            f"outcome after {after.outcomes[:1]}",
        }
    frame = here.frame.level.value if here.frame else NONE
    people = ">".join(f"{told.whose(one)} {one.rung}" for one in here.mentions)
    ours = _highest(one for one in here.mentions if one in told.agencies.own)
    theirs = _highest(one for one in here.mentions if one not in told.agencies.own)
    framed, dated = here.frame is not None, bool(here.dates)
    return traits | {
        f"frame {frame}", f"framed {framed}", f"frame {frame} {people}", f"people {people}",
        f"framed {framed} day {dated}", f"framed {framed} {here.is_planned}", f"day {dated}",
        f"joined {here.clause.joined}", f"planned {here.is_planned}",
        f"outcome {here.outcomes[:1]}",
        f"side {side}", f"side {side} {framed}", f"number {min(number, 4)}", f"mine {mine}",
        f"length {min(len(here.tokens), 8) // 2}",
        f"any frame {bool(told.history.contacts.frames)}",
        f"end {here.other_end.value}", f"end {here.other_end.value} {theirs}",
        f"highest {_highest(here.mentions)}", f"theirs {theirs}", f"ours {ours}",
        f"theirs {theirs} ours {ours}",
    }  # fmt: skip


def _highest(mentions: Iterator[Mention] | Sequence[Mention]) -> int:
    return max((one.level.rank for one in mentions), default=-1)


def day_traits(told: Told, number: int, day: FoundDate, talks: Sequence[int]) -> set[str]:
    """Return what speaks for a talk's having been on a day. `talks` are the clauses of all."""
    clauses = told.clauses
    at = next((n for n, part in enumerate(clauses) if day in part.dates), number)
    far = max(-4, min(4, at - number))
    there = clauses[at]
    place = there.dates.index(day) if day in there.dates else -1
    between = sum(min(number, at) < n <= max(number, at) and n != number for n in talks)
    before = told.tokens(there.clause.at.start, day.start)[-3:]
    after = told.tokens(day.end, there.clause.at.end)[:3]
    same = there.clause.sentence == clauses[number].clause.sentence
    return {
        f"far {far}", f"far {far} {not clauses[number].dates}", f"ahead {told.is_ahead(day)}",
        f"place {len(there.dates)} {place} {far}", f"between {between}", f"same {same} {far}",
        f"another {at in talks} {far}", f"planned {there.is_planned}",
        f"length {min(len(there.tokens), 6)} {far}", f"joined {there.clause.joined} {far}",
        f"just before {' '.join(before[-2:])}",
        *(f"before {token}" for token in before), *(f"after {token}" for token in after),
        *(f"before {far} {token}" for token in before[-1:]),
    }  # fmt: skip


def outcome_traits(told: Told, number: int, talks: Sequence[int], side: str | None) -> set[str]:
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


def _answer_traits(told: Told, part: Part, where: str) -> Iterator[str]:
    """Yield what a clause tells as an answer, once for each share that it reaches."""
    answer, share = told.answer(part)
    if answer != NO_ANSWER:
        for least in SHARES:
            if share >= least:
                yield from (f"{where} {answer} {least}", f"answer {answer} {least}")


def says_what_came(told: Told, number: int, talks: Sequence[int]) -> bool:
    """Say whether more is told of a talk than who spoke to whom and when, before the next one."""
    until = min((n for n in talks if n > number), default=None)
    return until is None or bool(_after_the_talk(told.clauses[number:until]))


def outcomes_told(told: Told, number: int, talks: Sequence[int]) -> list[Outcome]:
    """Return the outcomes that are told between a talk and the next one."""
    until = min((n for n in talks if n > number), default=len(told.clauses))
    return [one for part in told.clauses[number:until] for one in part.outcomes]


def outcomes_at_once(told: Told, number: int, talks: Sequence[int]) -> list[Outcome]:
    """Return the first outcomes that are told in a talk's clause, or soon after in its sentence."""
    until = min((n for n in talks if n > number), default=len(told.clauses))
    here = told.clauses[number]
    for at, part in enumerate(told.clauses[number : min(until, number + BESIDE_IT)]):
        if part.clause.sentence != here.clause.sentence and at > 1:
            break
        if part.outcomes:
            return list(part.outcomes)
    return []


def says_no_reply(told: Told, number: int, talks: Sequence[int], side: str | None) -> bool:
    """Say whether the one thing told, before a letter or after it, is that nobody replied."""
    at = told.clauses[number].clause.at
    wrote = _words("wrote").search(told.words, at.start, at.end)
    only = {outcome for _, outcome in told.history.told} == {Outcome.no_response}
    return bool(wrote) and only and len(talks) == 1 and side != Side.receiver


def says_our_answer(told: Told) -> bool:
    """Say whether the practitioner tells what they answered, or what came of it."""
    return bool(told.history.told or _words("our_answer").search(told.words))


def _after_the_talk(span: Sequence[Part]) -> list[str]:
    """The words after the last person and day of a stretch."""
    spoken = [token for part in span for token in part.tokens]
    last = max((at for at, token in enumerate(spoken) if token.startswith("@")), default=-1)
    return spoken[last + 1 :]


def wish_traits(told: Told, one: Mention) -> set[str]:
    """Return what speaks for somebody's wanting to go to a person's rung."""
    number = next(
        (n for n, part in enumerate(told.clauses) if one in part.mentions), len(told.clauses)
    )
    if number == len(told.clauses):
        return {NONE}
    here = told.clauses[number]
    before = told.tokens(here.clause.at.start, one.start)[-8:]
    after = told.tokens(one.end, here.clause.at.end)[:6]
    whose = told.whose(one)
    traits = {
        *grams(before, 2, "before "), *grams(after, 2, "after "),
        f"just before {' '.join(before[-1:])}", f"two before {' '.join(before[-2:])}",
        f"just after {' '.join(after[:1])}", f"rung {one.rung}", f"owner {one.owner}",
        f"whose {whose}", f"whose {whose} {here.is_planned}", f"planned {here.is_planned}",
        f"framed {here.frame is not None}", f"ahead {[told.is_ahead(day) for day in here.dates]}",
        f"rule {told.wish == one.level.value}",
    }  # fmt: skip
    if number:
        traits.update(grams(told.clauses[number - 1].tokens, 1, "clause before "))
    if number + 1 < len(told.clauses):
        traits.update(grams(told.clauses[number + 1].tokens, 1, "clause after "))
    return traits


def may_be_wished(told: Told) -> list[Mention]:
    """The people whose rung somebody may want to go to."""
    return [
        one
        for one in told.mentions
        if one.is_person
        and one.rung != SAFEGUARDING_LEAD
        and not pattern("position", "will_not_go").match(told.words, one.end)
    ]
