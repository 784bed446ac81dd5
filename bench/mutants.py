"""The result of `make mutate`: how many changes the tests notice per file, and which they miss.

Runs in the environment of deploy/mutate.lock, in the project's root.
"""

import fnmatch
import json
import sys
from collections import Counter
from pathlib import Path

from mutmut.mutation.diff_apply import find_mutant, get_diff_for_mutant
from mutmut.stats import status_by_exit_code

FOLDER = Path("mutants")
UNNOTICED = {"survived", "no tests"}


def main(changes: bool, *names: str) -> None:  # noqa: FBT001 (what the command line says)
    """Print a table of the files, or each change that no test noticed."""
    whole: Counter[str] = Counter()
    if not changes:
        print("| file | changes | noticed | not noticed | % |\n|---|---:|---:|---:|---:|")
    for path in sorted(FOLDER.rglob("*.py.meta")):
        found = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
        statuses = {name: status_by_exit_code[code] for name, code in found.items()}
        counted = Counter(_verdict(status) for status in statuses.values())
        whole += counted
        if changes:
            for name, status in statuses.items():
                if status in UNNOTICED and (not names or _matches(name, names)):
                    print(f"{name}: {status}")
                    print(get_diff_for_mutant(name, path=find_mutant(name).path))
        elif found:
            _line(str(path.relative_to(FOLDER).with_suffix("")), counted)
    if not changes:
        _line("**all**", whole)


def _verdict(status: str) -> str:
    if status in UNNOTICED:
        return "unnoticed"
    return "open" if status == "not checked" else "noticed"


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def _line(name: str, counted: Counter[str]) -> None:
    checked = counted["noticed"] + counted["unnoticed"]
    share = f"{100 * counted['noticed'] / checked:.1f}" if checked else "–"
    rest = f" ({counted['open']} not checked)" if counted["open"] else ""
    print(f"| {name}{rest} | {checked} | {counted['noticed']} | {counted['unnoticed']} | {share} |")


if __name__ == "__main__":
    main(sys.argv[1:2] == ["--changes"], *sys.argv[2:])
