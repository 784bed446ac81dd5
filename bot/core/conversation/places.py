"""What is said of a place: its name as it is written, and notes on what was taken from it."""

import re
from collections.abc import Sequence

from bot.core.conversation.answers import Note

SMALL = re.compile(
    r"(?<=[\s-])(?:and|by|cum|in|juxta|le|next|of|on|over|sub|super|the|under|upon|with)(?=[\s-])",
    re.IGNORECASE,
)
"""Words in the middle of a name that begin with a small letter: "Stoke-on-Trent"."""
MOST_NAMED = 6
"""With more authorities than this none is named."""


def place_title(place: str) -> str:
    """Return the name of a place, typed in any way, as it is written."""
    return SMALL.sub(lambda found: found.group().lower(), place.title())


def nation_note(nation: str) -> str:
    """Return the name of the note on a nation other than England."""
    return f"note_nation_{nation.lower().replace(' ', '_')}"


def outside_note(place: str, authority: str | None, partnership: str | None = None) -> Note:
    """Return the note on a place of England that no policy covers.

    `partnership` is the safeguarding partnership there, unless it may be called after the council.
    """
    shown = place_title(place)
    if authority and partnership:
        gaps = {"place": shown, "authority": authority, "partnership": partnership}
        return Note("note_outside_partnership", gaps)
    if authority is None or authority.casefold() == shown.casefold():
        return Note("note_outside", {"place": authority or shown})
    return Note("note_outside_of", {"place": shown, "authority": authority})


def unclear_note(place: str, among: Sequence[str], *, now: bool) -> Note:
    """Return the note on a name that several places have, with the authorities they lie under.

    `now` is while the place is asked for; else it is asked later.
    """
    shown, when = place_title(place), "" if now else "_soon"
    if not 1 < len(among) <= MOST_NAMED:
        return Note(f"note_unclear_many{when}", {"place": shown})
    named = f"{', '.join(among[:-1])} or {among[-1]}"
    return Note(f"note_unclear_place{when}", {"place": shown, "among": named})
