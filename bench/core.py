"""The core by itself: advice as a function call, and loading very many policies."""

import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

import yaml

from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import load_policies, policy_files
from bot.core.rules.advice import advise
from bot.core.rules.narrowing import narrowed
from bot.core.rules.read_facts import parse_facts
from bot.paths import POLICIES, ROOT

TODAY = date(2026, 11, 24)
CALLS = 2000
POLICY_COUNT = 150
LOADS = 3


def advise_milliseconds() -> tuple[float, float]:
    """Return the median and 95th percentile of a call to `advise`, over every policy."""
    policies = load_policies(POLICIES)
    handbook = load_handbook(ROOT)
    asked = [_facts(name) for name in policies]
    read = [parse_facts(facts, policies, TODAY) for facts in asked]
    spent = []
    for call in range(CALLS):
        facts = read[call % len(read)]
        policy = policies[str(facts.partnership)]
        began = time.perf_counter()
        advise(facts, narrowed(policy, facts), TODAY, handbook)
        spent.append((time.perf_counter() - began) * 1000)
    spent.sort()
    return median(spent), spent[int(CALLS * 0.95)]


def load_seconds() -> float:
    """Return the median seconds of processor time to load 150 policies beside the real ones."""
    spent = []
    for _ in range(LOADS):
        # A folder is read only once, so each load gets its own.
        with tempfile.TemporaryDirectory() as folder:
            write_policies(Path(folder), POLICY_COUNT)
            began = time.process_time()
            loaded = load_policies(Path(folder))
            spent.append(time.process_time() - began)
            assert len(loaded) == POLICY_COUNT
    return median(spent)


def write_policies(folder: Path, count: int) -> None:
    """Write copies of the real policies, each under an id, names and places of its own."""
    plain = [
        yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) for path in policy_files(POLICIES)
    ]
    for number in range(count):
        copy = {**plain[number % len(plain)]}
        copy |= {"id": f"policy_{number}", "names": [f"Policy {number}"]}
        copy["places"] = [f"Place {number}"]
        copy.pop("fallback", None)
        areas = copy.get("areas", [])
        copy["areas"] = [
            {**area, "places": [f"Place {number} {at}"]} for at, area in enumerate(areas)
        ]
        text = yaml.dump(copy, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        (folder / f"policy_{number}.yml").write_text(text, encoding="utf-8")


def _facts(partnership: str) -> dict[str, object]:
    return {
        "partnership": partnership,
        "risk": "concern",
        "disagreement": "threshold",
        "my_agency": "health",
        "their_agency": "police",
        "child_status": ["child_protection_plan"],
        "steps": [
            {"level": "practitioner", "on": "2026-11-16", "outcome": "unresolved"},
            {"level": "line_manager", "on": "2026-11-23", "outcome": "awaiting"},
        ],
    }
