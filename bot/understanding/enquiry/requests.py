"""Finds requests that are known by their words alone, whatever the model makes of the rest."""

import re
from collections.abc import Mapping
from functools import cache

FEW_WORDS = 14
"""In a longer message a word such as "briefing" is part of what happened."""
_ASKS = r"\b(?:give|send|show|have|get|got|want|need|make|print|download|share|is there|any)\b"
_BEFORE_HELP = (
    r"^\W*(?:(?:hi|hello|please|pls|can|could|would|someone|somebody|anyone|you|i|m|we|just|really"
    r"|need|want|some|bit|a|of|im|stuck|and|so|ok)\W+)*"
)

_SO_FAR = r"(?:\s+(?:you|so far|down|already|again|please))*\W*$"

_DRAFT_FOR = (
    r"^\W*(?:(?:please|pls|now|and|ok|then|can|could|may|i|we|you|have|get|need|want|do|me)\W+)*"
    r"(?:(?:an?|the|my)\s+)?(?:\w+er\s+|short\s+|quick\s+|firm\s+)?"
    r"(?:message|e-?mail|letter|note|draft)\s+(?:to|for)\s+(?:(?:my|our|their|the|own)\s+)+"
    r"(?:(?:line|team|senior|service|social|safeguarding|other)\s+)*(?:manager|boss|supervisor"
    r"|head(?:\s*teacher)?|dsl|lead|leader|partnership|worker|practitioner|agency|side)"
    r"(?:\W+(?:please|pls|now|then|too|instead))*\W*$"
)

_INVITE = (
    r"^\W*(?:(?:please|pls|now|and|ok|then|can|could|may|i|we|you|want|do|to|help|me|an?)\W+)*"
    r"invit(?:e|ing|ation(?:\s+for)?)\s+(?:them|her|him|everyone|(?:the|their|both|all)\s+\w+(?:\s+\w+)?)"
    r"\s+(?:to|for)\s+(?:an?|the)\s+(?:\w+\s+)?meeting(?:\W+(?:please|pls|now|then|too|instead))*\W*$"
)

_NAMED = (
    r"^\W*(?:(?:please|pls|now|and|ok|then|can|could|may|i|we|you|want|do|to|just|only|make|it|an?|the)\W+)*"
    r"(?:acknowledge(?:ment)?(?:\s+(?:it|them|theirs|receipt|this))?|holding\s+(?:reply|e-?mail|message)"
    r"|brief\s+(?:for|to)\s+(?:my|our)\s+(?:(?:line|team|own|senior|service)\s+)*(?:manager|boss|head|lead)"
    r"|(?:short|long|firm|soft)er(?:\s+(?:one|version|draft|e-?mail|message))?)"
    r"(?:\W+(?:please|pls|now|then|too|instead|again))*\W*$"
)
"""A draft by its own name: "acknowledge it", "brief for my manager", "shorter"."""

REQUESTS: Mapping[str, tuple[str, ...]] = {
    "help": (
        _BEFORE_HELP + r"help(?:\W+(?:me|us|please|pls|this|it|with|out|needed|wanted))*\W*$",
        r"^\W*(?:where|how) (?:do|should|can) (?:i|we) (?:even )?(?:start|begin)\W*$",
    ),
    "briefing": (
        r"\b(?:one|1|single)[\s-]*(?:page|pager|sider)\b",
        r"\b(?:on|to) (?:one|1|a single) (?:page|side|sheet)\b",
        r"\b(?:one|single) side of (?:a4|paper)\b",
        _ASKS + r".*\b(?:briefing|crib sheet|cheat sheet|hand-?out|leaflet|poster)\b",
    ),
    "calendar": (
        _ASKS + r".*\b(?:calendar|diary|outlook|ics)\b",
        r"\b(?:add|put|save|export)\b.*\b(?:calendar|diary|outlook|ics)\b",
        r"\b(?:calendar|diary) (?:entry|file|invite|event|reminder|dates?)\b",
        r"\b(?:remind me (?:on|before|when) |set (?:me )?a reminder)\b",
    ),
    "answers": (
        r"\b(?:what|which)\b.*\b(?:have|did|do)\b.*\b(?:i|you)\b.*\b(?:told|tell|said|given|got)\b"
        + _SO_FAR,
        r"^\W*(?:(?:so|and|ok)\W+)*what\s+(?:have|did|do)\s+you\s+(?:understood|understand|noted?|taken\s+down)"
        + _SO_FAR,
        r"^\W*(?:(?:can|could|may) i |please |(?:show|list|give|let) me )*(?:see |show |check )?"
        r"(?:all )?(?:of )?my answers\b" + _SO_FAR,
    ),
    "draft": (_DRAFT_FOR, _INVITE, _NAMED),
    "answer": (r"^\W*(?:my |our |the )?answer\s*:",),
    "practice": (
        r"\b(?:practi[cs]e|training|sandbox|demo|test)[\s-]+(?:mode|run)\b",
        r"\b(?:training|sandbox|demo|test) (?:case|situation)\b",
        r"\bsandbox\b",
        r"\b(?:made[\s-]up|invented|pretend|imaginary|fictional) (?:case|situation|example)\b",
        r"^\W*(?:start|begin|end|stop|finish) (?:the |a |this )?practi[cs]\w+\W*$",
    ),
}
"""Each request with the patterns of its words."""


@cache
def _compiled(request: str) -> re.Pattern[str]:
    return re.compile("|".join(REQUESTS[request]), re.IGNORECASE | re.DOTALL)


def find_request(text: str) -> str | None:
    """Return the request that a text makes, or None.

    >>> find_request("give me the one-page version")
    'briefing'
    """
    if len(text.split()) > FEW_WORDS:
        return None
    return next((request for request in REQUESTS if _compiled(request).search(text)), None)
