"""The keepers' desk: each page of a draft, and each thing that is done on one.

It knows nothing of HTTP: it is asked by a keeper, and returns a page or says where to go on.
"""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from bot.clock import LONDON
from bot.core.handbook.handbook import Handbook
from bot.core.policy.loader import load_policy, policy_files, read_plain
from bot.core.policy.model import Policy
from bot.core.rules.facts import FactsError
from bot.core.vocabulary import Action
from bot.figures.files import harmless
from bot.keepers.desk import cases as made
from bot.keepers.desk import editing, views
from bot.keepers.desk.changes import open_cases, short_changes
from bot.keepers.desk.fields import Choice, Field, fields_at, grouped, read_form, type_at, wording
from bot.keepers.desk.left import Left, left, may_be_silent
from bot.keepers.desk.loading import loaded, title_of
from bot.keepers.desk.publishing import (
    NotPublished,
    cases_text,
    file_name,
    policy_file,
    publish,
)
from bot.keepers.desk.signing import (
    digest_of,
    standing_check,
    standing_signature,
    why_not_sign,
)
from bot.keepers.desk.store import (
    Author,
    Change,
    ChangedMeanwhile,
    DraftStore,
    Kept,
    NoSuchDraft,
)
from bot.keepers.desk.trying import advice_of, asked_of, facts_from, told
from bot.keepers.desk.work import CaseAnswer, Seal, Standing, Work
from bot.keepers.diff import policy_changes
from bot.keepers.draft.draft import UnreadableText
from bot.keepers.page import html_page, templates
from bot.keepers.people import Keeper, Right, form_token
from bot.keepers.words import approval

AT = "/keepers/drafts"
ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LONGEST_ID = 64
TRIES = 5
"""How often a change is put on top of what others saved meanwhile."""
LONGEST_NOTE = 500

Sent = Mapping[str, Sequence[str]]


class NotTaken(Exception):
    """Something cannot be done. `name` is that of the sentence that says why."""

    def __init__(self, name: str, status: int = 400) -> None:
        super().__init__(name)
        self.name = name
        self.status = status

    @property
    def words(self) -> str:
        """The sentence for the keeper."""
        return str(wording()["problems"][self.name])


class Page(msgspec.Struct, frozen=True):
    """A whole page and its status."""

    html: str
    status: int = 200


class GoTo(msgspec.Struct, frozen=True):
    """Where a keeper goes on after something was done."""

    address: str


