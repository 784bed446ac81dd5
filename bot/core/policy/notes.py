"""Notes on a valid policy file: details that a keeper should check. A note stops nothing."""

from collections.abc import Iterator
from datetime import date

import msgspec

from bot.core.policy.limits import Found
from bot.core.policy.model import Moment, Notification, Party, Policy, Role, Stage, Status
from bot.core.policy.sense import FILL_IN
from bot.core.policy.signing import changed_since_approved
from bot.core.text import shorten
from bot.core.vocabulary import Level

REVIEW_DAYS = 90
"""How many days before a review its keeper is told of it."""
LONGEST_GAP = 160
"""Letters of a placeholder that a note repeats: it says what to look for."""


def notes(policy: Policy, today: date) -> Iterator[Found]:
    """Yield what the file's keeper should check, each with its key."""
    yield from _review(policy, today)
    yield from _approval(policy, today)
    left = list(_left_to_fill_in(policy))
    if left and policy.status is Status.draft:
        for key, said in left:
            yield key, "your own words", shorten(said, LONGEST_GAP)
    for at, stage in enumerate(policy.stages):
        yield from _bound(f"stages[{at}]", stage)
        yield from _forgotten_areas(f"stages[{at}]", stage, policy)


def _review(policy: Policy, today: date) -> Iterator[Found]:
    """Tell of a review that has passed or is near."""
    document = policy.document
    if document.retired and document.retired <= today:
        expected = "a policy that holds; the guide goes on, and says first that this one does not"
        yield "document.retired", expected, f"{document.retired}, which has passed"
    if document.next_review and document.next_review < today:
        expected = "a review that is still to come; the guide goes on, and says so"
        yield "document.next_review", expected, f"{document.next_review}, which has passed"
    elif document.next_review and (document.next_review - today).days <= REVIEW_DAYS:
        days = (document.next_review - today).days
        expected = f"a review prepared in time: it is told {REVIEW_DAYS} days before"
        yield "document.next_review", expected, f"{document.next_review}, in {days} days"


def _approval(policy: Policy, today: date) -> Iterator[Found]:
    """Tell of an approval that does not hold, or cannot be seen to."""
    for name in ("signed", "fact_checked"):
        done = getattr(policy, name)
        if done and done.day > today:
            yield f"{name}.day", "a day up to today", str(done.day)
    for name in ("fact_checked", "signed"):
        done = getattr(policy, name)
        if changed_since_approved(policy) and done:
            expected = "the content that was approved; until it is approved again it is a draft"
            yield name, expected, f"another content than on {done.day}"
        elif done and done.digest is None:
            expected = "the digest of what was approved, so that a later change is noticed"
            yield f"{name}.digest", expected, "no such key"


def unfinished(policy: Policy) -> Iterator[Found]:
    """Yield placeholders of the template left in a file that claims to be checked."""
    if policy.status is not Status.draft:
        for key, _ in _left_to_fill_in(policy):
            yield key, f"words of your own in a file that is {policy.status.value}", "FILL IN"
        read = [("not_read", policy.not_read)]
        read += [
            (f"stages[{at}].not_read", stage.not_read) for at, stage in enumerate(policy.stages)
        ]
        for key, left in read:
            if left:
                expected = f"nothing in a file that is {policy.status.value}: read it first"
                yield key, expected, left[0].what


def _left_to_fill_in(policy: Policy) -> Iterator[tuple[str, str]]:
    left: list[tuple[str, object]] = list(msgspec.to_builtins(policy).items())
    while left:
        key, value = left.pop(0)
        if isinstance(value, str) and FILL_IN in value:
            yield key, value
        elif isinstance(value, dict):
            left = [(f"{key}.{name}", inner) for name, inner in value.items()] + left
        elif isinstance(value, list | tuple):
            left = [(f"{key}[{at}]", inner) for at, inner in enumerate(value)] + left


def _bound(key: str, stage: Stage) -> Iterator[Found]:
    """Find limits on a party that has no role at this stage."""
    described = {party for role in stage.roles for party in role.party}
    if {Party.raiser, Party.receiver} <= described:
        described.add(Party.both)
    if stage.level is Level.practitioner:
        described |= {Party.raiser, Party.receiver, Party.both}
    for at, limit in enumerate(stage.to_answer):
        if limit.who not in described:
            expected = f"a post in `roles` with the party {limit.who.value}"
            yield f"{key}.to_answer[{at}].who", expected, "none at this stage"


def _forgotten_areas(key: str, stage: Stage, policy: Policy) -> Iterator[Found]:
    """Find a member area without an entry although all others have one."""
    members = {area.id for area in policy.member_areas()}
    if not members:
        return
    for name in ("notify", "roles"):
        parts: tuple[Notification | Role, ...] = getattr(stage, name)
        for moment in Moment:
            held = [
                part
                for part in parts
                if part.applies.area and moment in getattr(part, "when", (Moment.raised,))
            ]
            missing = members - {area for part in held for area in part.applies.area}
            if held and missing:
                expected = f"an entry for each area {moment.value}, or one for all"
                yield f"{key}.{name}", expected, f"none for {', '.join(sorted(missing))}"
