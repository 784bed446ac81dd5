"""The traits of an account that tell who is who, who spoke to whom, and when."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.core.vocabulary import Agency
from bot.understanding.account.dates import FoundDate
from bot.understanding.account.roles import SAFEGUARDING_LEAD, Mention
from bot.understanding.account.told import NONE, TOKEN, RuledAccount, RuledClause, grams
from bot.understanding.words.patterns import pattern

_FULL_STOP = re.compile(r"[.;!?\n]+(?=\s|$)")
NEAR, BESIDE = 60, 5
"""Characters and words around a mention that say whose it is."""
AT_THE_END = 25
"""Characters from the end within which people sign off: "… never came back. HV, Deal"."""


def agency_traits(told: RuledAccount) -> dict[str, set[str]]:
    """Return for each agency what speaks for its being the practitioner's own."""
    words = set(TOKEN.findall(told.words))
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


def _around(told: RuledAccount, one: Mention, number: int) -> set[str]:
    """What stands around a mention, and where in the account it is."""
    words = told.words
    before = TOKEN.findall(words, max(0, one.start - NEAR), one.start)[-BESIDE:]
    after = TOKEN.findall(words, one.end, one.end + NEAR)[:BESIDE]
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


def whole_traits(told: RuledAccount, mine: str | None) -> set[str]:
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


def clause_traits(told: RuledAccount, number: int, side: str | None, mine: str | None) -> set[str]:
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
        f"theirs {theirs} ours {ours}", f"by {told.level if here.by_writer else NONE} {theirs}",
    }  # fmt: skip


def _highest(mentions: Iterator[Mention] | Sequence[Mention]) -> int:
    return max((one.level.rank for one in mentions), default=-1)


def day_traits(told: RuledAccount, number: int, day: FoundDate, talks: Sequence[int]) -> set[str]:
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


def wish_traits(told: RuledAccount, one: Mention) -> set[str]:
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


def may_be_wished(told: RuledAccount) -> list[Mention]:
    """The people whose rung somebody may want to go to: with whom there has been no talk yet."""
    spoken_to = {one for part in told.clauses if _has_been(told, part) for one in part.mentions}
    return [
        one
        for one in told.mentions
        if one.is_person
        and one.rung != SAFEGUARDING_LEAD
        and one not in spoken_to
        and not pattern("position", "will_not_go").match(told.words, one.end)
    ]


def _has_been(told: RuledAccount, part: RuledClause) -> bool:
    """Say whether a clause tells of a talk on a day that has been, and of nothing planned."""
    past = any(day.on and day.on <= told.today for day in part.dates)
    spoke = pattern("history", "spoke").search(told.words, part.clause.at.start, part.clause.at.end)
    return past and bool(spoke) and not part.is_planned
