"""Tokens."""

import base64
import json
import stat
from pathlib import Path

import jwt
import pytest

from bot.channels.web.sessions import LONGEST, BadToken, Sessions, load_secret

SECRET = "s" * 32
DAY = 24 * 60 * 60


def test_a_token_opens_its_own_conversation_and_no_two_are_alike() -> None:
    """Each session has an id of 128 random bits that only its token gives."""
    sessions = Sessions(SECRET, lambda: 1000.0)
    first, second = sessions.issue(), sessions.issue()
    assert sessions.conversation_of(first.token) == first.conversation != second.conversation
    assert len(first.conversation.removeprefix("web-")) == 32


def test_a_token_ends_when_it_says() -> None:
    """It is valid until the second it names, and reported as expired afterwards."""
    now = [1000.0]
    sessions = Sessions(SECRET, lambda: now[0], lifetime=60)
    issued = sessions.issue()
    assert issued.expires == 1060
    now[0] = 1059.9
    assert sessions.conversation_of(issued.token) == issued.conversation
    now[0] = 1060.0
    with pytest.raises(BadToken) as caught:
        sessions.conversation_of(issued.token)
    assert caught.value.expired


def test_a_token_is_renewed_for_the_same_conversation_and_for_a_week_at_most() -> None:
    """Each lasts as long as the first, but none beyond a week after the beginning."""
    now = [1000.0]
    sessions = Sessions(SECRET, lambda: now[0], lifetime=2 * DAY)
    kept = issued = sessions.issue()
    ends = []
    for _ in range(5):
        now[0] = kept.expires - 10
        kept = sessions.renew(kept.token)
        assert sessions.conversation_of(kept.token) == issued.conversation
        assert kept.lasts == kept.expires - int(now[0])
        ends.append(kept.expires)
    assert ends[0] == issued.expires - 10 + 2 * DAY
    assert ends[-1] == 1000 + LONGEST
    now[0] = 1000 + LONGEST
    with pytest.raises(BadToken):
        sessions.renew(kept.token)


def test_a_token_that_does_not_say_when_it_began_is_not_renewed() -> None:
    """Without its beginning, a token could be renewed for ever."""
    sessions = Sessions(SECRET, lambda: 1000.0)
    token = jwt.encode(CLAIMS, SECRET, "HS256")
    assert sessions.conversation_of(token) == CLAIMS["sub"]
    with pytest.raises(BadToken):
        sessions.renew(token)


def _forged(header: dict[str, str], claims: dict[str, object]) -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in (header, claims)
    ]
    return b".".join([*parts, b""]).decode()


CLAIMS = {"sub": "web-" + "0" * 32, "exp": 9_999_999_999, "aud": "escalation-guide-web"}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "abc",
        "a.b.c",
        "\u2603.\u2603.\u2603",
        _forged({"alg": "none", "typ": "JWT"}, dict(CLAIMS)),
        jwt.encode(CLAIMS, "another secret of thirty-two chars", "HS256"),
        jwt.encode(CLAIMS, SECRET, "HS512"),
        jwt.encode(CLAIMS | {"sub": "default"}, SECRET, "HS256"),
        jwt.encode(CLAIMS | {"aud": "other"}, SECRET, "HS256"),
        jwt.encode(CLAIMS | {"exp": "soon"}, SECRET, "HS256"),
        jwt.encode({"sub": CLAIMS["sub"], "aud": CLAIMS["aud"]}, SECRET, "HS256"),
    ],
)
def test_any_other_token_is_refused(token: str) -> None:
    """Unsigned, wrongly signed, endless, or naming a conversation that is not a session's."""
    with pytest.raises(BadToken) as caught:
        Sessions(SECRET, lambda: 1000.0).conversation_of(token)
    assert not caught.value.expired


def test_the_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    """Without one given, it is made, kept readable to its owner only, and used again."""
    kept = tmp_path / "var" / "secret"
    secret = load_secret(kept, None)
    assert load_secret(kept, None) == secret
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert load_secret(kept, "x" * 40) == "x" * 40


def test_a_weak_secret_is_refused(tmp_path: Path) -> None:
    """A secret short enough to guess does not start the server."""
    with pytest.raises(ValueError, match="at least 32"):
        load_secret(tmp_path / "secret", "short")
    (tmp_path / "secret").write_text("")
    with pytest.raises(ValueError, match="no usable secret"):
        load_secret(tmp_path / "secret", None)


def test_a_conversation_elsewhere_is_named_by_a_keyed_digest() -> None:
    """The same ids give the same name, any other id or secret another, and no id is in it."""
    sessions, other = Sessions(SECRET, lambda: 0.0), Sessions("o" * 32, lambda: 0.0)
    name = sessions.keyed_name("teams", "tenant", "conversation", "person")
    assert name == sessions.keyed_name("teams", "tenant", "conversation", "person")
    assert name.startswith("teams-")
    assert len(name.removeprefix("teams-")) == 32
    others = [
        sessions.keyed_name("slack", "tenant", "conversation", "person"),
        sessions.keyed_name("teams", "tenant", "conversation", "another"),
        sessions.keyed_name("teams", "tenant", "conversation\nperson", ""),
        sessions.keyed_name("teams", "tenant", "conversation\n6:person"),
        other.keyed_name("teams", "tenant", "conversation", "person"),
    ]
    assert len({name, *others}) == 6
