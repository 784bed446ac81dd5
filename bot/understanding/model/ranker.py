"""A linear ranker of intents: n-grams of words and characters, and the concepts they stand for.

Training uses scikit-learn. A stored ranker is a word list and weights without pickled objects, so
a model file can be read without running any of its content.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from typing import NamedTuple
from warnings import catch_warnings, simplefilter

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.understanding.words.concepts import features, text_features, word_features
from bot.understanding.words.text import (
    Span,
    clauses,
    normal,
    once_a_message,
    quoted,
    sentences,
)

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]
NO_ROW = -1
DANGER = "danger"
NO_DANGER = "no_danger"
"""Lines that only sound like danger. They train only the ranker of danger."""
OTHER = "other"
ENQUIRY = "enquiry"
"""Questions to the guide. They train the ranker of topics, and of danger as what is not."""
OUTCOME = "outcome"
"""Clauses of accounts with what came of a talk. They train only the ranker of outcomes."""
CALL = "call"
"""Clauses with what came of a call in an emergency. They train only the ranker of calls."""
OWN_SIDE = "own_side"
"""Clauses about one's own manager or lead. They train only the ranker of one's own side."""
HOW_RISKY, HOW_FAR = "how_risky", "how_far"
CAME_OF_IT, CAME_OF_CALL = "came_of_it", "came_of_call"
"""Whole replies to one open question. They train only the rankers of replies."""
REPLIES = (HOW_RISKY, HOW_FAR, CAME_OF_IT, CAME_OF_CALL)
CLAUSES = {OUTCOME: 5.0, CALL: 10.0, OWN_SIDE: 10.0, **dict.fromkeys(REPLIES, 10.0)}
"""Intents of lines that train one ranker of their own, and how strongly it is fitted: a weak one
keeps to what few lines share."""
APART = frozenset({DANGER, NO_DANGER, ENQUIRY, *CLAUSES})
"""What no message is acted on as, by the ranker of intents."""
NO_TOPIC = "none"
"""The topic of a message that asks the guide nothing."""
FEWEST_WORDS = 4
"""The fewest words of a clause that can be ranked by itself."""
MOST_CLAUSES = 120
"""The most clauses of a text that are ranked: more than any account of 4,000 characters has."""


class Fit(NamedTuple):
    """How weights are found: scikit-learn's solver, its tolerance and most passes.

    A feature that fewer than `fewest_lines` have is not weighed.
    """

    solver: str
    near_enough: float
    most_passes: int
    fewest_lines: int


ALL_AT_ONCE = Fit("lbfgs", 0.3, 400, 2)
"""Half the steps give the same first answer for each line of the batches that are kept."""
INTENTS, TOPICS = Fit("saga", 0.0, 30, 3), Fit("saga", 0.0, 40, 2)
"""Weights change with each line, which is ten times as quick where there are many labels. So many
passes rank the kept batches as ALL_AT_ONCE does; a tolerance would end the fit by chance."""
ONE_IN = 3
"""Every third line without a topic is enough, since they far outnumber the lines with one."""


@dataclass(frozen=True)
class Ranker:
    """Trained weights. `weights` is (features, labels); `bias` and `labels` match its columns."""

    vocabulary: tuple[str, ...]
    idf: Floats
    weights: Floats
    bias: Floats
    labels: tuple[str, ...]
    rows: Rows = field(init=False, repr=False)
    """The row of each feature that is numbered, or NO_ROW; the last is of all numbered later."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", _rows(self.vocabulary))

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return every label with its probability, the likeliest first."""
        numbers, amounts = _numbered(text)
        rows = self.rows.take(numbers, mode="clip")
        weighed = rows != NO_ROW
        scores = self.bias.astype(np.float64)
        if weighed.any():
            found = rows[weighed]
            vector = amounts[weighed] * self.idf[found]
            vector /= np.sqrt(np.square(vector).sum())
            scores = scores + vector @ self.weights[found]
        odds = np.exp(scores - scores.max())
        shares = odds / odds.sum()
        return [(self.labels[i], float(shares[i])) for i in np.argsort(-shares)]


_numbers: dict[str, int] = {}
"""A number for each feature that any ranker of this process weighs: a text's features are looked up
once, by name, and not again by each of the rankers."""


def _rows(vocabulary: Sequence[str]) -> Rows:
    numbers = [_numbers.setdefault(name, len(_numbers)) for name in vocabulary]
    rows = np.full(len(_numbers) + 1, NO_ROW, np.int32)
    rows[numbers] = np.arange(len(vocabulary), dtype=np.int32)
    return rows


@once_a_message
def _numbered(text: str) -> tuple[Rows, NDArray[np.float64]]:
    """Return the numbers of a text's features, and the logarithmic weight of each amount."""
    words, others = features(text)
    found = [*map(_of_word, words), _known(others)]
    numbers, at = np.unique(np.concatenate([one for one, _ in found]), return_inverse=True)
    amounts = np.bincount(at, np.concatenate([each for _, each in found]), len(numbers))
    return numbers, 1.0 + np.log(amounts)


