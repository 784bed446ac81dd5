"""`python -m bot advise` from outside."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from bot.commands.advise import main
from bot.paths import ROOT
from tests.support.core import step, told

pytestmark = pytest.mark.command

Refused = Callable[[str | bytes], str]


def run(text: str | bytes, *words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in the project's root with `text` on standard input."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "advise", *words],
        cwd=ROOT,
        input=text if isinstance(text, bytes) else text.encode(),
        capture_output=True,
        check=False,
        env={**os.environ, **more},
    )


@pytest.fixture(name="refused")
def fixture_refused(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Refused:
    """Give a function that hands facts in and returns what is said when they are refused."""

    def refused(text: str | bytes) -> str:
        given = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        assert main([]) == 2
        out, said = capsysbinary.readouterr()
        assert out == b""
        return said.decode()

    return refused


def test_the_contracts_own_example_is_answered() -> None:
    """The facts of the design: wait for the team manager's answer until 30 November."""
    data = told(
        their_agency="police",
        steps=[step("practitioner", "16", "unresolved"), step("line_manager", "23", "awaiting")],
    )
    done = run(json.dumps(data))
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    advice: dict[str, Any] = json.loads(done.stdout)
    assert advice["route"] == "staged"
    assert advice["stage"]["number"] == 1
    assert advice["stage"]["level"] == "line_manager"
    assert advice["stage"]["title"]
    assert advice["next"]["action"] == "wait"
    assert advice["next"]["to_stage"] is None
    assert advice["next"]["summary"]
    (deadline,) = advice["deadlines"]
    assert deadline["due"] == "2026-11-30"
    assert deadline["who"] == "receiver"
    assert deadline["rule"] == "5 working days"
    assert deadline["what"]
    assert "Mon 23 Nov 2026" in deadline["working"]
    assert set(deadline["source"]) == {"document", "section"}
    for name in ("contacts", "notify", "records", "forms", "warnings", "not_stated"):
        assert isinstance(advice[name], list)


def test_today_comes_from_the_clock_when_it_is_left_out() -> None:
    """The same facts without `today` are counted from the day it is."""
    data = told(steps=[step("line_manager", "23", "awaiting")])
    del data["today"]
    done = run(json.dumps(data), ESCALATION_GUIDE_TODAY="2026-12-01")
    advice = json.loads(done.stdout)
    assert advice["next"]["action"] == "escalate"
    assert advice["deadlines"][0]["overdue"] is True


def test_wrong_facts_are_named_with_what_is_allowed(refused: Refused) -> None:
    """All problems are listed, one per line."""
    said = refused(json.dumps(told(partnership="essex", risk="high", concern_on="2026-02-31")))
    lines = said.splitlines()
    assert len(lines) == 3
    assert any(line.startswith("partnership: ") and "pan_dorset" in line for line in lines)
    assert any(line.startswith("risk: ") and "immediate_danger" in line for line in lines)
    assert any(line.startswith("concern_on: ") and "2026-02-31" in line for line in lines)


def test_a_wrong_today_is_told_together_with_the_rest(refused: Refused) -> None:
    """A bad `today` does not hide the other problems."""
    said = refused(json.dumps(told(today="2026-02-31", risk="high")))
    assert "today: " in said
    assert "risk: " in said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "kent",
        "{",
        "[]",
        "null",
        '"facts"',
        "{}",
        "NaN",
        "[" * 100_000,
        '{"steps":' * 50_000,
        "[" * 900 + "]" * 900,
        "1" * 5000,
        json.dumps(told()) * 2,
        json.dumps({**told(), "today": "9999-12-31"}),
        b"\xff\xfe\x00",
        b"\x00",
        "🙂🙂🙂",
        '{"\\ud800": "\\udfff"}',
        json.dumps({**told(), "steps": {"a": [[[[[]]]]]}}),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_input_that_is_not_facts_is_refused(refused: Refused, text: str | bytes) -> None:
    """Anything on standard input ends in a message and exit status 2."""
    assert refused(text).strip()


def test_a_risk_given_twice_is_refused_not_lowered(refused: Refused) -> None:
    """JSON readers keep the last of two equal keys: the first may have been the danger."""
    text = json.dumps(told(risk="immediate_danger"))[:-1] + ', "risk": "no_harm"}'
    assert refused(text).startswith("risk: is given twice")


def test_a_refusal_ends_in_exit_status_2_with_nothing_on_stdout() -> None:
    """From a shell: the problems on standard error, no traceback."""
    for text in (json.dumps(told(risk="high")), "[" * 100_000):
        done = run(text)
        assert done.returncode == 2
        assert done.stdout == b""
        assert done.stderr.startswith((b"risk: ", b"facts: "))
        assert b"Traceback" not in done.stderr


def test_a_byte_order_mark_is_no_mistake() -> None:
    """Windows tools put one before what they pipe."""
    assert run("\ufeff".encode() + json.dumps(told()).encode()).returncode == 0


def test_the_answer_is_utf_8_whatever_the_terminal() -> None:
    """Kent's stage names hold a dash that an ASCII terminal cannot print."""
    done = run(json.dumps(told()), PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode("utf-8"))["route"] == "staged"


def test_an_extra_argument_is_refused_with_the_usage() -> None:
    """The command takes no arguments."""
    done = run(json.dumps(told()), "kent")
    assert done.returncode == 2
    assert b"usage: python -m bot advise" in done.stderr
    assert done.stdout == b""
