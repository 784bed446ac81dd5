"""Who signed a request, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import Clock, SignatureVerifier
from typing_extensions import override

from bot.channels.slack.signature import NotGenuine, Signature

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105
NOW = 1_531_420_618


class Fixed(Clock):
    """Slack's library's clock, stopped."""

    @override
    def now(self) -> float:
        return NOW


def test_the_example_of_slacks_own_documentation() -> None:
    """The signature that Slack publishes for its example is the one that is expected."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id="
        b"G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-"
        b"collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F3977008"
        b"85554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c44"
        b"7fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    Signature(SECRET, lambda: NOW).check(str(NOW), expected, body)


@given(st.text(), st.integers(NOW - 400, NOW + 400))
def test_it_agrees_with_slacks_own_library(body: str, at: int) -> None:
    """What the library takes is taken, and what it refuses is refused."""
    theirs = SignatureVerifier(SECRET, Fixed())
    signature = str(theirs.generate_signature(timestamp=str(at), body=body))
    good = theirs.is_valid(body, str(at), signature)
    assert good is taken(str(at), signature, body.encode())
    assert not taken(str(at), signature, body.encode() + b" ")


@given(st.text(), st.text(), st.binary())
def test_any_other_signature_is_refused(timestamp: str, signature: str, body: bytes) -> None:
    """Whatever stands in the headers, it is refused and nothing breaks."""
    assert not taken(timestamp, signature, body)


@pytest.mark.parametrize("off", [-301, -300, 300, 301])
def test_requests_are_accepted_within_five_minutes(off: int) -> None:
    """A request is good for five minutes, to the second, by the clock that is given."""
    signature = Signature(SECRET, lambda: NOW)
    at = str(NOW + off)
    assert taken(at, signature.sign(at, b"{}"), b"{}") is (abs(off) == 300)


def taken(timestamp: str, signature: str, body: bytes) -> bool:
    """Whether a request is taken for Slack's."""
    try:
        Signature(SECRET, lambda: NOW).check(timestamp, signature, body)
    except NotGenuine:
        return False
    return True
