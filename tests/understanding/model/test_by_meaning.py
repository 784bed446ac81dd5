"""The rankers by meaning: of the kinds of disagreement, and of whole replies."""

from pathlib import Path

import numpy as np
import pytest

from bench import measure_understanding as measure
from bot.understanding.model.by_meaning import (
    read_by_meaning,
    train_by_meaning,
    write_by_meaning,
)
from bot.understanding.model.joined import KINDS, rank_joined
from bot.understanding.model.kinds import train_kinds

LINES = [
    ("nobody rings me back", "silence"),
    ("my emails go unanswered", "silence"),
    ("the chair stayed empty again", "absence"),
    ("they never come to our meetings", "absence"),
    ("they keep his notes to themselves", "secrecy"),
    ("I am not allowed to see the file", "secrecy"),
]


def test_a_written_ranker_ranks_as_the_one_that_was_trained(tmp_path: Path) -> None:
    """To the last digit; where none was written there is none."""
    ranker = train_by_meaning(LINES, 1.0, measure.encoder())
    write_by_meaning(tmp_path, "some", ranker)
    again = read_by_meaning(tmp_path, "some")
    assert again is not None
    meaning = measure.scores("she hasn't returned one of my calls").meaning
    assert again.scores(meaning) == ranker.scores(meaning)
    assert max(again.labels, key=again.scores(meaning).__getitem__) == "silence"
    assert np.exp(again.log_shares(meaning)).sum() == pytest.approx(1)
    assert read_by_meaning(tmp_path, "other") is None


def test_kinds_are_ranked_by_meaning_only_where_each_has_lines() -> None:
    """A kind without a line could never be first."""
    lines = [("they never come to our meetings", "meeting_attendance")]
    assert train_kinds(lines, lines, measure.encoder()) is None


def test_the_meaning_orders_the_kinds_and_leaves_everything_else() -> None:
    """The trained model ranks kinds by it: the kinds together keep their share."""
    text = "one of us signed it and the other five were shown it afterwards"
    kinds = measure.kinds_by_meaning()
    with_it = dict(rank_joined(text, *measure.rankers(), measure.scores(text), kinds))
    without = dict(rank_joined(text, *measure.rankers(), measure.scores(text)))
    moved = {name for name, share in with_it.items() if abs(share - without[name]) > 1e-6}
    assert moved
    assert moved <= KINDS
    assert with_it == dict(measure.shares(text))
