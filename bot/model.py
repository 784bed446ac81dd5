"""The trained model: one file in models/, named after a fingerprint of its inputs."""

import fcntl
import hashlib
import logging
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from bot.core.conversation.questions.table import BY_THE_FORM
from bot.core.conversation.slots import SLOTS
from bot.memory import before_imports
from bot.paths import ROOT

MODELS = ROOT / "models"

# Everything that changes the trained model. The lock stands for the versions of Rasa and spaCy.
INPUTS = (
    *("config.yml", "domain.yml", "data"),
    *("bot/domain.py", "bot/understanding", "requirements.lock"),
)
NAMES = (*SLOTS, *BY_THE_FORM)
"""The names that bot/domain.py adds to the domain."""


class ModelError(Exception):
    """Training failed. Rasa has given the reason on standard error."""


def trained_model() -> Path:
    """Return the model for the project's current files, training it if necessary.

    Training takes under a minute; a second process that asks meanwhile waits for the first.
    Models that belong to earlier files are deleted. Raises ModelError.
    """
    model = current_model()
    if model.exists():
        return model
    MODELS.mkdir(exist_ok=True)
    with (MODELS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not model.exists():
            _train(model)
    return model


def current_model() -> Path:
    """Return where the model for the project's current files is, or would be."""
    return MODELS / f"guide-{model_fingerprint()}.tar.gz"


def is_outdated(model: Path) -> bool:
    """Say whether a model in the project's own folder belongs to other files than the project's."""
    return model.resolve().parent == MODELS and model.name != current_model().name


def model_fingerprint(root: Path = ROOT) -> str:
    """Return 16 hexadecimal digits that change with NAMES and the files in INPUTS below `root`."""
    digest = hashlib.sha256(" ".join(NAMES).encode())
    for path in _files(root):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        path = root / name
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (file for file in found if file.is_file() and file.suffix != ".pyc")


def _train(model: Path) -> None:
    print("Training the model …", file=sys.stderr)
    before_imports()
    # skops walks every module that is loaded: before TensorFlow that takes 1.5 s, after it 7 s.
    import skops.io  # noqa: F401 - only its place in the order matters
    from rasa.model_training import train
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(logging.WARNING)
    configure_structlog(logging.WARNING)
    # What libraries say of each other; Rasa's own warnings about our data are UserWarnings.
    warnings.simplefilter("ignore", DeprecationWarning)
    # FormFirst is one.
    warnings.filterwarnings("ignore", "'RulePolicy' is not included in the model's policy")
    with tempfile.TemporaryDirectory(dir=MODELS) as folder:
        # Rasa's own cache does not see changes in code that a component only calls.
        result = train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "data")],
            output=folder,
            fixed_model_name=model.name,
            force_training=True,
        )
        if result.code != 0 or result.model is None:
            raise ModelError
        Path(result.model).replace(model)
    for other in MODELS.glob("*.tar.gz"):
        if other != model:
            other.unlink()


def main(argv: list[str]) -> int:
    """Train the model if it is out of date; return 1 if that fails."""
    if argv:
        print("usage: python -m bot train", file=sys.stderr)
        return 2
    try:
        trained_model()
    except ModelError:
        print("The model could not be trained; see above.", file=sys.stderr)
        return 1
    return 0
