"""What a word may be: a name, a place, an everyday word. Read once, when first needed."""

import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import msgspec

NAMES = Path(__file__).resolve().parent / "names"
_ENGLISH = "frequency_dictionary_en_82_765.txt"
# Letters that lose nothing but a stroke, which Unicode does not take apart.
_STROKES = str.maketrans("łøđħıðßæœþ’‘`´", "lodhidsaot''''")


class Lexicon(msgspec.Struct, frozen=True):
    """Sets of words in lower case without accents.

    `first` and `last` are names and nothing else; `doubtful` are first names that are also
    everyday words, `common_too` are everyday words that are also names (`first_too` first
    names), `doubtful_places` places that are; `surnames` are all surnames, ordinary or not; `stay` are words of the work.
    """

    first: frozenset[str]
    last: frozenset[str]
    doubtful: frozenset[str]
    common_too: frozenset[str]
    first_too: frozenset[str]
    surnames: frozenset[str]
    places: frozenset[str]
    doubtful_places: frozenset[str]
    stay: frozenset[str]
    english: "English"

    def is_name(self, word: str) -> bool:
        """Whether the word is a name whatever stands around it."""
        return word in self.first or word in self.last

    def is_ordinary(self, word: str) -> bool:
        """Whether the word is English or of the work, or differs from such by its ending only."""
        return (
            word in self.stay
            or word in self.doubtful
            or word in self.common_too
            or (word in self.english and not self.is_name(word))
        )


class English:
    """Some 80,000 English words in one block of bytes: a tenth of the memory of a set."""

    def __init__(self, words: list[str]) -> None:
        self._block = b"\n" + b"\n".join(sorted(word.encode() for word in words)) + b"\n"

    @lru_cache(maxsize=8192)  # noqa: B019 - one English lives as long as the process.
    def __contains__(self, word: str) -> bool:
        wanted = word.encode("utf-8", "ignore")
        low, high = 0, len(self._block) - 1
        while low < high:
            middle = (low + high) // 2
            start = self._block.rfind(b"\n", low, middle + 1)
            start = low if start < 0 else start
            end = self._block.find(b"\n", start + 1)
            found = self._block[start + 1 : end]
            if found == wanted:
                return bool(wanted)
            if found < wanted:
                low = end
            else:
                high = start
        return False


def fold(word: str) -> str:
    """The word in lower case without accents, apostrophes straight."""
    lower = word.casefold().translate(_STROKES)
    if lower.isascii():
        return lower
    apart = unicodedata.normalize("NFKD", lower)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lists beside this file and the English words of symspellpy.

    Raises FileNotFoundError where one of them is not installed.
    """
    doubtful, common = _words("also_words"), _words("also_common_words")
    doubtful_places, surnames = _words("also_places"), _words("surnames")
    places = _words("places") | doubtful_places
    plain = doubtful | common | places
    all_first = _words("first_names")
    first = all_first - plain
    return Lexicon(
        first=first,
        last=surnames - plain - first,
        doubtful=doubtful - places,
        common_too=common - doubtful - places,
        first_too=(common & all_first) - doubtful - places,
        surnames=surnames,
        places=places,
        doubtful_places=doubtful_places,
        stay=_words("stay"),
        english=English(_english()),
    )


def _words(name: str) -> frozenset[str]:
    lines = (NAMES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    kept = (line.split() for line in lines if not line.startswith("#"))
    return frozenset(word.replace("+", " ") for line in kept for word in line)


def _english() -> list[str]:
    package = find_spec("symspellpy")
    if package is None or package.origin is None:
        raise FileNotFoundError(f"symspellpy, which holds {_ENGLISH}, is not installed")
    with (Path(package.origin).parent / _ENGLISH).open(encoding="utf-8-sig") as lines:
        return [line.split(" ", 1)[0] for line in lines]
