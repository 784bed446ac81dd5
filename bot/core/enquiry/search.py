"""Finds what a policy says about somebody or something, in its own statements.

There is no list of bodies and posts: the words of an enquiry find whoever a policy names in its
roles, notifications, forms or sentences, and nobody else.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from bot.core.cards.card import CardItem
from bot.core.enquiry.lines import Lines, with_stage_label
from bot.core.policy.model import Policy, Stage
from bot.core.policy.remembered import once_per_policy
from bot.core.vocabulary import Word

_WORD = re.compile(r"[a-z0-9]+")
_LISTED = """
a about all an and any anything are at be by can could do does for from have has how i if in is it
me my of on or our out person people policy role say says should tell than that the their them there
they thing this to under us was we what when where which who whom whos will with would you your
"""
COMMON = frozenset(_LISTED.split())
"""Words that do not help a search."""
_NAMING = ("role", "who", "title", "name", "send_to", "partnership")
"""The keys of a policy file that hold the name of a body, a post or a form."""
_SAYING = ("what", *_NAMING)
"""The keys of a policy file that hold text to search."""
_PLURAL = 3
"""Longer words than this lose their plural "s"."""


def words_of(text: str) -> list[str]:
    """Return the words of a text to search for, each as its stem."""
    plain = text.casefold().replace("'", "").replace("’", "")
    return [_stem(word) for word in _WORD.findall(plain) if word not in COMMON]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > _PLURAL and word.endswith("s") and word[-2] != "s" else word


@once_per_policy
def policy_words(policy: Policy) -> frozenset[str]:
    """Return every word that a policy uses, except places."""
    return _used(policy, _SAYING)


@once_per_policy
def named_in(policy: Policy) -> frozenset[str]:
    """Return every word in the names of the bodies, posts and forms of a policy."""
    return _used(policy, _NAMING)


def _used(policy: Policy, keys: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    left: list[object] = [msgspec.to_builtins(policy)]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            said = [part[name] for name in keys if isinstance(part.get(name), str)]
            found.update(word for text in said for word in words_of(text))
            left += part.values()
        elif isinstance(part, list | tuple):
            left += part
    return frozenset(found)


class Closeness(Word):
    """How a line may match an enquiry, the closest match first."""

    phrase = "phrase"
    all_words = "all_words"


def find_lines(queries: Sequence[str], lines: Lines, closeness: Closeness) -> list[CardItem]:
    """Return the lines that match any of the queries, those that name somebody first.

    The first query is the typed text; only this may match more loosely than word by word.
    """
    wanted = [words for query in queries if (words := words_of(query))]
    if closeness is not Closeness.phrase:
        wanted = [words for query in queries[:1] if (words := words_of(query))]
    found: dict[CardItem, None] = {}
    for item in _lines(lines):
        words = words_of(item.text)
        if any(_holds(words, query, closeness) for query in wanted):
            found.setdefault(item)
    return list(found)


def _holds(words: list[str], query: list[str], closeness: Closeness) -> bool:
    if closeness is not Closeness.phrase:
        return set(query) <= set(words)
    *first, last = query
    length = len(first)
    return any(
        words[at : at + length] == first
        # "Partner rep" is short for "partner representative".
        and (words[at + length] == last or (bool(first) and words[at + length].startswith(last)))
        for at in range(len(words) - length)
    )


def not_stated_about(
    policy: Policy, stages: Sequence[Stage], about: re.Pattern[str], lines: Lines
) -> list[CardItem]:
    """Return what the stages and the policy do not state about a subject."""
    silences = [duty for stage in stages for duty in stage.not_stated] + list(policy.not_stated)
    return [lines.statement(silence) for silence in silences if about.search(silence.what)]


def _lines(lines: Lines) -> Iterator[CardItem]:
    """Yield every line of a policy: people and bodies first, what is not stated last."""
    policy = lines.policy
    for piece in (_posts, _told, _forms, _limits, _sentences):
        for stage in policy.stages:
            yield from with_stage_label(piece(stage, lines), stage, lines.phrases)
    for rule in policy.urgent:
        yield from lines.notifications(rule.notify)
        yield lines.cited(rule.what, rule.source)
    yield from lines.duties([*policy.every_stage, *policy.when_resolved])
    for part in (policy.remaining, policy.learning, policy.support, policy.principles):
        yield from lines.statements(part)
    yield from lines.statements(policy.triggers)
    for area in policy.own_areas:
        yield lines.cited(area.what, area.source)
    for other in policy.other_procedures:
        yield lines.cited(other.what, other.source)
    for stage in policy.stages:
        yield from lines.duties(stage.not_stated)
    yield from lines.statements(policy.not_stated)


def _posts(stage: Stage, lines: Lines) -> list[CardItem]:
    return lines.roles(stage)


def _told(stage: Stage, lines: Lines) -> list[CardItem]:
    return lines.notifications(stage.notify)


def _forms(stage: Stage, lines: Lines) -> list[CardItem]:
    return lines.forms(stage.forms)


def _limits(stage: Stage, lines: Lines) -> list[CardItem]:
    return [lines.limit(limit) for limit in (*stage.to_begin, *stage.to_answer, *stage.to_close)]


def _sentences(stage: Stage, lines: Lines) -> list[CardItem]:
    said = [lines.cited(stage.what, stage.source), *lines.statements(stage.conditions)]
    return [*said, *lines.duties([*stage.guidance, *stage.records])]
