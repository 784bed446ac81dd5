"""Finds requests that are known by their words alone, whatever the model makes of the rest."""

import re
from collections.abc import Mapping
from functools import cache

from bot.understanding.account.wanted import named_draft

DRAFT = "draft"
"""A draft called by its name, of which `words/draft_names.yml` is the list."""
FEW_WORDS = 14
"""In a longer message a word such as "briefing" is part of what happened."""
_ASKS = r"\b(?:give|send|show|have|get|got|want|need|make|print|download|share|is there|any)\b"
_BEFORE_HELP = (
    r"^\W*(?:(?:hi|hello|please|pls|can|could|would|someone|somebody|anyone|you|i|m|we|just|really"
    r"|need|want|some|bit|a|of|im|stuck|and|so|ok)\W+)*"
)

_POLITE = (
    r"(?:(?:please|pls|plz|ok|okay|now|and|so|just|then|can you|could you|would you|will you|lets"
    r"|i (?:want|need)(?: you)? to|id like(?: you)? to|help me(?: to)?)\W+)*"
)
_WHAT = (
    r"(?:\s+(?:me|us|up|out|an?|the|my|our|some|short|quick|polite|firm|nice|another|something|words?"
    r"|wording|message|msg|e-?mail|letter|note|line|text|memo|one|it|this))*"
)
_STAND = (
    r"\b(?:we|i|im)\b\W*(?:(?:re|m|ll|are|am|do|will|wont|won\W?t|dont|don\W?t|cant|can\W?t"
    r"|not|be|still|now|only|all|both|just|partly|really|going|to)\W+)*"
    r"(?:(?:stick|stand|hold|keep)(?:ing)?\s+(?:to|by|with|firm)|agree(?:ing)?|accept(?:ing)?"
    r"|chang(?:e|ing)|mov(?:e|ing)|budg(?:e|ing))\b[^.;!?]*?"
)
"""Where somebody stands, which the draft is to say. That they rang is news, and no stand."""
_WRITE_IT = (
    r"\W" + _POLITE + r"(?:write|word|put|draft|say)\s+(?:it|that|this|so)"
    r"(?:\s+(?:like|that|this|way|up|down|please|pls|for|me|us|then|in|nicely|properly))*\W*$"
)
_SO_FAR = r"(?:\s+(?:you|so far|down|already|again|please))*\W*$"

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
    DRAFT: (
        # "Draft something for my sergeant": whoever is to get it has done nothing yet.
        r"^\W*"
        + _POLITE
        + r"(?:draft|write|word|compose|prepare)\b"
        + _WHAT
        + r"\s+(?:to|for)(?:\s+(?:my|our|the|their|her|his|an?))?(?:\s+[\w&/-]+){1,4}\W*$",
        r"^\W*"
        + _POLITE
        + r"(?:(?:an?|the)\s+)?(?:message|msg|e-?mail|letter|note|memo)\s+(?:to|for)"
        r"(?:\s+(?:my|our|the|their|her|his|an?))?(?:\s+[\w&/-]+){1,3}\W*$",
        # "I want it in writing for the team manager". From them it would be their answer.
        (
            r"^\W*(?:(?:no|ok|okay|so|and)\W+)*(?:i|we)\s+(?:want|need|would like)\s+"
            r"(?:it|this|that|something)\s+(?:put\s+)?in writing\s+(?:to|for)\b[\w\s&/-]{1,40}\W*$"
        ),
        # "We agree with half of it, write that": nothing of it has gone out.
        r"^\W*(?:(?:no|ok|okay|yes|so|and|but|well)\W+)*" + _STAND + _WRITE_IT,
        r"^\W*"
        + _POLITE
        + r"(?:write|word|draft|put|say)\s+(?:(?:it|this|an?\s+\w+)\s+)?that\s+"
        + _STAND
        + r"\W*$",
    ),
    "answers": (
        r"\b(?:what|which)\b.*\b(?:have|did|do)\b.*\b(?:i|you)\b.*\b(?:told|tell|said|given|got|understood|noted|heard"
        r"|taken (?:in|down)|recorded|written down)\b" + _SO_FAR,
        r"^\W*(?:(?:can|could|may) i |please |(?:show|list|give|let) me )*(?:see |show |check )?"
        r"(?:all )?(?:of )?my answers\b" + _SO_FAR,
    ),
    "record": (
        # "Make the record", "the recording template": the files hold it.
        r"^\W*"
        + _POLITE
        + r"(?:make|give|show|get|fill in|fill out|download|print|send|need|wheres|where is)\b"
        r"(?:\s+(?:me|us|the|an?|my|our|policys?))*"
        r"\s+(?:record(?:ing)?|outcome)(?:\s+(?:form|template|sheet|document|file|record|of\s+(?:the\s+)?outcome))?"
        r"(?:\s+(?:please|pls|now|for me|for us))*\W*$",
    ),
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
    if named_draft(text):
        return DRAFT
    return next((request for request in REQUESTS if _compiled(request).search(text)), None)
