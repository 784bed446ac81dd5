"""How much there is to read, and how soon: `python -m bench.reading` fills docs/reading.md.

Ten situations are held with the real guide, in a browser, at the size of a phone and of a small
laptop. What the last answer shows is counted and measured as somebody in a hurry would see it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from bench.screenshots import guide_in_browser, small
from tests.support.server import ROOT, Server
from tests.widget.hands import PATIENCE_MS, field, log, say, started

PAGE = ROOT / "docs/reading.md"
TABLE = re.compile(r"(<!-- table -->\n).*?(<!-- end -->)", re.DOTALL)
PHONE, LAPTOP = (360, 640), (1366, 768)
BEFORE = {
    "Kent, not settled at Stage 1": "531 to 589",
    "Hackney, not settled at Stage One": "745",
    "Bedfordshire, not settled at Stage 1": "822",
    "Dorset, not settled at Stage 1": "905 to 941",
    "No local policy held": "649",
}
"""Words of the same advice in the first version, all of them open (November 2026)."""
SITUATIONS: dict[str, tuple[str, ...]] = {
    "Kent, not settled at Stage 1": (
        (
            "dsl at a school in folkestone, children's social care turned our referral down, i "
            "raised stage 1 with the team manager on monday and it is not settled"
        ),
        "4",
        "no",
    ),
    "Hackney, not settled at Stage One": (
        (
            "gp in hackney, i spoke to the social worker on monday about the closed referral and "
            "nothing is settled"
        ),
        "4",
        "1",
    ),
    "Bedfordshire, not settled at Stage 1": (
        (
            "health visitor in luton, i spoke to the social worker on monday about stepping down "
            "the plan and nothing is settled"
        ),
        "4",
    ),
    "Dorset, not settled at Stage 1": (
        (
            "school nurse in poole, i spoke to the social worker on monday about the closed "
            "referral and nothing is settled"
        ),
        "4",
        "no",
        "1",
    ),
    "No local policy held": ("4", "Somewhere else in England", "1", "Health", "Police", "Nothing"),
    "Whoever has to answer": (
        (
            "team manager in children's social care in kent, a school raised a stage 1 with me on "
            "thursday about a referral we turned down"
        ),
        "4",
        "no",
        "1",
    ),
    "Should I raise it?": (
        "not sure this is worth escalating, school nurse in luton, they closed the case",
    ),
    "Another procedure": ("4", "Kent", "an allegation against a teacher who hit a pupil", "1"),
    "Act today": ("Yes, immediate risk of significant harm",),
    "A child in danger, in the middle": (
        "4",
        "Kent",
        "mum just rang, her ex is at the house now and he's got a knife",
    ),
}
IN_WORDS = {"Should I raise it?"}
"""What is answered in a few sentences, before the questions go on."""
NOT_KNOWN, MOST_QUESTIONS = "I don't know", 4
"""What is said to the questions that are left after these lines."""
MEASURED = """(words) => {
  const root = document.querySelector("escalation-guide").shadowRoot;
  const cards = [...root.querySelectorAll(".card:not(.review)")];
  // An answer of a few sentences is no card: then it is the first message after the person's own.
  const card = cards.at(-1) ?? (words && root.querySelector(".person + .message"));
  if (!card) return null;
  const turn = card.closest(".message");
  const count = (text) => text.split(/\\s+/).filter(Boolean).length;
  const all = card.cloneNode(true);
  all.querySelectorAll("button").forEach((one) => one.remove());
  const shown = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return count(node.textContent);
    if (node.nodeType !== Node.ELEMENT_NODE) return 0;
    if (node.matches("button, .unseen, details:not([open])")) return 0;
    return [...node.childNodes].reduce((sum, one) => sum + shown(one), 0);
  };
  const top = (node) => node && Math.round(node.getBoundingClientRect().top);
  return {
    open: shown(card),
    total: count([...all.querySelectorAll("*")].reduce((text, one) => one.children.length
      ? text : text + " " + one.textContent, "")),
    action: top(card.querySelector("h3") ?? card.querySelector("p:not(.from)")),
    button: top(turn.querySelector(".option:enabled") ?? root.querySelector(".option:enabled")),
  };
}"""
SPACE = """() => {
  const root = document.querySelector("escalation-guide").shadowRoot;
  const height = (name) => root.querySelector(name).getBoundingClientRect().height;
  return {
    share: Math.round(100 * height(".scroller") / height(".guide")),
    first: Math.round(root.querySelector(".option").getBoundingClientRect().top),
  };
}"""


def opened(browser: Browser, guide: Server, size: tuple[int, int]) -> Page:
    """Return the demonstration page at its first question."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, locale="en-GB")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(guide.address)
    started(page)
    return page


