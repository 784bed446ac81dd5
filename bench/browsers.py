"""The widget in three browsers on a careless page of another site: `make check-browsers`.

Starts the guide, and a page around it whose styles spoil everything they can reach, and drives
three browsers: Chromium as the tests do, Firefox by WebDriver BiDi, WebKitGTK by WebDriver. In
each, what the page sets must change nothing of the guide's text and buttons, a conversation must
come to its advice and to 999, nothing may be cut off at 320 pixels, the words for a guide that
does not load must show, and a frame must tell the page around it its height. `python -m
bench.browsers FOLDER`: pictures go there. Ends with status 1 where something is not so, or where
a browser is not installed.
"""

import json
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.engines import BROWSERS, PATIENCE, Engine
from tests.support.fixtures import TODAY
from tests.support.server import ROOT, Server, guide_command
from tests.widget.test_careless_pages import CARELESS, LISTENER, LOOKS

MANY = 20
"""Parts of the guide that are looked at, at least."""
ROOM = "document.querySelector('escalation-guide').shadowRoot"
WORRIED = "Worried, but it isn't immediate"
TALK = (
    (f"press({json.dumps(WORRIED)})", "Where does the child live?"),
    ("press('Kent')", "One more question about safety"),
    ("say('no')", "What is the disagreement mainly about?"),
    ("press('The level of need, or a referral not accepted')", "Which agency do you work for?"),
    ("press('School, college or other education')", "Which agency do you disagree with?"),
    ('say("children\'s social care")', "How far has it got?"),
    ("press('Stage 1: Team manager')", "On what day"),
    ("say('monday')", "What came of it?"),
    ("press('It was not settled')", "by Friday 27 November 2026"),
    ("say('mum has just kicked him, he is bleeding')", "Call 999 now"),
)
HANDS = f"""
const root = {ROOM};
const press = (title) => [...root.querySelectorAll("button:enabled")]
  .filter((one) => one.textContent.includes(title)).at(-1).click();
const say = (text) => {{
  root.querySelector("#field").value = text;
  root.querySelector("form").requestSubmit();
}};
"""
SNIPPET = """
<escalation-guide><p>Call 999. The guide has not loaded.</p></escalation-guide>
<script type="module" src="{module}"></script>
"""
FRAME = '<iframe src="{guide}framed" title="Escalation Guide" style="width: 90%; height: 700px">'


class Page(ThreadingHTTPServer):
    """The site around the guide: its pages by their paths."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, str] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def site(self) -> str:
        """Its origin: another host than the guide's."""
        return f"http://localhost:{self.server_port}"

    def holds(self, guide: str) -> None:
        """Hold the guide in every way."""
        kind = "<!doctype html><meta name='viewport' content='width=device-width'>"
        module = f"{guide}widget/escalation-guide.js"
        plain = f"{kind}<p>Our safeguarding page.</p>{SNIPPET.format(module=module)}"
        self.pages = {
            "/": plain,
            "/broken": plain.replace("guide.js", "no-guide.js"),
            "/frame": f"{kind}{LISTENER}{FRAME.format(guide=guide)}",
        }


