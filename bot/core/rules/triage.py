"""Which kind of help applies: ordered, named checks. The first that holds is the route.

Order is safety (design, sections 4 and 5): danger outranks an exit, a settled step and every stage.
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
    """Hold always: everything else goes by the policy's stages."""
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
    """Return the other procedure that fits: named in the facts, else one the policy sends them to.

    A policy sends on the disagreements that it excludes, and the areas that it is not for.
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
    """Say whether the policy itself names the procedure: else the standing guidance does."""
    return policy is not None and (procedure.exit is None or procedure in policy.other_procedures)


def procedure_named(
    name: Exit, policy: Policy | None, safety_guidance: SafetyGuidance
) -> OtherProcedure:
    """Return another procedure in the policy's own words, else in the guide's."""
    for procedure in policy.other_procedures if policy else ():
        if procedure.exit is name:
            return procedure
    return safety_guidance.exit(name)


def destination_lines(
    procedure: OtherProcedure, policy: Policy | None, safety_guidance: SafetyGuidance
) -> list[tuple[str, Source]]:
    """Return where a procedure that fits better goes, each sentence with its source."""
    if procedure.exit is not None:
        return explanation_lines(procedure.exit, policy, safety_guidance)
    return [(procedure.what, policy.cite(procedure.source))] if policy else []


def explanation_lines(
    name: Exit, policy: Policy | None, safety_guidance: SafetyGuidance
) -> list[tuple[str, Source]]:
    """Return how another procedure differs and where it goes, each sentence with its source.

    A policy's own words come first; where to go is then said by the standing guidance.
    """
    general = safety_guidance.exit(name)
    own = procedure_named(name, policy, safety_guidance)
    said = [(general.what, safety_guidance.cite(general.source))]
    if policy is None or own is general:
        return said
    return [(own.what, policy.cite(own.source)), *(said if not own.covered else [])]


def steps_by_date(steps: tuple[Step, ...]) -> list[Step]:
    """Return steps by date, as given within a day.

    A step without a date goes by its level: just before the first dated step of a higher level.
    """
    dated = sorted((step for step in steps if step.on is not None), key=lambda step: str(step.on))
    for step in steps:
        if step.on is None:
            higher = [
                index for index, other in enumerate(dated) if other.level.rank > step.level.rank
            ]
            dated.insert(higher[0] if higher else len(dated), step)
    return dated
