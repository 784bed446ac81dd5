"""Many policies at once: a folder of published texts, a register, and files for web sites."""

import csv
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.loader import PolicyError, load_policy, policy_files
from bot.core.policy.model import Policy
from bot.documents.plain import dated_name
from bot.figures.files import harmless
from bot.keepers.diagram import diagram_svg
from bot.keepers.words import approval

READABLE = {".docx", ".pdf", ".html", ".htm", ".txt"}
COLUMNS = (
    "file", "partnership", "policy", "standing", "in force from", "reviewed", "next review",
    "no longer in force from", "contact", "address", "problems",
)  # fmt: skip


class Read(msgspec.Struct, frozen=True):
    """What came of one text of a folder: the file that was written, or why none was."""

    text: str
    written: Path | None
    told: str


def draft_folder(texts: Path, folder: Path) -> list[Read]:
    """Begin a file for each published text of a folder. One that is there already is left alone."""
    # Only now: it needs what reads Word files and PDFs.
    from bot.keepers.draft.draft import UnreadableText
    from bot.keepers.draft.finding import draft_from
    from bot.keepers.draft.writing import draft_file, draft_summary, policy_id

    done = []
    for text in sorted(path for path in texts.iterdir() if path.suffix.lower() in READABLE):
        try:
            draft = draft_from(text.read_bytes(), text.name)
        except UnreadableText as error:
            done.append(Read(text.name, None, str(error)))
            continue
        name = policy_id(draft)
        path = folder / f"{name}.yml"
        if path.exists():
            done.append(Read(text.name, None, f"{path}: already there; nothing was written"))
            continue
        path.write_text(draft_file(draft, name), encoding="utf-8")
        done.append(Read(text.name, path, draft_summary(draft)))
    return done


def register(folder: Path, shown: Callable[[str], bool] = lambda _name: True) -> bytes:
    """Return the files of a folder as CSV: whose each is, how far it has come, and its days.

    A file that is wrong has its line as well, with what is wrong.
    """
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for path in filter(lambda path: shown(path.stem), policy_files(folder)):
        try:
            policy = load_policy(path)
        except PolicyError as error:
            told = "; ".join(str(error).splitlines())
            writer.writerow([path.stem, *[""] * (len(COLUMNS) - 2), harmless(told)])
            continue
        writer.writerow([harmless(cell) for cell in (path.stem, *_line(policy), "")])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _line(policy: Policy) -> tuple[str, ...]:
    document = policy.document
    days = (
        document.effective_from,
        document.reviewed,
        document.next_review,
        document.retired,
    )
    return (
        policy.partnership,
        policy.name,
        approval(policy),
        *(day.isoformat() if day else "" for day in days),
        policy.contact or "",
        document.address or "",
    )


def handouts(
    name: str, policy: Policy, handbook: Handbook, day: date
) -> dict[str, tuple[str, Callable[[], bytes]]]:
    """Return what a partnership puts on its web site and gives its teams.

    By its kind: the name of the file, and what makes it when it is asked for.
    """
    from bot.documents.library import briefing_offers
    from bot.keepers.practice import practice_files

    def practice(ending: str) -> bytes:
        return practice_files(policy, handbook, day)[dated_name(policy.id, "practice", day, ending)]

    made: dict[tuple[str, str], Callable[[], bytes]] = {
        ("stages", "svg"): lambda: diagram_svg(policy, handbook).encode(),
        ("practice", "html"): lambda: practice("html"),
        ("practice", "docx"): lambda: practice("docx"),
    }
    for offer in briefing_offers(policy, handbook, day):
        made["briefing", offer.name.rpartition(".")[2]] = offer.make
    return {
        f"{what}.{ending}": (dated_name(name, what, day, ending), make)
        for (what, ending), make in made.items()
    }
