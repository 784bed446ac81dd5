"""Whom a time limit binds: whoever acts in the clause that the time stands in.

First what the clause names its subject; then its verb; where neither says, both sides share it.
"""

import re

import msgspec

from bot.core.policy.model import Party
from bot.core.vocabulary import Level
from bot.keepers.draft.rungs import Rung
from bot.keepers.draft.words import words

ON_CONDITION = re.compile(
    r"^\s*(?:if|where|when|should|once|unless)\b[^,;]*[,;]\s*|"
    r"^\s*(?:if|where|when) you are not satisfied with the \w+ ",
    re.IGNORECASE,
)
IN_CONDITION = re.compile(
    r"^\W*(?:if|where|unless|should (?:there|no|the)\b)(?:(?!\bthen\b)[^,;])*$|"
    r"\b(?:if|unless|where) (?:it is |there is |this is )?(?:not|un|no)\w*\b[^,;]*$",
    re.IGNORECASE,
)
"""A time that is itself part of the condition: "if no reply has come within 5 days"."""
EVENT_SAID = re.compile(r"^\s*(?:of|from|after|following)\b[^,;]*", re.IGNORECASE)
NEW_CLAUSE = re.compile(
    r";\s*|,\s*(?:and|but|then)\s+|,\s*(?P<of_it>who|which)\s+|\band (?=then\b|the\b)",
    re.IGNORECASE,
)
"""Where a clause with a verb of its own may begin; after ", who" its subject stands before it."""
MODALS = (
    re.compile(r"\b(?:must|should|will|shall|may|can|would|ought)\b", re.IGNORECASE),
    re.compile(r"\b(?:ha(?:s|ve)|is|are|needs?)\b", re.IGNORECASE),
)
"""A clause's own verb is its first "must" or the like; else its first "is" or "has"."""
TIME_FIRST = re.compile(r"\W*(?:within|by|in|no later than|after)\b", re.IGNORECASE)
ASKS = re.compile(
    r"\W*(?:do|make|ring|tell|contact|speak|phone|send|ask|give|try|call|e-?mail|write|let|take|"
    r"raise|use|escalate|meet|discuss)\b(?! (?:it|them)? ?(?:will|should|must)\b)",
    re.IGNORECASE,
)
"""How a clause begins that names nobody: "Speak to the other worker as soon as you can"."""
NAMED = re.compile(r"\s*(?:the|an?|any|each|every|your|their|you|both|all)\b", re.IGNORECASE)
"""How a clause begins that names who acts, as against "Speak to the other worker"."""
PASSIVE = re.compile(r"\b(?:be|been|being|is|are|was|were)\s+(?:not\s+)?\w+", re.IGNORECASE)
OPENING, BEFORE = 10, 6
"""Words at the beginning of a clause without such a verb, and before ", who", for the subject."""


class Bound(msgspec.Struct, frozen=True):
    """Whom a limit binds. `shared`: both sides have the time together."""

    party: Party
    shared: bool = False


RAISER, RECEIVER = Bound(Party.raiser), Bound(Party.receiver)
PARTNERSHIP, BOTH = Bound(Party.partnership), Bound(Party.raiser, shared=True)


def _has(name: str, text: str) -> re.Match[str] | None:
    return words().pattern(*words().bound[name]).search(text)


def bound(rung: Rung, sentence: str, lead: str, after: str) -> Bound:
    """Return whom a time binds. `lead` is the clause before it, with it; `after` what follows.

    Where the words leave it open, the time is said to be shared: it then makes nobody late.
    """
    if sentence == rung.whole_heading:
        return BOTH
    rest = re.split(r"[.;]", after)[0]
    if IN_CONDITION.search(lead):
        return _in_condition(rung, lead)
    clause = ON_CONDITION.sub("", lead)
    # Of "they tell their manager, who speaks to the other within 3 days" the manager is bound.
    if _has("own_manager", re.split(r"\bwho\b", clause)[-1]):
        return RAISER
    following = EVENT_SAID.sub("", rest)
    return _by_subject(rung, clause, rest) or _by_verb(rung, sentence, clause, following)


def _in_condition(rung: Rung, lead: str) -> Bound:
    """Return who would have kept the time of "if no reply has come within 5 days"."""
    if _has("answers", lead) or _has("expects", lead):
        return RECEIVER
    return PARTNERSHIP if rung.level is Level.partnership else BOTH


def _modal(text: str) -> re.Match[str] | None:
    """Return the verb that divides a clause into who acts and what is done."""
    return next((found for each in MODALS if (found := each.search(text))), None)


def _last_clause(text: str) -> tuple[str, str]:
    """Return the last clause that has a verb of its own, and what it is about, of ", who"."""
    for found in reversed([*NEW_CLAUSE.finditer(text)]):
        clause = text[found.end() :]
        if _modal(clause):
            before = text[: found.start()].split()[-BEFORE:] if found["of_it"] else []
            return clause, " ".join(before)
    return text, ""


def _by_subject(rung: Rung, lead: str, rest: str) -> Bound | None:
    """Return whom a clause binds by what it calls its subject, or None where that says nothing."""
    if _has("expects", lead + rest):
        return RECEIVER
    clause, about = _last_clause(lead)
    if _has("both", clause):
        return BOTH
    if "@" in about:
        # "Send it to escalations@vale.example, who will pass it on": that is the partnership's own.
        return PARTNERSHIP
    if TIME_FIRST.match(clause) and not _modal(clause) and _modal(rest):
        # "Within 2 days of receiving it the other manager will ring".
        clause = f"{clause} {rest}"
    modal = _modal(clause)
    if ASKS.match(clause):
        subject, predicate = "", clause
    elif modal:
        subject, predicate = about or clause[: modal.start()], clause[modal.start() :]
    else:
        subject = " ".join(clause.split()[:OPENING]) if NAMED.match(clause) else ""
        predicate = clause
    if PASSIVE.search(predicate):
        return None
    if rung.level is Level.partnership and _has("sides", subject):
        return BOTH
    named = (("receiver", RECEIVER), ("bodies", PARTNERSHIP), ("raiser", RAISER))
    return next((whose for name, whose in named if _has(name, subject)), None)


def _by_verb(rung: Rung, sentence: str, clause: str, following: str) -> Bound:
    """Return whom a clause binds by what is done in it."""
    answers = _has("answers", clause + following)
    receiving = _has("receiving", clause)
    body = _has("bodies", clause)
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
    contacts = _has("contacts", clause)
    if raised and (not together or contacts or raised[-1] > together[-1]):
        return RAISER
    if together or _has("together", sentence):
        return BOTH
    return RAISER if raised else BOTH


def _all(name: str, text: str) -> list[re.Match[str]]:
    return list(words().pattern(*words().bound[name]).finditer(text))
