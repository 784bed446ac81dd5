"""A draft as a file for a mail program: read back by the standard library's own parser."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import product

import msgspec
import pytest

from bot.core.letters.drafting import (
    ANSWERS,
    DraftRequest,
    Kind,
    Purpose,
    Tone,
    write_draft,
)
from bot.core.rules.facts import Person, Step
from bot.core.vocabulary import Level, Outcome, Risk, Route, Side
from bot.documents.case import Case
from bot.documents.library import FileOffer, file_offers, find_file, mail_offer
from bot.documents.mail import mail_file
from bot.letters.files import letters
from tests.support.core import IDS
from tests.support.documents import DAY, RAISED, case, every_case


def parse_mail(offer: FileOffer | None) -> EmailMessage:
    """Return a message as a mail program reads it."""
    assert offer is not None
    message = message_from_bytes(offer.make(), _class=EmailMessage, policy=default)
    assert message.defects == []
    return message


def every_draft_request(found: Case) -> list[DraftRequest]:
    """Return every message that fits a case, in every tone."""
    first = write_draft(DraftRequest(Kind.email), found.told, letters())
    return [
        DraftRequest(Kind.email, purpose, tone)
        for purpose in (first.purpose, *first.others)
        for tone in Tone
    ]


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_a_mail_is_the_draft_that_was_shown_to_whom_it_is_for(partnership: str) -> None:
    """Subject, text, and both lines above it, for every case, purpose and tone."""
    for named, found in every_case(partnership):
        if found.advice.route is Route.exit:
            continue
        for wanted in every_draft_request(found):
            shown = write_draft(wanted, found.told, letters())
            message = parse_mail(mail_offer(found, wanted))
            assert message["Subject"] == shown.subject, named
            body = message.get_body()
            assert body is not None
            assert body.get_content().split() == shown.body.split(), named
            attached = [part.get_filename() for part in message.iter_attachments()]
            assert len(attached) == len(shown.enclosed), named
            assert bool(attached) is ("attach" in shown.body.lower()), named
            for line, roles in (("To", shown.to), ("Cc", shown.copy_to)):
                header = message[line]
                addresses = {address.addr_spec for address in header.addresses} if header else set()
                assert addresses == {role.address for role in roles if role.address}, named
                groups = header.groups if header else ()
                assert len(groups) == len(roles), named
            assert message["X-Unsent"] == "1"
            assert message["From"] is None


def test_hackneys_last_stage_is_written_to_the_partnerships_own_address() -> None:
    """The set e-mail goes where the policy says, and not to the contact above it."""
    levels = (Level.practitioner, Level.line_manager, Level.senior_manager)
    steps = [Step(level, RAISED, Outcome.unresolved) for level in levels]
    found = case("city_and_hackney", *steps)
    assert found.advice.next.to_stage == 4
    assert find_file(found, f"escalation-email-manager-{DAY}.eml")
    message = parse_mail(find_file(found, f"escalation-email-partnership-{DAY}.eml"))
    assert [address.addr_spec for address in message["To"].addresses] == ["chscp@hackney.gov.uk"]


def test_a_role_without_an_address_is_shown_and_cannot_be_sent_to() -> None:
    """It is a group without members: the name is there, and no address is made up."""
    message = parse_mail(find_file(case("kent"), f"escalation-email-counterpart-{DAY}.eml"))
    assert message["To"].addresses == ()
    assert all(group.display_name for group in message["To"].groups)


@pytest.mark.parametrize("dash", ["\u2013", "\u2019", "\u00e9", "\u2026", "\u201c"])
def test_a_subject_with_typed_marks_is_plain_text(dash: str) -> None:
    """An encoded word would be longer than the 75 characters of RFC 2047."""
    draft = write_draft(DraftRequest(Kind.email), case("kent").told, letters())
    long = msgspec.structs.replace(draft, subject=f"Stage 3 {dash} " + "a child and a plan " * 8)
    head = mail_file(long).partition(b"\r\n\r\n")[0]
    assert b"=?" not in head
    head.decode("ascii")


def test_the_manager_is_asked_and_gets_the_message_that_they_send() -> None:
    """Both are files, so that the one can be passed on with the other."""
    talked = Step(Level.practitioner, RAISED, Outcome.unresolved)
    names = [one.name for one in file_offers(case("pan_dorset", talked))]
    assert f"escalation-email-counterpart-{DAY}.eml" in names
    assert f"escalation-email-manager-{DAY}.eml" in names
    assert f"escalation-email-manager-{DAY}.eml" not in [
        one.name for one in file_offers(case("pan_dorset"))
    ]


@pytest.mark.long
def test_every_message_is_found_by_its_name_and_no_other_is() -> None:
    """What fits can be fetched in any tone and length; what does not fit has no file."""
    late = case("pan_dorset", Step(Level.practitioner, DAY.replace(month=10), Outcome.awaiting))
    owed = case(
        "kent", Step(Level.line_manager, DAY, Outcome.awaiting), me=Person(side=Side.receiver)
    )
    for found in (late, owed):
        for wanted, longer in product(every_draft_request(found), (False, True)):
            shown = write_draft(
                msgspec.structs.replace(wanted, longer=longer), found.told, letters()
            )
            assert parse_mail(find_file(found, mail_offer(found, shown.request).name))
    titles = {mail_offer(owed, DraftRequest(Kind.email, answer)).title for answer in ANSWERS}
    assert len(titles) == len(ANSWERS)
    urgent = case("pan_dorset", risk=Risk.immediate_harm)
    manager = mail_offer(urgent, DraftRequest(Kind.email, Purpose.manager))
    assert find_file(urgent, manager.name) is None
    assert find_file(late, f"escalation-email-counterpart-cross-{DAY}.eml") is None
