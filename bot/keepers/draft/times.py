"""The time limits of a stage: how long, whom they bind, what they are counted from."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from bot.core.policy.model import Anchor, Party, Strength, Unit
from bot.core.vocabulary import Level
from bot.keepers.draft.bearers import bound
from bot.keepers.draft.rungs import Passage, Rung
from bot.keepers.draft.labels import LABEL, counted
from bot.keepers.draft.words import words

SPELT = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty", "twenty-one", "twenty-two", "twenty-three", "twenty-four", "twenty-five",
    "twenty-six", "twenty-seven", "twenty-eight", "twenty-nine", "thirty",
)  # fmt: skip
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
LONGEST_FIRST = "|".join(sorted(SPELT, key=len, reverse=True)).replace("-", "[- ]")
COUNT = rf"(?:\d{{1,3}}|an?|{LONGEST_FIRST})"
UNITS: dict[str, tuple[Unit, int]] = {
    r"working weeks?": (Unit.working_week, 1),
    r"(?:working|business|week) ?days?": (Unit.working_day, 1),
    r"(?:hours?|hrs)": (Unit.hour, 1),
    r"weeks?": (Unit.calendar_day, 7),
    r"(?:calendar |clear )?days?": (Unit.calendar_day, 1),
}
UNIT = "|".join(UNITS)
AMOUNT = re.compile(
    rf"(?<![\w.])(?:{COUNT}\s*(?:–|to|or)\s*|\d{{1,3}}\s*-\s*)?(?P<count>{COUNT})(?:\s*\({COUNT}\))?\s*-?"
    rf"(?P<unit>{UNIT})(?!\w)(?:\s*\((?P<again>{COUNT})\s+(?P<again_unit>{UNIT})\))?",
    re.IGNORECASE,
)
"""Of "1 – 4 working days" the last counts, of "48 hours (two working days)" what explains it."""
NUMBERED_DAY = re.compile(r"\bworking days?\s+(?P<count>\d{1,2})\b(?!\s*working)", re.IGNORECASE)
ORDINAL_DAY = re.compile(rf"\b(?P<ordinal>{'|'.join(ORDINALS)}) working day\b", re.IGNORECASE)
SAME_DAY = re.compile(
    r"\b(?:on )?(?:the )?same (?:working )?day\b|"
    r"\bby (?:the )?(?:end|close) of (?:play|business|(?:the|that)(?: same)?(?: working)? day)\b",
    re.IGNORECASE,
)
NEXT_DAY = re.compile(
    r"\b(?:next|following) (?:(?P<working>working|business|week) ?)?day\b|\btomorrow\b",
    re.IGNORECASE,
)
AT_ONCE = re.compile(
    r"\b(?:immediately|without (?:any )?delay|straight ?away|at once|forthwith|"
    r"as soon as (?:possible|practicable))\b(?!\s+(?:risk|harm|danger))",
    re.IGNORECASE,
)
UNCOUNTED = ((SAME_DAY, Unit.same_working_day), (AT_ONCE, Unit.without_delay))
EVENT = re.compile(r"^\s*(?:of|from|after|following)\b(?P<event>.{0,70})", re.IGNORECASE)
BARE = re.compile(
    r"\W*(?:time ?(?:scale|limit|frame)s?|by when|deadline|when)\b\W{1,3}", re.IGNORECASE
)
"""How a time begins that is given apart from its sentence."""
OF_STAGE = re.compile(rf"^[^.]{{0,20}}{LABEL.pattern}", re.IGNORECASE)
WHOLE_DAY = 24
"""Hours."""
UNSAID = "The text does not name the day it counts from"


Length = tuple[str, int | None]
"""A unit, and how many of it."""


def length_of(unit: str, amount: int | None) -> Length:
    """Return how long a time is, with one day and 24 hours the same."""
    if unit == Unit.hour.value and amount and amount % WHOLE_DAY == 0:
        return Unit.calendar_day.value, amount // WHOLE_DAY
    return unit, amount


class Span(msgspec.Struct, frozen=True, order=True):
    """Where a time stands, and how long it is."""

    start: int
    end: int
    unit: str
    amount: int | None = None
    because: str | None = None

    @property
    def length(self) -> Length:
        """How long it is."""
        return length_of(self.unit, self.amount)


class Timed(msgspec.Struct, frozen=True):
    """A time limit as the policy file has it: the stage's list it goes into, and the passage."""

    where: str
    value: dict[str, Any]
    passage: Passage

    @property
    def length(self) -> Length:
        """How long it is."""
        return length_of(self.value["unit"], self.value.get("amount"))


class _Time(msgspec.Struct, frozen=True):
    """An amount of time in its sentence: `clause` leads to it, `after` follows it."""

    amount: int | None
    unit: Unit
    because: str | None
    sentence: str
    clause: str
    after: str

    @property
    def around(self) -> str:
        """The clause, and the rest of the sentence."""
        return self.clause + self.after.split(".")[0]


