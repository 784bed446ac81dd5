"""The command line: `python -m bot <command>`. Each command is a module that starts by itself."""

import sys
from collections.abc import Callable
from importlib import import_module

# command: the module whose `main(argv) -> exit status` answers it, and what it does
COMMANDS = {
    "run": ("bot.server.command", "start the guide"),
    "train": ("bot.model", "train the model, if what it is made from has changed"),
    "advise": ("bot.commands.advise", "facts as JSON in, advice as JSON out"),
    "documents": ("bot.commands.documents", "facts as JSON in, every file they give in a folder"),
    "understand": ("bot.understanding.command", "one text a line in, what it says as JSON out"),
    "purge": ("bot.commands.purge", "delete conversations and saved cases not used for 30 days"),
    "backup": ("bot.commands.backup", "copy the SQLite database while the guide runs"),
    "restore": ("bot.commands.restore", "put such a copy in the place of the database"),
    "check-data": ("bot.commands.check_data", "check the conversation's data with Rasa"),
    "teams-manifest": ("bot.channels.teams.command", "make or check the app for Microsoft Teams"),
    "figures": ("bot.commands.figures", "what the partnership learns: show or export a quarter"),
    "guidance": (
        "bot.commands.guidance",
        "what the guide's own guidance rests on, and what is due",
    ),
    "keepers": ("bot.commands.keepers", "accounts of those who keep the policies"),
    "policies": ("bot.commands.policies", "check or show the policy files"),
}


def main(argv: list[str]) -> int:
    """Run the command named first in `argv`; return its exit status, 2 for an unknown one."""
    if not argv or argv[0] in {"help", "-h", "--help"}:
        print(usage())
        return 0
    name, *rest = argv
    if name not in COMMANDS:
        print(f"There is no command '{name}'.\n\n{usage()}", file=sys.stderr)
        return 2
    module, _ = COMMANDS[name]
    # Imported only now: `advise` answers in a moment because it never loads Rasa.
    command: Callable[[list[str]], int] = import_module(module).main
    return command(rest)


def usage() -> str:
    """Return the list of commands, one per line."""
    lines = [f"  {name:<14} {what}" for name, (_, what) in COMMANDS.items()]
    return "\n".join(["Usage: python -m bot <command>", "", *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