@once_a_message
def _of_word(word: str) -> tuple[Rows, NDArray[np.float64]]:
    """Return the numbers and amounts of a word's own features: most stand in several texts."""
    return _known(word_features(word))


def _known(features: Iterable[tuple[str, float]]) -> tuple[Rows, NDArray[np.float64]]:
    numbered = [(_numbers[name], amount) for name, amount in features if name in _numbers]
    return (
        np.array([number for number, _ in numbered], np.int32),
        np.array([amount for _, amount in numbered], np.float64),
    )


def train_both(
    examples: Sequence[tuple[str, str]],
    inside: Sequence[tuple[str, str]] = (),
    open_lines: Collection[str] = (),
) -> tuple[Ranker, Ranker]:
    """Return a ranker of all intents but danger, and one that tells danger from the rest.

    `examples` are (text, intent); `inside` are those that only the first learns from, inside
    accounts. There are two rankers because a line can be a disagreement and
    dangerous at once: of `open_lines` it is not known.
    """
    calm = [(text, intent) for text, intent in (*examples, *inside) if intent not in APART]
    intents = train([text for text, _ in calm], [intent for _, intent in calm], fit=INTENTS)
    return intents, train_danger([each for each in examples if each[0] not in open_lines])


def train_danger(examples: Sequence[tuple[str, str]]) -> Ranker:
    """Return the ranker that tells danger from everything else, questions to the guide too."""
    either = [(text, intent == DANGER) for text, intent in examples if intent not in CLAUSES]
    return train(
        [text for text, _ in either],
        [DANGER if dangerous else OTHER for _, dangerous in either],
        strength=10.0,
    )


def train_topics(asked: Sequence[tuple[str, str]], told: Sequence[str]) -> Ranker:
    """Return a ranker of the topics of questions, NO_TOPIC among them.

    `asked` are (text, topic), `told` texts that ask the guide nothing.
    """
    nothing = told[::ONE_IN]
    texts = [text for text, _ in asked] + list(nothing)
    return train(texts, [topic for _, topic in asked] + [NO_TOPIC] * len(nothing), fit=TOPICS)


def train_clauses(clauses: Sequence[tuple[str, str]], intent: str) -> Ranker:
    """Return a ranker of what clauses tell, from (text, outcome); "none" is an outcome too."""
    return train(
        [text for text, _ in clauses], [outcome for _, outcome in clauses], CLAUSES[intent]
    )


def rank_clauses(clauses: Iterable[str], outcomes: Ranker) -> dict[str, tuple[str, float]]:
    """Return the likeliest outcome of each clause that has a letter, with its share."""
    said = (clause for clause in clauses if any(map(str.isalpha, clause)))
    return {clause: outcomes.rank(clause)[0] for clause in said}


def rank_both(text: str, intents: Ranker, danger: Ranker) -> list[tuple[str, float]]:
    """Return every intent with its share; the share of danger comes from its own ranker."""
    risk = dict(danger.rank(text)).get(DANGER, 0.0)
    told = intents.rank(text)
    if not any(letter.isalnum() for letter in text):
        # Pictures and marks say nothing: no intent is likelier than another.
        told = [(name, 1 / len(told)) for name, _ in told]
    ranked = [(name, share * (1 - risk)) for name, share in told]
    return sorted([*ranked, (DANGER, risk)], key=lambda item: -item[1])


