"""A very long conversation: nothing piles up. What it costs is printed (pytest -s), not judged."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.support.rounds import rounds
from tests.widget.hands import field, focused, log, say
from tests.widget.stand_in import StandIn

# Of a tab that nobody used before, the memory is measured.
pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.usefixtures("context")]

TURNS = rounds(200, 50)
WATCH = """
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        window.longest = Math.max(window.longest, duration);
      }
    }).observe({ type: "longtask", buffered: true });
"""


def test_a_long_conversation_leaves_nothing_but_its_messages(page: Page, server: StandIn) -> None:
    """Each turn adds its own elements and no more; only the last question can be answered."""
    tools = page.context.new_cdp_session(page)
    page.evaluate(WATCH)

    def heap() -> float:
        """The memory in use after what can be thrown away is thrown away, in MB."""
        tools.send("HeapProfiler.collectGarbage")
        return float(tools.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    def size() -> int:
        """The elements in the widget."""
        inside = "document.querySelector('escalation-guide').shadowRoot"
        return int(page.evaluate(f"{inside}.querySelectorAll('*').length"))

    before, grown, sizes = heap(), 0.0, [size()]
    for turn in range(1, TURNS + 1):
        server.answers[f"turn {turn}"] = server.answers["answer:risk:concern"]
        say(page, f"turn {turn}")
        expect(log(page).locator(".message")).to_have_count(2 * turn)
        expect(page.locator(".status")).to_be_empty()
        expect(log(page).locator(".option:enabled")).to_have_count(2)
        sizes.append(size())
        if turn == TURNS // 2:
            grown = heap() - before
    whole = heap() - before
    longest = page.evaluate("window.longest")
    print(  # noqa: T201 - the figures are what it is for
        f"\n{TURNS} turns: longest task {longest:.0f} ms, "
        f"memory {before:.1f} MB and {whole:.1f} MB more ({grown:.1f} MB after half of them), "
        f"{sizes[-1]} elements"
    )
    assert {later - earlier for earlier, later in pairwise(sizes[1:])} == {sizes[2] - sizes[1]}
    assert focused(page) == "field"
    expect(field(page)).to_be_in_viewport()
    page.reload()
    expect(page.locator(".past .person")).to_have_count(TURNS)
    expect(page.locator(".past .option:enabled")).to_have_count(2)
