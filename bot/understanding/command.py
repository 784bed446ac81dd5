"""`understand`: one text a line in, one JSON object a line out, by the trained model."""

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
from bot.understanding.languages import PLACEHOLDER, other_language

MODELS = Path(__file__).resolve().parents[2] / "models"
NOT_TRAINED = 2


def main(argv: list[str]) -> int:
    """Read texts from standard input until it ends. Return 0, or 2 when it cannot work.

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
    parse = parser_of(model)
    mask = masking()
    for line in sys.stdin:
        stored = mask(line.rstrip("\n"))
        print(msgspec.json.encode(understood(stored, parse(stored))).decode(), flush=True)
    return 0


def newest_model(folder: Path) -> Path | None:
    """Return the model file written last, or None."""
    return max(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def parser_of(model: Path) -> Callable[[str], dict[str, Any]]:
    """Load a model and return what parses one text into Rasa's parse data."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(40)
    agent = Agent.load(str(model))

    def parse(text: str) -> dict[str, Any]:
        # A leading slash is Rasa's own language; what people type is text.
        return asyncio.run(agent.parse_message(" " + text if text.startswith("/") else text))

    return parse


def masking() -> Callable[[str], str]:
    """Return what takes identifiers out of a text before anything else sees it."""
    module = importlib.import_module("bot.privacy.masking.masker")
    return lambda text: (
        PLACEHOLDER if other_language(text, today()) else str(module.mask(text).text)
    )


def understood(stored: str, parsed: dict[str, Any]) -> dict[str, Any]:
    """Return what `understand` prints for one stored text and its parse data."""
    reading = parsed["reading"]
    return {
        "stored": stored,
        "urgent": reading["urgent"],
        "urgent_because": reading["urgent_because"],
        "disagreement": _names(reading["disagreement"]),
        "exit": reading["exit"],
        "partnership": reading["partnership"],
        "dates": reading["dates"],
        "facts": reading["facts"],
    }


def _names(ranked: Iterable[dict[str, Any]]) -> list[str]:
    return [item["name"] for item in ranked]
