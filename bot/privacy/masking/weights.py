"""Weights learned from marked lines: how much each feature of a doubtful word speaks for a name.

`names/weights.txt` holds one feature a line and its weight in hundredths; `python -m
bench.learn_names` writes it anew, which is due when features, lists or marked lines have changed.
A sum is as deterministic as a list, and takes some microseconds.
"""

from functools import lru_cache
from math import log

from bot.privacy.masking.features import features, may_be_name
from bot.privacy.masking.lexicon import word_lines
from bot.privacy.masking.word_kinds import Kinds

# A name that stays is worse than a word that goes, so less than one in two is enough.
LIKELY = 0.2
_SCALE = 100
_ENOUGH = _SCALE * log(LIKELY / (1 - LIKELY))


@lru_cache(maxsize=1)
def weights() -> dict[str, int]:
    """Each feature's weight, in hundredths of a natural logarithm of the odds."""
    pairs = (line.rsplit(" ", 1) for line in word_lines("weights"))
    return {feature: int(weight) for feature, weight in pairs}


def is_likely(kinds: Kinds, index: int) -> bool:
    """Whether the weights make a name of a word that no rule has settled."""
    if not may_be_name(kinds, index):
        return False
    known = weights()
    return sum(known.get(feature, 0) for feature in features(kinds, index)) > _ENOUGH
