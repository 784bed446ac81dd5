"""When the model is trained anew: exactly when what it is made from has changed."""

from pathlib import Path

import pytest

from bot.model import INPUTS, NAMES, current_model, is_outdated, model_fingerprint
from bot.paths import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one file for each thing the model is made from."""
    for name in (
        "config.yml",
        "domain.yml",
        "data/nlu/a.yml",
        "bot/domain.py",
        "bot/understanding/b.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    return tmp_path


@pytest.mark.parametrize(
    "name", ["config.yml", "data/nlu/a.yml", "bot/domain.py", "bot/understanding/b.py"]
)
def test_a_changed_input_means_another_model(project: Path, name: str) -> None:
    """Editing an example, the configuration or a component leaves the old model behind."""
    before = model_fingerprint(project)
    (project / name).write_text("2")
    assert model_fingerprint(project) != before


@pytest.mark.parametrize("kind", ["slot", "question"])
def test_a_new_question_means_another_model(
    project: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slots and the actions that bot/domain.py adds are part of what is trained."""
    before = model_fingerprint(project)
    added = {"slot": ("answer", *NAMES), "question": (*NAMES, "asked")}
    monkeypatch.setattr("bot.model.NAMES", added[kind])
    assert model_fingerprint(project) != before


def test_a_model_of_other_files_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The start says so of one in the project's folder; what is named elsewhere is one's own."""
    monkeypatch.setattr("bot.model.MODELS", tmp_path)
    assert is_outdated(tmp_path / "guide-0123456789abcdef.tar.gz")
    assert not is_outdated(current_model())
    assert not is_outdated(tmp_path / "elsewhere" / "guide-0123456789abcdef.tar.gz")


def test_a_new_or_renamed_file_means_another_model(project: Path) -> None:
    """Files that come, go or change their name count as much as their text."""
    before = model_fingerprint(project)
    (project / "data/nlu/a.yml").rename(project / "data/nlu/c.yml")
    renamed = model_fingerprint(project)
    (project / "data/nlu/a.yml").write_text("1")
    assert len({before, renamed, model_fingerprint(project)}) == 3


@pytest.mark.parametrize("name", ["README.md", "policies/kent.yml", "bot/understanding/b.pyc"])
def test_other_files_do_not_change_the_model(project: Path, name: str) -> None:
    """A policy, a document or byte code changes nothing that training would make."""
    before = model_fingerprint(project)
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("2")
    assert model_fingerprint(project) == before


def test_every_input_is_there() -> None:
    """An input that was moved away would silently stop counting."""
    assert [name for name in INPUTS if not (ROOT / name).exists()] == []
