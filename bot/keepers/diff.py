"""`python -m bot policies diff OLD NEW`: the changes for practitioners, in sentences."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import OpenCases, Policy
from bot.core.rules.compare import (
    DIMENSIONS,
    RAISED,
    AdviceChange,
    Circumstances,
    Comparison,
    LeavingDay,
    Situation,
    compare,
    limit_and_party,
)
from bot.core.rules.deadlines import in_full, show_day
from bot.core.vocabulary import Level, Outcome, Risk
from bot.keepers.statements import statement_groups
from bot.keepers.words import SIDES, word_text, wrapped

KINDS = {
    "contact": ("Go to {}", "No longer go to {}"),
    "notify": ("Tell {}", "No longer tell {}"),
    "form": ("Use the form: {}", "No longer use the form: {}"),
    "records": ("Record: {}", "No longer asked to record: {}"),
    "guidance": ("The guide says: {}", "The guide no longer says: {}"),
    "warnings": ("The guide warns: {}", "The guide no longer warns: {}"),
    "support": ("To give confidence: {}", "No longer, to give confidence: {}"),
    "not_stated": ("Now said to be not stated: {}", "No longer said to be not stated: {}"),
}
ACTIONS = {
    "discuss": "talk it over",
    "wait": "wait for the answer",
    "record": "record it: there is no further stage",
    "act_now": "act today",
    "signpost": "use another procedure",
}
RISKS = {
    Risk.immediate_danger: "when a child is in danger now",
    Risk.immediate_harm: "when there is an immediate risk of harm",
}
OUTCOMES = {
    Outcome.awaiting: "waits for an answer",
    Outcome.unresolved: "has not settled it",
    Outcome.resolved: "has settled it",
}
LISTS = {
    "own_areas": "kind of disagreement that the policy lists",
    "principles": "principle",
    "own_manager": "word on one's own manager",
    "more_help": "pointer to more help",
    "learning": "word on learning",
    "remaining": "word on what is left after the last stage",
}


HEADINGS = {
    "next": "What to do next",
    "deadline": "Time limits",
    "contact": "Whom to go to, and whom to tell",
    "notify": "Whom to go to, and whom to tell",
    "form": "Forms and records",
    "records": "Forms and records",
    "guidance": "What the guide says and warns of",
    "warnings": "What the guide says and warns of",
    "support": "What the guide says and warns of",
    "not_stated": "What is not stated",
}
"""The heading of each kind of change, in the order in which they stand."""


class ChangeGroup(msgspec.Struct, frozen=True):
    """A heading, and the changes below it, each a sentence."""

    heading: str
    said: tuple[str, ...]


class Changes(msgspec.Struct, frozen=True):
    """What changes from one file to another: first what to know of it, then the changes."""

    head: tuple[str, ...]
    groups: tuple[ChangeGroup, ...]


def policy_changes(old: tuple[str, Policy], new: tuple[str, Policy], handbook: Handbook) -> str:
    """Return every change as lines, for the terminal."""
    found = changes_between(old, new, handbook)
    lines = list(found.head)
    for group in found.groups:
        lines += ["", f"{group.heading}:", *(wrapped(f"- {said}") for said in group.said)]
    return "\n".join(lines)


def changes_between(
    old: tuple[str, Policy], new: tuple[str, Policy], handbook: Handbook
) -> Changes:
    """Return every change: the new advice, for whom, and from which day, by what it is about."""
    (old_name, before), (new_name, after) = old, new
    compared = compare(before, after, handbook)
    held: dict[str, list[str]] = {"Stages": [*_ladder(before, after)]}
    held |= {heading: [] for heading in HEADINGS.values()}
    for kind, sentence in _advice(compared, before, after):
        held[HEADINGS[kind]].append(sentence)
    held["When to go on without an answer"] = [*_date_changes(compared, before, after)]
    held["In answers to questions"] = [*_other_changes(before, after)]
    groups = tuple(
        ChangeGroup(heading, tuple(_capital(one) for one in said))
        for heading, said in held.items()
        if said
    )
    head = [f"From {old_name} to {new_name}: {after.name}.", _from_when(before, after)]
    if held["Time limits"] or held["When to go on without an answer"]:
        head.append(
            f"Every date is that of an example in which all is raised on {in_full(RAISED)}."
        )
    moved = _sources(before, after, handbook)
    head += (
        [moved if groups else f"No advice changes. {moved}".strip()] if moved or not groups else []
    )
    return Changes(tuple(head), groups)


def _from_when(old: Policy, new: Policy) -> str:
    begins, before = new.document.effective_from, old.document.effective_from
    if begins is None:
        return "The new file names no day it takes effect, so this would hold at once."
    if before and begins <= before:
        return f"The new file takes effect on {show_day(begins)}, not after the old one."
    keeps = new.replaces is not None and new.replaces.open_cases is OpenCases.old
    open_cases = "still goes by it, and is told so" if keeps else "is told of the change"
    return (
        f"It holds from {show_day(begins)}. Until the day before, the old version is used; a case "
        f"begun under it {open_cases}."
    )


def _ladder(old: Policy, new: Policy) -> Iterator[str]:
    """Yield the stages that are new, gone or renamed."""
    mine, theirs = ({stage.level: stage for stage in policy.stages} for policy in (old, new))
    for level in Level:
        before, after = mine.get(level), theirs.get(level)
        if before and not after:
            yield f"{before.label} ({before.title}) is no longer there."
        elif after and not before:
            yield f"{after.label} ({after.title}) is new."
        elif before and after and (before.label, before.title) != (after.label, after.title):
            yield f"{before.label} ({before.title}) is now {after.label} ({after.title})."


def _advice(compared: Comparison, old: Policy, new: Policy) -> Iterator[tuple[str, str]]:
    """Yield each change once with its kind, and with all situations and people it applies to."""
    held: dict[tuple[str, ...], list[AdviceChange]] = {}
    for change in compared.changes:
        held.setdefault((_sentence(change), _to_whom(change.who, compared)), []).append(change)
    for (sentence, whom), same in held.items():
        where = _situations([change.situation for change in same], compared, old, new)
        yield same[0].kind, f"{where}{whom}: {sentence}"


def _sentence(change: AdviceChange) -> str:
    before, after = change.before, change.after
    if change.kind == "next":
        return f"{_action(after)}, instead of: {_action(before)}."
    if change.kind == "deadline":
        what, who = limit_and_party(change.about)
        limit = f"'{what}', which binds {SIDES[who]}, "
        if before and after:
            return f"{limit}is now {after}, instead of {before}."
        return f"{limit}is new: {after}." if after else f"{limit}is no longer a limit: {before}."
    come, gone = KINDS[change.kind]
    if before and after:
        return f"{come.format(after)} Before: {before}"
    return come.format(after) if after else gone.format(before)


def _action(said: str | None) -> str:
    name, _, where = (said or "").partition(" ")
    return f"go on to {where}" if name == "escalate" else ACTIONS.get(name, name)


def _situations(where: Iterable[Situation], compared: Comparison, old: Policy, new: Policy) -> str:
    """Describe situations by stage; all outcomes of a stage are named together."""
    held = set(where)
    said = []
    if held >= set(compared.staged):
        said.append("at any stage")
        held -= set(compared.staged)
    said += [words for risk, words in RISKS.items() if Situation(None, None, risk) in held]
    if Situation(None, None) in held:
        said.append("before anything was tried")
    for level in Level:
        here = {
            situation.outcome
            for situation in held
            if situation.level is level and not situation.straight
        }
        label = _stage_label(level, old, new)
        if here == set(OUTCOMES):
            said.append(f"at {label}")
        elif here:
            outcomes = " or ".join(words for name, words in OUTCOMES.items() if name in here)
            said.append(f"when {label} {outcomes}")
    straight = [
        _stage_label(situation.level, old, new)
        for situation in where
        if situation.straight and situation.level
    ]
    if straight:
        said.append(f"when {' or '.join(straight)} was begun without those before it")
    exits = [word_text(situation.exit) for situation in where if situation.exit]
    if exits:
        said.append(f"when another procedure may fit ({', '.join(exits)})")
    return "; ".join(said)


def _stage_label(level: Level, old: Policy, new: Policy) -> str:
    now, was = (
        next((stage.label for stage in policy.stages if stage.level is level), None)
        for policy in (new, old)
    )
    if now and was and now != was:
        return f"{now} (before: {was})"
    if was and not now and was in {stage.label for stage in new.stages}:
        return f"{was} (before)"
    return now or was or word_text(level)


def _date_changes(compared: Comparison, old: Policy, new: Policy) -> Iterator[str]:
    for turn in compared.turns:
        whom = _to_whom(turn.who, compared) if len(turn.who) > 1 else ""
        yield _date_change(turn, whom, old, new)


def _date_change(turn: LeavingDay, whom: str, old: Policy, new: Policy) -> str:
    label = _stage_label(turn.level, old, new)
    raised = f"{label} raised on {show_day(RAISED)} and not answered{whom}"
    if turn.after is None:
        return (
            f"{raised}: no limit runs out any more; before, on {show_day(turn.before or RAISED)}."
        )
    instead = (
        f"instead of {show_day(turn.before)}" if turn.before else "where no limit ran out before"
    )
    return f"{raised}: go on from {show_day(turn.after)}, {instead}."


def _to_whom(who: Iterable[Circumstances], compared: Comparison) -> str:
    """Say for whom a change holds, fact by fact; return "" where it holds for everybody."""
    held, people = set(who), compared.people
    said: list[str] = []
    values: dict[str, set[object]] = {}
    for name in DIMENSIONS:
        mine = {getattr(person, name) for person in held}
        if mine != {getattr(person, name) for person in people}:
            values[name] = mine
            every = {getattr(person, name) for person in people}
            other = any((name, value) in compared.others for value in mine)
            said.append(f"{WORDS[name]} {_listed(mine, every - mine if other else None)}")
    fitting = {
        person
        for person in people
        if all(getattr(person, name) in some for name, some in values.items())
    }
    some = "" if fitting == held else ", in some of these cases"
    return f", if {' and '.join(said)}{some}" if said else some


WORDS: Mapping[str, str] = {
    "my_agency": "your agency is",
    "their_agency": "the other agency is",
    "child_status": "the child's status is",
    "disagreement": "you disagree about",
    "area": "the area is",
    "priority": "what was agreed is",
}


def _listed(some: set[object], rest: set[object] | None) -> str:
    """List values; where one of them stands for all others, list the values left out."""
    if rest:
        return f"not {' or '.join(sorted(word_text(str(value)) for value in rest))}"
    return " or ".join(
        sorted("none or not told" if value is None else word_text(str(value)) for value in some)
    )


def _other_changes(old: Policy, new: Policy) -> Iterator[str]:
    """Yield changes that show only in answers to questions, not in the advice."""
    for name, called in LISTS.items():
        before = [statement.what for statement in getattr(old, name)]
        after = [statement.what for statement in getattr(new, name)]
        new_ones = (what for what in after if what not in before)
        gone = (what for what in before if what not in after)
        yield from (f"A {called} is new: {what}" for what in new_ones)
        yield from (f"A {called} is gone: {what}" for what in gone)
    for name, called in (("contact", "contact address"), ("nation", "nation of bank holidays")):
        if getattr(old, name) != getattr(new, name):
            values = [word_text(getattr(policy, name) or "none") for policy in (new, old)]
            yield f"The {called} is now {values[0]}, instead of {values[1]}."


def _sources(old: Policy, new: Policy, handbook: Handbook) -> str:
    """Count the statements that are unchanged but have moved to another section."""
    before, after = (
        {
            (group.title, statement.text): statement.source
            for group in statement_groups(policy, handbook)
            for statement in group.stated
        }
        for policy in (old, new)
    )
    moved = [said for said, source in after.items() if before.get(said, source) != source]
    if not moved:
        return ""
    statements = "statement stands" if len(moved) == 1 else "statements stand"
    return f"{len(moved)} {statements} in another section than before."


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