def limits_of(rung: Rung, *, guide: bool) -> list[Timed]:
    """Return a stage's time limits. `guide`: the whole policy only guides."""
    return _each_once(_limits(rung, rung.passages, guide=guide))


def limits_aside(rung: Rung, *, guide: bool) -> list[Timed]:
    """Return what flowcharts and appendices give as the limits of a stage."""
    return _each_once(_limits(rung, rung.aside, guide=guide))


def times_read(text: str) -> list[Span]:
    """Return the times of a sentence that are read as limits, in its order."""
    return sorted([*_counted(text), *_uncounted(text)], key=lambda span: span.start)


def times_in(text: str) -> Iterator[Span]:
    """Yield every time of a sentence, read as a limit or not; no age and no opening time."""
    for match in AMOUNT.finditer(text):
        if not RATE.search(text[: match.start()]) and not _only_describes(text[match.end() :]):
            yield _measured(text, match)
    for pattern in (NUMBERED_DAY, NEXT_DAY, ORDINAL_DAY):
        yield from (_day(match) for match in pattern.finditer(text))
    for pattern, unit in UNCOUNTED:
        yield from (Span(*match.span(), unit.value) for match in pattern.finditer(text))


def _each_once(limits: Iterable[Timed]) -> list[Timed]:
    unique: dict[tuple[object, ...], Timed] = {}
    for limit in limits:
        key = (limit.where, limit.length, limit.value["who"], limit.value["what"])
        unique.setdefault(key, limit)
    return list(unique.values())


def _limits(rung: Rung, passages: Sequence[Passage], *, guide: bool) -> Iterator[Timed]:
    for passage in _with_who_acts(passages):
        for time in _times(passage.text):
            yield _limit(rung, passage, time, guide=guide)


