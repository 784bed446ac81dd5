"""Find the people and agencies that a text mentions, by the list `words/roles.yml`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import msgspec

from bot.core.vocabulary import Agency, Level
from bot.gazetteer.england import place_key, places
from bot.understanding.words.patterns import SHEETS, pattern
from bot.understanding.words.text import Span, once_a_message

ORGANISATION = "organisation"
SAFEGUARDING_LEAD = "safeguarding_lead"
EVERY_AGENCY = "any"
NOT_A_ROLE = "not_a_role"
OUTSIDERS = "outsiders"
_TOKEN = re.compile(r"[\w&]+")
_OWNER = re.compile(
    r"\b(?P<owner>my|our|her|his|their|the|an?|that|another|your|same|\[name\]s?)\s+(?:own\s+)?"
    r"(?:(?!and\b|to\b|by\b|or\b|with\b|from\b|of\b|at\b|in\b|is\b|was\b)\w+\s+)?$"
)
_OF = re.compile(
    r"\s+(?:in|at|of|for|from)\s+(?:(?:the|an?|our|my|their)\s+)?(?P<place>(?:[a-z-]+\s+){0,2})$"
)
_COMMA = re.compile(r"\s*,\s*")
_ENDS = re.compile(r"\s*(?:[,.;:()\n]|$)")
OURS = frozenset({"my", "our"})
EMPLOYERS = frozenset({Agency.adult_services, Agency.voluntary, Agency.other, Agency.housing})
"""Whoever works in such a place works for it, whatever their title: "social worker in adult
services". A social worker in a hospital or a school need not; a manager of any team does."""


@dataclass(frozen=True)
class Mention:
    """A role or an agency at `start:end` of a normal text.

    `agency` is None for a title that every agency uses. `rung` is a level, ORGANISATION or
    SAFEGUARDING_LEAD. `owner` is the word that says whose: "my", "their", "the".
    """

    start: int
    end: int
    word: str
    agency: Agency | None
    rung: str
    owner: str = ""

    @property
    def level(self) -> Level:
        """The rung that a talk with them is on."""
        below = {ORGANISATION, SAFEGUARDING_LEAD}
        return Level.practitioner if self.rung in below else Level(self.rung)

    @property
    def is_person(self) -> bool:
        """Say whether this is a job title, not an agency as a whole."""
        return self.rung != ORGANISATION

    @property
    def is_ours(self) -> bool:
        """Say whether "my" or "our" stands before it."""
        return self.owner in OURS


@dataclass(frozen=True)
class _Role:
    tokens: tuple[str, ...]
    agency: Agency | None
    rung: str


@cache
def _roles() -> Mapping[str, tuple[_Role, ...]]:
    """The list by its first word, the longest first, with OUTSIDERS and NOT_A_ROLE entries.

    Those of a single word are found by their plural too.
    """
    kind = dict[str, dict[str, list[str]] | list[str]]
    sheet = msgspec.yaml.decode((SHEETS / "roles.yml").read_bytes(), type=kind)
    found: dict[str, list[_Role]] = {}
    for agency, rungs in sheet.items():
        listed = {agency: rungs} if isinstance(rungs, list) else rungs
        own = Agency(agency) if agency in Agency.__members__ else None
        for rung, words in listed.items():
            for word in words:
                role = _Role(tuple(_TOKEN.findall(word)), own, rung)
                first, *rest = role.tokens
                for typed in (first,) if rest else (first, f"{first}s"):
                    found.setdefault(typed, []).append(role)
    return {
        first: tuple(sorted(all_, key=lambda role: -len(role.tokens)))
        for first, all_ in found.items()
    }


@once_a_message
def find_mentions(words: str) -> tuple[Mention, ...]:
    """Return every role and agency that a normal text mentions, in order."""
    found: list[Mention] = []
    for mention in _listed(words):
        if mention.rung == OUTSIDERS:
            continue
        last = found[-1] if found else None
        joined = _joined(last, mention, words) if last else None
        if joined:
            found[-1] = joined
        else:
            owner = _OWNER.search(words, max(0, mention.start - 40), mention.start)
            found.append(replace(mention, owner=owner["owner"] if owner else ""))
    return tuple(found)


@once_a_message
def find_outsiders(words: str) -> list[Span]:
    """Return every person in a normal text who stands for no agency: relatives, a landlord."""
    return [Span(one.start, one.end) for one in _listed(words) if one.rung == OUTSIDERS]


def _listed(words: str) -> Iterator[Mention]:
    tokens = list(_TOKEN.finditer(words))
    index = 0
    while index < len(tokens):
        role = _role_at(words, tokens, index)
        if role is None:
            index += 1
            continue
        last = tokens[index + len(role.tokens) - 1]
        start = tokens[index].start()
        if role.rung != NOT_A_ROLE:
            yield Mention(start, last.end(), words[start : last.end()], role.agency, role.rung)
        index += len(role.tokens)


def _role_at(words: str, tokens: list[re.Match[str]], index: int) -> _Role | None:
    typed = tokens[index].group()
    for role in _roles().get(typed, ()):
        if _stands(role, words, tokens[index : index + len(role.tokens)]):
            return role
    return None


def _stands(role: _Role, words: str, typed: list[re.Match[str]]) -> bool:
    if len(typed) < len(role.tokens):
        return False
    *firsts, last = zip(role.tokens, typed, strict=True)
    together = all(
        words[left.end() : right.start()] in {" ", "-"} for left, right in pairwise(typed)
    )
    return (
        together
        and all(known == match.group() for known, match in firsts)
        and last[1].group() in {last[0], f"{last[0]}s"}
    )


def is_shared_title(word: str) -> bool:
    """Say whether many agencies have such a title, whichever the list names it under."""
    return bool(pattern("own_side", "shared_title").fullmatch(word))


def _is_of(between: str) -> bool:
    """Say whether only a preposition stands between a title and a place of work, or a town too."""
    found = _OF.fullmatch(between)
    return found is not None and (not found["place"] or place_key(found["place"]) in places())


def _joined(last: Mention, mention: Mention, words: str) -> Mention | None:
    """Return one mention of two that belong together, or None.

    "The social workers manager" and "camhs manager" take the agency from the first word and the
    rung from the last; "a manager in the council" takes the agency from the second.
    """
    between = words[last.end : mention.start]
    if between in {" ", "-"} and not (last.rung == mention.rung and mention.agency is None):
        # "Adults social worker", "HV team manager": the team or the trade says whose they are.
        says = not last.is_person or is_shared_title(mention.word)
        agency = last.agency if says and last.agency else mention.agency or last.agency
        rung = mention.rung if mention.is_person else last.rung
        whole = words[last.start : mention.end]
        return replace(last, end=mention.end, word=whole, agency=agency, rung=rung)
    # "Team manager, council housing, Deal": whoever opens so says where, and nothing else of it.
    anybodys = last.agency is None or is_shared_title(last.word)
    opens = last.start == 0 and anybodys and _COMMA.fullmatch(between)
    works = opens and _ENDS.match(words, mention.end)
    placed = last.is_person and not mention.is_person and (works or _is_of(between))
    manages = last.level is not Level.practitioner
    if placed and mention.agency and (manages or anybodys or mention.agency in EMPLOYERS):
        return replace(last, end=mention.end, agency=mention.agency)
    return None