class _Handler(BaseHTTPRequestHandler):
    server: Page

    def do_GET(self) -> None:
        """Give a page."""
        page = self.server.pages.get(self.path)
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((page or "").encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


class Visit:
    """What is done and looked at in one browser; `wrong` is what is not as it should be."""

    def __init__(self, name: str, engine: Engine, site: str, folder: Path) -> None:
        self.name, self.engine, self.site, self.folder = name, engine, site, folder
        self.wrong: list[str] = []

    def all(self) -> list[str]:
        """Do everything."""
        self.engine.size(1200, 900)
        self.engine.open(f"{self.site}/")
        self.shows("Is a child at risk of serious harm right now?")
        self.careless("welcome")
        for act, shown in TALK:
            self.engine.run(f"{HANDS}{act}")
            self.shows(shown)
            if "Friday" in shown or "999" in shown:
                self.careless("emergency" if "999" in shown else "advice")
        self.narrow()
        self.engine.size(1200, 900)
        self.engine.open(f"{self.site}/broken")
        words = self.engine.run("return document.querySelector('escalation-guide').innerText")
        self.expect("the words for a guide that has not loaded", "has not loaded" in str(words))
        self.engine.open(f"{self.site}/frame")
        self.expect("no height from the frame", self.comes("return window.told.length > 0"))
        self.keep("frame")
        return [f"{self.name}: {what}" for what in self.wrong]

    def careless(self, state: str) -> None:
        """Spoil the page's styles; the guide must look as before. Then take them away again."""
        width = "document.querySelector('escalation-guide').style.width"
        self.engine.run(f"{width} = '700px'")
        looks = f"return ({LOOKS})()"
        before = self.engine.run(looks)
        self.engine.run(
            "const s = document.createElement('style'); s.id = 'careless';"
            f"s.textContent = {json.dumps(CARELESS)}; document.head.append(s);"
        )
        spoilt = "return getComputedStyle(document.querySelector('body > p')).letterSpacing"
        self.expect("the page is not spoilt", self.engine.run(spoilt) == "2px")
        self.expect("too little is looked at", len(before) > MANY)
        after = self.engine.run(looks)
        self.keep(f"careless-{state}")
        changed = [new for old, new in zip(before, after, strict=True) if old != new]
        self.expect(f"{state}: {len(changed)} parts look otherwise: {changed[:1]}", not changed)
        self.engine.run(f"document.querySelector('#careless').remove(); {width} = ''")

    def narrow(self) -> None:
        """Nothing is cut off on a small telephone. WebKitGTK's window stays a little wider."""
        self.engine.size(320, 640)
        over = self.engine.run("return document.documentElement.scrollWidth - innerWidth")
        self.expect(f"{over} pixels are cut off in a narrow window", over <= 0)
        self.keep("narrow")

    def shows(self, words: str) -> None:
        """Expect words in the guide, now or in a while."""
        script = f"return !!{ROOM}?.textContent.includes({json.dumps(words)})"
        self.expect(f"not shown: {words}", self.comes(script))
        # What was sent is answered.
        self.comes(f"return {ROOM}.querySelector('.status').textContent === ''")

    def comes(self, script: str) -> bool:
        """Whether something is so, now or in a while."""
        until = time.monotonic() + PATIENCE
        while not self.engine.run(script):
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
        return True

    def expect(self, what: str, right: object) -> None:
        """Note what is not as it should be."""
        if not right:
            self.wrong.append(what)

    def keep(self, state: str) -> None:
        """Keep a picture, once what has changed is drawn."""
        time.sleep(0.5)
        (self.folder / f"{self.name}-{state}.png").write_bytes(self.engine.picture())


def main(folder: Path) -> int:
    """Look at the guide in each browser; return 1 where something is wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    page = Page()
    with tempfile.TemporaryDirectory() as place:
        settings = {
            "ESCALATION_GUIDE_DATABASE": f"sqlite:///{place}/conversations.db",
            "ESCALATION_GUIDE_TODAY": TODAY,
            "ESCALATION_GUIDE_WEB_ORIGINS": page.site,
            "ESCALATION_GUIDE_WEB_FRAMES": page.site,
        }
        guide = Server(guide_command(), ROOT, settings, fresh=True)
        page.holds(f"{guide.address}/")
        wrong: list[str] = []
        try:
            for name, browser in BROWSERS.items():
                with browser() as engine:
                    wrong += Visit(name, engine, page.site, folder).all()
        finally:
            guide.stop()
            page.shutdown()
    print("\n".join([*wrong, f"{', '.join(BROWSERS)}: {len(wrong)} wrong. Pictures: {folder}"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
