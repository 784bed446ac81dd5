"""Rasa without TensorFlow."""

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.server.model_file import LARGEST, NoModel, component_modules, newest
from bot.without_tensorflow import LEFT_OUT, NEED_SKLEARN, NEED_TENSORFLOW, UNNEEDED
from tests.support.server import ROOT


def test_every_component_of_rasa_that_calls_tensorflow_is_listed() -> None:
    """A component registered for pipelines or policies that imports it gets the real one."""
    found = find_spec("rasa")
    assert found is not None
    assert found.origin is not None
    root = Path(found.origin).parent
    need = set()
    for path in [*root.glob("nlu/**/*.py"), *root.glob("core/policies/*.py")]:
        source = path.read_text(encoding="utf-8")
        if "import tensorflow" in source and "DefaultV1Recipe.register" in source:
            need.add(".".join(path.relative_to(root.parent).with_suffix("").parts))
    assert need == NEED_TENSORFLOW


def test_every_component_of_rasa_that_calls_scikit_learn_is_listed() -> None:
    """A model with such a component is served with everything."""
    found = find_spec("rasa")
    assert found is not None
    assert found.origin is not None
    root = Path(found.origin).parent
    need = {
        ".".join(path.relative_to(root.parent).with_suffix("").parts)
        for path in [*root.glob("nlu/**/*.py"), *root.glob("core/policies/*.py")]
        if "DefaultV1Recipe.register" in (source := path.read_text(encoding="utf-8"))
        and re.search(r"^ *(from|import) (sklearn|joblib)", source, re.MULTILINE)
    }
    assert need == NEED_SKLEARN


RUNNING = """
import os, signal, sys
from bot.server import command
def ready(*words, **_):
    print("modules", *sorted(name for name, module in sys.modules.items() if module), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
command.print = ready
command.main(["--port", "0", "--drafts"])
"""


@pytest.mark.server
def test_what_the_guide_does_not_use_is_not_in_its_process(tmp_path: Path) -> None:
    """Once it answers, nothing of other channels, brokers, stores or training is loaded."""
    database = {"ESCALATION_GUIDE_DATABASE": f"sqlite:///{tmp_path / 'conversations.db'}"}
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUNNING],
        cwd=ROOT,
        env={**os.environ, **database},
        capture_output=True,
        text=True,
        check=True,
    )
    listed = next(line for line in ended.stdout.splitlines() if line.startswith("modules "))
    loaded = {name.split(".")[0] for name in listed.split()[1:]}
    assert {"rasa", "sanic", "spacy", "actions"} <= loaded
    assert not loaded.intersection({*UNNEEDED, *LEFT_OUT, "onnx"})


CHECK = """
import sys
from bot.without_tensorflow import tensorflow_only_if_needed
with tensorflow_only_if_needed(["rasa.core.policies.rule_policy"]):
    import rasa.core.agent
    import rasa.core.policies.rule_policy
    from rasa.utils.tensorflow import callback
    stand_in = callback.RasaTrainingLogger.__mro__[1]
    try:
        stand_in.anything(1, 2)
    except ImportError as error:
        print("used:", error)
try:
    import tensorflow
except ImportError:
    print("absent")
print(any(name.startswith(("tensorflow.python", "keras.")) for name in sys.modules))
"""


@pytest.mark.command
def test_rasa_loads_without_it_and_nothing_pretends_afterwards() -> None:
    """The agent imports; a stand-in that is used says so; afterwards TensorFlow is not there."""
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CHECK],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.splitlines() == [
        "used: tensorflow was left out, but anything is needed.",
        "absent",
        "False",
    ]


def _model(path: Path, content: bytes) -> Path:
    metadata = path.parent / "metadata.json"
    metadata.write_bytes(content)
    with tarfile.open(path, "w:gz") as archive:
        archive.add(metadata, "metadata.json")
    return path


def test_a_model_names_its_components_before_it_is_loaded(tmp_path: Path) -> None:
    """The modules are read from the file, without Rasa."""
    nodes = {"a": {"uses": "rasa.core.policies.ted_policy.TEDPolicy"}, "b": {"uses": "bot.x.Y"}}
    schema = json.dumps({"predict_schema": {"nodes": nodes}}).encode()
    model = _model(tmp_path / "one.tar.gz", schema)
    assert component_modules(model) == {"rasa.core.policies.ted_policy", "bot.x"}


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b"{}", b'{"predict_schema": 1}'])
def test_a_damaged_model_is_named(tmp_path: Path, content: bytes) -> None:
    """Whatever is wrong inside, the error names the file and the command that mends it."""
    with pytest.raises(NoModel, match=r"one\.tar\.gz cannot be loaded .* make train"):
        component_modules(_model(tmp_path / "one.tar.gz", content))
    (tmp_path / "two.tar.gz").write_bytes(content)
    with pytest.raises(NoModel):
        component_modules(tmp_path / "two.tar.gz")


GOOD = b'{"predict_schema": {"nodes": {}}}'


@pytest.mark.parametrize("uses", ["subprocess.Popen", "os.system", "tests.support.x.Y", ""])
def test_a_model_with_a_foreign_component_is_refused(tmp_path: Path, uses: str) -> None:
    """Rasa would import any component."""
    schema = json.dumps({"predict_schema": {"nodes": {"a": {"uses": uses}}}}).encode()
    with pytest.raises(NoModel, match="make train"):
        component_modules(_model(tmp_path / "one.tar.gz", schema))


@pytest.mark.parametrize(
    ("name", "kind", "size"),
    [
        ("../outside", tarfile.REGTYPE, 0),
        ("components/../../outside", tarfile.REGTYPE, 0),
        ("/tmp/outside", tarfile.REGTYPE, 0),  # noqa: S108 - it is not written
        ("link", tarfile.SYMTYPE, 0),
        ("link", tarfile.LNKTYPE, 0),
        ("pipe", tarfile.FIFOTYPE, 0),
        ("large", tarfile.REGTYPE, 2 * LARGEST),
    ],
)
def test_a_model_that_unpacks_outside_its_folder_is_refused(
    tmp_path: Path, name: str, kind: bytes, size: int
) -> None:
    """So is one with links or one that would fill the disk, since Rasa unpacks anything."""
    model = tmp_path / "one.tar"
    with tarfile.open(model, "w") as archive:
        for at, content in (("metadata.json", GOOD), (name, b"")):
            member = tarfile.TarInfo(at)
            member.size = len(content)
            if at == name:
                member.type, member.linkname, member.size = kind, "/etc", size
            archive.addfile(member, io.BytesIO(content) if content else None)
    with pytest.raises(NoModel, match="make train"):
        component_modules(model)
    assert component_modules(_model(tmp_path / "two.tar.gz", GOOD)) == frozenset()


def test_the_newest_model_is_taken(tmp_path: Path) -> None:
    """Of several the one trained last, whatever it is called; a file that is named is taken."""
    for age, name in enumerate(["b", "a", "c"]):
        path = tmp_path / f"{name}.tar.gz"
        path.write_bytes(b"")
        os.utime(path, (1000 - age, 1000 - age))
    assert newest(tmp_path).name == "b.tar.gz"
    assert newest(tmp_path / "c.tar.gz").name == "c.tar.gz"
    with pytest.raises(NoModel, match="There is no trained model"):
        newest(tmp_path / "none")
