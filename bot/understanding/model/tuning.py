"""Tunes the sentence encoder on `data/nlu` and writes `encoder.npz`: `make tune`.

It learns two narrow matrices to add to each matrix (LoRA), the norms and the three heads. It uses
TensorFlow, which Rasa brings; the guide itself never loads it.

First it adds the new lines to `held_out.npz`: what the encoder that ships says of them, which has
never seen them. The decision about danger learns from these, since a tuned encoder is sure of every
line it has seen.
"""

import logging
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from bot.understanding.model.encoder import (
    LAYERS,
    SHARPNESS,
    TUNED,
    WIDTH,
    WINDOW,
    Floats,
    Weights,
    base_weights,
    package_folder,
)
from bot.understanding.model.graph import HEADS, base_matrices, make_encoder, reaches
from bot.understanding.model.lines import (
    HELD_OUT,
    NOW,
    TODAY,
    Example,
    heard_unseen,
    line_key,
    training_lines,
)
from bot.understanding.model.ranker import APART, CLAUSES, DANGER, ENQUIRY
from bot.understanding.model.wordpieces import Pieces, Window, known_pieces, windows
from bot.understanding.model.wrapped import WRAPPED, inside

log = logging.getLogger(__name__)
RANK = 16
"""Columns of the narrow matrices."""
EPOCHS, BATCH, RATE, WARMING = 3, 32, 1e-3, 60
DROPPED = 0.1
SOFTENED = 0.015
"""Label smoothing: the distance of a label from 0 or 1, since no line is wholly certain."""
INTENTS_COUNT = 0.3
"""The weight of the intents relative to danger."""
NOW_COUNTS = 0.5
"""The weight of telling danger now from danger today, for the lines that say which it is."""
ONE_IN = 2
"""Every second line of ordinary business is enough for an epoch."""
INSIDE_ONE_IN = 3
"""Every third time a line of a kind, an exit or of danger is learned inside an account."""
LOOKED_AT = 25
"""One line in so many is looked at to see how far the encoder's numbers reach."""
AT_ONCE = 40
"""Batches whose lines are sorted by length together, to reduce padding."""
UNKNOWN = -1.0
"""What a line says of danger, or of when it is, where nothing of that is to be learned."""
_MASKED = -1e9

Lines = Sequence[Example]