class Desk:
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

    # What is shown.

    def drafts(self, keeper: Keeper, given: Sent | None = None, wrong: str = "") -> Page:
        """Return the list of drafts, and the form that begins one."""
        rows = [
            {
                "name": kept.change.draft,
                "title": kept.work.title,
                "left": self._state(kept),
                "when": _when(kept.change.at),
                "who": kept.change.who,
                "did": kept.change.did,
            }
            for kept in self.store.drafts()
            if keeper.may(Right.read, kept.change.draft)
        ]
        files = [path.stem for path in policy_files(self.folder)]
        return self._page(
            "Drafts",
            "drafts.html",
            keeper,
            status=400 if wrong else 200,
            drafts=rows,
            files=[name for name in files if keeper.may(Right.write, name)],
            may_begin=keeper.may_somewhere(Right.write),
            given={name: one(given or {}, name) for name in ("policy", "text", "title")},
            wrong=wrong,
        )

    def _state(self, kept: Kept) -> str:
        said = wording()["left"]
        work = kept.work
        if kept.work.published:
            return str(said["published"])
        if standing_signature(work):
            return str(said["signed"])
        if standing_check(work):
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
                    "title": title_of(_path_of(one.key), titles),
                    "expected": one.expected,
                    "got": one.got,
                    "piece": one.piece,
                }
                for one in state.loaded.mistakes
            ],
            checked=standing_check(work),
            signed=standing_signature(work),
            stale=wording()["stale_check"] if held and not standing_check(work) else "",
            published=work.published,
        )

    def _titled(self, work: Work, path: str) -> str:
        label = editing.stage_label(work, path)
        title = title_of(path, wording()["kinds"])
        return f"{label}: {title}" if label else title

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

    def statement(self, keeper: Keeper, draft: str, piece: str) -> Page:
        """Return the form of one statement."""
        kept = self.store.read(draft)
        found = kept.work.piece(piece)
        return self._form(kept, keeper, found.path, found.value, piece=piece)

    def add(self, keeper: Keeper, draft: str, sent: Sent) -> Page:
        """Return the form for a further statement: at a path, or of a kind under a stage."""
        kept = self.store.read(draft)
        path = one(sent, "path") or self._path_for(kept.work, one(sent, "under"), one(sent, "kind"))
        path = _entry_path(kept.work, path)
        value = self._what_changes(kept.work) if path == "replaces" else None
        return self._form(kept, keeper, path, value)

    def _what_changes(self, work: Work) -> dict[str, str] | None:
        """Return the changes in short, as a first version of what practitioners are told."""
        old, new = self._before(work), self.left(work).policy
        told_short = short_changes(old, new, self.handbook) if old and new else []
        return {"what": " ".join(told_short)} if told_short else None

    def _path_for(self, work: Work, under: str, kind: str) -> str:
        path = f"{under}.{kind}" if under else kind
        return path if kind in views.ONCE else work.next_path(path)

    def _form(  # noqa: PLR0913 - what the page shows
        self,
        kept: Kept,
        keeper: Keeper,
        path: str,
        value: Any,
        *,
        piece: str = "",
        sent: Sent | None = None,
        wrong: Mapping[str, str] | None = None,
        clash: Change | None = None,
    ) -> Page:
        work = kept.work
        fields = self._fields(work, path, value, piece)
        if sent is not None:
            fields = [_as_sent(field, sent) for field in fields]
        there = work.piece(piece) if piece else None
        told_by = None
        if clash and there:
            who = clash.who
            told_by = {"who": who, "text": " ".join(views.said_of(there, self.handbook))}
        at = f"{AT}/{kept.change.draft}"
        sections = self.store.text(work.text) if work.text and not piece else ()
        return self._draft_page(
            kept,
            "statement.html",
            keeper,
            title=self._titled(work, path),
            status=409 if clash else 400 if wrong else 200,
            action=f"{at}/statement/{piece}" if piece else f"{at}/add",
            path="" if piece else path,
            fields=fields,
            groups=grouped(fields),
            wrong=wrong or {},
            clash=told_by,
            quote=there.quote if there else "",
            source=there.source if there else "",
            found=views.passages_for(path, sections),
        )

    def _fields(self, work: Work, path: str, value: Any, piece: str) -> list[Field]:
        around = views.surroundings(work)
        fields = fields_at(path, value, around, self.handbook.phrases)
        if path == "contact":
            source = work.piece(piece).source if piece else ""
            label = wording()["fields"]["source"]
            fields.append(
                Field(
                    name="source",
                    kind="line",
                    label=label["label"],
                    hint=label["hint"],
                    value=source,
                    required=True,
                )
            )
        return fields

    def silent(self, keeper: Keeper, draft: str, path: str, piece: str = "") -> Page:
        """Return the form that says that the policy does not state something."""
        kept = self.store.read(draft)
        if piece:
            path = kept.work.piece(piece).path
        type_at(path)
        return self._silent_form(kept, keeper, path, piece, editing.silence_words(kept.work, path))

    def _silent_form(
        self, kept: Kept, keeper: Keeper, path: str, piece: str, what: str, wrong: str = ""
    ) -> Page:
        at = f"{AT}/{kept.change.draft}"
        return self._draft_page(
            kept,
            "silent.html",
            keeper,
            title=self._titled(kept.work, path),
            status=400 if wrong else 200,
            action=f"{at}/statement/{piece}" if piece else f"{at}/silent",
            path="" if piece else path,
            what=what,
            wrong=wrong,
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
                f"{title_of(_path_of(one.key), wording()['kinds'])}: {one.expected}"
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
            actions=_actions(state.policy),
            may_write=keeper.may(Right.write, draft) or keeper.may(Right.check, draft),
            told=told_first,
        )

    def changes(self, keeper: Keeper, draft: str) -> Page:
        """Return what the draft changes against the file it was begun from."""
        kept = self.store.read(draft)
        old, new = self._before(kept.work), self.left(kept.work).policy
        shown: dict[str, Any] = {"old": None, "short": (), "open_cases": (), "told": ""}
        if old and new:
            day = new.document.effective_from or self.today()
            shown = {
                "old": old,
                "short": short_changes(old, new, self.handbook),
                "open_cases": open_cases(old, new, day, self.handbook),
                "told": policy_changes(
                    (kept.work.begun_from, old), (kept.work.title, new), self.handbook
                ),
            }
        return self._draft_page(kept, "changes.html", keeper, title="What changes", **shown)

    def _before(self, work: Work) -> Policy | None:
        path = self.folder / f"{work.begun_from}.yml"
        return load_policy(path) if work.begun_from and path.is_file() else None

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
            checked=standing_check(work),
            signed=standing_signature(work),
            may_check=keeper.may(Right.check, draft),
            may_sign=keeper.may(Right.sign, draft),
            digest=digest_of(work),
            post=keeper.post,
            file=file_name(work, policy, self.folder) if policy else "",
            publishes=self.publishes,
        )

    def history(self, keeper: Keeper, draft: str) -> Page:
        """Return who did what, the newest first."""
        kept = self.store.read(draft)
        rows = [
            {"when": _when(one.at), "who": one.who, "post": one.post, "did": one.did}
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
        return name, policy_file(work, self._standing(work, standing)).encode()

    def _standing(self, work: Work, usual: str) -> str:
        said = wording()["standing"]
        signed, checked = standing_signature(work), standing_check(work)
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

    # What is done.

    def begin(self, keeper: Keeper, sent: Sent, upload: tuple[str, bytes] | None) -> GoTo | Page:
        """Begin a draft: from a text, by hand, or from a policy file."""
        begun_from = one(sent, "from")
        policy = begun_from.partition(".")[0] or one(sent, "policy").lower()
        if not ID.fullmatch(policy) or len(policy) > LONGEST_ID:
            return self.drafts(keeper, sent, NotTaken("no_id").words)
        self._may(keeper, Right.write, policy)
        last = self._last(policy)
        if last and not last.work.published:
            return self.drafts(keeper, sent, NotTaken("taken").words)
        try:
            work, did = self._begun(policy, begun_from, sent, upload)
        except UnreadableText as error:
            return self.drafts(keeper, sent, str(error))
        except NotTaken as refused:
            return self.drafts(keeper, sent, refused.words)
        version = last.change.version if last else 0
        try:
            self.store.save(policy, version, work, _author(keeper), did)
        except ChangedMeanwhile:
            return self.drafts(keeper, sent, NotTaken("taken").words)
        return GoTo(f"{AT}/{policy}/")

    def _last(self, policy: str) -> Kept | None:
        try:
            return self.store.read(policy)
        except NoSuchDraft:
            return None

    def _begun(
        self, policy: str, begun_from: str, sent: Sent, upload: tuple[str, bytes] | None
    ) -> tuple[Work, str]:
        said = wording()["did"]
        if begun_from:
            if begun_from not in {path.stem for path in policy_files(self.folder)}:
                raise NotTaken("nothing")
            plain: Any = read_plain(self.folder / f"{begun_from}.yml")[0]
            if plain.get("extends"):
                # What is signed here would not cover the region's text.
                raise NotTaken("adds")
            done = said["begun_file"].format(name=f"{begun_from}.yml")
            return editing.begun_from_file(plain, begun_from), done
        pasted = one(sent, "text")
        name, content = upload or (wording()["pasted"], pasted.encode())
        if content.strip():
            # Only now: it needs what reads Word and PDF files.
            from bot.keepers.draft.finding import draft_from

            read = draft_from(content, name)
            kept = self.store.keep_text(read.sections)
            done = said["begun_text"].format(name=name)
            return editing.begun_from_text(read, kept, policy), done
        if one(sent, "title"):
            return editing.begun_by_hand(one(sent, "title"), policy), said["begun_hand"]
        raise NotTaken("nothing")

    def act(self, keeper: Keeper, draft: str, piece: str, sent: Sent) -> GoTo | Page:
        """Accept, change, strike or silence a statement."""
        self._may(keeper, Right.write, draft)
        do = one(sent, "do")
        if do == "change":
            return GoTo(f"{AT}/{draft}/statement/{piece}")
        if do == "silent":
            return GoTo(f"{AT}/{draft}/silent?piece={piece}")
        version = _version(sent)
        kept = self.store.read(draft)
        if do == "save":
            return self._save(keeper, kept, version, piece, sent)
        if do == "not_stated":
            what = one(sent, "what")
            path = kept.work.piece(piece).path
            if not what:
                wrong = NotTaken("no_words").words
                return self._silent_form(kept, keeper, path, piece, what, wrong)
            return self._changed(
                keeper,
                draft,
                version,
                piece,
                lambda work: editing.struck_as_not_stated(work, piece, what),
                ("not_stated", what),
                sent,
            )
        standing = {"accept": Standing.accepted, "strike": Standing.struck}.get(do)
        if standing is None:
            raise NotTaken("no_answer")
        words = views.said_of(kept.work.piece(piece), self.handbook)[0]
        show = "?show=open" if one(sent, "show") == "open" else ""
        return self._changed(
            keeper,
            draft,
            version,
            piece,
            lambda work: editing.decided(work, piece, standing),
            (do, words),
            sent,
            f"{AT}/{draft}/statements{show}#{'' if show else piece}",
        )

    def _save(
        self, keeper: Keeper, kept: Kept, version: int, piece: str, sent: Sent
    ) -> GoTo | Page:
        found = kept.work.piece(piece)
        fields = self._fields(kept.work, found.path, found.value, piece)
        read = read_form(found.path, fields, sent)
        value = _with_quote(read.value, found.quote)
        if read.wrong:
            return self._form(
                kept, keeper, found.path, value, piece=piece, sent=sent, wrong=read.wrong
            )
        source = one(sent, "source") if found.path == "contact" else None
        return self._changed(
            keeper,
            kept.change.draft,
            version,
            piece,
            lambda work: editing.changed(work, piece, value, source),
            ("change", self._titled(kept.work, found.path)),
            sent,
        )

    def _changed(  # noqa: PLR0913, PLR0917 - what is done, to what, by whom
        self,
        keeper: Keeper,
        draft: str,
        based_on: int,
        piece: str,
        edit: Callable[[Work], Work],
        did: tuple[str, str],
        sent: Sent,
        then: str = "",
    ) -> GoTo | Page:
        """Change a piece on top of what others saved, unless one of them changed this piece."""
        name, text = did
        words = wording()["did"][name].format(text=_short(text))
        before = self.store.read(draft, based_on).work.piece(piece)
        for _ in range(TRIES):
            kept = self.store.read(draft)
            now = kept.work.piece(piece)
            if now != before:
                value = now.value
                return self._form(
                    kept, keeper, now.path, value, piece=piece, sent=sent, clash=kept.change
                )
            try:
                self.store.save(draft, kept.change.version, edit(kept.work), _author(keeper), words)
            except ChangedMeanwhile:
                continue
            return GoTo(then or f"{AT}/{draft}/statements#{piece}")
        raise NotTaken("moved", 409)

    def put(self, keeper: Keeper, draft: str, sent: Sent) -> GoTo | Page:
        """Add a statement."""
        self._may(keeper, Right.write, draft)
        path = one(sent, "path")
        kept = self.store.read(draft)
        fields = self._fields(kept.work, path, None, "")
        read = read_form(path, fields, sent)
        if read.wrong:
            return self._form(kept, keeper, path, read.value, sent=sent, wrong=read.wrong)
        source = one(sent, "source")

        def edit(work: Work) -> Work:
            last = path.rpartition(".")
            # Somebody else may have added one at the same place meanwhile.
            free = work.next_path(last[0]) if last[2].isdigit() else path
            if last[2].isdigit():
                return editing.added(work, free, read.value)
            return editing.added(work, path, read.value, source=source)

        title = self._titled(kept.work, path)
        self._on_top(keeper, draft, edit, "add", title)
        return GoTo(f"{AT}/{draft}/")

    def say_not_stated(self, keeper: Keeper, draft: str, sent: Sent) -> GoTo | Page:
        """Say that the policy does not state what would stand at a path."""
        self._may(keeper, Right.write, draft)
        path, what = one(sent, "path"), one(sent, "what")
        type_at(path)
        if not may_be_silent(path):
            raise NotTaken("no_answer")
        if not what:
            kept = self.store.read(draft)
            return self._silent_form(kept, keeper, path, "", what, NotTaken("no_words").words)
        self._on_top(
            keeper, draft, lambda work: editing.not_stated(work, path, what), "not_stated", what
        )
        return GoTo(f"{AT}/{draft}/")

    def _on_top(
        self, keeper: Keeper, draft: str, edit: Callable[[Work], Work], name: str, text: str
    ) -> None:
        """Change a draft on top of whatever others saved: nothing of theirs is touched."""
        words = wording()["did"][name].format(text=_short(text))
        for _ in range(TRIES):
            kept = self.store.read(draft)
            try:
                self.store.save(draft, kept.change.version, edit(kept.work), _author(keeper), words)
            except ChangedMeanwhile:
                continue
            return
        raise NotTaken("moved", 409)

    def judge(self, keeper: Keeper, draft: str, sent: Sent) -> GoTo | Page:
        """Confirm a case, or say what would be right."""
        if not keeper.may(Right.check, draft):
            self._may(keeper, Right.write, draft)
        kept = self.store.read(draft)
        policy = self.left(kept.work).policy
        name = one(sent, "case")
        found = [case for case in self._cases(kept.work, policy) if case.id == name]
        if not found or one(sent, "seen") != seen_of(found[0]):
            return self.cases(keeper, draft, NotTaken("case_moved").words)
        case = found[0]
        if one(sent, "do") == "confirm":
            answer, did = CaseAnswer(case=name, answer=case.answer, confirmed=True), "confirm"
        else:
            wanted = self._wanted(sent, policy)
            if wanted is None:
                return self.cases(keeper, draft, NotTaken("no_answer").words)
            note = one(sent, "note")[:LONGEST_NOTE]
            answer = CaseAnswer(case=name, answer=wanted, confirmed=False, note=note)
            did = "correct"
        self._on_top(keeper, draft, lambda work: _with_answer(work, answer), did, case.situation)
        return GoTo(f"{AT}/{draft}/cases#{name}")

    def _wanted(self, sent: Sent, policy: Policy | None) -> dict[str, Any] | None:
        allowed = {choice.value for choice in _actions(policy)}
        chosen = one(sent, "action")
        if chosen not in allowed:
            return None
        action, _, to = chosen.partition(":")
        due = one(sent, "due")
        return {"action": action, "to_stage": int(to) if to else None, "due": due}

    def check(self, keeper: Keeper, draft: str, sent: Sent) -> GoTo | Page:
        """Keep that a person compared the draft with the document."""
        self._may(keeper, Right.check, draft)
        return self._sealed(keeper, draft, sent, "check")

    def sign(self, keeper: Keeper, draft: str, sent: Sent) -> GoTo | Page:
        """Keep that a person signed the draft for the partnership."""
        self._may(keeper, Right.sign, draft)
        return self._sealed(keeper, draft, sent, "sign")

    def _sealed(self, keeper: Keeper, draft: str, sent: Sent, did: str) -> GoTo | Page:
        kept = self.store.read(draft)
        work, digest = kept.work, digest_of(kept.work)
        role = one(sent, "role")
        wrong = None
        if one(sent, "digest") != digest or _version(sent) != kept.change.version:
            wrong = "moved"
        elif not self.left(work).ready:
            wrong = "not_ready"
        elif not role:
            wrong = "no_role"
        elif one(sent, "sure") != "yes":
            wrong = "not_sure"
        elif did == "sign":
            wrong = why_not_sign(work, keeper.name, role)
        if wrong:
            return self.signing(keeper, draft, NotTaken(wrong).words)
        day = self.today().isoformat()
        seal = Seal(who=keeper.name, role=role, day=day, digest=digest)
        change: dict[str, Any] = {"checked": seal, "signed": None}
        if did == "sign":
            change = {"signed": seal}
        words = wording()["did"][did].format(role=role)
        try:
            sealed = msgspec.structs.replace(work, **change)
            self.store.save(draft, kept.change.version, sealed, _author(keeper), words)
        except ChangedMeanwhile:
            return self.signing(keeper, draft, NotTaken("moved").words)
        return GoTo(f"{AT}/{draft}/sign")

    def publish(self, keeper: Keeper, draft: str, sent: Sent) -> GoTo | Page:
        """Write a signed draft into the folder of policies."""
        self._may(keeper, Right.sign, draft)
        kept = self.store.read(draft)
        signed = standing_signature(kept.work)
        policy = self.left(kept.work).policy
        if not self.publishes:
            raise NotTaken("not_yours", 403)
        if signed is None or policy is None:
            return self.signing(keeper, draft, NotTaken("unsigned").words)
        if _version(sent) != kept.change.version:
            return self.signing(keeper, draft, NotTaken("moved").words)
        name, text = self.file(draft)
        try:
            publish(text.decode(), name, self.folder)
        except NotPublished as error:
            return self.signing(keeper, draft, str(error))
        done = msgspec.structs.replace(kept.work, published=name)
        words = wording()["did"]["publish"].format(name=name)
        self.store.save(draft, kept.change.version, done, _author(keeper), words)
        return GoTo(f"{AT}/{draft}/")

    # What both need.

    def left(self, work: Work) -> Left:
        """Return what is left of a draft."""
        read = loaded(work, self.folder)
        found = self._cases(work, read.policy)
        standing = made.standings(work, found, read.policy) if read.policy else ()
        name = file_name(work, read.policy, self.folder) if read.policy else ""
        new_version = bool(work.begun_from and name) and name != f"{work.begun_from}.yml"
        return left(work, read, standing, new_version=new_version)

    def _cases(self, work: Work, policy: Policy | None) -> list[made.MadeCase]:
        if policy is None or not policy.stages:
            return []
        digest = digest_of(work)
        if digest not in self._made:
            if len(self._made) > MOST_REMEMBERED:
                self._made.clear()
            self._made[digest] = made.made_cases(policy, self.handbook)
        return self._made[digest]

    def _may(self, keeper: Keeper, right: Right, policy: str) -> None:
        if not keeper.name:
            raise NotTaken("not_signed", 403)
        if not keeper.may(right, policy):
            raise NotTaken("not_yours", 403)

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


def tried(policy: Policy | None, sent: Sent, today: date, handbook: Handbook) -> dict[str, Any]:
    """Return what a page for trying out shows: the form, and the advice or what is wrong."""
    shown: dict[str, Any] = {"asked": [], "said": None, "problems": []}
    if policy is None:
        return shown
    shown["asked"] = [
        Field(name=one.name, kind=one.kind, label=one.label, value=one.value, choices=one.choices)
        for one in asked_of(policy, sent, today, handbook)
    ]
    if one(sent, "my_agency"):
        try:
            facts = facts_from(policy, sent)
            shown["said"] = told(advice_of(policy, facts, today, handbook))
        except FactsError as error:
            shown["problems"] = error.problems
    return shown


def one(sent: Sent, name: str) -> str:
    """Return the first value of a name, without blanks around it."""
    values = sent.get(name) or ("",)
    return values[0].strip()


def seen_of(case: made.MadeCase) -> str:
    """Return a digest of what the guide says in a case, as the person saw it."""
    return digest_words(msgspec.json.encode(case.answer, order="sorted"))


def digest_words(content: bytes) -> str:
    """Return a short digest."""
    from hashlib import sha256

    return sha256(content).hexdigest()[:16]


def _actions(policy: Policy | None) -> list[Choice]:
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


def _with_answer(work: Work, answer: CaseAnswer) -> Work:
    others = tuple(one for one in work.cases if one.case != answer.case)
    return msgspec.structs.replace(work, cases=(*others, answer))


def _with_quote(value: Any, quote: str) -> Any:
    """Keep the passage of a statement whose form was sent without it."""
    if isinstance(value, dict) and quote and not value.get("quote"):
        return {**value, "quote": quote}
    return value


def _as_sent(field: Field, sent: Sent) -> Field:
    """Return a field as it was sent, so that nobody has to type anything again."""
    values = list(sent.get(field.name) or ())
    if field.kind in {"one", "some"}:
        choices = tuple(
            Choice(choice.value, choice.words, choice.value in values) for choice in field.choices
        )
        return msgspec.structs.replace(field, choices=choices)
    return msgspec.structs.replace(field, value=values[0] if values else "")


def _entry_path(work: Work, path: str) -> str:
    """Return the path of an entry where a path names a whole list of statements."""
    kind = type_at(path)
    of_parts = isinstance(kind, inspect.VarTupleType) and isinstance(
        kind.item_type, inspect.StructType
    )
    return work.next_path(path) if of_parts else path


def _path_of(key: str) -> str:
    return re.sub(r"\[(\d+)\]", r".\1", key)


def _version(sent: Sent) -> int:
    given = one(sent, "version")
    if not given.isascii() or not given.isdigit():
        raise NotTaken("moved")
    return int(given)


def _author(keeper: Keeper) -> Author:
    return Author(keeper.name, keeper.post)


def _when(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, LONDON):%-d %B %Y, %H:%M}"


def _short(text: str, width: int = 120) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
