"""A draft as a file that a mail program opens as a message still to be sent."""

import unicodedata
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP

from bot.core.letters.drafting import Draft
from bot.core.letters.recipients import Recipient
from bot.documents.plain import clean_text, one_line

MEDIA = "message/rfc822"
WHOLE_HEADERS = SMTP.clone(max_line_length=998)
"""Python breaks a long quoted name in two and programs read a blank into it: one line each."""
TYPED = str.maketrans({"’": "'", "‘": "'", "–": "-", "…": "...", "“": "'", "”": "'", '"': "'"})
LONGEST_NAME = 200


def mail_file(draft: Draft) -> bytes:
    """Return the draft as the bytes of an .eml, addressed to the roles it is for.

    It has no sender, date or number: the program that sends it adds its own.
    """
    message = EmailMessage(policy=SMTP)
    # Mail programs open what is marked so for writing, not for reading.
    message["X-Unsent"] = "1"
    if draft.to:
        message["To"] = [mail_recipient(one) for one in draft.to]
    if draft.copy_to:
        message["Cc"] = [mail_recipient(one) for one in draft.copy_to]
    message["Subject"] = one_line(draft.subject or "")
    message.set_content(clean_text(draft.body) + "\n", charset="utf-8", cte="quoted-printable")
    return message.as_bytes(policy=WHOLE_HEADERS)


def mail_recipient(recipient: Recipient) -> Address | Group:
    """Return one of those a draft goes to.

    A role without an address is a group without members: a valid line that shows the role, and
    that no program can send to until somebody puts an address in its place.
    """
    role = _name(recipient.role)
    if recipient.address:
        return Address(role, addr_spec=recipient.address)
    return Group(role, ())


def _name(role: str) -> str:
    """Return a role in plain ASCII, which every program shows without decoding it."""
    ascii_only = unicodedata.normalize("NFKD", one_line(role).translate(TYPED))
    return ascii_only.encode("ascii", "ignore").decode()[:LONGEST_NAME].strip()
