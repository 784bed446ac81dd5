"""The ranker of kinds of disagreement by meaning.

The encoder's own scores of the kinds are sure of the lines that it has learned from, and lose what
is only hinted at ("seven chairs and a biscuit tin"). So lines that it has not learned from count
more here, and are also learned inside an account.
"""

from collections.abc import Sequence

from bot.core.vocabulary import Disagreement
from bot.understanding.model.by_meaning import MeaningRanker, train_by_meaning
from bot.understanding.model.encoder import Encoder
from bot.understanding.model.wrapped import wrapped

STRENGTH = 0.5
"""The inverse of the regularisation (scikit-learn's C), chosen on authors left out in turn."""
UNSEEN_COUNT = 2.0
"""The weight of a line that the encoder has not learned from, relative to one that it has."""

Lines = Sequence[tuple[str, str]]


def train_kinds(seen: Lines, unseen: Lines, encoder: Encoder) -> MeaningRanker | None:
    """Return the ranker, from (text, kind), or None where a kind has no line.

    `seen` are lines that the encoder has learned from.
    """
    if {kind for _, kind in (*seen, *unseen)} != set(map(str, Disagreement)):
        return None
    new = [*unseen, *wrapped(unseen)]
    weights = [1.0] * len(seen) + [UNSEEN_COUNT] * len(new)
    return train_by_meaning([*seen, *new], STRENGTH, encoder, weights)
