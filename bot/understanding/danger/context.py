"""The context of a word of danger: denial, supposition, time, figures of speech, subjects."""

import re
from datetime import date, timedelta
from functools import partial

from bot.understanding.account.dates import find_dates
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import Span, clauses, span_at

_words = partial(pattern, "context")
_YEARS_OLD_ENOUGH = timedelta(days=60)


def figures_removed(words: str) -> str:
    """Return the text with figures of speech blanked out, without changing its length."""
    return _words("figures").sub(lambda match: " " * len(match.group()), words)


def is_denied(words: str, sentence: Span, match: re.Match[str], *, within: bool) -> bool:
    """Say whether the match is denied, and the practitioner does not contradict the denial.

    `within`: a "not" inside the match denies it too, as in "she isn't being exploited".
    """
    clause = span_at(list(clauses(words, sentence)) or [sentence], match.start())
    before = words[max(clause.start, sentence.start) : match.start()]
    if within and _words("inside_denied").search(match.group()):
        return True
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
    """Say whether the practitioner contradicts: "They say no bruises, but I saw them"."""
    own = _words("own_eyes").search(words, match.end(), min(len(words), sentence.end + 160))
    reported = _words("who_says_not").search(words, max(0, sentence.start), match.start())
    return bool(own and reported)


def is_supposed(words: str, sentence: Span) -> bool:
    """Say whether the sentence is general or hypothetical, and not about a real child."""
    said = words[sentence.start : min(len(words), sentence.end + 1)]
    if not _words("asked").search(said):
        return False
    return not _words("real_child").search(said)


def is_subject(words: str, sentence: Span, match: re.Match[str]) -> bool:
    """Say whether the words name a service, a course or a policy instead of an event."""
    said = words[sentence.start : sentence.end]
    if _words("alleged").search(said) and not _words("now").search(said):
        return True
    if any(
        call.start() <= match.start() <= call.end() for call in _words("called").finditer(words)
    ):
        return True
    if _words("subject_after").match(words[match.end() : sentence.end]):
        return True
    if _words("registered_for").search(words[sentence.start : match.start()]):
        return True
    return bool(_words("subject_before").search(words[sentence.start : match.start()]))


def is_past(words: str, sentence: Span, match: re.Match[str], today: date) -> bool:
    """Say whether it is long ago or dealt with, and nothing says that it continues."""
    said = words[sentence.start : sentence.end]
    clause = span_at(list(clauses(words, sentence)) or [sentence], match.start())
    own = words[clause.start : clause.end]
    long_ago = bool(_words("long_ago").search(said)) or _old_date(said, today)
    dealt = bool(_words("dealt_with").search(said) or _dealt_next(words, sentence))
    if dealt and (_words("not_accident").search(said) or _only_said(said)):
        dealt = False
    if not (long_ago or dealt):
        return False
    if _words("goes_on").search(_words("now_well").sub(" ", own)):
        return False
    # "Now" in another clause is about the present: "he was hit as a baby, he's at uni now".
    rest = _words("just_now").sub(" ", _words("now_well").sub(" ", said))
    return (long_ago and dealt) or not _words("goes_on").search(rest)


def _only_said(said: str) -> bool:
    """Say whether only a parent or the other agency says that it was dealt with."""
    dealt = _words("dealt_with").search(said)
    return bool(dealt and _words("said_by_others").search(said, 0, dealt.start()))


def _dealt_next(words: str, sentence: Span) -> bool:
    """Say whether the next sentence settles it: "She was hit in May. That was dealt with"."""
    after = words[sentence.end + 1 : sentence.end + 80]
    return bool(
        re.match(r"\s*(?:that|it|this|all|dealt)\b", after) and _words("dealt_with").search(after)
    )


def _old_date(said: str, today: date) -> bool:
    found = find_dates(said, today)
    days = [*found.dates, *(item.latest for item in found.ranges)]
    return bool(days) and all(day < today - _YEARS_OLD_ENOUGH for day in days)


def when_said(words: str, sentence: Span) -> str:
    """Return when it happens according to its sentence: now, recent or unknown."""
    said = words[sentence.start : sentence.end]
    if _words("now").search(said):
        return "now"
    return "recent" if _words("recent").search(said) else "unknown"


def sounds_calm(words: str) -> bool:
    """Say whether a text without words of danger tells of things that go well or are over."""
    if _words("not_so").search(words):
        return not _words("own_eyes").search(words)
    return bool(_words("calm").search(words)) and not _words("still").search(words)
