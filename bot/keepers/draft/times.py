"""The time limits of a stage: how long, whom they bind, what they are counted from."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from bot.core.policy.model import Anchor, Party, Strength, Unit
from bot.core.vocabulary import Level
from bot.keepers.draft.amounts import SAME_PERIOD, Length, length_of, times_read
from bot.keepers.draft.bearers import bound
from bot.keepers.draft.labels import LABEL, counted
from bot.keepers.draft.naming import Said
from bot.keepers.draft.rungs import Passage, Rung
from bot.keepers.draft.words import words

EVENT = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?(?:of|from|after|following|as|that|since|beginning with)\b"
    r"(?P<event>.{0,70})",
    re.IGNORECASE,
)
BARE = re.compile(
    r"\W*(?:time ?(?:scale|limit|frame)s?|by when|deadline|when)\b\W{1,3}", re.IGNORECASE
)
"""How a time begins that is given apart from its sentence."""
FALLS_TO = re.compile(
    r"(?:this|it|that) (?:is the (?:duty|responsibility|task) of|falls to) [^,;]{3,90}\.$",
    re.IGNORECASE,
)
"""A sentence that says whose it is to do what the one before it asks."""
LEADS_TO_TIME = re.compile(
    r"(?:(?:within|in|by|on|no|not|later|than|more|the|an?|end|close|of|play|business|up|to|up to|"
    r"max\w*|about|normally|usually|ideally|inside|a further|further|:|-|–)\s*)*",
    re.IGNORECASE,
)
"""What stands between such a word and its time: "Timescale: by the end of the next working day"."""
OF_STAGE = re.compile(rf"^[^.]{{0,20}}{LABEL.pattern}", re.IGNORECASE)
ENDS = re.compile(
    r"\b(?:end|conclusion|completion|close|outcome|result|failure)\s+of\b|\b(?:end|close)ing\b",
    re.IGNORECASE,
)
ENDING = re.compile(
    r"\s+(?:(?:has|is|was|having|being|not)\s+){0,3}(?:\w+\s+)?(?:end|conclu|clos|complet|fail|finish|"
    r"reply|answer|respon|decision|outcome|meeting|discussion|note|position|conversation)\w*",
    re.IGNORECASE,
)
"""An earlier stage's end, which is where this one begins: "of the Stage 1 reply"."""
AT_FIRST = re.compile(r"\W*(?:the )?(?:decision|action|omission|event)\b", re.IGNORECASE)
"""What a time at the first talk is counted from: there the decision is the concern."""
EXTENDS = re.compile(r"\bexten(?:sion|d(?:ed)?)\b", re.IGNORECASE)
EXTENDED_TO = re.compile(r"\bextend(?:ed)?\b[^.;]{0,30}?\bto\b", re.IGNORECASE)
"""How a time is told that takes another's place, and does not begin when that one ends."""
OF_A_COUNT = re.compile(r"Day \d")
"""A day of a count that begins when somebody learns of it."""
UNSAID = "The text does not name the day it counts from"


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
    start: int
    end: int

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


def _each_once(limits: Iterable[Timed]) -> list[Timed]:
    unique: dict[tuple[object, ...], Timed] = {}
    for limit in limits:
        key = (limit.where, limit.length, limit.value["who"], limit.value["what"])
        unique.setdefault(key, limit)
    return list(unique.values())


def _limits(rung: Rung, passages: Sequence[Passage], *, guide: bool) -> Iterator[Timed]:
    before = ""
    last: Timed | None = None
    for passage in _with_who_acts(passages):
        found = [
            _extending(_limit(rung, passage, time, before, guide=guide), time, last)
            for time in _times(passage.text, days_work=rung.days_work, staged=bool(rung.label))
        ]
        same = SAME_PERIOD.search(passage.text)
        if same and last and not found and last.passage.text == before:
            time = _same_as(last, passage.text, same)
            limit = _limit(rung, passage, time, before, guide=guide)
            if limit.value.get("shared"):
                # It names nobody who acts: whoever did so before does this as well.
                limit = _of_side(limit, last)
            value = limit.value | {"readings": last.value["readings"]}
            found = [msgspec.structs.replace(limit, value=value)]
        yield from found
        last = found[-1] if found else last
        before = passage.text


