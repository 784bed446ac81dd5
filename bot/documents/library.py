"""The files that a case has. Each is made when it is fetched; none is kept."""

from collections.abc import Callable, Iterator
from itertools import chain

import msgspec

from bot.core.letters.drafting import DraftRequest, Kind, Tone, write_draft
from bot.core.vocabulary import Route
from bot.documents.case import Case
from bot.documents.filling import fill_form
from bot.documents.forms import forms, usable_templates
from bot.documents.page import Marks, Page
from bot.documents.plain import slug
from bot.documents.record import advice_record
from bot.letters.files import letters


class FileOffer(msgspec.Struct, frozen=True):
    """A file that can be made: its title in words, its file name and its media type."""

    title: str
    name: str
    type: str
    make: Callable[[], bytes]


def file_offers(case: Case) -> tuple[FileOffer, ...]:
    """Return the files on offer for the case, first those that the policy asks for."""
    return tuple(_offers(case))


def find_file(case: Case, name: str) -> FileOffer | None:
    """Return the file of the case with this name: one on offer, or an e-mail."""
    mails = () if case.advice.route is Route.exit else _mails(case)
    return next((offer for offer in chain(file_offers(case), mails) if offer.name == name), None)


def _offers(case: Case) -> Iterator[FileOffer]:
    exit_ = case.advice.route is Route.exit
    if not exit_:
        for template, title in _forms(case):
            yield _form(case, template, title)
    yield _advice(case, "docx")
    yield _advice(case, "html")
    yield from _dates(case)
    if not exit_:
        yield mail_offer(case, DraftRequest(Kind.email))


def _forms(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the file names and titles of the forms, the policy's own and then the guide's."""
    say = case.phrases.say
    if case.urgent:
        yield "urgent_record", say("file_urgent_record")
        return
    templates = usable_templates(case.policy, forms()) if case.policy else {}
    for form in case.advice.forms:
        template = templates.get(form.id)
        if template:
            yield template, say("file_form", name=form.name)
    yield "escalation_record", say("file_escalation_record")


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

    what = "_".join(filter(None, ("escalation_email", wanted.purpose, wanted.tone)))
    return FileOffer(
        case.phrases.say("file_email"),
        _name(case, what, "eml"),
        mail.MEDIA,
        lambda: mail.mail_file(write_draft(wanted, case.told, letters())),
    )


def _mails(case: Case) -> Iterator[FileOffer]:
    """Yield every e-mail that fits the case, in every tone."""
    first = write_draft(DraftRequest(Kind.email), case.told, letters())
    for purpose in (first.purpose, *first.others):
        for tone in (None, *Tone):
            yield mail_offer(case, DraftRequest(Kind.email, purpose, tone))


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
