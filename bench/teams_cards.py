"""Pictures of the cards in Teams: `python -m bench.teams_cards NODE_MODULES FOLDER`.

Talks with the guide as a practitioner, a receiver, a manager and on the same day, draws every
card with Microsoft's own renderer in Chromium, wide and as on a telephone, and writes one picture
of each talk and width. Ends with status 1 where the renderer complains or something is cut off.
The renderer is not part of the project: `make check-clients` installs it and runs this. The
colours and sizes are near to those of Teams, not the same.
"""

import asyncio
import json
import os
import sys
import tempfile
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import sync_playwright

from bot import without_tensorflow
from bot.offered import allow_drafts
from bot.server import logs, model_file
from bot.server.settings import Settings
from tests.widget.chromium import start

WIDTHS = (700, 360)
TALKS = {
    "practitioner": (
        "Worried, but it isn't immediate",
        "Kent",
        "No",
        "The level of need, or a referral not accepted",
        "Education",
        "Children's social care",
        "Stage 1: Team manager",
        "monday",
        "It was not settled",
        "Draft the e-mail",
        "What files can I have?",
        "Save this for later",
        "I have another child",
        "my cases",
        "I am scared to challenge",
        "a child is being hit right now",
        "they won't come",
        "No answer",
        "They're acting now",
    ),
    "receiver": (
        "im a team manager in social care, a school in kent raised a stage 1 with me on thursday",
        "Worried, but it isn't immediate",
        "no",
        "Not yet",
        "Draft the e-mail",
        "What do I say?",
    ),
    "manager": (
        "Worried, but it isn't immediate",
        (
            "i am the headteacher, our dsl raised stage 1 in kent with children's social care on "
            "monday about the level of need and it was not settled"
        ),
        "no",
        "The level of need, or a referral not accepted",
        "Draft the e-mail",
        "Show all the stages",
    ),
    "same day": (
        "Yes, immediate risk of significant harm",
        "luton, i am a health visitor",
        "my safeguarding lead isn't answering",
        "They won't act",
        "No answer",
        "What do I say?",
        "I've made the calls",
        "What files can I have?",
    ),
}
HOST = {
    "fontFamily": "'Segoe UI', system-ui, sans-serif",
    "supportsInteractivity": True,
    "actions": {"maxActions": 10, "actionAlignment": "left", "actionsOrientation": "horizontal"},
    "containerStyles": {
        "emphasis": {"backgroundColor": "#f5f5f5"},
        "attention": {"backgroundColor": "#ffc7b8"},
        "warning": {"backgroundColor": "#ffe2ad"},
    },
}
PAGE = """<style>body{font:14px system-ui;background:#eee;margin:12px}
.card,.text,.said{background:#fff;border-radius:6px;margin:0 0 10px}
.text,.said{padding:10px;white-space:pre-wrap}.said{background:#e8ebfa;text-align:right}
.ac-pushButton{background:#fff;border:1px solid #bbb;border-radius:4px;padding:6px 10px;
font:600 14px system-ui}</style><main></main>"""
DRAW = """([turns, host]) => {
  const markdown = window.markdownit();
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown.render(text);
    result.didProcess = true;
  };
  const add = (name, words) => {
    const node = document.createElement("div");
    node.className = name;
    node.textContent = words;
    document.querySelector("main").append(node);
    return node;
  };
  const complaints = [];
  for (const [said, activities] of turns) {
    add("said", said);
    for (const { text, textFormat, attachments } of activities) {
      if (textFormat === "xml") add("text", "").innerHTML = text;
      else if (text) add("text", text);
      for (const { content } of attachments ?? []) {
        const card = new AdaptiveCards.AdaptiveCard();
        card.hostConfig = new AdaptiveCards.HostConfig(host);
        const context = new AdaptiveCards.SerializationContext();
        card.parse(content, context);
        for (let i = 0; i < context.eventCount; i++)
          complaints.push(context.getEventAt(i).message);
        for (const event of card.validateProperties().validationEvents)
          complaints.push(event.message);
        add("card", "").append(card.render());
      }
    }
  }
  return complaints;
}"""

CUT = """() => [...document.querySelectorAll(".card *")]
  .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth)
  .map((part) => part.textContent.slice(0, 80))"""
"""What is wider than its place."""


async def talks(folder: Path) -> dict[str, list[tuple[str, list[dict[str, Any]]]]]:
    """Return each talk: the message of each turn, and the activities sent to Teams for it."""
    usual = Settings(database=f"sqlite:///{folder}/conversations.db")
    settings = replace(usual, model=model_file.newest(usual.model))
    with without_tensorflow.only_what_is_needed(model_file.component_modules(settings.model)):
        # Imported only now: these import Rasa, and Rasa TensorFlow.
        from bot.channels import turn
        from bot.channels.teams.cards import activities
        from bot.server.serve import load_guide

        loaded = load_guide(settings)
    services = loaded.services

    async def talk(name: str) -> list[tuple[str, list[dict[str, Any]]]]:
        opened = await turn.open_conversation(services, name, "teams")
        turns = [("(installed)", opened)]
        turns += [(text, await turn.say(services, name, text, "teams")) for text in TALKS[name]]
        return [(text, list(activities(said, services.wording))) for text, said in turns]

    held = {name: await talk(name) for name in TALKS}
    loaded.close()
    return held


def main(node_modules: Path, folder: Path) -> int:
    """Write the pictures; return 1 where the renderer complains."""
    os.environ.setdefault("ESCALATION_GUIDE_TODAY", "2026-11-20")
    logs.configure()
    allow_drafts()
    with tempfile.TemporaryDirectory() as place:
        held = msgspec.to_builtins(asyncio.run(talks(Path(place))))
    folder.mkdir(parents=True, exist_ok=True)
    scripts = (
        "adaptivecards/dist/adaptivecards.min.js",
        "markdown-it/dist/browser/markdown-it.umd.min.js",
    )
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = start(playwright)
        for width, (name, turns) in product(WIDTHS, held.items()):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.set_content(PAGE)
            for script in scripts:
                page.add_script_tag(path=node_modules / script)
            complaints += page.evaluate(DRAW, [json.loads(json.dumps(turns)), HOST])
            complaints += [f"cut at {width}: {words}" for words in page.evaluate(CUT)]
            page.screenshot(
                path=folder / f"teams-{name.replace(' ', '-')}-{width}.png", full_page=True
            )
            page.close()
        browser.close()
    print("\n".join([*complaints, f"Drawn: {folder}/teams-*.png"]))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
