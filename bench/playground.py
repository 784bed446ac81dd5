"""A conversation in Microsoft's own test client: `make check-clients` runs it.

Starts the guide as `docs/teams.md` says for trying it, and Microsoft 365 Agents Playground
against it, both on this machine. Types and presses in the playground's page in Chromium as a
practitioner would, and reads there what it shows. Ends with status 1 where that is not what the
guide should say, or where either reports an error. `python -m bench.playground NODE_MODULES
FOLDER`: pictures go there.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from bot.channels.teams.settings import PLAYGROUND
from tests.support.fixtures import TODAY
from tests.support.ports import free_port
from tests.support.processes import end_with_tests
from tests.support.server import ROOT, Server, guide_command
from tests.widget import chromium

PROGRAM = "@microsoft/m365agentsplayground/cli.js"
PATIENCE = 30
"""Seconds for an answer to be shown."""


@dataclass(frozen=True)
class Turn:
    """What is typed, or pressed by its title, and what must then be shown that was not before."""

    shows: tuple[str, ...]
    types: str = ""
    presses: str = ""


TURNS = (
    Turn(("Where does the child live?",), presses="Worried, but it isn't immediate"),
    Turn(("Kent's policy.", "One more question about safety."), types="Kent"),
    Turn(("What is the disagreement mainly about?",), types="2"),
    Turn(("Which agency do you work for?",), types="the level of need, they did not accept it"),
    Turn(("Which agency do you disagree with?",), presses="School, college or other education"),
    Turn(("How far has it got?",), presses="Children's social care"),
    Turn(("On what day was Stage 1",), presses="Stage 1: Team manager"),
    Turn(("What came of it?",), types="monday"),
    Turn(
        ("under Stage 2", "by Friday 27 November 2026", "You are here"),
        presses="It was not settled",
    ),
    Turn(("5 working days",), presses="By when, and how it was counted"),
    Turn(("Subject: Stage 2", "Dear [their name]", "Regards"), presses="Draft the e-mail"),
    Turn(("Advice record (Word)",), types="What files can I have?"),
    Turn(("Your case is saved", "EG-"), presses="Save this for later"),
    Turn(("Call 999 now", "I've made the calls"), types="mum has just kicked him, he is bleeding"),
    Turn(("Call 999 again now",), presses="They won't act"),
    Turn(("ask for the manager on duty",), types="no answer from children's social care"),
    Turn(("If it is not being acted on",), presses="I've made the calls"),
)
"""Today is Friday 20 November 2026."""
DONE = "This question is closed."
"""What stands in place of a question's options once another is asked."""


@contextmanager
def playground(program: Path, guide: Server) -> Iterator[str]:
    """The playground, talking to a guide; its address."""
    port = free_port()
    command = ["node", str(program), "-e", f"{guide.address}/webhooks/teams/messages"]
    command += ["-c", "msteams", "-p", str(port), "--disable-telemetry"]
    quiet = {**os.environ, "BROWSER": "none", "NO_PROXY": "127.0.0.1,localhost"}
    running = subprocess.Popen(command, env=quiet, stdout=subprocess.DEVNULL)
    end_with_tests(running.pid)
    address = f"http://127.0.0.1:{port}/"
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(address):
            assert running.poll() is None, "The playground ended."
            assert time.monotonic() < until, "The playground does not start."
            time.sleep(0.2)
        yield address
    finally:
        running.terminate()
        running.wait()


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False).is_success
    except httpx.TransportError:
        return False


def missing(page: Page, before: str, wanted: tuple[str, ...]) -> list[str]:
    """What is still not shown, after some patience, that was not before."""
    until = time.monotonic() + PATIENCE
    while True:
        shown = words_of(page)
        left = [words for words in wanted if shown.count(words) <= before.count(words)]
        if not left or time.monotonic() > until:
            return left
        page.wait_for_timeout(100)


def words_of(page: Page) -> str:
    """All that is shown, without the blanks that keep a number beside its title."""
    return page.locator("body").inner_text().replace("\N{NO-BREAK SPACE}", " ")


def walk(page: Page, folder: Path) -> Iterator[str]:
    """Hold the conversation; yield each thing that is not as it should be."""
    yield from missing(
        page, "", ("call 999 first", "Is a child at risk of serious harm right now?")
    )
    for number, turn in enumerate(TURNS, 1):
        before = words_of(page)
        if turn.types:
            page.get_by_role("textbox").last.fill(turn.types)
            page.keyboard.press("Enter")
        else:
            page.locator(".ac-adaptiveCard").get_by_text(turn.presses).last.click()
        for words in missing(page, before, turn.shows):
            yield f"turn {number} ({turn.types or turn.presses}): not shown: {words}"
        page.screenshot(path=folder / f"playground-{number:02}.png")
    if DONE not in words_of(page):
        yield "No question that is done was closed."


def main(node_modules: Path, folder: Path) -> int:
    """Hold the conversation; return 1 where something is wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        settings = {
            PLAYGROUND: "yes",
            "NO_PROXY": "127.0.0.1,localhost",
            "ESCALATION_GUIDE_DATABASE": f"sqlite:///{place}/conversations.db",
            "ESCALATION_GUIDE_TODAY": TODAY,
        }
        guide = Server(guide_command(), ROOT, settings, fresh=True)
        try:
            with playground(node_modules / PROGRAM, guide) as address:
                page = chromium.start(playwright).new_page(viewport={"width": 1400, "height": 1000})
                # It would fetch its fonts elsewhere.
                page.route("https://**", lambda route: route.abort())
                page.on("pageerror", lambda error: wrong.append(f"the playground: {error}"))
                page.goto(address)
                wrong += walk(page, folder)
        finally:
            guide.stop()
    wrong += [line for line in guide.written.splitlines() if " ERROR " in line]
    print("\n".join([*wrong, f"{len(TURNS)} turns, {len(wrong)} wrong. Pictures: {folder}"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
