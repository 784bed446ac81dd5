"""The graph of a trained model, run one component after another.

Rasa hands each run to dask, which plans anew what may go side by side. Here there are four
components at most, each needs the one before, and planning takes longer than some of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

Step = tuple[str, GraphNode, Sequence[str]]
"""A component's name, the component, and the names of what it needs."""


class SequentialRunner(DaskGraphRunner):
    """Gives what DaskGraphRunner gives. Which component follows which is worked out once."""

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Return the output of each target by its name. Raises GraphRunError."""
        wanted = tuple(targets or self._graph_schema.target_names)
        found: dict[str, Any] = dict(inputs or {})
        for name, node, needs in self._steps(wanted):
            found[name] = node(*((need, found[need]) for need in needs if need in found))[1]
        return {name: found[name] for name in wanted}

    def _steps(self, targets: tuple[str, ...]) -> Sequence[Step]:
        known: dict[tuple[str, ...], Sequence[Step]] = self.__dict__.setdefault("_planned", {})
        if targets not in known:
            nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
            needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
            known[targets] = [
                (name, self._instantiated_nodes[name], needs[name]) for name in in_order(needs)
            ]
        return known[targets]


def in_order(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names so that each comes after all that it needs and that is named too.

    Raises GraphRunError for a circle.

    >>> in_order({"answer": ["reader"], "reader": ["ranker", "text"], "ranker": ["text"]})
    ['ranker', 'reader', 'answer']
    """
    ordered: list[str] = []
    while len(ordered) < len(needs):
        ready = [
            name
            for name, needed in needs.items()
            if name not in ordered and all(one in ordered or one not in needs for one in needed)
        ]
        if not ready:
            raise GraphRunError("The components of the model need each other in a circle.")
        ordered += ready
    return ordered
