"""Requests that nobody would send on purpose, to the running guide: answered, and not logged."""

import itertools
import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fixtures import TODAY, start_teams, teams_environment
from tests.support.fuzzing import (
    CANARY,
    HANG_SECONDS,
    as_json,
    changed,
    damaged,
    fuzzed,
    texts,
    values,
    with_canary,
)
from tests.support.microsoft import Microsoft
from tests.support.server import ROOT, Server
from tests.support.slack_api import SlackApi
from tests.support.slack_person import SlackPerson
from tests.support.slack_person import settings as slack_settings
from tests.support.teams_client import TeamsClient

pytestmark = pytest.mark.server

DESCRIPTION = yaml.safe_load((ROOT / "docs/openapi.yml").read_text(encoding="utf-8"))
CALLS = [
    (path, method)
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
    if method != "parameters"
]
METHODS = ["get", "post", "put", "delete", "patch", "head", "options"]
TURNS_IN_A_SESSION = 12
FAILED = re.compile(r"A turn failed|A request failed|Traceback|hangs")
_people = itertools.count(1)


@pytest.fixture(scope="module")
def guide(
    microsoft: Microsoft, slack_api: SlackApi, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The guide with all its channels, writing all it can write to its log."""
    database = tmp_path_factory.mktemp("fuzz") / "conversations.db"
    environment = {
        "ESCALATION_GUIDE_DATABASE": f"sqlite:///{database}",
        "ESCALATION_GUIDE_TODAY": TODAY,
        "ESCALATION_GUIDE_LOG_LEVEL": "DEBUG",
        "ESCALATION_GUIDE_PROXIES": "1",
    }
    channels = teams_environment(microsoft) | slack_settings(slack_api)
    server = start_teams([microsoft.address], ROOT, channels | environment)
    yield server
    server.stop()
    assert CANARY not in server.written
    assert FAILED.search(server.written) is None


@pytest.fixture(scope="module")
def http(guide: Server) -> Iterator[httpx.Client]:
    """A client that gives up on what hangs."""
    with httpx.Client(base_url=guide.address, timeout=HANG_SECONDS, trust_env=False) as client:
        yield client


class Sessions:
    """People who come one after the other, each from an address of their own."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._turns = 0
        self.headers: dict[str, str] = {}

    def current(self) -> dict[str, str]:
        """Return the headers of somebody who may still say something."""
        if self._turns % TURNS_IN_A_SESSION == 0:
            self.headers = {"X-Forwarded-For": _address()}
            opened = self._http.post("/webhooks/web/session", json={}, headers=self.headers)
            self.headers["Authorization"] = f"Bearer {opened.json()['token']}"
        self._turns += 1
        return dict(self.headers)


def _address() -> str:
    number = next(_people)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@pytest.fixture(scope="module")
def sessions(http: httpx.Client) -> Sessions:
    """The people of this module."""
    return Sessions(http)


MESSAGE = {"text": "they will not accept our referral", "id": "12345678"}
BODIES = (
    texts.map(lambda text: as_json({"text": with_canary(text)}))
    | changed(MESSAGE).map(as_json)
    | changed({"partnership": "kent"}).map(as_json)
    | damaged(as_json(MESSAGE))
    | values.map(as_json)
    | st.sampled_from([b"", b"[" * 20_000, b'{"text": ' * 3_000, b"\xff\xfe", b"1e999", b"{}" * 9])
)
TYPES = st.sampled_from(
    ["application/json"] * 8
    + ["application/json; charset=utf-16", "text/plain", "multipart/form-data", "", "a/b;c=d;;"]
)
TOKENS = st.sampled_from([None] * 6 + ["none", "broken", "other"])


@fuzzed
@given(
    call=st.sampled_from(CALLS) | st.tuples(texts.map(quote), st.sampled_from(METHODS)),
    parts=st.tuples(texts, texts),
    body=BODIES,
    kind=TYPES,
    token=TOKENS,
)
def test_the_web_channel_answers_as_it_is_described(  # noqa: PLR0913, PLR0917 - parts of a request
    http: httpx.Client,
    sessions: Sessions,
    call: tuple[str, str],
    parts: tuple[str, str],
    body: bytes,
    kind: str,
    token: str | None,
) -> None:
    """Whatever comes, the status is one of the description's, and so is the answer's shape."""
    path, method = call
    at = path.replace("{offer}", quote(parts[0], safe="")).replace(
        "{name}", quote(parts[1], safe="")
    )
    headers = sessions.current() | {"Content-Type": kind}
    if token == "none":  # noqa: S105
        del headers["Authorization"]
    elif token:
        headers["Authorization"] = f"Bearer {headers['Authorization'][7:][::-1]}"
    # Only the body may hold text: everything else can end up in any server's log.
    answer = http.request(method.upper(), "/" + at.lstrip("/"), content=body, headers=headers)
    described = DESCRIPTION["paths"].get(path, {}).get(method)
    assert answer.status_code < 500, answer.text
    if described:
        assert_described(described, answer)


def assert_described(described: dict[str, Any], answer: httpx.Response) -> None:
    """The status is listed, and the body has the shape that is listed for it."""
    responses = described["responses"]
    assert str(answer.status_code) in responses, (answer.status_code, answer.text)
    listed = _followed(responses[str(answer.status_code)])
    content = listed.get("content", {})
    if "application/json" in content:
        schema = {**content["application/json"]["schema"], "components": DESCRIPTION["components"]}
        jsonschema.validate(answer.json(), schema, cls=Validator)
    elif not content:
        assert not answer.content


def _type(validator: Any, types: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """Check a type as OpenAPI 3.0 has it, where what is nullable may be null."""
    if not (instance is None and schema.get("nullable")):
        yield from jsonschema.Draft4Validator.VALIDATORS["type"](validator, types, instance, schema)


Validator = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft4Validator, {"type": _type}
)


def _followed(response: dict[str, Any]) -> dict[str, Any]:
    named = response.get("$ref")
    return DESCRIPTION["components"]["responses"][named.rpartition("/")[2]] if named else response


def test_the_description_names_every_address_and_method(http: httpx.Client) -> None:
    """What it names is there, and of those addresses no other method is."""
    for path, methods in DESCRIPTION["paths"].items():
        at = path.replace("{offer}", "a").replace("{name}", "b")
        for method in ("get", "post", "put", "delete", "patch"):
            headers = {"X-Forwarded-For": _address()}
            answer = http.request(method.upper(), at, headers=headers)
            there = answer.status_code not in {404, 405}
            assert there == (method in methods), (method, path)


SOMEBODY = "00000000"
"""Stands for the number of a person in what is changed: hypothesis wants the same each time."""


def as_another(body: bytes) -> bytes:
    """Return a delivery as if somebody else had caused it, who may still say something."""
    return body.replace(SOMEBODY.encode(), f"{next(_people):08}".encode())


ACTIVITY_TEXTS = texts.map(with_canary)


@fuzzed
@given(data=st.data(), text=ACTIVITY_TEXTS, signed=st.sampled_from([True] * 9 + [False]))
def test_teams_deliveries_are_answered(
    guide: Server,
    http: httpx.Client,
    microsoft: Microsoft,
    data: st.DataObject,
    text: str,
    signed: bool,  # noqa: FBT001 - drawn
) -> None:
    """Signed, whatever is in them; not signed, they are refused."""
    client = TeamsClient(
        microsoft, guide.address, person=f"29:{SOMEBODY}", conversation=f"a:{SOMEBODY}"
    )
    client.http.close()
    activity = client.activity(
        text=text, textFormat="plain", value={"choice": "do:stages"}, id=SOMEBODY
    )
    body = as_another(data.draw(changed(activity).map(as_json) | damaged(as_json(activity))))
    token = microsoft.token() if signed else microsoft.token()[:-9] + "AAAAAAAAA"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = http.post("/webhooks/teams/messages", content=body, headers=headers)
    allowed = {200, 202, 400, 403, 501} if signed else {403}
    # More people than can wait: it is delivered again later.
    assert answer.status_code in allowed | {503}, answer.text
    if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        http.get("/quiet")


@fuzzed
@given(data=st.data(), text=ACTIVITY_TEXTS, signed=st.sampled_from([True] * 9 + [False]))
def test_slack_deliveries_are_answered(
    guide: Server,
    http: httpx.Client,
    slack_api: SlackApi,
    data: st.DataObject,
    text: str,
    signed: bool,  # noqa: FBT001 - drawn
) -> None:
    """Events, presses and commands."""
    person = SlackPerson(guide.address, slack_api)
    person.user, person.channel = f"U{SOMEBODY}", f"D{SOMEBODY}"
    said = person.message(text, ts=f"{SOMEBODY}.1", event_ts=f"{SOMEBODY}.1")
    event = person.envelope(said, event_id=f"Ev{SOMEBODY}", event_time=1)
    try:
        press = {"type": "block_actions", "user": {"id": person.user}, "actions": [{"value": "x"}]}
        place, content, kind = data.draw(
            st.one_of(
                st.tuples(
                    st.just("events"),
                    changed(event).map(as_json) | damaged(as_json(event)),
                    st.just("application/json"),
                ),
                st.tuples(
                    st.just("interactions"),
                    changed(press).map(lambda one: b"payload=" + quote(as_json(one)).encode()),
                    st.just("application/x-www-form-urlencoded"),
                ),
                st.tuples(
                    st.just("commands"),
                    damaged(f"command=%2Fescalation&text={quote(text)}&user_id=U1".encode()),
                    st.just("application/x-www-form-urlencoded"),
                ),
            )
        )
        wrong = {} if signed else {"X-Slack-Signature": "v0=" + "0" * 64}
        answer = person.post(place, as_another(content), kind, **wrong)
    finally:
        person.http.close()
    allowed = {200, 400, 403, 404} if signed else {401, 403, 404}
    assert answer.status_code in allowed | {503}, (place, answer.status_code, answer.text)
    if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        http.get("/quiet")


def test_the_guide_still_answers_after_all_requests(http: httpx.Client) -> None:
    """After all that, the guide is well and a conversation is answered."""
    http.get("/quiet").raise_for_status()
    time.sleep(1)
    assert http.get("/health/ready").json() == {"status": "ok"}
    headers = {"X-Forwarded-For": _address()}
    opened = http.post("/webhooks/web/session", json={}, headers=headers).json()
    assert json.dumps(opened["messages"]).count("999") >= 1
