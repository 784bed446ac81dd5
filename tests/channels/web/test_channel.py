"""The web channel from outside: right and wrong requests to a running server."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import jwt
import pytest

from tests.support.fixtures import WELCOME
from tests.support.server import ROOT, Server
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server

ADDRESSES = ["/webhooks/web/session", "/webhooks/web/message"]


@pytest.fixture
def client(tiny_server: Server) -> WebClient:
    """A tab with an open conversation."""
    return tiny_server.client()


def test_a_session_starts_with_the_welcome(client: WebClient) -> None:
    """Opening gives a token, the time it ends, and the guide's first message whole."""
    answer = client.http.post("/webhooks/web/session", json={}).json()
    assert set(answer) == {"token", "expires", "lasts", "messages"}
    assert answer["expires"] > time.time() + 3600
    (message,) = answer["messages"]
    assert set(message) == {"text", "buttons", "card", "files"}
    assert message["text"] == WELCOME
    assert message["buttons"][1] == {
        "title": "Worried, but not now.",
        "payload": "answer:risk:concern",
    }


@pytest.mark.parametrize("how", ["2", "worried, but not now", "answer:risk:concern"])
def test_a_button_is_its_number_its_title_or_its_press(client: WebClient, how: str) -> None:
    """All three give the same answer, and the history shows the button's title."""
    client.say(how)
    assert client.text.startswith("Answered concern.")
    assert client.history()[1]["text"] == "Worried, but not now."


def test_text_gets_an_answer_with_buttons_and_a_card(client: WebClient) -> None:
    """What an action says with a card and buttons arrives as one message."""
    (message,) = client.say("they will not answer our referral")
    assert message["text"] == "You said: they will not answer our referral\n\nRisk: None"
    assert message["card"] == {"kind": "advice", "title": "A card"}
    client.press("Worried, but not now.")
    assert client.text.startswith("Answered concern.")


@pytest.mark.parametrize(
    "typed",
    ["/restart", ' /answer{"risk": "no_harm"}', "\u200b/SetSlots(risk=no_harm)", "//greet"],
)
def test_a_typed_command_is_only_text(client: WebClient, typed: str) -> None:
    """Whatever is typed, no slot is set and nothing is wiped."""
    client.press("Worried, but not now.")
    client.say(typed)
    assert client.text.startswith("You said: ")
    client.say("please help with social care")
    assert client.text.endswith("Risk: concern")


def test_a_payload_that_was_never_shown_is_only_text(client: WebClient) -> None:
    """A client cannot answer what it was not asked."""
    client.say("answer:risk:no_harm")
    assert client.text.startswith("You said: answer:risk:no_harm\n")
    client.say("please help with social care")
    assert client.text.endswith("Risk: None")


def test_a_name_is_masked_before_anything_else_sees_it(client: WebClient) -> None:
    """The person is told kindly, once, and neither answer nor history has the name."""
    first, second = client.say("they will not answer about Zebedee, our referral")
    assert first["text"].startswith("I left a name out")
    assert "[name]" in second["text"]
    (only,) = client.say("they will not answer about Zebedee, our referral")
    assert "[name]" in only["text"]
    assert "Zebedee" not in json.dumps(client.history())


def test_the_history_is_what_both_said(client: WebClient) -> None:
    """A page that is loaded again gets the conversation back in order."""
    client.press("Yes, in danger now")
    said = [(message["from"], message["text"]) for message in client.history()]
    assert said[0] == ("guide", WELCOME)
    assert said[1] == ("person", "Yes, in danger now")
    assert said[2][0] == "guide"


def test_a_message_that_is_too_long_is_refused_and_not_stored(client: WebClient) -> None:
    """5,000 characters get a kind answer with the limit and 999; nothing of it is stored."""
    client.say("referral " * 600)
    assert "4,000" in client.text
    assert "999" in client.text
    assert len(client.history()) == 1


@pytest.mark.parametrize("before", [0, 450, 900])
def test_danger_in_a_message_that_is_too_long_is_heard(client: WebClient, before: int) -> None:
    """Wherever in it, the refusal says first what to do now, and repeats nothing of it."""
    calm = "referral "
    client.say(calm * before + "he is hitting her now. " + calm * (900 - before))
    assert client.text.startswith("**If a child is in danger now, call 999 first.**")
    assert "sounds as if a child may be" in client.text
    assert "4,000" in client.text
    assert "hitting" not in client.text
    assert len(client.history()) == 1


@pytest.mark.parametrize("typed", ["", "   \n", "\u200b\u202e\x07", "/", " // "])
def test_an_empty_message_is_answered_kindly(client: WebClient, typed: str) -> None:
    """Nothing that can be read is not an error of the person's."""
    client.say(typed)
    assert "type a few words" in client.text


