"""What the rankers of n-grams and the encoder of sentences say together.

Each is wrong where the other is not: n-grams know the field's words, the encoder what a sentence
means. Odds are joined, not shares, so that one that is sure is heard beside one that is not.
"""

from collections.abc import Sequence

import numpy as np

from bot.core.vocabulary import Disagreement
from bot.understanding.model.encoder import Scores
from bot.understanding.model.ranker import DANGER, Ranker, rank_both

DANGER_BY_MEANING = 0.6
"""How much the encoder's odds of danger count; the ranker's count for the rest."""
KINDS_BY_MEANING = 0.5
"""The same of the kinds of disagreement."""
KINDS = frozenset(map(str, Disagreement))
_SMALLEST = 1e-9

Shares = Sequence[tuple[str, float]]


def rank_joined(
    text: str, intents: Ranker, danger: Ranker, heard: Scores
) -> list[tuple[str, float]]:
    """Return every intent with its share, danger among them, the likeliest first."""
    ranked = rank_both(text, intents, danger)
    risk = joined_risk(dict(ranked)[DANGER], heard)
    others = joined_kinds([(name, share) for name, share in ranked if name != DANGER], heard)
    return sorted(
        [*((name, share * (1 - risk)) for name, share in others), (DANGER, risk)],
        key=lambda item: -item[1],
    )


def joined_risk(share: float, heard: Scores) -> float:
    """Return the share of danger by the ranker's share and what the encoder hears."""
    kept = min(max(share, _SMALLEST), 1 - _SMALLEST)
    odds = np.log(kept / (1 - kept))
    joined = DANGER_BY_MEANING * heard.danger + (1 - DANGER_BY_MEANING) * odds
    return float(1 / (1 + np.exp(-joined)))


def joined_kinds(ranked: Shares, heard: Scores) -> list[tuple[str, float]]:
    """Return the shares of the ranker's intents, those of the kinds ordered by both.

    Together the kinds keep what the ranker gives them, and every other intent keeps its own share:
    what is acted on in a conversation is measured on the ranker's.
    """
    shares = np.array([share for _, share in ranked]) + _SMALLEST
    shares /= shares.sum()
    told = KINDS & heard.intents.keys()
    known = np.array([name in told for name, _ in ranked])
    if known.any():
        scores = np.array([heard.intents[name] for name, _ in ranked if name in told])
        meant = np.exp(scores - scores.max()) + _SMALLEST
        meant *= shares[known].sum() / meant.sum()
        both = np.exp(
            KINDS_BY_MEANING * np.log(meant) + (1 - KINDS_BY_MEANING) * np.log(shares[known])
        )
        shares[known] = both * shares[known].sum() / both.sum()
    return [(name, float(share)) for (name, _), share in zip(ranked, shares, strict=True)]
