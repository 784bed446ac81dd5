"""Find what came of a talk or a letter: refused, agreed, an answer promised, no answer."""

import re
from collections.abc import Iterator, Mapping
from functools import partial

from bot.core.vocabulary import Outcome
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import Span, normal, sentences

_words = partial(pattern, "history")
_GOES_ON = (
    r"i|ive|we|weve|she|shes|he|hes|they|theyve|it|its|my|our|her|his|their|the|got|was|were|heard"
    r"|still|no|nothing|nobody|rang|spoke|e-?mailed|told|asked|had|have|has|said|is|are|wrote"
    r"|phoned|called|escalated|raised|went|took|met|left|chased|sent|been|await\w*|waiting|an?|on"
    r"|to|then"
)
CLAUSE = re.compile(
    r",|:(?!\d)|;|\s-+\s|[()]"
    r"|\b(?:but|then|(?<!her\s)(?<!him\s)(?<!them\s)so|because|cos|although|though|however|whereas|who|which|while)\b"
    rf"|(?:\band|&)\s+(?=(?:{_GOES_ON})\b)"
)
"""Where one clause of an account ends and the next begins."""
_AND_I = re.compile(
    r"(?:and|&)\s+i\s+(?:both\s+)?(?:spoke|talked|met|spoken|discussed|disagreed)\b"
)
_BARE_PERSON = re.compile(r"\W*(?:me|(?:my|our|her|his|their|the)\s+(?:[\w-]+\s+){0,2}[\w-]+)\s*")
_THE_OTHER = re.compile(r"(?:and|&)\s+(?:the|her|his|their|my|our)\s+(?!own\b)")
ONLY_A_DAY = re.compile(
    r"(?:(?:\d+(?:st|nd|rd|th)?|(?:mon|tues?|wednes|weds?|thurs?|fri|satur|sun)(?:day)?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*|on|the|of|it|was|last|this"
    r"|yesterday|today|week|ago|about|around|think|no|sorry|actually|gone|just|in|came"
    r"|(?:stage|step|level)s?\s+(?:one|two|three|four|five|[1-9])|(?:first|second|third)\s+stage"
    r"|wrong|incorrect)\b[\s/.,-]*)+"
)
"""A clause that only names a day or a stage says nothing of what came of it."""
BARE = 8
"""The most words of a bare reply."""
Answers = Mapping[str, tuple[str, float]]
"""What the ranker of outcomes says of each clause: an outcome or NO_ANSWER, with its share."""
NO_ANSWER = "none"
UNANSWERED = {Outcome.awaiting, Outcome.no_response}
"""What cannot have come of a talk that was answered."""
SURE = 0.5
"""The least share of an outcome for it to be believed where no pattern knows the words."""
SAME_PHRASE = 25
"""Characters within which "still waiting" belongs to "no reply"."""


def answer_clauses(text: str) -> tuple[str, ...]:
    """Return the clauses of a text as the ranker of outcomes is to rank them."""
    words = normal(text)
    return tuple(dict.fromkeys(words[part.start : part.end].strip() for part in _clauses(words)))


def clause_cuts(words: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield where a sentence of a normal text is cut into clauses.

    "Their service manager and I spoke", "my DSL & the social worker, 9 Nov" and "her manager then
    rang mine" are one: of whoever stands there nothing is told yet.
    """
    begin = start
    for cut in CLAUSE.finditer(words, start, end):
        told = pattern("party", "contact").search(words, begin, cut.start())
        if told or not _goes_with_it(words, begin, cut):
            yield cut
            begin = cut.end()


def _goes_with_it(words: str, begin: int, cut: re.Match[str]) -> bool:
    """Say whether what comes after a joining word belongs to whoever stands before it."""
    if _AND_I.match(words, cut.start()):
        return True
    if not _BARE_PERSON.fullmatch(words, begin, cut.start()):
        return False
    then = cut.group() == "then" and pattern("party", "contact").match(words, cut.end() + 1)
    return bool(then or _THE_OTHER.match(words, cut.start()))


def _clauses(words: str) -> Iterator[Span]:
    for sentence in sentences(words):
        begin = sentence.start
        for cut in (*clause_cuts(words, sentence.start, sentence.end), None):
            end = cut.start() if cut else sentence.end
            if words[begin:end].strip():
                yield Span(begin, end)
            begin = cut.end() if cut else end


def says_only_what_about(words: str) -> bool:
    """Say whether a normal text only names what the disagreement is about: "threshold"."""
    return _words("only_about").match(words) is not None


def is_bare_reply(words: str) -> bool:
    """Say whether a normal text is a yes, a no or an "I have read it", and nothing else."""
    return len(words.split()) <= BARE and _words("bare_reply").match(words) is not None


def is_own_act(clause: str) -> bool:
    """Say whether a normal clause says that they did what was advised, and nothing else."""
    return _words("own_act").match(clause) is not None


def tells_of_answer(clause: str) -> bool:
    """Say whether a normal clause says that the other side has answered: "they replied Friday"."""
    found = _words("they_answered").search(clause)
    return found is not None and not _words("no_answer_yet").search(clause[: found.start()])


def find_outcomes(words: str, answers: Answers) -> list[tuple[int, Outcome]]:
    """Return the outcomes in a normal text, each with its position, in order.

    Set phrases are patterns; for all other wording, what the ranker learned decides.
    """
    if says_only_what_about(words) or is_bare_reply(words):
        return []
    found: list[tuple[int, Outcome]] = []
    for outcome in (Outcome.no_response, Outcome.unresolved, Outcome.awaiting, Outcome.resolved):
        for match in _words(f"outcome_{outcome}").finditer(words):
            negated = _words("not").search(words, max(0, match.start() - 25), match.start())
            if outcome is Outcome.resolved and negated:
                found.append((match.start(), Outcome.unresolved))
                continue
            if outcome is Outcome.awaiting and any(
                abs(match.start() - at) < SAME_PHRASE and kind is Outcome.no_response
                for at, kind in found
            ):
                continue
            if outcome is Outcome.awaiting and _words("we_will").search(words[: match.start()]):
                continue
            found.append((match.start(), outcome))
    for part in _clauses(words):
        clause = words[part.start : part.end].strip()
        learned, share = answers.get(clause, (NO_ANSWER, 0.0))
        known = any(part.start <= at < part.end for at, _ in found)
        silent = ONLY_A_DAY.fullmatch(clause) or is_own_act(clause)
        # "Answered 24 Nov" tells of an answer, however much it sounds like waiting for one.
        silent = silent or (learned in UNANSWERED and tells_of_answer(clause))
        if learned != NO_ANSWER and share >= SURE and not known and not silent:
            found.append((part.start, Outcome(learned)))
    # Whoever doubts a promise or an answer has had one, and it settled nothing.
    found += [(match.start(), Outcome.unresolved) for match in _words("distrust").finditer(words)]
    return sorted(found)
