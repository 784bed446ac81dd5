"""What a text says of one stage, as entries for the policy file."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

import msgspec

from bot.core.policy.model import Anchor, Party, Unit
from bot.keepers.draft import duties
from bot.keepers.draft.draft import Kind
from bot.keepers.draft.duties import Found, addresses_in
from bot.keepers.draft.elsewhere import RANGE, limited_by
from bot.keepers.draft.entries import Entries, Entry
from bot.keepers.draft.labels import counted
from bot.keepers.draft.posts import Named, roles_of
from bot.keepers.draft.rungs import Ladder, Passage, Rung
from bot.keepers.draft.times import UNSAID, Timed, limits_aside, limits_of
from bot.keepers.draft.words import words

TAKES_IT_TO = re.compile(
    r"^(?:escalat\w+ to|involving|resolution by|referral to|direct)\s+", re.IGNORECASE
)
PROCESS = re.compile(r"\bprocess from\b", re.IGNORECASE)
MEETINGS = {"Hold a meeting"}
AFTER_MEETING = re.compile(
    r"\b(?:of|after|following|from)\s+(?:the|that|its|this)?\s*(?:\w+\s+)?(?:meeting|sitting|panel)\b",
    re.IGNORECASE,
)
"""What a limit is counted from that follows a meeting."""
CONDITION = re.compile(
    r"^\W*(?:if|where|when|should|once|unless|after)\b[^,;]*[,;]\s*", re.IGNORECASE
)
SAYS_TIME = re.compile(r"\b(?:period|time|timescale|limit|deadline)s?\b", re.IGNORECASE)
"""How a sentence speaks of another's time."""
WHOLE_PROCESS = re.compile(
    r"\b(?:dispute|escalation|disagreement|challenge)s?\b.{0,80}\b(?:in all|altogether|in total)\b|"
    r"\b(?:whole|entire|full|overall|escalation) process\b|\ball (?:of the )?stages\b|"
    r"\bprocess should not\b|\bfrom start to finish\b|"
    r"\bno (?:challenge|escalation|dispute|disagreement)s? (?:should|must|may|will|can) take\b",
    re.IGNORECASE,
)


def stage_entries(at: int, ladder: Ladder, *, guide: bool) -> Entries:
    """Return the entries of the stage at a place of the ladder."""
    rung, path = ladder.rungs[at], f"stages.{at}"
    told = [found for passage in rung.passages for found in duties.told_in(passage)]
    in_full = msgspec.structs.replace(rung, passages=(*rung.passages, *rung.summed_up))
    roles = roles_of(in_full, [found.value["who"] for found in told])
    forms = _merged(form for passage in rung.passages for form in duties.forms_in(passage))
    entries = [_stage(path, rung, roles), *(_role(path, role) for role in roles)]
    limits, troubles = _limits(path, rung, ladder, guide=guide)
    entries += limits
    entries += [
        Entry(Kind.notification, f"{path}.notify.", found.value, found.passage) for found in told
    ]
    entries += [Entry(Kind.form, f"{path}.forms.", found.value, found.passage) for found in forms]
    entries += _rules(path, rung)
    used = {entry.passage.text for entry in entries if entry.kind is not Kind.role}
    entries += _guidance(
        path, rung, used | {role.passage.text for role in roles if role.passage.listed}
    )
    return Entries(tuple(entries), tuple(troubles))


def stages_covered(passage: Passage, ladder: Ladder) -> list[int]:
    """Return the stages that a sentence gives one time for together, or none."""
    text, numbers = passage.text, [rung.number for rung in ladder.rungs]
    if WHOLE_PROCESS.search(text):
        return numbers
    found = RANGE.search(text)
    together = words().pattern(*words().times["together"]).search(text)
    apart = words().pattern(*words().times["apart"]).search(text)
    if not found or not together or (apart and not PROCESS.search(text)):
        return []
    first, last = counted(found["first"]), counted(found["last"])
    named = [number for number in numbers if first <= number <= last]
    return named if len(named) > 1 else []


