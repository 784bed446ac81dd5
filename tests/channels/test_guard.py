"""What is let in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.guard import Rate, TokenBucket, plain


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
    assert plain(typed) == "restart"


@given(st.text())
def test_no_text_starts_as_a_command_or_hides_a_character(typed: str) -> None:
    """Whatever is typed, Rasa's own test for a command finds none, and cleaning is settled."""
    clean = plain(typed)
    assert not clean.strip().startswith("/")
    assert plain(clean) == clean
    clean.encode("utf-8")


def test_what_cannot_be_seen_is_taken_out_and_words_stay() -> None:
    """Direction marks, zero-width and control characters go; accents, lines and emoji stay."""
    assert plain("a\u202eb\u200bc\x07d\ufeff") == "abcd"
    assert plain("Zoë\r\nsaid “no” – twice 🙂") == "Zoë\nsaid “no” – twice 🙂"


def test_a_turnstile_lets_a_burst_through_and_then_a_trickle() -> None:
    """After the burst each key waits, is told how long, and may go on after that long."""
    turnstile = TokenBucket(Rate(burst=3, per_second=0.5))
    assert [turnstile.wait("a", 100.0) for _ in range(3)] == [0, 0, 0]
    assert turnstile.wait("a", 100.0) == 2
    assert turnstile.wait("b", 100.0) == 0
    assert turnstile.wait("a", 102.0) == 0
    assert turnstile.wait("a", 102.0) == 2


def test_a_turnstile_forgets_whoever_has_long_gone() -> None:
    """Keys that are allowed their whole burst again take no memory, nor do too many keys."""
    turnstile = TokenBucket(Rate(burst=2, per_second=1), most=10)
    for number in range(100):
        turnstile.wait(str(number), 0.0)
    assert len(turnstile) == 10
    turnstile.wait("new", 60.0)
    assert len(turnstile) == 1


def test_half_of_a_character_is_taken_out() -> None:
    """A lone surrogate, which no database can store, goes; the whole character stays."""
    assert plain("a\ud83db") == "ab"
    assert plain("a\udc00\ud800b 🙂") == "ab 🙂"
    assert plain("\ud800/restart") == "restart"


def test_a_long_rest_gives_no_more_than_one_burst() -> None:
    """Tokens do not pile up: after an hour there are as many as at the start."""
    bucket = TokenBucket(Rate(burst=3, per_second=0.5))
    assert bucket.wait("a", 0.0) == 0
    assert bucket.wait("b", 1.0) == 0
    assert bucket.wait("a", 5.5) == 0
    passed = [bucket.wait("a", 5.5) for _ in range(3)]
    assert passed == [0, 0, 2]


def test_being_refused_costs_nothing() -> None:
    """Who knocks again and again waits no longer than who waits quietly."""
    bucket = TokenBucket(Rate(burst=1, per_second=0.5))
    assert bucket.wait("a", 0.0) == 0
    assert [bucket.wait("a", at / 10) for at in range(1, 20)][-1] == 1
    assert bucket.wait("a", 2.0) == 0


def test_the_wait_that_is_told_is_enough() -> None:
    """Whole seconds, rounded up, and never none for somebody who is refused."""
    bucket = TokenBucket(Rate(burst=1, per_second=0.4))
    assert bucket.wait("a", 0.0) == 0
    assert bucket.wait("a", 0.0) == 3
    assert bucket.wait("a", 2.4) == 1
    assert bucket.wait("a", 2.5) == 0


def test_whoever_was_refused_lately_is_not_forgotten_for_another() -> None:
    """A key is let go once it is allowed its whole burst again, and not before."""
    bucket = TokenBucket(Rate(burst=2, per_second=1), most=10)
    assert [bucket.wait("a", 0.0) for _ in range(3)] == [0, 0, 1]
    assert bucket.wait("b", 1.9) == 0
    assert len(bucket) == 2
    assert bucket.wait("b", 2.0) == 0
    assert len(bucket) == 1
