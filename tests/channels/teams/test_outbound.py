"""What the guide sends to Teams: its tokens, and servers of Microsoft's that fail."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.outbound import NotSent
from bot.channels.teams.cloud import PUBLIC
from bot.channels.teams.connector import AccessTokens, Bot, ChatAddress, Connector
from tests.support.calls import Calls, Clock
from tests.support.microsoft import APP_ID, PASSWORD, TENANT, Microsoft
from tests.support.server import Server
from tests.support.teams_client import TeamsClient

TYPED = "they will not answer our referral"


@pytest.fixture
def person(microsoft: Microsoft, tiny_teams: Server) -> TeamsClient:
    """Somebody in a private chat of their own, who has been welcomed."""
    return TeamsClient(microsoft, tiny_teams.address).install()


@pytest.mark.server
@pytest.mark.parametrize(
    "failures",
    [
        [(401, {})],
        [(429, {"Retry-After": "0"}), (429, {"Retry-After": "0"})],
        [(500, {})],
        [(503, {"Retry-After": "0"}), (502, {"Retry-After": "0"})],
        ["silence"],
    ],
    ids=str,
)
def test_a_passing_failure_loses_no_answer(person: TeamsClient, failures: list[Any]) -> None:
    """A refused token, too many requests, a server's error, no answer: it is said all the same."""
    microsoft = person.microsoft
    before = microsoft.posted
    microsoft.failures += failures
    person.say(TYPED)
    assert f"You said: {TYPED}" in person.text
    assert microsoft.failures == []
    assert microsoft.posted == before + len(failures) + 1


@pytest.mark.server
@pytest.mark.parametrize("status", [400, 403, 404, 413])
def test_an_answer_that_is_refused_becomes_the_safety_message(
    person: TeamsClient, status: int
) -> None:
    """Whatever Teams will not take, the person is told to go on without the guide."""
    person.microsoft.failures.append((status, {}))
    person.say(TYPED)
    assert "The guide is not working at the moment" in person.text
    assert "call 999 first" in person.text
    assert f"You said: {TYPED}" in person.say(TYPED).text


@pytest.mark.server
def test_failing_sends_do_not_stop_other_answers(person: TeamsClient, tiny_teams: Server) -> None:
    """Not even the safety message can be sent: that is logged, and others are answered."""
    person.microsoft.failures += [(403, {})] * 2
    person.say(TYPED)
    assert person.activities == []
    assert person.microsoft.failures == []
    assert tiny_teams.writes("The standing safety message could not be sent.")
    assert f"You said: {TYPED}" in person.say(TYPED).text


@pytest.mark.server
def test_one_login_serves_many_answers(person: TeamsClient) -> None:
    """The bot's token is kept, and asked for at its own organisation."""
    person.say(TYPED)
    logins = len(person.microsoft.logins)
    for _ in range(3):
        person.say(TYPED)
    assert len(person.microsoft.logins) == logins
    assert {tenant for tenant, _ in person.microsoft.logins} == {TENANT}


def tokens_of(calls: Calls, clock: Clock, tenant: str = TENANT) -> AccessTokens:
    """Tokens by those calls."""
    return AccessTokens(Bot(APP_ID, PASSWORD, tenant), PUBLIC, calls, clock)  # type: ignore[arg-type]


def counting(seconds: int = 3600) -> Callable[[], dict[str, Any]]:
    """Logins, each with a new token that is good for so long."""
    given = iter(range(1, 100))
    return lambda: {"access_token": f"token-{next(given)}", "expires_in": seconds}


async def test_a_token_is_renewed_before_it_ends() -> None:
    """Five minutes before, so that none ends on its way."""
    calls, clock = Calls(token=counting()), Clock()
    tokens = tokens_of(calls, clock)
    assert await tokens.get() == "token-1"
    clock.now += 3299
    assert await tokens.get() == "token-1"
    clock.now += 1
    assert await tokens.get() == "token-2"
    assert calls.forms[0] == {
        "grant_type": "client_credentials",
        "client_id": APP_ID,
        "client_secret": PASSWORD,
        "scope": "https://api.botframework.com/.default",
    }


@pytest.mark.parametrize(("tenant", "authority"), [(TENANT, TENANT), ("", "botframework.com")])
async def test_a_token_is_asked_for_where_the_bot_is_registered(
    tenant: str, authority: str
) -> None:
    """At its organisation; a bot of several has an authority of its own."""
    calls = Calls(token=counting())
    await tokens_of(calls, Clock(), tenant).get()
    assert calls.asked == [f"https://login.microsoftonline.com/{authority}/oauth2/v2.0/token"]


async def test_many_answers_at_once_make_one_login() -> None:
    """Concurrent answers wait for the first login."""
    calls = Calls(token=counting())
    tokens = tokens_of(calls, Clock())
    assert set(await asyncio.gather(*(tokens.get() for _ in range(20)))) == {"token-1"}
    assert len(calls.asked) == 1


@pytest.mark.parametrize("given", [b"no json", {}, {"access_token": 5, "expires_in": 1}, [1]])
async def test_a_login_without_a_token_fails_and_is_retried(given: Any) -> None:
    """The answer fails, and the next one tries to log in again."""
    tokens = tokens_of(Calls(token=given), Clock())
    with pytest.raises(NotSent):
        await tokens.get()


async def test_a_refused_token_is_renewed_once() -> None:
    """A second refusal is final."""
    refusals = iter([NotSent("host", 401), {}, NotSent("host", 401), NotSent("host", 401)])
    calls = Calls(token=counting(), activities=lambda: next(refusals))
    connector = Connector(PUBLIC, calls, tokens_of(calls, Clock()))  # type: ignore[arg-type]
    place = ChatAddress("https://smba.trafficmanager.net/uk/", "a/b?c", "28:x", "29:y")
    await connector.send(place, {"type": "message"})
    assert calls.authorized == ["Bearer token-1", "Bearer token-2"]
    assert calls.asked[1].endswith("/uk/v3/conversations/a%2Fb%3Fc/activities")
    with pytest.raises(NotSent):
        await connector.send(place, {"type": "message"})
    assert calls.authorized[2:] == ["Bearer token-2", "Bearer token-3"]


async def test_no_token_goes_to_a_host_that_is_not_listed() -> None:
    """Checked where it is sent, as well as where the address came in."""
    calls = Calls(token=counting())
    connector = Connector(PUBLIC, calls, tokens_of(calls, Clock()))  # type: ignore[arg-type]
    with pytest.raises(NotSent):
        await connector.send(
            ChatAddress("https://example.org/", "a", "b", "c"), {"type": "message"}
        )
    assert calls.asked == []


def test_neither_secret_nor_id_is_shown() -> None:
    """Neither appears in a traceback or a log."""
    assert PASSWORD not in repr(Bot(APP_ID, PASSWORD, TENANT))
    assert "29:y" not in repr(ChatAddress("https://x", "a", "b", "29:y"))
