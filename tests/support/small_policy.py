"""A small policy that is right, changes that break it, and what is then said to be wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.policy.checks import Problem
from bot.core.policy.loader import PolicyError, load_policies, load_policy

Change = Callable[[dict[str, Any]], None]
"""Changes the policy as YAML holds it, in place."""


def written() -> dict[str, Any]:
    """Return a small policy that is right."""
    return {
        "id": "vale",
        "name": "Vale Escalation Policy",
        "short_name": "Vale",
        "partnership": "Vale Safeguarding Partnership",
        "nation": "england",
        "document": {"title": "Vale Escalation Policy"},
        "names": ["Vale"],
        "places": ["Vale"],
        "own_areas": [{"kinds": ["threshold"], "what": "Thresholds", "source": "1"}],
        "stages": [stage(1, "practitioner"), stage(2, "line_manager"), stage(3, "partnership")],
    }


def stage(number: int, level: str) -> dict[str, Any]:
    """Return a stage with a post and a limit."""
    return {
        "number": number,
        "label": f"Stage {number}",
        "title": "A stage",
        "level": level,
        "what": "They talk.",
        "source": "2",
        "roles": [{"role": "A post", "source": "2", "party": ["raiser", "receiver"]}],
        "to_answer": [limit()],
    }


def limit(**other: Any) -> dict[str, Any]:
    """Return a limit of five working days."""
    return {
        "what": "Answer",
        "who": "receiver",
        "amount": 5,
        "unit": "working_day",
        "readings": [{"counted_from": "stage_start"}],
        "source": "2",
        **other,
    }


def put(path: str, value: object) -> Change:
    """Return a change that sets one key, such as "stages.1.level"."""

    def change(data: Any) -> None:
        *steps, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in steps:
            data = data[part]
        data[last] = value

    return change


class Plain(yaml.SafeDumper):
    """Writes what stands in two places twice, as people do."""

    def ignore_aliases(self, data: object) -> bool:
        """Never write an anchor."""
        return data is not NotImplemented


def save(folder: Path, name: str, *changes: Change) -> None:
    """Write the policy with changes under a name."""
    data = written()
    for change in changes:
        change(data)
    (folder / name).write_text(yaml.dump(data, Dumper=Plain), "utf-8")


def problems(folder: Path, *changes: Change) -> list[Problem]:
    """Write the policy with changes and return what is wrong with it."""
    save(folder, "vale.yml", *changes)
    try:
        load_policy(folder / "vale.yml")
    except PolicyError as error:
        return error.problems
    return []


def load_problems(folder: Path) -> list[Problem]:
    """Return what is wrong with the files in a folder."""
    with pytest.raises(PolicyError) as caught:
        load_policies(folder)
    return caught.value.problems
