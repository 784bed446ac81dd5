"""A policy that extends another: an area's file that adds to its region's.

The area's file wins. Whatever it leaves out comes from the region's file and cites the region's
document. Lists are joined, the region's first, except for those named in `instead`.
"""

from copy import deepcopy
from typing import Any

import msgspec

from bot.core.policy.model import Form, Limit, Party, Policy, Stage, Status

OWN = {
    *("id", "name", "short_name", "names", "places", "document", "extends", "instead", "areas"),
    *("status", "fact_checked", "signed", "replaces"),
}
"""Keys that never come from the extended policy."""


def begins_of(plain: dict[str, Any]) -> str:
    """Return the day on which a file's version begins; an empty text if it names none."""
    document = plain.get("document")
    begins = document.get("effective_from") if isinstance(document, dict) else None
    return begins if isinstance(begins, str) else ""


def approval_of_both(policy: Policy, base: Policy) -> Policy:
    """Return a policy that extends another as a draft, unless both texts are signed.

    Its own signature has to be the later one: nobody signs what is written afterwards.
    """
    if policy.status is not Status.signed or policy.signed is None:
        return policy
    if base.status is Status.signed and base.signed and base.signed.day <= policy.signed.day:
        return policy
    return msgspec.structs.replace(policy, status=Status.draft)


def extend_policy(plain: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """Fill gaps in a file's values, in place, from the policy it extends; return the values.

    A version of the extended policy that is newer than the file begins with that policy's own day,
    and changes what that one changes.
    """
    taken = {key: value for key, value in deepcopy(base).items() if key not in OWN}
    word = str(base["id"])
    documents = {word: base["document"]["title"], **taken.pop("documents", {})}
    taken = _cited_from(taken, word, set(documents))
    own = plain.get("documents")
    plain["documents"] = {**documents, **(own if isinstance(own, dict) else {})}
    if begins_of(plain) < begins_of(base):
        plain["document"] = {**plain["document"], "effective_from": begins_of(base)}
        plain["replaces"] = _cited_from(deepcopy(base.get("replaces")), word, set(documents))
    stages, theirs = plain.get("stages"), taken.pop("stages")
    _fill(plain, taken)
    if not isinstance(stages, list):
        plain["stages"] = theirs
    elif "stages" not in _instead(plain):
        plain["stages"] = _merged_stages(stages, theirs)
    return plain


def _merged_stages(stages: list[Any], theirs: list[dict[str, Any]]) -> list[Any]:
    numbers = {stage.get("number"): stage for stage in stages if isinstance(stage, dict)}
    for base in theirs:
        if base["number"] in numbers:
            _fill(numbers[base["number"]], base)
    known = {stage["number"] for stage in theirs}
    added = [
        stage for stage in stages if not isinstance(stage, dict) or stage.get("number") not in known
    ]
    merged = [numbers.get(stage["number"], stage) for stage in theirs] + added
    if all(isinstance(stage, dict) and isinstance(stage.get("number"), int) for stage in merged):
        merged.sort(key=lambda stage: stage["number"])
    return merged


def _fill(part: dict[str, Any], base: dict[str, Any]) -> None:
    instead = _instead(part)
    for key, value in base.items():
        if key not in part:
            part[key] = value
        elif key not in instead and isinstance(value, list) and isinstance(part[key], list):
            part[key] = [*value, *part[key]]


def _instead(part: dict[str, Any]) -> list[Any]:
    named = part.get("instead")
    return named if isinstance(named, list) else []


def _cited_from(value: Any, word: str, documents: set[str]) -> Any:
    """Put the extended policy's word before each of its sources."""
    if isinstance(value, list):
        return [_cited_from(part, word, documents) for part in value]
    if not isinstance(value, dict):
        return value
    cited = {key: _cited_from(part, word, documents) for key, part in value.items()}
    for key in ("source", "contact_source"):
        section = cited.get(key)
        if isinstance(section, str) and section.partition(": ")[0] not in documents:
            cited[key] = f"{word}: {section}"
    return cited


def spread_over_stages(policy: Policy) -> Policy:
    """Copy what holds over several stages to each of them: caps, and forms of the whole policy.

    A limit on both sides becomes one for each.
    """
    stages = tuple(_for_each_side(_with_shared(stage, policy)) for stage in policy.stages)
    return msgspec.structs.replace(policy, stages=stages)


def _for_each_side(stage: Stage) -> Stage:
    names = ("to_begin", "to_answer", "to_close")
    if not any(limit.who is Party.both for name in names for limit in getattr(stage, name)):
        return stage
    return msgspec.structs.replace(stage, **{name: _split(getattr(stage, name)) for name in names})


def _split(limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
    return tuple(
        msgspec.structs.replace(limit, who=who)
        for limit in limits
        for who in ((Party.receiver, Party.raiser) if limit.who is Party.both else (limit.who,))
    )


def _with_shared(stage: Stage, policy: Policy) -> Stage:
    caps = (cap for cap in policy.caps if stage.number in cap.stages)
    forms = (
        _as_form(form)
        for form in policy.forms
        if form.from_stage is None or form.from_stage <= stage.number
    )
    return msgspec.structs.replace(
        stage, to_answer=(*stage.to_answer, *caps), forms=(*stage.forms, *forms)
    )


def _as_form(form: Form) -> Form:
    """Return a form of the whole policy as a form of a stage."""
    return Form(**{name: getattr(form, name) for name in Form.__struct_fields__})
