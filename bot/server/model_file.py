"""What can be known of a model before Rasa is loaded: which file, and what is in it."""

import json
import tarfile
from pathlib import Path

from bot.server.settings import CannotStart


class NoModel(CannotStart):
    """There is no model that can be used."""


def newest(place: Path) -> Path:
    """The model at `place`, or the newest in it where it is a folder. Raises NoModel."""
    if place.is_file():
        return place
    found = sorted(place.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise NoModel(f"There is no trained model in {place}. Train one first: make train")
    return found[-1]


def components(model: Path) -> frozenset[str]:
    """The modules of the components that a model answers with. Raises NoModel."""
    try:
        with tarfile.open(model) as archive:
            file = archive.extractfile("metadata.json")
            metadata = json.load(file) if file else {}
        nodes = metadata["predict_schema"]["nodes"].values()
        return frozenset(node["uses"].rpartition(".")[0] for node in nodes)
    except (
        OSError,
        EOFError,
        tarfile.TarError,
        KeyError,
        AttributeError,
        TypeError,
        ValueError,
    ) as error:
        raise damaged(model, error) from error


def damaged(model: Path, error: Exception) -> NoModel:
    """The error for a model that cannot be read."""
    return NoModel(f"{model} cannot be loaded ({type(error).__name__}). Train again: make train")
