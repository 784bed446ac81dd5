"""Whom a time binds by what is done, where a clause names nobody who does it."""

import re

from bot.core.vocabulary import Level
from bot.keepers.draft.naming import (
    BOTH,
    PARTNERSHIP,
    RAISER,
    RECEIVER,
    Bound,
    Said,
    has,
    one_side,
    side,
)
from bot.keepers.draft.parse import Acting, actor_in
from bot.keepers.draft.passages import sentences_of
from bot.keepers.draft.rungs import Rung
from bot.keepers.draft.words import words

FORM = re.compile(r"(?:the |form )*[A-Z]{1,4}-?\d")
IT = {"it", "this", "that", "they"}


def done_to(rung: Rung, told: Acting, said: Said) -> Bound | None:
    """Return whose it is to do what a clause in the passive leaves open, by what it is done to."""
    thing = told.theme if not told.actor else told.actor
    if told.verb.startswith(("feed", "share")):
        one = side(rung, actor_in(said.before))
        return one if one in {RAISER, RECEIVER} else None
    if told.asks or (told.passive and told.actor):
        return None
    if not thing and told.passive:
        return side(rung, actor_in(said.before))
    if thing.lower() in IT or thing.lower().startswith("this "):
        return _of_it(rung, thing.lower(), said)
    if has("settled_together", told.verb) or has("both", thing) or " between " in f" {thing} ":
        return BOTH
    thing = re.sub(r"^(?:that|this|these|those|such)\s+", "", thing, flags=re.IGNORECASE)
    made = _told_before(rung, thing, said) if told.passive or said.does else None
    return made or _of_thing(rung, thing, said)


def _of_it(rung: Rung, thing: str, said: Said) -> Bound | None:
    """Return who does it to "it", by whoever was named before."""
    party = one_side(rung, said.lead) if thing in IT else None
    if party or thing == "they":
        return party
    actor = actor_in(said.before)
    return side(rung, actor) or (RAISER if rung.sides.is_one_of_two(actor) else None)


def _told_before(rung: Rung, thing: str, said: Said) -> Bound | None:
    """Return who makes a thing by the sentence before: "They write a report. The report must …"."""
    noun = re.split(r"\b(?:of|from|to|with|for|in)\b", thing)[0].split()[-1:]
    if not noun:
        return None
    does = words().deeds.get(noun[0].lower().rstrip("s"), ())
    made = words().pattern(re.escape(noun[0]), *does)
    for sentence in (*sentences_of(said.does), said.before):
        if made.search(sentence):
            return BOTH if has("both", sentence) else side(rung, actor_in(sentence))
    return None


def _of_thing(rung: Rung, thing: str, said: Said) -> Bound | None:
    """Return who owes a thing: a reply, a challenge, a meeting."""
    subject = re.split(r"\b(?:of|from|to|with|for|in|about|which|that|at)\b", thing)[0]
    ours = rung.level is Level.partnership
    if has("told_of_it", subject) and has("raises", said.sentence):
        return RAISER
    if has("answer_given", subject):
        return PARTNERSHIP if ours else RECEIVER
    if has("challenge_made", subject) or FORM.match(subject):
        return BOTH if ours and rung.either else RAISER
    if has("meeting_held", subject):
        # Of "the officer arranges a meeting, which takes place within 7 days" the officer is bound.
        calls = actor_in(said.sentence)
        one = side(rung, calls) if calls and calls not in thing else None
        return PARTNERSHIP if ours else (one or BOTH)
    return None


def by_verb(rung: Rung, sentence: str, clause: str, following: str) -> Bound:
    """Return whom a clause binds by what is done in it."""
    answers = has("answers", clause + following)
    receiving = has("receiving", clause)
    body = has("bodies", clause)
    acts = body and re.search(
        r"\b(?:will|must|should|shall|to)\b", clause[body.end() :], re.IGNORECASE
    )
    if acts and not receiving:
        return PARTNERSHIP
    if receiving or answers:
        return RECEIVER
    raised = [found.end() for found in _all("raises", clause)]
    if rung.level is Level.partnership and not raised:
        return PARTNERSHIP
    together = [found.end() for found in _all("together", clause)]
    contacts = has("contacts", clause)
    if raised and (not together or contacts or raised[-1] > together[-1]):
        return RAISER
    if together or has("together", sentence):
        return BOTH
    return RAISER if raised else BOTH


def _all(name: str, text: str) -> list[re.Match[str]]:
    return list(words().pattern(*words().bound[name]).finditer(text))
