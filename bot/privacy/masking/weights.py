"""Learned weights: how strongly each feature of a doubtful word suggests a name.

Each line of `lists/weights.txt` is a feature and its weight in hundredths. Run `python -m
bench.learn_names` after a change of the features, the lists or the marked lines.
A sum is as deterministic as a list, and takes some microseconds.
"""

from functools import lru_cache
from math import log

from bot.privacy.masking.features import may_be_name, word_features
from bot.privacy.masking.lexicon import word_lines
from bot.privacy.masking.word_kinds import WordKinds

# A name that stays is worse than a word that goes, so less than one in two is enough.
LIKELY = 0.2
_SCALE = 100
_ENOUGH = _SCALE * log(LIKELY / (1 - LIKELY))


@lru_cache(maxsize=1)
def feature_weights() -> dict[str, int]:
    """Each feature's weight, in hundredths of a natural logarithm of the odds."""
    pairs = (line.rsplit(" ", 1) for line in word_lines("weights"))
    return {feature: int(weight) for feature, weight in pairs}


def is_likely(kinds: WordKinds, index: int) -> bool:
    """Whether the weights make a name of a word that no rule settled."""
    if not may_be_name(kinds, index):
        return False
    known = feature_weights()
    return sum(known.get(feature, 0) for feature in word_features(kinds, index)) > _ENOUGH