def loudest_clause(text: str, danger: Ranker) -> tuple[float, str]:
    """Return the share of danger of the clause that sounds worst, and its words as typed.

    In the whole text a calm question can drown it: "who do I ring, she has taken an overdose". Of a
    single clause the share is 0.
    """
    words = normal(text)
    parts = [clause for sentence in sentences(words) for clause in clauses(words, sentence)]
    ranked = [
        (dict(danger.rank(words[part.start : part.end])).get(DANGER, 0.0), part)
        for part in parts[:MOST_CLAUSES]
        if len(words[part.start : part.end].split()) >= FEWEST_WORDS
    ]
    share, worst = max(ranked, key=lambda item: item[0], default=(0.0, Span(0, len(words))))
    if not words:
        return 0.0, ""
    return (share if len(parts) > 1 else 0.0), quoted(text, worst.start, worst.end)


def train(
    texts: Sequence[str], labels: Sequence[str], strength: float = 20.0, fit: Fit = ALL_AT_ONCE
) -> Ranker:
    """Fit a ranker. `strength` is the inverse of the regularisation (scikit-learn's C).

    Raises ValueError if there are fewer than two labels.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    bags = [text_features(text) for text in texts]
    seen: dict[str, int] = {}
    for bag in bags:
        for name in bag:
            seen[name] = seen.get(name, 0) + 1
    kept = sorted(name for name, times in seen.items() if times >= fit.fewest_lines)
    vocabulary = {name: index for index, name in enumerate(kept)}
    times = np.array([seen[name] for name in kept], dtype=np.float64)
    idf = (np.log((1 + len(bags)) / (1 + times)) + 1).astype(np.float32)
    matrix = _matrix(bags, vocabulary, idf)
    model = LogisticRegression(
        C=strength,
        class_weight="balanced",
        max_iter=fit.most_passes,
        solver=fit.solver,
        tol=fit.near_enough,
        random_state=7,
    )
    with catch_warnings():
        # Where the number of passes ends the fit, that is meant.
        simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix, list(labels))
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # noqa: PLR2004 - scikit-learn folds two classes into one row
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Ranker(
        tuple(kept),
        idf,
        np.ascontiguousarray(weights.T, dtype=np.float32),
        bias.astype(np.float32),
        tuple(str(label) for label in model.classes_),
    )


def _matrix(
    bags: Sequence[Mapping[str, float]], vocabulary: Mapping[str, int], idf: Floats
) -> csr_matrix:
    """Return the lines as rows of length 1, weighed as `Ranker.rank` weighs a text."""
    from sklearn.preprocessing import normalize

    columns: list[int] = []
    counts: list[float] = []
    ends = [0]
    for bag in bags:
        known = [name for name in bag if name in vocabulary]
        columns += [vocabulary[name] for name in known]
        counts += [bag[name] for name in known]
        ends.append(len(columns))
    values = (1 + np.log(np.array(counts, np.float32))) * idf[columns]
    return normalize(csr_matrix((values, columns, ends), shape=(len(bags), len(vocabulary))))


def write_ranker(folder: Path, name: str, ranker: Ranker) -> None:
    """Write a ranker as a word list and arrays."""
    words = {"vocabulary": list(ranker.vocabulary), "labels": list(ranker.labels)}
    (folder / f"{name}.json").write_bytes(msgspec.json.encode(words))
    np.savez_compressed(
        folder / f"{name}.npz", idf=ranker.idf, weights=ranker.weights, bias=ranker.bias
    )


def read_ranker(folder: Path, name: str) -> Ranker:
    """Return the ranker that was written under this name."""
    words = msgspec.json.decode((folder / f"{name}.json").read_bytes())
    with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
        return Ranker(
            # The rankers share most of their features: each name is held once.
            tuple(map(intern, words["vocabulary"])),
            arrays["idf"],
            arrays["weights"],
            arrays["bias"],
            tuple(words["labels"]),
        )
