"""Convert between plain text and mrkdwn, Slack's own markup.

The guide's messages may quote a person or a policy. Nothing quoted may become markup or notify
people (<!channel>, @here).
"""

import re
from collections.abc import Callable
from html import unescape

LONGEST = 3000
"""Slack's limit for a text of a block, in characters."""

_ITEM = re.compile(r"\s*[-*•]\s+(?=\S)")
_INLINE = re.compile(
    r"\*\*(?P<bold>\S(?:.*?\S)?)\*\*"
    r"|\[(?P<label>[^\]\[]+)\]\((?P<target>https?://[^\s()<>|]+)\)"
    r"|(?P<url>https?://[^\s<>|*]*[^\s<>|*.,;:!?)\"'\]])"
    r"|(?P<mail>[\w.+-]+@\w[\w-]*(?:\.\w[\w-]*)+)"
    # With digits on either side, 999 is part of a longer telephone number.
    r"|(?<!\d)(?<!\d[ -])\b(?P<emergency>999)\b(?![ -]?\d)"
)
_EVERYBODY = re.compile(r"(?<!\w)@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)
_JOINER = "\u2060"

# Characters that Slack reads as bold, strikethrough or code, and lookalikes for them.
_LOOKALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_EDGE = re.compile(r"(?<!\w)_|_(?!\w)")

_THEIRS = re.compile(r"<(?P<mark>[@#!]?)(?P<what>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
SOMEBODY = "[name]"
"""Replaces a mention of a person, as masking replaces a name."""


def to_mrkdwn(text: str) -> str:
    r"""Return the guide's text as mrkdwn.

    >>> to_mrkdwn("**Call 999** & then:\n- tell <!channel>")
    '*Call <tel:999|999>* &amp; then:\n• tell &lt;!channel&gt;'
    """
    return "\n".join(_line(line) for line in text.split("\n"))


def escaped(text: str) -> str:
    """Return the text escaped, so that Slack reads no link, mention or entity in it.

    >>> escaped("<!here> & <@U1>")
    '&lt;!here&gt; &amp; &lt;@U1&gt;'
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _EVERYBODY.sub(f"@{_JOINER}", safe)


def code_block(text: str) -> str:
    """Return the text as a code block to copy, without any markup in it."""
    return f"```\n{escaped(text.replace('```', chr(39) * 3))}\n```"


def link(url: str, label: str) -> str:
    """Return a link."""
    return f"<{_address(url)}|{_literal(label).replace('|', '¦')}>"


def slack_length(text: str) -> int:
    """Return the length of a text as Slack counts it: an emoji counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_to_fit(
    text: str, draw: Callable[[str], str] = to_mrkdwn, most: int = LONGEST
) -> list[str]:
    """Draw the text in as few pieces as fit, split at line ends.

    A line that is too long is split at a blank, or anywhere if it has none.
    """
    whole_text = draw(text)
    if slack_length(whole_text) <= most:
        return [whole_text] if text.strip() else []
    pieces: list[str] = []
    held = ""
    for line in text.split("\n"):
        longer = f"{held}\n{line}" if held else line
        if slack_length(draw(longer)) <= most:
            held = longer
            continue
        pieces += [draw(held)] if held.strip() else []
        *whole, held = _broken(line, draw, most)
        pieces += map(draw, whole)
    return [*pieces, draw(held)] if held.strip() else pieces


def shortened(text: str, most: int) -> str:
    """Return the text, shortened at a whole character with an ellipsis if it is too long.

    >>> shortened("Whether it should start", 12)
    'Whether it…'
    """
    if slack_length(text) <= most:
        return text
    kept = text
    while slack_length(kept) > most - 1:
        kept = kept[: min(len(kept) - 1, most - 1)]
    return f"{kept.rstrip()}…"


def without_markup(typed: str, bot: str = "") -> str:
    """Return typed text without Slack's markup.

    Links, addresses and telephone numbers are restored as typed, so that masking sees them.
    Mentions become placeholders, as names do; a mention of the guide itself (`bot`) is removed.

    >>> without_markup("<@U1> ring <tel:01234567890|01234 567890> &amp; ask", bot="U1")
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
    if slack_length(draw(line)) <= most:
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
