"""Who on the person's own side is close to the family, so that they are not told."""

from bot.core.vocabulary import CallTo
from bot.understanding.danger.people import last_named
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import clauses, normal, sentences

OWN_SIDE = {CallTo.safeguarding_lead, CallTo.own_manager}


def find_kept_out(text: str) -> CallTo | None:
    """Return whom of their own lead and manager a text says to be close to whoever it is about.

    "My head is his brother", "our DSL is married to him". None where it names neither.
    """
    words = normal(text)
    for sentence in sentences(words):
        for clause in clauses(words, sentence):
            said = words[clause.start : clause.end]
            close = pattern("colleagues", "close_to_family").search(said)
            if close is None:
                continue
            who = last_named(said[: close.start()]) or last_named(close.group())
            if who in OWN_SIDE:
                return who
    return None
