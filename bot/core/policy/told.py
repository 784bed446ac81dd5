"""Stages that somebody names by number, and the rungs they are on in a policy.

Stage 1 is the line manager's in one policy and the practitioners' in another: what is told of a
stage says more than what was made of the talk at it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.core.policy.model import level_of

Told = Mapping[str, Any]
"""A stage by its `number`, or a step by its `level`; its `on` and `outcome` are None if untold."""


def steps_at_stages(
    steps: Iterable[Told], stages: Sequence[Told], rungs: Mapping[int, str]
) -> list[Told]:
    """Return the steps told with each stage on its rung, lowest first.

    A step beside the stages stands if its day shows that it is another: a talk before Stage 2.
    Stages that the policy does not have change nothing.
    """
    known = [stage for stage in stages if stage["number"] in rungs]
    at_stages = [
        {"level": rungs[one["number"]], "on": one["on"], "outcome": one["outcome"]} for one in known
    ]
    if not at_stages:
        return [*steps]
    beside = [step for step in steps if all(_is_apart(step, at) for at in at_stages)]
    return sorted([*beside, *at_stages], key=_height)


def _is_apart(step: Told, stage: Told) -> bool:
    """Say whether a step is below a stage and before it, or above it and after it."""
    if not (step["on"] and stage["on"]):
        return False
    rank, other = _height(step), _height(stage)
    return (rank < other and step["on"] < stage["on"]) or (
        rank > other and step["on"] > stage["on"]
    )


def _height(step: Told) -> int:
    return level_of(step["level"]).rank
