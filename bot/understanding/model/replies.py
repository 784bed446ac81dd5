"""Rank what a whole message says as a reply to one question: "How far has it got?", "And then?".

Replies are few words in no fixed wording, so the n-grams are joined with the meaning that the
sentence encoder gives the message anyway. Stored as arrays and word lists, without pickling.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from bot.understanding.model.encoder import Encoder
from bot.understanding.model.ranker import (
    CLAUSES,
    Ranker,
    read_ranker,
    train,
    write_ranker,
)

Floats = NDArray[np.float32]
MOST_WORDS = 30
"""A longer message is an account, and no reply to one question."""
BY_MEANING = 0.5
"""The weight of the encoder's odds; the n-grams have the rest. Measured on every second line of a
batch, as is the strength of the fit."""
STRENGTH, SCALE, MOST_PASSES = 3.0, 2.0, 60
_SMALLEST = 1e-9


@dataclass(frozen=True)
class ReplyRanker:
    """Ranks by words and by meaning. `weights` is (numbers of a meaning, labels)."""

    words: Ranker
    weights: Floats
    bias: Floats

    def rank(self, text: str, meaning: Floats) -> tuple[str, float]:
        """Return the likeliest label with its share."""
        said = dict(self.words.rank(text))
        by_words = np.log(np.array([said[label] for label in self.words.labels]) + _SMALLEST)
        odds = SCALE * meaning @ self.weights + self.bias
        by_meaning = odds - odds.max()
        by_meaning = by_meaning - np.log(np.exp(by_meaning).sum())
        joined = np.exp(BY_MEANING * by_meaning + (1 - BY_MEANING) * by_words)
        best = int(joined.argmax())
        return self.words.labels[best], float(joined[best] / joined.sum())


def train_replies(lines: Sequence[tuple[str, str]], intent: str, encoder: Encoder) -> ReplyRanker:
    """Return the ranker of a question's replies, from (text, label)."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    texts, labels = [text for text, _ in lines], [label for _, label in lines]
    meanings = SCALE * np.array([encoder.score(text).meaning for text in texts])
    model = LogisticRegression(
        C=STRENGTH, class_weight="balanced", max_iter=MOST_PASSES, tol=0.05, random_state=7
    )
    with catch_warnings():
        # The number of passes ends the fit, which is meant.
        simplefilter("ignore", ConvergenceWarning)
        model.fit(meanings, labels)
    words = train(texts, labels, CLAUSES[intent])
    weights = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
    return ReplyRanker(words, weights, model.intercept_.astype(np.float32))


def write_replies(folder: Path, name: str, replies: ReplyRanker) -> None:
    """Write the words as every ranker's, and the weights of the meaning beside them."""
    write_ranker(folder, name, replies.words)
    np.savez_compressed(folder / f"{name}.meaning.npz", weights=replies.weights, bias=replies.bias)


def read_replies(folder: Path, name: str) -> ReplyRanker:
    """Return the ranker that was written under this name."""
    with np.load(folder / f"{name}.meaning.npz", allow_pickle=False) as arrays:
        return ReplyRanker(read_ranker(folder, name), arrays["weights"], arrays["bias"])
