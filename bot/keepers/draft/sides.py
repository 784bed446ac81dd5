"""What a text calls the two sides: "the originator", "the receiving service", "their counterpart".

A policy has words of its own for whoever raises a disagreement and for whom it is raised with. Some
it defines, some it puts into the columns of a table, some follow from a word such as "other".
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from bot.core.policy.model import Party
from bot.keepers.draft.words import posts_in, words

if TYPE_CHECKING:
    from bot.keepers.draft.rungs import Passage

TERM = r"[\"“‘']?(?:the |an? )?(?P<term>[A-Za-z][\w’' -]{2,40}?)[\"”’']?"
DEFINED = (
    re.compile(
        r"^(?!(?:who|what|when|how|by)\b|(?:aim|purpose|lead|role|next|also):)(?:the |an? )?"
        r"(?P<term>[A-Z][\w’' -]{2,40}?):\s+(?P<means>(?:the|an?|any) (?:person|"
        r"practitioner|professional|worker|agency|organisation|service|team|manager)\b[^;]{8,160})",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:^|[,;:.]\s*|\band\s+|\bby\s+)[\"“‘'](?:the |an? )?(?P<term>[A-Za-z][\w’' -]{2,40}?)"
        r"[\"”’']\s+(?:means|is|are|refers to|describes)\s+(?P<means>[^.;]{8,160})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<means>(?:the |an? )?(?:person|practitioner|professional|worker|agency|organisation|"
        rf"service|team|body|individual|manager)\b[^.;]{{0,140}}?)\s+(?:is|are)\s+"
        rf"(?:here |below |hereafter )?(?:called|known as|referred to as|termed)\s+{TERM}"
        r"(?=[.;,)]|$)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<means>\b(?:the |an? )(?:person|practitioner|professional|worker|agency|organisation|"
        r"service|team|body|individual|manager)\b[^.;(]{0,120}?)\s*\((?:here |hereafter )?"
        r"[\"“‘'](?:the |an? )?(?P<term>[A-Za-z][\w’' -]{2,40}?)[\"”’']\)",
        re.IGNORECASE,
    ),
)
"""How a text says what it calls somebody."""
LISTS = re.compile(
    r"(?P<whose>(?:referring|raising|challenging|originating|escalating|receiving|responding|"
    r"challenged|other|partner|your|their)\s+(?:agency|service|side|organisation|body|party|team)|"
    r"(?:who|raised|started|answered|heard)\s+\w+)\s*:\s*(?P<posts>[^.;]{3,200})",
    re.IGNORECASE,
)
"""Posts of a side in a cell: "Receiving service: team manager or duty sergeant"."""


TOLD_APART = re.compile(
    r"\b(?:the|an?|any|his or her|their)\s+(?P<noun>[a-z]\w+(?: [a-z]\w+)?)\s+"
    r"(?=(?:who|by whom|by which|to whom|with whom|whose|that|with the|with a)\b)",
    re.IGNORECASE,
)
"""A noun with what tells it from another: "the colleague by whom the decision was made"."""
BEHIND = 70
"""Letters behind such a noun."""
SOMEBODY = "agency|organisation|service|person|side|party|team|body"
OTHER = re.compile(r"\bthe other (?P<noun>\w+)", re.IGNORECASE)
OWNED = re.compile(r"(?:the|an?|that|this)?\s*(?P<noun>[\w ]+?)[’']s?\s", re.IGNORECASE)
"""Whose it is: "the professional's line manager"."""
BARE = re.compile(r"(?:the|an?|that|this|any|each)?\s*(?P<noun>[\w ]+)", re.IGNORECASE)


class Sides(msgspec.Struct, frozen=True):
    """The words of a text for each side, and at one stage the posts of each."""

    raiser: tuple[str, ...] = ()
    receiver: tuple[str, ...] = ()
    posts: tuple[tuple[str, Party], ...] = ()
    nouns: tuple[tuple[str, Party], ...] = ()
    others: frozenset[str] = frozenset()

    def of(self, phrase: str) -> Party | None:
        """Return the side that a phrase names, by the words nearest to its beginning."""
        found = [
            (match.start(), party)
            for party, pattern in self._patterns()
            for match in pattern.finditer(phrase)
        ]
        if found:
            return min(found, key=lambda told: told[0])[1]
        bare = OWNED.match(phrase.strip()) or BARE.fullmatch(phrase.strip())
        noun = dict(self.nouns).get(bare["noun"].lower()) if bare else None
        if noun:
            return noun
        plain = _plain(phrase)
        named = {party for post, party in self.posts if re.search(rf"\b{re.escape(post)}\b", plain)}
        return named.pop() if len(named) == 1 else None

    def is_one_of_two(self, phrase: str) -> bool:
        """Say whether a phrase is "the worker" in a text that speaks of "the other worker"."""
        head = re.split(r"\b(?:of|from|in|at|for|who|which)\b", phrase.lower())[0]
        return any(re.search(rf"(?<!other )\b{noun}\b", head) for noun in self.others)

    def _patterns(self) -> list[tuple[Party, re.Pattern[str]]]:
        own = words().bound
        told = ((Party.receiver, "receiver", self.receiver), (Party.raiser, "raiser", self.raiser))
        return [
            (
                party,
                words().pattern(
                    *own[name], *words().side(name), *(rf"{re.escape(term)}s?" for term in terms)
                ),
            )
            for party, name, terms in told
        ]

    def at(self, passages: Iterable["Passage"]) -> "Sides":
        """Return the words with the posts that a stage gives to one side."""
        posts: list[tuple[str, Party]] = []
        for passage in passages:
            told = [(found["whose"], found["posts"]) for found in LISTS.finditer(passage.text)]
            if passage.column:
                told.append((passage.column, passage.text))
            for whose, named in told:
                party = self.side_of_list(whose)
                if party:
                    posts += [(_plain(post.title), party) for post in posts_in(named)]
        return msgspec.structs.replace(self, posts=tuple(posts))

    def names(self, noun: str) -> bool:
        """Say whether a text calls one of its sides so, and no more is said."""
        told = (*self.raiser, *self.receiver, *(name for name, _ in self.nouns))
        return noun.lower() in told or bool(
            words().pattern(*words().bound["side_alone"]).fullmatch(noun)
        )

    def side_of_list(self, heading: str) -> Party | None:
        """Return whose posts stand under a heading, or behind it."""
        own = words().bound
        if words().pattern(*own["receiver_column"]).search(heading):
            return Party.receiver
        return Party.raiser if words().pattern(*own["raiser_column"]).search(heading) else None


def sides_of(passages: Sequence["Passage"]) -> Sides:
    """Return what a text calls its sides, where it says so."""
    terms: dict[Party, list[str]] = {Party.raiser: [], Party.receiver: []}
    plain = Sides()
    for passage in passages:
        for pattern in DEFINED:
            for found in pattern.finditer(passage.text):
                party = plain.of(found["means"])
                term = found["term"].strip().lower()
                if party in terms and plain.of(term) is None:
                    terms[party].append(term)
    told = Sides(tuple(terms[Party.raiser]), tuple(terms[Party.receiver]))
    others = {
        found["noun"].lower() for passage in passages for found in OTHER.finditer(passage.text)
    }
    return msgspec.structs.replace(
        told, nouns=tuple(_nouns(passages, told)), others=frozenset(others)
    )


def _nouns(passages: Sequence["Passage"], told: Sides) -> Iterator[tuple[str, Party]]:
    """Yield the nouns that a text tells apart, where it means one side by them throughout."""
    found: dict[str, set[Party]] = {}
    for passage in passages:
        for match in TOLD_APART.finditer(passage.text):
            party = told.of(passage.text[match.end() : match.end() + BEHIND].partition(",")[0])
            if party and words().pattern(*words().post_heads, SOMEBODY).search(match["noun"]):
                found.setdefault(match["noun"].lower(), set()).add(party)
    yield from ((noun, parties.pop()) for noun, parties in found.items() if len(parties) == 1)


def _plain(phrase: str) -> str:
    return re.sub(r"[^\w ]+", "", phrase.lower())
