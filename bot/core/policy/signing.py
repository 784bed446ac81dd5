"""What a signature covers: the digest of everything a policy file says.

It shows a change that somebody made without thinking of the signature. It is no secret: whoever may
write the file could also write the digest anew.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec

from bot.core.policy.model import Policy, SignOff, Status

APPROVAL = frozenset({"status", "fact_checked", "signed"})
"""The keys of a file that say who approved it. The digest covers all others."""


def content_digest(plain: Mapping[str, Any]) -> str:
    """Return the digest of a file's values, the same for any order of keys and any layout."""
    covered = {key: value for key, value in plain.items() if key not in APPROVAL}
    text = json.dumps(covered, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def with_valid_approval(policy: Policy, plain: object) -> Policy:
    """Return the policy as a draft where a digest shows that its content changed since."""
    approved = policy.status is not Status.draft and isinstance(plain, Mapping)
    if not approved or not _changed_since(policy, plain):
        return policy
    return msgspec.structs.replace(policy, status=Status.draft)


def _changed_since(policy: Policy, plain: Any) -> bool:
    given: list[SignOff | None] = [policy.fact_checked, policy.signed]
    digests = {done.digest for done in given if done and done.digest}
    return bool(digests) and digests != {content_digest(plain)}


def changed_since_approved(policy: Policy) -> bool:
    """Whether a loaded policy was checked or signed before its content changed."""
    approved = policy.signed or policy.fact_checked
    return bool(approved and approved.digest) and policy.status is Status.draft
