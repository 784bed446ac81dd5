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

from bot.without_tensorflow import english_model

SETTING = "ESCALATION_GUIDE_NAME_READER"
DEFAULT = "spacy"
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
    """Return spaCy's reader of people as (start, end). Loaded once.

    Raises ModuleNotFoundError if it is not installed.
    """
    model = english_model(without=_NOT_NEEDED)

    # spaCy does not promise that threads may share a model.
    one_at_a_time = threading.Lock()

    def people(text: str) -> list[tuple[int, int]]:
        with one_at_a_time:
            found = model(text).ents
        return [(one.start_char, one.end_char) for one in found if one.label_ == "PERSON"]

    return people
