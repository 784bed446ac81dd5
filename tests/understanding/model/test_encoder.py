"""The encoder of sentences: its weights, how words are cut, and what a long text is heard by."""

import random
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import measure_understanding as measure
from bot.core.vocabulary import Disagreement, Exit
from bot.understanding.model import encoder
from bot.understanding.model.encoder import (
    WINDOW,
    Encoder,
    Floats,
    Scores,
    base_weights,
    package_folder,
)
from bot.understanding.model.graph import base_matrices, encoder_graph
from bot.understanding.model.joined import joined_kinds, joined_risk
from bot.understanding.model.wordpieces import (
    MOST_WINDOWS,
    PART,
    Pieces,
    encoder_text,
    known_pieces,
    windows,
)

ALL_LAYERS = 6
CALM = "We met the family at the school on Monday and agreed what each of us would do next. "


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    """The vocabulary of the package."""
    return known_pieces(package_folder() / "vocab.txt")


def untuned(base: Mapping[str, Floats]) -> dict[str, Floats]:
    """What adds nothing to the package's weights, on all of its layers."""
    nothing = {
        "norm.scale": base["embeddings.LayerNorm.weight"],
        "norm.shift": base["embeddings.LayerNorm.bias"],
        "danger.weights": np.zeros(1, np.float32),
        "danger.bias": np.zeros(1, np.float32),
        "now.weights": np.zeros(1, np.float32),
        "now.bias": np.zeros(1, np.float32),
        "intents.weights": np.zeros((1, 1), np.float32),
        "intents.bias": np.zeros(1, np.float32),
        "intents.labels": np.zeros(1, np.float32),
    }
    for number in range(ALL_LAYERS):
        for name, (weights, bias) in base_matrices(base, number).items():
            nothing[f"{number}.{name}.down"] = np.zeros((weights.shape[0], 1), np.float32)
            nothing[f"{number}.{name}.up"] = np.zeros((1, weights.shape[1]), np.float32)
            nothing[f"{number}.{name}.bias"] = bias
        for name, theirs in (("gathered", "attention.output"), ("narrowed", "output")):
            norm = f"encoder.layer.{number}.{theirs}.LayerNorm"
            nothing[f"{number}.{name}.scale"] = base[f"{norm}.weight"]
            nothing[f"{number}.{name}.shift"] = base[f"{norm}.bias"]
    return nothing


@pytest.mark.long
def test_the_weights_are_those_of_the_published_model(pieces: Pieces) -> None:
    """Untuned, on all layers, a sentence has the vector that the model's authors print for it."""
    base = base_weights(package_folder())
    graph = encoder_graph(base, untuned(base))
    whole = Encoder(base, untuned(base), pieces, graph)
    (vector,) = whole.meanings(list(windows("This is an example sentence", pieces, WINDOW)))
    vector = vector[-384:]
    published = [0.0676569, 0.0634959, 0.0487131, 0.0793050, 0.0374480, 0.0026528]
    assert vector[:6] == pytest.approx(published, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She's cold.", "she ' s cold ."),
        ("handprints", "hand ##print ##s"),
        ("the café", "the cafe"),
        ("NFA", "no further action"),
        ("[name] ran", "name ran"),
        ("x" * 50, "[UNK]"),
        ("", ""),
    ],
)
def test_words_are_cut_into_known_pieces(pieces: Pieces, text: str, expected: str) -> None:
    """Small letters, no accents, short forms in full, the longest known piece first."""
    names = {number: piece for piece, number in pieces.items()}
    (only,) = windows(text, pieces, WINDOW)
    assert " ".join(names[number] for number in only[1:-1]) == expected


def test_nothing_of_a_long_text_is_left_out(pieces: Pieces) -> None:
    """It is cut into windows that fit, and together they hold every piece once."""
    parts = windows(CALM * 30, pieces, WINDOW)
    (once,) = windows(CALM, pieces, WINDOW)
    assert max(map(len, parts)) == PART
    held = Counter(dict.fromkeys(once[1:-1], 0))
    for part, times in parts.items():
        held.update({number: times * count for number, count in Counter(part[1:-1]).items()})
    assert held == Counter(once[1:-1] * 30)


