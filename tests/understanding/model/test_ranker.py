"""Rankers that read the same text in one process."""

from pathlib import Path

import pytest

from bot.understanding.model.ranker import Ranker, read_ranker, train, write_ranker
from bot.understanding.words.text import one_message

REFUSED = ["they refused our referral", "social care said no", "it was turned down", "a flat no"]
AGREED = ["they accepted our referral", "social care said yes", "it was agreed", "she will come"]


def _ranker() -> Ranker:
    labels = ["refused"] * len(REFUSED) + ["agreed"] * len(AGREED)
    return train([*REFUSED, *AGREED], labels)


def _other() -> Ranker:
    """A ranker with features that the first has not."""
    lines = ["zebras graze upon savannah", "zebras gallop", "quails nest upon moorland", "quails"]
    return train(lines, ["zebra", "zebra", "quail", "quail"])


def test_a_ranker_that_is_made_later_changes_nothing_for_an_earlier_one() -> None:
    """Also within one message, in which the features of a text are looked up once."""
    first = _ranker()
    before = [first.rank(text) for text in (*REFUSED, "zebras refused our quails")]
    other = _other()
    with one_message():
        assert [first.rank(text) for text in (*REFUSED, "zebras refused our quails")] == before
        assert other.rank("zebras gallop")[0][0] == "zebra"
        assert other.rank("quails nest")[0][0] == "quail"


def test_a_text_without_a_known_feature_is_ranked_by_the_bias_alone() -> None:
    """And still gives every label a share."""
    ranker = _ranker()
    assert ranker.rank("") == ranker.rank("ʘ")
    assert sum(share for _, share in ranker.rank("")) == pytest.approx(1)


def test_a_written_ranker_ranks_as_the_one_that_was_trained(tmp_path: Path) -> None:
    """To the last digit."""
    ranker = _ranker()
    write_ranker(tmp_path, "outcomes", ranker)
    again = read_ranker(tmp_path, "outcomes")
    assert [again.rank(text) for text in AGREED] == [ranker.rank(text) for text in AGREED]
