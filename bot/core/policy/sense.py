"""Checks the meaning of a policy file whose shape is right.

Every problem found here stops the file. `bot/core/policy/notes.py` finds what is only worth a look.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import product
from typing import TypeAlias

from bot.core.policy.limits import (
    Found,
    cap_problems,
    overlap_problems,
    priority_problems,
    reading_problems,
)
from bot.core.policy.model import (
    ALWAYS,
    TOGETHER,
    Applies,
    Duty,
    Form,
    Limit,
    Moment,
    Notification,
    Party,
    Policy,
    PolicyPart,
    Role,
    Stage,
    Status,
)
from bot.core.text import shorten
from bot.core.vocabulary import Agency

FILL_IN = "FILL IN"
"""Every placeholder of the template begins like this."""
NOBODY = re.compile(
    r"(?:nobody|no one|none|n/?a|tb[ac]|to be (?:added|agreed|confirmed)|unknown|[?.\-–x ]+)",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address,
    r"|(?:https?://|www\.)[\w-]+(?:\.[\w-]+)+\S*"  # a page,
    r"|\+?\d[\d ()-]{4,}\d"  # or a telephone number
)
_A_WORD = re.compile(r"[a-z][a-z0-9_-]*")
"""The word of another document before a colon."""
ALIKE = 0.75
"""How alike two words must be for one to be a slip of the other."""
Part: TypeAlias = Duty | Role | Limit


def semantic_problems(policy: Policy) -> Iterator[Found]:
    """Yield every statement of a file that contradicts another, or can never hold."""
    yield from _standing(policy)
    yield from _listed_once(policy)
    yield from _other_procedures(policy)
    yield from _places(policy)
    yield from _mistyped_documents(policy)
    for key, part in _conditional(policy):
        yield from _condition(key, part.applies, policy)
        if isinstance(part, Duty):
            yield from _duty(key, part)
        if isinstance(part, Role):
            yield from _role(key, part)
    yield from _addresses("contact", policy.contact)
    for at, stage in enumerate(policy.stages):
        yield from _stage(f"stages[{at}]", stage, policy)
    for at, cap in enumerate(policy.caps):
        yield from cap_problems(f"caps[{at}]", cap, policy)
    numbers = [stage.number for stage in policy.stages]
    for at, form in enumerate(policy.forms):
        if form.from_stage is not None and form.from_stage not in numbers:
            yield (
                f"forms[{at}].from_stage",
                f"a stage of this policy, from {numbers}",
                str(form.from_stage),
            )


def _standing(policy: Policy) -> Iterator[Found]:
    """Check the file's approval, and the order of its dates."""
    if policy.status is not Status.draft:
        name = policy.status.value
        if getattr(policy, name) is None:
            yield "status", f"who did it and when, as `{name}: {{role: ..., day: ...}}`", name
    yield from _two_people(policy)
    if policy.signed and policy.status is not Status.signed:
        yield "signed", "`status: signed` beside it", f"status: {policy.status.value}"
    document = policy.document
    for name in ("effective_from", "reviewed"):
        earlier = getattr(document, name)
        if earlier and document.next_review and document.next_review <= earlier:
            expected = f"a day after {name}, {earlier}"
            yield "document.next_review", expected, str(document.next_review)
    if document.effective_from and document.retired and document.retired <= document.effective_from:
        expected = f"a day after effective_from, {document.effective_from}"
        yield "document.retired", expected, str(document.retired)
    if policy.instead and not policy.extends:
        yield "instead", "no such key, unless the file `extends` another", ", ".join(policy.instead)


def _two_people(policy: Policy) -> Iterator[Found]:
    """Find a signature without a check before it, by somebody in another role."""
    checked, signed = policy.fact_checked, policy.signed
    if policy.status is not Status.signed or signed is None:
        return
    if checked is None:
        expected = "who compared the file with the document before it was signed, and when"
        yield "fact_checked", expected, "no such key"
        return
    if checked.day > signed.day:
        yield "signed.day", f"a day from {checked.day} on, when it was checked", str(signed.day)
    if " ".join(checked.role.split()).casefold() == " ".join(signed.role.split()).casefold():
        yield "signed.role", "another role than that of whoever checked it", signed.role


def _listed_once(policy: Policy) -> Iterator[Found]:
    named: tuple[tuple[str, list[str]], ...] = (
        ("areas", [area.id for area in policy.areas]),
        ("priorities", [priority.id for priority in policy.priorities]),
        (
            "other_procedures",
            [str(procedure.exit) for procedure in policy.other_procedures if procedure.exit],
        ),
        (
            "other_procedures",
            [str(kind) for procedure in policy.other_procedures for kind in procedure.kinds],
        ),
    )
    for key, ids in named:
        for name, times in Counter(ids).items():
            if times > 1:
                yield key, "each once", f"{name}, {times} times"


