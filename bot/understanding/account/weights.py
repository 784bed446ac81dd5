"""What was learned of accounts, as arrays: `accounts.npz` beside this file. It contains no code."""

from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.model.ranker import Ranker

WEIGHTS = Path(__file__).with_name("accounts.npz")
YES, NO = "yes", "no"
SAID = "said"
MOST = 700.0
"""Log odds beyond which numbers end."""


@dataclass(frozen=True)
class Weighed:
    """Weights: (traits, labels), with a bias for each label."""

    traits: Mapping[str, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    labels: tuple[str, ...]

    def shares(self, traits: Collection[str]) -> dict[str, float]:
        """Return every label with its share."""
        scores = self.bias + self.weights.take(self._known(traits), axis=0).sum(axis=0)
        odds = np.exp(scores - scores.max())
        return dict(zip(self.labels, (odds / odds.sum()).tolist(), strict=True))

    def yes(self, traits: Collection[str]) -> float:
        """Return the share of yes, where the labels are no and yes."""
        bias, of_traits = self._odds
        odds = bias + sum(map(of_traits.__getitem__, self._known(traits)))
        return 1 / (1 + exp(min(-odds, MOST)))

    def _known(self, traits: Collection[str]) -> list[int]:
        row = self.traits.get
        return [at for trait in traits if (at := row(trait)) is not None]

    @cached_property
    def _odds(self) -> "tuple[float, array[float]]":
        """The log odds of yes, and what each trait adds: so few numbers are quicker without numpy.

        Raises ValueError where the labels are others.
        """
        if self.labels != (NO, YES):
            raise ValueError(f"The labels are {self.labels}, not no and yes.")
        return float(self.bias[1] - self.bias[0]), array(
            "f", self.weights[:, 1] - self.weights[:, 0]
        )


@dataclass(frozen=True)
class Learned:
    """The weights of traits by what they tell, and the ranker of what is said after a talk."""

    weighed: Mapping[str, Weighed]
    said: Ranker


@cache
def load_weights(path: Path = WEIGHTS) -> Learned:
    """Return what was learned. Raises OSError if there is nothing."""
    with np.load(path, allow_pickle=False) as arrays:
        weighed = {name: _weighed(arrays, name) for name in arrays["names"].tolist()}
        said = _weighed(arrays, SAID)
        idf = arrays[f"{SAID}.idf"].astype(np.float32)
        return Learned(
            weighed, Ranker(tuple(said.traits), idf, said.weights, said.bias, said.labels)
        )


def _weighed(arrays: Mapping[str, NDArray[Any]], name: str) -> Weighed:
    traits = arrays[f"{name}.traits"].tobytes().decode().split("\n")
    return Weighed(
        {trait: at for at, trait in enumerate(traits)},
        arrays[f"{name}.weights"].astype(np.float32),
        arrays[f"{name}.bias"].astype(np.float32),
        tuple(arrays[f"{name}.labels"].tolist()),
    )


def write_weights(found: Learned, path: Path = WEIGHTS) -> None:
    """Write what was learned as arrays, half as precise as it was weighed."""
    said = found.said
    arrays: dict[str, NDArray[Any]] = {
        "names": np.array(list(found.weighed)),
        f"{SAID}.idf": said.idf.astype(np.float16),
    }
    traits = {trait: at for at, trait in enumerate(said.vocabulary)}
    listed = Weighed(traits, said.weights, said.bias, said.labels)
    for name, one in {**found.weighed, SAID: listed}.items():
        arrays[f"{name}.traits"] = np.frombuffer("\n".join(one.traits).encode(), np.uint8)
        arrays[f"{name}.weights"] = one.weights.astype(np.float16)
        arrays[f"{name}.bias"] = one.bias
        arrays[f"{name}.labels"] = np.array(one.labels)
    np.savez_compressed(path, **arrays)
