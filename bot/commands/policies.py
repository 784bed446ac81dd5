"""`python -m bot policies …`: check, read, draw, compare and begin policy files."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from bot.clock import today
from bot.core.handbook.calendar import FILE as CALENDAR
from bot.core.handbook.calendar import calendar
from bot.core.handbook.guidance import load_answers
from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import (
    PolicyError,
    Problem,
    policy_files,
)
from bot.core.policy.model import Policy, Status
from bot.documents.forms import forms
from bot.keepers import new
from bot.keepers.approving import NotApproved, add_arguments, approve
from bot.keepers.check import file_notes, file_problems, unconfirmed_cases
from bot.keepers.diagram import diagram_mermaid, diagram_svg
from bot.keepers.diff import policy_changes
from bot.keepers.files import NoSuchPolicyError, find_policy
from bot.keepers.schema import FILE, schema_text
from bot.keepers.several import draft_folder, handouts, register
from bot.keepers.text import policy_text
from bot.keepers.words import approval
from bot.letters.files import LetterError, letters
from bot.paths import POLICIES, ROOT


def main(argv: list[str]) -> int:
    """Answer a command. Exit status 1: a file is wrong; 2: the command is."""
    try:
        asked = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return int(COMMANDS[asked.command](asked))
    except NoSuchPolicyError as error:
        print(error, file=sys.stderr)
        return 2
    except PolicyError as error:
        return _wrong(error.problems)
    except OSError as error:
        if error.filename is None:  # Whoever read the output, such as `head`, has gone.
            return 2
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--folder", type=Path, default=POLICIES, help="where the policy files are (policies/)"
    )
    shared.add_argument(
        "--today", type=date.fromisoformat, default=today(), help="the day it is (YYYY-MM-DD)"
    )
    parser = argparse.ArgumentParser(prog="python -m bot policies")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", parents=[shared], help="say what is wrong in the files")
    one = argparse.ArgumentParser(add_help=False, parents=[shared])
    one.add_argument("id", metavar="ID", help="the policy's id, such as kent, or a file's name")
    commands.add_parser("show", parents=[one], help="print a whole policy")
    diagram = commands.add_parser("diagram", parents=[one], help="draw the stages and limits")
    diagram.add_argument("--format", choices=["svg", "mermaid"], default="svg")
    diagram.add_argument("--out", type=Path, help="the file to write (standard output)")
    sheet = commands.add_parser("factsheet", parents=[one], help="a page to check and to sign")
    sheet.add_argument("--out", type=Path, help="folder for an HTML and a Word file")
    page = commands.add_parser("briefing", parents=[one], help="a policy on one page")
    page.add_argument("--out", type=Path, help="folder for an HTML and a Word file")
    practice = commands.add_parser("practice", parents=[one], help="invented situations for teams")
    practice.add_argument("--out", type=Path, help="folder for an HTML and a Word file")
    diff = commands.add_parser(
        "diff", parents=[shared], help="say what changes for practitioners between two files"
    )
    diff.add_argument("old", metavar="OLD", help="an id, a file's name, or a path to a file")
    diff.add_argument("new", metavar="NEW", help="the same")
    drafted = commands.add_parser(
        "draft", parents=[shared], help="begin a file from a published text, with its passages"
    )
    drafted.add_argument(
        "file", type=Path, metavar="FILE", help="a .docx, .pdf, .html or .txt, or a folder of them"
    )
    drafted.add_argument("--id", help="a short word that names the file (from the policy's name)")
    listed = commands.add_parser(
        "register", parents=[shared], help="list every file: whose it is, and how far it has come"
    )
    listed.add_argument("--out", type=Path, help="the CSV file to write (standard output)")
    out = commands.add_parser(
        "export", parents=[one], help="what a partnership puts on its web site and gives its teams"
    )
    out.add_argument("--out", type=Path, required=True, help="the folder to write into")
    new.add_arguments(
        commands.add_parser("new", parents=[shared], help="begin a file and its cases")
    )
    approve = commands.add_parser(
        "approve", parents=[one], help="write into a file that it was checked or signed"
    )
    add_arguments(approve)
    schema = commands.add_parser("schema", help="write the schema that editors use")
    schema.add_argument("--out", type=Path, default=FILE, help="the file to write (%(default)s)")
    return parser


def _check(asked: argparse.Namespace) -> int:
    folder: Path = asked.folder
    handbook = load_handbook(ROOT)
    problems: list[object] = [*file_problems(folder, handbook, forms())]
    for read in (lambda: _guidance(folder), calendar, letters):
        try:
            read()
        except (PolicyError, LetterError) as error:
            problems += error.problems
    if problems:
        return _wrong(problems)
    policies = {
        path: find_policy(str(path), folder, asked.today)[1] for path in policy_files(folder)
    }
    print(f"{_count(len(policies), 'policy', 'policies')}, all right.")
    width = max(len(path.stem) for path in policies)
    for path, policy in policies.items():
        print(f"  {path.stem:<{width}}  {_stages(policy)} ({policy.status.value})")
    noted: list[object] = [*file_notes(folder, asked.today)]
    noted += _calendar_notes(asked.today)
    noted += _edition_notes(policies)
    if noted:
        print(f"\n{_count(len(noted), 'note', 'notes')}, stopping nothing:")
    for note in noted:
        print(f"  {note}")
    return 0


def _calendar_notes(day: date) -> list[Problem]:
    ahead = calendar()
    if not ahead.ends_soon(day):
        return []
    expected = (
        "a day at least twelve months away: compare the bank holidays with the published list"
    )
    return [Problem(CALENDAR.name, "checked_until", expected, str(ahead.checked_until))]


def _edition_notes(policies: Mapping[Path, Policy]) -> Iterator[Problem]:
    """Yield policies that name an edition of guidance which has been replaced."""
    sources = load_handbook(ROOT).sources
    for path, policy in policies.items():
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            newer = None if text.lstrip().startswith("#") else sources.replacing(text)
            if newer:
                expected = f"the partnership's own words; {newer.title} has since replaced it"
                yield Problem(path.name, policy.document.title, expected, text.strip(), line)
                break


def _guidance(folder: Path) -> None:
    guidance = folder / "guidance/answers.yml"
    if guidance.exists():
        load_answers(guidance)


def _show(asked: argparse.Namespace) -> int:
    print(policy_text(find_policy(asked.id, asked.folder, asked.today)[1], load_handbook(ROOT)))
    return 0


def _diagram(asked: argparse.Namespace) -> int:
    _, policy = find_policy(asked.id, asked.folder, asked.today)
    draw = diagram_svg if asked.format == "svg" else diagram_mermaid
    drawn = draw(policy, load_handbook(ROOT))
    if asked.out is None:
        print(drawn, end="")
    else:
        asked.out.write_text(drawn, encoding="utf-8")
        print(asked.out)
    return 0


def _factsheet(asked: argparse.Namespace) -> int:
    # Only now: it needs what writes Word files, and the other commands do not.
    from bot.keepers.factsheet import factsheet_files, factsheet_page

    path, policy = find_policy(asked.id, asked.folder, asked.today)
    page = factsheet_page(policy, load_handbook(ROOT), asked.today)
    return _written(asked.out, factsheet_files(page, path.stem, asked.today))


def _briefing(asked: argparse.Namespace) -> int:
    from bot.documents.library import briefing_offers

    _, policy = find_policy(asked.id, asked.folder, asked.today)
    offers = briefing_offers(policy, load_handbook(ROOT), asked.today)
    return _written(asked.out, {offer.name: offer.make() for offer in offers})


def _practice(asked: argparse.Namespace) -> int:
    from bot.keepers.practice import practice_files

    _, policy = find_policy(asked.id, asked.folder, asked.today)
    return _written(asked.out, practice_files(policy, load_handbook(ROOT), asked.today))


def _written(folder: Path | None, files: Mapping[str, bytes]) -> int:
    """Write the files and print their names; without a folder, print the first of them."""
    if folder is None:
        sys.stdout.buffer.write(next(iter(files.values())))
        sys.stdout.flush()
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
        print(folder / name)
    return 0


def _diff(asked: argparse.Namespace) -> int:
    # Two files are compared, whichever of them is in force today.
    old_path, old = find_policy(asked.old, asked.folder, asked.today, as_named=True)
    new_path, new = find_policy(asked.new, asked.folder, asked.today, as_named=True)
    print(policy_changes((old_path.name, old), (new_path.name, new), load_handbook(ROOT)))
    return 0


def _register(asked: argparse.Namespace) -> int:
    listed = register(asked.folder)
    if asked.out is None:
        print(listed.decode("utf-8-sig"), end="")
    else:
        asked.out.write_bytes(listed)
        print(asked.out)
    return 0


def _export(asked: argparse.Namespace) -> int:
    path, policy = find_policy(asked.id, asked.folder, asked.today)
    if policy.status is not Status.signed:
        print(f"{path.name}: {approval(policy)}. The files say so.", file=sys.stderr)
    files = handouts(path.stem, policy, load_handbook(ROOT), asked.today)
    return _written(asked.out, {name: make() for name, make in files.values()})


def _draft(asked: argparse.Namespace) -> int:
    if asked.file.is_dir():
        done = draft_folder(asked.file, asked.folder)
        for one in done:
            print(f"{one.text}: {one.written or one.told}")
            if one.written:
                print(one.told)
        return 0 if done and all(one.written for one in done) else 2
    # Only now: it needs what reads Word files and PDFs, and the other commands do not.
    from bot.keepers.draft.draft import UnreadableText
    from bot.keepers.draft.finding import draft_from
    from bot.keepers.draft.writing import draft_file, draft_summary, policy_id

    try:
        draft = draft_from(asked.file.read_bytes(), asked.file.name)
    except UnreadableText as error:
        print(f"{asked.file.name}: {error}", file=sys.stderr)
        return 2
    name = policy_id(draft) if asked.id is None else asked.id
    wrong = new.QUESTIONS["id"][2](name)
    if wrong:
        print(f"--id: expected {wrong}; got {name!r}", file=sys.stderr)
        return 2
    path = asked.folder / f"{name}.yml"
    if path.exists():
        print(f"{path}: already there; nothing was written. Name another --id.", file=sys.stderr)
        return 2
    path.write_text(draft_file(draft, name), encoding="utf-8")
    print(f"{path}\n{draft_summary(draft)}")
    return 0


def _approve(asked: argparse.Namespace) -> int:
    path, _ = find_policy(asked.id, asked.folder, asked.today, as_named=True)
    done = Status(asked.done)
    left = unconfirmed_cases(path, load_handbook(ROOT)) if done is Status.signed else []
    if left:
        print("Nothing was signed. Its cases come first:", file=sys.stderr)
        for problem in left:
            print(f"  {problem}", file=sys.stderr)
        return 2
    try:
        approve(path, done, asked.role, asked.today)
    except NotApproved as error:
        print(error, file=sys.stderr)
        return 2
    print(path)
    return 0


def _schema(asked: argparse.Namespace) -> int:
    asked.out.write_text(schema_text(), encoding="utf-8")
    print(asked.out)
    return 0


COMMANDS = {
    "check": _check,
    "show": _show,
    "diagram": _diagram,
    "factsheet": _factsheet,
    "briefing": _briefing,
    "practice": _practice,
    "diff": _diff,
    "draft": _draft,
    "register": _register,
    "export": _export,
    "new": new.begin_policy,
    "approve": _approve,
    "schema": _schema,
}


def _wrong(problems: Sequence[object]) -> int:
    for problem in problems:
        print(problem)
    print(f"{_count(len(problems), 'problem', 'problems')}.")
    return 1


def _stages(policy: Policy) -> str:
    labels = ", ".join(stage.label for stage in policy.stages)
    return f"{_count(len(policy.stages), 'stage', 'stages')}: {labels}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