def cap(limit: Timed, ladder: Ladder) -> Entry:
    """Return a limit over several stages: those the text names, or all."""
    covered = stages_covered(limit.passage, ladder)
    named = covered and not WHOLE_PROCESS.search(limit.passage.text)
    stages = covered or [rung.number for rung in ladder.rungs]
    reading: dict[str, Any] = {"counted_from": Anchor.escalation_start.value}
    if stages[0] > ladder.rungs[0].number:
        reading["stage"] = stages[0]
    if not named:
        reading["because"] = "The text does not say which stages it covers"
    what = {"what": f"Complete {_plural(ladder)} {stages[0]} to {stages[-1]}"} if named else {}
    if WHOLE_PROCESS.search(limit.passage.text):
        what = {"what": "Complete the whole process"}
    value = limit.value | what | {"who": Party.partnership.value, "stages": stages}
    value["readings"] = [reading]
    kept = {key: said for key, said in value.items() if key != "shared"}
    return Entry(Kind.limit, "caps.", kept, limit.passage)


def _plural(ladder: Ladder) -> str:
    return f"{ladder.rungs[-1].label.partition(' ')[0]}s"


def of_other_stages(passage: Passage, rung: Rung, ladder: Ladder) -> bool:
    """Say whether a sentence at a stage gives a time for each of others, or between them."""
    # "If Stages 1 and 2 have not settled it, …" tells when, and asks something of this stage.
    found = RANGE.search(CONDITION.sub("", passage.text))
    ends = found and counted(found["last"])
    return bool(found) and ends != rung.number and not stages_covered(passage, ladder)


def _stage(path: str, rung: Rung, roles: Sequence[Named]) -> Entry:
    spoken = [passage for passage in rung.passages if passage.text != rung.whole_heading]
    passage = spoken[0] if spoken else Passage(rung.whole_heading or rung.label, rung.source)
    heading = TAKES_IT_TO.sub("", rung.heading.strip(" -–:."))
    everybodys = (role.value["role"] for role in roles if not role.value.get("agencies"))
    named = next(everybodys, "")
    title = heading[:1].upper() + heading[1:] or named
    value: dict[str, Any] = {"number": rung.number, "label": rung.label}
    value |= {"title": title} if title else {}
    value |= {"level": rung.level.value}
    value |= {"what": passage.text} if spoken else {}
    return Entry(Kind.stage, path, value, msgspec.structs.replace(passage, source=rung.source))


def _role(path: str, role: Named) -> Entry:
    given = addresses_in(role.passage.text)
    own = len(given) == 1 and role.value.get("party") == [Party.partnership.value]
    address = {"address": given[0]} if own else {}
    return Entry(Kind.role, f"{path}.roles.", role.value | address, role.passage)


# Time limits.


def _limits(path: str, rung: Rung, ladder: Ladder, *, guide: bool) -> tuple[list[Entry], list[str]]:
    """Return the stage's limits, and those of flowcharts and other sections that differ."""
    spoken = tuple(each for each in rung.passages if not of_other_stages(each, rung, ladder))
    own = limits_of(msgspec.structs.replace(rung, passages=spoken), guide=guide)
    own = [_as_where_it_points(limit, rung, own) for limit in own]
    own = [_behind_another(limit, own[:at]) for at, limit in enumerate(own)]
    entries = [
        cap(limit, ladder)
        if stages_covered(limit.passage, ladder)
        else Entry(Kind.limit, f"{path}.{limit.where}.", limit.value, limit.passage)
        for limit in own
    ]
    at_the_stage = [limit for limit in own if not stages_covered(limit.passage, ladder)]
    troubles = [
        _two_times(rung, first, second)
        for first, second in combinations(at_the_stage, 2)
        if _same_thing(first, second) and first.length != second.length
    ]
    after = [other for other in ladder.rungs if other.number == rung.number + 1]
    known = {
        limit.length
        for limit in [*own, *(said for other in after for said in limits_of(other, guide=guide))]
    }
    elsewhere = [
        passage
        for passage, about in zip(ladder.rest, ladder.about, strict=True)
        if about == rung.number
    ]
    wider = msgspec.structs.replace(rung, aside=(*rung.aside, *rung.summed_up, *elsewhere))
    known_by = {(limit.length, _binds(limit)) for limit in own}
    for said in limits_aside(wider, guide=guide):
        limit = _as_where_it_points(said, rung, own)
        # Told again elsewhere a limit is the same; whom to tell by then is another.
        again = (limit.length, _binds(limit)) in known_by or limit.value.get("shared")
        again = again or limit.passage not in elsewhere
        if limit.length in known and again and not _tells_somebody(limit):
            continue
        known.add(limit.length)
        entries.append(Entry(Kind.limit, f"{path}.{limit.where}.", limit.value, limit.passage))
        against = [said for said in own if said.where == limit.where and said.value.get("amount")]
        troubles += [_two_times(rung, said, limit) for said in against[:1]]
    return entries, troubles


