"""Sealing: what a case holds can be written by the server and read only with the case's code.

A key pair is made from the code. Its public half is stored, so that a case can be brought up to
date while nobody has the code at hand; its private half is nowhere. So whoever has the database
and the server's secret still has no case.
"""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BLOCK = 1024
"""What is sealed is filled up to a multiple of this, so that its length says nothing."""
_KEY = 32
# Every sealing has a key of its own, so that the number used once may be the same each time.
_NONCE = bytes(12)


class WrongCode(Exception):
    """What was sealed was sealed for another code, or has been changed."""


def fingerprint(code: str, secret: str) -> str:
    """The keyed hash under which a code's case is found."""
    return hmac.new(_key_for("find", secret), code.encode(), hashlib.sha256).hexdigest()


def public_key_for(code: str, secret: str) -> bytes:
    """The public half of the code's key pair: it closes and does not open."""
    return _private(code, secret).public_key().public_bytes_raw()


def seal(plain: bytes, lock: bytes, about: str) -> bytes:
    """Close `plain`, which holds no final blanks, for the code whose lock it is.

    `about` is not sealed but bound to it: with another one it does not open.
    """
    once = X25519PrivateKey.generate()
    mine = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(lock))
    filled = plain.ljust(-(-max(len(plain), 1) // BLOCK) * BLOCK)
    closed = ChaCha20Poly1305(_derived(shared, mine + lock)).encrypt(_NONCE, filled, about.encode())
    return mine + closed


def unseal(closed: bytes, code: str, secret: str, about: str) -> bytes:
    """Open what was sealed for this code; raises NotOpened."""
    private = _private(code, secret)
    theirs, rest = closed[:_KEY], closed[_KEY:]
    lock = private.public_key().public_bytes_raw()
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
        key = _derived(shared, theirs + lock)
        return ChaCha20Poly1305(key).decrypt(_NONCE, rest, about.encode()).rstrip(b" ")
    except (InvalidTag, ValueError):
        raise WrongCode("It does not open with this code.") from None


def _private(code: str, secret: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(_derived(code.encode(), _key_for("open", secret)))


def _derived(material: bytes, salt: bytes) -> bytes:
    return HKDF(SHA256(), _KEY, salt, b"escalation guide case").derive(material)


def _key_for(use: str, secret: str) -> bytes:
    """A key for one use only, so that the server's secret signs and hashes with different ones."""
    return hmac.new(secret.encode(), f"escalation guide: {use}".encode(), hashlib.sha256).digest()
