"""The files that a case has. Each is made when it is fetched; none is kept."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain, product
from typing import TYPE_CHECKING

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.letters.drafting import Draft, DraftRequest, Kind, Purpose, Tone, write_draft
from bot.core.letters.request import LONGER
from bot.core.policy.model import Policy
from bot.core.vocabulary import Route
from bot.documents.briefing import briefing_page
from bot.documents.case import Case
from bot.documents.filling import fill_form
from bot.documents.forms import forms, usable_templates
from bot.documents.page import Marks, Page
from bot.documents.plain import dated_name, slug
from bot.documents.record import advice_record
from bot.letters.files import letters

if TYPE_CHECKING:
    from bot.documents.mail import Attachment


class FileOffer(msgspec.Struct, frozen=True):
    """A file that can be made: its title in words, its file name and its media type."""

    title: str
    name: str
    type: str
    make: Callable[[], bytes]


def file_offers(case: Case) -> tuple[FileOffer, ...]:
    """Return the files on offer for the case, first those that the policy asks for."""
    return tuple(_offers(case))


def calendar_offers(case: Case) -> tuple[FileOffer, ...]:
    """Return the file of the dates still to come; none where there is no date."""
    return tuple(_dates(case))


def find_file(case: Case, name: str) -> FileOffer | None:
    """Return the file of the case with this name: one on offer, or an e-mail."""
    mails = () if case.advice.route is Route.exit else _mails(case)
    return next((offer for offer in chain(file_offers(case), mails) if offer.name == name), None)


def _offers(case: Case) -> Iterator[FileOffer]:
    exit_ = case.advice.route is Route.exit
    if not exit_:
        if not case.urgent:
            yield from (offer for _, offer in _policy_forms(case))
        yield _record(case)
    yield _advice(case, "docx")
    yield _advice(case, "html")
    yield from _dates(case)
    if not exit_:
        yield from _next_mails(case)


def briefing_offers(policy: Policy, handbook: Handbook, day: date) -> tuple[FileOffer, ...]:
    """Return a policy on one page, for the web and for Word. It holds nothing of any case."""
    from bot.documents import webpage, word

    say = handbook.phrases.say
    # There is no gap to fill in.
    no_gaps = Marks("{label}", "{label}")

    def page() -> Page:
        return briefing_page(policy, handbook, day)

    def title(kind: str) -> str:
        return say(f"file_briefing_{kind}", policy=policy.short_name)

    def name(ending: str) -> str:
        return dated_name(policy.id, "briefing", day, ending)

    return (
        FileOffer(
            title("html"), name("html"), webpage.MEDIA, lambda: webpage.web_file(page(), no_gaps)
        ),
        FileOffer(
            title("docx"), name("docx"), word.MEDIA, lambda: word.word_file(page(), day, no_gaps)
        ),
    )


def _record(case: Case) -> FileOffer:
    """Return the guide's own record: of the calls, or of the escalation for the child's file."""
    template = "urgent_record" if case.urgent else "escalation_record"
    return _form(case, template, case.phrases.say(f"file_{template}"))


def _policy_forms(case: Case) -> Iterator[tuple[str, FileOffer]]:
    """Yield the policy's own forms that are due, each with its id in the policy."""
    templates = usable_templates(case.policy, forms()) if case.policy else {}
    for form in case.advice.forms:
        template = templates.get(form.id)
        if template:
            yield form.id, _form(case, template, case.phrases.say("file_form", name=form.name))


def _form(case: Case, template: str, title: str) -> FileOffer:
    def make() -> bytes:
        known = forms()
        return _word(fill_form(known.forms[template], case, known.labels()), case)

    return FileOffer(title, _name(case, template, "docx"), _word_type(), make)


def _advice(case: Case, kind: str) -> FileOffer:
    from bot.documents import webpage

    title = case.phrases.say(f"file_advice_{kind}")
    name = _name(case, "escalation_advice", kind)
    if kind == "html":
        return FileOffer(
            title, name, webpage.MEDIA, lambda: webpage.web_file(advice_record(case), marks(case))
        )
    return FileOffer(title, name, _word_type(), lambda: _word(advice_record(case), case))


def _dates(case: Case) -> Iterator[FileOffer]:
    from bot.documents import dates

    if dates.dates_for(case):
        title = case.phrases.say("file_dates")
        name = _name(case, "escalation_dates", "ics")
        yield FileOffer(title, name, dates.MEDIA, lambda: dates.calendar_file(case))


def mail_offer(case: Case, wanted: DraftRequest) -> FileOffer:
    """Return an e-mail as a file that mail programs open."""
    from bot.documents import mail

    length = LONGER if wanted.longer else None
    what = "_".join(filter(None, ("escalation_email", wanted.purpose, wanted.tone, length)))
    draft = write_draft(wanted, case.told, letters())
    title = "for_manager" if draft.sender else wanted.purpose
    return FileOffer(
        case.phrases.say(f"file_email_{title}"),
        _name(case, what, "eml"),
        mail.MEDIA,
        lambda: mail.mail_file(draft, _enclosed(case, draft)),
    )


def _enclosed(case: Case, draft: Draft) -> "Iterator[Attachment]":
    """Yield the forms that a message says go with it, filled in as far as they can be."""
    from bot.documents.mail import Attachment

    enclosed = {form.id for form in draft.enclosed}
    for id_, offer in _policy_forms(case):
        if id_ in enclosed:
            yield Attachment(offer.name, offer.type, offer.make())


def _next_mails(case: Case) -> Iterator[FileOffer]:
    """Yield the message that comes next, and what else is needed so that it reaches everybody.

    A manager who sends it is asked to, and the partnership gets the form that is for it.
    """
    first = write_draft(DraftRequest(Kind.email), case.told, letters())
    yield mail_offer(case, DraftRequest(Kind.email, first.purpose))
    wanted = {Purpose.manager: first.sender is not None, Purpose.partnership: True}
    written_to = {*first.to, *first.copy_to}
    for purpose in first.others:
        other = DraftRequest(Kind.email, purpose)
        if wanted.get(purpose) and not written_to >= {*write_draft(other, case.told, letters()).to}:
            yield mail_offer(case, other)


def _mails(case: Case) -> Iterator[FileOffer]:
    """Yield every e-mail that fits the case, in every tone and length."""
    first = write_draft(DraftRequest(Kind.email), case.told, letters())
    for purpose, tone, longer in product(
        (first.purpose, *first.others), (None, *Tone), (False, True)
    ):
        yield mail_offer(case, DraftRequest(Kind.email, purpose, tone, longer))


def marks(case: Case) -> Marks:
    """Return how open gaps are shown; the words say who requires them."""
    asked = "urgent" if case.urgent else "policy"
    return Marks(
        case.phrases.say("gap_open", label="{label}"),
        case.phrases.say(f"gap_required_{asked}", label="{label}"),
    )


def _word(page: Page, case: Case) -> bytes:
    from bot.documents import word

    return word.word_file(page, case.day, marks(case))


def _word_type() -> str:
    from bot.documents import word

    return word.MEDIA


def _name(case: Case, what: str, ending: str) -> str:
    """Return a file name with its kind and day; no part of it was typed by anybody."""
    return f"{slug(what)}-{case.day.isoformat()}.{ending}"
