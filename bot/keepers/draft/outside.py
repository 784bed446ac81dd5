"""What a text says outside its stages, as entries for the policy file."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from bot.keepers.draft import duties
from bot.keepers.draft.draft import Kind
from bot.keepers.draft.duties import addresses_in
from bot.keepers.draft.entries import MOST, Entry
from bot.keepers.draft.rungs import Ladder, Passage, Rung
from bot.keepers.draft.stage import cap, stages_covered
from bot.keepers.draft.times import Timed, limits_of
from bot.keepers.draft.whole import contact_in
from bot.keepers.draft.words import words

GENERAL = re.compile(r"\b(?:resolve|settle|resolution)\b", re.IGNORECASE)
TODAY = re.compile(
    r"\b(?:on the )?same (?:working )?day\b|\bimmediately\b|\bat once\b|\bstraight ?away\b|"
    r"\bwithout delay\b",
    re.IGNORECASE,
)
RING_999 = re.compile(
    r"\b(?:call|dial|ring|contact|(?:tele)?phone)\b[^.;]{0,40}\b999\b", re.IGNORECASE
)
SHORTEST = 5
"""Words of a principle."""
FOR_TODAY = ("urgent.", "triggers.")
"""The rules for today: they say themselves whom to tell, and when."""
TOPICS = (
    ("support", "support.", Kind.principle),
    ("own_manager", "own_manager.", Kind.condition),
    ("help", "more_help.", Kind.contact),
    ("learning", "learning.", Kind.record),
)


def outside_entries(ladder: Ladder, everything: Sequence[Passage]) -> Iterator[Entry]:
    """Yield what the text says of every stage, of none, and of other procedures."""
    yield from _urgent(everything)
    yield from _exclusions(ladder.rest)
    for area in duties.areas_in([*ladder.rest, *ladder.aside]):
        if area.value["kinds"]:
            yield Entry(Kind.principle, "own_areas.", area.value, area.passage)
    for passage in ladder.rest:
        record = duties.record_in(passage)
        if record:
            yield Entry(Kind.record, "every_stage.", record.value, passage)
        for form in duties.forms_in(passage):
            yield Entry(Kind.form, "forms.", form.value, passage)
    yield from _principles(ladder.rest)
    yield from _topics(ladder)


def _topics(ladder: Ladder) -> Iterator[Entry]:
    for topic, path, kind in TOPICS:
        for found in duties.about(topic, ladder.rest):
            yield Entry(kind, path, found.value, found.passage)
    last = ladder.rungs[-1].passages if ladder.rungs else ()
    for found in duties.about("still", [*last, *ladder.rest]):
        yield Entry(Kind.condition, "remaining.", found.value, found.passage)
    for found in list(duties.about("precedence", ladder.rest))[:1]:
        yield Entry(Kind.condition, "fallback", found.value, found.passage)
    for found in duties.about("trigger", ladder.rest):
        if TODAY.search(found.passage.text):
            yield Entry(Kind.condition, "triggers.", found.value, found.passage)


def _urgent(passages: Sequence[Passage]) -> Iterator[Entry]:
    """Yield the rule for a child at immediate risk: the sentence, or it and the next."""
    for passage, after in zip(passages, [*passages[1:], None], strict=True):
        text = passage.text
        if not words().topic("urgent").search(text) or words().topic("not_alone").search(text):
            continue
        rule, whole = _today(text), passage
        if not rule and after and after.source == passage.source:
            rule = _today(after.text)
            whole = msgspec.structs.replace(passage, text=f"{text} {after.text}")
        if rule:
            value = {"what": whole.text.strip("()"), "rule": rule}
            yield Entry(Kind.condition, "urgent.", value, whole)


def _today(text: str) -> str:
    """Return how soon a sentence says to act, where that is today; to ring 999 is at once."""
    found = TODAY.search(text)
    if found:
        return found.group().lower()
    return "immediately" if RING_999.search(text) else ""


def _exclusions(rest: Sequence[Passage]) -> Iterator[Entry]:
    known: set[str] = set()
    for found in duties.exclusions_in(rest):
        procedure = found.value["exit"]
        if procedure is None:
            value = {"what": found.value["what"], "covers": True}
            yield Entry(Kind.exclusion, "principles.", value, found.passage)
        elif procedure not in known:
            known.add(procedure)
            yield Entry(Kind.exclusion, "other_procedures.", found.value, found.passage)


def _principles(rest: Sequence[Passage]) -> Iterator[Entry]:
    for passage in [passage for passage in rest if _is_principle(passage)][:MOST]:
        value: dict[str, Any] = {"what": passage.text}
        if words().topic("challenge").search(passage.text):
            value["challenge"] = True
        yield Entry(Kind.principle, "principles.", value, passage)


def _is_principle(passage: Passage) -> bool:
    if len(passage.text.split()) < SHORTEST or passage.text.endswith(":"):
        return False
    return bool(
        words().topic("principle_heading").search(passage.source)
        or words().topic("principle").search(passage.text)
    )


# Time limits that stand outside the stages.


def loose_limits(ladder: Ladder, *, guide: bool) -> Iterator[Entry]:
    """Yield the limits outside the stages that have a place: at each stage, or over several."""
    for passage, about in zip(ladder.rest, ladder.about, strict=True):
        dissent = words().pattern(*words().exits["conference_dissent"]).search(passage.text)
        if about is None and _may_be_placed(passage, ladder) and not dissent:
            alone = Rung(0, "", "", "", passage.source, (passage,))
            for limit in limits_of(alone, guide=guide):
                yield from _placed(limit, ladder)


def _may_be_placed(passage: Passage, ladder: Ladder) -> bool:
    """Say whether a limit of this sentence could have a place.

    A parse takes long, and a manual has thousands of sentences.
    """
    topics = (words().topic(name) for name in ("resolved", "once_settled"))
    told = any(pattern.search(passage.text) for pattern in (*topics, GENERAL))
    return bool(ladder.rungs) and (told or bool(stages_covered(passage, ladder)))


def _placed(limit: Timed, ladder: Ladder) -> list[Entry]:
    """Return a limit at each stage that it closes, or as one over all stages."""
    if limit.where == "to_close":
        return [
            Entry(Kind.limit, f"stages.{at}.to_close.", limit.value, limit.passage)
            for at in range(len(ladder.rungs))
        ]
    together = limit.value.get("shared") and GENERAL.search(limit.passage.text)
    if (
        limit.value.get("amount")
        and len(ladder.rungs) > 1
        and (together or stages_covered(limit.passage, ladder))
    ):
        return [cap(limit, ladder)]
    return []


# Whom to tell.


def loose_notices(ladder: Ladder, known: Iterable[Entry]) -> Iterator[str]:
    """Yield what a keeper has to know of those who are to be told, and of no stage.

    The policy file has them at its stages only.
    """
    held = " ".join(entry.passage.text for entry in known if entry.path.startswith(FOR_TODAY))
    for passage in ladder.rest:
        who = [found.value["who"] for found in duties.told_in(passage)]
        if who and passage.text not in held:
            yield (
                f"“{passage.text}” ({passage.source}) says whom to tell ({', '.join(who)}) and "
                "stands at no stage. Add it to each stage at which it holds."
            )


# Addresses.


def contact_entries(
    everything: Sequence[Passage], entries: Iterable[Entry], short: str
) -> Iterator[Entry]:
    """Yield the partnership's address, and each other address that no entry holds."""
    contact = contact_in(everything, short)
    told = {
        address
        for entry in entries
        for text in _texts(entry.value)
        for address in addresses_in(text)
    }
    if contact:
        told.add(contact[0])
        yield Entry(Kind.contact, "contact", *contact)
    for passage in everything:
        new = [address for address in addresses_in(passage.text) if address not in told]
        if new:
            told |= set(new)
            yield Entry(Kind.contact, "more_help.", {"what": passage.text}, passage)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