def test_a_repeated_window_is_read_once_and_counts_each_time(
    pieces: Pieces, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word again and again costs two windows; what is said nine times weighs nine times."""
    heard = measure.encoder()
    repeated = windows("bruises " * 400, pieces, WINDOW)
    assert len(repeated) <= 2 < repeated.total()
    (one,), (other,) = (windows(text, pieces, WINDOW) for text in (CALM, "He hit her."))

    def intents(**times: int) -> Floats:
        read = Counter({one: times["one"], other: times["other"]})
        monkeypatch.setattr(encoder, "windows", lambda *_: +read)
        return np.array(list(heard.score("").intents.values()), np.float32)

    mixed = 0.9 * intents(one=1, other=0) + 0.1 * intents(one=0, other=1)
    assert intents(one=9, other=1) == pytest.approx(mixed, abs=1e-4)


@pytest.mark.long
@given(text=st.text(max_size=4000) | st.text("a\"'.@<(-:,?😀[]/", min_size=2000, max_size=4000))
def test_no_text_is_read_in_more_windows_than_english_of_the_longest_message(text: str) -> None:
    """However much of it is signs, the encoder reads a bounded number of windows."""
    pieces = known_pieces(package_folder() / "vocab.txt")
    assert len(windows(text, pieces, WINDOW)) <= MOST_WINDOWS


def test_signs_do_not_keep_words_from_being_read(pieces: Pieces) -> None:
    """Among more signs than are read, the words stay."""
    signs = "".join(random.Random(7).choices("!#$%&*+-./:=?@^~", k=1900))  # noqa: S311
    parts = windows(f"{signs} he hit her with a hammer {signs}", pieces, WINDOW)
    assert len(parts) <= MOST_WINDOWS
    assert any(pieces["hammer"] in part for part in parts)
    assert len(windows(signs, pieces, WINDOW)) == 1


def test_invisible_marks_are_not_read() -> None:
    """They do not split words, and tags are not words."""
    assert encoder_text("bru\u200bise <b>now</b>") == "bruise now"


def test_danger_at_the_end_of_a_long_text_is_heard() -> None:
    """The window that sounds worst counts, however calm the rest is."""
    ending = "She told us her stepdad gets into her bed at night and she is going home to him now."
    heard = measure.encoder()
    calm, mixed = heard.score(CALM * 8).danger, heard.score(CALM * 8 + ending).danger
    assert calm < 0 < mixed


def test_it_knows_the_kinds_and_the_exits() -> None:
    """What it was tuned for are intents of the training lines, every kind and exit among them.

    An intent added since is ranked by n-grams alone, until `make tune`.
    """
    trained = {intent for _, intent in measure.intent_examples()} - {
        "danger",
        "no_danger",
        "enquiry",
    }
    known = set(measure.encoder().score("hello").intents)
    assert {*map(str, Disagreement), *map(str, Exit)} <= known <= trained


def test_the_tuned_file_contains_only_arrays() -> None:
    """The file is read with pickling forbidden, and is small beside the package."""
    with np.load(encoder.TUNED, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fU" for name in arrays)
    assert encoder.TUNED.stat().st_size < 5_000_000


def test_the_surer_of_ranker_and_encoder_counts_more() -> None:
    """Doubt on one side leaves the other's word; two that are sure are surer than one."""
    sure, unsure = Scores(4.0, {}), Scores(0.0, {})
    assert joined_risk(0.5, sure) > 0.9
    assert joined_risk(0.99, unsure) > 0.8
    assert joined_risk(0.99, sure) > joined_risk(0.5, sure)
    assert joined_risk(0.01, Scores(-4.0, {})) < joined_risk(0.01, unsure) < 0.5


def test_only_the_kinds_are_reordered() -> None:
    """The others keep their share, whatever the encoder hears, and the kinds theirs together."""
    ranked = [("threshold", 0.4), ("greet", 0.4), ("communication", 0.2)]
    scores = {"threshold": -2.0, "communication": 2.0, "greet": 9.0}
    joined = dict(joined_kinds(ranked, scores))
    assert joined["greet"] == pytest.approx(0.4)
    assert joined["communication"] > joined["threshold"]
    assert sum(joined.values()) == pytest.approx(1.0)
