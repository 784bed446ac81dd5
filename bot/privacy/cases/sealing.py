"""Sealing: what a case holds can be written by the server and read only with the case's code.

A key pair is made from the code. Its public half is stored, so that a case can be brought up to
date while nobody has the code at hand; its private half is nowhere. So whoever has the database
and the server's secret still has no case.
"""

import hashlib
import hmac

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

BLOCK = 1024
"""What is sealed is filled up to a multiple of this, so that its length says nothing."""


class WrongCode(Exception):
    """What was sealed was sealed for another code or reference, or has been changed."""


def fingerprint(code: str, secret: str) -> str:
    """The keyed hash under which a code's case is found."""
    return _keyed("find", secret, code).hex()


def public_key_for(code: str, secret: str, reference: str) -> bytes:
    """The public half of the key pair of a code's case: it closes and does not open."""
    return bytes(_private(code, secret, reference).public_key)


def seal(plain: bytes, public_key: bytes) -> bytes:
    """Close `plain`, which holds no final blanks, for the code whose public key it is."""
    filled = plain.ljust(-(-max(len(plain), 1) // BLOCK) * BLOCK)
    return SealedBox(PublicKey(public_key)).encrypt(filled)


def unseal(closed: bytes, code: str, secret: str, reference: str) -> bytes:
    """Open what was sealed for this code and reference; raises WrongCode."""
    try:
        return SealedBox(_private(code, secret, reference)).decrypt(closed).rstrip(b" ")
    except CryptoError:
        raise WrongCode("It does not open with this code.") from None


def _private(code: str, secret: str, reference: str) -> PrivateKey:
    """The reference is part of the key: a case moved to another row does not open."""
    return PrivateKey(_keyed("open", secret, f"{reference}\n{code}"))


def _keyed(use: str, secret: str, text: str) -> bytes:
    """Hash a text with a key for one use, so that one use's hashes say nothing of another's."""
    key = hmac.digest(secret.encode(), f"escalation guide case: {use}".encode(), hashlib.sha256)
    return hmac.digest(key, text.encode(), hashlib.sha256)
