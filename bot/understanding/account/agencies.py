"""Find the practitioner's own agency and the one they disagree with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.core.vocabulary import Agency
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "agencies")
_OPENING = re.compile(
    r"(?:(?:hi|hello|hiya|hey)\b[,.! ]*)?(?P<who>[^.;!?\n]{2,60}?)(?:[.;\n]| - )\s*"
)


@dataclass(frozen=True)
class Agencies:
    """`mine` and `theirs` are None unless the words say so; `mentioned` is in order, each once."""

    mine: Agency | None
    theirs: Agency | None
    mentioned: tuple[Agency, ...]


def find_agencies(text: str) -> Agencies:
    """Return the agencies a text names and whose they are."""
    words = normal(text)
    mine: Agency | None = None
    others: dict[Agency, int] = {}
    mentioned: dict[Agency, None] = {}
    introduced = _introduction(words)
    for match in _words("agency").finditer(words):
        agency = _agency_of(match)
        if agency is None:
            continue
        mentioned.setdefault(agency)
        before, after = words[max(0, match.start() - 80) : match.start()], words[match.end() :]
        if match.end() <= introduced or _is_mine(before, match.group(), after):
            mine = mine or agency
        else:
            weight = (
                3 if _words("acts").match(after) else 2 if _words("addressed").search(before) else 1
            )
            others[agency] = others.get(agency, 0) + weight
    others.pop(mine, 0) if mine else None
    return Agencies(mine, _theirs(others), tuple(mentioned))


def _introduction(words: str) -> int:
    """Return where a self-introduction ends: "school nurse, luton. they closed it".

    It names a job and has no verb. But "Health visitor. She won't come" is about somebody else.
    """
    opening = _OPENING.match(words)
    if not opening or not _words("job").search(opening["who"]):
        return 0
    about_them = _words("goes_on_about").match(words, opening.end())
    return 0 if about_them or _words("does").search(opening["who"]) else opening.end("who")


def _agency_of(match: re.Match[str]) -> Agency | None:
    name = match.lastgroup or ""
    if name == "f_skip":
        return None
    return Agency(name.split("_", 1)[1].rstrip("2"))


def _is_mine(before: str, word: str, after: str) -> bool:
    if word.endswith(("in school", "at school")):
        return True
    own = _words("mine").search(before)
    if own and own.group().strip() in {"my", "our"}:
        # "My school" is the practitioner's; "my social worker" is the family's.
        return bool(_words("our_place").match(word))
    return bool(own) or bool(_words("mine_after").match(after))


def _theirs(others: Mapping[Agency, int]) -> Agency | None:
    """The agency that the practitioner disagrees with, if one stands out."""
    if not others:
        return None
    best, *rest = sorted(others, key=lambda agency: -others[agency])
    if rest and others[rest[0]] == others[best]:
        return None
    return best
