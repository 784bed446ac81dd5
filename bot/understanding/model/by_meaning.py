"""Rank labels by the meaning that the sentence encoder gives a text anyway.

Stored as arrays, without pickling.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from bot.understanding.model.encoder import Encoder

Floats = NDArray[np.float32]
SCALE, MOST_PASSES = 2.0, 60


@dataclass(frozen=True)
class MeaningRanker:
    """Trained weights: (numbers of a meaning, labels); `bias` and `labels` match its columns."""

    weights: Floats
    bias: Floats
    labels: tuple[str, ...]

    def log_shares(self, meaning: Floats) -> Floats:
        """Return the logarithm of each label's share, in the order of `labels`."""
        odds = SCALE * meaning @ self.weights + self.bias
        below = odds - odds.max()
        shares: Floats = below - np.log(np.exp(below).sum())
        return shares

    def scores(self, meaning: Floats) -> Mapping[str, float]:
        """Return the logarithm of each label's share, by label."""
        return dict(zip(self.labels, self.log_shares(meaning).tolist(), strict=True))


def train_by_meaning(
    lines: Sequence[tuple[str, str]],
    strength: float,
    encoder: Encoder,
    weights: Sequence[float] | None = None,
) -> MeaningRanker:
    """Fit a ranker to (text, label). `strength` is scikit-learn's C, `weights` are the lines'.

    Raises ValueError if there are fewer than three labels.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    labels = [label for _, label in lines]
    if len(set(labels)) < 3:  # noqa: PLR2004 - scikit-learn folds two classes into one row
        raise ValueError("A ranker by meaning needs three labels or more.")
    meanings = SCALE * np.array([encoder.score(text).meaning for text, _ in lines])
    model = LogisticRegression(
        C=strength, class_weight="balanced", max_iter=MOST_PASSES, tol=0.05, random_state=7
    )
    with catch_warnings():
        # The number of passes ends the fit, which is meant.
        simplefilter("ignore", ConvergenceWarning)
        model.fit(meanings, labels, sample_weight=weights)
    found = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
    return MeaningRanker(
        found, model.intercept_.astype(np.float32), tuple(map(str, model.classes_))
    )


def write_by_meaning(folder: Path, name: str, ranker: MeaningRanker) -> None:
    """Write a ranker as arrays."""
    np.savez_compressed(
        _file(folder, name),
        weights=ranker.weights,
        bias=ranker.bias,
        labels=np.array(ranker.labels),
    )


def read_by_meaning(folder: Path, name: str) -> MeaningRanker | None:
    """Return the ranker that was written under this name, or None if there is none."""
    if not _file(folder, name).exists():
        return None
    with np.load(_file(folder, name), allow_pickle=False) as arrays:
        labels = tuple(map(str, arrays["labels"]))
        return MeaningRanker(arrays["weights"], arrays["bias"], labels)


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.meaning.npz"
