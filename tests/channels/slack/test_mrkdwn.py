"""The guide's text in Slack's markup, and Slack's markup as plain words."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.mrkdwn import (
    LONGEST,
    code_block,
    shortened,
    slack_length,
    split_to_fit,
    to_mrkdwn,
    without_markup,
)

LINK = re.compile(r"<(?:tel:999|mailto:[^<>|]+|https?://[^<>|]+)(?:\|([^<>]+))?>")
NASTY = st.text(st.sampled_from("<>&!@#*_~`|:/.() \n-[]9here999channelhttps"), max_size=60)


@pytest.mark.parametrize(
    ("said", "drawn"),
    [
        ("**If a child is in danger now, call 999 first.**",
         "*If a child is in danger now, call <tel:999|999> first.*"),
        ("- one\n* two\n3. three", "• one\n• two\n3. three"),
        ("See https://www.kscmp.org.uk/policy?a=1&b=2.",
         "See <https://www.kscmp.org.uk/policy?a=1&amp;b=2>."),
        ("[the policy](https://example.org/a)", "<https://example.org/a|the policy>"),
        ("Write to lscp@example.gov.uk.",
         "Write to <mailto:lscp@example.gov.uk|lscp@example.gov.uk>."),
        ("Ring 01234 999 567 or 999", "Ring 01234 999 567 or <tel:999|999>"),
        ("5 < 6 & 7 > 2", "5 &lt; 6 &amp; 7 &gt; 2"),
        ("<!channel> <@U123> <#C1|general> <!subteam^S1>",
         "&lt;!channel&gt; &lt;@U123&gt; &lt;#C1|general&gt; &lt;!subteam^S1&gt;"),
        ("@here @channel, @Everyone", "@\u2060here @\u2060channel, @\u2060Everyone"),
        ("a ~b~ `c` *d* _e_ f_g", "a \u223cb\u223c \u02cbc\u02cb \u2217d\u2217 \uff3fe\uff3f f_g"),
        ("javascript:alert(1) [x](javascript:alert(1))",
         "javascript:alert(1) [x](javascript:alert(1))"),
    ],
)  # fmt: skip
def test_what_is_said_is_drawn_as_slack_draws_it(said: str, drawn: str) -> None:
    """Bold, lists, links and 999 are marked; everything else is only text."""
    assert to_mrkdwn(said) == drawn


@given(NASTY)
def test_quoted_text_cannot_mention_people_or_make_links(said: str) -> None:
    """Whatever is in a text, what is left of it in angle brackets is a link made here."""
    rest = LINK.sub("", to_mrkdwn(said))
    assert "<" not in rest
    assert ">" not in rest
    assert not re.search(r"(?<!\w)@(here|channel|everyone)\b", rest, re.IGNORECASE)


@given(NASTY)
def test_code_holds_what_it_was_given(said: str) -> None:
    """A block to copy has the same words in it, cannot be left, and calls nobody."""
    drawn = code_block(said)
    inside = drawn[len("```\n") : -len("\n```")]
    assert "```" not in inside
    assert "<" not in inside
    assert unescape(inside).replace("\u2060", "") == said.replace("```", "'''").replace(
        "\u2060", ""
    )


@given(st.text(st.sampled_from("a& \n🙂<"), max_size=400), st.integers(40, 120))
def test_a_long_text_is_broken_and_nothing_is_lost(said: str, most: int) -> None:
    """Each piece fits, and together they say what was said."""
    pieces = split_to_fit(said, most=most)
    assert all(0 < slack_length(piece) <= most for piece in pieces)
    together = "".join("".join(unescape(piece).split()) for piece in pieces)
    assert together == "".join(said.split())


def test_a_long_text_is_broken_at_the_end_of_a_line() -> None:
    """No line is torn that fits by itself."""
    lines = [f"Line {number} of a long draft." for number in range(300)]
    pieces = split_to_fit("\n".join(lines), draw=code_block)
    assert len(pieces) > 1
    assert all(slack_length(piece) <= LONGEST for piece in pieces)
    assert [line for piece in pieces for line in piece.split("\n")[1:-1]] == lines


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("short", 5, "short"),
        ("Whether it should start", 12, "Whether it…"),
        ("🙂🙂🙂", 6, "🙂🙂🙂"),
        ("🙂🙂🙂🙂", 6, "🙂🙂…"),
    ],
)
def test_a_title_is_shortened_with_an_ellipsis(text: str, most: int, short: str) -> None:
    """An emoji counts twice, and is never cut in half."""
    assert shortened(text, most) == short
    assert slack_length(short) <= most


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<tel:01234567890|01234 567 890>", "01234 567 890"),
        ("<mailto:a@b.org|a@b.org>", "a@b.org"),
        ("<https://facebook.com/x|facebook.com/x> <https://a.org>",
         "facebook.com/x https://a.org"),
        ("<@U0GUIDE> hello", "hello"),
        ("ask <@U0OTHER> and <@U0OTHER|jane.doe>", "ask [name] and [name]"),
        ("in <#C123|cp-team> or <#C123>", "in #cp-team or"),
        ("<!here> <!subteam^S1|@leads> <!date^1^{date}|today>", "here @leads today"),
    ],
)  # fmt: skip
def test_typed_text_loses_slacks_markup(typed: str, words: str) -> None:
    """So that masking sees what the person saw; a mention is a name, and is left out."""
    assert without_markup(typed, bot="U0GUIDE") == words


@given(st.text(max_size=80))
def test_any_typed_text_can_be_read(typed: str) -> None:
    """What is only text comes back as it was typed."""
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert without_markup(escaped) == typed.strip()
