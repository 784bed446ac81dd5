"""Pictures of the cards in Teams: `python -m bench.teams_cards NODE_MODULES FOLDER`.

Talks with the guide, draws every card with Microsoft's own renderer in Chromium, wide and as on a
telephone, and writes one picture of each width. Ends with status 1 where the renderer complains.
The renderer is not part of the project: `npm install adaptivecards markdown-it` in any folder makes
NODE_MODULES. The colours and sizes are near to those of Teams, not the same.
"""

import asyncio
import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import sync_playwright

from bot.channels import turn
from bot.channels.messages import Message
from bot.channels.teams.cards import activities
from bot.server import logs, model_file
from bot.server.serve import load_guide
from bot.server.settings import Settings
from tests.widget.chromium import start

WIDTHS = (700, 360)
TURNS = (
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
    "I am scared to challenge",
    "a child is being hit right now",
)
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
    for (const { text, attachments } of activities) {
      if (text) add("text", text);
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


async def talk(folder: Path) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the message of each turn and the cards sent to Teams for it."""
    usual = Settings(database=f"sqlite:///{folder}/conversations.db")
    loaded = load_guide(replace(usual, model=model_file.newest(usual.model)))
    services = loaded.services

    def drawn(said: list[Message]) -> list[dict[str, Any]]:
        return list(activities(said, services.wording))

    turns = [("(installed)", drawn(await turn.open_conversation(services, "teams-bench", "teams")))]
    turns += [
        (text, drawn(await turn.say(services, "teams-bench", text, "teams"))) for text in TURNS
    ]
    loaded.actions.close()
    services.store.close()
    return turns


def main(node_modules: Path, folder: Path) -> int:
    """Write the pictures; return 1 where the renderer complains."""
    os.environ.setdefault("ESCALATION_GUIDE_TODAY", "2026-11-20")
    logs.configure()
    with tempfile.TemporaryDirectory() as place:
        turns = msgspec.to_builtins(asyncio.run(talk(Path(place))))
    folder.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = start(playwright)
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.set_content(PAGE)
            page.add_script_tag(path=node_modules / "adaptivecards/dist/adaptivecards.min.js")
            page.add_script_tag(
                path=node_modules / "markdown-it/dist/browser/markdown-it.umd.min.js"
            )
            complaints += page.evaluate(DRAW, [json.loads(json.dumps(turns)), HOST])
            page.screenshot(path=folder / f"teams-{width}.png", full_page=True)
        browser.close()
    print("\n".join([*complaints, f"Drawn: {folder}/teams-*.png"]))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
