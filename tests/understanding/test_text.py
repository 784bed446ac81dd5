"""What is worked out of a message is worked out once, and nothing of it is remembered."""

from html import unescape

import pytest

from bot.understanding.words import text
from bot.understanding.words.concepts import text_features
from bot.understanding.words.text import cased, clean, normal, one_message


@pytest.fixture
def cleaned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were cleaned, in order."""
    done: list[str] = []

    def counted(words: str) -> str:
        done.append(words)
        return unescape(words)

    monkeypatch.setattr(text, "unescape", counted)
    return done


def test_a_message_is_one_message_however_many_read_it(cleaned: list[str]) -> None:
    """With capitals, in lower case and as it stands: one cleaning."""
    with one_message():
        assert clean("They **won't** act") == "They won't act"
        assert cased("They **won't** act") == "They wont act"
        assert normal("They **won't** act") == "they wont act"
        clean("another")
    assert cleaned == ["They **won't** act", "another"]


def test_its_features_are_found_once_too(cleaned: list[str]) -> None:
    """However many rankers weigh a clause, and also where a part of the reading begins anew."""
    with one_message():
        first = text_features("They refused")
        with one_message():
            assert text_features("They refused") == first
    assert cleaned == ["They refused"]
    assert text_features("They refused") == first


@one_message()
def _fails() -> None:
    clean("once")
    raise ZeroDivisionError


def test_nothing_is_remembered_of_a_message(cleaned: list[str]) -> None:
    """After a message, also after one that failed, what was written is not kept."""
    with pytest.raises(ZeroDivisionError):
        _fails()
    clean("once")
    with one_message():
        clean("once")
    assert cleaned == ["once"] * 3
