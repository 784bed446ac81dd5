"""What the desk shows of a draft: each page but its forms, and its files."""

import csv
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from io import StringIO
from typing import Any

import msgspec

from bot.clock import LONDON
from bot.core.policy.loader import policy_files
from bot.core.policy.model import Policy
from bot.core.vocabulary import Action
from bot.figures.files import harmless
from bot.keepers.desk import cases as made
from bot.keepers.desk import views
from bot.keepers.desk.answers import (
    AT,
    NotTaken,
    Page,
    Sent,
    one,
    path_of,
    when_of,
)
from bot.keepers.desk.base import DeskBase
from bot.keepers.desk.changes import open_cases, short_changes
from bot.keepers.desk.fields import Choice, wording
from bot.keepers.desk.left import may_be_silent
from bot.keepers.desk.loading import Mistake, adds_to_a_region, title_of
from bot.keepers.desk.publishing import (
    cases_text,
    file_name,
    policy_file,
)
from bot.keepers.desk.signing import (
    standing_check,
    standing_signature,
)
from bot.keepers.desk.store import (
    Kept,
)
from bot.keepers.desk.trying import tried
from bot.keepers.desk.work import Work
from bot.keepers.diff import changes_between
from bot.keepers.people import Keeper, Right
from bot.keepers.words import approval


