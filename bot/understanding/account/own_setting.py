"""Find the setting with which somebody signs off: "they are closing it. dorset nursery"."""

from collections.abc import Sequence
from functools import partial

from bot.core.vocabulary import Agency
from bot.gazetteer.england import place_key, places
from bot.understanding.account.roles import Mention
from bot.understanding.words.patterns import pattern

SETTINGS = frozenset({Agency.education, Agency.early_years})
"""Whose setting, alone with its place, is where somebody works. Any other may be the other side:
"kent police"."""
NAMES_SOMEBODY = ":"
"""Before a setting: it is named for something, as in "who it is about: kent school"."""
_words = partial(pattern, "agencies")


def own_setting(
    words: str, segments: Sequence[tuple[int, int]], mentions: Sequence[Mention]
) -> list[Mention]:
    """Return the setting that stands alone with its place between two marks, the last of several.

    Its worry may stand beside it: "luton school worried but not immediate".
    """
    found = []
    for start, end in segments:
        here = [one for one in mentions if start <= one.start < end]
        named = words[:start].rstrip().endswith(NAMES_SOMEBODY)
        if len(here) == 1 and not named and _is_alone(words, start, end, here[0]):
            found += here
    return found[-1:]


def _is_alone(words: str, start: int, end: int, one: Mention) -> bool:
    if one.is_person or one.agency not in SETTINGS:
        return False
    before, after = words[start : one.start], words[one.end : end]
    if place_key(before) in places():
        return bool(_words("worried_after").fullmatch(after))
    where = _words("in_a_place").fullmatch(after)
    return not before.strip() and where is not None and place_key(where["place"]) in places()
