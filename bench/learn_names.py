"""Learns the weights of bot/privacy/masking/weights.py: `python -m bench.learn_names` (a minute).

Four kinds of example: the marked lines of this folder; the lines that understanding learns from,
which name nobody; marked lines with other names put in ("hope told me" for "callum told me"); and
lines without names with a doubtful word put where an ordinary one stands ("the hope was read" for
"the plan was read"). The last two teach the neighbours and leave the word itself out.

`python -m bench.learn_names --without NAME` leaves a file out and measures on it instead of
writing, which tells what the weights are worth on lines they have not seen.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import msgspec
import yaml
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bench import masking
from bot.paths import ROOT
from bot.privacy.masking import cue_words, masker, weights
from bot.privacy.masking import features as looked_at
from bot.privacy.masking.features import may_be_name, word_features, word_form
from bot.privacy.masking.lexicon import LISTS, name_lexicon
from bot.privacy.masking.names import NameFinder
from bot.privacy.masking.patterns import PLACEHOLDERS
from bot.privacy.masking.tokens import Token, tokenise
from bot.privacy.masking.word_kinds import WordKinds

WEIGHTS = LISTS / "weights.txt"
WORDS = "learning_words.txt"
# How much an example of each kind counts, and how many are made of a line.
MARKED, NAMELESS, OTHER_NAMES, OTHER_WORDS = 2.0, 0.3, 1.0, 0.3
NAMES_PUT_IN = 6
ALSO_PUT_IN = 0.25
# Features seen once, and weights too small to matter, are left out.
LEAST_SEEN = 2
SMALLEST = 4
_SHORT = 3
_PLAIN_NAME = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]+)?")
_LIKE_A_FORM = re.compile(r"(?:s|ing|ed|ly)$")
_INVENTED = [
    *("zorvik", "qarmel", "tilvane", "ushko", "brelling", "dovrana"),
    *("kestavi", "mirunel", "phaxton", "oyelaro", "szymko", "thavindra"),
]
_ROLES = {"noun", "verb", "quality", "past"}


class Example(msgspec.Struct, frozen=True):
    """One doubtful word: its features, whether it is a name, and how much it counts."""

    features: list[str]
    is_name: bool
    counts: float


class Marked(msgspec.Struct, frozen=True):
    """A line with shapes masked, and where its names stand."""

    text: str
    names: tuple[tuple[int, int], ...]


def marked(line: str) -> Marked:
    """The line without its marks. Everything but names is masked, as before names are sought."""
    text, names, last = "", [], 0
    for hit in masking.MARKED.finditer(line):
        text += line[last : hit.start()]
        if hit["kind"] == "name":
            names.append((len(text), len(text) + len(hit["what"])))
        text += hit["what"] if hit["kind"] == "name" else PLACEHOLDERS[hit["kind"]]
        last = hit.end()
    return Marked(text + line[last:], tuple(names))


def ruled_kinds(text: str) -> WordKinds:
    """The kinds of words after the rules and before the weights."""
    words = name_lexicon()
    people = NameFinder(tokenise(text, words.phrases, masker.protected_spans(text)), words)
    with patch.object(weights, "is_likely", lambda *_: False):
        people.find()
    return people.kinds


def of_line(line: Marked, counts: float, *, word: bool = True) -> Iterator[Example]:
    """The doubtful words of a line, and names that rules find, which teach their neighbours."""
    kinds = ruled_kinds(line.text)
    for index, token in enumerate(kinds.tokens.all):
        if token.kind != "word":
            continue
        named = any(start <= token.start and token.end <= end for start, end in line.names)
        if token.is_name and not named:
            continue
        by_rule, token.is_name = token.is_name, False
        if may_be_name(kinds, index):
            yield Example(word_features(kinds, index, word=word), named, counts)
        token.is_name = by_rule


def with_other_names(line: Marked, chance: random.Random) -> Iterator[Marked]:
    """The line with names that are everyday words, or that nobody knows, in place of its own."""
    words = name_lexicon()
    doubtful, first = sorted(words.doubtful - {"will"}), sorted(words.first_too)
    last = sorted(words.common_too - words.first_too)
    for _ in range(NAMES_PUT_IN if line.names else 0):
        chosen, text, end, names, changed = chance.randrange(len(line.names)), "", 0, [], False
        for place, (start, stop) in enumerate(line.names):
            text += line.text[end:start]
            parts = line.text[start:stop].split()
            wanted = place == chosen or chance.random() < ALSO_PUT_IN
            if wanted and all(map(_PLAIN_NAME.fullmatch, parts)):
                pools = [doubtful, doubtful, doubtful, first, first, _INVENTED]
                put = [chance.choice(chance.choice(pools)) for _ in parts]
                if len(parts) > 1 and chance.random() < ALSO_PUT_IN:
                    put[-1] = chance.choice(last)
                parts = [
                    new.title() if old[0].isupper() else new
                    for old, new in zip(parts, put, strict=True)
                ]
                changed = True
            name = " ".join(parts)
            names.append((len(text), len(text) + len(name)))
            text, end = text + name, stop
        if changed:
            yield Marked(text + line.text[end:], tuple(names))


def with_other_places(text: str, chance: random.Random) -> str | None:
    """The line with a place that people are called after put where it names another."""
    kinds, words = ruled_kinds(text), name_lexicon()
    places = [token for token in kinds.tokens.all if token.base in words.places]
    if not places:
        return None
    token = chance.choice(places)
    new = chance.choice(sorted(words.first_places))
    put = new.title() if token.text[:1].isupper() else new
    return text[: token.start] + put + text[token.end :]


def with_another_word(text: str, chance: random.Random) -> Iterator[Example]:
    """A doubtful word where an ordinary one of the same form stands."""
    kinds, words = ruled_kinds(text), name_lexicon()
    ordinary = []
    for index, token in enumerate(kinds.tokens.all):
        plain = token.kind == "word" and not (token.is_name or token.protected)
        if not plain or len(token.base) < _SHORT or "'" in token.text:
            continue
        known = token.base in words.frequent and token.base not in words.doubtful | words.common_too
        grammar = (
            token.base in looked_at.GRAMMAR | cue_words.KIN | cue_words.ROLES | cue_words.TITLES
        )
        if known and not grammar and not _LIKE_A_FORM.search(token.base):
            ordinary.append(index)
    ordinary = [at for at in ordinary if word_form(kinds, kinds.tokens.at(at)) in _ROLES]
    if not ordinary:
        return
    token = kinds.tokens.at(chance.choice(ordinary))
    same = [new for new in sorted(words.doubtful | words.first_too) if len(new) >= _SHORT]
    same = [new for new in same if word_form(kinds, _alone(new)) == word_form(kinds, token)]
    if not same:
        return
    new = chance.choice(same)
    put = new.title() if token.text[0].isupper() else new
    kinds = ruled_kinds(text[: token.start] + put + text[token.end :])
    for index, other in enumerate(kinds.tokens.all):
        if other.start == token.start and other.kind == "word":
            other.is_name = False
            if may_be_name(kinds, index):
                yield Example(
                    word_features(kinds, index, word=False), is_name=False, counts=OTHER_WORDS
                )


def _alone(word: str) -> Token:
    return Token(kind="word", text=word, base=word, start=0, end=len(word))


def nameless() -> list[str]:
    """The lines that understanding is trained and tested on."""
    found = []
    for path in sorted((ROOT / "data/nlu").glob("*.yml")):
        for part in yaml.safe_load(path.read_text("utf-8")).get("nlu", []):
            lines = (part.get("examples") or "").splitlines()
            found += [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line[2:]) for line in lines]
    for path in sorted((ROOT / "tests/understanding/lines").glob("*.txt")):
        lines = path.read_text("utf-8").splitlines()
        found += [line.split(" | ")[-1] for line in lines if line and not line.startswith("#")]
    return found


def name_examples(names: tuple[str, ...]) -> list[Example]:
    """All examples, from the marked files of these names and the nameless lines."""
    chance = random.Random(7)  # noqa: S311 - the same lines each time, nothing secret
    found: list[Example] = []
    for name in names:
        texts = (Path(masking.HERE) / name).read_text("utf-8").splitlines()
        for line in [marked(text) for text in texts if text and not text.startswith("#")]:
            found += of_line(line, MARKED)
            for other in with_other_names(line, chance):
                found += [each for each in of_line(other, OTHER_NAMES, word=False) if each.is_name]
            for _ in range(2):
                found += with_another_word(line.text, chance)
    for text in nameless():
        found += of_line(Marked(text, ()), NAMELESS)
        if (elsewhere := with_other_places(text, chance)) is not None:
            found += of_line(Marked(elsewhere, ()), OTHER_WORDS)
        found += with_another_word(text, chance)
    return found


def learn(names: tuple[str, ...]) -> dict[str, int]:
    """The weights that the examples teach, in hundredths."""
    found = name_examples(names)
    seen = Counter(feature for each in found for feature in set(each.features))
    rows = [{f: 1 for f in each.features if seen[f] >= LEAST_SEEN} for each in found]
    vectors = DictVectorizer()
    model = LogisticRegression(max_iter=400, solver="liblinear", random_state=0)
    model.fit(
        vectors.fit_transform(rows),
        [each.is_name for each in found],
        sample_weight=[each.counts for each in found],
    )
    named = zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
    learned = {name: round(100 * weight) for name, weight in named}
    learned["bias"] += round(100 * model.intercept_[0])
    return {name: weight for name, weight in learned.items() if abs(weight) >= SMALLEST}


def main(arguments: list[str]) -> None:
    """Write the weights, or measure what they are worth on a file left out."""
    if arguments[:1] == ["--without"]:
        left_out = arguments[1]
        learned = learn((*(name for name in masking.FILES if name != left_out), WORDS))
        with patch.object(weights, "feature_weights", lambda: learned):
            print(masking.measure_masking(left_out))
        return
    lines = [
        f"{name} {weight}\n" for name, weight in sorted(learn((*masking.FILES, WORDS)).items())
    ]
    head = "# Learned by bench/learn_names.py: a feature of features.py and its weight.\n"
    WEIGHTS.write_text(head + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
