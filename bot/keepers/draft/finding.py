"""A published text as proposals for a policy file, each with its passage and section."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from bot.core.vocabulary import Level
from bot.keepers.draft.actors import not_parsed
from bot.keepers.draft.draft import Draft, Kind, Proposal
from bot.keepers.draft.entries import Entry, numbered
from bot.keepers.draft.ladder import ladder_of
from bot.keepers.draft.outside import (
    contact_entries,
    loose_limits,
    loose_notices,
    outside_entries,
)
from bot.keepers.draft.places import left_out, questions_of_places
from bot.keepers.draft.reading import read_text
from bot.keepers.draft.rungs import Ladder
from bot.keepers.draft.stage import stage_entries
from bot.keepers.draft.terms import with_terms
from bot.keepers.draft.unplaced import unplaced_times
from bot.keepers.draft.whole import front_of

GUIDES = re.compile(r"\btimescales? (?:as|is|are) (?:a guide|guides|indicative)", re.IGNORECASE)
DATES = {f"document.{name}" for name in ("effective_from", "reviewed", "next_review", "dated")}
LOOKED_FOR = {
    "urgent": "what to do today for a child at immediate risk",
    "own_areas": "the kinds of disagreement that the policy lists",
    "own_manager": "what to do when one's own manager will not take it up",
    "every_stage": "what to record, and where",
    "remaining": "what follows when it is not settled after the last stage",
    "contact": "the partnership's address",
    "partnership": "the partnership's full name",
    "short_name": "the policy's name in one or two words",
    "document.effective_from": "the day it takes effect",
    "document.next_review": "the day of its next review",
    "places": "the towns, boroughs and councils that the policy is for",
    "nation": "whose bank holidays count",
}
"""What a policy file needs beside its stages, in words: the paths and what was looked for."""


def draft_from(content: bytes, filename: str) -> Draft:
    """Return the draft of a policy from a published text. Raises UnreadableText."""
    text = read_text(content, filename)
    ladder = with_terms(ladder_of(text.parts))
    everything = ladder.everything
    guide = any(GUIDES.search(passage.text) for passage in everything)
    front = front_of(text.blocks, everything)
    entries = [
        Entry(Kind.date if told.path in DATES else Kind.name, told.path, told.value, told.passage)
        for told in front.told
    ]
    stages = [stage_entries(at, ladder, guide=guide) for at in range(len(ladder.rungs))]
    entries += [entry for stage in stages for entry in stage.entries]
    entries += outside_entries(ladder, everything)
    entries += loose_limits(ladder, guide=guide)
    entries += left_out(everything)
    short = next((entry.value for entry in entries if entry.path == "short_name"), "")
    entries += list(contact_entries(everything, entries, short))
    placed = numbered(_caps_once(entries))
    troubles = [*text.troubles, *ladder.troubles, *front.troubles]
    troubles += [trouble for stage in stages for trouble in stage.troubles]
    troubles += [*questions_of_places(everything), *not_parsed(ladder.rungs)]
    troubles += [*unplaced_times(ladder, entries), *loose_notices(ladder, entries)]
    return Draft(
        filename=filename,
        digest=text.digest,
        title=front.title,
        sections=text.sections,
        proposals=tuple(_proposals(placed)),
        unread=tuple(_unread(placed, ladder)),
        troubles=tuple(dict.fromkeys(troubles)),
    )


def _caps_once(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Return the entries with each cap once: of two sentences that say it, the one with "must"."""
    kept: dict[tuple[object, ...], Entry] = {}
    caps = [entry for entry in entries if entry.path == "caps."]
    for entry in sorted(caps, key=lambda entry: "strength" in entry.value):
        value = entry.value
        kept.setdefault((tuple(value["stages"]), value["unit"], value.get("amount")), entry)
    chosen = {id(entry) for entry in kept.values()}
    return (entry for entry in entries if entry.path != "caps." or id(entry) in chosen)


def _proposals(entries: Iterable[Entry]) -> Iterator[Proposal]:
    """Yield the entries with ids that stay the same for the same passage and value."""
    known: set[str] = set()
    for entry in entries:
        told = f"{entry.path.partition('.')[0]}|{entry.passage.text}|{entry.value}"
        name = f"{entry.kind.value}-{hashlib.sha256(told.encode()).hexdigest()[:10]}"
        while name in known:
            name += "x"
        known.add(name)
        yield Proposal(
            id=name,
            path=entry.path,
            kind=entry.kind,
            value=entry.value,
            source=entry.passage.source,
            quote=entry.passage.text,
        )


def _unread(entries: Sequence[Entry], ladder: Ladder) -> Iterator[str]:
    """Yield the paths of what a policy file needs and the text did not give."""
    found = {entry.path for entry in entries}
    values = {entry.path: entry.value for entry in entries}

    def has(path: str) -> bool:
        return any(other == path or other.startswith(f"{path}.") for other in found)

    yield from (path for path in LOOKED_FOR if not has(path))
    if not ladder.rungs:
        yield "stages"
    for at, rung in enumerate(ladder.rungs):
        path = f"stages.{at}"
        yield from (f"{path}.{key}" for key in ("title", "what") if key not in values[path])
        if not has(f"{path}.roles"):
            yield f"{path}.roles"
        if (not has(f"{path}.to_answer") and not has(f"{path}.to_begin")) or (
            rung.level is not Level.practitioner and not has(f"{path}.to_answer")
        ):
            yield f"{path}.to_answer"
    for entry in entries:
        if entry.kind is Kind.form and "send_to" not in entry.value:
            yield f"{entry.path}.send_to"
        if entry.path.startswith("triggers."):
            yield f"{entry.path}.question"
