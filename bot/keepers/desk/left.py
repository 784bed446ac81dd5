"""What is left to do before a draft can be signed."""

from collections.abc import Iterator, Sequence

import msgspec

from bot.core.policy.model import Policy
from bot.keepers.desk.cases import CaseStanding
from bot.keepers.desk.loading import Loaded
from bot.keepers.desk.work import Piece, Standing, Work

NEEDED = (
    "id", "name", "short_name", "partnership", "nation", "document.title",
    "document.effective_from", "document.reviewed", "document.next_review", "contact", "names",
    "places", "own_areas", "urgent", "own_manager", "stages", "remaining",
)  # fmt: skip
"""What every policy states, or is said not to state."""
NEEDED_AT_A_STAGE = ("roles", "to_answer")
NEVER_SILENT = frozenset(
    {
        "id",
        "name",
        "short_name",
        "partnership",
        "nation",
        "document.title",
        "names",
        "stages",
        "replaces",
    }
)
"""What a policy file cannot be without."""


class Left(msgspec.Struct, frozen=True):
    """All that is left: pieces to decide on, paths to read, mistakes, and cases to settle."""

    open: tuple[str, ...]
    unread: tuple[str, ...]
    loaded: Loaded
    cases: tuple[CaseStanding, ...]

    @property
    def policy(self) -> Policy | None:
        """The draft's policy, if it can be loaded."""
        return self.loaded.policy

    @property
    def cases_left(self) -> int:
        """How many cases are not confirmed, or not as a keeper said."""
        return sum(one.standing not in {"right", "reported"} for one in self.cases)

    @property
    def reported(self) -> tuple[CaseStanding, ...]:
        """The cases in which the guide is wrong although the file is right."""
        return tuple(one for one in self.cases if one.standing == "reported")

    @property
    def ready(self) -> bool:
        """Whether nothing is left before it is checked and signed."""
        done = not (self.open or self.unread or self.loaded.mistakes)
        return done and self.policy is not None and bool(self.cases) and self.cases_left == 0


def left(
    work: Work, loaded: Loaded, cases: Sequence[CaseStanding], *, new_version: bool = False
) -> Left:
    """Return what is left of a draft. A new version also has to say what it changes."""
    missing = list(unread(work))
    if new_version and loaded.policy and loaded.policy.replaces is None:
        missing.append("replaces")
    return Left(
        tuple(piece.id for piece in work.pieces if piece.standing is Standing.open),
        tuple(missing),
        loaded,
        tuple(cases),
    )


def unread(work: Work) -> Iterator[str]:
    """Yield the paths for which nothing is there, nor a word that it is not stated."""
    kept = [piece for piece in work.pieces if piece.standing is not Standing.struck]
    there = {piece.path for piece in kept}
    silent = {piece.silence_of for piece in kept if piece.silence_of}
    adds = "extends" in there
    needed = [] if adds else list(NEEDED)
    for piece in kept:
        head = piece.path.split(".")
        if head[0] == "stages" and len(head) == 2 and not adds:  # noqa: PLR2004 - a stage itself
            ends = isinstance(piece.value, dict) and piece.value.get("ends")
            names = ("roles",) if ends else NEEDED_AT_A_STAGE
            needed += [f"{piece.path}.{name}" for name in names]
    silent |= _answered_by_the_file(work, needed, there) | _capped(kept)
    gone = [path for path in work.unread if not _in_a_struck_stage(path, there)]
    for path in dict.fromkeys([*needed, *gone]):
        held = any(one == path or one.startswith(f"{path}.") for one in there)
        if not held and path not in silent:
            yield path


def _answered_by_the_file(work: Work, needed: Sequence[str], there: set[str]) -> set[str]:
    """Return the paths on which the policy file that a draft changes is silent, and says so.

    Whoever wrote it listed at the stage, or for the whole document, what is not stated there. What
    a keeper struck since then is asked for all the same.
    """
    if not work.begun_from:
        return set()
    struck = {piece.path for piece in work.pieces if piece.standing is Standing.struck}
    lists = {f".{path}".rpartition(".not_stated.")[0] for path in there if "not_stated." in path}
    return {
        path
        for path in needed
        if not any(one == path or one.startswith(f"{path}.") for one in struck)
        and f".{_stage_of(path)}".rstrip(".") in lists
    }


def _stage_of(path: str) -> str:
    """Return the stage that a path is in, "" for the whole document."""
    parts = path.split(".")
    return ".".join(parts[:2]) if parts[0] == "stages" and len(parts) > 1 else ""


def _capped(kept: Sequence[Piece]) -> set[str]:
    """Return the limits that need none of their own beside one over several stages."""
    values = [(piece.path.split("."), piece.value) for piece in kept]
    caps = [value for path, value in values if path[0] == "caps" and isinstance(value, dict)]
    numbers = {number for cap in caps for number in cap.get("stages", ())}
    return {
        f"{'.'.join(path)}.to_answer"
        for path, value in values
        if path[0] == "stages" and isinstance(value, dict) and value.get("number") in numbers
    }


def _in_a_struck_stage(path: str, there: set[str]) -> bool:
    parts = path.split(".")
    return parts[0] == "stages" and len(parts) > 1 and ".".join(parts[:2]) not in there


def may_be_silent(path: str) -> bool:
    """Whether a policy may be without what would stand at a path."""
    return path not in NEVER_SILENT and not path.endswith(".roles")
