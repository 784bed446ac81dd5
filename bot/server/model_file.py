"""Find and check a model file before Rasa is loaded."""

import json
import tarfile
from pathlib import Path, PurePosixPath

from bot.server.settings import CannotStart

LARGEST = 1024 * 1024 * 1024
"""The largest total size of an unpacked model. The guide's own is a few MB."""
OURS = ("bot.", "rasa.")
"""The packages that components may come from, since Rasa imports whatever a model names."""


class NoModel(CannotStart):
    """There is no usable model."""


def newest(place: Path) -> Path:
    """The model at `place`, or the newest in it if it is a folder. Raises NoModel."""
    if place.is_file():
        return place
    found = sorted(place.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise NoModel(f"There is no trained model in {place}. Train one first: make train")
    return found[-1]


def component_modules(model: Path) -> frozenset[str]:
    """The modules of the components that a model runs. Raises NoModel."""
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
        raise damaged_model(model, error) from error


def _check_members(archive: tarfile.TarFile) -> None:
    """Raise ReadError if unpacking would write elsewhere or too much. Rasa does not check."""
    size = 0
    for member in archive:
        at = PurePosixPath(member.name)
        size += member.size
        if at.is_absolute() or ".." in at.parts or not (member.isfile() or member.isdir()):
            raise tarfile.ReadError("A file of it would lie outside.")
        if size > LARGEST:
            raise tarfile.ReadError("It is too large.")


def damaged_model(model: Path, error: Exception) -> NoModel:
    """The error for a model that cannot be read."""
    return NoModel(f"{model} cannot be loaded ({type(error).__name__}). Train again: make train")
