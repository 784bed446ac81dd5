"""The context of a word of danger: denial, supposition, time, figures of speech, subjects."""

import re
from datetime import date, timedelta
from functools import cached_property, partial

from bot.understanding.account.dates import find_dates
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import Span, clauses, span_at

_words = partial(pattern, "context")
_YEARS_OLD_ENOUGH = timedelta(days=60)
_NEAR = 240
"""How many characters before a word of danger can deny it, or say that it is only a subject."""


def figures_removed(words: str) -> str:
    """Return the text with figures of speech blanked out, without changing its length."""
    return _words("figures").sub(lambda match: " " * len(match.group()), words)


def without_safe_now(words: str) -> str:
    """Return the text without "now" that tells of no danger at this moment.

    It only says where a child is by now ("in class now"), who is in safe hands ("with me as I
    type"), or what is not of this moment ("not immediate").
    """
    for name in ("not_at_once", "safe_now", "place_now"):
        words = _words(name).sub(" ", words)
    return words


class Sentence:
    """A sentence of a normal text. What it says around its words of danger is worked out once."""

    def __init__(self, words: str, span: Span, today: date) -> None:
        """Take the whole text too, since the next sentence can settle what this one tells."""
        self.words = words
        self.span = span
        self._today = today

    @cached_property
    def said(self) -> str:
        """The words of the sentence."""
        return self.words[self.span.start : self.span.end]

    @cached_property
    def _clauses(self) -> list[Span]:
        return list(clauses(self.words, self.span)) or [self.span]

    def denies(self, match: re.Match[str], *, within: bool) -> bool:
        """Say whether the match is denied, and the practitioner does not contradict the denial.

        `within`: a "not" inside the match denies it too, as in "she isn't being exploited".
        """
        if within and _words("inside_denied").search(match.group()):
            return True
        clause = span_at(self._clauses, match.start())
        start = max(clause.start, self.span.start, match.start() - _NEAR)
        before = self.words[start : match.start()]
        if _words("denied_belief").search(before):
            return not self._gainsaid(match)
        cues = list(_words("denial").finditer(before))
        if not cues:
            return False
        between = before[cues[-1].end() :]
        if _words("cannot_promise").search(before):
            return False
        if len(between.split()) > 6 or _words("denies_something_else").search(between):  # noqa: PLR2004
            return False
        return not self._gainsaid(match)

    def _gainsaid(self, match: re.Match[str]) -> bool:
        """Say whether the practitioner contradicts: "They say no bruises, but I saw them"."""
        end = min(len(self.words), self.span.end + 160, match.end() + _NEAR + 160)
        own = _words("own_eyes").search(self.words, match.end(), end)
        start = max(0, self.span.start, match.start() - _NEAR)
        reported = _words("who_says_not").search(self.words, start, match.start())
        return bool(own and reported)

    def supposes(self, match: re.Match[str]) -> bool:
        """Say whether the sentence is general or hypothetical, and not about a real child.

        "The stepfather hit a child, who do I tell?" is neither: the question comes after.
        """
        said = self.words[self.span.start : min(len(self.words), self.span.end + 1)]
        if _words("real_child").search(said):
            return False
        if _words("asked").search(said):
            return True
        at = match.start() - self.span.start
        return any(found.start() <= at for found in _words("asked_first").finditer(said))

    def names_subject(self, match: re.Match[str]) -> bool:
        """Say whether the words name a service, a course or a policy instead of an event."""
        if self._only_alleged:
            return True
        start = max(self.span.start, match.start() - _NEAR)
        around = self.words[start : min(self.span.end, match.end() + _NEAR)]
        called = _words("called").finditer(around)
        if any(call.start() <= match.start() - start <= call.end() for call in called):
            return True
        if _words("subject_after").match(self.words[match.end() : self.span.end]):
            return True
        before = self.words[start : match.start()]
        return bool(
            _words("registered_for").search(before) or _words("subject_before").search(before)
        )

    @cached_property
    def _only_alleged(self) -> bool:
        return bool(_words("alleged").search(self.said)) and not _words("now").search(self.said)

    def _clause_of(self, match: re.Match[str]) -> str:
        """Return the words of the clause in which a match begins."""
        clause = span_at(self._clauses, match.start())
        return self.words[clause.start : clause.end]

    def is_of_another_time(self, match: re.Match[str]) -> bool:
        """Say whether the clause of a match tells of a day before or after today.

        What is told beside it says nothing of it: "he is floppy, social care closed it last week".
        """
        own = self._clause_of(match)
        return any(_words(name).search(own) for name in ("time_ahead", "recent_day"))

    def is_past(self, match: re.Match[str], *, passed_on: bool = False) -> bool:
        """Say whether it is long ago or dealt with, and nothing says that it continues.

        `passed_on`: what was done to one girl is feared for the next, however long ago it was.
        """
        if not (self._long_ago or self._dealt):
            return False
        if passed_on and not self._dealt and _words("girl_next").search(self.words):
            return False
        own = self._clause_of(match)
        if _words("goes_on").search(_words("now_well").sub(" ", own)):
            return False
        return (self._long_ago and self._dealt) or not self._goes_on

    @cached_property
    def _long_ago(self) -> bool:
        return bool(_words("long_ago").search(self.said)) or self._old_date

    @cached_property
    def _dealt(self) -> bool:
        if not (_words("dealt_with").search(self.said) or self._dealt_next):
            return False
        return not (_words("not_accident").search(self.said) or self._only_others_say)

    @cached_property
    def _goes_on(self) -> bool:
        # "Now" in another clause is about the present: "he was hit as a baby, he's at uni now".
        rest = _words("just_now").sub(" ", _words("now_well").sub(" ", self.said))
        return bool(_words("goes_on").search(rest))

    @cached_property
    def _only_others_say(self) -> bool:
        """Whether only a parent or the other agency says that it was dealt with."""
        dealt = _words("dealt_with").search(self.said)
        return bool(dealt and _words("said_by_others").search(self.said, 0, dealt.start()))

    @cached_property
    def _dealt_next(self) -> bool:
        """Whether the next sentence settles it: "She was hit in May. That was dealt with"."""
        after = self.words[self.span.end + 1 : self.span.end + 80]
        return bool(
            re.match(r"\s*(?:that|it|this|all|dealt)\b", after)
            and _words("dealt_with").search(after)
        )

    @cached_property
    def _old_date(self) -> bool:
        found = find_dates(self.said, self._today)
        days = [*found.dates, *(item.latest for item in found.ranges)]
        return bool(days) and all(day < self._today - _YEARS_OLD_ENOUGH for day in days)

    @cached_property
    def when(self) -> str:
        """When it happens according to the sentence: now, recent or unknown."""
        if _words("now").search(_words("not_at_once").sub(" ", self.said)):
            return "now"
        return "recent" if _words("recent").search(self.said) else "unknown"

    @cached_property
    def at_once(self) -> bool:
        """Whether the sentence says outright that it happens now."""
        rest = without_safe_now(_words("now_well").sub(" ", self.said))
        return bool(_words("outright_now").search(rest))
