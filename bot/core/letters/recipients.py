"""The recipients of a message, and of copies for people the policy wants notified."""

import re
from collections.abc import Iterable

import msgspec

from bot.core.letters.case import LetterCase, StagedCase
from bot.core.letters.text import Letters
from bot.core.letters.values import agency_name
from bot.core.policy.model import Moment, Party, Policy
from bot.core.rules.duties import contacts_at, roles_at, stands_on
from bot.core.rules.results import Contact
from bot.core.vocabulary import Action, Agency, Level, Route, Side

LONGEST_NAME = 8
"""Words: a longer role explains more than it names, so the post alone is the recipient's name."""


class Recipient(msgspec.Struct, frozen=True):
    """A post to write to. `address` is an e-mail address from the policy, else None.

    `about` is the policy's own description, where it says more than the post.
    """

    role: str
    address: str | None = None
    about: str | None = None


class Recipients(msgspec.Struct, frozen=True):
    """The "to" and "copy to" lines of a message.

    `asked_to` is what the policy has them do, and `section` where it says so, where they act in
    place of the other agency. `referred`: the policy refers what is left unsettled to them.
    """

    to: tuple[Recipient, ...]
    copy_to: tuple[Recipient, ...] = ()
    asked_to: str | None = None
    section: str | None = None
    referred: bool = False


def counterpart(here: StagedCase, letters: Letters, *, copies: bool = True) -> Recipients:
    """Return whoever the policy says acts at the stage: the other agency's post, if nobody else."""
    asked = asked_people(here, letters)
    if asked:
        return asked
    contacts = contacts_at(here.at, here.facts, here.policy)
    party = Party.partnership if here.at.level is Level.partnership else Party.receiver
    named = tuple(_at_agency(contact, letters) for contact in contacts if contact.party is party)
    if party is Party.partnership:
        named = _one_area(named, here.policy, here.facts.area, letters)
        # Write to the people who pass it on, if the policy gives their address.
        named = tuple(recipient for recipient in named if recipient.address) or named
    to = named or (Recipient(letters.words["their_side"]),)
    return Recipients(to, _copies(here, to) if copies else ())


def who_raised_it(here: StagedCase, letters: Letters) -> Recipients:
    """Return the role on the raising side at the stage, for an answer. Nobody gets a copy."""
    theirs = tuple(
        _at_agency(contact, letters)
        for contact in contacts_at(here.at, here.facts, here.policy)
        if contact.party is Party.raiser
    )
    return Recipients(theirs or (Recipient(letters.words["who_raised_it"]),))


def asked_people(here: StagedCase, letters: Letters) -> Recipients | None:
    """Return whoever the policy has act at the stage in place of the other agency, or None.

    Once the stage has ended, those whom the policy then refers it to. People of the raiser's own
    side come first: they take it to the others.
    """
    ended = here.advice.next.action is Action.record and here.advice.route is Route.staged
    later = ended and any(Moment.unresolved in role.when for role in here.at.roles)
    if here.advice.route is Route.resolved or (ended and not later and not here.at.ends):
        return None
    moment = Moment.unresolved if later else None
    raised = here.facts.as_raised
    themselves = stands_on(here.at, here.facts.me.level)
    found = [
        (role, agency)
        for party, agency in (
            (Party.raiser, raised.my_agency),
            (Party.receiver, raised.their_agency),
            (Party.partnership, None),
        )
        for role in roles_at(here.at, party, agency, raised, moment)
        if role.asked_to and not (themselves and role.party == (Party.raiser,))
    ]
    if not found:
        return None
    first = found[0][0]
    to = tuple(
        _named(
            role.role,
            role.post,
            None if role.party == (Party.raiser,) else agency,
            role.address,
            letters,
            partnership=Party.partnership in role.party,
        )
        for role, agency in found
        if role.asked_to == first.asked_to
    )
    if Party.partnership in first.party:
        to = _one_area(to, here.policy, here.facts.area, letters)
    return Recipients(to, asked_to=first.asked_to, section=first.source, referred=later)


def sender_at(here: StagedCase) -> str | None:
    """Return the post that sends a message at the stage, or None where it is the person's own.

    Where managers talk to managers, the message goes out in the manager's name.
    """
    if here.at.level in {Level.practitioner, Level.partnership}:
        return None
    if here.facts.me.side is Side.receiver or stands_on(here.at, here.facts.me.level):
        return None
    if here.advice.next.action is Action.record and here.advice.route is Route.staged:
        # Policies do not say who refers what remains.
        return None
    own = [
        role
        for role in roles_at(here.at, Party.raiser, here.facts.my_agency, here.facts)
        if not role.asked_to
    ]
    return " / ".join(dict.fromkeys(role.post or role.role for role in own)) or None


