"""Combine the n-gram rankers with the sentence encoder.

They make different mistakes: n-grams know the field's words, the encoder the meaning of a
sentence. Their odds are combined, not their shares, so that the surer of the two counts more.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.core.vocabulary import Disagreement
from bot.understanding.model.by_meaning import MeaningRanker
from bot.understanding.model.decision import Heard, log_odds
from bot.understanding.model.encoder import Scores
from bot.understanding.model.ranker import DANGER, Ranker, loudest_clause, rank_both

DANGER_BY_MEANING = 0.6
"""The weight of the encoder's odds of danger; the ranker's have the rest."""
KINDS_BY_MEANING = 0.4
"""The weight of the kinds' odds by meaning, chosen by leaving out one author at a time."""
OWN_SCORES = 0.4
"""The part of it that the encoder's own scores of the kinds have; the ranker by meaning has the
rest. They know the older lines better, and it the newer."""
KINDS = frozenset(map(str, Disagreement))
_SMALLEST = 1e-9

Shares = Sequence[tuple[str, float]]


def rank_joined(
    text: str, intents: Ranker, danger: Ranker, heard: Scores, kinds: MeaningRanker | None = None
) -> list[tuple[str, float]]:
    """Return every intent with its share, danger among them, the likeliest first.

    Without the ranker `kinds` by meaning the encoder's own scores order the kinds alone.
    """
    ranked = rank_both(text, intents, danger)
    risk = joined_risk(dict(ranked)[DANGER], heard)
    meant = _meant(kinds.scores(heard.meaning), heard.intents) if kinds else heard.intents
    others = joined_kinds([(name, share) for name, share in ranked if name != DANGER], meant)
    return sorted(
        [*((name, share * (1 - risk)) for name, share in others), (DANGER, risk)],
        key=lambda item: -item[1],
    )


def _meant(by_meaning: Mapping[str, float], own: Mapping[str, float]) -> dict[str, float]:
    return {
        kind: (1 - OWN_SCORES) * score + OWN_SCORES * own[kind]
        for kind, score in by_meaning.items()
    }


def heard_of_danger(text: str, danger: Ranker, scores: Scores) -> Heard:
    """Return what the ranker and the encoder hear of danger in a text."""
    clause, worst = loudest_clause(text, danger)
    share = dict(danger.rank(text)).get(DANGER, 0.0)
    return Heard(scores.danger, log_odds(share), log_odds(clause), scores.now, worst)


def joined_risk(share: float, heard: Scores) -> float:
    """Return the share of danger from the ranker's share and the encoder's score."""
    kept = min(max(share, _SMALLEST), 1 - _SMALLEST)
    odds = np.log(kept / (1 - kept))
    joined = DANGER_BY_MEANING * heard.danger + (1 - DANGER_BY_MEANING) * odds
    return float(1 / (1 + np.exp(-joined)))


def joined_kinds(ranked: Shares, scores: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return the shares of the ranker's intents, with the kinds ordered by these and by `scores`.

    The kinds together and every other intent keep the ranker's shares, since the thresholds of the
    conversation were measured on those.
    """
    shares = np.array([share for _, share in ranked]) + _SMALLEST
    shares /= shares.sum()
    told = KINDS & scores.keys()
    known = np.array([name in told for name, _ in ranked])
    if known.any():
        odds = np.array([scores[name] for name, _ in ranked if name in told])
        meant = np.exp(odds - odds.max()) + _SMALLEST
        meant *= shares[known].sum() / meant.sum()
        both = np.exp(
            KINDS_BY_MEANING * np.log(meant) + (1 - KINDS_BY_MEANING) * np.log(shares[known])
        )
        shares[known] = both * shares[known].sum() / both.sum()
    return [(name, float(share)) for (name, _), share in zip(ranked, shares, strict=True)]
