"""A person in Slack who reads words, not markup: for situations that every channel goes through."""

import re
from html import unescape

from tests.support.slack_limits import Call, options
from tests.support.slack_person import SlackPerson

_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]+))?>")
_BOLD = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
_AS_TYPED = str.maketrans({"\u2217": "*", "\u223c": "~", "\uff3f": "_", "\u2060": None})


class SlackReader(SlackPerson):
    """The same person, seeing what Slack shows."""

    def open(self) -> "SlackReader":
        """Open the chat with the guide for the first time."""
        self.event(
            {
                "type": "app_home_opened",
                "user": self.user,
                "channel": self.channel,
                "tab": "messages",
            }
        )
        self.heard()
        return self

    @property
    def text(self) -> str:
        """All that the guide said last, as it is read."""
        return "\n".join(read(post) for post in self.posts)

    @property
    def titles(self) -> list[str]:
        """The whole titles of the options shown last, those in a card's lines first."""
        return [title for post in self.posts for title in whole_titles(post)]

    def press(self, title: str) -> list[Call]:
        """Press the newest option with this title, however short it stands on its button."""
        for post in reversed(self.log):
            shown = self.now(post)
            for (block, option), whole in zip(
                options(shown), whole_titles(post, shown), strict=True
            ):
                if whole == title:
                    self.interact(self.payload(post, shown, block, option))
                    return self.heard()
        raise AssertionError(f"No option {title!r} was shown; the last were {self.titles}.")


def read(post: Call) -> str:
    """What a post shows, in bare words."""
    drawn = _LINK.sub(lambda found: found[2] or found[1], post.drawn)
    return unescape(_BOLD.sub(r"\1", drawn)).translate(_AS_TYPED)


def whole_titles(post: Call, shown: list[dict[str, object]] | None = None) -> list[str]:
    """The title of each option: one that is cut short stands whole, by its number, in the text."""
    # The buttons stand below the whole titles.
    lines = dict(reversed(re.findall(r"^(\d+)\. (.*)$", read(post), re.MULTILINE)))
    titles = []
    for _, option in options(post.blocks if shown is None else shown):
        number, _, title = option["text"]["text"].partition(". ")
        if "accessibility_label" in option:
            titles.append(str(option["accessibility_label"]))
        else:
            titles.append(lines.get(number, title) if title.endswith("…") else title)
    return titles
