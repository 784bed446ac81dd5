"""Places in the United Kingdom that no policy of the guide covers."""

from functools import cache

import msgspec

from bot.understanding.words.patterns import SHEETS


@cache
def uncovered_places() -> frozenset[str]:
    """Return every such place of `words/elsewhere.yml`, in small letters, blanks for hyphens."""
    regions = msgspec.yaml.decode(
        (SHEETS / "elsewhere.yml").read_bytes(), type=dict[str, tuple[str, ...]]
    )
    return frozenset(name for names in regions.values() for name in names)
