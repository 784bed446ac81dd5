"""What is told of a child that changes who is told today, such as an ambulance needed."""

import re
from functools import partial

from bot.core.vocabulary import Harm
from bot.understanding.danger.red_flags import Flag, Flags
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "harms")
_AROUND = 60
"""So many letters before something can say whom it is about, or deny it."""
_OF = {
    **{str(harm): harm for harm in Harm},
    "failing_body": Harm.ambulance,
    "swallowed": Harm.ambulance,
}
"""The families of danger that tell of a harm."""


def find_harms(text: str, flags: Flags) -> tuple[Harm, ...]:
    """Return the harms among the urgent flags of a text, in the order of the list.

    A child whom the police know to be missing is no longer to be reported; nor is one who is yet
    to go.
    """
    words = normal(text)
    found = {_OF[flag.family] for flag in flags.urgent if flag.family in _OF}
    if Harm.missing in found and not _is_unreported(words, flags):
        found.discard(Harm.missing)
    if any(_needs_ambulance(flag, words) for flag in flags.urgent):
        found.add(Harm.ambulance)
    if _is_sent_home(words, flags):
        found.add(Harm.sent_home)
    return tuple(harm for harm in Harm if harm in found)


def is_held_or_leaving(text: str, flags: Flags) -> bool:
    """Say whether a girl who is to be married is locked in, or on her way, at this moment."""
    to_marry = any(flag.family == Harm.forced_marriage for flag in flags.urgent)
    return to_marry and bool(_words("held_or_leaving").search(normal(text)))


def _needs_ambulance(flag: Flag, words: str) -> bool:
    """Say whether an urgent flag tells of somebody who is badly hurt or ill, or of an ambulance."""
    if flag.when == "past" or pattern("context", "long_ago").search(normal(flag.heard)):
        return False
    hurt = _words("badly_hurt").search(normal(flag.heard))
    return bool(hurt or _words("ambulance").search(words))


def _is_sent_home(words: str, flags: Flags) -> bool:
    """Say whether a hospital is about to let a child go who is hurt."""
    hurt = any(flag.family in {"injury", "assault"} for flag in flags.urgent)
    return hurt and bool(_words("sends_home").search(words))


def _is_unreported(words: str, flags: Flags) -> bool:
    """Say whether a child is missing, and nothing says that the police were told."""
    heard = [normal(flag.heard) for flag in flags.urgent if flag.family == Harm.missing]
    said = [f"{_before(words, words.find(gone))} {gone}" for gone in heard]
    to_come = all(_words("still_to_come").search(one) for one in said)
    if to_come and not _words("already_gone").search(words):
        return False
    if all(_words("will_not_tell").search(words, max(0, words.find(gone))) for gone in heard):
        return False
    of_adults = all(map(_is_an_adult, said))
    told = any(
        not _said_before(words, match.start(), "nobody_told")
        for match in _words("police_know").finditer(words)
    )
    return not (of_adults or told)


def _is_an_adult(said: str) -> bool:
    return bool(_words("of_an_adult").search(said)) and not _words("of_a_child").search(said)


def _said_before(words: str, at: int, name: str) -> bool:
    return bool(_words(name).search(_before(words, at)))


def _before(words: str, at: int) -> str:
    """Return what stands before a place in its sentence."""
    return re.split(r"[.;!?]", words[max(0, at - _AROUND) : max(0, at)])[-1]