def _binds(limit: Timed) -> object:
    return "both" if limit.value.get("shared") else limit.value["who"]


def _as_where_it_points(limit: Timed, rung: Rung, own: Sequence[Timed]) -> Timed:
    """Return a limit as that of the paragraph whose time it changes: "the time in 5.3"."""
    changed = limited_by(limit.passage, rung)
    meant = [said for said in own if said.passage in changed and said.passage != limit.passage]
    if not meant or not SAYS_TIME.search(limit.passage.text):
        return limit
    taken = {key: meant[0].value[key] for key in ("what", "who") if key in meant[0].value}
    rest = {key: said for key, said in limit.value.items() if key not in {"shared", "owed"}}
    kept = {key: meant[0].value[key] for key in ("shared", "owed") if key in meant[0].value}
    return msgspec.structs.replace(limit, where=meant[0].where, value=rest | taken | kept)


def _behind_another(limit: Timed, before: Sequence[Timed]) -> Timed:
    """Return a limit "of the meeting", or "a further 3 days", as one behind that other limit."""
    text = limit.passage.text
    held = [said for said in before if said.value["what"] in MEETINGS]
    wanted = held if AFTER_MEETING.search(text) and limit.value["what"] not in MEETINGS else []
    other = wanted[-1].value["what"] if wanted else ""
    if not other or other == limit.value["what"] or limit.where == "to_close":
        return limit
    (reading,) = limit.value["readings"]
    if reading["counted_from"] not in {Anchor.stage_start.value, Anchor.decision.value}:
        return limit
    behind = {"counted_from": Anchor.other_limit.value, "limit": other}
    because = (
        {key: reading[key] for key in ("because",) if reading[key] != UNSAID}
        if ("because" in reading)
        else {}
    )
    return msgspec.structs.replace(limit, value=limit.value | {"readings": [behind | because]})


def _tells_somebody(limit: Timed) -> bool:
    return bool(words().pattern(*words().told).search(limit.passage.text))


def _same_thing(first: Timed, second: Timed) -> bool:
    return (first.where, first.value["what"]) == (second.where, second.value["what"])


def _two_times(rung: Rung, first: Timed, second: Timed) -> str:
    return (
        f"{rung.label} gives two times for the same thing: {_shown(first)} "
        f"({first.passage.source}) and {_shown(second)} ({second.passage.source}). Both are in the "
        "draft. Check whether both hold, and strike a wrong one."
    )


def _shown(limit: Timed) -> str:
    unit, amount = limit.value["unit"].replace("_", " "), limit.value.get("amount")
    if amount is None:
        return "the same day" if limit.value["unit"] == Unit.same_working_day.value else str(unit)
    return f"{amount} {unit}{'' if amount == 1 else 's'}"


# Forms, rules and guidance.


def _merged(forms: Iterable[Found]) -> list[Found]:
    """Return a stage's forms, each once: another name of the same form adds only its address."""
    kept: list[Found] = []
    for form in forms:
        same = next((other for other in kept if _same_form(form, other)), None)
        if same is None:
            kept.append(form)
        else:
            more = form.value | same.value
            kept[kept.index(same)] = msgspec.structs.replace(same, value=more)
    return kept


def _same_form(first: Found, second: Found) -> bool:
    one, other = (set(found.value["id"].split("_")) for found in (first, second))
    return one <= other or other <= one


def _rules(path: str, rung: Rung) -> Iterator[Entry]:
    """Yield what must come before a stage, and what is to be recorded at it."""
    must_follow = False
    for passage in rung.passages:
        first = duties.must_follow_in(passage, rung)
        condition = duties.condition_in(passage)
        record = duties.record_in(passage)
        if first and not must_follow:
            must_follow = True
            yield Entry(Kind.condition, f"{path}.must_follow", first.value, passage)
        elif condition:
            yield Entry(Kind.condition, f"{path}.conditions.", condition.value, passage)
        elif record:
            yield Entry(Kind.record, f"{path}.records.", record.value, passage)


def _guidance(path: str, rung: Rung, used: set[str]) -> Iterator[Entry]:
    """Yield the advice that no other entry holds."""
    for passage in rung.passages:
        if passage.text in used or passage.text == rung.whole_heading:
            continue
        if words().topic("advice").search(passage.text):
            yield Entry(Kind.principle, f"{path}.guidance.", {"what": passage.text}, passage)