def _with_who_acts(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Yield passages; a bare "Timescale: 2 days" comes with the sentence that it stands behind."""
    before: Passage | None = None
    for passage in passages:
        bare = BARE.match(passage.text) and before and before.source == passage.source
        if bare and before and not times_read(before.text):
            yield msgspec.structs.replace(passage, text=f"{before.text} {passage.text}")
        else:
            yield passage
        before = passage


# The amounts.


def _times(text: str) -> Iterator[_Time]:
    """Yield each time in a sentence with the clause that leads to it."""
    begin = 0
    for span in times_read(text):
        clause, after = text[begin : span.end], text[span.end : span.end + 90]
        begin = span.end
        yield _Time(span.amount, Unit(span.unit), span.because, text, clause, after)


def _counted(text: str) -> list[Span]:
    found = [
        _measured(text, match) for match in AMOUNT.finditer(text) if _limits_something(text, match)
    ]
    taken = [(span.start, span.end) for span in found]
    days = [*NUMBERED_DAY.finditer(text)]
    days += [
        match
        for pattern in (NEXT_DAY, ORDINAL_DAY)
        for match in pattern.finditer(text)
        if BY.search(text[: match.start()])
    ]
    return found + [
        _day(match)
        for match in days
        if not any(start <= match.start() < end for start, end in taken)
    ]


RATE = re.compile(r"\b(?:hours|days|weeks|once|twice|times|per)\s*$", re.IGNORECASE)
"""What stands before "a day" and "a week" where they are no length of time."""
BY = re.compile(
    r"\b(?:by|on|within|before|until|no(?:t)? later than)\s+"
    r"(?:(?:the )?(?:end|close|start) of )?(?:the )?$",
    re.IGNORECASE,
)
"""What stands before the next day where something is due on it."""


def _day(match: re.Match[str]) -> Span:
    """Return "working day 10" or "the next working day" as an amount of days."""
    named = match.groupdict()
    count, unit = named.get("count"), Unit.working_day
    if named.get("ordinal"):
        count = str(ORDINALS.index(named["ordinal"].lower()) + 1)
    if not count and not named.get("working"):
        unit = Unit.calendar_day
    because = f'The text says "{match.group()}"'
    return Span(*match.span(), unit.value, int(count) if count else 1, because)


def _only_describes(after: str) -> bool:
    """Say whether an amount of time describes: "10 days old", "24 hours a day"."""
    no_limit = words().times["no_limit"]
    return bool(re.match(rf"\s*(?:{'|'.join(no_limit)})\b", after, re.IGNORECASE))


def _limits_something(text: str, match: re.Match[str]) -> bool:
    """Say whether an amount of time is a limit: "within 5 days", and not "5 days before"."""
    lead, after = text[: match.start()], text[match.end() :]
    times = words().times
    if _only_describes(after) or re.match(
        rf"\s*(?:{'|'.join(times['before_it'])})\b", after, re.IGNORECASE
    ):
        return False
    before = (
        rf"(?:\b(?:{'|'.join(times['before'])})|[(:–-])(?:\s+(?:{'|'.join(times['between'])}))*\s*$"
    )
    follows = rf"\s*(?:(?:{'|'.join(times['after'])})\b|\)|\||$)"
    return bool(re.search(before, lead, re.IGNORECASE) or re.match(follows, after, re.IGNORECASE))


def _measured(text: str, match: re.Match[str]) -> Span:
    amount, unit = _amount(match["count"], match["unit"])
    because = None
    if match["again"]:
        amount, unit = _amount(match["again"], match["again_unit"])
        because = f'The text says "{match.group()}"'
    if (
        words()
        .pattern(*words().times["further"])
        .search(text[max(0, match.start() - 12) : match.start()])
    ):
        because = 'The text says "further": it runs after the limit before it'
    return Span(match.start(), match.end(), unit.value, amount, because)


def _amount(count: str, unit: str) -> tuple[int, Unit]:
    folded = count.lower().replace(" ", "-")
    spelt = SPELT.index(folded) + 1 if folded in SPELT else 1
    amount = int(folded) if folded.isdigit() else spelt
    kind, times = next(
        told for shape, told in UNITS.items() if re.fullmatch(shape, unit, re.IGNORECASE)
    )
    return amount * times, kind


def _uncounted(text: str) -> Iterator[Span]:
    """Yield "the same day" and "immediately". For a child at risk they are no limit of a stage."""
    if words().topic("urgent").search(text):
        return
    for pattern, unit in UNCOUNTED:
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), unit.value)


# What a limit is.


def _limit(rung: Rung, passage: Passage, time: _Time, *, guide: bool) -> Timed:
    told = bound(rung, time.sentence, time.clause, time.after)
    who, shared = told.party, told.shared
    said = time.clause if _acts_in(time.clause) else time.around
    # Whoever has to answer tells the outcome as the answer, unless it was settled before.
    topic = "once_settled" if who is Party.receiver else "resolved"
    closes = bool(words().topic(topic).search(said)) and not words().topic("not_resolved").search(
        time.sentence[: time.sentence.find(time.clause) + len(time.clause)]
    )
    where = _where(rung, who, time, shared=shared, closes=closes)
    shared = shared and where != "to_close"
    act = _act(time, who, shared=shared)
    value: dict[str, Any] = {"what": act, "who": who.value}
    for owed, acts in words().owed.items():
        if act in acts:
            value["owed"] = owed.value
    value |= {"amount": time.amount} if time.amount is not None else {}
    value["unit"] = time.unit.value
    value |= {"strength": Strength.guide.value} if guide or _only_guides(time) else {}
    value |= {"shared": True} if shared else {}
    written = who is Party.receiver and words().pattern(*words().bound["answers"]).search(
        time.around
    )
    value |= {"written": True} if written and words().topic("written").search(time.around) else {}
    sooner = words().topic("sooner").search(time.sentence)
    value |= {"or_sooner": time.sentence[sooner.start() :].rstrip(" .)")} if sooner else {}
    value["readings"] = [_reading(rung, where, time)]
    return Timed(where, value, passage)


def _where(rung: Rung, who: Party, time: _Time, *, shared: bool, closes: bool) -> str:
    """Return the list of a stage that a limit goes into."""
    if closes:
        return "to_close"
    if who is Party.raiser and not shared:
        acts = re.search(r"\b(?:act|action)\b", time.clause, re.IGNORECASE)
        return "to_answer" if acts and rung.level is Level.practitioner else "to_begin"
    return "to_answer"


def _act(time: _Time, who: Party, *, shared: bool) -> str:
    """Return the sentence for what is due, by the words before the time, else by those after."""
    acts = words().acts["shared" if shared else who.value]
    leads_on = re.match(r"\s*(?:in which )?to\b", time.after)
    for text in (time.after, time.around) if leads_on else (time.clause, time.around):
        for sentence, named in acts.items():
            if words().pattern(*named).search(text):
                return sentence
    return "Settle it together" if shared else "Act on the escalation"


def _acts_in(clause: str) -> bool:
    """Say whether the words before a time say what is due, so that those after it say more."""
    return any(
        words().pattern(*named).search(clause)
        for acts in words().acts.values()
        for named in acts.values()
    )


def _only_guides(time: _Time) -> bool:
    if words().topic("must").search(time.clause):
        return False
    return bool(words().topic("guide").search(time.sentence))


def _reading(rung: Rung, where: str, time: _Time) -> dict[str, Any]:
    """Return what the time is counted from; a reason where the text does not say."""
    because = {"because": time.because} if time.because else {}
    stage = OF_STAGE.match(time.after)
    event = EVENT.match(time.after)
    told = event["event"] if event else ""
    if where == "to_close":
        return {"counted_from": Anchor.settled.value, **because}
    if stage and counted(stage["number"]) < rung.number:
        earlier = {"counted_from": Anchor.earlier_stage_start.value}
        return {**earlier, "stage": counted(stage["number"]), **because}
    if words().pattern(*words().times["from_concern"]).search(told[:40]):
        return {"counted_from": Anchor.concern.value, **because}
    if where == "to_begin":
        return {"counted_from": Anchor.decision.value, **because}
    if stage or words().pattern(*words().times["from_start"]).search(told):
        return {"counted_from": Anchor.stage_start.value, **because}
    return {"counted_from": Anchor.stage_start.value, "because": time.because or UNSAID}
