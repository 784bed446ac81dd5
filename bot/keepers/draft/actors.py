"""The posts that act at a stage, by the parse: who does it, and whom it is done with."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from bot.core.policy.model import Party
from bot.core.vocabulary import Level
from bot.keepers.draft.naming import side_named
from bot.keepers.draft.parse import people_in
from bot.keepers.draft.rungs import Passage, Rung
from bot.keepers.draft.sides import LISTS
from bot.keepers.draft.words import posts_in, words

BEFORE = re.compile(
    r"^(?:(?:the|an?|that|this|each|every|any|either|neither|both|all|its|their|your|his or her|"
    r"her or his|his|her|or|own|two|three|other|most|only|same|respective)\s+)+",
    re.IGNORECASE,
)
MOST_WORDS = 7
"""Words of a post: what is longer tells a story."""


MOST_SENTENCES = 200
"""Sentences of a stage that are parsed for posts. A whole manual behind a heading is no stage."""


class Actor(msgspec.Struct, frozen=True):
    """A post as the text names it, and whose it is where that is known."""

    role: str
    party: Party | None
    passage: Passage


def actors_of(rung: Rung) -> Iterator[Actor]:
    """Yield who acts at a stage, each time a sentence names them."""
    for at, passage in enumerate(rung.passages):
        yield from _of_sides(rung, passage)
        # Whom an unsettled matter goes to next is not who acts at the first stage.
        next_up = rung.level is Level.practitioner and words().topic("not_resolved").search(
            passage.text
        )
        if at >= MOST_SENTENCES or next_up:
            continue
        for phrase in people_in(passage.text):
            whole = phrase if phrase.count("(") == phrase.count(")") else phrase.partition("(")[0]
            role = BEFORE.sub("", whole).strip(" ,.;:“”\"‘'")
            if role and len(role.split()) <= MOST_WORDS and _is_post(rung, role):
                yield Actor(role, side_named(rung, phrase), passage)


def not_parsed(rungs: Iterable[Rung]) -> Iterator[str]:
    """Yield what a keeper has to know of stages that are too long to be parsed whole."""
    for rung in rungs:
        if len(rung.passages) > MOST_SENTENCES:
            yield (
                f"{rung.label} has {len(rung.passages)} sentences. The draft looked for posts in "
                f"the first {MOST_SENTENCES}. If the stage is shorter than that, cut the policy "
                "out of the document, and try again with it alone."
            )


def _of_sides(rung: Rung, passage: Passage) -> Iterator[Actor]:
    """Yield the posts of "Receiving service: team manager or duty sergeant"."""
    for found in LISTS.finditer(passage.text):
        for post in posts_in(found["posts"]):
            yield Actor(post.title, rung.sides.side_of_list(found["whose"]), passage)
    party = rung.sides.side_of_list(passage.column) if passage.column else None
    if party:
        for post in posts_in(passage.text):
            yield Actor(post.title, party, passage)


def _is_post(rung: Rung, role: str) -> bool:
    own = words()
    if own.pattern(*own.not_a_post).search(role):
        return False
    head = re.split(r"\b(?:of|for|in|from|at|on|to|with|who|whose|by)\b", role)[0].strip()
    if own.pattern(*own.post_heads).search(head):
        return True
    return rung.sides.names(head)