class Tuner:
    """The encoder in TensorFlow."""

    def __init__(self, base: Weights, labels: Sequence[str], seed: int = 7) -> None:
        """Start from the package's weights, with zero additions and untrained heads."""
        self._random = np.random.default_rng(seed)
        self.labels = list(labels)
        self.learned: dict[str, Any] = {}
        self._words = tf.constant(np.array(base["embeddings.word_embeddings.weight"]))
        self._places = tf.constant(
            base["embeddings.position_embeddings.weight"][:WINDOW]
            + base["embeddings.token_type_embeddings.weight"][0]
        )
        self._learn("norm.scale", base["embeddings.LayerNorm.weight"])
        self._learn("norm.shift", base["embeddings.LayerNorm.bias"])
        self._fixed: dict[str, Any] = {}
        for number in range(LAYERS):
            self._start_layer(base, number)
        self._learn("danger.weights", np.zeros(WIDTH * LAYERS))
        self._learn("danger.bias", np.zeros(()))
        self._learn("now.weights", np.zeros(WIDTH * LAYERS))
        self._learn("now.bias", np.zeros(()))
        self._learn("intents.weights", np.zeros((WIDTH * LAYERS, len(self.labels))))
        self._learn("intents.bias", np.zeros(len(self.labels)))
        self._steps = tf.keras.optimizers.Adam(RATE)
        self.step = tf.function(
            self._step,
            autograph=False,
            input_signature=[
                tf.TensorSpec((None, None), tf.int32),
                tf.TensorSpec((None, None), tf.float32),
                tf.TensorSpec((None,), tf.float32),
                tf.TensorSpec((None,), tf.int32),
                tf.TensorSpec((None,), tf.float32),
                tf.TensorSpec((), tf.float32),
            ],
        )

    def _learn(self, name: str, start: Any) -> None:
        self.learned[name] = tf.Variable(np.asarray(start, dtype=np.float32), name=name)

    def _start_layer(self, base: Weights, number: int) -> None:
        for name, (weights, bias) in base_matrices(base, number).items():
            rows, columns = weights.shape
            key = f"{number}.{name}"
            self._fixed[key] = tf.constant(weights, dtype=tf.bfloat16)
            self._learn(f"{key}.bias", bias)
            self._learn(f"{key}.down", self._random.normal(size=(rows, RANK)) / rows**0.5)
            self._learn(f"{key}.up", np.zeros((RANK, columns)))
        for name, theirs in (("gathered", "attention.output"), ("narrowed", "output")):
            norm = f"encoder.layer.{number}.{theirs}.LayerNorm"
            self._learn(f"{number}.{name}.scale", base[f"{norm}.weight"])
            self._learn(f"{number}.{name}.shift", base[f"{norm}.bias"])

    def scores(self, ids: Any, mask: Any, *, training: bool) -> tuple[Any, Any, Any]:
        """Return the scores of danger, of danger now, and of each intent for a batch of lines."""
        meanings = self._meanings(ids, mask, training=training)
        if training:
            meanings = tf.nn.dropout(meanings, DROPPED)
        danger = tf.linalg.matvec(meanings, self.learned["danger.weights"])
        intents = meanings @ self.learned["intents.weights"] + self.learned["intents.bias"]
        now = tf.linalg.matvec(meanings, self.learned["now.weights"]) + self.learned["now.bias"]
        danger += self.learned["danger.bias"]
        return SHARPNESS * danger, SHARPNESS * now, SHARPNESS * intents

    def _meanings(self, ids: Any, mask: Any, *, training: bool) -> Any:
        states = tf.gather(self._words, ids) + self._places[: tf.shape(ids)[1]]
        states = self._normed(states, "norm")
        unseen = ((1 - mask) * _MASKED)[:, None, None, :]
        length = tf.reduce_sum(mask, 1, keepdims=True)
        means = []
        for number in range(LAYERS):
            states = self._through(states, unseen, number, training=training)
            mean = tf.reduce_sum(states * mask[:, :, None], 1) / length
            means.append(mean / tf.norm(mean, axis=1, keepdims=True))
        return tf.concat(means, 1)

    def _through(self, states: Any, unseen: Any, number: int, *, training: bool) -> Any:
        def times(name: str, given: Any) -> Any:
            key = f"{number}.{name}"
            broad = tf.cast(tf.cast(given, tf.bfloat16) @ self._fixed[key], tf.float32)
            some = tf.nn.dropout(given, DROPPED) if training else given
            added = (some @ self.learned[f"{key}.down"]) @ self.learned[f"{key}.up"]
            return broad + added + self.learned[f"{key}.bias"]

        shape = tf.shape(states)
        split = tf.reshape(times("attend", states), (shape[0], shape[1], 3, HEADS, WIDTH // HEADS))
        asked, key, value = tf.unstack(tf.transpose(split, (2, 0, 3, 1, 4)))
        looks = tf.nn.softmax(tf.matmul(asked, key, transpose_b=True) + unseen)
        seen = tf.reshape(tf.transpose(tf.matmul(looks, value), (0, 2, 1, 3)), shape)
        states = self._normed(states + times("gather", seen), f"{number}.gathered")
        wide = tf.nn.gelu(times("widen", states))
        return self._normed(states + times("narrow", wide), f"{number}.narrowed")

    def _normed(self, states: Any, name: str) -> Any:
        mean, variance = tf.nn.moments(states, -1, keepdims=True)
        scaled = (states - mean) * tf.math.rsqrt(variance + 1e-12)
        return scaled * self.learned[f"{name}.scale"] + self.learned[f"{name}.shift"]

    def _step(
        self, ids: Any, mask: Any, dangerous: Any, labels: Any, happening: Any, rate: Any
    ) -> Any:
        variables = list(self.learned.values())
        with tf.GradientTape() as tape:
            danger, now, intents = self.scores(ids, mask, training=True)
            wrong = tf.nn.sigmoid_cross_entropy_with_logits(_softened(dangerous), danger)
            told = tf.cast(dangerous >= 0, tf.float32)
            late = tf.nn.sigmoid_cross_entropy_with_logits(_softened(happening), now)
            says = tf.cast(happening >= 0, tf.float32)
            other = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.maximum(labels, 0), intents)
            has_one = tf.cast(labels >= 0, tf.float32)
            loss = tf.reduce_mean(
                told * wrong + NOW_COUNTS * says * late + INTENTS_COUNT * has_one * other
            )
        slopes, _ = tf.clip_by_global_norm(tape.gradient(loss, variables), 1.0)
        self._steps.learning_rate.assign(rate)
        self._steps.apply_gradients(zip(slopes, variables, strict=True))
        return loss

    def arrays(self) -> dict[str, Any]:
        """Return the learned arrays by name, in half precision."""
        found = {name: value.numpy().astype(np.float16) for name, value in self.learned.items()}
        return {**found, "intents.labels": np.array(self.labels)}


def _softened(labels: Any) -> Any:
    return labels * (1 - 2 * SOFTENED) + SOFTENED


def tune(examples: Lines) -> dict[str, Any]:
    """Learn from lines with their intents, and return the arrays by name."""
    folder = package_folder()
    pieces = known_pieces(folder / "vocab.txt")
    labels = sorted({example.intent for example in examples} - APART)
    numbers = {intent: number for number, intent in enumerate(labels)}
    happening = {NOW: 1.0, TODAY: 0.0}
    lines = [
        Line(
            *_windows(example, number, pieces),
            UNKNOWN if example.open else float(example.intent == DANGER),
            numbers.get(example.intent, -1),
            happening.get(example.when, UNKNOWN),
        )
        for number, example in enumerate(examples)
        if example.intent not in {ENQUIRY, *CLAUSES}
    ]
    tuner = Tuner(base_weights(folder), labels)
    shuffler = random.Random(7)  # noqa: S311 - the same order each time, nothing secret
    batches = [batch for epoch in range(EPOCHS) for batch in _batches(lines, epoch, shuffler)]
    losses = []
    for done, batch in enumerate(batches):
        rate = RATE * min(1.0, (done + 1) / WARMING) * max(0.02, 1 - done / len(batches))
        loss = tuner.step(*_tensors(batch), tf.constant(rate, tf.float32))
        losses.append(float(loss))
        if done % 50 == 49:  # noqa: PLR2004 - now and then a sign of life
            recent = np.mean(losses[-50:])
            log.info("%d of %d batches, loss %.3f", done + 1, len(batches), recent)
    return tuner.arrays()


class Line(NamedTuple):
    """A line to learn from: its pieces alone and inside an account, and what is known of it."""

    ids: Window
    inside: Window
    dangerous: float
    label: int
    happening: float


def _windows(example: Example, number: int, pieces: Pieces) -> tuple[Window, Window]:
    """Return the pieces of a line, and of it inside an account where that fits one window."""
    (alone, *_) = windows(example.text, pieces, WINDOW)
    if example.intent not in {*WRAPPED, DANGER}:
        return alone, alone
    calm = example.intent != DANGER and not example.open
    longer = windows(inside(example.text, number, calm=calm), pieces, WINDOW)
    return alone, next(iter(longer)) if len(longer) == 1 else alone


def _batches(lines: Sequence[Line], epoch: int, shuffler: random.Random) -> list[list[Line]]:
    """Return the lines of an epoch in batches of similar length, in random order."""
    kept = [
        line if (at // ONE_IN + epoch) % INSIDE_ONE_IN else line._replace(ids=line.inside)
        for at, line in enumerate(lines)
        if line.label < 0 or at % ONE_IN == epoch % ONE_IN
    ]
    shuffler.shuffle(kept)
    batches = [batch for part in _cut(kept, BATCH * AT_ONCE) for batch in _by_length(part)]
    shuffler.shuffle(batches)
    return batches


def _by_length(lines: Sequence[Line]) -> Iterator[list[Line]]:
    return _cut(sorted(lines, key=lambda line: len(line.ids)), BATCH)


def _cut(lines: Sequence[Line], size: int) -> Iterator[list[Line]]:
    return (list(lines[at : at + size]) for at in range(0, len(lines), size))


def _tensors(batch: Sequence[Line]) -> tuple[Any, ...]:
    longest = max(len(line.ids) for line in batch)
    ids = np.zeros((len(batch), longest), dtype=np.int32)
    mask = np.zeros((len(batch), longest), dtype=np.float32)
    for row, line in enumerate(batch):
        ids[row, : len(line.ids)] = line.ids
        mask[row, : len(line.ids)] = 1
    dangerous = np.array([line.dangerous for line in batch], dtype=np.float32)
    labels = np.array([line.label for line in batch], dtype=np.int32)
    happening = np.array([line.happening for line in batch], dtype=np.float32)
    return tuple(map(tf.constant, (ids, mask, dangerous, labels, happening)))


def with_reaches(arrays: Mapping[str, Any], examples: Lines) -> dict[str, Any]:
    """Return the arrays with how far the numbers reach that each matrix multiplies."""
    folder = package_folder()
    pieces = known_pieces(folder / "vocab.txt")
    learned = {
        name: value if value.dtype.kind == "U" else value.astype(np.float32)
        for name, value in arrays.items()
    }
    read = (window for one in examples[::LOOKED_AT] for window in windows(one.text, pieces, WINDOW))
    found = reaches(base_weights(folder), learned, read)
    return {**arrays, **{name: value.astype(np.float16) for name, value in found.items()}}


def write_arrays(arrays: Mapping[str, Floats], path: Path) -> None:
    """Write the learned arrays, without pickling."""
    np.savez_compressed(path, **arrays)


def hear_new(examples: Lines) -> dict[str, Any]:
    """Return what was heard in each line unseen, the new ones heard by the encoder that ships.

    It has learned from no line that is not in the file yet.
    """
    heard = heard_unseen()
    encoder = make_encoder()
    for example in examples:
        if example.intent not in {ENQUIRY, *CLAUSES} and line_key(example.text) not in heard:
            scores = encoder.score(example.text)
            heard[line_key(example.text)] = scores.danger, scores.now
    return {
        "keys": np.array(list(heard), dtype=np.uint64),
        "danger": np.array([danger for danger, _ in heard.values()], dtype=np.float16),
        "now": np.array([now for _, now in heard.values()], dtype=np.float16),
    }


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    written = training_lines()
    write_arrays(hear_new(written), HELD_OUT)
    write_arrays(with_reaches(tune(written), written), TUNED)
