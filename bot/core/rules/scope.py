"""Whether a disagreement is what the policy is for, and which passages say so."""

from collections.abc import Iterator

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import Policy
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.results import Reason, Scope
from bot.core.rules.triage import destination_lines, procedure_for


def scope(facts: Facts, policy: NarrowedPolicy | None, handbook: Handbook) -> Scope:
    """Return whether the policy is for this; None where it does not say or too little is known."""
    guidance = handbook.safety_guidance
    procedure = procedure_for(facts, policy, guidance)
    if procedure and not procedure.covered:
        lines = destination_lines(procedure, policy, guidance)
        return Scope(in_scope=False, because=tuple(Reason(text, source) for text, source in lines))
    if policy is None:
        permission = guidance.confidence.permission
        return Scope(None, tuple(Reason(one.what, guidance.cite(one.source)) for one in permission))
    listed = tuple(_listed(facts, policy, handbook))
    principles = tuple(
        Reason(principle.what, policy.cite(principle.source))
        for principle in policy.principles
        if principle.covers
    )
    if procedure:
        own = tuple(
            Reason(text, source) for text, source in destination_lines(procedure, policy, guidance)
        )
        return Scope(in_scope=True, because=(*own, *principles))
    if facts.disagreement is None:
        return Scope(None, principles)
    return Scope(True if listed or principles else None, (*listed, *principles))


def silent_on_kinds(policy: Policy, handbook: Handbook) -> str:
    """Return that a policy lists no kinds of disagreement, or that nobody has read whether it does.

    A file with passages that nobody has read yet says of nothing that the policy is silent.
    """
    name = "own_areas_not_read" if policy.not_read else "no_own_areas"
    return handbook.phrases.say(name, policy=policy.short_name)


def _listed(facts: Facts, policy: NarrowedPolicy, handbook: Handbook) -> Iterator[Reason]:
    """Yield the policy's own reasons to challenge that match the disagreement."""
    for area in policy.own_areas:
        if facts.disagreement in area.kinds:
            told = handbook.phrases.say("scope_listed", policy=policy.short_name, what=area.what)
            yield Reason(told, policy.cite(area.source))