class DeskPages(DeskBase):
    """The pages that only show."""

    def drafts(self, keeper: Keeper, given: Sent | None = None, wrong: str = "") -> Page:
        """Return the list of drafts, and the form that begins one."""
        rows = [
            {
                "name": kept.change.draft,
                "title": kept.work.title,
                "left": self._state(kept),
                "when": when_of(kept.change.at),
                "who": kept.change.who,
                "did": kept.change.did,
            }
            for kept in self.store.drafts()
            if keeper.may(Right.read, kept.change.draft)
        ]
        here = [path for path in policy_files(self.folder) if keeper.may(Right.write, path.stem)]
        return self._page(
            "Drafts",
            "drafts.html",
            keeper,
            status=400 if wrong else 200,
            drafts=rows,
            files=[path.stem for path in here],
            may_begin=keeper.may_somewhere(Right.write),
            given={name: one(given or {}, name) for name in ("policy", "text", "title", "region")},
            wrong=wrong,
        )

    def regions(self) -> list[str]:
        """Return the policies here that another may add to."""
        files = policy_files(self.folder)
        return [path.stem for path in files if "." not in path.stem and not adds_to_a_region(path)]

    def _state(self, kept: Kept) -> str:
        said = wording()["left"]
        work = kept.work
        if kept.work.published:
            return str(said["published"])
        if standing_signature(work, self.digest(work)):
            return str(said["signed"])
        if standing_check(work, self.digest(work)):
            return str(said["checked"])
        state = self.left(work)
        if state.ready:
            return str(said["ready"])
        count = len(state.open) + len(state.unread) + len(state.loaded.mistakes) + state.cases_left
        return str(said["some"]).format(count=count)

    def overview(self, keeper: Keeper, draft: str) -> Page:
        """Return what is left of a draft."""
        kept = self.store.read(draft)
        work, state = kept.work, self.left(kept.work)
        titles = wording()["kinds"]
        held = work.checked or work.signed
        return self._draft_page(
            kept,
            "overview.html",
            keeper,
            left=state,
            troubles=work.troubles,
            unread=[
                {"path": path, "title": self._titled(work, path), "silent": may_be_silent(path)}
                for path in state.unread
            ],
            mistakes=[
                {
                    "title": title_of(path_of(one.key), titles),
                    "expected": one.expected,
                    "got": one.got,
                    "missing": _missing(one, titles),
                    "piece": one.piece,
                }
                for one in state.loaded.mistakes
            ],
            checked=standing_check(work, self.digest(work)),
            signed=standing_signature(work, self.digest(work)),
            stale=wording()["stale_check"]
            if held and not standing_check(work, self.digest(work))
            else "",
            published=work.published,
        )

    def statements(self, keeper: Keeper, draft: str, show: str) -> Page:
        """Return every statement with the passage it was read from."""
        kept = self.store.read(draft)
        only_open = show == "open"
        return self._draft_page(
            kept,
            "statements.html",
            keeper,
            groups=views.groups_of(kept.work, self.handbook, only_open=only_open),
            show="open" if only_open else "",
            may_write=keeper.may(Right.write, draft),
        )

    def text(self, keeper: Keeper, draft: str) -> Page:
        """Return the published text with the passages marked."""
        kept = self.store.read(draft)
        sections = views.marked(self.store.text(kept.work.text), kept.work)
        return self._draft_page(kept, "text.html", keeper, title="The text", sections=sections)

    def try_it(self, keeper: Keeper, draft: str, sent: Sent) -> Page:
        """Return what the guide would say by the draft in a situation of the keeper's own."""
        kept = self.store.read(draft)
        state = self.left(kept.work)
        shown = tried(state.policy, sent, self.today(), self.handbook)
        if state.policy is None:
            shown["problems"] = [
                f"{title_of(path_of(one.key), wording()['kinds'])}: {one.expected}"
                for one in state.loaded.mistakes
            ]
        action = f"{AT}/{draft}/try"
        return self._draft_page(
            kept,
            "try.html",
            keeper,
            title="Try it",
            left=state,
            picks=[],
            policy="",
            action=action,
            **shown,
        )

    def cases(self, keeper: Keeper, draft: str, told_first: str = "") -> Page:
        """Return the cases to confirm, those that are left first in each group."""
        kept = self.store.read(draft)
        state = self.left(kept.work)
        groups: dict[str, list[dict[str, Any]]] = {}
        said = wording()["case_tags"]
        for one_case in state.cases:
            case = one_case.case
            groups.setdefault(case.group, []).append(
                {
                    "id": case.id,
                    "situation": case.situation,
                    "said": case.said,
                    "standing": one_case.standing,
                    "tag": said[one_case.standing],
                    "expected": one_case.expected,
                    "note": one_case.note,
                    "seen": seen_of(case),
                }
            )
        return self._draft_page(
            kept,
            "cases.html",
            keeper,
            title="Cases",
            left=state,
            status=409 if told_first else 200,
            groups=[{"title": title, "rows": rows} for title, rows in groups.items()],
            actions=actions_of(state.policy),
            may_write=keeper.may(Right.write, draft) or keeper.may(Right.check, draft),
            told=told_first,
        )

    def changes(self, keeper: Keeper, draft: str) -> Page:
        """Return what the draft changes against the file it was begun from."""
        kept = self.store.read(draft)
        old, new = self._before(kept.work), self.left(kept.work).policy
        shown: dict[str, Any] = {"old": None, "short": (), "open_cases": (), "told": None}
        if old and new:
            day = new.document.effective_from or self.today()
            shown = {
                "old": old,
                "short": short_changes(old, new, self.handbook),
                "open_cases": open_cases(old, new, day, self.handbook),
                "told": changes_between(
                    (kept.work.begun_from, old), (kept.work.title, new), self.handbook
                ),
            }
        return self._draft_page(kept, "changes.html", keeper, title="What changes", **shown)

    def signing(self, keeper: Keeper, draft: str, wrong: str = "") -> Page:
        """Return the page on which a draft is checked, signed and published."""
        kept = self.store.read(draft)
        work, state = kept.work, self.left(kept.work)
        policy = state.policy
        return self._draft_page(
            kept,
            "sign.html",
            keeper,
            title="Check and sign",
            left=state,
            status=400 if wrong else 200,
            told=wrong,
            checked=standing_check(work, self.digest(work)),
            signed=standing_signature(work, self.digest(work)),
            may_check=keeper.may(Right.check, draft),
            may_sign=keeper.may(Right.sign, draft),
            digest=self.digest(work),
            post=keeper.post,
            file=file_name(work, policy, self.folder) if policy else "",
            publishes=self.publishes,
        )

    def history(self, keeper: Keeper, draft: str) -> Page:
        """Return who did what, the newest first."""
        kept = self.store.read(draft)
        rows = [
            {"when": when_of(one.at), "who": one.who, "post": one.post, "did": one.did}
            for one in self.store.changes({draft})
        ]
        return self._draft_page(
            kept, "history.html", keeper, title="Who did what", changes=rows[::-1]
        )

    def audit(self, keeper: Keeper) -> bytes:
        """Return every change of the drafts that a keeper may read, as CSV."""
        text = StringIO()
        writer = csv.writer(text)
        writer.writerow(("when", "policy", "version", "who", "role", "what"))
        for change in self.store.changes():
            if keeper.may(Right.read, change.draft):
                when = datetime.fromtimestamp(change.at, LONDON).isoformat(timespec="seconds")
                row = (when, change.draft, str(change.version), change.who, change.post, change.did)
                writer.writerow([harmless(cell) for cell in row])
        return b"\xef\xbb\xbf" + text.getvalue().encode()

    def file(self, draft: str) -> tuple[str, bytes]:
        """Return a draft's policy file as it now is, with its name."""
        work = self.store.read(draft).work
        policy = self.left(work).policy
        standing = approval(policy) if policy else wording()["left"]["some"].format(count="")
        name = file_name(work, policy, self.folder) if policy else f"{draft}.yml"
        return name, policy_file(work, self.digest(work), self._standing(work, standing)).encode()

    def _standing(self, work: Work, usual: str) -> str:
        said = wording()["standing"]
        signed, checked = (
            standing_signature(work, self.digest(work)),
            standing_check(work, self.digest(work)),
        )
        if signed:
            return str(said["signed"]).format(role=signed.role, day=signed.day)
        if checked:
            return str(said["checked"]).format(role=checked.role, day=checked.day)
        return usual

    def case_file(self, draft: str) -> tuple[str, bytes]:
        """Return the confirmed cases as a file, with its name."""
        work = self.store.read(draft).work
        policy = self.left(work).policy
        if policy is None:
            raise NotTaken("not_ready")
        held = made.case_file(work, self._cases(work, policy), policy)
        return f"{draft}.cases.yml", cases_text(held).encode()


def actions_of(policy: Policy | None) -> list[Choice]:
    """Return what a keeper may say is right in a case."""
    said = wording()["situation"]["actions"]
    found = [
        Choice(action.value, said[action.value])
        for action in Action
        if action is not Action.escalate
    ]
    for stage in policy.stages if policy else ():
        words = said["escalate"].format(stage=stage.label)
        found.append(Choice(f"escalate:{stage.number}", words))
    return found


def seen_of(case: made.MadeCase) -> str:
    """Return a digest of what the guide says in a case, as the person saw it."""
    return sha256(msgspec.json.encode(case.answer, order="sorted")).hexdigest()[:16]


KEYS = re.compile(r"the keys? (.+)")


def _missing(mistake: Mistake, titles: Mapping[str, str]) -> str:
    """Return what is not there, in the words of the desk; "" where something else is wrong."""
    named = KEYS.fullmatch(mistake.expected)
    keys = named[1].split(", ") if named and mistake.got == "no such key" else []
    return ", ".join(title_of(key, titles) for key in keys)
