"""Who may check and who may sign a draft, and over what."""

from bot.keepers.desk.work import Seal, Work

# `digest` is that of all the draft says, as it now is (`loading.digest_of`).


def standing_check(work: Work, digest: str) -> Seal | None:
    """Return the fact-check, unless something changed after it."""
    return work.checked if work.checked and work.checked.digest == digest else None


def standing_signature(work: Work, digest: str) -> Seal | None:
    """Return the signature, unless something changed after it."""
    signed = work.signed
    return signed if signed and standing_check(work, digest) and signed.digest == digest else None


def why_not_sign(work: Work, digest: str, who: str, role: str) -> str | None:
    """Return why somebody may not sign in a role, as the name of a sentence; None if they may."""
    checked = standing_check(work, digest)
    if checked is None:
        return "not_checked"
    if _same(checked.who, who):
        return "same_person"
    if _same(checked.role, role):
        return "same_role"
    return None


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
