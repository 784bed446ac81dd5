"""`python -m bot talk`: a conversation in the terminal, to try the guide. Nothing of it is kept."""

import argparse
import asyncio
import os
import secrets
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot import memory, without_tensorflow
from bot.core.policy.loader import PolicyError
from bot.model import ModelError, trained_model
from bot.offered import allow_drafts, offered_policies
from bot.server import logs, model_file
from bot.server.settings import CannotStart, Settings, settings_from_environment

if TYPE_CHECKING:
    from bot.channels.turn import Services

CHANNEL = "terminal"
WIDEST = 100
BEGINS = """\
Answer by a number or in your own words. Type a heading that begins with + to read what is below it.
Ctrl-D ends it. Nothing of it is kept. Policies that nobody has signed are offered too."""


def main(argv: list[str]) -> int:
    """Hold a conversation until the input ends. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bot talk", description="Talk with the guide in the terminal."
    )
    parser.add_argument("--partnership", help="the policy to begin with, such as kent")
    given = parser.parse_args(argv)
    logs.configure("ERROR")
    allow_drafts()
    try:
        _check(given.partnership)
        with TemporaryDirectory() as folder:
            _talk(_settings(Path(folder)), given.partnership)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    except ModelError:
        print("The model could not be trained; see above.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    return 0


def _check(partnership: str | None) -> None:
    """Raise CannotStart for a policy that there is not, before anything slow is loaded."""
    try:
        known = offered_policies()
    except PolicyError as wrong:
        raise CannotStart(str(wrong)) from wrong
    if partnership not in {None, *known}:
        raise CannotStart(f"There is no policy {partnership!r}. There are: {', '.join(known)}.")


def _settings(folder: Path) -> Settings:
    """Settings by which a conversation leaves nothing behind and opens no channel."""
    os.environ["ESCALATION_GUIDE_FIGURES"] = "off"
    os.environ["ESCALATION_GUIDE_SECRET"] = secrets.token_hex(32)
    no_channels = folder / "credentials.yml"
    no_channels.touch()
    usual = settings_from_environment()
    return replace(
        usual,
        database=f"sqlite:///{folder / 'talk.db'}",
        credentials=no_channels,
        model=trained_model(),
    )


def _talk(settings: Settings, partnership: str | None) -> None:
    memory.before_imports()
    with without_tensorflow.only_what_is_needed(model_file.component_modules(settings.model)):
        # Imported only now: Rasa takes seconds.
        from bot.server.serve import load_guide

        loaded = load_guide(settings)
    try:
        _converse(loaded.services, partnership)
    finally:
        loaded.close()


def _converse(services: "Services", partnership: str | None) -> None:
    from bot.channels import turn
    from bot.channels.terminal import TerminalTurn

    print(BEGINS)
    name = secrets.token_hex(8)
    # Not asyncio.run around it all: there Ctrl-C would wait for the next line.
    loop = asyncio.new_event_loop()
    said = loop.run_until_complete(turn.open_conversation(services, name, CHANNEL, partnership))
    while True:
        width = min(shutil.get_terminal_size().columns, WIDEST)
        shown = TerminalTurn(said)
        print(shown.draw(width))
        while True:
            try:
                typed = input("\n> ")
            except EOFError:
                print()
                return
            if not sys.stdin.isatty():
                print(typed)
            unfolded = shown.unfold(typed, width)
            if not unfolded:
                break
            print(unfolded)
        said = loop.run_until_complete(turn.say(services, name, shown.meaning(typed), CHANNEL))
