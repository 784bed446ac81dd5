"""A keeper at the desk, as a browser without scripts shows it: pages are read and forms sent."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from lxml import html

from tests.support.keepers_server import PASSWORDS, basic

AT = "/keepers/drafts"


class DeskForm:
    """A form of a page: its fields as the browser would send them, and where it goes."""

    def __init__(self, element: Any) -> None:
        self.address = str(element.get("action"))
        self.method = str(element.get("method") or "get")
        self.fields: dict[str, list[str]] = {}
        for name, value in element.form_values():
            self.fields.setdefault(name, []).append(value)
        self.names = {str(one.get("name")) for one in element.xpath(".//*[@name]")}
        self.buttons = [str(one.get("value") or "") for one in element.xpath(".//button")]

    def filled(self, do: str, changes: Mapping[str, str | list[str]]) -> dict[str, list[str]]:
        """Return what is sent with a button pressed. A field that is not there is a mistake."""
        assert set(changes) <= self.names, set(changes) - self.names
        assert not do or do in self.buttons, self.buttons
        new = {key: [one] if isinstance(one, str) else one for key, one in changes.items()}
        return {**self.fields, **new, **({"do": [do]} if do else {})}


class AtTheDesk:
    """Somebody who is signed in, with the page that they see."""

    def __init__(self, client: httpx.AsyncClient, name: str) -> None:
        self.client = client
        self.headers = basic(PASSWORDS[name], name)
        self.page = ""
        self.status = 0

    async def open(self, path: str) -> str:
        """Open a page and return its text."""
        return self._seen(await self.client.get(path, headers=self.headers, follow_redirects=True))

    def _seen(self, answer: httpx.Response) -> str:
        self.page, self.status = answer.text, answer.status_code
        return self.text

    @property
    def text(self) -> str:
        """The words of the page."""
        tree = html.fromstring(self.page)
        for hidden in tree.xpath("//style"):
            hidden.drop_tree()
        return " ".join(str(tree.text_content()).split())

    def forms(self) -> Iterator[DeskForm]:
        """The forms of the page."""
        yield from (DeskForm(one) for one in html.fromstring(self.page).xpath("//form"))

    def form(self, address: str) -> DeskForm:
        """The form that goes to an address."""
        found = [one for one in self.forms() if one.address.endswith(address)]
        assert found, f"no form goes to {address}: {[one.address for one in self.forms()]}"
        return found[0]

    async def send(
        self, form: DeskForm, do: str = "", /, files: Any = None, **changes: str | list[str]
    ) -> str:
        """Fill in a form, press a button and return the text of the page that follows."""
        return await self.send_all(form, form.filled(do, changes), files)

    async def send_all(
        self, form: DeskForm, fields: Mapping[str, list[str]], files: Any = None
    ) -> str:
        """Send a form with these fields."""
        if form.method == "get":
            answer = await self.client.get(
                form.address, params=fields, headers=self.headers, follow_redirects=True
            )
        else:
            answer = await self.client.post(
                form.address, data=fields, files=files, headers=self.headers, follow_redirects=True
            )
        return self._seen(answer)
