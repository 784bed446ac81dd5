"""Keepers whom the organisation's own proxy has signed in, with the rights it hands over."""

import ipaddress
from types import SimpleNamespace
from typing import Any

import pytest
from sanic.compat import Header

from bot.channels.configured import Misconfigured
from bot.channels.web.sign_in import NoSignIn, ProxySignIn
from bot.keepers.people import Right
from bot.server.keepers import RIGHTS_HEADER, proxied_keepers

PROXY = ProxySignIn("X-Remote-User", (ipaddress.ip_network("10.0.0.5"),))
SET = {RIGHTS_HEADER: "X-Remote-Rights"}


def asked(peer: str, **headers: str) -> Any:
    """A request from an address."""
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return SimpleNamespace(ip=peer, headers=Header(named))


async def test_the_proxy_names_the_person_and_their_rights() -> None:
    """Roles of the identity provider become rights for a policy."""
    who = proxied_keepers(PROXY, SET)
    assert who
    keeper = await who(asked("10.0.0.5", X_Remote_User="jo", X_Remote_Rights="kent:sign;*:read"))
    assert keeper
    assert keeper.name == "jo"
    assert keeper.may(Right.sign, "kent")
    assert not keeper.may(Right.sign, "pan_dorset")


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("10.0.0.6", {"X_Remote_User": "jo", "X_Remote_Rights": "*:sign"}),
        ("10.0.0.5", {"X_Remote_Rights": "*:sign"}),
        ("10.0.0.5", {"X_Remote_User": "jo"}),
        ("10.0.0.5", {"X_Remote_User": "jo", "X_Remote_Rights": "*:everything"}),
    ],
)
async def test_nobody_else_is_believed(peer: str, headers: dict[str, str]) -> None:
    """Not somebody who sends the headers directly, nor half of them."""
    who = proxied_keepers(PROXY, SET)
    assert who
    assert await who(asked(peer, **headers)) is None


def test_rights_without_a_proxy_that_signs_in_are_refused_at_the_start() -> None:
    """Anybody could send that header."""
    assert proxied_keepers(NoSignIn(), {}) is None
    with pytest.raises(Misconfigured, match="needs a proxy"):
        proxied_keepers(NoSignIn(), SET)
