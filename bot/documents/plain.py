"""Makes typed text safe for files: it stays text, whatever it looks like."""

import re
from datetime import date

NOT_IN_A_FILE = re.compile(
    "[^\t\n\x20-\x7e\x85\xa0-\u2027\u202f-\u2065\u2070-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd"
    "\U00010000-\U0010ffff]"
)
"""Characters that XML forbids or that reverse the direction of the text around them."""
UNSAFE_IN_A_NAME = re.compile(r"[^a-z0-9]+")


def clean_text(text: str) -> str:
    r"""Return the text without characters that a file may not hold; lines end in one newline.

    >>> clean_text("=1+1\r\n<b>\x00\x0b")
    '=1+1\n<b>'
    """
    return NOT_IN_A_FILE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    r"""Return the text on one line, as a title or a header needs it.

    >>> one_line("Re: x\r\nBcc: everyone")
    'Re: x Bcc: everyone'
    """
    return " ".join(clean_text(text).split())


def dated_name(of: str, what: str, day: date, ending: str) -> str:
    """Return the name of a file about a policy.

    >>> dated_name("pan_dorset", "briefing", date(2026, 11, 24), "docx")
    'pan-dorset-briefing-2026-11-24.docx'
    """
    return f"{slug(f'{of}_{what}')}-{day.isoformat()}.{ending}"


def slug(text: str) -> str:
    """Return a text as part of a file name: small letters, digits and hyphens.

    >>> slug("kent_stage_3")
    'kent-stage-3'
    """
    return UNSAFE_IN_A_NAME.sub("-", text.lower()).strip("-")
