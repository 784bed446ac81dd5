"""Rasa and spaCy without TensorFlow, for models that do not need it.

Importing Rasa's agent imports TensorFlow, whatever the model is made of: of the 515 MB that
a rule-based bot then takes, 295 MB are TensorFlow, and of its 5.7 s until ready 2.5 s
(docs/performance.md). So where no component of the model needs it, Rasa is given empty
stand-ins while it loads: names that may be subclassed and used in annotations, and that
raise ImportError as soon as anything is asked of them. A model with such a component gets
TensorFlow itself.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Collection, Iterator
from contextlib import contextmanager

LEFT_OUT = ("tensorflow", "tensorflow_addons", "keras")

# Every module of Rasa 3.6 with a component that calls TensorFlow.
NEED_TENSORFLOW = frozenset(
    {
        "rasa.core.policies.ted_policy",
        "rasa.core.policies.unexpected_intent_policy",
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
        "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
        "rasa.nlu.selectors.response_selector",
    }
)


class _StandIn(type):
    """A class without content, whose attributes are such classes too."""

    def __getattr__(cls, name: str) -> "_StandIn":
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn(name, (), {})

    def __call__(cls, *arguments: object, **named: object) -> object:
        # As a decorator it returns the decorated function unchanged.
        if len(arguments) == 1 and callable(arguments[0]) and not named:
            return arguments[0]
        raise ImportError(f"TensorFlow was left out, but {cls.__name__} is needed.")


class _StandInModule(types.ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> _StandIn:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn(name, (), {})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self,
        fullname: str,
        path: object,  # noqa: ARG002 - the import system fixes the signature
        target: object = None,  # noqa: ARG002 - as path
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".", maxsplit=1)[0] not in LEFT_OUT:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


@contextmanager
def tensorflow_only_if_needed(modules: Collection[str]) -> Iterator[None]:
    """While Rasa loads, leave TensorFlow out unless one of the components' modules needs it.

    Afterwards any import of TensorFlow fails as if it were not installed.
    """
    loaded = any(name in sys.modules for name in LEFT_OUT)
    if loaded or NEED_TENSORFLOW.intersection(modules):
        yield
        return
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.split(".")[0] in LEFT_OUT]:
            del sys.modules[name]
        for name in LEFT_OUT:
            sys.modules[name] = None  # type: ignore[assignment]


@contextmanager
def tensorflow_hidden() -> Iterator[None]:
    """While spaCy is imported, hide TensorFlow, unless it is loaded already.

    spaCy imports it where it can, for layers that our model does not have: 295 MB and seconds.
    """
    if "tensorflow" in sys.modules:
        yield
        return
    sys.modules["tensorflow"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["tensorflow"]
