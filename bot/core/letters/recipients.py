"""The recipients of a message, and of copies for people the policy wants notified."""

from collections.abc import Iterable

import msgspec

from bot.core.letters.text import Letters
from bot.core.letters.values import LetterCase, StagedCase, agency_name
from bot.core.policy.model import Moment, Party, Policy
from bot.core.rules.duties import contacts_at
from bot.core.rules.results import Contact, Notify
from bot.core.vocabulary import Action, Agency, Level, Route


class Recipient(msgspec.Struct, frozen=True):
    """A role to write to. `address` is an e-mail address from the policy, else None."""

    role: str
    address: str | None = None


class Recipients(msgspec.Struct, frozen=True):
    """The "to" and "copy to" lines of a message."""

    to: tuple[Recipient, ...]
    copy_to: tuple[Recipient, ...] = ()


def counterpart(here: StagedCase, letters: Letters, *, copies: bool = True) -> Recipients:
    """Return the other agency's role at the stage, or the partnership's at the last stage.

    If a lower stage brings in the partnership, the message goes to it as well. Once the last stage
    has ended it goes to whomever the policy then refers it to, in each agency.
    """
    ended = here.advice.next.action is Action.record and here.advice.route is Route.staged
    named = ended and any(Moment.unresolved in role.when for role in here.at.roles)
    moment = Moment.unresolved if named else None
    contacts = contacts_at(here.at, here.facts, here.policy, moment)
    partnership = partnership_brought_in(here, letters)
    theirs = tuple(
        _at_agency(contact, letters)
        for contact in contacts
        if contact.party is Party.receiver or (named and contact.party is Party.raiser)
    )
    if here.at.level is Level.partnership:
        # Write to the people who pass it on, if the policy gives their address.
        to = tuple(recipient for recipient in partnership if recipient.address) or partnership
    else:
        to = theirs + partnership
    to = to or (Recipient(letters.words["their_side"]),)
    return Recipients(to, _copies(here, to, letters) if copies else ())


def who_raised_it(here: StagedCase, letters: Letters) -> Recipients:
    """Return the role on the raising side at the stage, for an answer. Nobody gets a copy."""
    theirs = tuple(
        _at_agency(contact, letters)
        for contact in contacts_at(here.at, here.facts, here.policy)
        if contact.party is Party.raiser
    )
    return Recipients(theirs or (Recipient(letters.words["who_raised_it"]),))


def partnership_brought_in(here: StagedCase, letters: Letters) -> tuple[Recipient, ...]:
    """Return the partnership's roles at the stage."""
    roles = [
        Recipient(contact.role, mail_address(contact.address))
        for contact in contacts_at(here.at, here.facts, here.policy)
        if contact.party is Party.partnership
    ]
    return _one_area(roles, here.policy, here.facts.area, letters)


def urgent_recipients(case: LetterCase, *, spoken: bool) -> Recipients:
    """Return whom to ring today, or whom to write to: roles without a number, own lead in copy."""
    contacts = case.advice.contacts
    if spoken:
        return Recipients(tuple(Recipient(contact.role) for contact in contacts))
    written = [
        contact for contact in contacts if contact.address is None or mail_address(contact.address)
    ]
    to, lead = (
        tuple(
            Recipient(recipient.role, mail_address(recipient.address))
            for recipient in written
            if recipient.party is who
        )
        for who in (Party.receiver, Party.raiser)
    )
    return Recipients(to, lead)


def own_manager(letters: Letters) -> Recipients:
    """Return the practitioner's own manager."""
    return Recipients((Recipient(letters.words["own_manager"]),))


def partnership_if_notified(here: StagedCase, letters: Letters) -> Recipients:
    """Return the partnership if the policy wants it notified now; else nobody."""
    told = [
        Recipient(notification.who, mail_address(notification.address))
        for notification in here.advice.notify
        if _is_partnership(notification, here.policy)
    ]
    return Recipients(_one_area(told, here.policy, here.facts.area, letters))


def mail_address(address: str | None) -> str | None:
    """Return the address if it is an e-mail address; None for a phone number or a page."""
    return address if address and "@" in address else None


def _is_partnership(told: Notify, policy: Policy) -> bool:
    names = {policy.partnership, *policy.names, *(area.name for area in policy.areas)}
    return told.who in names or (told.address is not None and told.address == policy.contact)


def _one_area(
    roles: Iterable[Recipient], policy: Policy, area: str | None, letters: Letters
) -> tuple[Recipient, ...]:
    """Return each role once; without a known area, do not guess whose it is."""
    found = tuple(dict.fromkeys(roles))
    if policy.areas and area is None and found:
        return (Recipient(letters.words["which_partnership"]),)
    return found


def _copies(here: StagedCase, to: tuple[Recipient, ...], letters: Letters) -> tuple[Recipient, ...]:
    """Return the people the policy wants notified, without the message's own recipients."""
    written = " ".join(recipient.role for recipient in to)
    partnership = partnership_if_notified(here, letters).to
    others = tuple(
        Recipient(notification.who, mail_address(notification.address))
        for notification in here.advice.notify
        if not _is_partnership(notification, here.policy)
    )
    return tuple(
        recipient
        for recipient in dict.fromkeys((*partnership, *others))
        if recipient.role not in written
    )


def _at_agency(contact: Contact, letters: Letters) -> Recipient:
    role = contact.role
    if contact.agency not in {None, Agency.other}:
        role = letters.say("role_at", role=role, agency=agency_name(contact.agency, letters))
    return Recipient(role, mail_address(contact.address))
