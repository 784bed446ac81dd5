"""A small server that keeps the web channel's contract with answers written beforehand.

The widget's tests run against it, so that they say what the widget does, whatever the guide
would have answered. It sends the strictest policy that the widget promises to live under.
"""

from __future__ import annotations

import json
import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Message = dict[str, Any]

WIDGET = Path(__file__).parents[2] / "bot" / "widget"
PAGES = {
    "/": ("demo.html", "text/html; charset=utf-8"),
    "/widget/demo.css": ("demo.css", "text/css; charset=utf-8"),
    "/widget/escalation-guide.css": ("escalation-guide.css", "text/css; charset=utf-8"),
    "/widget/icon.svg": ("icon.svg", "image/svg+xml"),
    "/widget/escalation-guide.js": ("escalation-guide.js", "text/javascript; charset=utf-8"),
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
KENT = {"document": "Kent escalation policy", "section": "Stages of the Escalation Process"}


def message(text: str, *buttons: tuple[str, str], card: dict[str, Any] | None = None) -> Message:
    """A neutral message; buttons are (payload, title)."""
    shown = [{"title": title, "payload": payload} for payload, title in buttons]
    return {"text": text, "buttons": shown, "card": card, "files": []}


def item(text: str, detail: str | None = None, source: dict[str, str] | None = KENT) -> Message:
    """One item of a card's section."""
    return {"text": text, "detail": detail, "source": source}


def stage(label: str, title: str, state: str) -> Message:
    """One rung of a card's picture."""
    return {"label": label, "title": title, "state": state}


def folded(title: str) -> str:
    """A title as it is compared: case, blanks and full stops do not matter."""
    return " ".join(title.split()).rstrip(". ").casefold()


WELCOME = [
    message(
        "**If a child is in danger now, call 999 first.**\n"
        "I can help you work out how to challenge another agency's decision about a child:\n"
        "- what stage you are at\n- who to speak to, and by when\n- what to say\n\n"
        "Please do not type names. I do not need them."
    ),
    message(
        "Is a child at risk of serious harm right now?",
        ("answer:risk:immediate_danger", "Yes, in danger now"),
        ("answer:risk:immediate_harm", "Yes, immediate risk of significant harm"),
        ("answer:risk:unsure", "I'm not sure"),
        ("answer:risk:concern", "Worried, but it isn't immediate"),
        ("answer:risk:no_harm", "No"),
    ),
]
PARTNERSHIP = [
    message(
        "Which partnership's policy applies?",
        ("answer:partnership:kent", "Kent"),
        ("answer:partnership:pan_dorset", "Dorset, Bournemouth, Christchurch and Poole"),
    )
]
ADVICE = [
    message(
        "You are ready for Stage 1 of Kent's policy.",
        ("do:draft", "Draft the e-mail"),
        ("do:review", "Change an answer"),
        ("do:start_again", "Start again"),
        card={
            "kind": "advice",
            "title": "You are ready for Stage 1 of Kent's policy",
            "route": "staged",
            "stages": [
                stage("Before", "Talk between practitioners", "done"),
                stage("Stage 1", "Team manager", "current"),
                stage("Stage 2", "Service manager", "next"),
                stage("Stage 3", "Assistant director", "later"),
                stage("Stage 4", "Partnership", "later"),
            ],
            "sections": [
                {
                    "heading": "Do this next",
                    "items": [item("Contact the **team manager** and say it is under Stage 1.")],
                },
                {
                    "heading": "By when",
                    "items": [
                        item(
                            "They owe you a written answer by **Friday 27 November**.",
                            "5 working days.\nDay 0 is Friday 20 November.\nNo bank holidays.",
                        )
                    ],
                },
                {"heading": "Record", "items": [item("Keep a clear record."), item("Agree it.")]},
            ],
            "footer": "You do not need anyone's permission to challenge.",
        },
    )
]
SAME_DAY = [
    message(
        "Act today.",
        ("do:draft", "Help me with what to say"),
        card={
            "kind": "same_day",
            "title": "Act today. Do not wait for the stages",
            "route": "same_day",
            "stages": [],
            "sections": [
                {
                    "heading": "Now",
                    "items": [
                        item("Tell your designated safeguarding lead straight away."),
                        item("Ring children's social care today, out of hours too."),
                    ],
                }
            ],
            "footer": None,
        },
    )
]
EMERGENCY = [
    message(
        "**Call 999 now.** You said that someone with a knife is at the house now.",
        ("do:called", "I've called"),
        ("do:not_now", "It isn't happening now"),
        card={
            "kind": "emergency",
            "title": "Call 999 now",
            "route": "emergency",
            "stages": [],
            "sections": [
                {
                    "heading": "Do this in this order",
                    "items": [
                        item("Call 999. You said that someone with a knife is there now."),
                        item("Tell your designated safeguarding lead straight away."),
                        item("Ring children's social care today. Do not wait for the stages."),
                    ],
                }
            ],
            "footer": "I have kept your answers.",
        },
    )
]
REVIEW = [
    message(
        "Here is what I understood.",
        ("do:confirm", "That is right"),
        card={
            "kind": "review",
            "title": "Here is what I understood",
            "route": "staged",
            "stages": [],
            "sections": [
                {
                    "heading": "Your answers",
                    "items": [
                        item("Worried about harm, not immediate", source=None),
                        item("You: education, in Kent", source=None)
                        | {
                            "change": "do:change_answer:my_agency",
                            "change_title": "Change: You: education, in Kent",
                        },
                    ],
                }
            ],
            "footer": "Tell me if any of it is wrong.",
        },
    )
]
DRAFT = [
    message(
        "Here is a draft.",
        card={
            "kind": "draft",
            "title": "E-mail to the team manager",
            "route": "staged",
            "stages": [],
            "sections": [],
            "footer": None,
            "subject": "Escalation, Stage 1: [child's initials]",
            "body": "Dear [name of the team manager],\n\nI am writing about [child's initials].\n\n"
            "Yours sincerely",
            "gaps": ["child's initials", "name of the team manager"],
        },
    )
]
FILES: list[Message] = [
    {
        **message("Here are the files."),
        "files": [
            {
                "title": "Advice record (Word)",
                "url": "/webhooks/web/files/0123abcd/escalation-advice-2026-11-20.docx",
                "type": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            },
            {
                "title": "Dates for your calendar",
                "url": "/webhooks/web/files/0123abcd/over.ics",
                "type": "text/calendar",
            },
            {
                "title": "From somewhere else",
                "url": "https://elsewhere.example/file.docx",
                "type": "text/html",
            },
        ],
    }
]
RECORD = b"PK the bytes of the record"
ANSWERS = {
    "files please": FILES,
    "answer:risk:immediate_danger": EMERGENCY,
    "answer:risk:immediate_harm": SAME_DAY,
    "answer:risk:concern": PARTNERSHIP,
    "answer:partnership:kent": ADVICE,
    "do:draft": DRAFT,
    "do:review": REVIEW,
    "do:called": [message("Thank you. What time did you call?")],
    "silence": [],
}


class StandIn(ThreadingHTTPServer):
    """The server. `refusals` are answered first, oldest first: (status, code, sentence)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.histories: dict[str, list[Message]] = {}
        self.refusals: list[tuple[int, str, str]] = []
        self.sent: list[str] = []
        self.fetched: list[str] = []
        self.hold = threading.Event()
        self.hold.set()

    @property
    def url(self) -> str:
        """The address of the demonstration page."""
        return f"http://127.0.0.1:{self.server_port}/"

    def begin(self) -> Message:
        """A new conversation."""
        token = secrets.token_urlsafe(16)
        self.histories[token] = [{**said, "from": "guide"} for said in WELCOME]
        return {"token": token, "expires_in": 3600, "messages": WELCOME}

    def reply(self, token: str, text: str) -> list[Message]:
        """What the script says to a text, a button's payload, its number or its title."""
        self.sent.append(text)
        history = self.histories[token]
        last = max((i for i, said in enumerate(history) if said["from"] == "person"), default=-1)
        options = [option for said in history[last + 1 :] for option in said["buttons"]]
        shown = [option for said in history for option in said.get("buttons", [])]
        chosen = next(
            (
                option
                for number, option in enumerate(options, start=1)
                if folded(text) in (str(number), folded(option["title"]))
            ),
            next((option for option in shown if option["payload"] == text), None),
        )
        history.append({"text": chosen["title"] if chosen else text, "from": "person"})
        if chosen:
            answer = ANSWERS.get(chosen["payload"], [message("That is noted.")])
        elif "knife" in text:
            answer = EMERGENCY
        else:
            answer = ANSWERS.get(text, [message(f"You wrote: {text}")])
        history.extend({**said, "from": "guide"} for said in answer)
        return answer


class Handler(BaseHTTPRequestHandler):
    """Static files and the three calls of the web channel."""

    protocol_version = "HTTP/1.1"
    server: StandIn

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Says nothing: what is typed does not belong in a log."""

    def do_GET(self) -> None:
        """The page and its files, or what was said before."""
        path = self.path.partition("?")[0]
        if path == "/webhooks/web/history":
            history = self.server.histories.get(self._token())
            if history is None:
                self._refuse(401, "expired", "This conversation has ended.")
            else:
                self._json(200, {"messages": history})
        elif path.startswith("/webhooks/web/files/"):
            self._file(path)
        elif path in PAGES:
            name, kind = PAGES[path]
            self._send(200, kind, (WIDGET / name).read_bytes())
        elif path == "/favicon.ico":
            self._send(204, "image/x-icon", b"")
        else:
            self._refuse(404, "not_found", "There is no such page.")

    def do_POST(self) -> None:
        """A new conversation, or one message of it."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.hold.wait(30)
        if self.server.refusals:
            self._refuse(*self.server.refusals.pop(0))
        elif self.path == "/webhooks/web/session":
            self._json(200, self.server.begin())
        elif self._token() not in self.server.histories:
            self._refuse(401, "expired", "This conversation has ended.")
        else:
            self._json(200, {"messages": self.server.reply(self._token(), body["text"])})

    def _file(self, path: str) -> None:
        self.server.fetched.append(path)
        if self._token() not in self.server.histories:
            self._refuse(401, "session_unknown", "This conversation is not known.")
        elif path.endswith("over.ics"):
            self._refuse(410, "file_over", "Its hour is over. Ask for the files again.")
        else:
            self._send(200, "application/octet-stream", RECORD)

    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _refuse(self, status: int, code: str, sentence: str) -> None:
        self._json(status, {"error": code, "message": sentence})

    def _json(self, status: int, content: Message) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(HTTPStatus(status))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
