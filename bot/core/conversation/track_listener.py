"""Applies what a message says of the track that a case is on, where a policy has several."""

import re
from functools import cache

from bot.core.conversation.listener import Listener


class TrackListener(Listener):
    """Listens for the name of a track."""

    def priority(self) -> None:
        """Take the track that a statement names, whether or not it has been asked yet."""
        policy = self.state.policy(self.policies)
        listed = policy.priorities if policy else ()
        text = self.typed.text.casefold()
        named = [one.id for one in listed if _track(one.name).search(text)]
        if len(named) == 1 and "?" not in text:
            self.set(priority=named[0])


@cache
def _track(name: str) -> re.Pattern[str]:
    """Return the pattern of a track's name: one word alone is too often another matter."""
    words = [re.escape(word) for word in name.casefold().removeprefix("the ").split()]
    kind = "" if len(words) > 1 else r"\W+(?:track|priority|route|level|timescales?)"
    phrase = r"\W+".join(words)
    return re.compile(rf"(?<!\bnot )(?<!\bnot the )(?<!\bnot on the )\b{phrase}{kind}\b")
