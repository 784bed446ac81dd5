"""Decides which kind of help applies. The first check that holds gives the route.

The order keeps children safe (design, sections 4 and 5): danger outranks an exit, a settled step
and every stage.
"""

from collections.abc import Callable

from bot.core.handbook.safety_guidance import SafetyGuidance
from bot.core.policy.model import OtherProcedure, Policy, Source
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.vocabulary import Exit, Outcome, Risk, Route


def child_in_danger(facts: Facts, _: OtherProcedure | None) -> bool:
    """Say whether a child is in danger now."""
    return facts.risk is Risk.immediate_danger


def harm_today(facts: Facts, _: OtherProcedure | None) -> bool:
    """Say whether there is, or may be, an immediate risk of significant harm."""
    return facts.risk in {Risk.immediate_harm, Risk.unsure}


def other_procedure_fits(_: Facts, procedure: OtherProcedure | None) -> bool:
    """Say whether another procedure fits and the policy does not cover it by its own stages."""
    return procedure is not None and not procedure.covered


def latest_step_settled_it(facts: Facts, _: OtherProcedure | None) -> bool:
    """Say whether the latest step settled the disagreement."""
    steps = steps_by_date(facts.steps)
    return bool(steps) and steps[-1].outcome is Outcome.resolved


def otherwise(_: Facts, __: OtherProcedure | None) -> bool:
    """Always hold: everything else goes by the policy's stages."""
    return True


Check = Callable[[Facts, OtherProcedure | None], bool]
CHECKS: tuple[tuple[Check, Route], ...] = (
    (child_in_danger, Route.emergency),
    (harm_today, Route.same_day),
    (other_procedure_fits, Route.exit),
    (latest_step_settled_it, Route.resolved),
    (otherwise, Route.staged),
)


def route(facts: Facts, policy: NarrowedPolicy | None, safety_guidance: SafetyGuidance) -> Route:
    """Return the route of the first check that holds."""
    procedure = procedure_for(facts, policy, safety_guidance)
    return next(way for check, way in CHECKS if check(facts, procedure))


def procedure_for(
    facts: Facts, policy: NarrowedPolicy | None, safety_guidance: SafetyGuidance
) -> OtherProcedure | None:
    """Return the other procedure that fits: the facts' own, else the policy's.

    A policy names other procedures for disagreements it excludes and areas it does not cover.
    """
    if facts.exit:
        return procedure_named(facts.exit, policy, safety_guidance)
    if policy is None:
        return None
    for area in policy.areas:
        if area.excluded and area.id == facts.area:
            return OtherProcedure(what=area.excluded.what, source=area.excluded.source)
    for procedure in policy.other_procedures:
        if facts.disagreement in procedure.kinds:
            return procedure
    return None


def named_by_policy(procedure: OtherProcedure, policy: Policy | None) -> bool:
    """Say whether the policy names the procedure, and not the safety guidance."""
    return policy is not None and (procedure.exit is None or procedure in policy.other_procedures)


def procedure_named(
    name: Exit, policy: Policy | None, safety_guidance: SafetyGuidance
) -> OtherProcedure:
    """Return another procedure in the policy's words, else in the guide's."""
    for procedure in policy.other_procedures if policy else ():
        if procedure.exit is name:
            return procedure
    return safety_guidance.exit(name)


def destination_lines(
    procedure: OtherProcedure, policy: Policy | None, safety_guidance: SafetyGuidance
) -> list[tuple[str, Source]]:
    """Return sentences on where to take another procedure, each with its source."""
    if procedure.exit is not None:
        return explanation_lines(procedure.exit, policy, safety_guidance)
    return [(procedure.what, policy.cite(procedure.source))] if policy else []


def destination_words(
    procedure: OtherProcedure, policy: Policy | None, safety_guidance: SafetyGuidance
) -> list[str]:
    """Return the sentences that say where to go: the policy's own, then the guide's first."""
    if procedure.exit is None:
        return [procedure.what]
    further = {step.what for step in safety_guidance.exit(procedure.exit).then}
    lines = destination_lines(procedure, policy, safety_guidance)
    return [what for what, _ in lines if what not in further]


def explanation_lines(
    name: Exit, policy: Policy | None, safety_guidance: SafetyGuidance
) -> list[tuple[str, Source]]:
    """Return sentences on how another procedure differs and where to take it, with their sources.

    The policy's own words come first; the safety guidance then says where to go.
    """
    general = safety_guidance.exit(name)
    own = procedure_named(name, policy, safety_guidance)
    said = [
        (statement.what, safety_guidance.cite(statement.source))
        for statement in (general, *general.then)
    ]
    if policy is None or own is general:
        return said
    return [(own.what, policy.cite(own.source)), *(said if not own.covered else [])]


def is_told(step: Step, steps: tuple[Step, ...]) -> bool:
    """Say whether anything was told of a step: those below the last one are supposed by advice."""
    return step.on is not None or step is steps_by_date(steps)[-1]


def steps_by_date(steps: tuple[Step, ...]) -> list[Step]:
    """Return steps sorted by date; steps of the same day keep their order.

    A step without a date goes just before the first dated step at a higher stage.
    """
    dated = sorted((step for step in steps if step.on is not None), key=lambda step: str(step.on))
    for step in steps:
        if step.on is None:
            higher = [index for index, other in enumerate(dated) if _rung(other) > _rung(step)]
            dated.insert(higher[0] if higher else len(dated), step)
    return dated


def _rung(step: Step) -> tuple[int, int]:
    return step.level.rank, step.stage or 0
