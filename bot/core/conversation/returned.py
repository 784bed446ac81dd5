"""Whether a message says that a child who was gone is there again."""

import re

IS_BACK = re.compile(
    r"\b(?:(?:she|he|they|child|kid|girl|boy|lad|lass|yp|\[name\])"
    r"(?:\W?s|\W?ve|\W?re)?|young person)\s+"
    r"(?:(?:is|are|has|have|just|now|finally|been|all|got|safely|actually)\s+)*"
    r"(?:back\b(?!\s+(?:to|with)\b)|home\b|walked\s+(?:back\s+)?in\b|c[oa]me\s+(?:back|home|in)\b"
    r"|returned\b|turned\s+up|found\b|safe\s+and\s+(?:well|sound))"
    r"|\b(?:found|located)\s+(?:her|him|them|the\s+(?:child|girl|boy|kid|lad))\b",
    re.IGNORECASE,
)
"""Says of a child who was missing that they are there again."""
NOT_YET = re.compile(
    r"\b(?:not|isn\W?t|never|hasn\W?t|haven\W?t|no|gone again|if|when|until|till?)\b|\?",
    re.IGNORECASE,
)
"""Takes back that somebody is there, or only asks or supposes it."""
WHERE_THEY_WERE = re.compile(
    r"\b(?:won\W?t|not|n\W?t|refus\w+\s+to|never)\s+(?:\w+\s+){0,2}?(?:say|tell|talk|speak)\s+"
    r"(?:\w+\s+){0,2}?where\s+(?:she|he|they)(?:\W?d)?\s+(?:\w+\s+)?(?:was|were|been|went|stayed)\b",
    re.IGNORECASE,
)
"""Says that somebody will not tell where they were: only a child who was gone is asked."""


def is_back(text: str, *, was_missing: bool) -> bool:
    """Say whether a child is there again. "He's back" of nobody who was gone may be a man."""
    told = WHERE_THEY_WERE.sub(" ", text)
    gone = was_missing or told != text
    return gone and bool(IS_BACK.search(told)) and not NOT_YET.search(told)