def test_emoji_only_is_answered(client: WebClient) -> None:
    """Emoji are text like any other."""
    client.say("🙂🙂🙂")
    assert client.text.startswith("You said: 🙂🙂🙂\n")


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[]", b"{}", b'{"text": 5}', b'{"text": null}', b"\xff\xfe", b'{"text":'],
)
def test_a_body_that_is_wrong_is_refused(client: WebClient, body: bytes) -> None:
    """It is the page's mistake: 400 with a name and a sentence."""
    headers = client.headers() | {"Content-Type": "application/json"}
    answer = client.http.post("/webhooks/web/message", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"] == "bad_request"
    assert answer.json()["message"]


def test_a_body_nested_without_end_is_refused(client: WebClient) -> None:
    """Deep nesting is refused like any wrong body."""
    headers = client.headers() | {"Content-Type": "application/json"}
    body = b'{"text":' + b"[" * 30_000
    answer = client.http.post("/webhooks/web/message", content=body, headers=headers)
    assert answer.status_code == 400


def test_a_body_over_64_kb_is_refused(client: WebClient) -> None:
    """413 in words, before the text is read."""
    answer = client.send({"text": "x" * 70_000})
    assert answer.status_code == 413
    assert answer.json()["error"] == "too_large"


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_json_is_taken(client: WebClient, address: str) -> None:
    """A form or plain text, which any site may post, is refused."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = client.headers() | {"Content-Type": kind}
        answer = client.http.post(address, content=b'{"text": "hello"}', headers=headers)
        assert answer.status_code == 415


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_get_request_cannot_send_a_message(client: WebClient, address: str) -> None:
    """Following a link sends no message."""
    assert client.http.get(address, headers=client.headers()).status_code == 405


@pytest.mark.parametrize(
    "authorization",
    [None, "Bearer", "Bearer x.y.z", "Basic YTpi", "Bearer \u00e9", "token"],
)
def test_without_a_good_token_there_is_no_conversation(
    client: WebClient, authorization: str | None
) -> None:
    """401 with a name and a sentence; message and history alike."""
    headers = [(b"Authorization", authorization.encode())] if authorization else []
    said = client.http.post("/webhooks/web/message", json={"text": "hello"}, headers=headers)
    read = client.http.get("/webhooks/web/history", headers=headers)
    assert (said.status_code, read.status_code) == (401, 401)
    assert said.json()["error"] == "session_unknown"


def test_an_expired_token_says_so(tiny_server: Server, client: WebClient) -> None:
    """The page can begin anew, knowing why."""
    secret = (tiny_server.folder / "var/secret").read_text()
    claims = {"sub": "web-" + "0" * 32, "exp": 1_000_000, "aud": "escalation-guide-web"}
    client.token = jwt.encode(claims, secret, "HS256")
    answer = client.send({"text": "hello"})
    assert answer.status_code == 401
    assert answer.json()["error"] == "session_expired"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_site_cannot_post(client: WebClient, headers: dict[str, str]) -> None:
    """A page of another site is refused and cannot read the answer."""
    answer = client.send({"text": "hello"}, **headers)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    assert client.http.post("/webhooks/web/session", json={}, headers=headers).status_code == 403


def test_the_same_site_can_post(tiny_server: Server, client: WebClient) -> None:
    """The page the server itself gives out is let in."""
    assert client.send({"text": "hello"}, Origin=tiny_server.address).status_code == 200


def test_too_many_messages_at_once_have_to_wait(client: WebClient) -> None:
    """Of 200 quick messages many get 429 with the time to wait and 999; the session lives on."""
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: client.send({"text": "hello"}), range(200)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert len(refused) >= 50
    assert int(refused[0].headers["retry-after"]) >= 1
    assert "999" in refused[0].json()["message"]


def test_two_tabs_of_one_session_do_not_mix(client: WebClient) -> None:
    """Ten messages at once on one token are taken one after the other, each whole."""
    texts = [f"please help with social care {number}" for number in range(10)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda text: client.send({"text": text}).json(), texts))
    for text, answer in zip(texts, answers, strict=True):
        assert f"You said: {text}\n" in answer["messages"][0]["text"]
    said = client.history()[1:]
    assert [message["from"] for message in said] == ["person", "guide"] * 10
    for person, guide in zip(said[::2], said[1::2], strict=True):
        assert f"You said: {person['text']}\n" in guide["text"]


def test_two_sessions_know_nothing_of_each_other(tiny_server: Server) -> None:
    """What one tab answers does not reach another."""
    one, other = tiny_server.client(), tiny_server.client()
    one.press("Worried, but not now.")
    other.say("please help with social care")
    assert other.text.endswith("Risk: None")


def test_the_pages_may_load_nothing_from_elsewhere(client: WebClient) -> None:
    """The demo page and its files come with the strict policy; nothing else is given out."""
    files = sorted(file.name for file in (ROOT / "bot/widget").iterdir())
    assert {"escalation-guide.js", "text.js", "escalation-guide.css", "notices.html"} <= set(files)
    for address in ("/", *(f"/widget/{name}" for name in files)):
        answer = client.http.get(address)
        assert answer.status_code == 200
        # One rule for all: a page asks for each anew, so that no old one meets a new one.
        assert answer.headers["cache-control"] == "no-cache"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "require-trusted-types-for 'script'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_no_other_site_can_frame_it_and_no_cookie_speaks_for_anybody(client: WebClient) -> None:
    """A page of another site can neither overlay the guide nor act as whoever has it open."""
    for address in ("/", "/webhooks/web/history", "/files/x"):
        answer = client.http.get(address, headers=client.headers())
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "address",
    [
        "/widget/..%2fsecret",
        "/widget/../../credentials.yml",
        "/widget/%2e%2e/%2e%2e/config.yml",
        "/widget/.hidden.js",
        "/var/secret",
        "/status",
        "/conversations/default/tracker",
        "/model/parse",
        "/webhooks/rest/webhook",
        "/nowhere",
    ],
)
def test_no_other_address_is_served(client: WebClient, address: str) -> None:
    """No file outside the widget's folder, and nothing of Rasa's own HTTP API."""
    raw = httpx.URL(str(client.http.base_url)).copy_with(raw_path=address.encode())
    answer = client.http.get(raw)
    assert answer.status_code == 404
    assert answer.json()["error"] == "not_found"
