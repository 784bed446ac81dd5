"""The law and guidance behind the guide's own statements: who looks at them, and when again.

The data is in `policies/guidance/sources.yml`. Every statement of the guide names its sources by
id, under `basis`.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec

from bot.core.policy.checks import Problem, empty_texts, shape_problems
from bot.core.policy.loader import PolicyError, read_plain
from bot.core.policy.model import OtherProcedure, PolicyPart, Source, Statement
from bot.core.vocabulary import Word

GUIDANCE = "guidance"
"""Stands for the guide's own files where otherwise the id of a policy stands."""
HEADLINE = "headline"
"""Stands for an answer's words in bold where otherwise the place of a statement stands."""


class Document(Word):
    """What the guide writes or makes, which is reported as a whole in place of a statement."""

    draft = "draft"
    files = "files"
    briefing = "briefing"
    practice = "practice"


class GuidanceSource(PolicyPart, frozen=True, kw_only=True):
    """A law, a guidance or a body. `open` is what could not be established.

    `replaces` are titles of editions that it has replaced, as policies cite them.
    """

    id: str
    title: str
    looked_at: date
    next_review: date
    read: str
    address: str | None = None
    open: str | None = None
    owner: str | None = None
    replaces: tuple[str, ...] = ()

    def is_due(self, today: date) -> bool:
        """Say whether somebody should have looked at it again."""
        return self.next_review <= today


class GuidanceSources(PolicyPart, frozen=True, kw_only=True):
    """The whole file. `owner` answers for every source that names nobody of its own."""

    document: str
    owner: str
    sources: tuple[GuidanceSource, ...]

    def named(self, name: str) -> GuidanceSource | None:
        """Return a source by its id."""
        return next((source for source in self.sources if source.id == name), None)

    def replacing(self, text: str) -> GuidanceSource | None:
        """Return the source that has replaced an edition which a text names, if any."""
        # Most sources replace nothing, and each advice asks.
        found = (one for one in self.sources for title in one.replaces if title in text)
        return next(found, None)

    def cite(self, section: str) -> Source:
        """Return the source for a section of the guidance."""
        return Source(self.document, section)


class GuideStatement(Statement, frozen=True, kw_only=True):
    """A statement of the guide's own. `basis` are the ids of what it rests on."""

    basis: tuple[str, ...] = ()


class GuideCall(PolicyPart, frozen=True, kw_only=True):
    """Whom to reach, and how, in the guide's words. `basis` are the ids of what it rests on."""

    do: str
    source: str
    basis: tuple[str, ...] = ()


class GuideProcedure(OtherProcedure, frozen=True, kw_only=True):
    """Another procedure in the guide's words. `then` are further statements on how to go on."""

    basis: tuple[str, ...] = ()
    then: tuple[GuideStatement, ...] = ()


class Listed(msgspec.Struct, frozen=True):
    """A statement as the register lists it. `key` is its place in its file."""

    file: str
    key: str
    what: str
    source: str
    basis: tuple[str, ...]


def load_sources(path: Path) -> GuidanceSources:
    """Read the register. Raises PolicyError with all of its problems."""
    plain, problems = read_plain(path)
    problems += [Problem(path.name, at, "some text", "an empty text") for at in empty_texts(plain)]
    try:
        found = msgspec.convert(plain, GuidanceSources)
    except msgspec.ValidationError as error:
        problems = [*shape_problems(path.name, plain, str(error), GuidanceSources), *problems]
        raise PolicyError(problems) from error
    problems += _problems(path.name, found)
    if problems:
        raise PolicyError(problems)
    return found


def _problems(file: str, found: GuidanceSources) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, source in enumerate(found.sources):
        if source.id in seen:
            yield Problem(file, f"sources[{at}].id", "each id once", f"{source.id} again")
        seen.add(source.id)
        if source.next_review <= source.looked_at:
            expected = f"a day after looked_at, {source.looked_at}"
            yield Problem(file, f"sources[{at}].next_review", expected, str(source.next_review))


def listed(file: str, whole: object) -> Iterator[Listed]:
    """Yield every statement of a file of the guide's own, with its place."""
    yield from _walk(file, "", whole)


def _walk(file: str, key: str, part: object) -> Iterator[Listed]:
    if isinstance(part, (GuideStatement, GuideProcedure)):
        yield Listed(file, key, part.what, part.source, part.basis)
    if isinstance(part, GuideCall):
        yield Listed(file, key, part.do, part.source, part.basis)
    if isinstance(part, tuple):
        for at, one in enumerate(part):
            yield from _walk(file, f"{key}[{at}]", one)
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _walk(file, f"{key}.{name}" if key else name, getattr(part, name))


def basis_problems(statements: Iterable[Listed], sources: GuidanceSources) -> Iterator[Problem]:
    """Yield statements that name no source, or one that the register does not hold."""
    ids = [source.id for source in sources.sources]
    used: set[str] = set()
    for one in statements:
        used |= set(one.basis)
        if not one.basis:
            expected = f"at least one of {', '.join(ids)}"
            yield Problem(one.file, f"{one.key}.basis", expected, "none")
        for name in one.basis:
            if name not in ids:
                yield Problem(one.file, f"{one.key}.basis", f"one of {', '.join(ids)}", name)
    for name in ids:
        if name not in used:
            expected = "a statement that rests on it"
            yield Problem("sources.yml", name, expected, "none in standing.yml or answers.yml")
