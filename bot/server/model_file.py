"""What can be known of a model before Rasa is loaded: which file, and what is in it."""

import json
import tarfile
from pathlib import Path, PurePosixPath

from bot.server.settings import CannotStart

LARGEST = 1024 * 1024 * 1024
"""Of everything in a model, unpacked. The guide's own is a few MB."""
OURS = ("bot.", "rasa.")
"""Where the components of a model may come from: Rasa imports whatever a model names."""


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
            _check_members(archive)
            file = archive.extractfile("metadata.json")
            metadata = json.load(file) if file else {}
        nodes = metadata["predict_schema"]["nodes"].values()
        used = [node["uses"] for node in nodes]
        if not all(name.startswith(OURS) for name in used):
            raise tarfile.ReadError("A component of it is not the guide's.")
        return frozenset(name.rpartition(".")[0] for name in used)
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


def _check_members(archive: tarfile.TarFile) -> None:
    """Raise ReadError where unpacking would write elsewhere, or without end. Rasa does not look."""
    size = 0
    for member in archive:
        at = PurePosixPath(member.name)
        size += member.size
        if at.is_absolute() or ".." in at.parts or not (member.isfile() or member.isdir()):
            raise tarfile.ReadError("A file of it would lie outside.")
        if size > LARGEST:
            raise tarfile.ReadError("It is too large.")


def damaged(model: Path, error: Exception) -> NoModel:
    """The error for a model that cannot be read."""
    return NoModel(f"{model} cannot be loaded ({type(error).__name__}). Train again: make train")
