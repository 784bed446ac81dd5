"""Rank what a whole message says as a reply to one question: "How far has it got?", "And then?".

Replies are few words in no fixed wording, so the n-grams are joined with the meaning that the
sentence encoder gives the message anyway. Stored as arrays and word lists, without pickling.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.understanding.model.by_meaning import (
    Floats,
    MeaningRanker,
    read_by_meaning,
    train_by_meaning,
    write_by_meaning,
)
from bot.understanding.model.encoder import Encoder
from bot.understanding.model.ranker import (
    CLAUSES,
    Ranker,
    read_ranker,
    train,
    write_ranker,
)

MOST_WORDS = 30
"""A longer message is an account, and no reply to one question."""
BY_MEANING = 0.5
"""The weight of the encoder's odds; the n-grams have the rest. Measured on every second line of a
batch, as is the strength of the fit."""
STRENGTH = 3.0
_SMALLEST = 1e-9


@dataclass(frozen=True)
class ReplyRanker:
    """Ranks by words and by meaning."""

    words: Ranker
    meaning: MeaningRanker

    def rank(self, text: str, meaning: Floats) -> tuple[str, float]:
        """Return the likeliest label with its share."""
        said = dict(self.words.rank(text))
        by_words = np.log(np.array([said[label] for label in self.meaning.labels]) + _SMALLEST)
        by_meaning = self.meaning.log_shares(meaning)
        joined = np.exp(BY_MEANING * by_meaning + (1 - BY_MEANING) * by_words)
        best = int(joined.argmax())
        return self.meaning.labels[best], float(joined[best] / joined.sum())


def train_replies(lines: Sequence[tuple[str, str]], intent: str, encoder: Encoder) -> ReplyRanker:
    """Return the ranker of a question's replies, from (text, label)."""
    texts, labels = [text for text, _ in lines], [label for _, label in lines]
    words = train(texts, labels, CLAUSES[intent])
    return ReplyRanker(words, train_by_meaning(lines, STRENGTH, encoder))


def write_replies(folder: Path, name: str, replies: ReplyRanker) -> None:
    """Write the words as every ranker's, and the weights of the meaning beside them."""
    write_ranker(folder, name, replies.words)
    write_by_meaning(folder, name, replies.meaning)


def read_replies(folder: Path, name: str) -> ReplyRanker:
    """Return the ranker that was written under this name."""
    meaning = read_by_meaning(folder, name)
    if meaning is None:
        raise FileNotFoundError(f"{name}: the weights of the meaning are missing in {folder}")
    return ReplyRanker(read_ranker(folder, name), meaning)
