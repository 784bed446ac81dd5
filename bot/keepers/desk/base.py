"""What every page of the desk stands on: the drafts, what is left of one, and the page itself."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bot.core.handbook.handbook import Handbook
from bot.core.policy.loader import load_policy
from bot.core.policy.model import Policy
from bot.keepers.desk import cases as made
from bot.keepers.desk import editing
from bot.keepers.desk.answers import (
    AT,
    Page,
)
from bot.keepers.desk.fields import wording
from bot.keepers.desk.left import Left, left
from bot.keepers.desk.loading import digest_of, loaded, title_of
from bot.keepers.desk.publishing import (
    file_name,
)
from bot.keepers.desk.store import (
    DraftStore,
    Kept,
)
from bot.keepers.desk.work import Work
from bot.keepers.page import html_page, templates
from bot.keepers.people import Keeper, form_token


class DeskBase:
    """All drafts of one folder of policies. `publishes`: it may write into that folder."""

    def __init__(
        self,
        store: DraftStore,
        folder: Path,
        handbook: Handbook,
        today: Callable[[], date],
        secret: str,
        *,
        publishes: bool = False,
    ) -> None:
        self.store = store
        self.folder = folder
        self.handbook = handbook
        self.today = today
        self.secret = secret
        self.publishes = publishes
        self._made: dict[str, list[made.MadeCase]] = {}

    def left(self, work: Work) -> Left:
        """Return what is left of a draft."""
        read = loaded(work, self.folder, self.today())
        found = self._cases(work, read.policy)
        standing = made.standings(work, found, read.policy) if read.policy else ()
        name = file_name(work, read.policy, self.folder) if read.policy else ""
        new_version = bool(work.begun_from and name) and name != f"{work.begun_from}.yml"
        return left(work, read, standing, new_version=new_version)

    def digest(self, work: Work) -> str:
        """Return the digest of all that a draft says: what a check or a signature covers."""
        return digest_of(work, self.folder, self.today())

    def _cases(self, work: Work, policy: Policy | None) -> list[made.MadeCase]:
        if policy is None or not policy.stages:
            return []
        digest = self.digest(work)
        if digest not in self._made:
            if len(self._made) > MOST_REMEMBERED:
                self._made.clear()
            self._made[digest] = made.made_cases(policy, self.handbook)
        return self._made[digest]

    def _titled(self, work: Work, path: str) -> str:
        label = editing.stage_label(work, path)
        title = title_of(path, wording()["kinds"])
        return f"{label}: {title}" if label else title

    def _before(self, work: Work) -> Policy | None:
        path = self.folder / f"{work.begun_from}.yml"
        return load_policy(path) if work.begun_from and path.is_file() else None

    def _draft_page(
        self, kept: Kept, template: str, keeper: Keeper, title: str = "", **shown: Any
    ) -> Page:
        name = f"{title} – {kept.work.title}" if title else kept.work.title
        return self._page(
            name,
            template,
            keeper,
            draft=kept.change.draft,
            version=kept.change.version,
            **(shown if "left" in shown else {**shown, "left": self.left(kept.work)}),
        )

    def _page(
        self, title: str, template: str, keeper: Keeper, status: int = 200, **shown: Any
    ) -> Page:
        token = form_token(self.secret, keeper)
        body = templates().get_template(template).render(token=token, **shown)
        return Page(html_page(title, body), status)

    def message(self, words: str, back: str = f"{AT}/") -> str:
        """Return a page that says why something was not done."""
        body = templates().get_template("message.html").render(told=words, back=back)
        return html_page("Not done", body)


MOST_REMEMBERED = 16
