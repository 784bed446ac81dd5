"""`understand`: reads one text per line, prints one JSON object per line, by the trained model."""

import argparse
import asyncio
import importlib
import os
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from bot.clock import today
from bot.core.vocabulary import URGENT_RISKS
from bot.understanding.account.position import names_emergency
from bot.understanding.languages import LANGUAGE_PLACEHOLDER, other_language

MODELS = Path(__file__).resolve().parents[2] / "models"
NOT_TRAINED = 2


def main(argv: list[str]) -> int:
    """Read texts from standard input until it ends. Return 0, or 2 without a model.

    `--today DATE` sets the day that "last Tuesday" is counted from.
    """
    parser = argparse.ArgumentParser(prog="understand", description=__doc__)
    parser.add_argument("--today", type=date.fromisoformat, metavar="DATE", default=None)
    parser.add_argument("--model", type=Path, default=None, help="default: the newest in models/")
    given = parser.parse_args(argv)
    if given.today:
        os.environ["ESCALATION_GUIDE_TODAY"] = given.today.isoformat()
    model = given.model or newest_model(MODELS)
    if model is None or not model.exists():
        print("No trained model in models/. Run `make train` first.", file=sys.stderr)
        return NOT_TRAINED
    parse = load_parser(model)
    mask = load_masking()
    for line in sys.stdin:
        stored = mask(line.rstrip("\n"))
        print(msgspec.json.encode(output_for(stored, parse(stored))).decode(), flush=True)
    return 0


def newest_model(folder: Path) -> Path | None:
    """Return the newest model file, or None."""
    return max(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def load_parser(model: Path) -> Callable[[str], dict[str, Any]]:
    """Load a model and return a function that parses a text into Rasa's parse data."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(40)
    agent = Agent.load(str(model))

    def parse(text: str) -> dict[str, Any]:
        # Rasa reads a leading slash as a command; typed text is only text.
        return asyncio.run(agent.parse_message(" " + text if text.startswith("/") else text))

    return parse


def load_masking() -> Callable[[str], str]:
    """Return the function that masks a text before anything else sees it."""
    module = importlib.import_module("bot.privacy.masking.masker")
    return lambda text: (
        LANGUAGE_PLACEHOLDER if other_language(text, today()) else str(module.mask(text).text)
    )


def output_for(stored: str, parsed: dict[str, Any]) -> dict[str, Any]:
    """Return the output for a stored text and its parse data."""
    reading = parsed["reading"]
    return {
        "stored": stored,
        "urgent": reading["urgent"],
        "urgent_because": reading["urgent_because"],
        "disagreement": _names(reading["disagreement"]),
        "exit": reading["exit"],
        "partnership": reading["partnership"],
        "dates": reading["dates"],
        "side": reading["side"],
        "level": reading["level"],
        "calls": _calls_today(stored, reading),
        "wish": _rung(reading["wish"]),
        "objects": reading["objects"],
        "facts": reading["facts"],
    }


def _calls_today(stored: str, reading: dict[str, Any]) -> list[dict[str, str]]:
    """The calls to people who are named, where the text is about a child who needs help today."""
    pressing = reading["urgent"] or reading["facts"].get("risk") in URGENT_RISKS
    if not (pressing or names_emergency(stored)):
        return []
    return [
        {"to": call["to"], "outcome": call["outcome"]} for call in reading["calls"] if call["to"]
    ]


def _rung(wish: dict[str, Any] | None) -> str | None:
    """The rung somebody wishes for: its level, or its stage where no policy says which that is."""
    if wish is None or wish["up"]:
        return None
    return str(wish["level"] or f"stage {wish['stage']}")


def _names(ranked: Iterable[dict[str, Any]]) -> list[str]:
    return [item["name"] for item in ranked]
