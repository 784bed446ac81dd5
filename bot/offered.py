"""The policies that practitioners are offered: signed ones, and drafts only where allowed.

A file that is wrong leaves its own policy out, or as it last was; it does not stop the others.
Keepers see every file; `advise`, `documents` and `policies` read them all.
"""

import logging
import os
from collections.abc import Mapping
from functools import cache

from bot.clock import today
from bot.core.policy.library import Library
from bot.core.policy.loader import keep_sound_files, load_sound_library
from bot.core.policy.model import Policy
from bot.paths import POLICIES, SOUND_POLICIES

DRAFTS = "ESCALATION_GUIDE_DRAFTS"
YES = {"1", "yes", "true", "on"}


class NothingOfferedError(ValueError):
    """No policy is signed, and drafts are not allowed."""


log = logging.getLogger(__name__)


@cache
def offered_library() -> Library:
    """Return the offered policies, read once. Raises PolicyError or NothingOfferedError."""
    offered = _loaded(drafts=drafts_allowed())
    for problem in offered.left_out:
        log.error("A policy file is wrong, and what it says now is not used. %s", problem)
    try:
        keep_sound_files(POLICIES, SOUND_POLICIES)
    except OSError as error:
        log.warning("Copies of the policy files could not be kept: %s.", error.strerror)
    if not offered.newest():
        msg = (
            f"No policy in {POLICIES.name}/ is signed, so practitioners would be offered none. "
            "Have one signed (policies/README.md), or allow drafts: python -m bot run --drafts, "
            f"or {DRAFTS}=yes."
        )
        raise NothingOfferedError(msg)
    return offered


def whole_library() -> Library:
    """Return all policies, signed or not."""
    return _loaded(drafts=True)


def _loaded(*, drafts: bool) -> Library:
    return load_sound_library(POLICIES, drafts=drafts, kept=SOUND_POLICIES)


def offered_policies() -> dict[str, Policy]:
    """Return the policies offered today, each in the version that is in force."""
    return offered_library().on(today())


def drafts_allowed(environment: Mapping[str, str] = os.environ) -> bool:
    """Say whether policies that no partnership has signed may be offered."""
    return environment.get(DRAFTS, "").strip().lower() in YES


def allow_drafts() -> None:
    """Offer drafts too, in this process and those it starts."""
    os.environ[DRAFTS] = "yes"
