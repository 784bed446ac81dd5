"""Run the graph of a trained model one component after another.

Rasa hands each run to dask, which plans each time what can run in parallel. Here there are at most
four components, each needs the one before, and planning takes longer than some of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

Step = tuple[str, GraphNode, Sequence[str]]
"""A component's name, the component, and the names of the components it needs."""


class SequentialRunner(DaskGraphRunner):
    """Gives the same results as DaskGraphRunner, but determines the order only once."""

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
                (name, self._instantiated_nodes[name], needs[name])
                for name in topological_order(needs)
            ]
        return known[targets]


def topological_order(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names in an order in which each comes after those that it needs.

    Needs that are not named are ignored. Raises GraphRunError for a cycle.

    >>> topological_order({"answer": ["reader"], "reader": ["ranker", "text"], "ranker": ["text"]})
    ['ranker', 'reader', 'answer']
    """
    ordered: list[str] = []
    while len(ordered) < len(needs):
        ready = [
            name
            for name, needed in needs.items()
            if name not in ordered and all(need in ordered or need not in needs for need in needed)
        ]
        if not ready:
            raise GraphRunError("The components of the model need each other in a circle.")
        ordered += ready
    return ordered
