"""The widget in another site's page, which hands it a token: real browser, provider, guide."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.fixtures import start_tiny
from tests.support.identity_provider import AUDIENCE, IdentityProvider
from tests.support.server import Server
from tests.support.web_client import WebClient
from tests.widget.hands import log, press, say

pytestmark = [pytest.mark.browser, pytest.mark.server]

QUESTION = "Is a child at risk now?"
CONCERN = "Worried, but not now."


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    """The provider, whose page has the widget."""
    with IdentityProvider().running() as running:
        yield running


@pytest.fixture(scope="module")
def signed_guide(
    tiny_model: Path, provider: IdentityProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A guide that people have to sign in to, and that lists the provider's page."""
    folder = tmp_path_factory.mktemp("signed")
    (folder / "credentials.yml").write_text(
        f"bot.channels.web.channel.WebChannel:\n  origins: ['{provider.issuer}']\n"
    )
    server = start_tiny(
        tiny_model,
        folder,
        ESCALATION_GUIDE_SIGN_IN_ISSUER=provider.issuer,
        ESCALATION_GUIDE_SIGN_IN_AUDIENCE=AUDIENCE,
        NO_PROXY="127.0.0.1",
    )
    provider.guide = server.address
    yield server
    server.stop()


@pytest.fixture
def page(context: BrowserContext, provider: IdentityProvider, signed_guide: Server) -> Page:
    """The intranet's page, of somebody who is signed in; `signed_guide` is running."""
    assert signed_guide.address
    provider.handed = provider.token("alice")
    opened = context.new_page()
    opened.goto(f"{provider.issuer}/page")
    expect(opened.get_by_text(QUESTION)).to_be_visible()
    return opened


def test_a_sign_in_that_ends_is_told_and_the_conversation_goes_on(
    page: Page, provider: IdentityProvider
) -> None:
    """What was typed stays, "Try again" sends it once the person has signed in again."""
    press(page, CONCERN)
    expect(log(page)).to_contain_text("Answered concern.")
    provider.handed = provider.token("alice", exp=int(time.time()) - 600)
    say(page, "please help with social care")
    expect(page.get_by_text("Your sign-in has run out.")).to_be_visible()
    expect(page.get_by_text("If a child is in danger, call 999.").first).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("please help with social care")
    provider.handed = provider.token("alice")
    press(page, "Try again")
    expect(log(page)).to_contain_text("Draft the e-mail")


def test_a_page_loaded_again_waits_for_the_sign_in_and_loses_nothing(
    page: Page, provider: IdentityProvider
) -> None:
    """Not signed in, no answer begins another conversation in its place."""
    press(page, CONCERN)
    expect(log(page)).to_contain_text("Answered concern.")
    provider.handed = ""
    page.reload()
    expect(page.get_by_text("You are not signed in")).to_be_visible()
    provider.handed = provider.token("alice")
    press(page, "Try again")
    expect(page.get_by_text("Answered concern.")).to_be_visible()


def test_another_person_at_the_same_tab_gets_a_conversation_of_their_own(
    page: Page, provider: IdentityProvider
) -> None:
    """What the first one said is not shown."""
    press(page, CONCERN)
    expect(log(page)).to_contain_text("Answered concern.")
    provider.handed = provider.token("bob")
    page.reload()
    expect(page.get_by_text(QUESTION)).to_be_visible()
    expect(page.get_by_text("Answered concern.")).to_have_count(0)


def test_a_page_whose_signing_in_fails_is_told_so(page: Page) -> None:
    """By the same words, and nothing is asked of the guide."""
    page.evaluate(
        "() => { document.querySelector('escalation-guide').signIn = () => Promise.reject(1); }"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    press(page, CONCERN)
    expect(page.get_by_text("You are not signed in. Sign in to your intranet")).to_be_visible()
    assert asked == []


def test_the_token_is_in_no_address_and_no_storage(page: Page, provider: IdentityProvider) -> None:
    """It goes in a header of its own, to the guide only."""
    sent: list[tuple[str, dict[str, str]]] = []
    page.on("request", lambda request: sent.append((request.url, request.headers)))
    press(page, CONCERN)
    expect(log(page)).to_contain_text("Answered concern.")
    given = [url for url, headers in sent if headers.get("x-sign-in") == provider.handed]
    assert [url for url in given if not url.startswith(provider.guide)] == []
    assert len(given) == 1
    assert provider.handed not in json.dumps([url for url, _ in sent])
    stored = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "token" in stored
    assert provider.handed not in stored
    assert provider.handed not in page.content()


def test_who_leaves_quickly_deletes_as_the_person_they_are(
    page: Page, provider: IdentityProvider
) -> None:
    """The request that outlives the page carries who it is for."""
    press(page, CONCERN)
    expect(log(page)).to_contain_text("Answered concern.")
    page.evaluate(
        "document.querySelector('escalation-guide').setAttribute('exit-to', '/elsewhere')"
    )
    token = page.evaluate("JSON.parse(sessionStorage.getItem('escalation-guide')).token")
    page.get_by_role("button", name="Exit this page").click()
    page.wait_for_url("**/elsewhere")
    tab = WebClient(provider.guide, token)
    tab.http.headers["X-Sign-In"] = provider.handed
    # The request goes on while the page is left, and may come a moment later.
    for _ in range(200):
        if not tab.history():
            break
    assert tab.history() == []