def _same_as(limit: Timed, text: str, said: re.Match[str]) -> _Time:
    """Return the time of "by the same deadline": that of the limit before it."""
    amount, unit = limit.value.get("amount"), Unit(limit.value["unit"])
    start, end = said.span()
    return _Time(amount, unit, None, text, text[:end], text[end:], start, end)


def _extending(limit: Timed, time: _Time, other: Timed | None) -> Timed:
    """Return a limit; where it only extends the other, it binds the same side, behind it."""
    if other is None or not EXTENDS.search(time.clause):
        return limit
    what = f"{other.value['what']}, where more time is agreed"
    behind = {"counted_from": Anchor.other_limit.value, "limit": other.value["what"]}
    readings = other.value["readings"] if EXTENDED_TO.search(time.clause) else [behind]
    limit = _of_side(limit, other)
    value = limit.value | {"what": what, "readings": readings}
    return msgspec.structs.replace(limit, value=value)


def _of_side(limit: Timed, other: Timed) -> Timed:
    """Return a limit as one that binds whom the other binds."""
    taken = {key: other.value[key] for key in ("who", "owed", "shared") if key in other.value}
    kept = {key: said for key, said in limit.value.items() if key not in {"owed", "shared"}}
    return msgspec.structs.replace(limit, where=other.where, value=kept | taken)


def _with_who_acts(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Yield passages; a bare "Timescale: 2 days" comes with the sentence that it stands behind."""
    before: Passage | None = None
    for at, passage in enumerate(passages):
        behind = passages[at + 1] if at + 1 < len(passages) else None
        if behind and behind.goes_on and FALLS_TO.match(behind.text) and times_read(passage.text):
            yield msgspec.structs.replace(passage, text=f"{passage.text} {behind.text}")
            before = passage
            continue
        label = BARE.match(passage.text)
        first = next(iter(times_read(passage.text, staged=True)), None)
        alone = label and first and LEADS_TO_TIME.fullmatch(passage.text[label.end() : first.start])
        bare = alone and before and before.source == passage.source and not passage.who
        if bare and before and not times_read(before.text):
            yield msgspec.structs.replace(passage, text=f"{before.text} {passage.text}")
        else:
            yield passage
        before = passage


# The amounts.


def _times(text: str, *, days_work: bool, staged: bool) -> Iterator[_Time]:
    """Yield each time in a sentence with the clause that leads to it."""
    begin = 0
    for span in times_read(text, days_work=days_work, staged=staged):
        clause, after = text[begin : span.end], text[span.end : span.end + 90]
        begin = span.end
        yield _Time(
            span.amount, Unit(span.unit), span.because, text, clause, after, span.start, span.end
        )


# What a limit is.


def _limit(rung: Rung, passage: Passage, time: _Time, before: str, *, guide: bool) -> Timed:
    said = Said(
        *(time.sentence, time.start, time.end, time.clause, time.after, before),
        who=passage.who,
        does=passage.does,
    )
    told = bound(rung, said)
    who, shared = told.party, told.shared
    words_of_it = time.clause if _acts_in(time.clause) else time.around
    # Whoever has to answer tells the outcome as the answer, unless it was settled before.
    topic = "once_settled" if who is Party.receiver else "resolved"
    closes = bool(words().topic(topic).search(words_of_it)) and not words().topic(
        "not_resolved"
    ).search(time.sentence[: time.sentence.find(time.clause) + len(time.clause)])
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
    ended = stage and (ENDS.search(stage.group()) or ENDING.match(time.after[stage.end() :]))
    if stage and counted(stage["number"]) < rung.number and not ended:
        earlier = {"counted_from": Anchor.earlier_stage_start.value}
        return {**earlier, "stage": counted(stage["number"]), **because}
    concern = words().pattern(*words().times["from_concern"]).search(told[:40])
    first = rung.level is Level.practitioner and AT_FIRST.match(told)
    if concern or first or OF_A_COUNT.search(time.sentence[time.start : time.end]):
        return {"counted_from": Anchor.concern.value, **because}
    if where == "to_begin":
        return {"counted_from": Anchor.decision.value, **because}
    if (stage and not ended) or words().pattern(*words().times["from_start"]).search(told):
        return {"counted_from": Anchor.stage_start.value, **because}
    return {"counted_from": Anchor.stage_start.value, "because": time.because or UNSAID}
