"""What is let in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.guard import Rate, TokenBucket, clean_input


@pytest.mark.parametrize(
    "typed",
    [
        "/restart",
        "  /restart",
        "//restart",
        "\u200b/restart",
        "/\u2060/restart",
        "\u00a0/\t/restart",
        "\x00/restart",
    ],
)
def test_a_typed_slash_is_no_command(typed: str) -> None:
    """However a slash is hidden at the start, what is left is a word."""
    assert clean_input(typed) == "restart"


@given(st.text())
def test_no_text_starts_as_a_command_or_hides_a_character(typed: str) -> None:
    """Whatever is typed, Rasa's own test for a command finds none, and cleaning is settled."""
    clean = clean_input(typed)
    assert not clean.strip().startswith("/")
    assert clean_input(clean) == clean
    clean.encode("utf-8")


def test_invisible_characters_are_removed_and_words_stay() -> None:
    """Direction marks, zero-width and control characters go; accents, lines and emoji stay."""
    assert clean_input("a\u202eb\u200bc\x07d\ufeff") == "abcd"
    assert clean_input("Zoë\r\nsaid “no” – twice 🙂") == "Zoë\nsaid “no” – twice 🙂"


def test_a_token_bucket_lets_a_burst_through_and_then_a_trickle() -> None:
    """After the burst each key waits, is told how long, and may go on after that long."""
    bucket = TokenBucket(Rate(burst=3, per_second=0.5))
    assert [bucket.take("a", 100.0) for _ in range(3)] == [0, 0, 0]
    assert bucket.take("a", 100.0) == 2
    assert bucket.take("b", 100.0) == 0
    assert bucket.take("a", 102.0) == 0
    assert bucket.take("a", 102.0) == 2


def test_a_token_bucket_forgets_full_buckets() -> None:
    """Keys that are allowed their whole burst again take no memory, nor do too many keys."""
    bucket = TokenBucket(Rate(burst=2, per_second=1), most=10)
    for number in range(100):
        bucket.take(str(number), 0.0)
    assert len(bucket) == 10
    bucket.take("new", 60.0)
    assert len(bucket) == 1


def test_half_of_a_character_is_taken_out() -> None:
    """A lone surrogate, which no database can store, goes; the whole character stays."""
    assert clean_input("a\ud83db") == "ab"
    assert clean_input("a\udc00\ud800b 🙂") == "ab 🙂"
    assert clean_input("\ud800/restart") == "restart"


def test_a_long_rest_gives_no_more_than_one_burst() -> None:
    """Tokens do not pile up: after an hour there are as many as at the start."""
    bucket = TokenBucket(Rate(burst=3, per_second=0.5))
    assert bucket.take("a", 0.0) == 0
    assert bucket.take("b", 1.0) == 0
    assert bucket.take("a", 5.5) == 0
    passed = [bucket.take("a", 5.5) for _ in range(3)]
    assert passed == [0, 0, 2]


def test_being_refused_costs_nothing() -> None:
    """Who knocks again and again waits no longer than who waits quietly."""
    bucket = TokenBucket(Rate(burst=1, per_second=0.5))
    assert bucket.take("a", 0.0) == 0
    assert [bucket.take("a", at / 10) for at in range(1, 20)][-1] == 1
    assert bucket.take("a", 2.0) == 0


def test_the_wait_that_is_told_is_enough() -> None:
    """Whole seconds, rounded up, and never none for somebody who is refused."""
    bucket = TokenBucket(Rate(burst=1, per_second=0.4))
    assert bucket.take("a", 0.0) == 0
    assert bucket.take("a", 0.0) == 3
    assert bucket.take("a", 2.4) == 1
    assert bucket.take("a", 2.5) == 0


def test_whoever_was_refused_lately_is_not_forgotten_for_another() -> None:
    """A key is let go once it is allowed its whole burst again, and not before."""
    bucket = TokenBucket(Rate(burst=2, per_second=1), most=10)
    assert [bucket.take("a", 0.0) for _ in range(3)] == [0, 0, 1]
    assert bucket.take("b", 1.9) == 0
    assert len(bucket) == 2
    assert bucket.take("b", 2.0) == 0
    assert len(bucket) == 1
