"""The layers of the sentence encoder as an ONNX graph, its matrices rounded to seven bits.

Made when the model is trained. The guide itself runs the graph and does not load `onnx`. What goes
into a matrix is rounded while it runs, by one step for all, so one column that reaches far would
leave the others few steps. So each column is made smaller by what the matrix is made larger for it
(SmoothQuant), and the few that reach furthest are multiplied as they are.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from bot.understanding.model.encoder import (
    REACH,
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
from bot.understanding.model.wordpieces import Window

Matrix = tuple[Floats, Floats]
"""A matrix (a row for each number that goes in) and its bias."""
Norm = tuple[Floats, Floats]
"""What a norm multiplies by, and adds."""

HEADS = 12
SMALLEST = 1e-12
STEPS = 63
"""Whole numbers on each side of nought: with more, older processors' sums of products overflow."""
MOVED = 0.7
"""How much of what makes columns uneven is moved into the matrix, from 0 to 1."""
FAR = 64
"""How many columns behind the bend are left as they are: those that reach furthest."""
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

    def rounded(self, name: str, read: str, matrix: Matrix, largest: Floats) -> str:
        """Add a multiplication in whole numbers. `largest` is how far each column read reaches."""
        weights, bias = matrix
        rows = np.maximum(np.abs(weights).max(axis=1), SMALLEST)
        even = np.maximum(largest, SMALLEST) ** MOVED / rows ** (1 - MOVED)
        evened = weights * even[:, np.newaxis]
        step = np.abs(evened).max(axis=0) / STEPS
        parts = {
            "whole": np.rint(evened / step).astype(np.int8),
            "step": step.astype(np.float32),
            "nought": np.zeros(len(step), np.int8),
            "bias": np.asarray(bias, np.float32),
        }
        smaller = self._constant(f"{name}.smaller", (1 / even).astype(np.float32))
        inputs = [self._constant(f"{name}.{part}", values) for part, values in parts.items()]
        inputs.insert(0, self._node("Mul", [read, smaller], f"{name}.even"))
        return self._node("DynamicQuantizeMatMul", inputs, name, domain=_MICROSOFT)

    def mostly_rounded(self, name: str, read: str, matrix: Matrix, largest: Floats) -> str:
        """Add a multiplication in whole numbers, but for the last columns read, which reach far."""
        weights, bias = matrix
        near = len(weights) - FAR
        parts = [f"{name}.near", f"{name}.far"]
        sizes = self._constant(f"{name}.sizes", np.array([near, FAR], np.int64))
        self._nodes.append(helper.make_node("Split", [read, sizes], parts, axis=2))
        most = self.rounded(f"{name}.most", parts[0], (weights[:near], bias), largest[:near])
        few = self._constant(f"{name}.few", np.asarray(weights[near:], np.float32))
        rest = self._node("MatMul", [parts[1], few], f"{name}.rest")
        return self._node("Add", [most, rest], name)

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
    """Return the graph of all layers: exact where `tuned` does not say how far columns reach."""
    maker = GraphMaker()
    read = maker.norm("norm", READ, (tuned["norm.scale"], tuned["norm.shift"]))
    for number in range(sum(name.endswith(".attend.down") for name in tuned)):
        read = _layer(maker, number, read, base_matrices(base, number), tuned)
        maker.mean(f"{number}.mean", read)
    return maker.serialised()


def _layer(
    maker: GraphMaker, number: int, read: str, base: dict[str, Matrix], tuned: Weights
) -> str:
    """Add a layer; return the name of its result."""
    matrices = {
        name: (
            weights + tuned[f"{number}.{name}.down"] @ tuned[f"{number}.{name}.up"],
            tuned[f"{number}.{name}.bias"],
        )
        for name, (weights, _) in base.items()
    }
    reach = {name: tuned.get(f"{number}.{name}.{REACH}") for name in matrices}
    behind_bend = reach["narrow"]
    if behind_bend is not None:
        # The order of what is bent is free: those that reach furthest come last.
        order = np.argsort(behind_bend)
        (wide, bias), (narrow, shift) = matrices["widen"], matrices["narrow"]
        matrices["widen"], matrices["narrow"] = (
            (wide[:, order], bias[order]),
            (narrow[order], shift),
        )
        reach["narrow"] = behind_bend[order]

    def multiplied(name: str, read: str) -> str:
        matrix, largest = matrices[name], reach[name]
        if largest is None:
            return maker.matrix(f"{number}.{name}", read, matrix)
        add = maker.mostly_rounded if name == "narrow" else maker.rounded
        return add(f"{number}.{name}", read, matrix, largest)

    def normed(name: str, read: str, added: str) -> str:
        norm = tuned[f"{number}.{name}.scale"], tuned[f"{number}.{name}.shift"]
        return maker.norm(f"{number}.{name}", read, norm, added)

    seen = maker.attention(f"{number}.seen", multiplied("attend", read))
    gathered = normed("gathered", multiplied("gather", seen), read)
    bent = maker.bend(f"{number}.bent", multiplied("widen", gathered))
    return normed("narrowed", multiplied("narrow", bent), gathered)


def reaches(base: Weights, tuned: Weights, read: Iterable[Window]) -> dict[str, Floats]:
    """Return how far each column that a matrix reads reaches, at most, in windows of pieces."""
    exact = {name: value for name, value in tuned.items() if not name.endswith(REACH)}
    graph = onnx.load_from_string(encoder_graph(base, exact))
    fed = {node.output[0].removesuffix(".times"): node.input[0] for node in _products(graph)}
    names = sorted(set(fed.values()))
    graph.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names
    )
    encoder = load_encoder(graph.SerializeToString())
    most = {name: np.zeros(1, np.float32) for name in names}
    for window in read:
        for name, values in encoder.looked_at(window, names).items():
            most[name] = np.maximum(most[name], np.abs(values).max(axis=(0, 1)))
    return {f"{matrix}.{REACH}": most[name] for matrix, name in fed.items()}


def _products(graph: ModelProto) -> list[NodeProto]:
    return [node for node in graph.graph.node if node.op_type == "MatMul"]


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
