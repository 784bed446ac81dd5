"""The keepers' desk: each page of a draft, and each thing that is done on one.

It knows nothing of HTTP: it is asked by a keeper, and returns a page or says where to go on.
"""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from bot.core.policy.loader import load_policy, policy_files, read_plain, region_on
from bot.core.policy.model import Policy, Status
from bot.keepers.desk import editing, views
from bot.keepers.desk.answers import (
    AT,
    GoTo,
    NotTaken,
    Page,
    Sent,
    author_of,
    one,
    shortened,
    version_in,
)
from bot.keepers.desk.fields import read_form, type_at, wording
from bot.keepers.desk.forms import DeskForms
from bot.keepers.desk.left import may_be_silent
from bot.keepers.desk.loading import region_of
from bot.keepers.desk.publishing import (
    NotPublished,
    publish,
    publish_cases,
)
from bot.keepers.desk.shown import actions_of, seen_of
from bot.keepers.desk.signing import (
    standing_signature,
    why_not_sign,
)
from bot.keepers.desk.store import (
    ChangedMeanwhile,
    Kept,
    NoSuchDraft,
)
from bot.keepers.desk.work import CaseAnswer, Seal, Standing, Work
from bot.keepers.draft.draft import UnreadableText
from bot.keepers.people import Keeper, Right

ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LONGEST_ID = 64
TRIES = 5
"""How often a change is put on top of what others saved meanwhile."""
LONGEST_NOTE = 500


class Desk(DeskForms):
    """What is done at the desk, beside what it shows."""

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
            self.store.save(policy, version, work, author_of(keeper), did)
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
            path = self.folder / f"{begun_from}.yml"
            plain: Any = read_plain(path)[0]
            done = said["begun_file"].format(name=f"{begun_from}.yml")
            region = region_on(plain, path, self.today())
            return editing.begun_from_file(plain, begun_from, region), done
        if one(sent, "region"):
            if one(sent, "region") not in self.regions():
                raise NotTaken("no_region")
            region = load_policy(self.folder / f"{one(sent, 'region')}.yml")
            title = one(sent, "title") or policy
            done = said["begun_addition"].format(name=region.name)
            return editing.begun_as_addition(title, policy, region), done
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
        version = version_in(sent)
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
        words = wording()["did"][name].format(text=shortened(text))
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
                self.store.save(
                    draft, kept.change.version, edit(kept.work), author_of(keeper), words
                )
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
        words = wording()["did"][name].format(text=shortened(text))
        for _ in range(TRIES):
            kept = self.store.read(draft)
            try:
                self.store.save(
                    draft, kept.change.version, edit(kept.work), author_of(keeper), words
                )
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
            reported = one(sent, "reported") == "yes"
            answer = CaseAnswer(
                case=name, answer=wanted, confirmed=False, note=note, reported=reported
            )
            did = "correct"
        self._on_top(keeper, draft, lambda work: _with_answer(work, answer), did, case.situation)
        return GoTo(f"{AT}/{draft}/cases#{name}")

    def _wanted(self, sent: Sent, policy: Policy | None) -> dict[str, Any] | None:
        allowed = {choice.value for choice in actions_of(policy)}
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
        work, digest = kept.work, self.digest(kept.work)
        role = one(sent, "role")
        wrong = None
        if one(sent, "digest") != digest or version_in(sent) != kept.change.version:
            wrong = "moved"
        elif not self.left(work).ready:
            wrong = "not_ready"
        elif not role:
            wrong = "no_role"
        elif one(sent, "sure") != "yes":
            wrong = "not_sure"
        elif did == "sign":
            wrong = why_not_sign(work, digest, keeper.name, role)
            region = region_of(work, self.folder, self.today())
            if region and region.status is not Status.signed:
                wrong = "region_unsigned"
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
            self.store.save(draft, kept.change.version, sealed, author_of(keeper), words)
        except ChangedMeanwhile:
            return self.signing(keeper, draft, NotTaken("moved").words)
        return GoTo(f"{AT}/{draft}/sign")

    def publish(self, keeper: Keeper, draft: str, sent: Sent) -> GoTo | Page:
        """Write a signed draft into the folder of policies."""
        self._may(keeper, Right.sign, draft)
        kept = self.store.read(draft)
        signed = standing_signature(kept.work, self.digest(kept.work))
        policy = self.left(kept.work).policy
        if not self.publishes:
            raise NotTaken("not_yours", 403)
        if signed is None or policy is None:
            return self.signing(keeper, draft, NotTaken("unsigned").words)
        if version_in(sent) != kept.change.version:
            return self.signing(keeper, draft, NotTaken("moved").words)
        name, text = self.file(draft)
        try:
            publish(text.decode(), name, self.folder)
            cases, told = self.case_file(draft)
            publish_cases(told.decode(), cases, self.folder)
        except NotPublished as error:
            return self.signing(keeper, draft, str(error))
        done = msgspec.structs.replace(kept.work, published=name)
        words = wording()["did"]["publish"].format(name=name)
        self.store.save(draft, kept.change.version, done, author_of(keeper), words)
        return GoTo(f"{AT}/{draft}/")

    def _may(self, keeper: Keeper, right: Right, policy: str) -> None:
        if not keeper.name:
            raise NotTaken("not_signed", 403)
        if not keeper.may(right, policy):
            raise NotTaken("not_yours", 403)


def _with_answer(work: Work, answer: CaseAnswer) -> Work:
    others = tuple(one for one in work.cases if one.case != answer.case)
    return msgspec.structs.replace(work, cases=(*others, answer))


def _with_quote(value: Any, quote: str) -> Any:
    """Keep the passage of a statement whose form was sent without it."""
    if isinstance(value, dict) and quote and not value.get("quote"):
        return {**value, "quote": quote}
    return value
