"""A log that cannot hold what anybody typed."""

import logging
import subprocess
import sys

import pytest

from tests.support.server import ROOT

pytestmark = pytest.mark.command

CANARY = "xylophone"

SPEAK = f"""
import io, logging, sys, warnings
import structlog
from bot.server import logs

formatter = logs.configure("DEBUG", sys.stdout)
formatter.serving = SERVING
logging.getLogger("rasa.core").error("Failed for {CANARY}")
logging.getLogger("rasa.core").debug("Slots: %s", "{CANARY}")
structlog.get_logger().info("processor.message.parse", parse_data_text="{CANARY}")
structlog.get_logger().error("it said {CANARY}")
warnings.warn("Parsed {CANARY}")
try:
    typed = "{CANARY}"
    raise ValueError(typed)
except ValueError:
    logging.getLogger("bot.channels").exception("A turn failed.")
    logging.getLogger("sanic.error").exception("Failed: {CANARY}")
    structlog.get_logger().exception("event.failed", rasa_event="{CANARY}")
raise RuntimeError("{CANARY}")
"""


def _spoken(*, serving: bool) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", SPEAK.replace("SERVING", str(serving))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout + ended.stderr


def test_while_people_are_served_no_record_holds_their_words() -> None:
    """Messages, values, warnings and errors of other code leave their place, never their text."""
    written = _spoken(serving=True)
    assert CANARY not in written
    assert "ERROR rasa.core (<string>:" in written
    assert "A turn failed. | ValueError at <string>" in written
    assert "Stopped by an error: RuntimeError" in written


def test_before_serving_records_keep_their_text() -> None:
    """Nobody has typed anything yet, so Rasa's warnings keep their text."""
    assert f"ERROR rasa.core Failed for {CANARY}" in _spoken(serving=False)


def test_a_record_stays_on_one_line() -> None:
    """A line break in a value cannot forge a line of the log."""
    from bot.server.logs import SafeFormatter

    record = logging.LogRecord("bot.x", logging.INFO, "x.py", 1, "one\ntwo %s", ("a\rb",), None)
    assert "\n" not in SafeFormatter().format(record)
    assert "\r" not in SafeFormatter().format(record)
