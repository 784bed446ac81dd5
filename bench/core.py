"""The core by itself: advice as a function call, and loading very many policies."""

import re
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import load_policies
from bot.core.rules.advice import advise
from bot.core.rules.facts import parse_facts
from bot.core.rules.narrowing import narrowed
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
    """Return the median seconds to load 150 policies: the real ones, copied under new ids."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(POLICIES.glob("*.yml"))]
    spent = []
    for _ in range(LOADS):
        # A folder is read only once, so each load gets its own.
        with tempfile.TemporaryDirectory() as folder:
            for number in range(POLICY_COUNT):
                name = f"policy_{number}"
                copy = re.sub(r"(?m)^id:.*$", f"id: {name}", texts[number % len(texts)], count=1)
                (Path(folder) / f"{name}.yml").write_text(copy, encoding="utf-8")
            began = time.perf_counter()
            loaded = load_policies(Path(folder))
            spent.append(time.perf_counter() - began)
            assert len(loaded) == POLICY_COUNT
    return median(spent)


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
