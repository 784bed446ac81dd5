"""Figures for accounts that people annotated: `python -m bench.accounts`."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from bench import measure_understanding as measure
from bot.paths import ROOT
from bot.privacy.masking.masker import mask
from bot.understanding.reading import read_message
from bot.understanding.record import Reading
from bot.understanding.trained import Trained

HERE = ROOT / "tests/understanding/accounts"
BATCHES = tuple(
    f"sealed_{name}" for name in ("fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
)
"""Nothing was learned from it."""
FACTS = ("my_agency", "their_agency", "level", "side", "wish", "child_status", "steps")


class Account(msgspec.Struct, frozen=True):
    """An account as typed, the day it is counted from, and the facts that it tells."""

    text: str
    today: str
    facts: dict[str, Any]
    plain: bool = True


class AccountFigures(msgspec.Struct, frozen=True):
    """Shares right of each fact, of all facts, of steps' levels, of accounts; what was made up."""

    facts: float
    whole: float
    plain_whole: float
    levels: float
    each: dict[str, str]
    invented: dict[str, int]


def accounts(batch: str) -> list[Account]:
    """The accounts of a batch."""
    lines = (HERE / f"{batch}.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Account) for line in lines if line.strip()]


def read(text: str, today: date) -> Reading:
    """Read a text as it would be stored, without the rankers of kinds and danger."""
    stored = mask(text).text
    trained = Trained(answers=measure.answers_ranked(stored))
    return read_message(stored, today, measure.everything_named().places, trained)


def measure_accounts(batch: str) -> AccountFigures:
    """How the facts of a batch are read. A list of steps is one fact, right only as a whole."""
    told, right, invented = Counter[str](), Counter[str](), Counter[str]()
    whole: list[tuple[bool, bool]] = []
    levels = met = 0
    for account in accounts(batch):
        meant = _meant(account.facts)
        heard = _heard(read(account.text, date.fromisoformat(account.today)))
        wrong = 0
        for name in FACTS:
            ours, theirs = meant[name], heard[name]
            if name == "level" and ours is None:
                continue
            told[name] += ours is not None
            right[name] += ours is not None and ours == theirs
            invented[name] += ours is None and theirs is not None
            wrong += ours != theirs
        levels += len(meant["steps"] or ())
        found = {step[0] for step in heard["steps"] or ()}
        met += sum(step[0] in found for step in meant["steps"] or ())
        whole.append((not wrong, account.plain))
    plain = [good for good, is_plain in whole if is_plain]
    return AccountFigures(
        right.total() / told.total(),
        sum(good for good, _ in whole) / len(whole),
        sum(plain) / max(1, len(plain)),
        met / max(1, levels),
        {name: f"{right[name]}/{told[name]}" for name in FACTS},
        dict(invented),
    )


def _meant(facts: Mapping[str, Any]) -> dict[str, Any]:
    status = facts.get("child_status") or []
    steps = [
        (step["level"], step.get("on"), step.get("outcome")) for step in facts.get("steps", ())
    ]
    found = {name: facts.get(name) for name in FACTS}
    found["child_status"] = tuple(sorted([status] if isinstance(status, str) else status)) or None
    found["steps"] = tuple(sorted(steps, key=str)) or None
    found["side"] = None if found["side"] == "raiser" else found["side"]
    return found


def _heard(reading: Reading) -> dict[str, Any]:
    facts, wish = reading.facts, reading.wish
    steps = [(step["level"], step["on"], step["outcome"]) for step in facts.get("steps", ())]
    return {
        "my_agency": facts.get("my_agency"),
        "their_agency": facts.get("their_agency"),
        "level": reading.level,
        "side": None if reading.side == "raiser" else reading.side,
        "wish": (wish["level"] or f"stage {wish['stage']}") if wish else None,
        "child_status": tuple(sorted(facts.get("child_status", ()))) or None,
        "steps": tuple(sorted(steps, key=str)) or None,
    }


def main() -> None:
    """Print the figures of every batch."""
    for batch in BATCHES:
        print(f"accounts, {batch}: {measure_accounts(batch)}")


if __name__ == "__main__":
    main()
