"""The layers of the sentence encoder as an ONNX graph.

Made when the model is trained. The guide itself runs the graph and does not load `onnx`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from bot.understanding.model.encoder import (
    READ,
    WIDTH,
    Encoder,
    Floats,
    Weights,
    base_weights,
    load_encoder,
    package_folder,
    tuned_weights,
)

Matrix = tuple[Floats, Floats]
"""A matrix (a row for each number that goes in) and its bias."""
Norm = tuple[Floats, Floats]
"""What a norm multiplies by, and adds."""

HEADS = 12
SMALLEST = 1e-12
_MICROSOFT = "com.microsoft"


class GraphMaker:
    """Puts a graph together, node by node."""

    def __init__(self) -> None:
        """Begin with the pieces of some windows of one length."""
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []
        self._means: list[str] = []

    def norm(self, name: str, read: str, norm: Norm, added: str | None = None) -> str:
        """Add a norm of what was read, or of its sum with `added`; return the result's name."""
        scale, shift = (self._constant(f"{name}.{n}", one) for n, one in enumerate(norm))
        if added is None:
            return self._node("LayerNormalization", [read, scale, shift], name, epsilon=SMALLEST)
        inputs = [read, added, scale, shift]
        return self._node(
            "SkipLayerNormalization", inputs, name, domain=_MICROSOFT, epsilon=SMALLEST
        )

    def matrix(self, name: str, read: str, matrix: Matrix) -> str:
        """Add a multiplication."""
        weights, bias = (self._constant(f"{name}.{n}", one) for n, one in enumerate(matrix))
        return self._node(
            "Add", [self._node("MatMul", [read, weights], f"{name}.times"), bias], name
        )

    def attention(self, name: str, read: str) -> str:
        """Add the attention over queries, keys and values that stand side by side."""
        parts = [f"{name}.{part}" for part in ("asked", "key", "value")]
        sizes = self._constant(f"{name}.sizes", np.full(3, WIDTH, np.int64))
        self._nodes.append(helper.make_node("Split", [read, sizes], parts, axis=2))
        # Queries are divided already.
        return self._node(
            "MultiHeadAttention", parts, name, domain=_MICROSOFT, num_heads=HEADS, scale=1.0
        )

    def bend(self, name: str, read: str) -> str:
        """Add what bends the numbers (GELU)."""
        return self._node("Gelu", [read], name, domain=_MICROSOFT)

    def mean(self, name: str, read: str) -> None:
        """Give out the mean of each window's pieces."""
        self._means.append(self._node("ReduceMean", [read], name, axes=[1], keepdims=0))

    def serialised(self) -> bytes:
        """Return the graph as the bytes of an ONNX file."""
        rows = helper.make_tensor_value_info(READ, TensorProto.FLOAT, ["windows", "length", WIDTH])
        means = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["windows", WIDTH])
            for name in self._means
        ]
        graph = helper.make_graph(self._nodes, "encoder", [rows], means, self._constants)
        sets = [helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=sets, ir_version=8)
        return bytes(model.SerializeToString())

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(
        self, kind: str, inputs: list[str], name: str, domain: str = "", **settings: Any
    ) -> str:
        self._nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **settings))
        return name


def make_encoder() -> Encoder:
    """Return the encoder without a trained model: for training, and for measuring."""
    return load_encoder(make_graph())


def make_graph() -> bytes:
    """Return the graph of the package's weights with what was tuned."""
    return encoder_graph(base_weights(package_folder()), tuned_weights())


def encoder_graph(base: Weights, tuned: Weights) -> bytes:
    """Return the graph of all layers."""
    maker = GraphMaker()
    read = maker.norm("norm", READ, (tuned["norm.scale"], tuned["norm.shift"]))
    for number in range(sum(name.endswith(".attend.down") for name in tuned)):
        matrices = {
            name: (weights + tuned[f"{number}.{name}.down"] @ tuned[f"{number}.{name}.up"])
            for name, (weights, _) in base_matrices(base, number).items()
        }

        def multiplied(name: str, read: str, at: int = number, by: Any = matrices) -> str:
            return maker.matrix(f"{at}.{name}", read, (by[name], tuned[f"{at}.{name}.bias"]))

        def normed(name: str, read: str, added: str, at: int = number) -> str:
            norm = tuned[f"{at}.{name}.scale"], tuned[f"{at}.{name}.shift"]
            return maker.norm(f"{at}.{name}", read, norm, added)

        seen = maker.attention(f"{number}.seen", multiplied("attend", read))
        gathered = normed("gathered", multiplied("gather", seen), read)
        bent = maker.bend(f"{number}.bent", multiplied("widen", gathered))
        read = normed("narrowed", multiplied("narrow", bent), gathered)
        maker.mean(f"{number}.mean", read)
    return maker.serialised()


def base_matrices(base: Weights, number: int) -> dict[str, Matrix]:
    """Return the matrices of a layer, ready for multiplication, each with its bias.

    Queries are divided by the root of their length here instead of at each use.
    """
    prefix = f"encoder.layer.{number}."

    def matrix(name: str) -> Matrix:
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
