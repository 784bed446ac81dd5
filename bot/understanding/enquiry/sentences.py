"""Split a message into sentences and find the questions in them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from bot.understanding.account.gazetteer import Gazetteer
from bot.understanding.account.places import without_places
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal, sentences

_words = partial(pattern, "enquiry")
MOST_WORDS = 40
"""A longer sentence tells a story, even if it begins like a question."""
SHORTEST = 3
"""A term of so many words is a question by itself if it has a question mark."""
FEWEST, MANY = 3, 14
"""A sentence with so many words may be a question although it does not begin like one."""


@dataclass(frozen=True)
class QuestionSentence:
    """A sentence with a question in it. `plain` is the same, as long, with places as "here".

    `opened`: it begins like a question, and does not only end with a question mark.
    """

    sentence: str
    plain: str
    told: slice
    question: slice
    opened: bool = True
    asks: bool = False
    """Whether what stands before it asks by itself: "we would like to know"."""

    @property
    def text(self) -> str:
        """The question in the form that the rules read."""
        return self.plain[self.question]

    @property
    def typed(self) -> str:
        """The question as it was typed."""
        return self.sentence[self.question]

    @property
    def whole(self) -> str:
        """The sentence from its first meaningful word."""
        return self.plain[self.told.start :]

    @property
    def before(self) -> str:
        """The part of the sentence before the question, as typed."""
        return self.sentence[self.told].strip(" ,-")

    @property
    def aside(self) -> list[str]:
        """The parts of the question after a comma, unless it is hypothetical."""
        if _words("hypothetical").search(self.text):
            return []
        return self.text.split(",")[1:]


def may_hold_question(text: str) -> bool:
    """Say whether a message may hold a question. This is quick, and errs on the side of yes."""
    found = list(questions_by_sentence(normal(text), None))
    alone = len(found) == 1 and may_be_question(found[0][0], marked="?" in text)
    return alone or any(asked for _, asked in found)


def may_be_question(sentence: str, *, marked: bool) -> bool:
    """Say whether a sentence may be a question although it does not begin like one."""
    told = not marked and _words("statement").search(sentence)
    return FEWEST <= len(sentence.split()) <= MANY and not told


def questions_by_sentence(
    words: str, places: Gazetteer | None
) -> Iterator[tuple[str, QuestionSentence | None]]:
    """Yield each sentence of a normal text, with the question in it, if any."""
    for span in sentences(words):
        sentence = words[span.start : span.end].strip()
        marked = words[span.end :].lstrip(" .!")[:1] == "?"
        yield sentence, _question(sentence, places, marked=marked)


def whole_as_question(sentence: str, places: Gazetteer, start: int = 0) -> QuestionSentence:
    """Return a sentence, from `start` on, as one question."""
    plain = without_places(sentence, places)
    return QuestionSentence(sentence, plain, slice(start, start), slice(start, None))


def _question(sentence: str, places: Gazetteer | None, *, marked: bool) -> QuestionSentence | None:
    """Find the question in a sentence: at its beginning, after an introduction, or later."""
    plain = without_places(sentence, places) if places else sentence
    lead = _words("lead").match(plain)
    start = lead.end() if lead else 0
    text = plain[start:]
    if not text or len(text.split()) > MOST_WORDS or _words("telling").search(text):
        return None
    all_of_it = QuestionSentence(sentence, plain, slice(start, start), slice(start, None))
    opened = _words("opener").search(text) or (marked and _words("marked_opener").search(text))
    if lead and _words("asks_for").search(lead.group()):
        return replace(all_of_it, asks=True)
    if opened or _words("terse").search(text):
        return all_of_it
    later = _words("asked_later").search(text)
    if later and not _words("telling").search(text[later.end() :]):
        told = slice(start, start + later.start())
        unsure = _words("unsure").search(plain[told])
        return (
            None
            if unsure
            else QuestionSentence(sentence, plain, told, slice(start + later.end(), None))
        )
    answer = _words("answers_too").search(text) or _words("stage_alone").search(text)
    short = len(text.split()) <= SHORTEST and not answer
    if marked and (short or _words("marked").search(text)):
        return replace(all_of_it, opened=False)
    return None