def told(page: Page, text: str) -> None:
    """Say a line and wait until it is answered."""
    messages = log(page).locator(".message:not(.person)")
    before = messages.count()
    say(page, text)
    expect(messages.nth(before)).to_be_visible()
    expect(page.locator(".status")).to_be_empty()


def measured(browser: Browser, guide: Server, folder: Path | None) -> Iterator[list[str]]:
    """Yield a row of the table for each situation."""
    for name, lines in SITUATIONS.items():
        seen: list[dict[str, Any]] = []
        turns = 0
        for number, size in enumerate((PHONE, LAPTOP)):
            page = opened(browser, guide, size)
            for line in (*lines, *[NOT_KNOWN] * MOST_QUESTIONS):
                if line is NOT_KNOWN and page.evaluate(MEASURED, name in IN_WORDS):
                    break
                told(page, line)
                turns += not number
            found = page.evaluate(MEASURED, name in IN_WORDS)
            if found is None:
                raise RuntimeError(f"{name}: no card comes after {lines}")
            seen.append(found)
            if folder:
                field(page).evaluate("e => e.blur()")
                picture = small(page.screenshot())
                file = f"{re.sub(r'[^a-z]+', '-', name.lower()).strip('-')}-{size[0]}.png"
                (folder / file).write_bytes(picture)
            if number:
                draft = page.get_by_role("button", name="Draft the e-mail")
                taps = str(turns + 1) if draft.count() else "none offered"
            page.close()
        phone, laptop = seen
        yield [
            name,
            BEFORE.get(name, ""),
            str(phone["open"]),
            str(phone["total"]),
            *(str(one[key]) for one in (phone, laptop) for key in ("action", "button")),
            taps,
        ]


def table(browser: Browser, guide: Server, folder: Path | None) -> str:
    """Return the whole measurement as Markdown."""
    shares = {}
    for size in (PHONE, LAPTOP):
        page = opened(browser, guide, size)
        shares[size] = page.evaluate(SPACE)
        page.close()
    head = [
        *("situation", "words before", "words open", "words in all"),
        *(
            "action, phone",
            "button, phone",
            "action, laptop",
            "button, laptop",
            "turns to the draft",
        ),
    ]
    rows = [head, ["---", *["---:"] * (len(head) - 1)], *measured(browser, guide, folder)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines += [
        "",
        (
            f"At the welcome {shares[LAPTOP]['share']} % of the guide's height is for reading at "
            f"{LAPTOP[0]} × {LAPTOP[1]}, and its first choice is {shares[PHONE]['first']} px down "
            f"at {PHONE[0]} × {PHONE[1]}."
        ),
    ]
    return "\n".join(lines)


def main(folder: str | None = None) -> int:
    """Measure, and put the table into the page; with a folder, take the pictures as well."""
    into = Path(folder) if folder else None
    if into:
        into.mkdir(parents=True, exist_ok=True)
    with guide_in_browser() as (browser, guide):
        found = table(browser, guide, into)
    PAGE.write_text(TABLE.sub(rf"\g<1>{found}\n\g<2>", PAGE.read_text("utf-8")), "utf-8")
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
