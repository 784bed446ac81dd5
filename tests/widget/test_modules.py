"""The widget's modules by themselves: how they are cut, and what their functions give."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.widget.stand_in import ENTRY, MODULES, StandIn

pytestmark = pytest.mark.browser

IMPORT = re.compile(r'^import .* from "(.*)";$', re.MULTILINE)


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    """A page of the server under the strict policy, without the guide."""
    with StandIn.running() as server:
        page = browser.new_page()
        page.goto(server.url + "widget/notices.html")
        yield page
        page.close()


def call(page: Page, module: str, expression: str, given: object = None) -> Any:
    """What an expression gives that knows a module as `m` and `given`."""
    return page.evaluate(
        f"async given => {{ const m = await import('/widget/{module}.js');"
        f" return await (async () => {expression})(); }}",
        given,
    )


def test_the_entry_imports_every_module_itself() -> None:
    """A browser learns of all of them from the first file, and fetches them at the same time."""
    direct = set(IMPORT.findall(ENTRY.read_text()))
    assert direct == {f"./{file.name}" for file in MODULES if file != ENTRY}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_a_module_parses_no_markup_and_keeps_no_state(file: Any) -> None:
    """Nor does it import anything but its neighbours."""
    text = file.read_text()
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser"
    assert not re.search(markup, text)
    assert not re.search(r"^(export )?(let|var) ", text, re.MULTILINE)
    assert text.count("import(") == 0
    assert set(IMPORT.findall(text)) <= {f"./{module.name}" for module in MODULES}


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("one\n\n two ", "<p>one</p><p>two</p>"),
        ("**Ring 999** now", '<p><strong>Ring <a href="tel:999">999</a></strong> now</p>'),
        ("01632 999 000 and 1999", "<p>01632 999 000 and 1999</p>"),
        ("- a\n• b\nc", "<ul><li>a</li><li>b</li></ul><p>c</p>"),
        ("1. a\n2) b", "<ol><li>a</li><li>b</li></ol>"),
        ("3. a\n- b", '<ol start="3"><li>a</li></ol><ul><li>b</li></ul>'),
        ("<img src=x onerror=f()>", "<p>&lt;img src=x onerror=f()&gt;</p>"),
        ("** **\n2020. x", "<p><strong> </strong></p><p>2020. x</p>"),
    ],
)
def test_text_becomes_paragraphs_lists_bold_and_links(blank: Page, text: str, drawn: str) -> None:
    """Paragraphs, lists, bold and 999; all else is text."""
    assert call(blank, "text", "m.blocks(given).map(e => e.outerHTML).join('')", text) == drawn


def test_typed_words_are_compared_without_case_blanks_and_full_stop(blank: Page) -> None:
    """As the server compares them with a button's title."""
    assert call(blank, "text", "m.plain(given)", "  Not   SURE. ") == "not sure"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_becomes_readable(blank: Page, theme: str) -> None:
    """At least 4.5 to 1 on both papers, and a colour that is readable stays as it is."""
    papers = [[21, 25, 29], [34, 40, 45]] if theme == "dark" else [[255, 255, 255], [242, 244, 246]]
    ink = [243, 242, 241] if theme == "dark" else [11, 12, 12]
    steps = [0, 51, 102, 153, 204, 255]
    colours = [[red, green, blue] for red in steps for green in steps for blue in steps]
    given = {"colours": colours, "papers": papers, "ink": ink}
    made = call(
        blank,
        "colours",
        "given.colours.map(c => m.readable(c, given.ink, given.papers)).map(c => "
        "[c, Math.min(...given.papers.map(p => m.contrast(c, p)))])",
        given,
    )
    assert min(ratio for _, ratio in made) >= 4.5
    kept = [own for own, (colour, _) in zip(colours, made, strict=True) if own == colour]
    assert len(kept) > 20


def test_a_value_that_is_not_a_colour_is_refused(blank: Page) -> None:
    """A colour of any notation becomes three bytes; anything else nothing."""
    found = call(
        blank,
        "colours",
        "given.map(m.bytes)",
        ["#1b4d3e", "rgb(1 2 3)", "red;} * {display: none", "url(https://x.example)", ""],
    )
    assert found == [[27, 77, 62], [1, 2, 3], None, None, None]
    assert call(blank, "colours", "m.contrast([0, 0, 0], [255, 255, 255])") == 21


@pytest.mark.parametrize("storage", ["there", "forbidden"])
def test_the_tab_forgets_the_conversation_and_not_that_the_guide_is_open(
    blank: Page, storage: str
) -> None:
    """Where storage is forbidden the page remembers for itself."""
    blank.reload()
    if storage == "forbidden":
        blank.evaluate(
            "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error(); } })"
        )
    assert call(
        blank,
        "client",
        "{ const s = new m.TabStore(); s.set({ token: 't', talk: 'x', open: true });"
        " const before = s.get(); s.drop(); return [before, s.get()]; }",
    ) == [{"token": "t", "talk": "x", "open": True}, {"open": True}]
