"""The lists by which passages are recognised: `words.yml`, and the guide's own list of posts."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from bot.core.policy.model import Owed
from bot.core.vocabulary import Agency, Level
from bot.understanding.words.patterns import SHEETS

SHEET = Path(__file__).with_name("words.yml")
POSTS = SHEETS / "roles.yml"
"""Who works where, and on which rung: the list that the guide reads people's accounts with."""
SHAPED = re.compile(
    r"\b(?:Deputy |Assistant |Associate |Executive |Corporate |[A-Z]{2,5} )*"
    r"(?P<rank>Head|Director)s? (?:of|for) (?:the )?"
    r"[A-Z][\w’'-]+(?: (?:and |& |for )?[A-Z][\w’'-]+){0,4}"
)
"""Titles that no list can hold all of: "Head of Inclusion", "Director of Family Help"."""
SHORT_FORM = 4
"""Letters. A title as short as this counts only in capitals: "GP", "DSL"."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lists of `words.yml`; each says there what it is for. Their texts are patterns."""

    labels: tuple[str, ...]
    informal: tuple[str, ...]
    first_talk: tuple[str, ...]
    table_heads: tuple[str, ...]
    not_policy: tuple[str, ...]
    aside: tuple[str, ...]
    subheadings: tuple[str, ...]
    no_stage: tuple[str, ...]
    levels: dict[Level, tuple[str, ...]]
    work_places: dict[Agency, tuple[str, ...]]
    posts: dict[Agency, dict[str, tuple[str, ...]]]
    everywhere: tuple[str, ...]
    form_words: tuple[str, ...]
    any_post: dict[str, tuple[str, ...]]
    post_heads: tuple[str, ...]
    not_a_post: tuple[str, ...]
    told: tuple[str, ...]
    bodies: tuple[str, ...]
    statuses: dict[str, tuple[str, ...]]
    exits: dict[str, tuple[str, ...]]
    kinds: dict[str, tuple[str, ...]]
    topics: dict[str, tuple[str, ...]]
    acts: dict[str, dict[str, tuple[str, ...]]]
    owed: dict[Owed, tuple[str, ...]]
    times: dict[str, tuple[str, ...]]
    people: tuple[str, ...]
    side_words: dict[str, dict[str, tuple[str, ...]]]
    bound: dict[str, tuple[str, ...]]
    deeds: dict[str, tuple[str, ...]]
    dated: dict[str, tuple[str, ...]]

    def side(self, name: str) -> tuple[str, ...]:
        """Return the patterns of a side's words: "raiser" or "receiver"."""
        told = self.side_words[name]
        does = rf"(?:{'|'.join(told['does'])}) (?:\w+ )?(?:{'|'.join(self.people)})\w*"
        alone = rf"(?:{'|'.join(told['is'])})s?(?:[’']s?)?"
        verbs = rf"(?:who|which|that) (?:\w+ )?(?:{'|'.join(told['verbs'])})"
        return (does, alone, verbs)

    def pattern(self, *patterns: str) -> re.Pattern[str]:
        """Return one pattern that finds any of these, as whole words."""
        return _any_of(patterns)

    def topic(self, name: str) -> re.Pattern[str]:
        """Return the pattern by which a sentence is of a topic."""
        return _any_of(self.topics[name])


@cache
def words() -> Words:
    """Return the lists."""
    return msgspec.yaml.decode(SHEET.read_bytes(), type=Words)


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


class Post(msgspec.Struct, frozen=True):
    """A post that a text names, as it stands there. `agency` is None where every agency has it."""

    start: int
    end: int
    title: str
    agency: Agency | None
    level: str


def posts_in(text: str) -> list[Post]:
    """Return the posts that a text names, the longest titles first found, in the text's order."""
    found: list[Post] = []
    straight = text.replace("’", "'")
    masked = _not_posts().sub(lambda match: "\0" * len(match.group()), straight)
    for match in _post_pattern().finditer(masked):
        known = _known(match.group())
        if known is not None:
            found.append(
                Post(match.start(), match.end(), text[match.start() : match.end()], *known)
            )
    for match in SHAPED.finditer(text):
        inside = [post for post in found if post.start < match.end() and match.start() < post.end]
        if any(post.agency or post.end > match.end() for post in inside):
            continue
        level = Level.director if match["rank"] == "Director" else Level.senior_manager
        found = [post for post in found if post not in inside]
        found.append(Post(*match.span(), match.group(), agency_of(match.group()), level.value))
    return sorted(found, key=lambda post: post.start)


def agency_of(text: str) -> Agency | None:
    """Return the agency that a text names by where its people work, or None."""
    places = words().work_places.items()
    return next((agency for agency, named in places if words().pattern(*named).search(text)), None)


def _known(title: str) -> tuple[Agency | None, str] | None:
    plain = " ".join(title.lower().split())
    folded = re.sub(r"'s?\b|s\b(?=\s)", "", plain)
    titles = _titles()
    bare = plain.replace("'", "")
    for said in (plain, plain.removesuffix("s"), bare, folded, folded.removesuffix("s")):
        if said in titles:
            capitals = sum(letter.isupper() for letter in title)
            return titles[said] if len(said) > SHORT_FORM or capitals > 1 else None
    return None


@cache
def _titles() -> dict[str, tuple[Agency | None, str]]:
    own = words()
    sheet: dict[str, Any] = msgspec.yaml.decode(POSTS.read_bytes())
    titles: dict[str, tuple[Agency | None, str]] = {}
    for agency, rungs in [*sheet.items(), *_as_plain(own.posts).items(), ("any", own.any_post)]:
        if not isinstance(rungs, dict):
            continue
        for level, named in rungs.items():
            if level == "organisation":
                continue
            for title in named:
                whose = None if agency == "any" else Agency(agency)
                titles[title] = (whose, level)
    return titles


def _as_plain(posts: dict[Agency, dict[str, tuple[str, ...]]]) -> dict[str, Any]:
    return {str(agency): rungs for agency, rungs in posts.items()}


@cache
def _post_pattern() -> re.Pattern[str]:
    longest = sorted(_titles(), key=len, reverse=True)
    shapes = [
        re.escape(title).replace(r"\ ", r"(?:'?s?'?)\s+").replace("ens", "en'?s")
        for title in longest
    ]
    return re.compile(rf"(?<![\w&])(?:{'|'.join(shapes)})(?:s|'s|s')?(?!\w)", re.IGNORECASE)


@cache
def _not_posts() -> re.Pattern[str]:
    return _any_of(words().not_a_post)
