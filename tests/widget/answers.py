"""What the stand-in server says: messages as the guide would send them, written beforehand."""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]

KENT = {"document": "Kent escalation policy", "section": "Stages of the Escalation Process"}


def message(text: str, *buttons: tuple[str, str], card: dict[str, Any] | None = None) -> Message:
    """A neutral message; buttons are (payload, title)."""
    shown = [{"title": title, "payload": payload} for payload, title in buttons]
    return {"text": text, "buttons": shown, "card": card, "files": []}


def item(text: str, detail: str | None = None, source: dict[str, str] | None = KENT) -> Message:
    """One item of a card's section."""
    return {"text": text, "detail": detail, "source": source}


def stage(label: str, title: str, state: str, by: str | None = None) -> Message:
    """One rung of a card's picture."""
    return {"label": label, "title": title, "state": state, "by": by}


def folded(title: str) -> str:
    """A title as it is compared: case, blanks and full stops do not matter."""
    return " ".join(title.split()).rstrip(". ").casefold()


WELCOME = [
    message(
        "**If a child is in danger now, call 999 first.**\n"
        "I help you challenge another agency's decision about a child, or answer a challenge. "
        "You and your safeguarding lead decide.\n"
        "No names, please. Tell me what happened, or answer the questions."
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
                stage("Stage 2", "Service manager", "next", "Due Fri 27 Nov 2026, if raised today"),
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
                {
                    "heading": "You are allowed to challenge",
                    "folded": True,
                    "items": [item("The policy expects it of you.")],
                },
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
    "Save this for later": [message("Here is your code.")],
    "do:called": [message("Thank you. What time did you call?")],
    "silence": [],
}
