"""What stands around a word of danger: denial, supposition, time, figures of speech, subjects."""

import re
from datetime import date, timedelta
from functools import partial

from bot.understanding.dates import find_dates
from bot.understanding.patterns import pattern
from bot.understanding.text import Span, around, clauses

_words = partial(pattern, "context")
_YEARS_OLD_ENOUGH = timedelta(days=60)


def figures_removed(words: str) -> str:
    """Return the text with figures of speech blanked out, every position kept."""
    return _words("figures").sub(lambda match: " " * len(match.group()), words)


def is_denied(words: str, sentence: Span, match: re.Match[str]) -> bool:
    """Say whether the match is said not to be so, by somebody the practitioner does not gainsay."""
    clause = around(list(clauses(words, sentence)) or [sentence], match.start())
    before = words[max(clause.start, sentence.start) : match.start()]
    if _words("denied_belief").search(before):
        return not _gainsaid(words, sentence, match)
    cues = list(_words("denial").finditer(before))
    if not cues:
        return False
    between = before[cues[-1].end() :]
    if _words("cannot_promise").search(before):
        return False
    if len(between.split()) > 6 or _words("denies_something_else").search(between):  # noqa: PLR2004
        return False
    return not _gainsaid(words, sentence, match)


def _gainsaid(words: str, sentence: Span, match: re.Match[str]) -> bool:
    """They say no bruises, but I saw them: the practitioner's own eyes count."""
    own = _words("own_eyes").search(words, match.end(), min(len(words), sentence.end + 160))
    reported = _words("who_says_not").search(words, max(0, sentence.start), match.start())
    return bool(own and reported)


def is_supposed(words: str, sentence: Span) -> bool:
    """Say whether the sentence is a general question or a supposition about no real child."""
    said = words[sentence.start : min(len(words), sentence.end + 1)]
    if not _words("asked").search(said):
        return False
    return not _words("real_child").search(said)


def is_subject(words: str, sentence: Span, match: re.Match[str]) -> bool:
    """Say whether the words name a service, a course or a policy and not an event."""
    said = words[sentence.start : sentence.end]
    if _words("alleged").search(said) and not _words("now").search(said):
        return True
    if any(
        call.start() <= match.start() <= call.end() for call in _words("called").finditer(words)
    ):
        return True
    if _words("subject_after").match(words[match.end() : sentence.end]):
        return True
    return bool(_words("subject_before").search(words[sentence.start : match.start()]))


def is_past(words: str, sentence: Span, match: re.Match[str], today: date) -> bool:
    """Say whether it is long ago or dealt with, and nothing says that it goes on."""
    said = words[sentence.start : sentence.end]
    clause = around(list(clauses(words, sentence)) or [sentence], match.start())
    own = words[clause.start : clause.end]
    long_ago = bool(_words("long_ago").search(said)) or _old_date(said, today)
    dealt = bool(_words("dealt_with").search(said) or _dealt_next(words, sentence))
    if dealt and _words("not_accident").search(said):
        dealt = False
    if not (long_ago or dealt):
        return False
    heard = own if long_ago and dealt else said
    return not _words("goes_on").search(_words("now_well").sub(" ", heard))


def _dealt_next(words: str, sentence: Span) -> bool:
    """Say whether the next sentence closes it: "She was hit in May. That was dealt with"."""
    after = words[sentence.end + 1 : sentence.end + 80]
    return bool(
        re.match(r"\s*(?:that|it|this|all|dealt)\b", after) and _words("dealt_with").search(after)
    )


def _old_date(said: str, today: date) -> bool:
    found = find_dates(said, today)
    days = [*found.dates, *(item.latest for item in found.ranges)]
    return bool(days) and all(day < today - _YEARS_OLD_ENOUGH for day in days)


def when_said(words: str, sentence: Span) -> str:
    """Return when it happens by the words of its sentence: now, recent or unknown."""
    said = words[sentence.start : sentence.end]
    if _words("now").search(said):
        return "now"
    return "recent" if _words("recent").search(said) else "unknown"


def sounds_calm(words: str) -> bool:
    """Say whether a text without any words of danger tells of things going well or long over."""
    return bool(_words("calm").search(words)) and not _words("still").search(words)


def sounds_menacing(words: str) -> bool:
    """Say whether a text holds a word that danger is often told with. Many harmless ones do too."""
    return bool(_words("menace").search(words))