def _places(policy: Policy) -> Iterator[Found]:
    """Find a place that names two member areas."""
    owners: dict[str, str] = {}
    for at, area in enumerate(policy.areas):
        for place in dict.fromkeys(place.casefold() for place in area.places):
            if owners.setdefault(place, area.id) != area.id:
                expected = f"places of this area alone; {owners[place]} has it too"
                yield f"areas[{at}].places", expected, place


def _mistyped_documents(policy: Policy) -> Iterator[Found]:
    """Find a source that begins almost like the word of another document, or like one of none.

    A section begins with a capital or a number; a word in small letters before a colon is meant for
    a document that the file has to name.
    """
    words = list(policy.documents)
    left: list[tuple[str, object]] = [("", policy)]
    while left:
        key, part = left.pop(0)
        if isinstance(part, tuple):
            left += [(f"{key}[{at}]", one) for at, one in enumerate(part)]
        elif isinstance(part, PolicyPart):
            names = part.__struct_fields__
            left += [(f"{key}.{name}".lstrip("."), getattr(part, name)) for name in names]
            word, colon, _ = str(getattr(part, "source", "")).partition(":")
            if not colon or word in words:
                continue
            if _A_WORD.fullmatch(word) or get_close_matches(word, words, 1, ALIKE):
                expected = (
                    f"one of {words} before the colon, to name another document"
                    if words
                    else "a section of the document; for another one, `documents` with its word"
                )
                yield f"{key}.source", expected, word


def _other_procedures(policy: Policy) -> Iterator[Found]:
    for at, procedure in enumerate(policy.other_procedures):
        if (procedure.exit is None) == (not procedure.kinds):
            got = "both" if procedure.exit else "neither"
            yield f"other_procedures[{at}]", "either an exit or kinds of disagreement", got
    excluded = policy.excluded_kinds()
    for at, area in enumerate(policy.own_areas):
        if not area.all_kinds:
            yield f"own_areas[{at}].kinds", "at least one kind of disagreement", "none"
        for kind in area.all_kinds:
            if kind in excluded:
                expected = "no kind that other_procedures sends elsewhere"
                yield f"own_areas[{at}].kinds", expected, str(kind)


def _conditional(policy: Policy) -> Iterator[tuple[str, Part]]:
    """Yield every conditional part of the file, with its key."""
    yield from _each("every_stage", policy.every_stage)
    yield from _each("when_resolved", policy.when_resolved)
    yield from _each("forms", policy.forms)
    yield from _each("caps", policy.caps)
    for at, rule in enumerate(policy.urgent):
        yield from _each(f"urgent[{at}].notify", rule.notify)
    for at, stage in enumerate(policy.stages):
        for name in LISTS:
            yield from _each(f"stages[{at}].{name}", getattr(stage, name))


LISTS = (
    "roles", "to_begin", "to_answer", "to_close", "guidance", "notify", "records", "forms",
    "not_stated",
)  # fmt: skip


def _each(
    key: str, parts: Sequence[Duty | Role | Limit]
) -> Iterator[tuple[str, Duty | Role | Limit]]:
    for at, part in enumerate(parts):
        yield f"{key}[{at}]", part


def _condition(key: str, condition: Applies, policy: Policy) -> Iterator[Found]:
    """Find a condition that never holds."""
    if condition is ALWAYS:
        return
    for side in ("my_agency", "their_agency"):
        wanted, barred = getattr(condition, side), getattr(condition, f"not_{side}")
        if set(wanted) & set(barred):
            both = ", ".join(str(kind) for kind in wanted if kind in barred)
            yield f"{key}.applies", f"no agency in both {side} and not_{side}", both
        if set(barred) >= set(Agency):
            yield f"{key}.applies.not_{side}", "an agency that is left", "all of them"
    ids = [priority.id for priority in policy.priorities]
    for priority in condition.priority:
        if priority not in ids:
            yield f"{key}.applies.priority", f"a priority of this policy, from {ids}", priority
    excluded = {area.id for area in policy.areas if area.excluded}
    if condition.area and set(condition.area) <= excluded:
        expected = "an area that the policy is for"
        yield f"{key}.applies.area", expected, ", ".join(condition.area)
    if condition.disagreement and set(condition.disagreement) <= policy.excluded_kinds():
        expected = "a kind that other_procedures does not send elsewhere"
        yield f"{key}.applies.disagreement", expected, ", ".join(map(str, condition.disagreement))


