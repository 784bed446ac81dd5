"""The risk that a practitioner states outright: never a lower one than the words say."""

import re

from bot.core.vocabulary import Risk
from bot.understanding.text import normal

_IMMEDIATE = r"(?:immediate(?:ly)?|imminent|urgent|emergency|immediat\w*)"
_SAID: tuple[tuple[Risk, re.Pattern[str]], ...] = (
    (
        Risk.unsure,
        re.compile(
            rf"\b(?:(?:not|un|isnt|im\s+not|arent)\s*(?:really\s+|entirely\s+|totally\s+|100%?\s+|quite\s+)?(?:sure|certain|clear)|dont\s+(?:really\s+)?know|cant\s+(?:tell|say|judge|work\s+out)|hard\s+to\s+(?:say|tell|know|judge)|unclear|no\s+idea|not\s+confident|wondering)\b"
            rf"[^.;!?]{{0,40}}\b(?:{_IMMEDIATE}|risk|danger|safe|serious|harm)\b"
            rf"|\b(?:might|may|could)\s+be\s+(?:an?\s+)?{_IMMEDIATE}"
        ),
    ),
    (
        Risk.concern,
        re.compile(
            rf"\b(?:not|isnt|its\s+not|nothing|no|arent|wasnt|isn t|dont\s+think\s+(?:its|it\s+is|hes|shes|theyre|there\s+is|theres))\s+(?:(?:an?|in|at|yet|quite|really|currently|thought\s+to\s+be|that|exactly|any|the|it|is|its)\s+){{0,3}}(?:{_IMMEDIATE}|in\s+danger|life\s+threatening|999)"
            rf"|\b(?:worried|concerned|concerns?|worry|worrying)\b[^.;!?]{{0,30}}\b(?:not|isnt|nothing|no)\s+(?:\w+\s+){{0,3}}{_IMMEDIATE}"
            r"|\bno\s+one\s+is\s+in\s+danger|\bnobody\s+is\s+(?:in\s+danger|unsafe)"
        ),
    ),
    (
        Risk.no_harm,
        re.compile(
            r"\b(?:no\s+(?:risk|concerns?)\s+(?:of\s+harm|about\s+(?:the\s+)?(?:childs?\s+)?safety|to\s+the\s+child)|not\s+(?:at\s+risk|worried\s+about\s+(?:harm|safety))|no\s+harm\b|isnt\s+at\s+risk|child\s+is\s+(?:perfectly\s+)?safe(?:\s+and\s+well)?)\b"
        ),
    ),
    (
        Risk.immediate_danger,
        re.compile(
            r"\b(?:in\s+(?:immediate\s+|real\s+|serious\s+|grave\s+)?danger\s+(?:right\s+now|now|tonight|at\s+this\s+moment|as\s+we\s+speak)|(?:immediate|imminent)\s+danger|danger\s+(?:right\s+)?now|life\s+(?:is\s+)?(?:at\s+risk|in\s+danger|threatening)|needs?\s+(?:999|an\s+ambulance)|in\s+danger)\b"
        ),
    ),
    (
        Risk.immediate_harm,
        re.compile(
            r"\b(?:(?:immediate|imminent|present)\s+(?:\w+\s+){0,2}?(?:risk|harm|significant\s+harm)|immediately\s+at\s+risk|(?:risk\s+of\s+)?significant\s+harm\s+(?:now|today|tonight|right\s+now|if\s+(?:he|she|they)\s+(?:go|goes))|(?:not|isnt|arent)\s+safe\s+(?:now|today|tonight)|harm\s+(?:today|tonight))\b"
        ),
    ),
)  # fmt: skip
_NOT = re.compile(
    r"\b(?:not|no|isnt|arent|never|nobody|none|wasnt|dont\s+think|without|isn t|if|denied|nor|no\s+longer|dont\s+believe|rather\s+than)\s+(?:\w+\s+){0,4}$"
)


def stated_risk(text: str) -> Risk | None:
    """Return the risk that the text states in so many words, or None.

    Of two statements the greater risk counts, except that being unsure outranks "not immediate".
    """
    words = normal(text)
    said = [risk for risk, pattern in _SAID if _says(words, risk, pattern)]
    for risk in Risk:
        if risk in said:
            return risk
    return None


def _says(words: str, risk: Risk, pattern: re.Pattern[str]) -> bool:
    """Statements of danger count only when they are not denied or asked about."""
    for match in pattern.finditer(words):
        if risk not in (Risk.immediate_danger, Risk.immediate_harm):
            return True
        before = words[max(0, match.start() - 50) : match.start()]
        if not _NOT.search(before) and not _unsure(words, match):
            return True
    return False


def _unsure(words: str, match: re.Match[str]) -> bool:
    return any(
        found.start() <= match.start() < found.end() + 1
        for found in _SAID[0][1].finditer(words)
    )