def comes_first(here: StagedCase) -> str | None:
    """Return what the policy wants done before the stage, for whoever has to ask their own side.

    None for those who take it there themselves, and where nothing comes before.
    """
    below = [stage for stage in here.policy.stages if stage.number < here.at.number]
    if here.advice.next.action is not Action.escalate or not below:
        return None
    if stands_on(below[-1], here.facts.me.level):
        return None
    return next((one.first for one in here.at.conditions if one.first), None)


def urgent_recipients(case: LetterCase, *, spoken: bool) -> Recipients:
    """Return whom to ring today, or whom to write to: roles without a number, own lead in copy."""
    contacts = case.advice.contacts
    if spoken:
        return Recipients(tuple(Recipient(contact.role) for contact in contacts))
    written = [
        contact for contact in contacts if contact.address is None or mail_address(contact.address)
    ]
    to, lead = (
        tuple(_short(recipient) for recipient in written if recipient.party is who)
        for who in (Party.receiver, Party.raiser)
    )
    return Recipients(to, lead)


_EXPLAINS = re.compile(r"\s*(?:[:;]|,\s+(?:or|who|such as|which)\b)")
"""Where a role goes on to say when it acts, or who stands in: no part of a recipient's name."""


def _short(contact: Contact) -> Recipient:
    """Return a post as a mail header can name it, with the policy's own words beside it."""
    name, *_ = _EXPLAINS.split(contact.post or contact.role)
    about = contact.role.removeprefix(name).lstrip(":;, ") or None
    name = name.removeprefix("Your ").strip()
    name = f"{name[0].upper()}{name[1:]}"
    return Recipient(name, mail_address(contact.address), about)


def own_manager(letters: Letters) -> Recipients:
    """Return the practitioner's own manager."""
    return Recipients((Recipient(letters.words["own_manager"]),))


def partnership_if_notified(here: StagedCase, letters: Letters) -> Recipients:
    """Return the partnership if the policy wants it notified now, or sent a form; else nobody."""
    told = [
        Recipient(notification.who, mail_address(notification.address))
        for notification in here.advice.notify
        if not notification.carried
        and _is_partnership(notification.who, notification.address, here.policy)
    ]
    sent = [
        Recipient(form.send_to, mail_address(form.address))
        for form in here.advice.forms
        if form.send_to in _names(here.policy)
    ]
    return Recipients(_one_area((*told, *sent), here.policy, here.facts.area, letters))


def mail_address(address: str | None) -> str | None:
    """Return the address if it is an e-mail address; None for a phone number or a page."""
    return address if address and "@" in address else None


def _names(policy: Policy) -> set[str]:
    return {policy.partnership, *policy.names, *(area.name for area in policy.areas)}


def _is_partnership(who: str, address: str | None, policy: Policy) -> bool:
    return who in _names(policy) or (address is not None and address == policy.contact)


def _one_area(
    roles: Iterable[Recipient], policy: Policy, area: str | None, letters: Letters
) -> tuple[Recipient, ...]:
    """Return each role once; without a known area, do not guess whose it is."""
    found = tuple(dict.fromkeys(roles))
    if policy.areas and area is None and found:
        return (Recipient(letters.words["which_partnership"]),)
    return found


def _copies(here: StagedCase, to: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    """Return those the policy has copied in, without the message's own recipients.

    Nobody else gets a copy: one's own colleagues are told apart, and so is the partnership.
    """
    copied = {note.who for stage in here.policy.stages for note in stage.notify if note.copied}
    written = " ".join(recipient.role for recipient in to)
    found = dict.fromkeys(
        Recipient(note.who, mail_address(note.address))
        for note in here.advice.notify
        if note.who in copied and not note.carried
    )
    return tuple(recipient for recipient in found if recipient.role not in written)


def _at_agency(contact: Contact, letters: Letters) -> Recipient:
    return _named(
        contact.role,
        contact.post,
        contact.agency,
        contact.address,
        letters,
        partnership=contact.party is Party.partnership,
    )


def _says_no_more(role: str, name: str) -> bool:
    """Say whether a role in the policy's words has none that the recipient's name lacks."""
    return set(re.findall(r"\w+", role.casefold())) - {"another"} <= set(
        re.findall(r"\w+", name.casefold())
    )


def _named(
    role: str,
    post: str | None,
    agency: Agency | None,
    address: str | None,
    letters: Letters,
    *,
    partnership: bool,
) -> Recipient:
    """Return a recipient named by post; which of several partnerships it is stands in the role."""
    short = partnership and len(role.split()) <= LONGEST_NAME
    name = role if short else post or role
    name = f"{name[0].upper()}{name[1:]}"
    if agency not in {None, Agency.other}:
        name = letters.say("role_at", role=name, agency=agency_name(agency, letters))
    about = None if short or _says_no_more(role, name) else role
    return Recipient(name, mail_address(address), about)