def _duty(key: str, duty: Duty) -> Iterator[Found]:
    if Party.both in duty.party or not duty.party:
        expected = "at least one of raiser, receiver, partnership"
        yield f"{key}.party", expected, "both" if duty.party else "none"
    if not duty.when:
        yield f"{key}.when", "at least one of raised, unresolved, resolved", "none: it never holds"
    if isinstance(duty, Notification):
        yield from _somebody(f"{key}.who", duty.who)
        yield from _addresses(f"{key}.address", duty.address)
    if isinstance(duty, Form):
        yield from _somebody(f"{key}.send_to", duty.send_to)
        yield from _addresses(f"{key}.address", duty.address)


def _role(key: str, role: Role) -> Iterator[Found]:
    if role.when and Moment.raised in role.when:
        yield f"{key}.when", "unresolved or resolved: without it the role is for raised", "raised"
    if not role.party or Party.both in role.party:
        expected = "at least one of raiser, receiver, partnership"
        yield f"{key}.party", expected, "both" if role.party else "none"
    yield from _somebody(f"{key}.role", role.role)
    yield from _addresses(f"{key}.address", role.address)


def _somebody(key: str, who: str) -> Iterator[Found]:
    if NOBODY.fullmatch(who.strip()):
        yield key, "a person or body by their role", repr(who)


def _addresses(key: str, address: str | None) -> Iterator[Found]:
    if address and not address.startswith(FILL_IN) and not ADDRESS.search(address):
        yield key, "an e-mail address, a web page or a telephone number", repr(address)


def _stage(key: str, stage: Stage, policy: Policy) -> Iterator[Found]:
    rule = stage.must_follow
    if rule:
        skipped = [
            stage.number
            for stage in policy.stages
            if stage.number in rule.stages and stage.may_skip and stage.may_skip.applies is ALWAYS
        ]
        for number in skipped:
            expected = "stages that may not be left out at any time"
            yield f"{key}.must_follow.stages", expected, f"{number}, which has may_skip"
    yield from _somebody_at(key, stage)
    yield from _twice(key, stage)
    for name in ("to_begin", "to_answer", "to_close"):
        limits: tuple[Limit, ...] = getattr(stage, name)
        yield from priority_problems(f"{key}.{name}", limits, policy)
        yield from overlap_problems(f"{key}.{name}", limits)
        for at, limit in enumerate(limits):
            if limit.written and limit.owed in TOGETHER:
                expected = "answer or decision, where a note of what was said has to be in writing"
                yield f"{key}.{name}[{at}].owed", expected, limit.owed.value
            for place, reading in enumerate(limit.readings):
                where = f"{key}.{name}[{at}].readings[{place}]"
                yield from reading_problems(where, name, reading, stage, policy)


def _somebody_at(key: str, stage: Stage) -> Iterator[Found]:
    """Find agencies without a role at a stage."""
    roles = [role for role in stage.roles if not role.when]
    if any(not role.agencies and role.applies is ALWAYS for role in roles):
        return
    if not roles:
        yield f"{key}.roles", "somebody to go to", "nobody"
        return
    without = [
        f"{mine} with {theirs}"
        for mine, theirs in product(Agency, Agency)
        if not any(_acts(role, mine, theirs) for role in roles)
    ]
    if without:
        shown = ", ".join(without[:3]) + (f" and {len(without) - 3} more" if without[3:] else "")
        yield (
            f"{key}.roles",
            "somebody to go to, whatever the two agencies are",
            f"none for {shown}",
        )


def _acts(role: Role, mine: Agency, theirs: Agency) -> bool:
    sides = {"raiser": mine, "receiver": theirs}
    if role.agencies and not any(sides.get(party.value) in role.agencies for party in role.party):
        return False
    held = role.applies
    return (
        mine in (held.my_agency or Agency)
        and theirs in (held.their_agency or Agency)
        and mine not in held.not_my_agency
        and theirs not in held.not_their_agency
    )


def _twice(key: str, stage: Stage) -> Iterator[Found]:
    """Find an entry repeated word for word at a stage."""
    for name in LISTS:
        seen: dict[Part, int] = {}
        for at, part in enumerate(getattr(stage, name)):
            if part in seen:
                said = part.role if isinstance(part, Role) else part.what
                expected = f"each entry once, unlike {name}[{seen[part]}]"
                yield f"{key}.{name}[{at}]", expected, shorten(repr(said))
            seen.setdefault(part, at)
