"""A draft as a file that mail programs open as an unsent message."""

import unicodedata
from collections.abc import Iterable
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

import msgspec

from bot.core.letters.drafting import Draft
from bot.core.letters.recipients import Recipient
from bot.documents.plain import clean_text, one_line

MEDIA = "message/rfc822"
WHOLE_HEADERS = SMTP.clone(max_line_length=998)
"""Headers on one line: Python folds long quoted names, and programs then read in a space.

So every header is plain text: an encoded word may have 75 characters and no more (RFC 2047).
"""
TYPED = str.maketrans({"’": "'", "‘": "'", "–": "-", "…": "...", "“": "'", "”": "'", '"': "'"})
LONGEST_NAME = 200


class Attachment(msgspec.Struct, frozen=True):
    """A file that goes with a message, and its media type."""

    name: str
    type: str
    content: bytes


def mail_file(draft: Draft, attachments: Iterable[Attachment] = ()) -> bytes:
    """Return the draft as the bytes of an .eml, addressed to the roles it is for.

    It has no sender, date or message id: the program that sends it adds its own.
    """
    message = EmailMessage(policy=SMTP)
    # Mail programs open a message with this header for editing.
    message["X-Unsent"] = "1"
    if draft.to:
        message["To"] = [mail_recipient(recipient) for recipient in draft.to]
    if draft.copy_to:
        message["Cc"] = [mail_recipient(recipient) for recipient in draft.copy_to]
    message["Subject"] = _plain(draft.subject or "")
    message.set_content(clean_text(draft.body) + "\n", charset="utf-8", cte="quoted-printable")
    for one in attachments:
        main, _, sub = one.type.partition("/")
        message.add_attachment(one.content, main, sub, filename=one.name)
    if message.is_multipart():
        # The same case gives the same file: by default the line between parts is random.
        message.set_boundary(sha256(draft.body.encode()).hexdigest()[:32])
    return message.as_bytes(policy=WHOLE_HEADERS)


def mail_recipient(recipient: Recipient) -> Address | Group:
    """Return a recipient as a mail header holds it.

    A role without an address becomes a group without members: the header is valid and shows the
    role, but no program can send to it until somebody replaces it with an address.
    """
    role = _plain(recipient.role)[:LONGEST_NAME].strip()
    if recipient.address:
        return Address(role, addr_spec=recipient.address)
    return Group(role, ())


def _plain(text: str) -> str:
    """Return a line in ASCII, which every program shows without decoding."""
    ascii_only = unicodedata.normalize("NFKD", one_line(text).translate(TYPED))
    return ascii_only.encode("ascii", "ignore").decode().strip()
