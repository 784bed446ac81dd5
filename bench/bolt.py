"""The Slack channel beside Slack's own framework: `make check-clients` runs it.

What a person does in Slack is delivered, with the same signature, to the running guide and to an
app of Bolt. Both must take it or both refuse it, and what Bolt hands to the app's code as a
person's act must be answered by the guide, in Block Kit that slack-sdk's models and Slack's
documented limits let pass. Ends with status 1 where they differ.
"""

import json
import re
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import httpx
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult

from tests.support.fixtures import TODAY
from tests.support.server import ROOT, Server, guide_command
from tests.support.slack_api import TOKEN, SlackApi
from tests.support.slack_person import BOT, SECRET, TEAM, SlackPerson, settings, signature

REFUSED = 401


class Bolt:
    """An app of Bolt that notes what it is given to act on."""

    def __init__(self) -> None:
        known = AuthorizeResult(
            enterprise_id=None, team_id=TEAM, bot_user_id=BOT, bot_id="B0GUIDE", bot_token=TOKEN
        )
        self.heard: list[str] = []
        self.app = App(signing_secret=SECRET, authorize=lambda **_: known)
        for name in ("message", "app_home_opened", "app_mention"):
            self.app.event(name)(self._note(name))
        self.app.action(re.compile(".*"))(self._note("action"))
        self.app.command("/escalation")(self._note("command"))

    def take(self, content: bytes, headers: dict[str, str]) -> Any:
        """Deliver a request; Bolt's answer."""
        return self.app.dispatch(BoltRequest(body=content.decode(), headers=headers))

    def _note(self, name: str) -> Callable[..., None]:
        def listener(ack: Callable[[], None]) -> None:
            ack()
            self.heard.append(name)

        return listener


class Both(SlackPerson):
    """A person whose requests go to the guide and to Bolt. `wrong` says where the two differ."""

    def __init__(self, server: str, api: SlackApi, bolt: Bolt) -> None:
        super().__init__(server, api)
        self.bolt = bolt
        self.delivered = 0
        self.wrong: list[str] = []

    def post(self, place: str, content: bytes, kind: str, **headers: str) -> httpx.Response:
        """Deliver bytes to both, signed alike."""
        signed = signature(content) | {"Content-Type": kind} | headers
        answer = super().post(place, content, kind, **signed)
        theirs = self.bolt.take(content, signed)
        self.delivered += 1
        if answer.status_code != theirs.status:
            said = f"{place}: {answer.status_code}, Bolt {theirs.status}"
            self.wrong.append(f"{said}: {content[:200]!r}")
        return answer

    def expect(self, what: str, right: object) -> None:
        """Note what is not as it should be."""
        if not right:
            self.wrong.append(what)

    def acts(self, name: str, act: Callable[[], object], shown: str) -> None:
        """Do what Bolt must hear by this name and the guide must answer with these words."""
        self.bolt.heard.clear()
        act()
        posts = self.heard()
        self.expect(f"Bolt did not hear: {name}", _comes(lambda: name in self.bolt.heard))
        text = "\n".join(post.drawn for post in posts)
        self.expect(f"the guide did not say {shown!r} to {name}: {text[:200]!r}", shown in text)


def _comes(true: Callable[[], bool]) -> bool:
    """Whether something is true soon: Bolt's listeners have threads of their own."""
    until = time.monotonic() + 10
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


def taken(person: Both) -> None:
    """What both take: the check of the address, and all that a person can do."""
    challenge = {"type": "url_verification", "challenge": "3eZbrw1aBm2rZg", "token": "x"}
    content = json.dumps(challenge).encode()
    answer = person.post("events", content, "application/json")
    theirs = person.bolt.take(content, signature(content) | {"Content-Type": "application/json"})
    same = answer.json()["challenge"] == json.loads(theirs.body)["challenge"]
    person.expect("the challenge is not given back as Bolt gives it back", same)
    for name, act, shown in (
        ("command", person.command, "Is a child at risk of serious harm right now?"),
        ("message", lambda: person.event(person.message("4")), "Where does the child live?"),
        ("action", lambda: person.interact(person.pressing("Kent")), "question about safety"),
        (
            "message",
            lambda: person.event(person.message("mum has just kicked him, he is bleeding")),
            "Call 999 now",
        ),
        (
            "action",
            lambda: person.interact(person.pressing("They won't act")),
            "again now and ask for the control-room supervisor",
        ),
    ):
        person.acts(name, act, shown)


def delivered_again(person: Both) -> None:
    """What Slack delivers again is acknowledged by both, and answered once by the guide."""
    event = person.envelope(person.message("it isn't happening now"))
    person.deliver(event)
    first = len(person.heard())
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    person.deliver(event, **retry)
    person.expect("a message was not answered", first)
    person.expect("what was delivered again was answered again", not person.heard())


def passed_over(person: Both) -> None:
    """What is no word of a person's: acknowledged by both, and not answered."""
    for event in (
        person.message("hello", user=BOT),
        person.message("hello", bot_id="B0OTHER", subtype="bot_message"),
        person.message("", subtype="message_deleted", hidden=True),
    ):
        person.deliver(person.envelope(event))
        person.expect(f"answered: {event}", not person.heard())


def refused(person: Both) -> None:
    """What neither takes, at each address: another secret, an old time, a changed body, none."""
    content = json.dumps(person.envelope(person.message("hello"))).encode()
    now = str(int(time.time()))
    for place in ("events", "interactions", "commands"):
        for headers in (
            signature(content, secret="another app's secret"),  # noqa: S106
            signature(content, time.time() - 400),
            signature(content + b" "),
            {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": ""},
            {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": "v1=abc"},
        ):
            answer = person.post(place, content, "application/json", **headers)
            person.expect(f"taken at {place}: {headers}", answer.status_code == REFUSED)
    person.expect("something refused was answered", not person.heard())


def main() -> int:
    """Deliver everything; return 1 where the two differ."""
    api, bolt = SlackApi(), Bolt()
    with tempfile.TemporaryDirectory() as place:
        own = {
            "ESCALATION_GUIDE_DATABASE": f"sqlite:///{place}/conversations.db",
            "ESCALATION_GUIDE_TODAY": TODAY,
        }
        guide = Server(guide_command(), ROOT, settings(api) | own, fresh=True)
        person = Both(guide.address, api, bolt)
        try:
            for check in (taken, delivered_again, passed_over, refused):
                check(person)
        finally:
            guide.stop()
            api.stop()
    wrong = [*person.wrong, *api.problems]
    print("\n".join([*wrong, f"{person.delivered} requests to both, {len(wrong)} wrong."]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
