"""The guide's own short answers to questions: what terms mean, and general guidance.

The data is in `policies/guidance/answers.yml`; the guide always names it as its own.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bot.core.handbook.sources import GuideStatement
from bot.core.handbook.topics import Topic
from bot.core.policy.checks import Problem, empty_texts, shape_problems
from bot.core.policy.loader import PolicyError, read_plain
from bot.core.policy.model import PolicyPart, Source

_BETWEEN = re.compile(r"\s(?:and|or|vs|versus)\s")
_WORD = re.compile(r"[a-z0-9&]+")


class Term(GuideStatement, frozen=True, kw_only=True):
    """What a term means. `names` are how people call it; `role` marks a person or body."""

    names: tuple[str, ...]
    role: bool = False


class Said(GuideStatement, frozen=True, kw_only=True):
    """A statement on a topic. With `case` it is only for a question that names that case."""

    case: str | None = None


class Guidance(PolicyPart, frozen=True, kw_only=True):
    """What the guide itself says on a topic, after the policies have spoken."""

    topic: Topic
    says: tuple[Said, ...]


class Answers(PolicyPart, frozen=True, kw_only=True):
    """The whole file."""

    document: str
    terms: tuple[Term, ...]
    guidance: tuple[Guidance, ...]

    def cite(self, section: str) -> Source:
        """Return the source for a section of the guidance."""
        return Source(self.document, section)

    def guidance_on(self, topic: Topic, case: str | None = None) -> tuple[Said, ...]:
        """Return what the guide says on a topic, or on one case of it; nothing if it is silent."""
        said = next((entry.says for entry in self.guidance if entry.topic is topic), ())
        return tuple(one for one in said if one.case == case)

    def _has(self, name: str) -> bool:
        return any(name in map(normalised, term.names) for term in self.terms)

    def terms_named(self, words: str) -> tuple[Term, ...]:
        """Return the terms that words such as "the LADO", or "s17 and s47", name."""
        whole = normalised(words)
        asked = [whole] if self._has(whole) else terms_asked(words)
        found = [
            term for side in asked for term in self.terms if side in map(normalised, term.names)
        ]
        return tuple(dict.fromkeys(found)) if len(found) >= len(asked) else ()


def normalised(words: str) -> str:
    """Return words ready to compare: lower case, no hyphens, apostrophes or articles."""
    found = _WORD.findall(words.casefold().replace("'", "").replace("’", ""))
    return " ".join(word for word in found if word not in {"a", "an", "the"})


def terms_asked(words: str) -> list[str]:
    """Return the normalised terms that words name: two for "s17 and s47"."""
    whole = normalised(words)
    return [normalised(part) for part in _BETWEEN.split(whole)]


def load_answers(path: Path) -> Answers:
    """Read the guidance. Raises PolicyError with all of its problems."""
    plain, problems = read_plain(path)
    problems += [Problem(path.name, at, "some text", "an empty text") for at in empty_texts(plain)]
    try:
        answers = msgspec.convert(plain, Answers)
    except msgspec.ValidationError as error:
        problems = [*shape_problems(path.name, plain, str(error), Answers), *problems]
        raise PolicyError(problems) from error
    problems += _problems(path.name, answers)
    if problems:
        raise PolicyError(problems)
    return answers


def _problems(file: str, answers: Answers) -> Iterator[Problem]:
    """Yield what a schema cannot check: repeated names and topics, and empty lists."""
    for name in _twice(normalised(name) for term in answers.terms for name in term.names):
        yield Problem(file, "terms", "each name once", f"{name} again")
    for topic in _twice(str(entry.topic) for entry in answers.guidance):
        yield Problem(file, "guidance", "each topic once", f"{topic} again")
    for index, term in enumerate(answers.terms):
        if not term.names:
            yield Problem(file, f"terms[{index}].names", "at least one name", "none")
    for index, entry in enumerate(answers.guidance):
        if not entry.says:
            yield Problem(file, f"guidance[{index}].says", "at least one statement", "none")


def _twice(values: Iterator[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
