"""Slack's own markup, which it calls mrkdwn: the guide's text into it, and typed text out of it.

What the guide says may hold a person's words and a policy's. Nothing in them may become markup,
or call people together (<!channel>, @here).
"""

import re
from collections.abc import Callable
from html import unescape

LONGEST = 3000
"""Characters that Slack takes in one text of a block."""

_ITEM = re.compile(r"\s*[-*•]\s+(?=\S)")
_INLINE = re.compile(
    r"\*\*(?P<bold>\S(?:.*?\S)?)\*\*"
    r"|\[(?P<label>[^\]\[]+)\]\((?P<target>https?://[^\s()<>|]+)\)"
    r"|(?P<url>https?://[^\s<>|*]*[^\s<>|*.,;:!?)\"'\]])"
    r"|(?P<mail>[\w.+-]+@\w[\w-]*(?:\.\w[\w-]*)+)"
    # Digits on either side mean that 999 is part of a longer telephone number.
    r"|(?<!\d)(?<!\d[ -])\b(?P<emergency>999)\b(?![ -]?\d)"
)
_EVERYBODY = re.compile(r"(?<!\w)@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)
_JOINER = "\u2060"

# What Slack would take for bold, struck out or code, as a character that looks like it.
_LOOKALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_EDGE = re.compile(r"(?<!\w)_|_(?!\w)")

_THEIRS = re.compile(r"<(?P<mark>[@#!]?)(?P<what>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
SOMEBODY = "[name]"
"""Stands where a person was mentioned, as masking writes a name."""


def mrkdwn(text: str) -> str:
    r"""Return the guide's text as Slack draws it.

    >>> mrkdwn("**Call 999** & then:\n- tell <!channel>")
    '*Call <tel:999|999>* &amp; then:\n• tell &lt;!channel&gt;'
    """
    return "\n".join(_line(line) for line in text.split("\n"))


def escaped(text: str) -> str:
    """Return the text without anything that Slack reads as a link, a mention or an entity.

    >>> escaped("<!here> & <@U1>")
    '&lt;!here&gt; &amp; &lt;@U1&gt;'
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _EVERYBODY.sub(f"@{_JOINER}", safe)


def code(text: str) -> str:
    """Return the text as a block to copy, in which nothing is markup."""
    return f"```\n{escaped(text.replace('```', chr(39) * 3))}\n```"


def link(url: str, label: str) -> str:
    """Return a link of the guide's own."""
    return f"<{_address(url)}|{_literal(label).replace('|', '¦')}>"


def size(text: str) -> int:
    """Return how long Slack takes a text to be: an emoji counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitting(text: str, draw: Callable[[str], str] = mrkdwn, most: int = LONGEST) -> list[str]:
    """Return the text as drawn, in as few pieces as fit, broken at the ends of lines.

    A line too long by itself is broken at a blank, or anywhere if it has none.
    """
    whole_text = draw(text)
    if size(whole_text) <= most:
        return [whole_text] if text.strip() else []
    pieces: list[str] = []
    held = ""
    for line in text.split("\n"):
        longer = f"{held}\n{line}" if held else line
        if size(draw(longer)) <= most:
            held = longer
            continue
        pieces += [draw(held)] if held.strip() else []
        *whole, held = _broken(line, draw, most)
        pieces += map(draw, whole)
    return [*pieces, draw(held)] if held.strip() else pieces


def shortened(text: str, most: int) -> str:
    """Return the text, cut at a whole character with an ellipsis where it is too long.

    >>> shortened("Whether it should start", 12)
    'Whether it…'
    """
    if size(text) <= most:
        return text
    kept = text
    while size(kept) > most - 1:
        kept = kept[: min(len(kept) - 1, most - 1)]
    return f"{kept.rstrip()}…"


def plain(typed: str, bot: str = "") -> str:
    """Return what a person typed, without Slack's markup.

    Links, addresses and telephone numbers come back as they were typed, so that masking sees
    them. Who is mentioned is left out, as a name is; the guide itself (`bot`) leaves no trace.

    >>> plain("<@U1> ring <tel:01234567890|01234 567890> &amp; ask", bot="U1")
    'ring 01234 567890 & ask'
    """

    def word(found: re.Match[str]) -> str:
        mark, what, label = found["mark"], found["what"], found["label"]
        if mark == "@":
            return "" if bot and what == bot else SOMEBODY
        if mark == "!":
            return label or what.partition("^")[0]
        if mark == "#":
            return f"#{label}" if label else ""
        return label or what.removeprefix("mailto:").removeprefix("tel:")

    return unescape(_THEIRS.sub(word, typed)).strip()


def _broken(line: str, draw: Callable[[str], str], most: int) -> list[str]:
    if size(draw(line)) <= most:
        return [line]
    middle = len(line) // 2
    blank = line.rfind(" ", 1, middle)
    cut = blank + 1 if blank > 0 else middle
    return [*_broken(line[:cut], draw, most), *_broken(line[cut:], draw, most)]


def _line(line: str) -> str:
    item = _ITEM.match(line)
    return f"• {_inline(line[item.end() :])}" if item else _inline(line)


def _inline(text: str, *, bold: bool = True) -> str:
    drawn, at = [], 0
    for found in _INLINE.finditer(text):
        if found["bold"] and not bold:
            continue
        drawn += [_literal(text[at : found.start()]), _marked(found)]
        at = found.end()
    return "".join([*drawn, _literal(text[at:])])


def _marked(found: re.Match[str]) -> str:
    if found["bold"]:
        return f"*{_inline(found['bold'], bold=False)}*"
    if found["label"]:
        return link(found["target"], found["label"])
    if found["url"]:
        return f"<{_address(found['url'])}>"
    if found["mail"]:
        return f"<mailto:{found['mail']}|{found['mail']}>"
    return "<tel:999|999>"


def _literal(text: str) -> str:
    return escaped(_EDGE.sub("\uff3f", text.translate(_LOOKALIKES)))


def _address(url: str) -> str:
    return url.replace("&", "&amp;").replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")
